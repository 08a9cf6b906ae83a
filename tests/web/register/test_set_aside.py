"""Corrected leases make an older judgement impossible: it is set aside and told, never silently."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine

from mixwijzer.engine.portfolio import Count, Portfolio, Scope, ScopeKind
from mixwijzer.exchange.wording import finding_text
from mixwijzer.web.audit.models import Event
from mixwijzer.web.letting.services import load_portfolio, notice
from mixwijzer.web.register import bridge, services
from mixwijzer.web.register.models import Complex, Dwelling, Import, Judgement
from mixwijzer.web.register.models import Count as CountRow
from mixwijzer.web.register.services import applying, verify_accounts
from tests.builders import NOW, TODAY, a_round
from tests.cast import Cast
from tests.web.acting import load_town, the_vacancy
from tests.web.every_url import logged_in
from tests.web.register.files import a_workbook, applied, hanzeveen_in_files, homes_only, read
from tests.web.register.test_import import known
from tests.web.register.test_import_pages import sent, the_page, uploaded

LATER = NOW + timedelta(hours=2)
LEFT = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def a_place_of_its_own(settings, tmp_path: Path):
    settings.HOME = tmp_path / "home"
    with time_machine.travel(LATER):
        yield


@pytest.fixture
def loaded(cast: Cast, tmp_path) -> Cast:
    town = hanzeveen_in_files()
    counted = Count(
        scope=Scope(ScopeKind.COMPLEX, "Vlier"),
        scheme="role",
        category="carrier",
        households=9,
        on=date(2026, 8, 1),
        recorded_at=NOW,
    )
    path = a_workbook(tmp_path, replace(town, counts=(counted,)))
    applied(cast.woonbelang, cast.anja, path, NOW)
    return cast


def corrected(*, stay: int) -> Portfolio:
    """Return the town in which only so many of the Vlierhof's households still lived there."""
    town = homes_only(hanzeveen_in_files())
    return replace(
        town,
        tenancies=tuple(
            replace(each, end=LEFT)
            if each.dwelling.startswith("Vlier") and int(each.dwelling[-3:]) > stay
            else each
            for each in town.tenancies
        ),
    )


def standing(cast: Cast) -> set[str]:
    rows = Judgement.objects.for_organisation(cast.woonbelang).filter(replaced_at=None)
    return set(rows.filter(complex__code="Vlier").values_list("by", flat=True))


def counts(cast: Cast) -> int:
    return CountRow.objects.for_organisation(cast.woonbelang).filter(replaced_at=None).count()


def test_only_what_can_no_longer_be_is_set_aside_and_the_page_says_so_beforehand(
    loaded: Cast, tmp_path
):
    """Eight households lived there: Iris said at most eight, Hans nine; nine were counted."""
    before = known(loaded)
    client = logged_in(loaded.anja)
    uploaded(client, a_workbook(tmp_path, corrected(stay=8), "corrected.xlsx"))
    page = the_page(client)
    assert "opzij gelegd" in page
    found = Import.of_everybody.latest("pk")
    assert sum(each["code"] == "judgement_set_aside" for each in found.findings) == 2
    assert known(loaded) == before

    batch = found.public_id
    row = services.confirm(
        row=services.one_import(loaded.woonbelang, batch), actor=loaded.anja, now=LATER
    )
    done = services.write_import(row, now=LATER)
    assert standing(loaded) == {"iris"}
    assert counts(loaded) == 0
    assert verify_accounts(owner=loaded.woonbelang, day=TODAY) == ()
    assert "opzij gelegd" in the_page(client)
    event = Event.objects.for_organisation(loaded.woonbelang).latest("number")
    assert '"set_aside":2' in event.payload

    services.undo(row=done, actor=loaded.anja, now=LATER + timedelta(hours=1))
    assert known(loaded) == before
    assert verify_accounts(owner=loaded.woonbelang, day=TODAY) == ()


