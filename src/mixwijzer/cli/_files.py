"""The files of a command: what it reads, what it writes, and why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mixwijzer.cli._screen import Screen
from mixwijzer.engine.errors import PortfolioError

if TYPE_CHECKING:
    from mixwijzer.engine.portfolio import Portfolio
    from mixwijzer.exchange.answers import Stock
    from mixwijzer.exchange.findings import Finding

__all__ = ["folder", "numbers", "sound", "stock_of", "write", "writing"]


def folder(norms: Path | None) -> Path | None:
    """Return a folder of own norms that is there."""
    if norms is not None and not norms.is_dir():
        raise PortfolioError("path_missing", str(norms))
    return norms


def write(portfolio: Portfolio, path: Path, *, force: bool, note: str = "") -> None:
    """Write a portfolio where nothing is lost by it."""
    from mixwijzer.exchange import tables

    with writing(path, force=force):
        tables.write(portfolio, path, note=note)


@contextmanager
def writing(path: Path, *, force: bool) -> Iterator[None]:
    """Write where nothing is lost by it, or say why not."""
    taken = path.exists() and not (path.is_dir() and not any(path.iterdir()))
    if taken and not force:
        raise PortfolioError("path_taken", str(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise PortfolioError("path_unwritable", str(path), reason=error.strerror or "") from None


def stock_of(source: Path) -> Stock:
    """Read a folder or workbook that is there."""
    from mixwijzer.exchange.answers import Stock

    if not source.exists():
        raise PortfolioError("path_missing", str(source))
    return Stock.of(source)


def sound(screen: Screen, source: Path) -> Portfolio:
    """Return a portfolio that can be used, with a word about what is odd in it."""
    stock = stock_of(source)
    portfolio = stock.sound()
    warnings = numbers(stock.reading.findings)["warnings"]
    if warnings:
        screen.note(screen.say("check.warned", warnings=warnings, source=str(source)))
    return portfolio


def numbers(findings: tuple[Finding, ...]) -> dict[str, int]:
    """Count findings by how bad they are."""
    found = Counter(each.severity.name for each in findings)
    return {
        "errors": found["ERROR"],
        "warnings": found["WARNING"],
        "notes": found["NOTE"],
    }
