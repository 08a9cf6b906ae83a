"""From rows to advice: who counts, who comes, which profile speaks, how long it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest

from mixwijzer.engine.account import Accounts, Level
from mixwijzer.engine.advice import Advice, Until, advise, brief
from mixwijzer.engine.errors import (
    AccountError,
    AdviceError,
    NormError,
    PortfolioError,
    ProfileError,
)
from mixwijzer.engine.norms import Assumptions, Scheme
from mixwijzer.engine.portfolio import Area, Count, Ground, Known, Scope, ScopeKind
from mixwijzer.engine.reasons import ChangeKind, Modifier, ReasonKind, RuleKind, Verdict
from tests.engine.town import DAY, OWN, OWNER, Town, days, norms_of

COMPLEX = Scope(ScopeKind.COMPLEX, OWN)
STAIRWELL = Scope(ScopeKind.STAIRWELL, "C/A")
NEIGHBOURHOOD = Scope(ScopeKind.NEIGHBOURHOOD, "BU")


def a_complex(homes: int = 12, **more: object) -> Town:
    """A judged complex with a band, whose first home has been given notice."""
    town = Town().complex(homes=homes, **more)  # type: ignore[arg-type]
    return town.judged(attention=(3, 4, 6)).band(target=3500, max=4000).vacancy("C-1")


def chances(advice: Advice, category: str = "attention") -> list[float]:
    return [rule.chance for rule in advice.category(category).rules]


def accounts(town: Town, day: date = DAY) -> Accounts:
    return Accounts(town.portfolio(), Assumptions.on(norms_of(), day), day)


# --- who will have left, who will have come ------------------------------------------------------


def test_somebody_who_leaves_before_the_home_is_free_no_longer_counts() -> None:
    nobody, somebody = a_complex(), a_complex().leaves("C-2", date(2026, 12, 1))
    assert chances(somebody.advice())[0] > chances(nobody.advice())[0]


def test_somebody_who_leaves_on_the_very_day_the_home_is_free_no_longer_counts() -> None:
    on_the_day = a_complex().leaves("C-2", date(2026, 12, 14))
    a_day_later = a_complex().leaves("C-2", date(2026, 12, 15))
    assert chances(on_the_day.advice()) == chances(a_complex().leaves("C-2", days(1)).advice())
    assert chances(a_day_later.advice()) == chances(a_complex().advice())


def test_a_notice_is_enough_to_count_somebody_as_leaving() -> None:
    by_notice = a_complex().vacancy("C-2", free_from=date(2026, 12, 1))
    by_lease = a_complex().leaves("C-2", date(2026, 12, 1))
    assert chances(by_notice.advice()) == chances(by_lease.advice())


def test_a_notice_that_was_withdrawn_leaves_everybody_where_they_are() -> None:
    withdrawn = a_complex().vacancy("C-2", free_from=date(2026, 12, 1), closed_on=days(-1))
    assert chances(withdrawn.advice()) == chances(a_complex().advice())


def test_the_leaver_counts_once_however_it_is_known_that_she_leaves() -> None:
    """By the notice, by the end of the lease, by both, by the question about the others."""
    both = a_complex().leaves("C-1", date(2026, 12, 14))
    assert chances(both.advice()) == chances(a_complex().advice())
    asked = a_complex().judged(days(-4), attention=(3, 4, 6), vacancy="V-C-1")
    asked_and_ended = (
        a_complex()
        .leaves("C-1", date(2026, 12, 14))
        .judged(days(-4), attention=(3, 4, 6), vacancy="V-C-1")
    )
    assert chances(asked.advice()) == chances(asked_and_ended.advice())


def test_after_the_question_at_notice_the_account_is_of_the_others_though_all_live_there() -> None:
    town = a_complex().judged(days(-4), attention=(3, 4, 6), vacancy="V-C-1")
    told = accounts(town)
    assert told.of(COMPLEX).households == 11
    assert (told.present(COMPLEX), told.vacant(COMPLEX)) == (12, 0)


def test_a_promised_home_counts_as_a_household_of_the_agreed_category() -> None:
    empty = a_complex(occupied=11)
    promised = a_complex(occupied=11).promised("C-12", category="attention")
    regular = a_complex(occupied=11).promised("C-12", category="regular")
    assert chances(promised.advice())[0] < chances(empty.advice())[0]
    assert chances(regular.advice()) == chances(empty.advice())


def test_a_promise_without_category_counts_by_the_shares_of_its_channel() -> None:
    by_channel = a_complex(occupied=11).channel("mediation", Ground.DIRECT_MEDIATION)
    by_channel.promised("C-12", channel="mediation")
    by_category = a_complex(occupied=11).promised("C-12", category="attention")
    assert chances(by_channel.advice()) == chances(by_category.advice())


def test_a_promise_along_an_unknown_channel_counts_as_the_ordinary_offer() -> None:
    named = a_complex(occupied=11).channel("ordinary").promised("C-12", channel="ordinary")
    unknown = a_complex(occupied=11).channel("ordinary").promised("C-12", channel="gone since")
    assert chances(unknown.advice()) == chances(named.advice())


def test_without_any_channel_a_promise_counts_as_the_prior_expects() -> None:
    promised = a_complex(occupied=11).promised("C-12")
    shares = tuple(map(str, promised.figures.mean))
    named = a_complex(occupied=11).channel("ordinary", shares=shares).promised("C-12")
    assert chances(promised.advice()) == chances(named.advice())


def test_a_home_promised_while_somebody_still_lives_there_counts_once() -> None:
    """Who leaves after our home is free is still there; the one who comes is not there yet."""
    late = a_complex().leaves("C-2", date(2026, 12, 30)).promised("C-2", category="attention")
    assert chances(late.advice()) == chances(a_complex().advice())
    early = a_complex().leaves("C-2", date(2026, 12, 1)).promised("C-2", category="attention")
    left = a_complex().leaves("C-2", date(2026, 12, 1))
    assert chances(early.advice())[0] < chances(left.advice())[0]


def test_a_promise_that_was_kept_is_a_household_and_no_longer_a_promise() -> None:
    town = a_complex(occupied=11).channel("ordinary")
    town.promised("C-12", on=days(-10), notice=days(-40), free_from=days(-5))
    assert (accounts(town).present(COMPLEX), accounts(town).committed(COMPLEX)) == (11, 1)
    town.lives("C-12", since=days(-5))
    assert (accounts(town).present(COMPLEX), accounts(town).committed(COMPLEX)) == (12, 0)


def test_a_lease_that_starts_tomorrow_is_a_promise_today() -> None:
    town = a_complex(occupied=11).channel("ordinary").lives("C-12", since=days(1))
    promised = a_complex(occupied=11).channel("ordinary").promised("C-12")
    assert chances(town.advice()) == chances(promised.advice())
    assert (accounts(town).present(COMPLEX), accounts(town).committed(COMPLEX)) == (11, 1)


def test_a_promise_of_the_asked_home_itself_does_not_count() -> None:
    town = a_complex().promised("C-1", category="attention")
    assert chances(town.advice()) == chances(a_complex().advice())


def test_other_open_vacancies_count_as_empty_and_share_the_head_room() -> None:
    town = a_complex().vacancy("C-2", free_from=date(2026, 12, 1)).vacancy("C-3", notice=days(3))
    closed = town.vacancy("C-4", closed_on=days(-1)).vacancy("C-5").promised("C-5")
    assert closed.advice().open_vacancies == 2


def test_somebody_who_came_this_year_counts_by_the_channel_of_the_letting() -> None:
    def came(channel: str) -> Town:
        town = a_complex(occupied=11).channel("ordinary").channel("mediation", Ground.URGENCY)
        town.judgements.clear()
        town.judged(date(2026, 6, 1), attention=(3, 4, 6))
        town.promised("C-12", channel=channel, on=days(-20), notice=days(-60), free_from=days(-10))
        return town.lives("C-12", since=days(-10))

    assert chances(came("mediation").advice())[0] < chances(came("ordinary").advice())[0]


def test_temporary_and_sold_homes_and_their_households_are_no_part_of_the_base() -> None:
    town = a_complex()
    town.dwellings.append(replace(town.dwellings[0], id="C-out", in_base=False))
    town.lives("C-out")
    assert town.advice().category("attention").rules[0].base == 12
    assert accounts(town).present(COMPLEX) == 12
    assert chances(town.advice()) == chances(a_complex().advice())


def test_a_complex_whose_homes_are_only_counted_can_be_advised_about() -> None:
    """Forty homes of which one is listed: the one that comes free."""
    town = Town().complex(homes=1, homes_counted=40).judged(attention=(10, 12, 14))
    advice = town.band(target=3500, max=4000).vacancy("C-1").advice()
    assert advice.category("attention").rules[0].base == 40
    assert accounts(town).present(COMPLEX) == 40


def test_a_complex_without_one_lease_counts_as_fully_let() -> None:
    town = a_complex(occupied=0)
    assert accounts(town).present(COMPLEX) == 12
    assert chances(town.advice()) == chances(a_complex().advice())


# --- like-for-like -------------------------------------------------------------------------------


def a_full_complex() -> Town:
    """Far over its band; home 1 of a household with a role of the category."""
    town = Town().complex(homes=8).judged(attention=(7, 8, 8)).band(target=3500, max=4000)
    return town.vacancy("C-1")


def test_who_is_followed_by_the_same_category_lifts_the_band_when_we_knew_before_notice() -> None:
    town = a_full_complex().agrees("C-1", "attention", told=date(2026, 11, 11))
    told = town.advice().category("attention")
    assert told.verdict is Verdict.TIGHT
    assert told.rules[0].modifiers == (Modifier.LIKE_FOR_LIKE,)


@pytest.mark.parametrize("told", [date(2026, 11, 12), date(2026, 11, 13)])
def test_what_was_written_down_on_the_day_of_notice_or_later_lifts_nothing(told: date) -> None:
    town = a_full_complex().agrees("C-1", "attention", on=date(2026, 1, 1), told=told)
    assert town.advice().category("attention").verdict < Verdict.TIGHT


def test_a_role_of_another_category_lifts_nothing() -> None:
    town = a_full_complex().agrees("C-1", "carrier", told=date(2026, 11, 1))
    assert town.advice().category("attention").verdict < Verdict.TIGHT


def test_a_role_without_recording_moment_counts_from_the_day_it_was_agreed() -> None:
    before = a_full_complex().agrees("C-1", "attention", on=date(2026, 11, 11))
    after = a_full_complex().agrees("C-1", "attention", on=date(2026, 11, 12))
    assert before.advice().category("attention").verdict is Verdict.TIGHT
    assert after.advice().category("attention").verdict < Verdict.TIGHT


def test_like_for_like_never_lifts_a_cap() -> None:
    town = a_full_complex().cap(3).agrees("C-1", "attention", told=date(2026, 11, 1))
    told = town.advice().category("attention")
    assert told.verdict is Verdict.NO_ROOM
    assert told.binding is not None
    assert told.binding.kind is RuleKind.CAP


def test_a_regime_may_switch_like_for_like_off() -> None:
    town = a_full_complex().agrees("C-1", "attention", told=date(2026, 11, 1))
    off = norms_of(advice__like_for_like=False)
    assert town.advice(norms=off).category("attention").verdict < Verdict.TIGHT


def test_like_for_like_still_counts_after_the_others_were_asked_about() -> None:
    town = a_full_complex().agrees("C-1", "attention", told=date(2026, 11, 1))
    town.judged(days(-4), attention=(7, 7, 7), vacancy="V-C-1")
    assert town.advice().category("attention").verdict is Verdict.TIGHT


def test_like_for_like_still_counts_after_the_household_has_moved_out() -> None:
    town = a_full_complex().agrees("C-1", "attention", told=date(2026, 10, 1))
    town.vacancies.clear()
    town.vacancy("C-1", notice=date(2026, 10, 15), free_from=days(-3)).leaves("C-1", days(-3))
    assert town.advice().category("attention").verdict is Verdict.TIGHT


def test_a_label_from_before_notice_lifts_the_band_too() -> None:
    def town(told: date) -> Town:
        each = a_full_complex()
        for number in range(1, 9):
            each.labelled(f"C-{number}", "attention", told=told)
        return each

    assert town(date(2026, 11, 11)).advice().category("attention").verdict is Verdict.TIGHT
    assert town(date(2026, 11, 12)).advice().category("attention").verdict < Verdict.TIGHT


def test_a_label_past_its_date_lifts_nothing() -> None:
    town = a_full_complex()
    for number in range(1, 9):
        late = DAY if number == 1 else days(100)
        town.labelled(f"C-{number}", "attention", review_by=late)
    assert town.advice().category("attention").verdict < Verdict.TIGHT


def test_an_empty_home_has_no_leaver() -> None:
    town = Town().complex(homes=9).judged(attention=(7, 8, 8)).band(target=3500, max=4000)
    town.vacancy("C-1").agrees("C-1", "attention", told=date(2026, 1, 1))
    town.leaves("C-1", date(2026, 2, 1))
    assert town.advice().category("attention").verdict < Verdict.TIGHT


# --- roles and labels ----------------------------------------------------------------------------


def test_with_a_role_the_level_is_agreement_and_the_role_is_certain() -> None:
    town = a_complex().agrees("C-2", "carrier")
    advice = town.advice()
    assert advice.level is Level.AGREEMENT
    assert advice.counts[COMPLEX]["carrier"].wide[0] >= 1
    assert a_complex().advice().level is Level.JUDGEMENT


def test_a_role_that_ends_on_the_last_day_of_the_lease_goes_with_the_household() -> None:
    """The role ends when the lease ends: nobody of that role is left behind."""
    town = a_complex().leaves("C-2", days(-10)).agrees("C-2", "carrier", until=days(-10))
    assert sum(accounts(town).state(COMPLEX).roles) == 0
    assert accounts(town).present(COMPLEX) == 11


def test_a_role_taken_up_and_ended_during_the_year_is_followed() -> None:
    town = a_complex()
    town.judgements.clear()
    town.judged(date(2026, 3, 1), attention=(3, 4, 6))
    town.agrees("C-2", "carrier", on=date(2026, 5, 1), until=date(2026, 10, 1))
    june, november = accounts(town, date(2026, 6, 1)), accounts(town)
    assert june.state(COMPLEX).roles == (0, 0, 1)
    assert june.of(COMPLEX).at_most("carrier", 0) == 0
    assert november.state(COMPLEX).roles == (0, 0, 0)
    assert november.of(COMPLEX).at_most("carrier", 0) > 0
    assert june.present(COMPLEX) == november.present(COMPLEX) == 12


def test_a_role_of_another_scheme_says_nothing_here() -> None:
    town = a_complex().agrees("C-2", "mentor")
    assert town.advice().level is Level.JUDGEMENT


def test_with_labels_the_level_is_household_and_judgements_no_longer_speak() -> None:
    town = a_complex().labelled("C-2", "carrier")
    advice = town.advice()
    assert advice.level is Level.HOUSEHOLD
    town.judgements.clear()
    assert chances(town.advice()) == chances(advice)


@pytest.mark.parametrize("how", ["expired", "contested", "ended"])
def test_a_label_that_no_longer_holds_counts_as_unknown(how: str) -> None:
    def town(**more: object) -> Town:
        each = a_complex(homes=6, occupied=6)
        for number in range(2, 6):
            each.labelled(f"C-{number}", "regular")
        return each.labelled("C-6", "attention", **more)  # type: ignore[arg-type]

    gone = {
        "expired": {"review_by": DAY},
        "contested": {"contested": True},
        "ended": {"end": DAY},
    }[how]
    valid, lapsed = town(), town(**gone)
    assert chances(lapsed.advice())[0] > chances(valid.advice())[0]
    labels = accounts(lapsed).labels(COMPLEX)
    assert labels is not None
    assert (sum(labels.expired), labels.unknown) == ((0, 2) if how == "ended" else (1, 1))


def test_a_new_label_replaces_the_old_one() -> None:
    town = a_complex().labelled("C-2", "attention", told=date(2026, 1, 1))
    town.labelled("C-2", "regular", told=date(2026, 9, 1))
    labels = accounts(town).labels(COMPLEX)
    assert labels is not None
    assert labels.complete == (0, 1, 0)


def test_a_label_that_starts_tomorrow_or_speaks_of_another_scheme_is_no_label() -> None:
    town = a_complex().labelled("C-2", "attention", told=days(1))
    town.assessments.append(replace(town.assessments[0], scheme="stage", start=date(2026, 1, 1)))
    assert town.advice().level is Level.JUDGEMENT


def test_a_count_is_a_statement_without_width_by_nobody_in_particular() -> None:
    town = Town().complex(homes=12).band(target=3500, max=4000).vacancy("C-1")
    portfolio = town.portfolio()
    by_judge = town.judged(attention=(3, 3, 3)).advice()
    counted = replace(
        portfolio,
        counts=(
            Count(
                scope=COMPLEX,
                scheme="role",
                category="attention",
                on=date(2026, 11, 2),
                households=3,
            ),
            Count(scope=COMPLEX, scheme="other", category="x", on=DAY, households=1),
            Count(scope=COMPLEX, scheme="role", category="attention", on=days(1), households=9),
        ),
    )
    assert chances(advise(counted, "V-C-1", DAY, norms_of())) == chances(by_judge)


# --- scopes and profiles -------------------------------------------------------------------------


def test_a_neighbourhood_counts_the_owners_own_homes_only() -> None:
    town = a_complex().complex("E", homes=20).complex("X", homes=50, owner="another")
    town.band(target=3500, max=4000, at=ScopeKind.NEIGHBOURHOOD)
    rules = town.advice().category("attention").rules
    assert [(rule.scope, rule.base) for rule in rules] == [(COMPLEX, 12), (NEIGHBOURHOOD, 32)]


def test_the_profile_of_another_organisation_says_nothing_here() -> None:
    town = a_complex().complex("X", homes=50, owner="another")
    town.cap(0, set_by="another").band(at=ScopeKind.NEIGHBOURHOOD, set_by="another", max=1)
    assert len(town.advice().category("attention").rules) == 1


def test_a_narrower_setter_overrides_value_by_value_and_every_value_keeps_its_origin() -> None:
    town = Town().complex(homes=20)
    town.band(id_="org", min=1000, target=3500, max=4000)
    town.band(id_="area", set_by_kind="neighbourhood", set_by="BU", max=4500)
    town.band(id_="own", set_by_kind="complex", set_by=OWN, target=4000)
    band = town.portfolio().bands(COMPLEX, accounts(town).scheme, DAY)["attention"]
    assert (band.band.min, band.band.target, band.band.max) == (1000, 4000, 4500)
    rows = {name: origin.row for name, origin in band.origins.items()}
    assert rows == {"min": "org", "target": "own", "max": "area"}
    assert band.origins["max"].set_by == "BU"


def test_the_norm_behind_a_rule_is_the_row_that_sets_its_maximum() -> None:
    town = a_complex().band(id_="own", set_by_kind="complex", set_by=OWN, max=5000)
    assert town.advice().category("attention").rules[0].norm == "own"


def test_a_district_may_set_bands_for_its_neighbourhoods() -> None:
    town = a_complex().band(
        id_="wk", at=ScopeKind.NEIGHBOURHOOD, set_by_kind="district", set_by="WK", max=4000
    )
    rules = town.advice().category("attention").rules
    assert [rule.scope for rule in rules] == [COMPLEX, NEIGHBOURHOOD]


@pytest.mark.parametrize(
    ("start", "end", "speaks"),
    [(DAY, None, True), (days(1), None, False), (days(-9), DAY, False), (days(-9), days(1), True)],
)
def test_a_cap_speaks_from_its_first_day_up_to_but_not_on_its_last(
    start: date, end: date | None, *, speaks: bool
) -> None:
    town = a_complex().cap(0, start=start, end=end)
    assert len(town.advice().category("attention").rules) == 1 + speaks


def test_a_base_under_six_homes_has_no_band_of_its_own_but_caps_speak() -> None:
    town = Town().complex(homes=5).judged(attention=(5, 5, 5)).band(max=1000).vacancy("C-1")
    told = town.advice().category("attention")
    assert (told.verdict, told.rules) == (Verdict.ROOM, ())
    assert told.reasons[0].kind is ReasonKind.NO_NORM
    capped = town.cap(2).advice().category("attention")
    assert capped.verdict is Verdict.NO_ROOM


def test_without_any_profile_every_category_asks_first_the_ordinary_one_too() -> None:
    advice = Town().complex().judged(attention=(0, 0, 0)).vacancy("C-1").advice()
    assert {each.verdict for each in advice.categories} == {Verdict.ASK_FIRST}
    assert {each.reasons[0].kind for each in advice.categories} == {ReasonKind.NO_PROFILE}


def test_a_profile_that_no_mix_can_satisfy_is_refused_with_its_reason() -> None:
    town = a_complex().band("regular", target=7000)
    with pytest.raises(ProfileError, match="targets_sum") as caught:
        town.advice()
    assert caught.value.facts == {"total": 10_500}


def test_a_profile_row_with_only_a_motive_speaks_of_nothing() -> None:
    town = a_complex().band("carrier", id_="motive")
    assert town.advice().category("carrier").rules == ()


def test_a_stairwell_cap_draws_on_what_is_said_of_the_complex() -> None:
    town = a_complex(stairwells=("A", "B"))
    town.cap(2, at=ScopeKind.STAIRWELL, set_by_kind="complex", set_by=OWN)
    rules = town.advice().category("attention").rules
    assert [rule.scope for rule in rules] == [STAIRWELL, COMPLEX]
    stairwell, complex_ = (rule.count.mean for rule in rules)
    assert stairwell == pytest.approx(complex_ * 5 / 11)


def judged_apart(*groups: str) -> Town:
    town = Town().complex(homes=8, stairwells=("A", "B")).vacancy("C-1").band(target=3500, max=4000)
    for group in groups:
        town.judged(scope=Scope(ScopeKind.STAIRWELL, f"C/{group}"), attention=(1, 1, 2))
    return town


def test_a_complex_of_which_every_stairwell_was_judged_is_their_sum() -> None:
    town = judged_apart("A", "B").cap(2, at=ScopeKind.STAIRWELL)
    told = accounts(town)
    assert told.groups(COMPLEX) == (STAIRWELL, Scope(ScopeKind.STAIRWELL, "C/B"))
    both = told.of(COMPLEX)
    assert both.mean("attention") == pytest.approx(2 * told.of(STAIRWELL).mean("attention"))
    assert (told.present(COMPLEX), told.vacant(COMPLEX), told.committed(COMPLEX)) == (8, 0, 0)
    assert [rule.scope for rule in town.advice().category("attention").rules] == [
        STAIRWELL,
        COMPLEX,
    ]


def test_one_judged_stairwell_does_not_yet_make_a_sum() -> None:
    assert accounts(judged_apart("A")).groups(COMPLEX) == ()


def test_the_households_of_wider_scopes_add_up() -> None:
    town = a_complex(occupied=11).complex("E", homes=20).promised("C-12", category="regular")
    told = accounts(town)
    assert told.of(NEIGHBOURHOOD).households == 31
    assert (told.present(NEIGHBOURHOOD), told.vacant(NEIGHBOURHOOD)) == (31, 1)
    assert told.committed(NEIGHBOURHOOD) == 1
    assert told.of(NEIGHBOURHOOD).mean("attention") == pytest.approx(
        told.of(COMPLEX).mean("attention")
        + told.of(Scope(ScopeKind.COMPLEX, "E")).mean("attention")
    )


def test_a_complex_outside_every_area_has_only_its_own_scopes() -> None:
    town = a_complex()
    town.complexes[0] = replace(town.complexes[0], neighbourhood=None)
    assert town.portfolio().scopes_of("C-1") == (COMPLEX,)
    assert len(town.advice().category("attention").rules) == 1


# --- fill-up -------------------------------------------------------------------------------------


NEXT_YEAR = date(2027, 3, 1)


def new_build(occupied: int, until: date = NEXT_YEAR) -> Town:
    """Ten homes, some still empty; everybody there belongs to the category."""
    town = Town().complex(homes=10, occupied=occupied).vacancy("C-10")
    town.band(target=2000, max=2500, fill_up_until=until)
    return town.judged(attention=(occupied,) * 3)


def test_a_new_complex_that_is_filling_up_is_never_refused_by_its_band() -> None:
    told = new_build(7).advice("V-C-10").category("attention")
    assert told.verdict is Verdict.ASK_FIRST
    assert told.rules[0].modifiers == (Modifier.FILL_UP,)


def test_from_eight_in_ten_occupied_the_band_refuses_again() -> None:
    assert new_build(8).advice("V-C-10").category("attention").verdict is Verdict.NO_ROOM


def test_promised_homes_count_as_occupied_for_filling_up() -> None:
    town = new_build(7).promised("C-9", category="regular")
    assert town.advice("V-C-10").category("attention").verdict is Verdict.NO_ROOM


@pytest.mark.parametrize(("until", "fills"), [(DAY, False), (days(1), True)])
def test_a_fill_up_plan_ends_on_its_end_date(until: date, *, fills: bool) -> None:
    told = new_build(7, until).advice("V-C-10").category("attention")
    assert (Modifier.FILL_UP in told.rules[0].modifiers) == fills


def test_a_neighbourhood_may_be_filling_up_too() -> None:
    town = new_build(7).complex("E", homes=10, occupied=1)
    town.band(
        "attention", at=ScopeKind.NEIGHBOURHOOD, max=1000, fill_up_until=days(100), id_="wide"
    )
    told = town.advice("V-C-10").category("attention")
    assert [rule.modifiers for rule in told.rules] == [(Modifier.FILL_UP,)] * 2


def test_a_stairwell_may_be_filling_up_too() -> None:
    town = Town().complex(homes=16, occupied=4, stairwells=("A", "B")).vacancy("C-15")
    town.judged(attention=(4, 4, 4))
    town.band(max=500, at=ScopeKind.STAIRWELL, fill_up_until=days(100))
    told = town.advice("V-C-15").category("attention")
    assert told.rules[0].scope == STAIRWELL
    assert told.rules[0].modifiers == (Modifier.FILL_UP,)


# --- how long it holds ---------------------------------------------------------------------------


def test_an_advice_holds_fourteen_days_when_nothing_is_dated_before() -> None:
    advice = a_complex().advice()
    assert (advice.valid_until, advice.valid_because) == (days(14), Until.TERM)


def test_an_advice_ends_the_day_before_a_profile_that_changes_it() -> None:
    town = a_complex().cap(0, start=days(5))
    advice = town.advice()
    assert (advice.valid_until, advice.valid_because) == (days(4), Until.FACT)


def test_an_advice_ends_the_day_before_a_profile_it_rests_on_ends() -> None:
    town = Town().complex(homes=12).judged(attention=(11, 11, 11)).vacancy("C-1")
    advice = town.band(target=3500, max=4000, end=days(5)).advice()
    assert (advice.valid_until, advice.valid_because) == (days(4), Until.FACT)


def test_a_date_that_changes_no_verdict_does_not_end_an_advice() -> None:
    advice = a_complex().cap(12, start=days(5)).advice()
    assert (advice.valid_until, advice.valid_because) == (days(14), Until.TERM)


def test_the_earliest_of_several_changes_ends_an_advice() -> None:
    advice = a_complex().cap(0, start=days(9)).cap(0, start=days(3)).advice()
    assert advice.valid_until == days(2)


def test_an_advice_never_outlives_its_publication() -> None:
    town = a_complex()
    town.vacancies[0] = replace(town.vacancies[0], publication=days(6))
    advice = town.advice()
    assert (advice.valid_until, advice.valid_because) == (days(6), Until.PUBLICATION)
    earlier = town.cap(0, start=days(5)).advice()
    assert (earlier.valid_until, earlier.valid_because) == (days(4), Until.FACT)


def test_a_publication_of_the_past_does_not_shorten_an_advice() -> None:
    town = a_complex()
    town.vacancies[0] = replace(town.vacancies[0], publication=days(-6))
    assert town.advice().valid_until == days(14)


def test_an_advice_ends_the_day_before_a_norm_it_rests_on_expires() -> None:
    norms = norms_of(ends={"advice.no_room_at": days(7)})
    advice = a_complex().advice(norms=norms)
    assert (advice.valid_until, advice.valid_because) == (days(6), Until.NORM)


def test_an_advice_ends_the_day_before_a_norm_gets_another_value() -> None:
    norms = norms_of()
    norm = norms["advice.room_from"]
    stricter = replace(norm.values[0], value=1.1, start=days(6))
    changed = replace(norm, values=(*norm.values, stricter))
    norms = replace(norms, book={**norms.book, norm.key: changed})
    advice = Town().complex(homes=12).band(max=9000).judged(attention=(0, 0, 1)).vacancy("C-1")
    told = advice.advice(norms=norms)
    assert told.category("attention").verdict is Verdict.ROOM
    assert (told.valid_until, told.valid_because) == (days(5), Until.FACT)


def test_an_advice_ends_the_day_before_labels_expire_that_decide_it() -> None:
    town = Town().complex(homes=8, occupied=8).band(target=3500, max=4000).vacancy("C-1")
    for number in range(1, 9):
        town.labelled(f"C-{number}", "attention" if number > 3 else "regular", review_by=days(8))
    advice = town.advice()
    assert (advice.valid_until, advice.valid_because) == (days(7), Until.FACT)


def test_an_advice_ends_the_day_before_a_fill_up_plan_ends() -> None:
    advice = new_build(7, until=days(9)).advice("V-C-10")
    assert (advice.valid_until, advice.valid_because) == (days(8), Until.FACT)


def test_an_advice_ends_the_day_before_roles_end_that_decide_it() -> None:
    town = Town().complex(homes=8).band(target=3500, max=4000).vacancy("C-1")
    town.judged(attention=(2, 2, 2))
    for number in range(2, 7):
        town.agrees(f"C-{number}", "attention", until=days(5))
    town.judgements.clear()
    town.judged(attention=(5, 5, 5))
    advice = town.advice()
    assert (advice.valid_until, advice.valid_because) == (days(4), Until.FACT)


def test_an_advice_about_a_home_long_free_ends_the_day_before_an_announced_departure() -> None:
    """The home is free today; who leaves next week still counts today and no longer then."""
    town = Town().complex(homes=8, occupied=7).band(target=3500, max=4000)
    town.vacancy("C-8", notice=days(-60), free_from=days(-20))
    for number in range(1, 6):
        town.leaves(f"C-{number}", days(5))
    town.judged(attention=(6, 6, 6))
    advice = town.advice("V-C-8")
    assert (advice.valid_until, advice.valid_because) == (days(4), Until.FACT)


def test_a_profile_that_will_be_impossible_ends_the_advice_the_day_before() -> None:
    advice = a_complex().band("regular", target=7000, start=days(5)).advice()
    assert (advice.valid_until, advice.valid_because) == (days(4), Until.FACT)


# --- channels, drafts, alternatives --------------------------------------------------------------


def test_a_channel_without_a_ground_is_shown_and_never_recommended() -> None:
    town = a_complex().channel("ordinary").band("carrier", min=5000)
    town.channel("neighbours", Ground.RESIDENTIAL_GROUP)
    advice = town.advice()
    assert [each.has_ground for each in advice.channels] == [True, False]
    assert advice.channels[1].out_of_band < advice.channels[0].out_of_band
    assert advice.recommended == "ordinary"


@pytest.mark.parametrize(
    ("start", "end", "grounded"),
    [(None, None, True), (days(1), None, False), (None, DAY, False), (DAY, days(1), True)],
)
def test_a_ground_counts_on_its_own_days_only(
    start: date | None, end: date | None, *, grounded: bool
) -> None:
    town = a_complex().channel(
        "mediation",
        Ground.DIRECT_MEDIATION,
        ground_source="besluit",
        ground_start=start,
        ground_end=end,
    )
    assert town.advice().channels[0].has_ground == grounded
    assert town.advice().recommended == ("mediation" if grounded else None)


def test_without_channels_none_is_recommended() -> None:
    advice = a_complex().advice()
    assert (advice.channels, advice.recommended, advice.small_difference) == ((), None, False)


def test_between_equals_the_channel_listed_first_is_recommended_as_a_small_difference() -> None:
    town = a_complex().channel("b", shares=("0", "1", "0")).channel("a", shares=("0", "1", "0"))
    advice = town.advice()
    assert (advice.recommended, advice.small_difference) == ("b", True)


def test_a_draft_profile_may_be_a_way_out_and_says_which() -> None:
    town = a_full_complex().band(
        id_="draft", draft=True, set_by_kind="complex", set_by=OWN, max=10_000
    )
    told = town.advice().category("attention")
    drafts = [flip for flip in told.flips if flip.changes[0].kind is ChangeKind.DRAFT]
    assert [flip.changes[0].rule for flip in drafts] == ["draft"]
    assert told.rules[0].limit == 3


def test_a_draft_of_a_cap_alone_may_be_a_way_out_and_changes_nothing_before_it_is_adopted() -> None:
    town = Town().complex(homes=12).judged(attention=(3, 4, 5)).vacancy("C-1")
    town.cap(2, set_by_kind="complex", set_by="C")
    before = town.advice().category("attention")
    town.cap(12, set_by_kind="complex", set_by="C", id_="plan#cap", draft=True)
    after = town.advice().category("attention")
    assert (after.verdict, after.rules) == (before.verdict, before.rules)
    assert drafts_that_flip(town) == {"plan"}


def test_a_wider_band_is_no_way_out_where_the_same_draft_sets_a_cap() -> None:
    wider = {"draft": True, "set_by_kind": "complex", "set_by": "C"}
    town = Town().complex(homes=12).judged(attention=(5, 6, 7)).vacancy("C-1")
    town.band(id_="own", max=3000).band(id_="plan#band", max=9000, **wider)
    assert drafts_that_flip(town) == {"plan"}
    assert drafts_that_flip(town.cap(4, id_="plan#cap", **wider)) == set()


def test_a_draft_leaves_the_caps_that_others_set_and_those_of_other_categories() -> None:
    town = Town().complex(homes=12).judged(attention=(3, 4, 5)).vacancy("C-1")
    town.cap(2, set_by_kind="complex", set_by="C").cap(2)
    town.cap(12, set_by_kind="complex", set_by="C", id_="plan#cap", draft=True)
    assert drafts_that_flip(town) == set()


def test_a_draft_that_no_mix_can_satisfy_yet_leaves_the_advice_alone() -> None:
    """Half-written drafts are ordinary: the targets don't add up until the last line is typed."""
    town = a_full_complex().band("regular", target=5000).band("carrier", target=1500)
    plain = town.advice().category("attention")
    town.band(id_="draft", draft=True, set_by_kind="complex", set_by=OWN, target=4000, max=9000)
    told = town.advice().category("attention")
    assert (told.verdict, told.flips) == (plain.verdict, plain.flips)


