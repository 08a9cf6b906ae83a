"""A sheet as a document: it opens, says the same, and is fit to be read aloud."""

from __future__ import annotations

import io

import pytest
from docx import Document
from docx.oxml.ns import qn

from mixwijzer.exchange.papers import Grid, Heading, Paper, Paragraph, pdf, word
from tests.exchange.printed import text_of

PAPER = Paper(
    title="Quarter 3 of 2026",
    about="The whole quarter.",
    blocks=(
        Heading(text="What was promised"),
        Grid(
            head=("Group", "Agreed", "Done"),
            rows=(("starters", "12", "9"), ("people <b>&amp; more", "3", "0")),
        ),
        Heading(text="How homes were let", level=1),
        Paragraph(title="Decided", text="4 homes"),
    ),
)


def opened(paper: Paper = PAPER, language: str = "nl"):
    return Document(io.BytesIO(word(paper, language)))


def test_all_that_stands_on_the_sheet_stands_in_the_document_in_order() -> None:
    made = opened()
    told = [each.text for each in made.paragraphs if each.text]
    assert told == [
        "Quarter 3 of 2026",
        "The whole quarter.",
        "What was promised",
        "How homes were let",
        "Decided. 4 homes",
    ]
    (table,) = made.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Group", "Agreed", "Done"],
        ["starters", "12", "9"],
        ["people <b>&amp; more", "3", "0"],
    ]


def test_the_head_of_a_table_comes_back_on_a_next_page() -> None:
    (table,) = opened().tables
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


@pytest.mark.parametrize(("language", "locale"), [("nl", "nl-NL"), ("en", "en-GB")])
def test_the_language_is_set_for_who_has_it_read_aloud(language: str, locale: str) -> None:
    made = opened(language=language)
    assert made.core_properties.language == locale
    lang = made.styles["Normal"].element.rPr.find(qn("w:lang"))
    assert lang.get(qn("w:val")) == locale


def test_no_person_is_named_as_its_maker() -> None:
    assert opened().core_properties.author == "Mixwijzer"


def test_a_second_part_starts_a_page() -> None:
    (heading,) = [each for each in opened().paragraphs if each.text == "How homes were let"]
    assert heading.paragraph_format.page_break_before


def test_a_pdf_says_the_same_in_the_same_order() -> None:
    assert text_of(pdf(PAPER, "nl")) == (
        "Quarter 3 of 2026 The whole quarter. What was promised Group Agreed Done starters 12 9 "
        "people <b>&amp; more 3 0 1 / 2 How homes were let Decided. 4 homes 2 / 2"
    )


def test_what_stands_on_a_sheet_is_never_read_as_markup() -> None:
    text = '#panic("x") *bold* _it_ $x$ @me \\ ] " // and so on'
    said = Paper(title="#x", about="= y", blocks=(Paragraph(text=text),))
    assert text_of(pdf(said, "nl")) == f"#x = y {text} 1 / 1"


@pytest.mark.parametrize(("language", "locale"), [("nl", b"nl-NL"), ("en", b"en-GB")])
def test_a_pdf_is_tagged_and_has_a_language_for_who_has_it_read_aloud(
    language: str, locale: bytes
) -> None:
    made = pdf(PAPER, language)
    assert b"/Lang(" + locale + b")" in made
    assert b"/MarkInfo<</Marked true" in made
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert [made.count(b"/S/" + tag + b"/") for tag in (b"H1", b"H2", b"TH", b"TD")] == [2, 1, 3, 6]


def test_equal_sheets_give_equal_bytes() -> None:
    assert pdf(PAPER, "nl") == pdf(PAPER, "nl")
