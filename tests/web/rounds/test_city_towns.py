"""City rounds of whole made-up towns: what the command line says, and every stated reason true."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import time_machine
from django.utils import timezone
from typer.testing import CliRunner

from mixwijzer.cli import app
from mixwijzer.engine.allocation import Asked, LettingRound, checked, eligible
from mixwijzer.exchange.inquiry import Inquiry
from mixwijzer.exchange.rounds import Part, divided
from mixwijzer.exchange.synthetic import synthesize
from mixwijzer.exchange.tables import write
from mixwijzer.web.letting.services import Entered, enter, load_portfolio
from mixwijzer.web.rounds import bridge
from mixwijzer.web.rounds.models import CityHome, CityPerson, CityRound
from mixwijzer.web.rounds.screens.dividing import why_screen
from mixwijzer.web.rounds.selectors.choosing import choices
from mixwijzer.web.rounds.selectors.city import why_home, why_person
from mixwijzer.web.rounds.services import city
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.acting import a_key
from tests.web.rounds.cities import computed

pytestmark = pytest.mark.once

SEEDS = (1, 2, 3, 4)
HOMES, PEOPLE = 8, 25
INCOMES = ("low", "target", "middle", None)


@pytest.fixture(autouse=True)
def on_a_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def a_town(cast: Cast, seed: int) -> CityRound:
    """Bring in a made-up town with made-up candidates, and divide some of its homes."""
    cast.woonbelang.code = "zilverlinde"
    cast.woonbelang.save()
    made = synthesize(seed=seed, homes=600, day=TODAY).portfolio
    load_portfolio(portfolio=made, owner=cast.woonbelang, actor=None, now=NOW)
    groups = sorted({each.group for each in made.obligations})
    dice = np.random.default_rng(seed)
    for _ in range(PEOPLE):
        entered = Entered(
            size=int(dice.choice(5, p=(0.4, 0.25, 0.15, 0.15, 0.05))) + 1,
            registered=TODAY - timedelta(days=int(dice.integers(30, 6000))),
            income_class=INCOMES[dice.choice(4, p=(0.5, 0.35, 0.1, 0.05))],
            priority="urgency" if dice.random() < 0.1 else None,
            target_group=str(dice.choice(groups)) if dice.random() < 0.5 else None,
            accessible_needed=bool(dice.random() < 0.1),
        )
        enter(user=None, owner=cast.woonbelang, entered=entered, now=NOW)
    found = choices(cast.mo, day=TODAY)
    row = city.make(
        user=cast.mo,
        owner=cast.woonbelang,
        name="Stad",
        vacancies=[each.id for each in found.homes[:HOMES]],
        candidates=[each.id for each in found.people],
        key=a_key(),
        now=NOW,
    )
    return computed(cast.mo, row)


def part_of(row: CityRound) -> Part:
    homes = [each.vacancy.code for each in bridge.homes_of(row)]
    return Part(vacancies=homes, candidates=bridge.numbers_of(row))


@pytest.mark.parametrize("seed", SEEDS)
def test_it_is_what_the_command_line_says_of_the_same_portfolio(
    cast: Cast, seed: int, tmp_path: Path
):
    row = a_town(cast, seed)
    write(bridge.inquiry_of(cast.woonbelang, timezone.now()).portfolio, tmp_path / "stad.xlsx")
    words = ["allocate", str(tmp_path / "stad.xlsx"), "--json", "--day", TODAY.isoformat()]
    for each in part_of(row).vacancies or ():
        words += ["--vacancy", each]
    for number in part_of(row).candidates or ():
        words += ["--candidate", number]
    said = json.loads(CliRunner().invoke(app, words, catch_exceptions=False).stdout)
    ours, proof = row.result, said["divided"]
    assert {each["home"]: each["candidate"] for each in said["placements"]} == ours["placements"]
    assert {each["home"]: each["candidate"] for each in proof["in_order"]} == ours["in_order"]
    assert len(ours["placements"]) > 1
    for theirs, mine in (
        ("objective", "objective"),
        ("bound", "bound"),
        ("price_of_mix", "price"),
        ("let_without_bands", "without_bands"),
        ("longer", "longer"),
        ("sooner", "sooner"),
    ):
        assert proof[theirs] == ours[mine]
    assert proof["checked"]["holds"] is ours["holds"] is True
    reasons = {
        (each["candidate"], each["home"] or "", each["why"], each["other"] or "")
        for each in said["reasons"]
    }
    assert reasons == {tuple(each[:4]) for each in ours["reasons"]}
    counts = {each["agreement"]: each["count"] for each in said["agreements"]}
    assert counts == {name: told["count"] for name, told in ours["agreements"].items()}


class Truth:
    """What is so in a round, found out again: placements, pairs and sums of the checker."""

    def __init__(self, row: CityRound, inquiry: Inquiry) -> None:
        allocation = divided(inquiry, part=part_of(row)).allocation
        assert allocation is not None
        self.round: LettingRound = allocation.round
        self.placed = dict(row.result["placements"])
        self.inquiry = inquiry
        pairs = zip(
            self.round.pairs.home.tolist(),
            self.round.pairs.candidate.tolist(),
            self.round.pairs.value.tolist(),
            strict=True,
        )
        self.value = {
            (self.round.homes[home].id, self.round.candidates[person].id): value
            for home, person, value in pairs
        }

    def worth(self, placed: dict[str, str]) -> tuple[int, dict[str, int]]:
        """Return what a division is worth, and how far it steps outside each agreement."""
        found = checked(self.round, placed.items())
        assert found.holds
        return found.objective, {each.subject: each.amount for each in found.outside}

    def holds(self, candidate: str, home: str, kind: str, other: str, named: list[str]) -> bool:
        """Whether one stated reason is true."""
        match kind:
            case "placed":
                without = {h: c for h, c in self.placed.items() if h != home}
                return self.placed[home] == candidate and self._worse(without, named)
            case "elsewhere":
                return self.placed.get(other) == candidate and other != home
            case "earlier":
                holder = self.placed[home]
                mine, theirs = self.value[home, candidate], self.value[home, holder]
                return holder == other and theirs >= mine
            case "agreement":
                swapped = {**self.placed, home: candidate}
                free = home not in self.placed
                loses = self.worth(swapped)[0] <= self.worth(self.placed)[0]
                return (
                    (free or self.placed[home] == other) and loses and self._worse(swapped, named)
                )
            case "not_allowed":
                return not any(person == candidate for _, person in self.value)
        return self._kept_out(candidate, home, kind)

    def _worse(self, then: dict[str, str], named: list[str]) -> bool:
        """Whether exactly the agreements that are named are worse off in another division."""
        now, changed = self.worth(self.placed)[1], self.worth(then)[1]
        worse = {each for each, amount in changed.items() if amount > now.get(each, 0)}
        return worse == set(named)

    def _kept_out(self, candidate: str, home: str, rule: str) -> bool:
        portfolio = self.inquiry.portfolio
        person = next(each for each in portfolio.candidates if each.id == candidate)
        dwelling = portfolio.dwelling[portfolio.vacancy[home].dwelling]
        told = eligible(person, dwelling, Asked(), self.inquiry.norms, self.inquiry.day)
        first = told.against[0]
        said = f"no_{first.lacking}" if first.lacking else first.rule.value
        return said == rule and (home, candidate) not in self.value


@pytest.mark.parametrize("seed", SEEDS)
def test_every_stated_reason_is_true_and_every_pair_has_one(cast: Cast, seed: int):
    row = a_town(cast, seed)
    truth = Truth(row, bridge.inquiry_of(cast.woonbelang, timezone.now()))
    kinds = set()
    for candidate, home, kind, other, named in row.result["reasons"]:
        assert truth.holds(candidate, home, kind, other, named), (candidate, home, kind, other)
        kinds.add(kind)
    assert {"placed", "earlier", "size"} <= kinds
    told = {(home, candidate) for candidate, home, *_ in row.result["reasons"] if home}
    homes, people = part_of(row).vacancies or (), part_of(row).candidates or ()
    assert told == {(home, person) for home in homes for person in people}


def test_the_pages_tell_each_reason_from_both_sides(cast: Cast):
    a_town(cast, SEEDS[0])
    homes = list(CityHome.objects.for_organisation(cast.woonbelang))
    people = list(CityPerson.objects.for_organisation(cast.woonbelang))
    of_homes = [
        each for home in homes for each in _lines(why_home(cast.mo, home.public_id, now=NOW))
    ]
    of_people = [
        each for person in people for each in _lines(why_person(cast.mo, person.public_id, now=NOW))
    ]
    assert len(of_homes) == len(homes) * len(people)
    assert sorted(of_homes) == sorted(of_people)
    assert not any("·" in each for each in of_homes)  # no code of an agreement in a sentence


def _lines(why: object) -> list[str]:
    return [each.text for each in why_screen(why).rows]  # type: ignore[arg-type]
