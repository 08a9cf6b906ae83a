"""Django's own commands that look after the whole installation, and say so to the database."""
