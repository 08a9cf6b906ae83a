"""How does a sheet become a document: Word to work on, or PDF to hand out?

A `Paper` is what stands on a sheet, without looks: headings, paragraphs, tables. `word` writes it
with the styles of Word itself, so that a municipality can lay it in its own template; `pdf` writes
it as PDF/UA-1, tagged for who has it read aloud, equal bytes for equal sheets. In both, tables
repeat their head on a next page and the language is set.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import Table as WordTable
    from docx.text.paragraph import Paragraph as WordParagraph

    from mixwijzer.exchange.catalogue import Language

__all__ = ["Block", "Grid", "Heading", "Paper", "Paragraph", "makes_pdf", "pdf", "word"]

LOCALES = {"nl": "nl-NL", "en": "en-GB"}
AUTHOR = "Mixwijzer"  # the program: no person's name goes into a file by itself
# The title is the first heading of level 1, so that no level is skipped. What stands on the sheet
# comes in as data: nothing of it is read as markup.
_PRINTED = """
#let paper = json(bytes(sys.inputs.paper))
#set document(title: paper.title, author: paper.author, date: none)
#set text(lang: paper.lang, region: paper.region, size: 9.5pt, hyphenate: false)
#set page(paper: "a4", margin: (x: 1.8cm, y: 1.5cm), numbering: "1 / 1")
#set par(justify: false)
#set table(stroke: 0.5pt + luma(150), inset: 3.5pt)
#show heading: set block(above: 1.1em, below: 0.6em)
#show table.cell: set text(size: 8.5pt)
#show table.cell.where(y: 0): strong
#heading(level: 1, paper.title)
#paper.about
#for (number, block) in paper.blocks.enumerate() {
  if block.kind == "Heading" {
    if block.level == 1 and number > 0 { pagebreak(weak: true) }
    heading(level: block.level, block.text)
  } else if block.kind == "Paragraph" {
    par(if block.title == "" { block.text } else { strong(block.title + ".") + " " + block.text })
  } else {
    table(
      columns: block.head.enumerate().map(((place, _)) => if place == 0 { 2fr } else { auto }),
      align: (x, y) => if x >= block.numeric { right } else { left },
      table.header(..block.head),
      ..block.rows.flatten(),
    )
  }
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading; of level 1 each starts a page, but the first."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph, with an optional title in bold before it."""

    text: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table; columns from `numeric` on are flush right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: int = 1


Block: TypeAlias = Heading | Paragraph | Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A sheet: its title, a line about it, and what stands on it in order."""

    title: str
    about: str
    blocks: tuple[Block, ...]


def word(paper: Paper, language: Language) -> bytes:
    """Return the sheet as a Word document (.docx)."""
    from docx import Document

    made = Document()
    made.core_properties.author = AUTHOR
    made.core_properties.title = paper.title
    made.core_properties.language = LOCALES[language]
    _speak(made, LOCALES[language])
    made.add_heading(paper.title, level=0)
    made.add_paragraph(paper.about)
    for number, block in enumerate(paper.blocks):
        _add(made, block, first=number == 0)
    told = io.BytesIO()
    made.save(told)
    return told.getvalue()


def makes_pdf() -> bool:
    """Whether this installation can write PDF: the extra `pdf` is there."""
    return find_spec("typst") is not None


def pdf(paper: Paper, language: Language) -> bytes:
    """Return the sheet as PDF/UA-1; needs the extra `pdf`."""
    import typst

    lang, _, region = LOCALES[language].partition("-")
    told = {
        "title": paper.title,
        "about": paper.about,
        "author": AUTHOR,
        "lang": lang,
        "region": region,
        "blocks": [{"kind": type(each).__name__, **asdict(each)} for each in paper.blocks],
    }
    made: bytes = typst.compile(
        _PRINTED.encode(),
        format="pdf",
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(told)},
    )
    return made


def _speak(made: WordDocument, locale: str) -> None:
    """Set the language of the text, so that it is read aloud and checked in the right one."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    style = made.styles["Normal"].element.get_or_add_rPr()
    lang = OxmlElement("w:lang")
    lang.set(qn("w:val"), locale)
    style.append(lang)


def _add(made: WordDocument, block: Block, *, first: bool) -> None:
    match block:
        case Heading(text=text, level=level):
            told = made.add_heading(text, level=level)
            told.paragraph_format.page_break_before = level == 1 and not first
        case Paragraph(text=text, title=title):
            told = made.add_paragraph()
            if title:
                told.add_run(f"{title}. ").bold = True
            told.add_run(text)
        case Grid():
            _add_table(made, block)


def _add_table(made: WordDocument, grid: Grid) -> None:
    table = made.add_table(rows=1, cols=len(grid.head), style="Table Grid")
    for row in (grid.head, *grid.rows):
        cells = table.rows[0].cells if row is grid.head else table.add_row().cells
        for column, (cell, text) in enumerate(zip(cells, row, strict=True)):
            _write(cell.paragraphs[0], text, bold=row is grid.head, right=column >= grid.numeric)
    _repeat_head(table)
    made.add_paragraph()


def _write(paragraph: WordParagraph, text: str, *, bold: bool, right: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.add_run(text).bold = bold
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _repeat_head(table: WordTable) -> None:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 (python-docx has no name for it)
