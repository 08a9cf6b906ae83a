"""The shapes of a telling: sentences that know their code, and what is made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from mixwijzer.engine.reasons import Change, Verdict
from mixwijzer.exchange.catalogue import Language, sentence

Facts: TypeAlias = Mapping[str, object]


class Audience(StrEnum):
    """Who reads: the organisation that advises, or anybody else."""

    INTERNAL = "internal"
    PUBLIC = "public"


class Sentence(str):
    """A sentence as text that still knows its code."""

    __slots__ = ("code",)
    code: str

    @classmethod
    def told(cls, code: str, language: Language, facts: Facts) -> Sentence:
        """Fill in one sentence of the catalogues."""
        text = cls(sentence(code, language, **facts))
        text.code = code
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryWords:
    """An organisation's own words for a category, in one language.

    `counted` is the noun after a number: one, a bar, many ("huishouden …|huishoudens …").
    """

    name: str
    many: str
    another: str
    counted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipText:
    """What would change the verdict, as a question, and what a yes would give."""

    question: Sentence
    answer: Sentence
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryText:
    """What there is to say about one category; PUBLIC has headline, reasons and way out."""

    category: str
    name: str
    verdict: Verdict
    word: str
    headline: Sentence
    sentences: tuple[Sentence, ...] = ()
    reasons: tuple[Sentence, ...]
    flips: tuple[FlipText, ...] = ()
    blocked: tuple[Sentence, ...] = ()
    way_out: tuple[Sentence, ...] = ()
    ahead: tuple[Sentence, ...] = ()

    def told(self) -> Iterator[Sentence]:
        """Every sentence, in reading order."""
        yield self.headline
        yield from self.sentences
        yield from self.reasons
        for flip in self.flips:
            yield flip.question
            yield flip.answer
        yield from self.blocked
        yield from self.way_out
        yield from self.ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelText:
    """What there is to say about one channel."""

    id: str
    name: str
    recommended: bool
    has_ground: bool
    chance: Sentence
    delay: Sentence
    ground: Sentence
    label: str
    intake: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An advice in words.

    `category` is the one that the headline speaks of: the worst verdict, first of the scheme.
    """

    language: Language
    audience: Audience
    category: str
    headline: Sentence
    categories: tuple[CategoryText, ...]
    channels: tuple[ChannelText, ...] = ()
    remarks: tuple[Sentence, ...] = ()
    valid: Sentence | None = None

    def of(self, category: str) -> CategoryText:
        """Return the text of one category."""
        return next(each for each in self.categories if each.category == category)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences under the headline."""
        return self.of(self.category).sentences

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all sentences, in reading order: the same in every language."""
        told = [each.code for text in self.categories for each in text.told()]
        for channel in self.channels:
            told += [each.code for each in (channel.chance, channel.delay, channel.ground)]
        told += [each.code for each in self.remarks]
        return (*told, *([self.valid.code] if self.valid is not None else []))