def test_a_draft_for_somewhere_else_is_no_way_out() -> None:
    town = (
        a_full_complex()
        .complex("E")
        .band(id_="draft", draft=True, set_by_kind="complex", set_by="E", max=10_000)
    )
    told = town.advice().category("attention")
    assert not any(change.kind is ChangeKind.DRAFT for f in told.flips for change in f.changes)


def elsewhere() -> Town:
    """Our complex is full; four others with an open home and room, three of them on the map."""
    town = Town().complex(homes=8, lat=52.5, lon=6.1, rooms=3, rent=650)
    town.judged(attention=(8, 8, 8)).band(max=4000).vacancy("C-1")
    for name, north in (("E", 0.02), ("F", 0.01), ("G", 0.03), ("H", None)):
        lat = None if north is None else 52.5 + north
        town.complex(name, homes=8, lat=lat, lon=6.1, rooms=3, rent=650)
        town.judged(scope=Scope(ScopeKind.COMPLEX, name), attention=(0, 0, 1)).vacancy(f"{name}-1")
    return town


def names(town: Town) -> list[str]:
    return [each.vacancy for each in town.advice().alternatives["attention"]]


def test_where_there_is_no_room_the_three_nearest_homes_with_room_are_named() -> None:
    found = elsewhere().advice().alternatives
    assert [each.vacancy for each in found["attention"]] == ["V-F-1", "V-E-1", "V-G-1"]
    metres = [each.distance for each in found["attention"]]
    assert metres == pytest.approx([1112, 2224, 3336], abs=1)
    assert all(each.verdict >= Verdict.TIGHT for each in found["attention"])
    assert "regular" not in found


