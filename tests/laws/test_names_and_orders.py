"""Names, addresses and the order of rows change nothing; a refused attribute has no way in."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from mixwijzer.engine import portfolio as rows
from mixwijzer.engine.advice import Advice, advise
from mixwijzer.engine.portfolio import Candidate, PlaceRequest, Portfolio
from tests.engine.cases import differences, whole_told
from tests.engine.random_cases import Dice
from tests.engine.random_towns import Story
from tests.engine.town import DAY, norms_of
from tests.engine.written import written
from tests.strategies import Json, dice, towns

# The order of channels is meant: ties go to the one listed first.
SHUFFLED = (
    "areas complexes dwellings tenancies judgements roles assessments profiles caps vacancies "
    "lettings"
).split()


def asked(story: Story, portfolio: Portfolio) -> Advice:
    """The advice on the vacancy of a random town."""
    return advise(portfolio, "V", DAY, norms_of(story.figures))


def shuffled(portfolio: Portfolio, throw: Dice) -> Portfolio:
    """The same rows in another order."""
    return replace(
        portfolio,
        **{
            name: tuple(table[index] for index in throw.permutation(len(table)))
            for name in SHUFFLED
            for table in [getattr(portfolio, name)]
        },
    )


@given(town=towns, throw=dice)
def test_the_order_of_rows_changes_not_one_byte(
    town: tuple[Story, Portfolio, Json], throw: Dice
) -> None:
    story, portfolio, _ = town
    first = written(asked(story, portfolio))
    assert written(asked(story, shuffled(portfolio, throw))) == first


# --- names ---------------------------------------------------------------------------------------

IDS = {"id", "code", "by", "household", "stairwell", "owner", "name", "address", "number"}


def names_in(portfolio: Portfolio) -> set[str]:
    """Every name that a row bears."""
    return {
        str(getattr(row, field.name))
        for table in fields(portfolio)
        for row in (getattr(portfolio, table.name) or () if table.name in SHUFFLED else ())
        for field in fields(row)
        if field.name in IDS and getattr(row, field.name)
    }


def new_names(names: set[str], throw: Dice) -> dict[str, str]:
    """Another name for each, so that the alphabet has another order."""
    letters = list(string.ascii_uppercase)
    fresh: dict[str, str] = {}
    for name in sorted(names):
        while (other := "".join(throw.choice(letters, 6))) in fresh.values():
            continue
        fresh[name] = other
    return fresh


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """Rename through and through; a stairwell's code is made of two names."""
    if isinstance(value, str) and not isinstance(value, Enum):
        head, slash, tail = value.partition("/")
        both = f"{names.get(head, head)}/{names.get(tail, tail)}" if slash else value
        return names.get(value, both)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{field.name: renamed(getattr(value, field.name), names) for field in fields(value)},
        )
    if isinstance(value, tuple):
        return tuple(renamed(item, names) for item in value)
    return value


def told(advice: Advice, portfolio: Portfolio) -> Json:
    """What was said, without the names of rules; what binds is told by its figures."""
    out = whole_told(advice, portfolio)
    for category in out["categories"].values():
        by_id = {rule["id"]: rule for rule in category["rules"]}
        binding = category["binding"]
        category["binding"] = binding and {
            key: by_id[binding[2]][key] for key in ("P", "size", "kind", "limit")
        }
        category["reasons"] = sorted(
            [by_id[reason[2]]["size"], by_id[reason[2]]["P"]] for reason in category["reasons"]
        )
        # Within a flip the changes come in the order of the rules' names.
        category["counterfactuals"] = [
            sorted([str(change[0]), str(change[-1])] for change in flip["changes"])
            for flip in category["counterfactuals"]["flips"]
        ]
        category["rules"] = sorted(
            (
                {key: value for key, value in rule.items() if key not in {"id", "scope"}}
                for rule in category["rules"]
            ),
            key=lambda rule: (rule["size"], rule["kind"], rule["limit"]),
        )
    return out


@given(town=towns, throw=dice)
def test_the_names_of_homes_people_and_rules_change_nothing(
    town: tuple[Story, Portfolio, Json], throw: Dice
) -> None:
    story, portfolio, _ = town
    names = new_names(names_in(portfolio), throw)
    other = renamed(portfolio, names)
    advice = advise(other, names["V"], DAY, norms_of(story.figures))
    assert not differences(
        told(advice, other), told(asked(story, portfolio), portfolio), within=1e-9
    )


# --- attributes ----------------------------------------------------------------------------------