def test_taking_back_does_not_repeat_what_was_judged_again_since(loaded: Cast, tmp_path):
    path = a_workbook(tmp_path, corrected(stay=8), "corrected.xlsx")
    done = applied(loaded.woonbelang, loaded.anja, path, LATER)
    place = Complex.objects.for_organisation(loaded.woonbelang).get(code="Vlier")
    anew = a_round("Vlier", "hans", attention=(2, 3, 4), on=date(2026, 9, 10))
    load_like = {"complex_id": place.pk, "judge_id": None}
    services.store(
        table=bridge.JUDGEMENTS,
        owner=loaded.woonbelang,
        values=anew,
        now=LATER + timedelta(minutes=5),
        extra=lambda _: load_like,
    )
    services.undo(row=done, actor=loaded.anja, now=LATER + timedelta(hours=1))
    rows = Judgement.objects.for_organisation(loaded.woonbelang).filter(replaced_at=None, by="hans")
    assert {row.high for row in rows} == {4}
    assert verify_accounts(owner=loaded.woonbelang, day=TODAY) == ()


def test_a_judgement_given_while_the_file_is_being_written_is_looked_at_too(
    loaded: Cast, tmp_path, monkeypatch
):
    row = read(loaded.woonbelang, loaded.anja, a_workbook(tmp_path, corrected(stay=8)), LATER)
    row = services.confirm(row=row, actor=loaded.anja, now=LATER)
    place = Complex.objects.for_organisation(loaded.woonbelang).get(code="Vlier")
    sign_of_life = applying.at_step

    def meanwhile(batch: Import, step: str) -> None:
        if step == "writing":
            services.record_judgements(
                owner=loaded.woonbelang,
                complex_id=place.pk,
                judge=loaded.iris,
                values=a_round("Vlier", "", attention=(9, 10, 11), on=TODAY),
                now=LATER,
                day=TODAY,
            )
        sign_of_life(batch, step)

    monkeypatch.setattr(applying, "at_step", meanwhile)
    done = services.write_import(row, now=LATER + timedelta(minutes=1))
    assert done.state == "applied"
    assert standing(loaded) == {"iris"}
    assert sum(each["code"] == "judgement_set_aside" for each in done.findings) == 3
    assert verify_accounts(owner=loaded.woonbelang, day=TODAY) == ()


def test_a_file_that_judges_more_households_than_it_lets_live_there_is_refused(
    cast: Cast, tmp_path
):
    """Two of its own tables contradict each other: that is for who made the file to mend."""
    town = replace(corrected(stay=6), judgements=hanzeveen_in_files().judgements, data_date=TODAY)
    client = logged_in(cast.anja)
    uploaded(client, a_workbook(tmp_path, town))
    assert Import.of_everybody.latest("pk").state == "refused"
    page = the_page(client)
    assert "het hoogste aantal ligt daarboven" in page
    assert "judgements" in page
    assert not Dwelling.objects.for_organisation(cast.woonbelang).exists()


def test_an_import_whose_households_were_judged_since_is_not_taken_back(loaded: Cast, tmp_path):
    """Whoever moved in by this file was among those judged; taking back would leave too few."""
    moved_in = corrected(stay=24)
    lease = moved_in.tenancies[0]
    more = tuple(
        replace(lease, id=f"N-{number}", dwelling=f"Nieuw-{number}") for number in range(4)
    )
    homes = tuple(
        replace(moved_in.dwellings[0], id=f"Nieuw-{number}", complex="Molen", address="")
        for number in range(4)
    )
    file = replace(
        moved_in,
        dwellings=(*moved_in.dwellings, *homes),
        tenancies=(*moved_in.tenancies, *more),
    )
    done = applied(loaded.woonbelang, loaded.anja, a_workbook(tmp_path, file), LATER)
    place = Complex.objects.for_organisation(loaded.woonbelang).get(code="Molen")
    services.record_judgements(
        owner=loaded.woonbelang,
        complex_id=place.pk,
        judge=loaded.iris,
        values=a_round("Molen", "", attention=(11, 12, 14), on=TODAY),
        now=LATER + timedelta(minutes=5),
        day=TODAY,
    )
    client = logged_in(loaded.anja)
    answer = sent(client, "register:undo", done.public_id)
    assert "die dan niet meer kunnen kloppen: 1." in answer.content.decode()
    done.refresh_from_db()
    assert done.state == "applied"