def test_a_home_of_which_the_place_is_unknown_comes_last() -> None:
    town = elsewhere()
    town.vacancies = [each for each in town.vacancies if each.id not in {"V-E-1", "V-G-1"}]
    assert names(town) == ["V-F-1", "V-H-1"]
    assert town.advice().alternatives["attention"][1].distance is None


@pytest.mark.parametrize(
    ("changed", "fits"),
    [
        ({"rooms": 4}, True),
        ({"rooms": 2}, True),
        ({"rooms": 5}, False),
        ({"rooms": None}, True),
        ({"rent": 682}, True),
        ({"rent": 683}, False),
        ({"rent": None}, False),
        ({"in_base": False}, False),
    ],
)
def test_elsewhere_means_about_the_same_size_and_the_same_rent_class(
    changed: dict[str, object], *, fits: bool
) -> None:
    town = elsewhere()
    town.dwellings = [
        replace(home, **changed) if home.id == "F-1" else home  # type: ignore[arg-type]
        for home in town.dwellings
    ]
    assert ("V-F-1" in names(town)) == fits


def test_without_a_rent_only_homes_without_a_rent_are_comparable() -> None:
    town = elsewhere()
    town.dwellings = [
        replace(home, rent=None) if home.complex in {"C", "E"} else home for home in town.dwellings
    ]
    assert names(town) == ["V-E-1"]


