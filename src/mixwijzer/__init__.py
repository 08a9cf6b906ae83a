"""Mixwijzer: balance in every complex and neighbourhood, home by home."""

__version__ = "0.1.0"
