"""Options of a passkey and the drawing of a code, for the templates of logging in."""

from __future__ import annotations

import json

from django.conf import settings
from django.template import Library
from django.utils.safestring import SafeString, mark_safe

register = Library()


@register.filter
def as_json(value: object) -> str:
    """Write options down for an attribute; the template escapes them."""
    return json.dumps(value)


@register.filter
def drawn(svg: str) -> SafeString:
    """Put the drawing that we made ourselves on the page."""
    return mark_safe(svg)  # noqa: S308 # made by qrcode from black squares, holds no text


@register.simple_tag
def own_log_in() -> str:
    """Return what the organisation's own log-in is called; empty when there is none."""
    name: str = settings.OIDC_NAME
    return name