def test_homes_let_closed_not_announced_or_of_another_owner_are_no_alternative() -> None:
    town = elsewhere().promised("F-1")
    town.vacancies = [
        replace(each, closed_on=DAY)
        if each.id == "V-E-1"
        else replace(each, notice=days(1))
        if each.id == "V-G-1"
        else each
        for each in town.vacancies
    ]
    town.complexes[-1] = replace(town.complexes[-1], owner="another")
    assert names(town) == []


def test_homes_in_a_full_complex_are_no_alternative() -> None:
    town, full = elsewhere(), Scope(ScopeKind.COMPLEX, "F")
    town.judgements = [row for row in town.judgements if row.scope != full]
    town.judged(scope=full, attention=(8, 8, 8))
    assert "V-F-1" not in names(town)


def test_at_one_distance_the_lot_decides_and_anybody_can_draw_it_again() -> None:
    town = elsewhere()
    town.complexes = [replace(each, lat=52.5, lon=6.1) for each in town.complexes]
    lots = sorted(
        (f"V-{name}-1" for name in "EFGH"),
        key=lambda other: sha256(f"V-C-1|{other}".encode()).hexdigest(),
    )
    assert names(town) == lots[:3]


# --- birth certificate and refusals --------------------------------------------------------------


def test_an_advice_carries_what_it_rests_on() -> None:
    advice = a_complex().cap(5, id_="cap").advice()
    assert (advice.vacancy, advice.dwelling, advice.complex) == ("V-C-1", "C-1", COMPLEX)
    assert (advice.day, advice.free_from) == (DAY, date(2026, 12, 14))
    assert (advice.scheme, advice.normset, advice.data_date) == ("role", "test", DAY)
    assert {"account.hit_rate", "advice.no_room_at", "mix.scheme.role", "cap"} <= set(
        advice.norms_used
    )
    assert advice.engine_version
    assert advice.joint
    assert set(advice.counts) == {COMPLEX}
    assert advice.counts[COMPLEX]["attention"].median == 4


