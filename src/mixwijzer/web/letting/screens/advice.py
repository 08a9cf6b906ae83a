"""What does an advice say on a page, in the words of `exchange.wording`?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mixwijzer.exchange.wording import (
    Audience,
    CategoryText,
    CategoryWords,
    Explanation,
    Language,
    Sentence,
    explain,
    sentence,
)
from mixwijzer.web.letting.bridge import (
    Advice,
    ChannelAdvice,
    Rule,
    RuleKind,
    Verdict,
)
from mixwijzer.web.letting.selectors import (
    AlternativeLine,
    Hidden,
)
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.categories import ORDER, own_word
from mixwijzer.web.ui.components import (
    Channel,
    Ground,
    Option,
    ReasonLine,
)

TONES = {
    Verdict.NO_ROOM: "stop",
    Verdict.ASK_FIRST: "ask",
    Verdict.TIGHT: "warn",
    Verdict.ROOM: "ok",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryCard:
    """One category: what is said, and with which chance."""

    text: CategoryText
    verdict: Verdict
    chance: float | None

    @property
    def headline(self) -> str:
        """The headline where it says more than verdict and chance."""
        return beyond_the_word(self.text.headline)

    @property
    def said(self) -> tuple[str, ...]:
        """The first thing worth saying in a small card: the places, or why there is no limit."""
        return tuple(self.text.sentences[1:2]) or tuple(self.text.reasons[:1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Veil:
    """Covers what opens after the reader's own view; `href` is where to give it.

    Without an address the view was given in a round, and a colleague's is awaited.
    """

    href: str = ""


def veil_of(shown: object) -> Veil | None:
    """Return what covers an account or advice, if it is hidden."""
    if not isinstance(shown, Hidden):
        return None
    ways = [reverse("letting:vacancy", args=[each]) for each in shown.vacancies]
    ways += [reverse("pulse:task", args=[each]) for each in shown.tasks]
    return Veil(href=ways[0] if ways else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Another home with room."""

    name: str
    href: str
    distance: str
    verdict: Verdict
    chance: float


def language() -> Language:
    """Return the page's language as the catalogues know it."""
    return "en" if (get_language() or "nl").startswith("en") else "nl"


def told(advice: Advice, names: Mapping[str, str] | None = None) -> Explanation:
    """Put an advice into the words for colleagues, in the page's language."""
    spoken = language()
    own = {
        category: CategoryWords(
            name=word,
            **{
                part: sentence(f"words.category.{category}.{part}", spoken)
                for part in ("many", "another", "counted")
            },
        )
        for category in ORDER
        if (word := own_word(category))
    }
    return explain(advice, spoken, Audience.INTERNAL, names=names, words=own)


def beyond_the_word(headline: Sentence) -> str:
    """Return a headline that says more than its verdict and chance, which stand above it."""
    return "" if headline.code.rpartition(".")[2] in {"sure", "odds", "no_norm"} else headline


def room_elsewhere(
    advice: Advice | None, lines: Sequence[AlternativeLine], category: str = ""
) -> tuple[Place, ...]:
    """List the homes with room for a category; without one, for that with the worst verdict."""
    if advice is None:
        return ()
    wanted = category or min(advice.categories, key=lambda each: each.verdict).category
    return tuple(
        Place(
            name=each.vacancy.address,
            href=reverse("letting:vacancy", args=[each.vacancy.id]),
            distance=formats.distance(each.distance) if each.distance is not None else "",
            verdict=each.verdict,
            chance=each.chance,
        )
        for each in lines
        if each.category == wanted
    )


def cards_of(advice: Advice | None, explanation: Explanation | None) -> tuple[CategoryCard, ...]:
    if advice is None or explanation is None:
        return ()
    return tuple(
        CategoryCard(
            text=explanation.of(each.category),
            verdict=each.verdict,
            chance=each.binding.chance if each.binding else None,
        )
        for each in advice.categories
    )


def channels_of(advice: Advice | None, explanation: Explanation | None) -> tuple[Channel, ...]:
    if advice is None or explanation is None:
        return ()
    texts = {text.id: text for text in explanation.channels}
    return tuple(
        Channel(
            title=texts[each.channel.id].name,
            explanation=_who_comes(each),
            chance=each.chance,
            delay=texts[each.channel.id].delay,
            advert=each.channel.label.get(language(), ""),
            ground_text=texts[each.channel.id].ground,
            ground=_channel_ground(each),
            recommended=each.channel.id == advice.recommended,
            closed="" if each.has_ground else texts[each.channel.id].ground,
        )
        for each in sorted(advice.channels, key=lambda each: _rank(advice, each))
    )


def _who_comes(each: ChannelAdvice) -> str:
    """Say in one sentence who gets a home this way."""
    ways = {
        "MOT": _("Who is registered longest goes first, among those who tell why in a few lines."),
        "SOC": _("Who is registered longest goes first; the house rules are told beforehand."),
        "COO": _("The residents choose along, after getting to know each other."),
        "INT": _("For an agreed group, after a first talk. There is no advertisement."),
    }
    longest = _("Who is registered longest goes first. Anybody may come.")
    return ways.get(each.channel.intake_form, longest)


def _channel_ground(each: ChannelAdvice) -> Ground | None:
    source = each.channel.ground_source
    return Ground(standing="agreement") if source and each.has_ground else None


def _rule_source(rule: Rule) -> str:
    """Name what sets a limit: a cap, or the profile of a kind of place."""
    if rule.kind is RuleKind.CAP:
        return _("agreed number")
    return _("profile, %(place)s") % {
        "place": sentence(f"words.scope.{rule.scope.kind.name.lower()}", language())
    }


def _rank(advice: Advice, each: ChannelAdvice) -> tuple[bool, bool]:
    """Put the recommended way first and the closed ones last; the others keep their order."""
    return not each.has_ground, each.channel.id != advice.recommended


def way_name(advice: Advice | None) -> str:
    if advice is None or advice.recommended is None:
        return ""
    return next(
        each.channel.name[language()]
        for each in advice.channels
        if each.channel.id == advice.recommended
    )


def ways_of(advice: Advice | None) -> tuple[Option, ...]:
    """List the ways beside the recommended one; a way without ground cannot be chosen."""
    if advice is None:
        return ()
    return tuple(
        Option(
            value=each.channel.id,
            label=each.channel.name[language()],
            disabled=not each.has_ground,
        )
        for each in advice.channels
        if each.channel.id != advice.recommended
    )


def reason_lines(
    advice: Advice | None, explanation: Explanation | None, category: str = ""
) -> tuple[ReasonLine, ...]:
    """Return each reason with the rule it names, of one category or of all."""
    if advice is None or explanation is None:
        return ()
    lines: list[ReasonLine] = []
    for each in advice.categories:
        if category not in {"", each.category}:
            continue
        text = explanation.of(each.category)
        rules = {rule.id: rule for rule in each.rules}
        for reason, told_as in zip(each.reasons, text.reasons, strict=True):
            rule = rules.get(reason.rule)
            ground = None
            if rule is not None:
                standing = "agreement" if rule.kind is RuleKind.CAP else "aim"
                ground = Ground(standing=standing, source=_rule_source(rule))
            lines.append(
                ReasonLine(
                    tone=TONES[reason.verdict],
                    title=f"{text.name}: {text.word}",
                    text=told_as,
                    ground=ground,
                )
            )
    return tuple(lines)
