"""Measurements: importable code without a framework, one `run` per file."""
