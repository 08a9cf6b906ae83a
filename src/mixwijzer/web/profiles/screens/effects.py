"""What a profile would change, and what it does to made-up buildings, as pages draw it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from mixwijzer.web.profiles.bridge import Example
from mixwijzer.web.profiles.bridge.forecast import PlaceChange
from mixwijzer.web.profiles.selectors import (
    Effects,
)
from mixwijzer.web.profiles.words import (
    GROUPS,
)
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.categories import category_name
from mixwijzer.web.ui.components import (
    Column,
    DataTable,
)

__all__ = ["EffectsScreen", "effects_screen", "try_table"]

VERDICTS = {
    "room": gettext_lazy("room"),
    "tight": gettext_lazy("tight"),
    "ask_first": gettext_lazy("ask first"),
    "no_room": gettext_lazy("no room"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectsScreen:
    """The consequences of a profile, for one reader."""

    headlines: tuple[str, ...]
    places: DataTable | None
    homes: DataTable | None
    owed: tuple[str, ...]
    left_out: str
    stamp: str


def effects_screen(effects: Effects) -> EffectsScreen:
    """Turn consequences into sentences and tables."""
    return EffectsScreen(
        headlines=tuple(_headlines(effects)),
        places=_place_changes(effects),
        homes=_home_changes(effects),
        owed=tuple(_owed(effects)),
        left_out=ngettext(
            "%(n)d complex is left out: your own view is asked there first.",
            "%(n)d complexes are left out: your own view is asked there first.",
            effects.left_out,
        )
        % {"n": effects.left_out}
        if effects.left_out
        else "",
        stamp=_("Computed on the data of now, as if it held on %(day)s.")
        % {"day": formats.day(effects.day, "year")},
    )


def _headlines(effects: Effects) -> Iterator[str]:
    for pair, said in (
        (
            effects.above,
            ngettext(
                "%(n)d place above the band (now %(now)d)",
                "%(n)d places above the band (now %(now)d)",
                effects.above[1],
            ),
        ),
        (
            effects.below,
            ngettext(
                "%(n)d place under the band (now %(now)d)",
                "%(n)d places under the band (now %(now)d)",
                effects.below[1],
            ),
        ),
    ):
        yield said % {"n": pair[1], "now": pair[0]}
    count = len(effects.changed)
    if not effects.open_homes:
        yield _("No advice is open here now")
        return
    yield (
        ngettext(
            "%(n)d of %(all)d open advices changes",
            "%(n)d of %(all)d open advices change",
            count,
        )
        % {"n": count, "all": effects.open_homes}
    )


def _owed(effects: Effects) -> Iterator[str]:
    before, after = effects.with_room
    if effects.open_homes:
        yield (
            _("Open homes with room for some extra attention: now %(now)d, then %(then)d.")
            % {"now": before, "then": after}
        )
    for each in effects.owed:
        unit = (
            ngettext("%(n)d person", "%(n)d persons", each.remaining)
            if each.unit == "persons"
            else ngettext("%(n)d household", "%(n)d households", each.remaining)
        ) % {"n": each.remaining}
        yield _("Still promised: %(group)s, %(what)s.") % {
            "group": _group(each.group),
            "what": unit,
        }


def _group(code: str) -> str:
    """Name a group of an agreement; an own group keeps its own name."""
    return str(GROUPS.get(code, code.replace("_", " ")))


def _language() -> str:
    return "nl" if (get_language() or "nl").startswith("nl") else "en"


def _place_changes(effects: Effects) -> DataTable | None:
    shown = sorted(effects.places, key=lambda each: -_outside(each, 1))[:12]
    if not shown:
        return None
    return DataTable(
        caption=_("Where the limits change"),
        columns=(
            Column(label=_("Place")),
            Column(label=_("Who")),
            Column(label=_("Limits")),
            Column(label=_("Chance outside the band")),
        ),
        rows=tuple(
            (
                each.name,
                category_name(each.category),
                f"{_band(each.low[0], each.high[0])} → {_band(each.low[1], each.high[1])}",
                f"{formats.share(_outside(each, 0))} → {formats.share(_outside(each, 1))}",
            )
            for each in shown
        ),
    )


def _outside(change: PlaceChange, at: int) -> float:
    """Chance above or below the band, before (0) or after (1)."""
    return min(change.above[at] + change.below[at], 1.0)


def _band(low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return _("no limit")
    if high is None:
        return _("from %(low)d") % {"low": low}
    if low is None:
        return _("up to %(high)d") % {"high": high}
    return f"{low}–{high}"


def _home_changes(effects: Effects) -> DataTable | None:
    if not effects.changed:
        return None
    return DataTable(
        caption=_("Open advices that change"),
        columns=(
            Column(label=_("Home")),
            Column(label=_("What the advice says")),
            Column(label=_("Recommended way")),
        ),
        rows=tuple(
            (
                f"{each.address}, {each.name}",
                "; ".join(_verdicts(each.before.verdicts, each.after.verdicts)) or _("the same"),
                _ways(effects.channels, each.before.channel, each.after.channel),
            )
            for each in effects.changed
        ),
    )


def _verdicts(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for category, was in before.items():
        then = after[category]
        if then != was:
            yield f"{category_name(category)}: {VERDICTS[was]} → {VERDICTS[then]}"


def _ways(channels: Mapping[str, Mapping[str, str]], before: str, after: str) -> str:
    language = _language()

    def name(code: str) -> str:
        return channels[code][language] if code in channels else _("none")

    return name(before) if before == after else f"{name(before)} → {name(after)}"


EXAMPLES = {
    "small": gettext_lazy("Example A, a small block"),
    "middle": gettext_lazy("Example B, a gallery flat"),
    "large": gettext_lazy("Example C, a tower"),
}


def try_table(examples: Sequence[Example]) -> DataTable:
    """List what advice would say in made-up buildings."""
    return DataTable(
        caption=_("What advice would say in made-up buildings"),
        columns=(
            Column(label=_("Made-up building")),
            Column(label=_("Who lives there, about")),
            Column(label=_("Limits, in households")),
            Column(label=_("A next home: some extra attention")),
            Column(label=_("A next home: active neighbours")),
        ),
        rows=tuple(
            (
                f"{EXAMPLES[each.name]}, {_homes(each.homes)}",
                "; ".join(
                    f"{category_name(name)} {low}–{high}"
                    for name, (low, _best, high) in each.said.items()
                ),
                "; ".join(
                    f"{category_name(name)}: {_band(low, high)}"
                    for name, (low, high) in each.limits.items()
                ),
                *(
                    f"{VERDICTS[each.verdicts[name]]} ({formats.chance(each.chances[name])})"
                    for name in ("attention", "carrier")
                ),
            )
            for each in examples
        ),
    )


def _homes(count: int) -> str:
    return ngettext("%(n)d home", "%(n)d homes", count) % {"n": count}
