"""From the day of adoption the rows are what was adopted: nothing twice, nothing edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from django.utils.timezone import localdate
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from mixwijzer.web.letting.bridge import gather
from mixwijzer.web.letting.services import load_portfolio, open_advice
from mixwijzer.web.profiles import bridge, refusals, services
from mixwijzer.web.profiles.content import BandLine, Content
from mixwijzer.web.profiles.models import Cap, ProfileRow, Version
from mixwijzer.web.profiles.screens import list_tables
from mixwijzer.web.profiles.selectors import list_pages
from mixwijzer.web.profiles.transitions import Event, State
from mixwijzer.web.register.models import Complex
from tests.builders import NOW, hanzeveen
from tests.cast import Cast, make_cast
from tests.web.acting import answers, load_town, the_page
from tests.web.kept import kept
from tests.web.profiles.drafting import (
    ALL,
    AROUND,
    MOLEN,
    TEXT,
    VLIER,
    a_content,
    brought_to,
    takes,
)

DAY = localdate(NOW)


def laid_down(cast: Cast) -> list[ProfileRow | Cap]:
    """Return the rows that hold by now, of versions and of files."""
    return [
        row
        for model in (ProfileRow, Cap)
        for row in model.objects.for_organisation(cast.woonbelang).filter(replaced_at=None)
    ]


def meet(one: ProfileRow | Cap, other: ProfileRow | Cap) -> bool:
    """Whether two rows set the same thing on some day."""
    same = all(
        getattr(one, name) == getattr(other, name)
        for name in ("set_by_kind", "set_by", "for_kind", "scheme", "category")
    )
    first, last = max(one.start, other.start), min(one.end or date.max, other.end or date.max)
    return type(one) is type(other) and same and first < last


def test_adopted_bands_and_caps_become_the_rows_that_advice_reads(town: Cast):
    row = brought_to(town, State.ADOPTED, a_content(most=2500, cap=7))
    lines, caps = bridge.lines_of(town.woonbelang, VLIER)
    assert [(each.band.max, each.start, each.end) for each in lines] == [(2500, DAY, None)]
    assert [each.at_most for each in caps] == [7]
    assert lines[0].id.startswith(str(row.public_id))


def test_where_no_place_has_a_profile_there_is_none_to_inherit(cast: Cast):
    with override("en"):
        told = {row[2] for _, table, _ in list_tables(list_pages(cast.mo)) for row in table.rows}
    assert told == {"none yet"}


def test_a_successor_ends_what_held_and_keeps_it_in_the_ledger(town: Cast):
    first = brought_to(town, State.ADOPTED, a_content(most=2500))
    later = NOW + timedelta(days=30)
    brought_to(town, State.ADOPTED, a_content(most=3000), now=later)
    first.refresh_from_db()
    assert (first.state, first.ends) == (State.REPLACED, localdate(later))
    told = ProfileRow.objects.for_organisation(town.woonbelang).filter(
        code__startswith=str(first.public_id)
    )
    assert [(each.end, each.replaced_at) for each in told.order_by("pk")] == [
        (None, later),
        (localdate(later), None),
    ]


def test_what_the_files_say_of_an_adopted_place_no_longer_comes_in(town: Cast):
    brought_to(town, State.ADOPTED, a_content(most=2500), place=ALL)
    load_portfolio(
        portfolio=hanzeveen(), owner=town.woonbelang, actor=None, now=NOW + timedelta(days=1)
    )
    spoken = bridge.lines_of(town.woonbelang, ALL)[0]
    in_force = [
        each for each in spoken if each.start <= DAY and (each.end is None or each.end > DAY)
    ]
    assert {each.band.max for each in in_force} == {2500}


def test_nothing_is_adopted_from_a_day_that_is_past(town: Cast):
    row = brought_to(town, State.ADVISED_FOR)
    with pytest.raises(refusals.WrongDay):
        takes(town.mo, row, Event.ADOPT, start=DAY - timedelta(days=1))


def test_nor_from_after_its_own_end(town: Cast):
    row = brought_to(town, State.ADVISED_FOR, a_content(until=DAY + timedelta(days=10)))
    with pytest.raises(refusals.WrongDay):
        takes(town.mo, row, Event.ADOPT, start=DAY + timedelta(days=10))


def test_a_profile_that_runs_into_a_later_one_is_refused_and_named(town: Cast):
    later = DAY + timedelta(days=60)
    brought_to(town, State.ADOPTED, a_content(most=2500), start=later)
    row = brought_to(town, State.ADVISED_FOR, a_content(most=3000))
    with pytest.raises(refusals.Overlaps) as caught:
        takes(town.mo, row, Event.ADOPT, start=DAY)
    assert caught.value.since == later


def test_one_that_ends_before_the_later_begins_fits(town: Cast):
    later = DAY + timedelta(days=60)
    brought_to(town, State.ADOPTED, a_content(most=2500), start=later)
    brought_to(town, State.ADOPTED, a_content(most=3000, until=later))
    lines = bridge.lines_of(town.woonbelang, VLIER)[0]
    assert sorted((each.start, each.end) for each in lines) == [(DAY, later), (later, None)]
    assert {each.state for each in Version.objects.for_organisation(town.woonbelang)} == {"adopted"}


def test_withdrawing_an_adopted_profile_gives_the_place_back_to_the_wider_one(town: Cast):
    row = brought_to(town, State.ADOPTED)
    takes(town.mo, row, Event.WITHDRAW, NOW + timedelta(days=3))
    lines = bridge.lines_of(town.woonbelang, VLIER)[0]
    assert [each.end for each in lines] == [DAY + timedelta(days=3)]


def test_a_profile_lapses_on_its_last_day(town: Cast):
    row = brought_to(town, State.ADOPTED, a_content(until=DAY + timedelta(days=10)))
    for days, state in ((9, State.ADOPTED), (10, State.LAPSED)):
        services.lapse_due(owner=town.woonbelang, now=NOW + timedelta(days=days))
        row.refresh_from_db()
        assert row.state == state


def test_a_new_draft_begins_with_what_the_place_has_set_itself(town: Cast):
    brought_to(town, State.ADOPTED, a_content(most=2500, cap=7))
    row = services.start(user=town.mo, owner=town.woonbelang, place=VLIER, now=NOW)
    own = bridge.own_content(town.woonbelang, VLIER, DAY)
    assert row.number == 2
    assert [each.max for each in own.bands] == [2500]
    assert [each.at_most for each in own.caps] == [7]


# --- what was told beforehand is what comes ------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "content"),
    [
        (VLIER, a_content(most=2500)),
        (VLIER, a_content(most=None, cap=6)),
        (MOLEN, a_content(most=1000)),
        (AROUND, a_content(most=2000, for_kind="neighbourhood")),
        (AROUND, a_content(most=5000)),
        (ALL, a_content(most=2500)),
        (ALL, a_content(most=None, cap=1, for_kind="stairwell")),
    ],
)
def test_the_forecast_is_what_advice_says_after_adoption(town: Cast, place, content):
    """Two ways: the comparison beforehand, and the advice itself once the rows are there."""
    told = bridge.consequences(town.woonbelang, place, content, DAY).vacancies
    assert told
    complexes = dict(Complex.objects.for_organisation(town.woonbelang).values_list("code", "pk"))

    def advised(vacancy: str, code: str) -> bridge.Told:
        advice = gather(town.woonbelang, complexes[code], vacancy, DAY).advice
        return bridge.Told(
            verdicts={each.category: each.verdict.name.lower() for each in advice.categories},
            chances={
                each.category: each.binding.chance if each.binding else 1.0
                for each in advice.categories
            },
            channel=advice.recommended or "",
        )

    for each in told:
        assert advised(each.vacancy, each.complex) == each.before
    brought_to(town, State.ADOPTED, content, place=place)
    for each in told:
        assert advised(each.vacancy, each.complex) == each.after
    assert bridge.consequences(town.woonbelang, place, content, DAY).places == ()


def test_an_opened_advice_shows_the_new_profile_when_it_is_opened_again(town: Cast):
    before = answers(town.iris, "Vlierhof 3").advice.category("attention").verdict
    brought_to(town, State.ADOPTED, a_content(most=1000))
    page = the_page(town.iris, "Vlierhof 3")
    open_advice(user=town.iris, vacancy=page.id, now=NOW + timedelta(minutes=5))
    after = the_page(town.iris, "Vlierhof 3").advice.category("attention")
    assert after.verdict < before


def test_a_forecast_takes_a_fixed_number_of_queries(town: Cast, django_assert_num_queries):
    for place in (ALL, AROUND):
        with django_assert_num_queries(18):
            bridge.consequences(town.woonbelang, place, a_content(), DAY)


class AdoptedRowsNeverOverlap(TestCase):
    """Whatever is adopted in whatever order, one thing is set once on any day."""

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        plans=st.lists(
            st.tuples(
                st.sampled_from([VLIER, ALL]),
                st.integers(0, 90),
                st.none() | st.integers(1, 120),
                st.booleans(),
            ),
            min_size=2,
            max_size=4,
        )
    )
    def test_rows(self, plans):
        cast = kept("cast", make_cast)
        kept("town", lambda: load_town(cast, hanzeveen()))
        for place, first, length, withdrawn in plans:
            start = DAY + timedelta(days=first)
            until = start + timedelta(days=length) if length else None
            row = brought_to(cast, State.ADVISED_FOR, a_content(until=until), place=place)
            try:
                row = takes(cast.mo, row, Event.ADOPT, start=start)
            except refusals.Overlaps:
                row.refresh_from_db()
                takes(cast.mo, row, Event.WITHDRAW)
                continue
            if withdrawn:
                takes(cast.mo, row, Event.WITHDRAW)
        rows = laid_down(cast)
        assert not [(one, other) for one, other in combinations(rows, 2) if meet(one, other)]


def test_the_law_notices_two_rows_for_one_thing(town: Cast):
    brought_to(town, State.ADOPTED)
    mine = next(row for row in laid_down(town) if "#" in row.code)
    ProfileRow(
        **{
            **{each.attname: getattr(mine, each.attname) for each in mine._meta.concrete_fields},
            "id": None,
            "code": "twice",
        }
    ).save(force_insert=True)
    rows = laid_down(town)
    assert [(one, other) for one, other in combinations(rows, 2) if meet(one, other)]


def test_a_band_keeps_its_fill_up_plan_through_a_new_draft(town: Cast):
    plan = BandLine(
        for_kind="complex", category="attention", max=3500, fill_up_until=DAY + timedelta(days=90)
    )
    content = replace(a_content(most=None), bands=(plan,))
    brought_to(town, State.ADOPTED, content)
    assert bridge.own_content(town.woonbelang, VLIER, DAY).bands == (plan,)
    assert Content.from_json(content.to_json()) == content
    assert TEXT in content.motive.values()
