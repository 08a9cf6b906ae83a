"""Corrected leases show that fewer lived there than somebody judged or counted: which rows go?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.errors import AccountError
from mixwijzer.engine.norms import Assumptions
from mixwijzer.engine.portfolio import Count, Portfolio, Scope, ScopeKind
from mixwijzer.exchange.normbook import read_norms
from tests.builders import TODAY, a_complex, a_round, homes, joined

PLACE = Scope(ScopeKind.COMPLEX, "Vlier")
LEFT = date(2026, 6, 1)
COUNTED = Count(scope=PLACE, scheme="role", category="carrier", households=6, on=date(2026, 8, 1))


def vlier(*, stay: int, highs: tuple[int, int]) -> Portfolio:
    """Twelve homes of which so many were still lived in; two judges and a count of six."""
    town = joined(
        homes("Vlier", 12),
        Portfolio(
            complexes=(a_complex("Vlier"),),
            judgements=(
                *a_round("Vlier", "iris", attention=(0, 0, highs[0]), carrier=(0, 0, 1)),
                *a_round("Vlier", "hans", attention=(0, 0, highs[1]), carrier=(0, 0, 1)),
            ),
            counts=(COUNTED,),
        ),
    )
    leases = [
        each if number < stay else replace(each, end=LEFT)
        for number, each in enumerate(town.tenancies)
    ]
    return replace(town, tenancies=tuple(leases))


def accounts(portfolio: Portfolio) -> Accounts:
    return Accounts(portfolio, Assumptions.on(read_norms(), TODAY), TODAY)


@settings(max_examples=25, deadline=None)
@given(stay=st.integers(1, 12), highs=st.tuples(st.integers(1, 12), st.integers(1, 12)))
def test_without_what_cannot_be_an_account_stands_and_with_it_none(
    stay: int, highs: tuple[int, int]
) -> None:
    portfolio = vlier(stay=stay, highs=highs)
    found = accounts(portfolio).impossible(PLACE)
    by = {row.by for row in found if not isinstance(row, Count)}
    assert by == {name for name, high in zip(("iris", "hans"), highs, strict=True) if high > stay}
    assert (COUNTED in found) == (stay < COUNTED.households)
    assert len(found) == 2 * len(by) + (COUNTED in found)  # all that a judge said that day
    if found:
        with pytest.raises(AccountError, match="judgement_order"):
            accounts(portfolio).state(PLACE)
    rest = replace(
        portfolio,
        judgements=tuple(row for row in portfolio.judgements if row not in found),
        counts=tuple(row for row in portfolio.counts if row not in found),
    )
    assert accounts(rest).state(PLACE).account.households == stay
    assert accounts(rest).impossible(PLACE) == ()