def test_the_counts_shown_are_those_of_before_anybody_leaves_wherever_a_limit_counts() -> None:
    town = a_complex().complex("E", homes=20).band(at=ScopeKind.NEIGHBOURHOOD, max=4000)
    advice = town.advice()
    assert set(advice.counts) == {COMPLEX, NEIGHBOURHOOD}
    told = accounts(town)
    for scope, counts in advice.counts.items():
        for name, spread in counts.items():
            assert spread == told.of(scope).spread(name)


STAGE = Scheme(
    name="stage",
    categories=("start", "grow", "give", "rest"),
    ordinary="rest",
    prior_mean=(0.2, 0.3, 0.1, 0.4),
    prior_strength=6.0,
    drift=((0, 0.1, 0, 0), (0, 0, 0.1, 0), (0, 0, 0, 0), (0, 0, 0, 0)),
    confusion=tuple(tuple(0.7 if i == j else 0.1 for j in range(4)) for i in range(4)),
)


def staged(*, caps: tuple[int, int] = (3, 4)) -> Advice:
    """Advice in a scheme of four categories that the portfolio brings itself."""
    town = Town().complex(homes=12).vacancy("C-1").judged(start=(3, 3, 4))
    town.cap(caps[0], "start").cap(caps[1], "give")
    town.channel("ordinary", shares=("0.25", "0.25", "0.25", "0.25"))
    portfolio = replace(
        town.portfolio(),
        schemes=(STAGE,),
        caps=tuple(replace(cap, scheme="stage") for cap in town.caps),
        channels=tuple(replace(each, scheme="stage") for each in town.channels),
        judgements=tuple(replace(row, scheme="stage") for row in town.judgements),
    )
    return advise(portfolio, "V-C-1", DAY, norms_of(), scheme="stage")


