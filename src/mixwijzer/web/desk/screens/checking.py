"""The answer to a room check, as its page draws it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.exchange.wording import FlipText, Sentence, sentence
from mixwijzer.web.desk.screens.places import LevelLine
from mixwijzer.web.desk.selectors import (
    RoomCheck,
)
from mixwijzer.web.letting.bridge import Advice, Rule, Verdict
from mixwijzer.web.letting.screens import (
    TONES,
    Place,
    Veil,
    beyond_the_word,
    language,
    reason_lines,
    room_elsewhere,
    told,
    veil_of,
)
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.categories import ORDER, category_name
from mixwijzer.web.ui.charts import Counted, Span
from mixwijzer.web.ui.components import (
    Option,
    ReasonLine,
    Stamp,
)

__all__ = ["CheckScreen", "check_screen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswer:
    """What is said about one category of one home."""

    verdict: Verdict
    chance: float | None
    headline: str
    sentences: tuple[Sentence, ...]
    way_out: tuple[Sentence, ...]
    valid: Sentence | None
    vacancy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchLine:
    """Something that may have been meant."""

    href: str
    label: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckScreen:
    """Everything that the room check draws."""

    query: str
    category: str
    kinds: tuple[Option, ...]
    matches: tuple[MatchLine, ...]
    not_found: bool
    about: str
    hidden: Veil | None
    answer: CheckAnswer | None
    levels: tuple[LevelLine, ...]
    places: tuple[Place, ...]
    flips: tuple[FlipText, ...]
    reasons: tuple[ReasonLine, ...]
    stamp: Stamp | None


def check_screen(found: RoomCheck) -> CheckScreen:
    """Turn a room check into what its page draws."""
    advice = found.answer if isinstance(found.answer, Advice) else None
    words = told(advice, found.names) if advice else None
    text = words.of(found.category) if words else None
    return CheckScreen(
        query=found.query,
        category=found.category,
        kinds=tuple(
            Option(
                value=each,
                label=category_name(each),
                swatch=each,
            )
            for each in ORDER
        ),
        matches=() if found.chosen else tuple(_match(found, each) for each in found.matches),
        not_found=bool(found.query) and not found.matches and not found.chosen,
        about=_("in %(home)s") % {"home": found.chosen.label} if found.chosen else "",
        hidden=veil_of(found.answer),
        answer=_check_answer(found, advice),
        levels=tuple(_rule_level(rule) for rule in advice.category(found.category).rules)
        if advice
        else (),
        places=room_elsewhere(advice, found.alternatives, found.category),
        flips=text.flips if text else (),
        reasons=reason_lines(advice, words, found.category),
        stamp=Stamp(
            data_of=advice.data_date or advice.day,
            norms=advice.normset,
            method_href=reverse("desk:method"),
        )
        if advice
        else None,
    )


def _match(found: RoomCheck, each: object) -> MatchLine:
    label, detail = str(getattr(each, "label", "")), str(getattr(each, "detail", ""))
    query = f"?q={label}&kind={found.category}"
    return MatchLine(href=reverse("desk:room-check") + query, label=label, detail=detail)


def _check_answer(found: RoomCheck, advice: Advice | None) -> CheckAnswer | None:
    if advice is None:
        return None
    words = told(advice, found.names)
    text = words.of(found.category)
    binding = advice.category(found.category).binding
    return CheckAnswer(
        verdict=text.verdict,
        chance=binding.chance if binding else None,
        headline=beyond_the_word(text.headline),
        sentences=text.sentences,
        way_out=text.way_out,
        valid=words.valid,
        vacancy=reverse("letting:vacancy", args=[found.vacancy]) if found.vacancy else "",
    )


def _rule_level(rule: Rule) -> LevelLine:
    """Show a rule as a level: households now, after the letting, and the limit."""
    kind = sentence(f"words.scope.{rule.scope.kind.name.lower()}", language())
    now = Span(low=rule.count.likely[0], high=rule.count.likely[1])
    after = Span(low=now.low + 1, high=now.high + 1)
    return LevelLine(
        css=f"level-binding-{rule.verdict.name.lower().replace('_', '-')}",
        name=capfirst(kind),
        about=ngettext("%(n)s home of ours", "%(n)s homes of ours", rule.base)
        % {"n": formats.number(rule.base)},
        what=kind,
        says="",
        limits=_("now %(now)s, limit %(limit)d") % {"now": formats.span(now), "limit": rule.limit},
        tone=TONES[rule.verdict],
        outcome=_("%(after)s afterwards") % {"after": formats.span(after)},
        counted=Counted(
            best=rule.count.best,
            likely=now,
            wide=Span(low=rule.count.wide[0], high=rule.count.wide[1]),
            homes=rule.base,
            at_most=rule.limit,
        ),
    )
