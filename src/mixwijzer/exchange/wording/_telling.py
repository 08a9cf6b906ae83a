"""Tells an advice to anybody: what both audiences share, and the public one, without a number."""

from __future__ import annotations

from collections.abc import Mapping

from mixwijzer.engine.advice import Advice, CategoryAdvice
from mixwijzer.engine.portfolio import ScopeKind
from mixwijzer.engine.reasons import Reason, ReasonKind, Verdict
from mixwijzer.exchange.catalogue import Key, Language, sentence
from mixwijzer.exchange.wording._texts import (
    Audience,
    CategoryText,
    CategoryWords,
    Explanation,
    Sentence,
)


def code_of(verdict: Verdict) -> str:
    return verdict.name.lower()


def place_of(kind: ScopeKind) -> str:
    return kind.name.lower()


class Telling:
    """What both audiences share: sentences, words of categories, places of rules."""

    def __init__(
        self,
        advice: Advice,
        language: Language,
        words: Mapping[str, CategoryWords],
        names: Mapping[str, str],
    ) -> None:
        self.advice, self.language, self.words, self.names = advice, language, words, names
        self.rules = {rule.id: rule for each in advice.categories for rule in each.rules}
        self.kinds = {rule.scope.code: rule.scope.kind for rule in self.rules.values()}
        self.kinds |= {scope.code: scope.kind for scope in advice.counts}
        self.kinds[advice.complex.code] = advice.complex.kind

    def say(self, code: str, **facts: object) -> Sentence:
        """Fill in one sentence."""
        return Sentence.told(code, self.language, facts)

    def word(self, code: str) -> str:
        """Return one word of the catalogues."""
        return sentence(f"words.{code}", self.language)

    def about(self, category: str) -> dict[str, object]:
        """Return the words of a category as figures of a sentence."""
        own = self.words.get(category)
        forms = ("many", "another", "counted")
        if own is not None:
            return {form: getattr(own, form) for form in forms}
        return {form: Key(f"words.category.{category}.{form}") for form in forms}

    def name(self, category: str) -> str:
        """Return the name of a category."""
        own = self.words.get(category)
        return own.name if own is not None else self.word(f"category.{category}.name")

    def inside(self, scope: str) -> Key:
        """Return "in dit complex" for a scope; "in dit gebied" for an area without a rule."""
        kind = self.kinds.get(scope)
        if kind is None and scope.startswith(f"{self.advice.complex.code}/"):
            kind = ScopeKind.STAIRWELL
        if scope == self.advice.complex.code:
            kind = ScopeKind.COMPLEX
        return Key("words.in.area" if kind is None else f"words.in.{place_of(kind)}")

    def is_bare(self, scope: str) -> bool:
        """Whether no rule speaks of a scope wider than the complex."""
        own = self.advice.complex.code
        return scope not in self.kinds and scope != own and not scope.startswith(f"{own}/")

    def leading(self) -> str:
        """Return the category that the headline speaks of."""

        def worst(each: CategoryAdvice) -> tuple[Verdict, bool]:
            ruled = any(reason.kind is ReasonKind.RULE for reason in each.reasons)
            return each.verdict, not ruled

        return min(self.advice.categories, key=worst).category


class PublicTelling(Telling):
    """For outside: a function of the reason codes, and of nothing else."""

    def explanation(self) -> Explanation:
        """Put headlines, reasons and ways out together."""
        categories = tuple(map(self._category, self.advice.categories))
        leading = self.leading()
        return Explanation(
            language=self.language,
            audience=Audience.PUBLIC,
            category=leading,
            headline=next(each.headline for each in categories if each.category == leading),
            categories=categories,
        )

    def _category(self, each: CategoryAdvice) -> CategoryText:
        verdict = code_of(each.verdict)
        reasons = [self._reason(reason) for reason in each.reasons]
        return CategoryText(
            category=each.category,
            name=self.name(each.category),
            verdict=each.verdict,
            word=self.word(f"verdict.{verdict}"),
            headline=self.say(f"public.headline.{verdict}"),
            reasons=tuple(dict.fromkeys(reasons)),
            way_out=(self.say(f"public.way_out.{verdict}"),),
        )

    def _reason(self, reason: Reason) -> Sentence:
        code = f"public.reason.{reason.kind.value}.{code_of(reason.verdict)}"
        facts = self.about(reason.category)
        if reason.kind is ReasonKind.RULE:
            facts["in"] = self.inside(reason.scope)
            facts["rule"] = Key(f"public.rule.{self.rules[reason.rule].kind.value}")
        return self.say(code, **facts)
