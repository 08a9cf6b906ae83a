"""The accounts that are kept are the engine's, and stay so."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from mixwijzer.engine.account import Accounts, State
from mixwijzer.engine.advice import advise
from mixwijzer.engine.errors import AccountError
from mixwijzer.engine.portfolio import Known, Portfolio, Scope, ScopeKind
from mixwijzer.exchange.synthetic import synthesize
from mixwijzer.web.letting import bridge as letting
from mixwijzer.web.letting import services as letting_services
from mixwijzer.web.register import bridge, services
from mixwijzer.web.register.models import AccountState, Complex, Tenancy
from tests.builders import NOW, TODAY, a_round, hanzeveen
from tests.cast import Cast

VLIER = Scope(ScopeKind.COMPLEX, "Vlier")


def engine_accounts(portfolio: Portfolio, owner: str, day: date = TODAY) -> Accounts:
    return Accounts(portfolio.owned_by(owner), bridge.assumptions(day), day)


def stored(cast: Cast, code: str) -> State:
    row = AccountState.objects.for_organisation(cast.woonbelang).get(scope_code=code)
    scheme = bridge.assumptions(TODAY).schemes["role"]
    return State.from_json(json.loads(row.state), scheme)


def test_the_stored_account_is_the_engines(town: Cast):
    wanted = engine_accounts(hanzeveen(), "woonbelang")
    for code in ("Vlier", "Molen"):
        account = wanted.state(Scope(ScopeKind.COMPLEX, code)).account
        assert stored(town, code).account.pmf("attention") == pytest.approx(
            account.pmf("attention"), abs=1e-12
        )


def test_once_a_month_turned_accounts_are_kept_as_of_now_and_say_what_they_said(town: Cast):
    later = (TODAY.replace(day=28) + timedelta(days=7)).replace(day=3)
    wanted = engine_accounts(hanzeveen(), "woonbelang", later)
    assert stored(town, "Vlier").through < later.replace(day=1)
    assert services.renew_accounts(owner=town.woonbelang, day=later, now=NOW) == 1  # that is judged
    kept, account = stored(town, "Vlier"), wanted.state(VLIER).account
    assert kept.through == later
    assert kept.account.pmf("attention") == pytest.approx(account.pmf("attention"), abs=1e-12)
    assert services.verify_accounts(owner=town.woonbelang, day=later) == ()
    assert services.renew_accounts(owner=town.woonbelang, day=later, now=NOW) == 0


def test_a_new_judgement_moves_the_account_in_the_same_moment(town: Cast):
    before = stored(town, "Vlier").account.mean("attention")
    vlier = Complex.objects.for_organisation(town.woonbelang).get(code="Vlier")
    services.record_judgements(
        owner=town.woonbelang,
        complex_id=vlier.pk,
        judge=town.hans,
        values=a_round("Vlier", "hans", attention=(9, 10, 11), on=TODAY, known=Known.ALL),
        day=TODAY,
        now=NOW,
    )
    assert stored(town, "Vlier").account.mean("attention") > before + 1
    assert stored(town, "Vlier").judged_on == TODAY
    assert services.verify_accounts(owner=town.woonbelang, day=TODAY) == ()


def test_making_them_again_changes_nothing(town: Cast):
    before = {
        row.scope_code: row.state for row in AccountState.objects.for_organisation(town.woonbelang)
    }
    made = services.rebuild_accounts(owner=town.woonbelang, complexes=None, day=TODAY, now=NOW)
    after = {
        row.scope_code: row.state for row in AccountState.objects.for_organisation(town.woonbelang)
    }
    assert made == 2
    assert after == before


@pytest.mark.parametrize(
    ("change", "trouble"),
    [
        ({"inputs_hash": "0" * 64}, "inputs"),
        ({"judged_on": None}, ""),
    ],
)
def test_a_stored_account_that_is_not_what_the_rows_give_is_named(town: Cast, change, trouble):
    rows = AccountState.objects.for_organisation(town.woonbelang).filter(scope_code="Vlier")
    rows.update(**change)
    found = services.verify_accounts(owner=town.woonbelang, day=TODAY)
    assert [each.trouble for each in found] == ([trouble] if trouble else [])


def test_an_account_that_was_tampered_with_is_named(town: Cast):
    rows = AccountState.objects.for_organisation(town.woonbelang)
    other = rows.get(scope_code="Molen")
    rows.filter(scope_code="Vlier").update(state=other.state)
    found = services.verify_accounts(owner=town.woonbelang, day=TODAY)
    assert [(each.scope, each.trouble) for each in found] == [("Vlier", "account")]


def test_an_account_that_is_gone_is_named_and_no_advice_is_given_without_it(town: Cast):
    rows = AccountState.objects.for_organisation(town.woonbelang).filter(scope_code="Vlier")
    rows.delete()
    found = services.verify_accounts(owner=town.woonbelang, day=TODAY)
    assert [(each.scope, each.trouble) for each in found] == [("Vlier", "missing")]
    vlier = Complex.objects.for_organisation(town.woonbelang).get(code="Vlier")
    with pytest.raises(AccountError, match="state_missing"):
        letting.gather(town.woonbelang, vlier.pk, "V-Vlier-003", TODAY)


def test_a_row_that_slipped_in_behind_the_services_is_noticed(town: Cast):
    vlier = Complex.objects.for_organisation(town.woonbelang).get(code="Vlier")
    Tenancy(
        owner=town.woonbelang,
        complex=vlier,
        code="T-smuggled",
        dwelling="Vlier-024",
        start=date(2026, 10, 15),
        lease_kind="open_ended",
        recorded_at=NOW,
    ).save()
    found = services.verify_accounts(owner=town.woonbelang, day=TODAY)
    assert [(each.scope, each.trouble) for each in found] == [("Vlier", "inputs")]


def plain(advice: letting.Advice) -> object:
    """Return an advice without what a slice leaves out on purpose, figures to nine digits.

    Drift in two steps, from the stored account, adds in another order than drift in one.
    """
    channels = tuple(
        replace(each, channel=replace(each.channel, recorded_at=None, name={}, label={}))
        for each in advice.channels
    )
    text = letting.dump_advice(replace(advice, alternatives={}, channels=channels, norms_used=()))
    return json.loads(text, parse_float=lambda figure: round(float(figure), 9))


@pytest.mark.parametrize("days", [0, 9, 35])
def test_an_advice_from_a_slice_is_the_advice_from_the_whole_portfolio(cast: Cast, days):
    """A made-up town of 600 homes, today and when the stored accounts have grown old."""
    made = synthesize(seed=5, homes=600, day=TODAY)
    portfolio = made.portfolio
    owner = cast.woonbelang
    code = portfolio.complexes[0].owner
    owner.code = code
    owner.save()
    letting_services.load_portfolio(portfolio=portfolio, owner=owner, actor=None, now=NOW)
    day = TODAY + timedelta(days=days)
    anchors = dict(Complex.objects.for_organisation(owner).values_list("code", "pk"))
    whole = portfolio.owned_by(code)
    accounts = Accounts(whole, bridge.assumptions(day), day)
    checked = 0
    for vacancy in whole.vacancies:
        home = whole.dwelling[vacancy.dwelling]
        if home.complex not in anchors or vacancy.closed_on or vacancy.id in whole.lettings_of:
            continue
        wanted = advise(whole, vacancy.id, day, bridge.norms(), accounts=accounts)
        case = letting.gather(owner, anchors[home.complex], vacancy.id, day)
        assert plain(case.advice) == plain(wanted)
        checked += 1
    assert checked >= 3


def test_reading_a_case_takes_a_fixed_number_of_queries(town: Cast, django_assert_num_queries):
    anchors = dict(Complex.objects.for_organisation(town.woonbelang).values_list("code", "pk"))
    for code, vacancy in (("Vlier", "V-Vlier-003"), ("Molen", "V-Molen-002")):
        with django_assert_num_queries(16):
            assert letting.gather(town.woonbelang, anchors[code], vacancy, TODAY).advice


def test_no_name_address_or_household_is_in_what_an_advice_keeps(town: Cast):
    vlier = Complex.objects.for_organisation(town.woonbelang).get(code="Vlier")
    text = letting.gather(town.woonbelang, vlier.pk, "V-Vlier-003", TODAY).dump()
    assert "Vlierhof 3" not in text
    assert '"household":null' in text
    assert "Iris" not in text
    assert "@" not in text
