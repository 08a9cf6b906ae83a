"""What did somebody type, or a link carry? Text from outside, as a value."""

from __future__ import annotations

import uuid

__all__ = ["identity", "line", "whole"]


def whole(text: str, *, most: int, otherwise: int = 0) -> int:
    """Return a whole number of at most so many digits, or what stands for none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= most else otherwise


def identity(text: str) -> uuid.UUID:
    """Return an identity; for what isn't one, one that nothing has."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()


def line(text: str) -> str:
    """Return what can be typed of a text; PostgreSQL refuses a zero byte, and nobody means one."""
    return "".join(each for each in text if each.isprintable()).strip()
