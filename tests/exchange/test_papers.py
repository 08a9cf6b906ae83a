"""A sheet as a Word document: it opens, says the same, and is fit to be read aloud."""

from __future__ import annotations

import io

import pytest
from docx import Document
from docx.oxml.ns import qn

from mixwijzer.exchange.papers import Grid, Heading, Paper, Paragraph, word

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
