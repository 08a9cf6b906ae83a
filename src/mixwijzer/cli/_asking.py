"""What is asked on the command line: the options that commands share, and what they settle."""

from __future__ import annotations

import io
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from mixwijzer.cli._files import folder, sound
from mixwijzer.cli._group import chosen_language, say
from mixwijzer.cli._screen import Screen

if TYPE_CHECKING:
    from mixwijzer.exchange.catalogue import Language
    from mixwijzer.exchange.inquiry import Inquiry


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(text) from None


def _known_language(text: str | None) -> str | None:
    if text not in {None, "nl", "en"}:
        raise typer.BadParameter(text)
    return text


def date_option(name: str, help_: str) -> object:
    """Return an option that takes a day."""
    return typer.Option(f"--{name}", parser=_day, metavar="DATE", help=say(f"option.{help_}"))


Source = Annotated[Path, typer.Argument(metavar="SOURCE", help=say("option.source"))]
Json = Annotated[bool, typer.Option("--json", help=say("option.json"))]
Language_ = Annotated[
    str | None,
    typer.Option(
        "--language", metavar="nl|en", callback=_known_language, help=say("option.language")
    ),
]
Day = Annotated[date | None, date_option("day", "day")]
Known = Annotated[date | None, date_option("known", "known")]
OwnNorms = Annotated[Path | None, typer.Option("--norms", metavar="DIR", help=say("option.norms"))]
Scheme = Annotated[str | None, typer.Option("--scheme", metavar="NAME", help=say("option.scheme"))]
Target = Annotated[Path, typer.Argument(metavar="PATH", help=say("option.path"))]
Force = Annotated[bool, typer.Option("--force", help=say("option.force"))]
Scope = Annotated[str | None, typer.Option("--scope", metavar="CODE", help=say("option.scope"))]
Kind = Annotated[str, typer.Option("--kind", metavar="KIND", help=say("option.kind"))]


def screen_of(command: str, language: str | None, as_json: bool) -> Screen:
    """Return where a command speaks; a character that a terminal lacks never stops it."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        if as_json:
            sys.stdout.reconfigure(encoding="utf-8")
        else:
            sys.stdout.reconfigure(errors="replace")
    spoken = cast("Language", language) if language else chosen_language()
    return Screen(command=command, language=spoken, as_json=as_json)


def inquiry_of_files(
    screen: Screen,
    source: Path,
    norms: Path | None,
    *,
    day: date | None,
    known: date | None,
    scheme: str | None = None,
) -> Inquiry:
    """Read, and settle what is asked."""
    from mixwijzer.exchange.answers import inquiry_of

    own = folder(norms)
    portfolio = sound(screen, source)
    return inquiry_of(portfolio, norms=own, day=day, known=known, scheme=scheme)
