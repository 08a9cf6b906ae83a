"""What a template may call; every page has these without loading them."""

from __future__ import annotations

from django.template import Library

register = Library()
