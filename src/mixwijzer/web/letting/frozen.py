"""Write values down so that they come back exactly, and two equal values give equal bytes.

An advice is stored with everything it was made from. The text says of every value what it is, so
it can be read without knowing in advance; only classes of the engine are read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import ModuleType
from typing import Any

__all__ = ["Frozen"]


class Frozen:
    """Writes and reads the dataclasses and enumerations of some modules."""

    def __init__(self, *modules: ModuleType) -> None:
        self._kinds: dict[str, type] = {
            name: each
            for module in modules
            for name, each in vars(module).items()
            if isinstance(each, type) and (is_dataclass(each) or issubclass(each, Enum))
        }

    def dump(self, value: object) -> str:
        """Write a value as one line of JSON; equal values give equal lines."""
        return json.dumps(self._plain(value), separators=(",", ":"), ensure_ascii=False)

    def load(self, text: str) -> Any:  # noqa: ANN401 (whatever was written)
        """Read what `dump` wrote."""
        return self._built(json.loads(text))

    def _plain(self, value: object) -> object:
        if isinstance(value, Enum):
            return {"$": "enum", "of": self._name(value), "is": value.value}
        if is_dataclass(value) and not isinstance(value, type):
            named = {each.name: self._plain(getattr(value, each.name)) for each in fields(value)}
            return {"$": "value", "of": self._name(value), "is": named}
        if isinstance(value, Mapping):
            pairs = [[self._plain(key), self._plain(each)] for key, each in value.items()]
            return {"$": "map", "is": pairs}
        if isinstance(value, (tuple, list)):
            return [self._plain(each) for each in value]
        return _scalar(value)

    def _name(self, value: object) -> str:
        name = type(value).__name__
        if self._kinds.get(name) is not type(value):
            raise TypeError(f"{type(value)} can't be written down: it is no class of the engine")
        return name

    def _built(self, plain: Any) -> Any:  # noqa: ANN401 (whatever was written)
        if isinstance(plain, list):
            return tuple(self._built(each) for each in plain)
        if not isinstance(plain, dict):
            return plain
        inside = plain["is"]
        if plain["$"] == "enum":
            return self._kinds[plain["of"]](inside)
        if plain["$"] == "value":
            named = {name: self._built(each) for name, each in inside.items()}
            return self._kinds[plain["of"]](**named)
        if plain["$"] == "map":
            return {self._built(key): self._built(each) for key, each in inside}
        return _SCALARS[plain["$"]](inside)


_SCALARS: Mapping[str, Any] = {
    "date": date.fromisoformat,
    "moment": datetime.fromisoformat,
    "decimal": Decimal,
}


def _scalar(value: object) -> object:
    if isinstance(value, datetime):
        return {"$": "moment", "is": value.isoformat()}
    if isinstance(value, date):
        return {"$": "date", "is": value.isoformat()}
    if isinstance(value, Decimal):
        return {"$": "decimal", "is": str(value)}
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    raise TypeError(f"{type(value)} can't be written down")