def test_a_portfolio_may_bring_a_scheme_of_four_and_the_advice_says_they_are_kept_apart() -> None:
    advice = staged()
    assert not advice.joint
    assert advice.category("start").verdict < Verdict.TIGHT
    assert advice.category("start").flips
    assert advice.category("grow").verdict is Verdict.ROOM


def test_of_categories_kept_apart_the_chances_are_multiplied() -> None:
    """One place more in a cap tells the chance that it holds when somebody else comes."""
    (start,), (give,) = chances(staged(), "start"), chances(staged(), "give")
    wider = staged(caps=(4, 5))
    (start_else,), (give_else,) = chances(wider, "start"), chances(wider, "give")
    expected = 0.25 * (start * give_else + start_else * give) + 0.5 * start_else * give_else
    assert staged().channels[0].chance == pytest.approx(expected, abs=2e-6)


def test_an_unknown_vacancy_dwelling_or_scheme_is_refused_by_name() -> None:
    with pytest.raises(AdviceError, match="vacancy_missing: V9"):
        a_complex().advice("V9")
    with pytest.raises(AdviceError, match="vacancy_dwelling_missing"):
        a_complex().vacancy("nowhere").advice("V-nowhere")
    with pytest.raises(AccountError, match="scheme_missing"):
        a_complex().advice(scheme="horoscope")


