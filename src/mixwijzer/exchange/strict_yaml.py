"""What does this YAML file say, exactly as it was written?

YAML 1.1 turns `0.1` into a float, `no` into false, `1:30` into ninety and lets a second key
overwrite the first. Here a number with a point is a `Decimal`, only `true` and `false` are
switches, and a key that stands twice is an error. Nothing but plain data can be built.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["YamlError", "read_yaml"]

# libyaml's parser is five times as fast; not every Python has it.
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_KINDS = (
    ("bool", r"true|false", "tf"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "0123456789"),
    ("null", r"~|null|", ("~", "n", "")),
    ("merge", r"<<", "<"),
)


class YamlError(ValueError):
    """The file isn't YAML, or says something twice; `line` counts from 1, 0 when not known."""

    def __init__(self, trouble: str, line: int) -> None:
        super().__init__(f"line {line}: {trouble}")
        self.trouble, self.line = trouble, line


class _StrictLoader(_Loader):  # type: ignore[valid-type, misc]
    """Safe loading with exact numbers and unique keys."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


for _tag, _pattern, _first in _KINDS:
    _StrictLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_first)
    )


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    """Build a mapping, refusing a key that stands twice and the merge key."""
    built: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if key_node.tag == "tag:yaml.org,2002:merge":
            raise YamlError("<<", line)
        key = loader.construct_object(key_node, deep=True)
        if isinstance(key, dict | list) or key in built:
            raise YamlError(str(key), line)
        built[key] = loader.construct_object(value_node, deep=True)
    return built


def _date(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> date:
    try:
        return date.fromisoformat(loader.construct_scalar(node))
    except ValueError:
        raise YamlError(node.value, node.start_mark.line + 1) from None


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping)
_StrictLoader.add_constructor("tag:yaml.org,2002:timestamp", _date)
_StrictLoader.add_constructor(
    "tag:yaml.org,2002:float", lambda loader, node: Decimal(loader.construct_scalar(node))
)


def read_yaml(path: Path) -> object:
    """Return the data of one YAML file: mappings, lists, text, int, Decimal, bool, date, None.

    Raises
    ------
    YamlError
        When the file isn't UTF-8 or YAML, names a key twice or a day that doesn't exist.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506 - safe
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        trouble = getattr(error, "problem", None) or type(error).__name__
        raise YamlError(trouble, mark.line + 1 if mark else 0) from error
    except UnicodeDecodeError as error:
        raise YamlError(error.reason, 0) from error
