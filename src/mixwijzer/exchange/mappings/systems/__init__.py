"""Profiles of source systems, as YAML; a package so that they ship in the wheel."""
