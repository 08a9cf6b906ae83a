"""What did somebody type or send, or a link carry? What comes from outside, as a value."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["SizedFile", "identity", "line", "whole"]


class SizedFile(forms.FileField):
    """A file of at most so many bytes; `too_large` says what to do with a larger one."""

    def __init__(self, *, most: int, too_large: str | Promise, **named: Any) -> None:
        messages = {"required": _("Choose a file first."), **named.pop("error_messages", {})}
        super().__init__(error_messages=messages, **named)
        self.most, self.too_large = most, too_large

    def clean(self, data: Any, initial: Any = None) -> Any:  # noqa: ANN401 (as of any field)
        """Refuse what is too large, with the field's other troubles."""
        file: UploadedFile[Any] = super().clean(data, initial)
        if file and (file.size or 0) > self.most:
            raise forms.ValidationError(str(self.too_large))
        return file


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
