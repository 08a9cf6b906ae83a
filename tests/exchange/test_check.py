"""Checks across rows: what can't be true, can't be met, or may not be asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from mixwijzer.engine.norms import Scheme
from mixwijzer.engine.portfolio import (
    Area,
    Assessment,
    Band,
    Cap,
    Channel,
    Complex,
    Count,
    Dwelling,
    Ground,
    Judgement,
    Known,
    Letting,
    OutReason,
    PlaceRequest,
    Portfolio,
    ProfileRow,
    Role,
    Scope,
    ScopeKind,
    Tenancy,
    Vacancy,
)
from mixwijzer.exchange.check import check
from mixwijzer.exchange.findings import Severity
from mixwijzer.exchange.wording import finding_text

DAY = date(2026, 6, 1)
LINDE = Scope(ScopeKind.COMPLEX, "C1")


def a_portfolio(**rows: object) -> Portfolio:
    """Build a complex of 14 homes in 2 stairwells, all let since 2020."""
    homes = tuple(
        Dwelling(id=f"W{n}", complex="C1", stairwell="A" if n <= 12 else "B") for n in range(1, 15)
    )
    sound = {
        "areas": (
            Area(code="GM0193", kind=ScopeKind.MUNICIPALITY, name="Zwolle"),
            Area(code="WK019310", kind=ScopeKind.DISTRICT, name="Binnenstad", parent="GM0193"),
            Area(code="BU01931000", kind=ScopeKind.NEIGHBOURHOOD, name="Zuid", parent="WK019310"),
        ),
        "complexes": (Complex(id="C1", name="De Linde", neighbourhood="BU01931000", owner="ob"),),
        "dwellings": homes,
        "tenancies": tuple(
            Tenancy(id=f"H{n}", dwelling=f"W{n}", start=date(2020, 1, 1)) for n in range(1, 15)
        ),
        "vacancies": (Vacancy(id="V1", dwelling="W1", notice=DAY, free_from=date(2026, 7, 1)),),
        "data_date": DAY,
    }
    return Portfolio(**(sound | rows))


def codes(portfolio: Portfolio) -> list[str]:
    return [each.code for each in check(portfolio)]


def a_judgement(**parts: object) -> Judgement:
    given = {
        "scope": LINDE,
        "scheme": "role",
        "on": DAY,
        "by": "consulent-1",
        "known": Known.ALL,
        "category": "attention",
        "low": 3,
        "best": 4,
        "high": 6,
    }
    return Judgement(**(given | parts))


def a_rule(**parts: object) -> ProfileRow:
    given = {
        "id": "P1",
        "set_by_kind": "organisation",
        "set_by": "ob",
        "for_kind": ScopeKind.COMPLEX,
        "scheme": "role",
        "category": "attention",
        "band": Band(max=4000, target=3500),
        "start": date(2026, 1, 1),
    }
    return ProfileRow(**(given | parts))


def a_scheme(**parts: object) -> Scheme:
    given = {
        "name": "stage",
        "categories": ("starting", "settled"),
        "ordinary": "settled",
        "prior_mean": (0.4, 0.6),
        "prior_strength": 8.0,
        "drift": ((0.0, 0.3), (0.0, 0.0)),
        "confusion": ((1.0, 0.0), (0.0, 1.0)),
    }
    return Scheme(**(given | parts))


def test_a_sound_portfolio_has_no_findings():
    assert check(a_portfolio()) == ()


# --- keys and references --------------------------------------------------------------------


def test_a_key_that_stands_twice_is_told():
    linde = a_portfolio().complexes[0]
    (found,) = check(a_portfolio(complexes=(linde, replace(linde, name="Andere"))))
    assert (found.code, found.value, found.sheet) == ("key_twice", "C1", "complexes")


def test_a_later_word_on_the_same_key_is_history():
    linde = a_portfolio().complexes[0]
    later = replace(linde, name="Nieuwe naam", recorded_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert check(a_portfolio(complexes=(linde, later))) == ()


def test_a_corrected_lease_is_checked_as_last_told():
    first, *others = a_portfolio().tenancies
    wrong = replace(first, end=date(2019, 1, 1), recorded_at=datetime(2026, 1, 1, tzinfo=UTC))
    right = replace(first, recorded_at=datetime(2026, 2, 1, tzinfo=UTC))
    assert check(a_portfolio(tenancies=(wrong, right, *others))) == ()
    assert codes(a_portfolio(tenancies=(right, *others, wrong))) == []
    assert "period_reversed" in codes(
        a_portfolio(tenancies=(right, *others, replace(wrong, recorded_at=right.recorded_at)))
    )


@pytest.mark.parametrize(
    ("table", "row", "column", "value"),
    [
        ("dwellings", Dwelling(id="W99", complex="C9"), "complex", "C9"),
        ("tenancies", Tenancy(id="H99", dwelling="W98", start=DAY), "dwelling", "W98"),
        (
            "vacancies",
            Vacancy(id="V9", dwelling="W98", notice=DAY, free_from=DAY),
            "dwelling",
            "W98",
        ),
        ("complexes", Complex(id="C2", name="x", owner="ob", neighbourhood="BU1"), "neighbourhood",
         "BU1"),
        ("roles", Role(tenancy="H98", role="carrier", agreed_on=DAY), "tenancy", "H98"),
        ("judgements", a_judgement(vacancy="V9"), "vacancy", "V9"),
        (
            "lettings",
            Letting(vacancy="V9", channel="ordinary", ground=Ground.NONE_NEEDED, on=DAY),
            "vacancy",
            "V9",
        ),
        (
            "lettings",
            Letting(vacancy="V1", channel="geen", ground=Ground.NONE_NEEDED, on=DAY),
            "channel",
            "geen",
        ),
    ],
)  # fmt: skip
def test_what_is_referred_to_must_be_there(table, row, column, value):
    rows = (*getattr(a_portfolio(), table), row)
    (found,) = check(a_portfolio(**{table: rows}))
    assert (found.code, found.column, found.value) == ("reference_missing", column, value)


@pytest.mark.parametrize(
    "scope",
    [
        Scope(ScopeKind.COMPLEX, "C9"),
        Scope(ScopeKind.STAIRWELL, "C1/Z"),
        Scope(ScopeKind.NEIGHBOURHOOD, "WK019310"),
        Scope(ScopeKind.DISTRICT, "WK019399"),
    ],
)
def test_a_judgement_is_about_a_place_that_is_there(scope):
    assert codes(a_portfolio(judgements=(a_judgement(scope=scope),))) == ["scope_missing"]


def test_areas_lie_in_wider_areas_that_their_codes_name():
    zwolle, binnenstad, zuid = a_portfolio().areas
    strange = replace(zuid, parent="GM0193", code="BU02001000")
    assert codes(a_portfolio(areas=(zwolle, binnenstad, zuid, strange))) == ["area_nesting"]
    upside_down = replace(zwolle, parent="WK019310")
    assert "area_nesting" in codes(a_portfolio(areas=(upside_down, binnenstad, zuid)))
    mistaken = replace(binnenstad, kind=ScopeKind.NEIGHBOURHOOD)
    assert "area_kind" in codes(a_portfolio(areas=(zwolle, mistaken, zuid)))


def test_areas_that_lie_in_each_other_are_told_and_end():
    zwolle, binnenstad, zuid = a_portfolio().areas
    round_and_round = replace(zwolle, parent="WK019310")
    rule = a_rule(set_by_kind="district", set_by="WK019310")
    linde = replace(a_portfolio().complexes[0], neighbourhood=None)
    given = a_portfolio(
        areas=(round_and_round, binnenstad, zuid), complexes=(linde,), profiles=(rule,)
    )
    assert codes(given) == ["area_nesting"]


def test_a_complex_lies_in_a_neighbourhood():
    linde = replace(a_portfolio().complexes[0], neighbourhood="GM0193")
    assert codes(a_portfolio(complexes=(linde,))) == ["neighbourhood_kind"]


# --- homes and leases -----------------------------------------------------------------------


def test_leases_on_one_dwelling_do_not_overlap():
    leases = a_portfolio().tenancies
    second = Tenancy(id="H99", dwelling="W1", start=date(2021, 1, 1))
    (found,) = check(a_portfolio(tenancies=(*leases, second)))
    assert (found.code, found.value) == ("tenancy_overlap", "H99")
    assert found.facts == {"other": "H1", "dwelling": "W1"}


def test_a_lease_may_start_on_the_day_another_ends():
    first, *others = a_portfolio().tenancies
    ended = replace(first, end=DAY)
    assert check(a_portfolio(tenancies=(ended, *others, replace(first, id="N", start=DAY)))) == ()


def test_a_long_lease_overlaps_all_that_come_during_it():
    leases = tuple(
        Tenancy(id=name, dwelling="W1", start=date(year, 1, 1), end=end and date(end, 1, 1))
        for name, year, end in (("a", 2000, 2020), ("b", 2005, 2006), ("c", 2010, 2011))
    )
    assert codes(a_portfolio(tenancies=leases, vacancies=())) == ["tenancy_overlap"] * 2


def test_nothing_ends_before_it_starts():
    first, *others = a_portfolio().tenancies
    (found,) = check(a_portfolio(tenancies=(replace(first, end=date(2019, 1, 1)), *others)))
    assert found.code == "period_reversed"
    assert found.facts == {"start": "2020-01-01", "end": "2019-01-01"}
    assert codes(a_portfolio(profiles=(a_rule(end=date(2025, 1, 1)),))) == ["period_reversed"]


def test_a_home_out_of_the_base_says_why():
    homes = a_portfolio().dwellings
    out = replace(homes[13], in_base=False)
    assert codes(a_portfolio(dwellings=(*homes[:13], out))) == ["out_reason_missing"]
    told = replace(out, out_reason=OutReason.SOLD)
    assert check(a_portfolio(dwellings=(*homes[:13], told))) == ()
    extra = replace(told, in_base=True)
    assert codes(a_portfolio(dwellings=(*homes[:13], extra))) == ["out_reason_extra"]


def test_homes_share_no_bag_number_and_stairwells_have_no_slash():
    homes = a_portfolio().dwellings
    same = [replace(each, bag_id="0193010000000001") for each in homes[:2]]
    assert codes(a_portfolio(dwellings=(*same, *homes[2:]))) == ["bag_twice"]
    slash = replace(homes[13], stairwell="B/1")
    assert codes(a_portfolio(dwellings=(*homes[:13], slash))) == ["stairwell_slash"]


def test_a_complex_has_no_fewer_homes_than_are_listed():
    linde = replace(a_portfolio().complexes[0], homes=10)
    (found,) = check(a_portfolio(complexes=(linde,)))
    assert (found.code, found.facts) == ("homes_differ", {"listed": 14})


def test_a_dwelling_has_one_open_notice_and_is_in_the_base():
    homes = a_portfolio().dwellings
    again = Vacancy(id="V2", dwelling="W1", notice=DAY, free_from=DAY)
    both = (*a_portfolio().vacancies, again)
    (found,) = check(a_portfolio(vacancies=both))
    assert (found.code, found.severity) == ("vacancy_twice", Severity.WARNING)
    assert check(a_portfolio(vacancies=(both[0], replace(again, closed_on=DAY)))) == ()
    out = replace(homes[0], in_base=False, out_reason=OutReason.SOLD)
    assert codes(a_portfolio(dwellings=(out, *homes[1:]))) == ["vacancy_out_of_base"]


# --- judgements and counts ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "best", "high"), [(5, 4, 6), (3, 7, 6), (-1, 0, 1), (6, 4, 3), (4, 3, 3)]
)
def test_a_judgement_runs_from_low_to_high(low, best, high):
    row = a_judgement(low=low, best=best, high=high)
    assert codes(a_portfolio(judgements=(row,))) == ["judgement_order"]


def test_nobody_judges_more_households_than_live_there():
    row = a_judgement(high=15)
    (found,) = check(a_portfolio(judgements=(row,)))
    assert found.code == "judgement_above_present"
    assert found.facts == {"present": 14, "scope": "C1", "on": "2026-06-01"}
    assert check(a_portfolio(judgements=(replace(row, high=14),))) == ()


def test_the_household_that_gave_notice_is_not_among_those_judged():
    row = a_judgement(high=14, vacancy="V1")
    assert codes(a_portfolio(judgements=(row,))) == ["judgement_above_present"]
    assert check(a_portfolio(judgements=(replace(row, high=13),))) == ()


def test_without_leases_the_base_is_the_limit():
    linde = replace(a_portfolio().complexes[0], homes=40)
    counted = {"complexes": (linde,), "dwellings": (), "tenancies": (), "vacancies": ()}
    assert check(a_portfolio(**counted, judgements=(a_judgement(high=40),))) == ()
    over = a_portfolio(**counted, judgements=(a_judgement(high=41),))
    assert codes(over) == ["judgement_above_present"]


def test_homes_that_are_not_listed_count_as_lived_in():
    linde = replace(a_portfolio().complexes[0], homes=20)
    assert check(a_portfolio(complexes=(linde,), judgements=(a_judgement(high=20),))) == ()


def test_a_group_of_stairwells_under_twelve_homes_is_not_judged():
    small = a_judgement(scope=Scope(ScopeKind.STAIRWELL, "C1/B"), low=0, best=0, high=1)
    (found,) = check(a_portfolio(judgements=(small,)))
    assert (found.code, found.facts) == ("group_too_small", {"homes": 2, "smallest": 12})
    large = a_judgement(scope=Scope(ScopeKind.STAIRWELL, "C1/A"))
    assert check(a_portfolio(judgements=(large,))) == ()


def test_a_count_is_no_larger_than_its_place():
    row = Count(scope=LINDE, scheme="role", category="regular", on=DAY, households=15)
    assert codes(a_portfolio(counts=(row,))) == ["count_above_homes"]


def test_requests_and_candidates_are_of_somebody():
    asked = PlaceRequest(number="A1", size=0, kind="flow", asked_on=DAY)
    assert codes(a_portfolio(place_requests=(asked,))) == ["size_zero"]


def test_categories_belong_to_a_scheme_that_is_known():
    assert codes(a_portfolio(judgements=(a_judgement(category="stille"),))) == ["category_missing"]
    assert codes(a_portfolio(judgements=(a_judgement(scheme="geen"),))) == ["scheme_missing"]


def test_two_records_of_one_subject_do_not_overlap():
    told = datetime(2026, 1, 1, tzinfo=UTC)
    one = Assessment(
        household="K1",
        scheme="role",
        category="regular",
        start=date(2026, 1, 1),
        source="round",
        recorded_at=told,
    )
    two = replace(one, category="carrier", start=date(2026, 3, 1))
    assert codes(a_portfolio(assessments=(one, two))) == ["records_overlap"]
    ended = replace(one, end=date(2026, 3, 1))
    assert check(a_portfolio(assessments=(ended, two))) == ()
    later = replace(two, recorded_at=datetime(2026, 3, 1, tzinfo=UTC))
    assert check(a_portfolio(assessments=(one, later))) == ()
    role = Role(tenancy="H1", role="carrier", agreed_on=DAY)
    again = replace(role, agreed_on=date(2026, 7, 1))
    assert codes(a_portfolio(roles=(role, again))) == ["records_overlap"]


def test_a_portfolio_says_which_day_it_speaks_of():
    (found,) = check(a_portfolio(data_date=None))
    assert (found.code, found.severity) == ("data_date_missing", Severity.WARNING)


# --- profiles, caps, channels ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("bands", "code"),
    [
        ({"attention": Band(max=12_000)}, "band_outside"),
        ({"attention": Band(min=-100)}, "band_outside"),
        ({"attention": Band(min=4000, max=3000)}, "band_order"),
        ({"attention": Band(target=4500, max=4000)}, "band_order"),
        ({"attention": Band(min=6000), "carrier": Band(min=5000)}, "floors_sum"),
        ({"attention": Band(target=6000), "carrier": Band(target=5000)}, "targets_sum"),
        (
            {
                "attention": Band(target=3000),
                "regular": Band(target=5000),
                "carrier": Band(target=1500),
            },
            "targets_sum",
        ),
    ],
)
def test_bands_that_no_mix_can_satisfy_are_told(bands, code):
    rules = tuple(
        a_rule(id=category, category=category, band=band) for category, band in bands.items()
    )
    assert code in codes(a_portfolio(profiles=rules))


def test_a_narrower_rule_is_checked_with_what_it_inherits():
    wide = a_rule(band=Band(max=4000))
    own = a_rule(id="P2", set_by_kind="complex", set_by="C1", band=Band(min=4500))
    (found,) = check(a_portfolio(profiles=(wide, own)))
    assert (found.code, found.value) == ("band_order", "45 / – / 40")
    area = replace(own, set_by_kind="neighbourhood", set_by="BU01931000")
    assert codes(a_portfolio(profiles=(wide, area))) == ["band_order"]
    gone = replace(wide, end=date(2026, 1, 1), start=date(2025, 1, 1))
    assert check(a_portfolio(profiles=(gone, own))) == ()


def test_a_rule_from_later_on_is_checked_when_it_begins():
    now = a_rule(band=Band(min=3000))
    later = a_rule(id="P2", start=date(2027, 1, 1), band=Band(max=2000))
    assert codes(a_portfolio(profiles=(now, later))) == ["band_order"]


def test_a_draft_says_nothing_yet():
    assert check(a_portfolio(profiles=(a_rule(band=Band(max=12_000), draft=True),))) == ()


def test_it_is_noted_where_the_ceiling_alone_speaks():
    hard = a_rule(band=Band(min=3000, max=3500, hard=True))
    (found,) = check(a_portfolio(profiles=(hard,)))  # 14 homes: 5 to 4
    assert (found.code, found.severity) == ("ceiling_alone", Severity.NOTE)
    assert found.facts == {"complexes": 1, "example": "C1", "homes": 14}
    here = replace(hard, set_by_kind="complex", set_by="C1")
    around = replace(hard, set_by_kind="district", set_by="WK019310")
    for rule in (here, around):
        assert [each.facts for each in check(a_portfolio(profiles=(rule,)))] == [found.facts]
    soft = a_rule(band=Band(min=3000, target=3200, max=3500))
    assert check(a_portfolio(profiles=(soft,))) == ()


def test_who_sets_a_rule_is_there_and_stands_above_it():
    assert codes(a_portfolio(profiles=(a_rule(set_by="ander"),))) == ["setter_missing"]
    low = a_rule(set_by_kind="complex", set_by="C1", for_kind=ScopeKind.DISTRICT)
    assert codes(a_portfolio(profiles=(low,))) == ["setter_too_narrow"]


def test_rules_from_the_same_day_contradict():
    again = a_rule(id="P2", band=Band(max=3800))
    assert codes(a_portfolio(profiles=(a_rule(), again))) == ["records_overlap"]
    cap = Cap(
        id="K1",
        set_by_kind="complex",
        set_by="C1",
        for_kind=ScopeKind.COMPLEX,
        scheme="role",
        category="attention",
        at_most=3,
        start=DAY,
    )
    assert codes(a_portfolio(caps=(cap, replace(cap, id="K2")))) == ["records_overlap"]


def a_channel(*shares: str, **parts: object) -> Channel:
    return Channel(
        id="eigen", scheme="role", name={"nl": "x"}, shares=tuple(map(Decimal, shares)), **parts
    )


def test_the_shares_of_a_channel_are_one_together():
    assert check(a_portfolio(channels=(a_channel("0.3", "0.55", "0.15"),))) == ()
    assert codes(a_portfolio(channels=(a_channel("0.3", "0.5", "0.15"),))) == ["shares_sum"]
    assert codes(a_portfolio(channels=(a_channel("0.5", "0.5"),))) == ["shares_sum"]


def test_a_channel_belongs_to_a_scheme_that_is_known():
    strange = replace(a_channel("1"), scheme="geen")
    assert codes(a_portfolio(channels=(strange,))) == ["scheme_missing"]


def test_a_channel_that_needs_a_ground_says_where_it_is_written():
    bare = a_channel("0.3", "0.55", "0.15", ground=Ground.EXPERIMENT)
    (found,) = check(a_portfolio(channels=(bare,)))
    assert (found.code, found.severity) == ("ground_without_source", Severity.WARNING)


# --- schemes --------------------------------------------------------------------------------


def test_a_scheme_of_a_project_is_fine():
    assert check(a_portfolio(schemes=(a_scheme(),))) == ()


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"categories": ("a", "a")}, "scheme_size"),
        ({"categories": ("a b", "settled")}, "category_form"),
        ({"ordinary": ""}, "ordinary_one"),
        ({"prior_mean": (0.4, 0.5)}, "scheme_sums"),
        ({"confusion": ((0.8, 0.1), (0.0, 1.0))}, "scheme_sums"),
        ({"prior_strength": 60.0}, "prior_strength"),
        ({"drift": ((0.1, 0.3), (0.0, 0.0))}, "drift_itself"),
    ],
)
def test_a_scheme_adds_up(parts, code):
    assert code in codes(a_portfolio(schemes=(a_scheme(**parts),)))


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("syrisch", "nationality"),
        ("niet_westers", "origin"),
        ("Moslims", "religion"),
        ("verslaafd", "health"),
        ("GGZ", "health"),
        ("LHBTI", "orientation"),
        ("ex-gedetineerd", "crime"),
        ("achternaam", "name"),
        ("migratieachtergrond", "origin"),
        ("psychische_aandoening", "health"),
        ("leeftijd", "person"),
    ],
)
def test_a_scheme_is_not_about_what_people_are(word, kind):
    (found,) = check(a_portfolio(schemes=(a_scheme(categories=(word, "settled")),)))
    assert (found.code, found.facts, found.value) == ("word_refused", {"kind": kind}, None)
    assert word not in finding_text(found, "nl")
    role = Role(tenancy="H1", role=word, agreed_on=DAY)
    assert codes(a_portfolio(roles=(role,))) == ["word_refused"]


@pytest.mark.parametrize(
    "word", ["starter", "student", "senior", "carrier", "young", "gezin", "team"]
)
def test_words_of_ones_own_are_free(word):
    assert check(a_portfolio(schemes=(a_scheme(categories=(word, "settled")),))) == ()


def test_status_holders_are_in_a_mix_only_in_a_project_that_says_why():
    scheme = a_scheme(categories=("status_holder", "settled"))
    linde = a_portfolio().complexes[0]
    own = a_rule(set_by_kind="complex", set_by="C1", scheme="stage", category="settled")
    assert codes(a_portfolio(schemes=(scheme,), profiles=(own,))) == ["status_holder_in_mix"]
    project = {"schemes": (scheme,), "complexes": (replace(linde, magic_mix=True),)}
    assert codes(a_portfolio(**project, profiles=(own,))) == ["status_holder_in_mix"]
    told = replace(own, motive="Project met jongeren, besluit van 3 maart")
    assert check(a_portfolio(**project, profiles=(told,))) == ()
    assert codes(a_portfolio(schemes=(scheme,), profiles=(told,))) == ["status_holder_in_mix"]
    wider = replace(told, id="P2", set_by_kind="organisation", set_by="ob", start=DAY)
    assert codes(a_portfolio(**project, profiles=(told, wider))) == ["status_holder_in_mix"]


# --- sentences ------------------------------------------------------------------------------


def test_every_finding_here_has_its_sentences():
    spoilt = a_portfolio(
        judgements=(a_judgement(high=15), a_judgement(low=9, category="regular")),
        profiles=(a_rule(band=Band(max=12_000)), a_rule(id="P2", set_by="ander")),
        channels=(a_channel("0.5", "0.5", "0.5", ground=Ground.EXPERIMENT),),
        schemes=(a_scheme(prior_mean=(0.1, 0.1)),),
    )
    found = check(spoilt)
    assert len(found) >= 6
    for each in found:
        for language in ("nl", "en"):
            assert len(finding_text(each, language)) > 20
