"""Commands for who looks after the installation."""
