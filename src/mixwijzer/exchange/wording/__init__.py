"""What does this advice, error or finding say to a person, in Dutch or English?

The engine decides, this module tells. A telling is first a row of codes with figures, the same in
every language, then one sentence of the catalogues for each. Inside the organisation (INTERNAL)
sentences name the likely range, the limit and the chance; outside (PUBLIC) there is not one
number, and the text follows from the reason codes alone. Refused words and missing sentences are
mistakes that tests find; see `mixwijzer.exchange.catalogue` for how a chance is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from mixwijzer.engine.advice import Advice
from mixwijzer.engine.errors import MixwijzerError
from mixwijzer.exchange.catalogue import (
    Language,
    SentenceError,
    figures,
    has_sentence,
    refused_words,
    sentence,
)
from mixwijzer.exchange.findings import Finding
from mixwijzer.exchange.wording._internal import InternalTelling
from mixwijzer.exchange.wording._telling import PublicTelling
from mixwijzer.exchange.wording._texts import (
    Audience,
    CategoryText,
    CategoryWords,
    ChannelText,
    Explanation,
    FlipText,
    Sentence,
)

__all__ = [
    "Audience",
    "CategoryText",
    "CategoryWords",
    "ChannelText",
    "Explanation",
    "FlipText",
    "Language",
    "Sentence",
    "error_text",
    "explain",
    "finding_parts",
    "finding_text",
    "sentence",
]

_BOOKS = ("findings", "norm_findings")


def explain(
    advice: Advice,
    language: Language,
    audience: Audience = Audience.INTERNAL,
    *,
    names: Mapping[str, str] | None = None,
    words: Mapping[str, CategoryWords] | None = None,
) -> Explanation:
    """Put an advice into words.

    Parameters
    ----------
    advice
        As `mixwijzer.engine.advice.advise` gives it.
    language, audience
        In which words, for whom; PUBLIC follows from the reason codes alone.
    names
        Address by vacancy id, for the homes named as a way out; the id itself without. Also the
        place by the id of a draft profile.
    words
        An organisation's own words by category, and those of its own schemes.

    Raises
    ------
    SentenceError
        A category without words, or words that may not be shown.
    """
    own = words or {}
    _refuse(own, language)
    tell = InternalTelling if audience is Audience.INTERNAL else PublicTelling
    return tell(advice, language, own, names or {}).explanation()


def error_text(error: MixwijzerError, language: Language) -> str:
    """Return an error as thing, trouble and way out; what it gathered on lines below.

    An error that passes a finding's code on is told with the sentences of that finding.
    """
    facts = _named({"subject": error.subject, **error.facts}, language)
    book = _book_of(error.code, language, ("errors", *_BOOKS))
    own = book == "errors"
    thing = sentence(f"errors.{error.code}.thing", language, **facts) if own else error.subject
    told = (
        sentence(f"{book}.{error.code}.{part}", language, **{"value": "", **facts})
        for part in ("trouble", "way_out")
    )
    findings: Sequence[Finding] = getattr(error, "findings", ())
    lines = [f"- {finding_text(each, language)}" for each in findings]
    return "\n".join([f"{thing}: {' '.join(told)}", *lines])


def finding_text(finding: Finding, language: Language) -> str:
    """Return a finding as place, trouble, what stands there and way out."""
    told = " ".join(finding_parts(finding, language))
    trouble = f"{_book_of(finding.code, language, _BOOKS)}.{finding.code}.trouble"
    shown = "value" not in figures(trouble, language)
    where = _where(finding, language, value=shown)
    return f"{where}: {told}" if where else told


def finding_parts(finding: Finding, language: Language) -> tuple[str, str]:
    """Return what is wrong and what can be done about it, without the place."""
    book = _book_of(finding.code, language, _BOOKS)
    given = {**finding.facts, "value": finding.value or "", "column": finding.column or ""}
    facts = _named(given, language)
    trouble, way_out = (
        sentence(f"{book}.{finding.code}.{part}", language, **facts)
        for part in ("trouble", "way_out")
    )
    return trouble, way_out


def _book_of(code: str, language: Language, books: Sequence[str]) -> str:
    """Return the catalogue that holds a code's sentences; the first one where none does."""
    found = (book for book in books if has_sentence(f"{book}.{code}.trouble", language))
    return next(found, books[0])


def _where(finding: Finding, language: Language, *, value: bool) -> str:
    """Say where a finding is, with what stands there unless its sentence says that."""
    told = [
        sentence(f"words.where.{name}", language, **{name: place})
        for name in ("file", "sheet", "row", "column")
        if (place := getattr(finding, name)) is not None
    ]
    if value and finding.value is not None:
        told.append(sentence("words.where.value", language, value=finding.value))
    return ", ".join(told)


# Facts that are codes, and where their words stand, besides `findings.fact.<fact>`.
_WORDS_OF = {
    "subject": "words.category.{}.name",
    "category": "words.category.{}.name",
    "table": "words.table.{}",
    "target": "words.table.{}",
}


def _named(facts: Mapping[str, object], language: Language) -> Mapping[str, object]:
    """Put words in the place of facts that are codes."""
    return {fact: _word(fact, value, language) for fact, value in facts.items()}


def _word(fact: str, value: object, language: Language) -> object:
    if isinstance(value, float):
        return Decimal(str(value))
    if not isinstance(value, str):
        return value
    places = (_WORDS_OF.get(fact, "").format(value), f"findings.fact.{fact}.{value}")
    known = next((place for place in places if has_sentence(place, language)), None)
    return value if known is None else sentence(known, language)


def _refuse(words: Mapping[str, CategoryWords], language: Language) -> None:
    for category, own in words.items():
        told = f"{own.name} {own.many} {own.another} {own.counted}"
        if refused := refused_words(told, language):
            raise SentenceError(f"{category}: {', '.join(refused)}")
