"""Who has to answer about the homes of a sheet, and what may each of them know of a home?

A partner mediates for a way or group when a request or candidate of it is open with it. A
municipality is asked where a clause in force says so. Whoever answers gets the complex and the kind
of home; the address comes with the match, at the step that needs it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, cast

from mixwijzer.engine.portfolio import Ground
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.accounts.roles import OrganisationKind
from mixwijzer.web.agreements.bridge import answering as clauses_that_ask
from mixwijzer.web.agreements.content import Clause
from mixwijzer.web.agreements.models import Agreement
from mixwijzer.web.agreements.words import Answers, ClauseKind
from mixwijzer.web.letting.models import Candidate, PlaceRequest
from mixwijzer.web.register import bridge as register
from mixwijzer.web.register.models import Area, ComplexFacts, Dwelling, Notice
from mixwijzer.web.rounds.answer_steps import AnswerState, Side, Silence
from mixwijzer.web.rounds.models import PartyAnswer, RoundItem, WeekRound

__all__ = ["Asked", "answer_state", "asked_about", "differs"]

SILENCE = "letting.week_silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One party that has to answer about one home, with what it gets to know."""

    item: RoundItem
    party: Organisation
    side: Side
    silence: Silence
    due: date
    told: Mapping[str, Any]
    because: Mapping[str, Any]


def asked_about(row: WeekRound, items: Sequence[RoundItem], day: date) -> tuple[Asked, ...]:
    """Return who has to answer about homes of a round as it is proposed now; nine queries."""
    proposed: Mapping[str, Any] = row.result.get("items", {})
    steered = [each for each in items if _steers(proposed.get(each.vacancy.code))]
    if not steered:
        return ()
    parties, homes = _Parties(row.owner, day), _Homes(row.owner, steered)
    return tuple(
        found
        for item in steered
        for found in _of(item, proposed[item.vacancy.code], parties, homes, day)
    )


def _steers(told: Mapping[str, Any] | None) -> bool:
    """Whether somebody else can have a say: the ordinary offer is for whoever reacts."""
    return told is not None and (told["ground"] != Ground.NONE_NEEDED or bool(told["group"]))


def _of(
    item: RoundItem, told: Mapping[str, Any], parties: _Parties, homes: _Homes, day: date
) -> Iterator[Asked]:
    due, known = homes.told(item, told)
    reasons: dict[Organisation, tuple[Silence, dict[str, Any]]] = {
        party: (parties.silence, {"kind": "mediates"}) for party in parties.mediating(told)
    }
    for agreement, clause in parties.clauses(told):
        said = {"kind": "clause", "agreement": agreement.title, "number": clause.number}
        meaning = Silence.YES if clause.answers == Answers.SILENT_YES else Silence.NOTHING
        reasons[cast("Organisation", agreement.municipality)] = (meaning, said)
    for party, (silence, because) in sorted(reasons.items(), key=lambda each: each[0].name):
        yield Asked(
            item=item,
            party=party,
            side=Side.MUNICIPALITY if party.kind == OrganisationKind.MUNICIPALITY else Side.PARTNER,
            silence=silence,
            due=max(due, day),
            told=known,
            because=because,
        )


class _Parties:
    """Who mediates for which group, and which clauses ask for an answer."""

    def __init__(self, owner: Organisation, day: date) -> None:
        self.owner, self.day = owner, day

    @cached_property
    def silence(self) -> Silence:
        """What the silence of a partner means; nothing where no norm says it."""
        said = register.norm_if_any(SILENCE, self.day) or {}
        return Silence.YES if said.get("partner") == "yes" else Silence.NOTHING

    def mediating(self, told: Mapping[str, Any]) -> tuple[Organisation, ...]:
        """Return who has something open of this group; of any, where a way has no group."""
        if told["ground"] != Ground.DIRECT_MEDIATION:
            return ()
        group = told["group"]
        return tuple({party for party, its in self._open if not group or its == group})

    @cached_property
    def _open(self) -> tuple[tuple[Organisation, str], ...]:
        requests = PlaceRequest.objects.for_organisation(self.owner).filter(
            replaced_at=None, closed_on=None, partner_organisation__isnull=False
        )
        people = Candidate.looking(self.owner).filter(
            keep_until__gte=self.day, partner_organisation__isnull=False
        )
        found = {
            *requests.values_list("partner_organisation", "group"),
            *people.values_list("partner_organisation", "target_group"),
        }
        known = Organisation.objects.in_bulk({key for key, _ in found})
        return tuple((known[key], group or "") for key, group in found)

    @cached_property
    def _asking(self) -> tuple[tuple[Agreement, Clause], ...]:
        return clauses_that_ask(self.owner, self.day)

    def clauses(self, told: Mapping[str, Any]) -> Iterator[tuple[Agreement, Clause]]:
        """Yield the clauses about a home's group, or about the ground on which it goes."""
        for agreement, clause in self._asking:
            of_group = clause.kind == ClauseKind.OBLIGATION and clause.group == told["group"]
            if of_group or (clause.ground and clause.ground == told["ground"]):
                yield agreement, clause


class _Homes:
    """What may be told of homes: the complex and the kind of home."""

    def __init__(self, owner: Organisation, items: Sequence[RoundItem]) -> None:
        rows = [each.vacancy for each in items]
        self.homes = Dwelling.last_known(owner, "code", [each.dwelling for each in rows])
        self.notices = Notice.last_known(owner, "code", [each.code for each in rows])
        self.facts = ComplexFacts.last_known(
            owner, "complex_id", [each.complex_id for each in rows]
        )
        areas = Area.objects.for_organisation(owner).filter(
            replaced_at=None, code__in=[each.neighbourhood for each in self.facts.values()]
        )
        self.areas = dict(areas.values_list("code", "name"))

    def told(self, item: RoundItem, way: Mapping[str, Any]) -> tuple[date, dict[str, Any]]:
        """Return the day to decide by, and what is told of a home and its way."""
        home, facts = self.homes[item.vacancy.dwelling], self.facts[item.vacancy.complex_id]
        notice = self.notices[item.vacancy.code]
        return notice.publication or notice.free_from, {
            "complex": facts.name,
            "neighbourhood": self.areas.get(facts.neighbourhood or "", ""),
            "rooms": home.rooms,
            "level": home.accessible,
            "free_from": notice.free_from.isoformat(),
            "channel": way["channel"],
            "name": way["name"],
            "ground": way["ground"],
            "source": way["source"],
            "group": way["group"],
        }


def differs(told: Mapping[str, Any], due: date, now: Asked, *, day: date) -> tuple[str, ...]:
    """Name what is different now from what a party was told."""
    kinds = {"name": "channel", "source": "ground"}
    changed = [kinds.get(key, key) for key in now.told if told.get(key) != now.told[key]]
    if due != now.due and not (due < day and now.due == day):  # a day that passed isn't news
        changed.append("due")
    return tuple(dict.fromkeys(changed))


def answer_state(lines: Sequence[PartyAnswer]) -> AnswerState:
    """Return where an answer stands after its lines."""
    return AnswerState(lines[-1].after) if lines else AnswerState.ASKED
