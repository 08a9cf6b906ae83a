"""What is kept of the homes beside an account is what the rows give when counted again."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from mixwijzer.web.register import services
from mixwijzer.web.register.bridge import Holding
from mixwijzer.web.register.models import AccountState, Dwelling, Tenancy
from mixwijzer.web.register.services import undoing
from tests.builders import NOW, TODAY, a_cap, bands, hanzeveen, with_rows
from tests.cast import Cast
from tests.web.acting import answers, decides, load_town
from tests.web.register.files import a_workbook, applied, changed_file, hanzeveen_in_files

LATER = NOW + timedelta(days=7)


def counted(cast: Cast, day: date) -> dict[str, tuple[Counter[tuple[object, ...]], int]]:
    """Count the homes by size and the departures of three years, per complex, row by row."""
    found: dict[str, tuple[Counter[tuple[object, ...]], int]] = {}
    homes = Dwelling.objects.for_organisation(cast.woonbelang).filter(replaced_at=None)
    leases = Tenancy.objects.for_organisation(cast.woonbelang).filter(replaced_at=None)
    for code in homes.values_list("complex__code", flat=True).distinct():
        sizes = Counter(
            (each.rooms, each.accessible or (each.floor is not None and each.floor <= 0))
            for each in homes.filter(complex__code=code, in_base=True)
        )
        left = leases.filter(complex__code=code, end__gt=day - timedelta(days=1095), end__lte=day)
        found[code] = (sizes, left.count())
    return found


def kept(cast: Cast, day: date) -> dict[str, tuple[Counter[tuple[object, ...]], int]]:
    rows = AccountState.objects.for_organisation(cast.woonbelang).filter(scheme="role")
    held = {row.scope_code: Holding.read(row.homes) for row in rows}
    return {
        code: (
            Counter({(size.rooms, size.level): size.homes for size in each.sizes}),
            each.departures(day),
        )
        for code, each in held.items()
    }


def test_homes_are_kept_as_they_are_after_a_decision_a_profile_and_a_notice(cast: Cast):
    load_town(cast, hanzeveen())
    assert kept(cast, TODAY) == counted(cast, TODAY)
    decides(cast.iris, answers(cast.iris, "Vlierhof 3"))
    assert kept(cast, TODAY) == counted(cast, TODAY)
    more = with_rows(
        hanzeveen(), profiles=bands("woonbelang", most=3000), caps=(a_cap("Vlier", 5),)
    )
    load_town(cast, more, now=LATER)
    assert kept(cast, LATER.date()) == counted(cast, LATER.date())


def test_homes_are_kept_as_they_are_after_an_import_and_after_taking_it_back(
    cast: Cast, tmp_path: Path, settings
):
    settings.HOME = tmp_path / "home"
    applied(cast.woonbelang, cast.anja, a_workbook(tmp_path, hanzeveen_in_files()), NOW)
    before = kept(cast, LATER.date())
    assert before == counted(cast, LATER.date())
    row = applied(cast.woonbelang, cast.anja, changed_file(tmp_path), LATER)
    for day in (LATER.date(), date(2026, 12, 1), date(2029, 12, 1)):
        assert kept(cast, day) == counted(cast, day)
    assert kept(cast, LATER.date()) != before
    undoing.undo(row=row, actor=cast.anja, now=LATER + timedelta(hours=1))
    assert kept(cast, LATER.date()) == before


@pytest.mark.parametrize(
    ("column", "other", "trouble"),
    [("homes", "[[[3,0,99]],[]]", "homes"), ("base", 99, "homes"), ("brief", "Molen", "account")],
)
def test_a_kept_figure_that_is_not_what_the_rows_give_is_named(
    town: Cast, column: str, other: object, trouble: str
):
    rows = AccountState.objects.for_organisation(town.woonbelang)
    value = rows.get(scope_code=other).brief if column == "brief" else other
    rows.filter(scope_code="Vlier").update(**{column: value})
    found = services.verify_accounts(owner=town.woonbelang, day=TODAY)
    assert [(each.scope, each.trouble) for each in found] == [("Vlier", trouble)]


def test_what_is_written_of_the_homes_comes_back(town: Cast):
    row = AccountState.objects.for_organisation(town.woonbelang).get(scope_code="Vlier")
    held = Holding.read(row.homes)
    assert held.text() == row.homes
    assert sum(size.homes for size in held.sizes) == row.base
