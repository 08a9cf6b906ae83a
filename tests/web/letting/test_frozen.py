"""What is written down comes back equal, and equal values give equal text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixwijzer.engine import portfolio
from mixwijzer.engine.portfolio import Area, Known, Scope, ScopeKind
from mixwijzer.web.letting.frozen import Frozen

FROZEN = Frozen(portfolio)
PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.sampled_from(Known),
    st.sampled_from(ScopeKind),
    st.builds(Scope, st.sampled_from(ScopeKind), st.text()),
    st.builds(Area, code=st.text(), kind=st.sampled_from(ScopeKind), name=st.text()),
)
VALUES = st.recursive(
    PLAIN,
    lambda inside: st.one_of(
        st.lists(inside).map(tuple), st.dictionaries(st.text(), inside, max_size=3)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_whatever_the_engine_knows_comes_back_equal(value):
    text = FROZEN.dump(value)
    back = FROZEN.load(text)
    assert back == value
    assert type(back) is type(value)
    assert FROZEN.dump(back) == text


def test_a_scope_can_be_the_key_of_a_mapping():
    scopes = {Scope(ScopeKind.COMPLEX, "A"): 1, Scope(ScopeKind.STAIRWELL, "A/1"): 2}
    assert FROZEN.load(FROZEN.dump(scopes)) == scopes


def test_a_float_keeps_its_last_bit():
    assert FROZEN.load(FROZEN.dump(0.1 + 0.2)) == 0.1 + 0.2


def test_a_moment_is_not_a_day():
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    assert FROZEN.load(FROZEN.dump((moment, date(2026, 11, 23)))) == (moment, date(2026, 11, 23))
    assert FROZEN.load(FROZEN.dump(Decimal("694.00"))) == Decimal("694.00")


@pytest.mark.parametrize("value", [object(), {1, 2}, b"x", type])
def test_what_is_no_value_of_the_engine_is_refused(value):
    with pytest.raises(TypeError):
        FROZEN.dump(value)


def test_a_class_of_somebody_else_is_neither_written_nor_made():
    from dataclasses import dataclass

    @dataclass
    class Stranger:
        name: str

    with pytest.raises(TypeError):
        FROZEN.dump(Stranger(name="x"))
    with pytest.raises(KeyError):
        FROZEN.load('{"$":"value","of":"Stranger","is":{"name":"x"}}')