def test_a_home_outside_the_base_gets_no_advice() -> None:
    town = a_complex()
    town.dwellings[0] = replace(town.dwellings[0], in_base=False)
    with pytest.raises(AdviceError, match="out_of_base"):
        town.advice()


def test_a_home_of_a_complex_nobody_knows_is_refused_by_name() -> None:
    town = a_complex()
    town.dwellings.append(replace(town.dwellings[0], id="lost", complex="Q"))
    with pytest.raises(PortfolioError, match="complex_missing: Q"):
        town.portfolio().scopes_of("lost")
    with pytest.raises(PortfolioError, match="dwelling_missing"):
        town.portfolio().scopes_of("nowhere")


def test_an_expired_norm_refuses_to_be_used() -> None:
    norms = norms_of(ends={"account.hit_rate": DAY})
    with pytest.raises(NormError, match=r"norm_expired: account\.hit_rate"):
        a_complex().advice(norms=norms)


def test_a_judgement_of_more_than_live_there_is_refused() -> None:
    with pytest.raises(AccountError, match="judgement_order") as caught:
        Town().complex(homes=8).judged(attention=(7, 8, 9)).vacancy("C-1").advice()
    assert caught.value.facts == {"low": 7, "best": 8, "high": 9, "present": 8}


def test_who_knows_a_part_turns_the_rules_of_the_complex_but_not_of_the_neighbourhood() -> None:
    town = Town().complex(homes=12).complex("E", homes=20).vacancy("C-1")
    town.judged(attention=(0, 0, 1), known=Known.PART)
    town.band(max=4000).band(max=9000, at=ScopeKind.NEIGHBOURHOOD)
    verdicts = [rule.verdict for rule in town.advice().category("attention").rules]
    assert verdicts == [Verdict.ASK_FIRST, Verdict.ROOM]


