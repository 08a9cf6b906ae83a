"""Can all obligations and bands hold together? As rows, as a document, and in words.

Each association is asked by itself: it has its own promises, homes and profiles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mixwijzer.engine.feasibility import (
    HOMES,
    Conflict,
    Feasibility,
    Move,
    OneMore,
    Rule,
    feasibility,
)
from mixwijzer.engine.norms import Scheme
from mixwijzer.exchange.catalogue import Language, has_sentence, sentence
from mixwijzer.exchange.inquiry import Inquiry
from mixwijzer.exchange.tabular import Field, Table, Value

__all__ = ["Held", "feasible", "feasible_items", "feasible_lines", "feasible_table"]

_FIELDS = (
    *map(Field, ("owner", "together")),
    Field("homes_low", "dwellings"),
    Field("homes_high", "dwellings"),
    *map(Field, ("part", "number", "agreement", "kind")),
    Field("units", "unit of the row"),
    *map(Field, ("unit", "wording")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One association, and whether what it agreed can hold; None where that can't be said.

    `wording` is what signed agreements say of an obligation, by its id.
    """

    owner: str
    found: Feasibility | None
    wording: Mapping[str, str] = field(default_factory=dict)


def feasible(inquiry: Inquiry) -> tuple[Held, ...]:
    """Ask for each association that owes something on the day."""
    counts = [
        each
        for each in inquiry.obligations()
        if each.obligation.start <= inquiry.day < each.obligation.end
    ]
    owing = {each.obligation.owner for each in counts}
    return tuple(
        Held(
            owner=owner,
            found=feasibility(
                inquiry.accounts(owner), [each for each in counts if each.obligation.owner == owner]
            ),
            wording={
                each.obligation.id: each.obligation.wording
                for each in counts
                if each.obligation.owner == owner and each.obligation.wording
            },
        )
        for owner in inquiry.owners
        if owner in owing
    )


# --- rows


def feasible_table(held: Iterable[Held]) -> Table:
    """Return a row for each agreement that clashes, and for each move of each way out."""
    return Table(
        name="feasibility", fields=_FIELDS, rows=tuple(row for each in held for row in _rows(each))
    )


def _rows(held: Held) -> Iterator[tuple[Value, ...]]:
    if held.found is None:
        yield (held.owner, "unknown", *(None,) * 9)
        return
    head = (held.owner, held.found.together.value, *held.found.homes)
    if held.found.conflict is None:
        for more in held.found.more:
            said = held.wording.get(more.promise)
            yield (*head, "one_more", None, more.promise, "promise", more.free, "households", said)
        return
    for name in held.found.conflict.agreements:
        said = held.wording.get(name)
        yield (*head, "conflict", None, name, _kind(held.found, name), None, None, said)
    for number, way_out in enumerate(held.found.conflict.relaxations, 1):
        for move in way_out.moves:
            kind, unit = _kind(held.found, move.agreement), _unit(held.found, move)
            said = held.wording.get(move.agreement)
            yield (*head, "way_out", number, move.agreement, kind, move.units, unit, said)


# --- documents


def feasible_items(held: Iterable[Held]) -> list[dict[str, Any]]:
    """Return whether everything holds, per association, for a document."""
    return [_item(each) for each in held]


def _item(held: Held) -> dict[str, Any]:
    found = held.found
    return {
        "owner": held.owner,
        "together": found.together.value if found else "unknown",
        "homes_low": found.homes[0] if found else None,
        "homes_high": found.homes[1] if found else None,
        "free_today": found.stock.free_today if found else None,
        "assumed": list(found.stock.assumed) if found else [],
        "promises": [
            {
                "obligation": each.id,
                "group": each.group,
                "owed": each.owed,
                "unit": each.unit,
                "households": each.households,
            }
            for each in (found.stock.question.promises if found else ())
        ],
        "conflict": _conflict(held, found, found.conflict) if found and found.conflict else None,
        "one_more": [
            {
                "obligation": more.promise,
                "free": more.free,
                "conflict": _conflict(held, found, more.conflict),
            }
            for more in (found.more if found else ())
            if found
        ],
    }


def _conflict(held: Held, found: Feasibility, conflict: Conflict) -> dict[str, Any]:
    return {
        "agreements": [_agreement(held, found, name) for name in conflict.agreements],
        "ways_out": [
            [
                {
                    **_agreement(held, found, move.agreement),
                    "units": move.units,
                    "unit": _unit(found, move),
                    "places": len(move.at),
                }
                for move in way_out.moves
            ]
            for way_out in conflict.relaxations
        ],
    }


