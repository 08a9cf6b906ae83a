"""The public page, and the same norms as open data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from mixwijzer.exchange.wording import sentence
from mixwijzer.web.desk.bridge import BandLine, NormLine
from mixwijzer.web.desk.method import figure
from mixwijzer.web.desk.selectors.public import Counter, PublicPage
from mixwijzer.web.letting.screens import language
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.shell import LEVEL_MEANINGS, LEVEL_NAMES, Level

__all__ = ["PublicScreen", "open_norms", "public_screen"]

WHOLE = 10_000  # basis points in a whole


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCard:
    """One of the three kinds of neighbour: its word, what it means, what we aim at."""

    category: str
    name: str
    meaning: str
    aim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """A rule with how hard it is and where it stands."""

    title: str
    figure: str
    standing: str
    source: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicScreen:
    """Everything that the public page draws."""

    name: str
    level_name: str
    level_meaning: str
    counter: str
    counter_label: str
    lettings: str
    kinds: tuple[KindCard, ...]
    rules: tuple[RuleLine, ...]
    assumptions: tuple[RuleLine, ...]
    complaint: str
    contact: str
    day: str
    data_day: str
    synthetic: bool
    other_language: str
    own_language: str
    data_href: str


def public_screen(page: PublicPage) -> PublicScreen:
    """Turn a public page into what is drawn, in the language of the moment."""
    level = Level(page.level)
    lines = tuple(_rule(each) for each in page.norms if _speaks_for_itself(each))
    hard = tuple(each for each in lines if each.standing != "assumption")
    said = _number(page.tenants)
    return PublicScreen(
        name=page.name,
        level_name=str(LEVEL_NAMES[level]),
        level_meaning=str(LEVEL_MEANINGS[level]),
        counter=said,
        counter_label=_("Sitting tenants with a category at our association: %(number)s")
        % {"number": said},
        lettings=_number(page.lettings),
        kinds=tuple(_kind(page, each) for each in ("attention", "carrier", "regular")),
        rules=(*_bands(page), *hard),
        assumptions=tuple(each for each in lines if each.standing == "assumption"),
        complaint=_own(page, "public.complaint"),
        contact=_own(page, "public.contact"),
        day=formats.day(page.day, "year"),
        data_day=formats.day(page.data_date, "year") if page.data_date else "",
        synthetic=page.synthetic,
        other_language=reverse(
            "desk:public" if language() == "en" else "desk:public-en", args=[page.id]
        ),
        own_language=language(),
        data_href=reverse("desk:public-norms", args=[page.id]),
    )


def _number(counter: Counter) -> str:
    return _("fewer than 5") if counter.number is None else formats.number(counter.number)


def _own(page: PublicPage, key: str) -> str:
    texts = page.texts.get(key, {})
    return texts.get(language()) or texts.get("nl", "")


def _kind(page: PublicPage, category: str) -> KindCard:
    meanings = {
        "attention": _("Somebody of us or a partner comes by a bit more often, to live well."),
        "carrier": _("Take up something for the building, or look after others."),
        "regular": _("Most people. There is always room for them."),
    }
    name = _own(page, f"word.{category}") or sentence(f"words.category.{category}.name", language())
    targets = [
        row.target for row in page.bands if row.category == category and row.target is not None
    ]
    aim = _("We aim at about %(number)d of 100.") % {"number": targets[0] // 100} if targets else ""
    return KindCard(category=category, name=capfirst(name), meaning=meanings[category], aim=aim)


def _bands(page: PublicPage) -> tuple[RuleLine, ...]:
    """Tell the association's own bands as rules; what it set itself is an aim."""
    return tuple(
        RuleLine(
            title=_("%(kind)s, per %(level)s")
            % {
                "kind": capfirst(_band_word(page, row)),
                "level": sentence(f"words.scope.{row.level}", language()),
            },
            figure=_band_figure(row),
            standing="aim",
            source=_("Our own profile, since %(day)s") % {"day": formats.day(row.start, "year")},
            until="",
        )
        for row in page.bands
    )


def _band_word(page: PublicPage, row: BandLine) -> str:
    own = _own(page, f"word.{row.category}")
    return own or sentence(f"words.category.{row.category}.name", language())


def _band_figure(row: BandLine) -> str:
    parts = []
    if row.low is not None:
        parts.append(_("from %(share)s") % {"share": formats.share(row.low / WHOLE)})
    if row.high is not None:
        parts.append(_("up to %(share)s") % {"share": formats.share(row.high / WHOLE)})
    if row.target is not None:
        parts.append(_("aim %(share)s") % {"share": formats.share(row.target / WHOLE)})
    return ", ".join(parts)


def _speaks_for_itself(line: NormLine) -> bool:
    """Leave out what is a table of its own; the open data have it."""
    return not isinstance(line.value, tuple | Mapping) or line.key.startswith(("income", "rent"))


def _rule(line: NormLine) -> RuleLine:
    return RuleLine(
        title=line.title[language()],
        figure=figure(line.value, line.unit),
        standing=line.standing,
        source=line.source,
        until=formats.day(line.until, "year") if line.until else "",
    )


def open_norms(page: PublicPage) -> dict[str, object]:
    """Return the norms as data: what they are, how hard, from where, until when; no places."""
    return {
        "association": page.name,
        "on": page.day.isoformat(),
        "level": page.level,
        "bands": [
            {
                "category": row.category,
                "per": row.level,
                "min": row.low,
                "target": row.target,
                "max": row.high,
                "unit": "basis_points",
                "standing": "aim",
                "from": row.start.isoformat(),
            }
            for row in page.bands
        ],
        "norms": [
            {
                "key": line.key,
                "title": dict(line.title),
                "value": _plain(line.value),
                "unit": line.unit,
                "standing": line.standing,
                "source": line.source,
                "until": line.until.isoformat() if line.until else None,
            }
            for line in page.norms
        ],
    }


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return str(value)
    return value if isinstance(value, bool | int | float | str | None) else str(value)
