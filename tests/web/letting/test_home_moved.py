"""A file says that a home lies in another complex: what is known of the home goes along."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.urls import reverse

from mixwijzer.web.letting import services
from mixwijzer.web.letting.bridge import Advice
from mixwijzer.web.letting.transitions import State
from mixwijzer.web.register.models import Import, Letting, Notice, Tenancy
from mixwijzer.web.register.services import undo, verify_accounts
from tests.builders import TODAY
from tests.cast import Cast
from tests.web.acting import answers, decides, the_page, the_vacancy
from tests.web.every_url import logged_in
from tests.web.letting.test_notice_gone import (  # noqa: F401 (fixtures)
    LATER,
    delivered,
    loaded,
    on_a_monday_morning,
    the_vacancy_of,
)
from tests.web.register.files import hanzeveen_in_files


def moved(cast: Cast, folder: Path) -> Import:
    """Bring in a file that tells of the homes alone: Vlierhof 3 belongs to Molenhof."""
    homes = tuple(
        replace(each, complex="Molen") if each.id == "Vlier-003" else each
        for each in hanzeveen_in_files().dwellings
    )
    row = delivered(cast, folder, dwellings=homes, tenancies=(), vacancies=())
    assert row.state == "applied", row.findings
    return row


def places(cast: Cast) -> set[str]:
    """Return the complexes of which the lease, the notice and the letting of that home are."""
    rows = [
        model.objects.for_organisation(cast.woonbelang).filter(replaced_at=None, **{name: code})
        for model, name, code in (
            (Tenancy, "dwelling", "Vlier-003"),
            (Notice, "dwelling", "Vlier-003"),
            (Letting, "notice", "V-Vlier-003"),
        )
    ]
    return {code for each in rows for code in each.values_list("complex__code", flat=True)}


def test_the_work_on_a_home_that_moved_goes_on_in_its_new_complex(loaded: Cast, tmp_path):  # noqa: F811
    """It begins with the question again: what was said is about elsewhere."""
    answers(loaded.iris, "Vlierhof 3")
    row = moved(loaded, tmp_path)
    assert row.diff["tables"]["tenancies"]["changed"] == 1
    assert row.diff["tables"]["tenancies"]["vanished"] == 0
    assert places(loaded) == {"Molen"}
    vacancy = the_vacancy_of(loaded, 3)
    assert (vacancy.complex.code, vacancy.state) == ("Molen", State.NOTICED)
    for person in (loaded.iris, loaded.mo):
        path = reverse("letting:vacancy", args=[vacancy.public_id])
        answer = logged_in(person).get(path)
        assert answer.status_code == 200
    services.answer(
        user=loaded.iris,
        vacancy=vacancy.public_id,
        ranges={"attention": (2, 3, 4), "carrier": (1, 2, 3)},
        known="most",
        now=LATER,
    )
    page = the_page(loaded.iris, "Vlierhof 3", LATER)
    assert isinstance(page.advice, Advice)
    decides(loaded.iris, page, now=LATER)
    assert verify_accounts(owner=loaded.woonbelang, day=TODAY) == ()


@pytest.mark.parametrize("decided", [False, True])
def test_a_move_that_is_taken_back_brings_everything_back(loaded: Cast, tmp_path, decided):  # noqa: F811
    if decided:
        decides(loaded.iris, answers(loaded.iris, "Vlierhof 3"))
    row = moved(loaded, tmp_path)
    assert places(loaded) == {"Molen"}
    assert verify_accounts(owner=loaded.woonbelang, day=TODAY) == ()
    undo(row=row, actor=loaded.anja, now=LATER)
    assert places(loaded) == {"Vlier"}
    assert the_vacancy_of(loaded, 3).complex.code == "Vlier"
    assert the_vacancy(loaded.iris, "Vlierhof 3").state in {State.NOTICED, State.DECIDED}
    assert verify_accounts(owner=loaded.woonbelang, day=TODAY) == ()