def _agreement(held: Held, found: Feasibility, name: str) -> dict[str, Any]:
    rule = found.stock.rules.get(name)
    return {
        "agreement": name,
        "kind": _kind(found, name),
        "category": rule.category if rule else None,
        "level": rule.for_kind.name.lower() if rule else None,
        "row": rule.row if rule else None,
        "figure": rule.figure if rule else None,
        "set_by_kind": rule.set_by_kind if rule else None,
        "set_by": rule.set_by if rule else None,
        "hard": rule.hard if rule else None,
        "wording": held.wording.get(name),
    }


def _kind(found: Feasibility, name: str) -> str:
    rule = found.stock.rules.get(name)
    if rule is None:
        return "homes" if name == HOMES else "promise"
    return "cap" if rule.cap else "floor" if rule.floor else "band"


def _unit(found: Feasibility, move: Move) -> str:
    if move.agreement == HOMES:
        return "dwellings"
    promises = found.stock.question.promises
    return next((each.unit for each in promises if each.id == move.agreement), "households")


# --- words


def feasible_lines(inquiry: Inquiry, held: Iterable[Held], language: Language) -> Iterator[str]:
    """Yield for each association whether everything can hold, what clashes and the ways out."""
    for each in held:
        yield ""
        if each.found is None:
            yield _say("unknown", language, owner=each.owner)
            continue
        low, high = each.found.homes
        yield _say(each.found.together.value, language, owner=each.owner, low=low, high=high)
        said = _Sayer(each.found, inquiry.schemes[inquiry.scheme], language, each.wording)
        if each.found.conflict:
            yield from said.conflict(each.found.conflict)
        for more in each.found.more:
            yield said.one_more(more)


class _Sayer:
    """What is said of one association."""

    def __init__(
        self, found: Feasibility, scheme: Scheme, language: Language, wording: Mapping[str, str]
    ) -> None:
        self.found, self.scheme, self.language = found, scheme, language
        self.wording = wording
        self.promises = {each.id: each for each in found.stock.question.promises}

    def conflict(self, conflict: Conflict) -> Iterator[str]:
        if len(conflict.agreements) == 1:
            yield _say("none_suits", self.language, obligation=conflict.agreements[0])
            return
        yield _say("clashing", self.language)
        yield from (f"  - {self.name(each)}" for each in conflict.agreements)
        yield _say("ways_out", self.language)
        for number, way_out in enumerate(conflict.relaxations, 1):
            yield f"  {number}. {'; '.join(self.move(each) for each in way_out.moves)}"

    def one_more(self, more: OneMore) -> str:
        others = [name for name in more.conflict.agreements if name != more.promise]
        if not others:
            return _say("none_suits", self.language, obligation=more.promise)
        clash = "; ".join(map(self.name, others))
        return _say(
            "one_more" if more.free else "no_more",
            self.language,
            obligation=more.promise,
            free=more.free,
            clash=clash,
        )

    def name(self, agreement: str) -> str:
        """Return what an agreement says, in its own words where a signed one stands behind it."""
        if agreement == HOMES:
            return _say("homes", self.language, homes=self.found.stock.homes)
        rule = self.found.stock.rules.get(agreement)
        return self._promise(agreement) if rule is None else self._rule(rule)

    def _promise(self, agreement: str) -> str:
        each, words = self.promises[agreement], self.wording.get(agreement)
        return _say(
            "promise_in_words" if words else "promise",
            self.language,
            obligation=each.id,
            wording=words or "",
            owed=each.owed,
            unit=sentence(f"commands.unit.{each.unit}", self.language),
            group=each.group,
        )

    def _rule(self, rule: Rule) -> str:
        key = "cap" if rule.cap else "floor" if rule.floor else "band"
        word = f"words.category.{rule.category}.name"
        category = (
            sentence(word, self.language) if has_sentence(word, self.language) else rule.category
        )
        share = f"{rule.figure / 100:g}".replace(".", "," if self.language == "nl" else ".")
        return _say(
            key,
            self.language,
            row=rule.row,
            category=category,
            figure=str(rule.figure) if rule.cap else share,
            level=sentence(f"words.scope.{rule.for_kind.name.lower()}", self.language),
        )

    def move(self, move: Move) -> str:
        """Return what gives way, by how much."""
        rule = self.found.stock.rules.get(move.agreement)
        if move.agreement == HOMES:
            return _say("move_homes", self.language, units=move.units)
        if rule is None:
            unit = sentence(f"commands.unit.{_unit(self.found, move)}", self.language)
            return _say(
                "move_promise",
                self.language,
                obligation=move.agreement,
                units=move.units,
                unit=unit,
            )
        return _say(
            "move_rule",
            self.language,
            rule=self._rule(rule),
            units=move.units,
            places=len(move.at),
        )


def _say(key: str, language: Language, **facts: object) -> str:
    return sentence(f"commands.feasibility.{key}", language, **facts)
