"""Keep a page of the documentation that is written from the program itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["kept"]


def kept(path: Path, text: str, arguments: Sequence[str]) -> int:
    """Write a page; with `check` say by the exit code [0 or 1] whether it lags behind."""
    if list(arguments) == ["check"]:
        return int(not path.is_file() or path.read_text(encoding="utf-8") != text)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return 0