def test_stairwells_that_take_homes_away_set_aside_what_was_said_of_the_group(cast: Cast):
    town = hanzeveen_in_files()
    halves = tuple(
        replace(each, stairwell="AB"[int(each.id[-3:]) > 12]) if each.complex == "Vlier" else each
        for each in town.dwellings
    )
    groups = tuple(
        replace(each, scope=Scope(ScopeKind.STAIRWELL, f"Vlier/{name}"), low=1, best=2, high=10)
        for name in "AB"
        for each in a_round("Vlier", "iris", attention=(1, 2, 10))
    )
    load_town(cast, replace(town, dwellings=halves, judgements=groups))
    place = Complex.objects.for_organisation(cast.woonbelang).get(code="Vlier")
    homes = Dwelling.objects.for_organisation(cast.woonbelang).filter(
        complex=place, replaced_at=None, stairwell="A"
    )
    moved = {str(home.public_id): "B" for home in homes[:8]}
    client = logged_in(cast.anja)
    answer = sent(client, "register:draw", place.public_id, **moved).content.decode()
    assert "8 woningen" in answer
    assert "opzij gelegd" in answer
    rows = Judgement.objects.for_organisation(cast.woonbelang).filter(replaced_at=None)
    assert set(rows.filter(complex=place).values_list("scope_code", flat=True)) == {"Vlier/B"}
    assert verify_accounts(owner=cast.woonbelang, day=TODAY) == ()


def test_a_portfolio_that_says_what_cannot_be_comes_in_without_it_and_says_so(cast: Cast):
    town = corrected(stay=8)
    rounds = tuple(
        each
        for who, most in (("iris", 8), ("hans", 9))
        for each in a_round("Vlier", who, attention=(2, 3, most))
    )
    done = load_portfolio(
        portfolio=replace(town, judgements=rounds),
        owner=cast.woonbelang,
        actor=None,
        now=NOW,
        judges={"iris": cast.iris, "hans": cast.hans},
    )
    (told,) = [finding_text(each, "nl") for each in done.findings]
    assert "8 huishoudens" in told
    assert "opzij gelegd" in told
    rows = Judgement.objects.for_organisation(cast.woonbelang).filter(replaced_at=None)
    assert set(rows.values_list("judge_id", flat=True)) == {cast.iris.pk}
    assert verify_accounts(owner=cast.woonbelang, day=TODAY) == ()


def test_a_notice_typed_of_a_day_that_is_past_sets_aside_what_it_contradicts(town: Cast):
    """Of twelve households twelve were spoken of; one had left by then."""
    place = Complex.objects.for_organisation(town.woonbelang).get(code="Molen")
    services.record_judgements(
        owner=town.woonbelang,
        complex_id=place.pk,
        judge=town.iris,
        values=a_round("Molen", "", attention=(11, 12, 12), on=TODAY),
        now=LATER,
        day=TODAY,
    )
    home = Dwelling.objects.for_organisation(town.woonbelang).get(code="Molen-007")
    done = notice(
        user=town.tessa,
        dwelling=home.public_id,
        free_from=TODAY - timedelta(days=3),
        now=LATER + timedelta(minutes=5),
    )
    assert done.vacancy == the_vacancy(town.mo, "Molenhof 7").id
    (told,) = [finding_text(each, "nl") for each in done.findings]
    assert "11 huishoudens" in told
    rows = Judgement.objects.for_organisation(town.woonbelang).filter(replaced_at=None)
    assert not rows.filter(complex=place).exists()
    event = Event.objects.for_organisation(town.woonbelang).get(action="letting.notice")
    assert '"set_aside":1' in event.payload
    assert verify_accounts(owner=town.woonbelang, day=TODAY) == ()
