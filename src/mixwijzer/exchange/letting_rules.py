"""What do the letting rules say, in words: to who lets a home, and to who didn't get it?

Inside the organisation a rule names what it compared and the norm behind it. Outside it gives one
objective reason without a figure, as the Good Landlordship Act asks of a letter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mixwijzer.engine.allocation import Answer, Eligibility, Lacking, LettingRule, RuleAnswer
from mixwijzer.engine.norms import Norms
from mixwijzer.exchange.catalogue import Language, sentence

__all__ = [
    "RuleText",
    "overall_word",
    "public_reasons",
    "public_word",
    "rule_name",
    "rule_texts",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleText:
    """One rule in words.

    `norm` is the title of the norm behind it, `standing` how hard that is in words, `level`
    the same as a code, `key` where it stands;
    all empty where the home or the channel itself says it.
    """

    rule: str
    name: str
    answer: Answer
    word: str
    text: str
    norm: str = ""
    standing: str = ""
    level: str = ""
    key: str = ""


def rule_texts(
    found: Eligibility, norms: Norms, language: Language, *, silent: bool = True
) -> tuple[RuleText, ...]:
    """Put every answer into words; without `silent` only those of rules that speak."""
    return tuple(
        _text(each, norms, language)
        for each in found.answers
        if silent or each.answer is not Answer.SILENT
    )


def overall_word(answer: Answer, language: Language) -> str:
    """Return what all rules together say, in a word or two."""
    return sentence(f"rules.overall.{answer.name.lower()}", language)


def public_reasons(answers: Iterable[RuleAnswer], language: Language) -> tuple[str, ...]:
    """Return the objective reasons why a home can't go to a candidate, without a figure.

    A rule that couldn't answer gives one sentence, however many of them there are.
    """
    codes = [
        each.rule.value if each.answer is Answer.FAILED else "unanswered"
        for each in answers
        if each.answer in (Answer.FAILED, Answer.UNANSWERED)
    ]
    return tuple(sentence(f"rules.public.{code}", language) for code in dict.fromkeys(codes))


def public_word(code: str, language: Language) -> str:
    """Return an objective reason that isn't a letting rule's: later in the order, stopped."""
    return sentence(f"rules.public.{code}", language)


def _text(answer: RuleAnswer, norms: Norms, language: Language) -> RuleText:
    norm = norms.book.get(answer.norm)
    return RuleText(
        rule=answer.rule.value,
        name=rule_name(answer.rule.value, language),
        answer=answer.answer,
        word=sentence(f"rules.answer.{answer.answer.name.lower()}", language),
        text=_sentence(answer, language),
        norm=norm.title[language] if norm else "",
        standing=sentence(f"words.standing.{norm.standing.value}", language) if norm else "",
        level=norm.standing.value if norm else "",
        key=answer.norm if norm else "",
    )


def _sentence(answer: RuleAnswer, language: Language) -> str:
    if answer.lacking is Lacking.NORM and answer.ended is None:
        return sentence("rules.lacking.norm_missing", language)
    if answer.lacking is not None:
        return sentence(f"rules.lacking.{answer.lacking.value}", language, ended=answer.ended)
    has: object = answer.has
    if answer.rule is LettingRule.INCOME and has is not None:
        has = sentence(f"rules.class.{has}", language)
    code = f"rules.{answer.rule.value}.{answer.answer.name.lower()}"
    return sentence(code, language, has=has, least=answer.least, most=answer.most)


def rule_name(rule: str, language: Language) -> str:
    """Return what a letting rule is called."""
    return sentence(f"rules.name.{rule}", language)
