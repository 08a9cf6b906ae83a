"""What goes along at the end of a period: each rule, half-years, and where it is counted."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from mixwijzer.engine.portfolio import Ground, Letting
from mixwijzer.engine.portfolio import Obligation as Promise
from mixwijzer.web.agreements import refusals, services
from mixwijzer.web.agreements.content import Clause, terms
from mixwijzer.web.agreements.models import Agreement, CarryOver, Obligation
from mixwijzer.web.agreements.selectors import agreement_page, agreement_work, board
from mixwijzer.web.agreements.transitions import Event, State
from mixwijzer.web.agreements.words import Carry
from mixwijzer.web.ui import formats
from tests.builders import BEFORE, hanzeveen, with_rows
from tests.cast import Cast
from tests.web.acting import load_town
from tests.web.agreements.agreeing import (
    HALVES,
    OTHER,
    PROMISE,
    a_framework,
    at,
    brought_to,
    fresh,
    puts,
    takes,
)
from tests.web.every_url import logged_in

SUMMER, NEW_YEAR, LATE = date(2026, 7, 1), date(2027, 1, 1), date(2027, 1, 8)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 1, 1), date(2027, 1, 1), [(1, 1), (7, 1), (1, 1)]),
        (date(2026, 8, 31), date(2027, 8, 31), [(8, 31), (2, 28), (8, 31)]),
        (date(2026, 1, 1), date(2026, 9, 1), [(1, 1), (7, 1), (9, 1)]),
        (date(2026, 1, 1), date(2026, 3, 1), [(1, 1), (3, 1)]),
    ],
)
def test_half_years_follow_each_other_without_a_gap(start, end, days):
    found = terms(replace(HALVES, number=1), "K", start, end)
    assert [each.code for each in found] == [f"K.1-{n}" for n in range(1, len(days))]
    edges = [found[0].start, *(each.end for each in found)]
    assert [(each.month, each.day) for each in edges] == days
    assert all(one.end == two.start for one, two in itertools.pairwise(found))


def test_only_a_clause_to_house_a_group_is_counted():
    assert terms(replace(OTHER, number=1), "K", date(2026, 1, 1), NEW_YEAR) == ()


def housed(cast: Cast, *days: date, group: str = "status_holder", persons: int = 3) -> None:
    """Let a home to the group on each of these days."""
    load_town(
        cast,
        with_rows(
            hanzeveen(),
            lettings=tuple(
                Letting(
                    vacancy=vacancy,
                    channel="mediation",
                    ground=Ground.DIRECT_MEDIATION,
                    group=group,
                    persons=persons,
                    on=day,
                    recorded_at=BEFORE,
                )
                for vacancy, day in zip(("V-Molen-002", "V-oud"), days, strict=False)
            ),
        ),
    )


def offered(cast: Cast, row: Agreement, day: date) -> list[tuple[str, int, bool]]:
    """Return what is proposed on a day: which period, how many, and whether it has a next one."""
    page = agreement_page(cast.mo, row.public_id, now=at(day))
    return [(each.code, each.amount, each.into is not None) for each in page.proposals]


def carries(cast: Cast, row: Agreement, code: str, day: date, text: str = "") -> CarryOver:
    """Let Mo confirm what goes along."""
    return takes(cast.mo, fresh(row), Event.CARRY, at(day), code=code, text=text)


def promised(cast: Cast, code: str) -> tuple[int, int]:
    """Return what an obligation owes now: its own number, and what was carried over."""
    row = Obligation.objects.for_organisation(cast.woonbelang).get(code=code, replaced_at=None)
    return row.target, row.carried


def test_what_a_half_year_leaves_open_goes_to_the_other_half(cast: Cast):
    housed(cast, date(2026, 3, 1))
    row = brought_to(cast, State.SIGNED, replace(HALVES, carry=Carry.SHORT))
    one, two = f"{row.code}.1-1", f"{row.code}.1-2"
    assert offered(cast, row, date(2026, 6, 30)) == []
    assert offered(cast, row, SUMMER) == [(one, 5, True)]
    kept = carries(cast, row, one, SUMMER)
    assert (kept.owed, kept.done, kept.amount, kept.by) == (8, 3, 5, cast.mo)
    assert (promised(cast, one), promised(cast, two)) == ((8, 0), (8, 5))
    assert offered(cast, row, SUMMER) == []
    with pytest.raises(refusals.Nothing):
        carries(cast, row, one, SUMMER)
    line = next(each for each in board(cast.mo, day=SUMMER) if each.line.code == two)
    assert (line.line.owed, line.line.carried) == (13, 5)
    assert line.clause is not None
    assert line.clause.words == HALVES.words


def test_the_second_half_waits_for_what_the_first_one_leaves_open(cast: Cast):
    row = brought_to(cast, State.ENDED, HALVES)
    one, two = f"{row.code}.1-1", f"{row.code}.1-2"
    assert offered(cast, row, NEW_YEAR) == [(one, 8, True)]
    carries(cast, row, one, NEW_YEAR)
    assert offered(cast, row, NEW_YEAR) == [(two, 16, False)]
    with pytest.raises(refusals.Nothing):
        carries(cast, row, two, NEW_YEAR)


def two_years(cast: Cast, clause: Clause) -> tuple[Agreement, Agreement]:
    """Sign the slice of one year, and begin that of the next."""
    frame = a_framework(cast)
    first = services.start_slice(user=cast.mo, agreement=frame.public_id, now=at(SUMMER))
    first = brought_to(cast, State.SIGNED, row=puts(cast.mo, first, clause))
    return first, services.start_slice(user=cast.mo, agreement=frame.public_id, now=at(SUMMER))


def test_what_a_year_leaves_open_is_owed_by_the_next_slice_once_that_is_signed(cast: Cast):
    first, second = two_years(cast, PROMISE)
    old, new = f"{first.code}.2", f"{second.code}.2"
    services.lapse_due(owner=cast.woonbelang, now=at(NEW_YEAR))
    assert offered(cast, first, NEW_YEAR) == [(old, 6, True)]
    carries(cast, first, old, NEW_YEAR)
    codes = Obligation.objects.for_organisation(cast.woonbelang).values_list("code", flat=True)
    assert new not in codes
    brought_to(cast, State.SIGNED, row=second, now=at(NEW_YEAR))
    assert promised(cast, new) == (6, 6)


def test_what_goes_along_changes_a_next_slice_that_was_signed_already(cast: Cast):
    first, second = two_years(cast, PROMISE)
    new = f"{second.code}.2"
    brought_to(cast, State.SIGNED, row=second)
    assert promised(cast, new) == (6, 0)
    carries(cast, first, f"{first.code}.2", NEW_YEAR)
    assert promised(cast, new) == (6, 6)
    rows = Obligation.objects.for_organisation(cast.woonbelang).filter(code=new)
    assert [each.carried for each in rows.order_by("pk")] == [0, 6]  # what was known before stays


def carried_at_new_year(cast: Cast) -> tuple[Agreement, str, str]:
    """Let nothing be done in 2026, and let Mo confirm on 1 January that six go along."""
    first, second = two_years(cast, PROMISE)
    old, new = f"{first.code}.2", f"{second.code}.2"
    brought_to(cast, State.SIGNED, row=second)
    services.lapse_due(owner=cast.woonbelang, now=at(NEW_YEAR))
    carries(cast, first, old, NEW_YEAR)
    assert promised(cast, new) == (6, 6)
    return fresh(first), old, new


def test_a_letting_of_last_year_that_comes_in_later_is_proposed_again(cast: Cast):
    first, old, new = carried_at_new_year(cast)
    housed(cast, date(2026, 12, 29), group="outflow_shelter")
    assert offered(cast, first, LATE) == [(old, -1, True)]
    kept = carries(cast, first, old, LATE)
    assert (kept.owed, kept.done, kept.amount, kept.nth, kept.by) == (6, 1, -1, 2, cast.mo)
    assert promised(cast, new) == (6, 5)
    assert offered(cast, first, LATE) == []
    rows = CarryOver.objects.for_organisation(cast.woonbelang).filter(code=old).order_by("pk")
    assert [(each.amount, each.done) for each in rows] == [(6, 0), (-1, 1)]


def test_a_letting_that_turns_out_not_to_be_one_is_proposed_the_other_way(cast: Cast):
    first, old, new = carried_at_new_year(cast)
    housed(cast, date(2026, 12, 29), group="outflow_shelter")
    carries(cast, first, old, LATE)
    housed(cast, date(2026, 12, 29), group="status_holder")
    assert offered(cast, first, LATE) == [(old, 1, True)]
    carries(cast, first, old, LATE)
    assert promised(cast, new) == (6, 6)


def test_the_page_says_why_it_is_proposed_again_and_who_confirmed_what(cast: Cast):
    first, old, _new = carried_at_new_year(cast)
    housed(cast, date(2026, 12, 29), group="outflow_shelter")
    path = reverse("agreements:agreement", args=[first.public_id])
    with time_machine.travel(at(LATE)):
        told = logged_in(cast.mo).get(path).content.decode()
        assert "Toen Mo Staal het bevestigde, op" in told
        assert "waren er 0 van 6 huishoudens gedaan" in told
        assert "nu is het 1 van 6: er gaan er 1 minder mee" in told
        assert [each.what for each in agreement_work(cast.mo, now=at(LATE))] == ["carry"]
        carries(cast, first, old, LATE)
        told = logged_in(cast.mo).get(path).content.decode()
        assert "Toen Mo Staal" not in told
        assert f"Mo Staal, {formats.day(at(LATE), 'year')}" in told
        assert agreement_work(cast.mo, now=at(LATE)) == ()


def test_of_two_who_confirm_the_difference_at_once_one_counts(cast: Cast):
    first, old, new = carried_at_new_year(cast)
    housed(cast, date(2026, 12, 29), group="outflow_shelter")
    same = {"user": cast.mo, "agreement": first.public_id, "code": old, "now": at(LATE)}
    services.carry(**same, revision=first.revision)
    with pytest.raises(refusals.Changed):
        services.carry(**same, revision=first.revision)
    with pytest.raises(refusals.Nothing):
        services.carry(**same, revision=fresh(first).revision)
    row = CarryOver.objects.for_organisation(cast.woonbelang).get(code=old, nth=2)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    assert promised(cast, new) == (6, 5)


def test_after_a_year_it_is_not_counted_anew(cast: Cast):
    first, _old, _new = carried_at_new_year(cast)
    housed(cast, date(2026, 12, 29), group="outflow_shelter")
    assert offered(cast, first, date(2028, 1, 1)) == []


def test_what_was_done_beyond_it_takes_a_reason_and_never_more_than_the_next_one_owes(cast: Cast):
    housed(cast, date(2026, 3, 1), group="outflow_shelter")
    first, second = two_years(cast, replace(PROMISE, households=0))
    puts(cast.mo, second, replace(PROMISE, number=2, households=3))
    assert offered(cast, first, NEW_YEAR) == [(f"{first.code}.2", -1, True)]
    with pytest.raises(refusals.TextMissing):
        carries(cast, first, f"{first.code}.2", NEW_YEAR)
    carries(cast, first, f"{first.code}.2", NEW_YEAR, "Eén huishouden kon eerder komen.")
    brought_to(cast, State.SIGNED, row=fresh(second), now=at(NEW_YEAR))
    assert promised(cast, f"{second.code}.2") == (3, -1)


def test_nothing_goes_along_to_a_slice_without_a_clause_for_the_group(cast: Cast):
    first, second = two_years(cast, PROMISE)
    services.remove_clause(
        user=cast.mo,
        agreement=second.public_id,
        number=2,
        revision=second.revision,
        now=at(SUMMER),
    )
    assert offered(cast, first, NEW_YEAR) == [(f"{first.code}.2", 6, False)]


def test_a_file_does_not_undo_what_was_signed(cast: Cast):
    row = brought_to(cast, State.SIGNED, replace(PROMISE, code="O-26"))
    told = Promise(
        id="O-26",
        group="outflow_shelter",
        owner="woonbelang",
        start=row.start,
        end=row.end,
        unit="households",
        target=99,
    )
    load_town(cast, with_rows(hanzeveen(), obligations=(told, replace(told, id="O-27"))))
    assert promised(cast, "O-26") == (6, 0)
    assert promised(cast, "O-27") == (99, 0)


def test_an_agreement_ends_by_itself_the_day_after_its_last(cast: Cast):
    row = brought_to(cast, State.SIGNED)
    assert services.lapse_due(owner=cast.woonbelang, now=at(date(2026, 12, 31))) == 0
    assert services.lapse_due(owner=cast.woonbelang, now=at(NEW_YEAR)) == 1
    assert services.lapse_due(owner=cast.woonbelang, now=at(NEW_YEAR)) == 0
    assert fresh(row).state == State.ENDED
