"""An advice as bytes, every bit of every figure included, for comparing two of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any


def plain(value: Any) -> Any:
    """Dataclasses as mappings, floats as hexadecimal: nothing is lost, nothing is rounded."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, Mapping):
        return [[plain(key), plain(item)] for key, item in value.items()]
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return value.hex()
    return str(value) if isinstance(value, date | Decimal) else value


def written(value: Any) -> bytes:
    """The bytes of a result."""
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":")).encode()