def test_an_area_without_complexes_of_ours_is_empty() -> None:
    town = a_complex()
    town.areas.append(Area(code="LEEG", kind=ScopeKind.NEIGHBOURHOOD, name="Leeg"))
    told = accounts(town)
    nowhere = Scope(ScopeKind.NEIGHBOURHOOD, "LEEG")
    assert (told.of(nowhere).households, told.present(nowhere)) == (0, 0)
    assert told.of(nowhere).at_most("attention", 0) == 1.0
    assert town.complexes[0].owner == OWNER


# --- a draft of several lines; the outcome alone --------------------------------------------------


def short_of_room() -> Town:
    """Build a complex short of room, by its own band and by that of the neighbourhood."""
    town = Town().complex(homes=12).judged(attention=(5, 6, 7)).vacancy("C-1")
    town.band(id_="own", max=3000)
    return town.band(id_="around", at=ScopeKind.NEIGHBOURHOOD, max=3000)


def drafts_that_flip(town: Town) -> set[str]:
    return {
        change.rule
        for flip in town.advice().category("attention").flips
        for change in flip.changes
        if change.kind is ChangeKind.DRAFT
    }


def test_a_draft_of_two_lines_is_read_as_a_whole() -> None:
    both = short_of_room().band(
        id_="plan#C", draft=True, set_by_kind="complex", set_by="C", max=9000
    )
    both.band(
        id_="plan#BU",
        draft=True,
        set_by_kind="neighbourhood",
        set_by="BU",
        at=ScopeKind.NEIGHBOURHOOD,
        max=9000,
    )
    assert drafts_that_flip(both) == {"plan"}


def test_two_drafts_of_one_line_each_are_not_put_together() -> None:
    apart = short_of_room().band(id_="one", draft=True, set_by_kind="complex", set_by="C", max=9000)
    apart.band(
        id_="two",
        draft=True,
        set_by_kind="neighbourhood",
        set_by="BU",
        at=ScopeKind.NEIGHBOURHOOD,
        max=9000,
    )
    assert drafts_that_flip(apart) == set()


def test_the_brief_outcome_is_that_of_the_whole_advice() -> None:
    for town in (a_complex(), short_of_room().channel("ordinary"), Town().complex().vacancy("C-1")):
        whole = town.advice()
        told = brief(accounts(town), "V-C-1", DAY)
        assert told.recommended == whole.recommended
        for each in whole.categories:
            assert told.verdicts[each.category] is each.verdict
            bound = each.binding.chance if each.binding else 1.0
            assert told.chances[each.category] == bound


@pytest.mark.parametrize("other", [None, "carrier"], ids=["one category", "two categories"])
def test_an_area_in_between_that_adds_no_homes_changes_no_chance(other: str | None) -> None:
    """Alone in its neighbourhood: the district's ceiling counts as if the two were one."""

    def town(neighbourhood: str, kind: ScopeKind, area: str) -> Town:
        made = Town().complex(homes=10).judged(attention=(2, 3, 5), carrier=(0, 1, 3))
        made.areas.append(Area(code="B2", kind=ScopeKind.NEIGHBOURHOOD, name="Beside", parent="WK"))
        made.complex("D", homes=9, neighbourhood=neighbourhood).vacancy("C-1")
        made.band(max=4000).channel("ordinary").channel("mediation")
        made.cap(7, at=kind, set_by_kind=kind.name.lower(), set_by=area)
        if other:
            made.cap(4, other, at=kind, set_by_kind=kind.name.lower(), set_by=area)
        return made

    apart = town("B2", ScopeKind.DISTRICT, "WK").advice()
    together = town("BU", ScopeKind.NEIGHBOURHOOD, "BU").advice()
    chance = {each.channel.id: each.chance for each in apart.channels}
    assert chance == {each.channel.id: each.chance for each in together.channels}
    assert 0 < chance["mediation"] < 1


def test_what_is_said_later_or_by_another_way_of_looking_does_not_count_yet() -> None:
    town = a_complex().judged(days(1), attention=(0, 0, 1))
    spoken = town.judgements[0]
    town.judgements.append(replace(spoken, scheme="other", on=DAY, low=0, best=0, high=0))
    assert chances(town.advice()) == chances(a_complex().advice())
