"""What happened, told so that nobody can quietly tell it differently later."""
