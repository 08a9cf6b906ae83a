"""What is wrong with a file, where exactly, and how bad: data, never a sentence.

A finding names file, sheet, row, column and value, and carries a code with its figures. The
catalogues (`catalogues/findings.nl.yaml`, `.en.yaml`) hold, per code, the trouble and the way out.
A value that should not have been in the file is never carried along, not even here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from mixwijzer.engine.errors import Fact

__all__ = ["MOST_ALIKE", "Finding", "Findings", "Severity", "shortened"]

MOST_ALIKE = 100
"""Findings of one code in one column that are listed one by one; the rest is a number."""

_LONGEST_VALUE = 80


class Severity(IntEnum):
    """How bad a finding is. An error keeps the file out, a warning does not."""

    NOTE = 0
    WARNING = 1
    ERROR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to repair or to know; `row` counts from 1 as a spreadsheet does.

    Parameters
    ----------
    code
        Which trouble, in snake_case; the key of its sentences in the catalogues.
    severity
        Whether the file is refused for it.
    file, sheet, row, column
        Where; each None when it is about something larger.
    value
        What stands there, shortened; None for what may not be repeated.
    facts
        The figures that its sentences name.
    """

    code: str
    severity: Severity = Severity.ERROR
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(slots=True)
class Findings:
    """The findings of one reading, in the order met; many alike become one number."""

    _listed: list[Finding] = field(default_factory=list)
    _alike: Counter[tuple[str, Severity, str | None, str | None, str | None]] = field(
        default_factory=Counter
    )

    def add(self, finding: Finding) -> None:
        """Keep a finding; beyond `MOST_ALIKE` of its kind only its number."""
        kind = (finding.code, finding.severity, finding.file, finding.sheet, finding.column)
        self._alike[kind] += 1
        if self._alike[kind] <= MOST_ALIKE:
            self._listed.append(finding)

    def __iter__(self) -> Iterator[Finding]:
        yield from self._listed
        for (code, severity, file, sheet, column), number in self._alike.items():
            if number > MOST_ALIKE:
                yield Finding(
                    code="more_alike",
                    severity=severity,
                    file=file,
                    sheet=sheet,
                    column=column,
                    facts={"more": number - MOST_ALIKE, "of": code},
                )

    def has_errors(self) -> bool:
        """Whether anything keeps the file out."""
        return any(kind[1] is Severity.ERROR for kind in self._alike)


def shortened(value: object) -> str:
    """Return a cell as a finding may show it: one line, not too long.

    >>> shortened("een regel" + chr(10) + "en nog een")
    'een regel en nog een'
    """
    shown = (sign if sign.isprintable() or sign.isspace() else "�" for sign in str(value)[:1_000])
    line = " ".join("".join(shown).split())
    return line if len(line) <= _LONGEST_VALUE else line[: _LONGEST_VALUE - 1] + "…"