REFUSED = set(
    "nationality origin birth religion belief health disability orientation gender sex ethnic "
    "language criminal sentence bsn income_exact diagnosis medical political surname".split()
)
READ = {
    "areas": {"code", "kind", "name", "parent", "year", "dwellings"},
    "complexes": {"id", "name", "neighbourhood", "owner", "lat", "lon", "magic_mix", "homes"},
    "tenancies": {"id", "dwelling", "start", "end", "lease_kind", "household"},
    "candidates": {
        "id",
        "size",
        "income_class",
        "registered",
        "priority",
        "target_group",
        "accessible_needed",
        "wishes",
    },
    "place_requests": {
        "number",
        "size",
        "kind",
        "group",
        "partner",
        "asked_on",
        "outcome",
        "closed_on",
    },
    "vacancies": {"id", "dwelling", "notice", "free_from", "publication", "closed_on"},
    "lettings": {"vacancy", "channel", "ground", "category", "group", "persons", "on"},
}
ROWS = {
    "areas": rows.Area,
    "complexes": rows.Complex,
    "tenancies": rows.Tenancy,
    "candidates": Candidate,
    "place_requests": PlaceRequest,
    "vacancies": rows.Vacancy,
    "lettings": rows.Letting,
}


@pytest.mark.parametrize("table", READ)
def test_a_table_that_speaks_of_people_has_exactly_the_fields_we_agreed(table: str) -> None:
    assert {field.name for field in fields(ROWS[table])} == READ[table] | {"recorded_at"}


def test_no_type_that_the_engine_reads_has_a_field_for_a_refused_attribute() -> None:
    types = [
        value for value in vars(rows).values() if isinstance(value, type) and is_dataclass(value)
    ]
    assert len(types) > 20
    for each in types:
        for field in fields(each):
            assert not REFUSED & set(field.name.split("_")), (each.__name__, field.name)


def test_a_row_does_not_even_accept_an_attribute_that_is_refused() -> None:
    with pytest.raises(TypeError):
        Candidate(id="k", size=1, registered=DAY, nationality="NL")  # type: ignore[call-arg]
    candidate = Candidate(id="k", size=1, registered=DAY)
    with pytest.raises((AttributeError, TypeError)):
        candidate.nationality = "NL"  # type: ignore[attr-defined]


def candidates(throw: Dice, number: int) -> tuple[Candidate, ...]:
    """People who wait, of every kind that the table knows."""
    return tuple(
        Candidate(
            id=f"K{index}",
            size=int(throw.integers(1, 8)),
            income_class=str(throw.choice(["low", "middle"])),
            registered=DAY,
            priority=str(throw.choice(["urgent", "none"])),
            target_group=str(throw.choice(["status_holder", "none"])),
            accessible_needed=bool(throw.random() < 0.5),
            wishes=str(throw.choice(["", "met tuin"])),
        )
        for index in range(number)
    )


def requests(throw: Dice, number: int) -> tuple[PlaceRequest, ...]:
    """What partners ask a place for."""
    return tuple(
        PlaceRequest(
            number=str(index),
            size=int(throw.integers(1, 8)),
            kind=str(throw.choice(["family", "single"])),
            group=str(throw.choice(["status_holder", "outflow"])),
            asked_on=DAY,
        )
        for index in range(number)
    )


@settings(max_examples=100)
@given(town=towns, throw=dice)
def test_who_is_waiting_and_what_addresses_look_like_changes_not_one_byte(
    town: tuple[Story, Portfolio, Json], throw: Dice
) -> None:
    """Candidates, requests, addresses, floors, BAG ids, names of complexes and areas: all inert."""
    story, portfolio, _ = town
    other = replace(
        portfolio,
        candidates=candidates(throw, 3),
        place_requests=requests(throw, 3),
        dwellings=tuple(
            replace(
                home,
                address=str(throw.choice(["Dorpsstraat 1", "Elders 2"])),
                floor=int(throw.integers(0, 12)),
                bag_id=f"{throw.integers(10**15):016d}",
                accessible=bool(throw.random() < 0.5),
                rooms=int(throw.integers(1, 6)),
                rent=Decimal(int(throw.integers(300, 1200))),
            )
            for home in portfolio.dwellings
        ),
        complexes=tuple(
            replace(
                each,
                name=str(throw.choice(["Zonnehof", "Kastanjehof"])),
                magic_mix=bool(throw.random() < 0.5),
            )
            for each in portfolio.complexes
        ),
        areas=tuple(replace(area, name="elders", year=2024) for area in portfolio.areas),
    )
    before, after = asked(story, portfolio), asked(story, other)
    same = replace(after, alternatives=before.alternatives)
    assert written(same) == written(before)


def test_two_runs_of_the_dice_give_the_same_town() -> None:
    """The laws above compare what was asked twice: the question itself must not vary."""
    one, other = (Story(np.random.default_rng(4)).portfolio() for _ in range(2))
    assert written(vars(one)) == written(vars(other))
