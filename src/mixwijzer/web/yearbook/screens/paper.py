"""How does the sheet of a quarter stand in a document that somebody can work on?"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from mixwijzer.exchange.papers import Block, Grid, Heading, Paper, Paragraph
from mixwijzer.web.ui.components import DataTable, Link, ReasonLine
from mixwijzer.web.yearbook.screens.quarter import QuarterScreen

__all__ = ["quarter_paper"]


def quarter_paper(screen: QuarterScreen) -> Paper:
    """Turn a sheet into a document: the same figures and sentences, without drawings."""
    blocks = (*_promised(screen), *_let(screen))
    return Paper(title=screen.title, about=screen.about, blocks=blocks)


def _promised(screen: QuarterScreen) -> Iterator[Block]:
    """Yield the first page."""
    if screen.promises is None:
        return
    yield from _table(screen.promises)
    yield Heading(text=_("How it goes, and why"))
    for promise in screen.reached:
        yield from (_said(said, promise.title) for said in promise.says)
    if screen.menu:
        yield from _table(screen.menu)
    for each in screen.feasible:
        yield Heading(text=_("Does it hold together?"))
        yield from (_said(said) for said in each.in_short)
    yield Heading(text=_("A paragraph for the council"))
    yield Paragraph(text=screen.council)


def _let(screen: QuarterScreen) -> Iterator[Block]:
    """Yield the second page."""
    if screen.work:
        yield Heading(text=_("How homes were let"), level=1)
    for figure in screen.work:
        words = map(str, (figure.value, figure.unit, figure.note))
        yield Paragraph(title=str(figure.label), text=" ".join(filter(None, words)))
    if screen.others:
        yield from _table(screen.others)
    for said in screen.says:
        yield Paragraph(title=str(said.title), text=str(said.text))


def _said(said: ReasonLine, title: str = "") -> Paragraph:
    text = ". ".join(filter(None, [str(said.title), str(said.text)]))
    return Paragraph(title=title, text=text)


def _table(table: DataTable) -> Iterator[Block]:
    yield Heading(text=str(table.caption))
    numeric = [column.numeric for column in table.columns]
    yield Grid(
        head=tuple(str(column.label) for column in table.columns),
        rows=tuple(tuple(_plain(cell) for cell in row) for row in table.rows),
        numeric=numeric.index(True) if any(numeric) else len(numeric),
    )


def _plain(cell: object) -> str:
    return str(cell.label if isinstance(cell, Link) else cell)
