"""What a command shows: overviews and sentences on stdout, notes and progress on stderr."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import textwrap
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from mixwijzer.cli._group import WRONG_USE
from mixwijzer.engine.errors import AccountError, AllocationError, MixwijzerError, ProfileError
from mixwijzer.exchange.catalogue import Language, sentence

if TYPE_CHECKING:
    from mixwijzer.exchange.printing import Sheet

__all__ = ["FINDINGS", "Screen", "peak_memory"]

FINDINGS = 1

T = TypeVar("T")

_MOST_STYLED = 500  # rows; a longer table is printed plainly, also on a terminal
_EVERY = 0.2  # between two signs of progress [s]
_STYLES = {
    "no_room": "bold red",
    "ask_first": "yellow",
    "tight": "cyan",
    "room": "green",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Where one command speaks, in which language, as text or as a document."""

    command: str
    language: Language
    as_json: bool = False

    def say(self, code: str, **facts: object) -> str:
        """Return a sentence of the command line."""
        return sentence(f"commands.{code}", self.language, **facts)

    def lines(self, lines: Iterable[str]) -> None:
        """Print sentences; on a terminal folded to its width."""
        for line in lines:
            typer.echo(_folded(line) if sys.stdout.isatty() else line)

    def note(self, text: str) -> None:
        """Print beside the answer."""
        typer.echo(text, err=True)

    def sheet(self, sheet: Sheet) -> None:
        """Print an overview."""
        from mixwijzer.exchange.tabular import laid_out

        if sys.stdout.isatty() and len(sheet.rows) <= _MOST_STYLED:
            self._styled(sheet)
            return
        for line in laid_out(sheet.headings, sheet.rows, right=sheet.right):
            typer.echo(line)

    def document(self, document: dict[str, Any]) -> None:
        """Print a document."""
        self.pieces([json.dumps(document, ensure_ascii=False, indent=2), "\n"])

    def pieces(self, pieces: Iterable[str]) -> None:
        """Print the text of a document as it comes."""
        for piece in pieces:
            sys.stdout.write(piece)
        sys.stdout.flush()

    def progress(self, items: Iterable[T], total: int, what: str) -> Iterator[T]:
        """Yield items; on a terminal say on stderr how far it is."""
        shown = sys.stderr.isatty()
        told = 0.0
        for number, item in enumerate(items, 1):
            if shown and time.perf_counter() - told > _EVERY:
                told = time.perf_counter()
                sys.stderr.write(f"\r{self.say(f'progress.{what}')} {number}/{total} ")
                sys.stderr.flush()
            yield item
        if shown:
            sys.stderr.write("\r" + " " * 60 + "\r")

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Turn what can't be answered into sentences and an exit code."""
        try:
            yield
        except MixwijzerError as error:
            self.trouble(error)
            raise typer.Exit(exit_code(error)) from None
        except BrokenPipeError:
            # Whoever reads has seen enough; what Python still holds may go nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit from None

    def trouble(self, error: MixwijzerError) -> None:
        """Say what is wrong, with everything behind it."""
        from mixwijzer.exchange.documents import trouble_document
        from mixwijzer.exchange.wording import error_text

        if self.as_json:
            findings = getattr(error, "findings", ())
            self.document(trouble_document(self.command, error, self.language, findings))
        self.note(error_text(error, self.language))

    def _styled(self, sheet: Sheet) -> None:
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        words = {
            sentence(f"words.verdict.{name}", self.language): style
            for name, style in _STYLES.items()
        }
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        for heading, right in zip(sheet.headings, sheet.right, strict=True):
            table.add_column(Text(heading), justify="right" if right else "left")
        for row in sheet.rows:
            table.add_row(*(Text(cell, style=words.get(cell, "")) for cell in row))
        Console(highlight=False).print(table)


def exit_code(error: MixwijzerError) -> int:
    """Return 1 for what is wrong in the input, 2 for what can't be asked."""
    of_input = isinstance(error, ProfileError | AccountError | AllocationError) or hasattr(
        error, "findings"
    )
    return FINDINGS if of_input else WRONG_USE


def peak_memory() -> int:
    """Return the most memory that this process has held [MB]; 0 where the system doesn't say."""
    # Linux counts what the process that started this one held into ru_maxrss, but not into VmHWM.
    told = Path("/proc/self/status")
    held = re.search(r"\bVmHWM:\s+(\d+) kB", told.read_text("ascii") if told.exists() else "")
    if held:
        return int(held[1]) // 1024
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak // (1024 * 1024 if sys.platform == "darwin" else 1024))


def _folded(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    width = shutil.get_terminal_size().columns
    return "\n".join(textwrap.wrap(line, width, subsequent_indent=indent)) or line
