"""Words: an advice says in both languages what the engine found, and to outsiders no number."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixwijzer.engine.account import Spread
from mixwijzer.engine.advice import (
    Advice,
    Alternative,
    Blocked,
    CategoryAdvice,
    ChannelAdvice,
    Flip,
    Rule,
    advise,
)
from mixwijzer.engine.errors import MixwijzerError, NormError, ProfileError
from mixwijzer.engine.portfolio import (
    Area,
    Band,
    Cap,
    Complex,
    Dwelling,
    Ground,
    Judgement,
    Known,
    Portfolio,
    ProfileRow,
    Scope,
    ScopeKind,
    Tenancy,
    Vacancy,
)
from mixwijzer.engine.reasons import Change, ChangeKind, Modifier, Reason, ReasonKind, Verdict
from mixwijzer.exchange import catalogue
from mixwijzer.exchange.catalogue import LANGUAGES, Key, Language, SentenceError, figures, odds
from mixwijzer.exchange.findings import Finding
from mixwijzer.exchange.normbook import NormbookError, default_channels, read_norms
from mixwijzer.exchange.wording import (
    Audience,
    CategoryWords,
    Explanation,
    Sentence,
    error_text,
    explain,
    finding_text,
    sentence,
)

TODAY = date(2026, 11, 20)
NORMS = read_norms()
SOURCE = Path(catalogue.__file__).resolve().parents[1]
few = settings(max_examples=30)  # each example is an advice in full
languages = pytest.mark.parametrize("language", LANGUAGES)

# --- a small world


def a_portfolio(
    *,
    homes: int = 40,
    judged: tuple[int, int, int] = (10, 12, 14),
    known: Known = Known.ALL,
    max_bp: int | None = 4000,
    cap: int | None = None,
    open_homes: int = 1,
    neighbourhood_bp: int | None = None,
    ordinary_max_bp: int | None = None,
) -> Portfolio:
    """One complex of homes, judged two weeks ago, of which the first is free."""
    rows = [
        ProfileRow(
            id=f"P-{kind.name}-{category}",
            set_by_kind="organisation",
            set_by="O",
            for_kind=kind,
            scheme="role",
            category=category,
            band=Band(max=share),
            start=date(2026, 1, 1),
        )
        for kind, category, share in (
            (ScopeKind.COMPLEX, "attention", max_bp),
            (ScopeKind.NEIGHBOURHOOD, "attention", neighbourhood_bp),
            (ScopeKind.COMPLEX, "regular", ordinary_max_bp),
        )
        if share is not None
    ]
    caps = [
        Cap(
            id="K1",
            set_by_kind="organisation",
            set_by="O",
            for_kind=ScopeKind.COMPLEX,
            scheme="role",
            category="attention",
            at_most=cap,
            start=date(2026, 1, 1),
        )
        for cap in ([] if cap is None else [cap])
    ]
    low, best, high = judged
    return Portfolio(
        areas=(Area(code="BU", kind=ScopeKind.NEIGHBOURHOOD, name="B"),),
        complexes=(Complex(id="C", name="Vlierhof", neighbourhood="BU", owner="O"),),
        dwellings=tuple(
            Dwelling(id=f"D{each}", complex="C", rooms=3, rent=Decimal(600))
            for each in range(homes)
        ),
        tenancies=tuple(
            Tenancy(
                id=f"T{each}",
                dwelling=f"D{each}",
                start=date(2020, 1, 1),
                end=date(2026, 12, 1) if each < open_homes else None,
            )
            for each in range(homes)
        ),
        judgements=(
            Judgement(
                scope=Scope(ScopeKind.COMPLEX, "C"),
                scheme="role",
                on=date(2026, 11, 2),
                by="x",
                known=known,
                category="attention",
                low=low,
                best=best,
                high=high,
            ),
        ),
        profiles=tuple(rows),
        caps=tuple(caps),
        channels=default_channels(NORMS, TODAY),
        vacancies=tuple(
            Vacancy(
                id=f"V{each}",
                dwelling=f"D{each}",
                notice=date(2026, 11, 1),
                free_from=date(2026, 12, 1),
            )
            for each in range(open_homes)
        ),
    )


def an_advice(**world: object) -> Advice:
    return advise(a_portfolio(**world), "V0", TODAY, NORMS)  # type: ignore[arg-type]


ROOM = an_advice()
TIGHT = an_advice(judged=(13, 14, 15))
ASK = an_advice(judged=(12, 15, 18))
NO_ROOM = an_advice(judged=(22, 23, 24), open_homes=2)
PART = an_advice(judged=(6, 8, 10), known=Known.PART)
NO_PROFILE = an_advice(max_bp=None)
CAPPED = an_advice(max_bp=4000, cap=9, neighbourhood_bp=2500)
ORDINARY = an_advice(judged=(0, 0, 1), ordinary_max_bp=1000)
WORLDS = {
    "room": ROOM,
    "tight": TIGHT,
    "ask": ASK,
    "no room": NO_ROOM,
    "part": PART,
    "no profile": NO_PROFILE,
    "capped": CAPPED,
    "ordinary": ORDINARY,
}


@st.composite
def advices(draw: st.DrawFn) -> Advice:
    """Draw the advice about a home in some complex."""
    homes = draw(st.integers(6, 45))
    judged = sorted(draw(st.lists(st.integers(0, homes), min_size=3, max_size=3)))
    return an_advice(
        homes=homes,
        judged=tuple(judged),
        known=draw(st.sampled_from(Known)),
        max_bp=draw(st.none() | st.integers(500, 9000)),
        cap=draw(st.none() | st.integers(0, homes)),
        open_homes=draw(st.integers(1, 3)),
        neighbourhood_bp=draw(st.none() | st.integers(500, 9000)),
        ordinary_max_bp=draw(st.none() | st.integers(500, 9000)),
    )


def every_text(told: Explanation) -> Iterator[str]:
    for text in told.categories:
        yield text.name
        yield text.word
        yield from text.told()
    for channel in told.channels:
        yield from (channel.name, channel.chance, channel.delay, channel.ground)
        yield from (channel.label, channel.intake)
    yield from told.remarks
    if told.valid is not None:
        yield told.valid


# --- what a consultant reads


def test_the_small_world_has_every_verdict() -> None:
    verdicts = {name: advice.category("attention").verdict for name, advice in WORLDS.items()}
    assert verdicts["room"] is Verdict.ROOM
    assert verdicts["tight"] is Verdict.TIGHT
    assert verdicts["ask"] is Verdict.ASK_FIRST
    assert verdicts["no room"] is Verdict.NO_ROOM


def test_an_advice_reads_as_a_consultant_would_say_it() -> None:
    told = explain(ROOM, "nl")
    rule = ROOM.category("attention").binding
    assert rule is not None
    assert told.category == "attention"
    low, high = rule.count.likely
    assert told.sentences[0] == (
        f"We schatten {low} tot {high} huishoudens met wat extra aandacht in 40 woningen; "
        "de grens is 16."
    )
    assert told.headline.startswith("Ruimte: ")
    assert told.valid == "Geldig tot en met 4 december 2026, of tot er iets verandert."


@pytest.mark.parametrize(
    ("chance", "nl", "en"),
    [
        (0.912, "Ruimte: waarschijnlijk wel (9 op 10)", "Room: probably yes (9 in 10)"),
        (0.97, "Ruimte: bijna zeker", "Room: almost certain"),
    ],
)
def test_the_headline_says_how_sure(chance: float, nl: str, en: str) -> None:
    advice = with_chance(ROOM, chance)
    assert explain(advice, "nl").headline == nl
    assert explain(advice, "en").headline == en


def with_chance(advice: Advice, chance: float) -> Advice:
    each = advice.category("attention")
    assert each.binding is not None
    rule = replace(each.binding, chance=chance)
    changed = replace(each, binding=rule, rules=(rule,))
    others = tuple(
        changed if other.category == "attention" else other for other in advice.categories
    )
    return replace(advice, categories=others)


@languages
def test_ask_first_says_the_chance_too(language: Language) -> None:
    rule = ASK.category("attention").binding
    assert rule is not None
    phrase = sentence("words.odds." + odds(rule.chance)[0], language, n=odds(rule.chance)[1])
    assert phrase in explain(ASK, language).headline


@languages
def test_no_room_always_says_where_there_is(language: Language) -> None:
    nowhere = explain(NO_ROOM, language).of("attention").way_out
    assert [each.code for each in nowhere] == ["advice.way_out.no_room.nowhere"]
    elsewhere = replace(
        NO_ROOM,
        alternatives={
            "attention": (
                Alternative(vacancy="V9", verdict=Verdict.ROOM, chance=0.97, distance=1_930.0),
                Alternative(vacancy="V8", verdict=Verdict.TIGHT, chance=0.85, distance=None),
            )
        },
    )
    told = explain(elsewhere, language, names={"V9": "Molenerf"}).of("attention").way_out[0]
    assert (
        told
        == {
            "nl": "Waar is het wel? Molenerf (ruimte, 1,9 km), V8 (krap).",
            "en": "Where is there room? Molenerf (room, 1.9 km), V8 (tight).",
        }[language]
    )


def test_what_would_decide_is_asked_as_a_question() -> None:
    told = explain(ASK, "nl").of("attention")
    questions = [flip.question for flip in told.flips]
    assert any(
        re.fullmatch(r"Zijn er in dit complex minder dan \d+ huishoudens met .*\?", q)
        for q in questions
    )
    assert any(q.startswith("Mag de grens van 16 in dit complex naar ") for q in questions)
    assert all(flip.answer.startswith("Ja: dan wordt het ") for flip in told.flips)
    assert told.way_out[0].startswith("Eén vraag kan het beslissen: Zijn er ")


def test_who_knows_a_part_is_told_to_ask_somebody_who_knows_more() -> None:
    told = explain(PART, "nl").of("attention")
    assert told.flips == ()
    assert "advice.modifier.known_part" in {each.code for each in told.sentences}
    assert [each.code for each in told.way_out] == ["advice.way_out.ask_first.people"]


def test_without_a_profile_the_way_out_is_a_profile() -> None:
    told = explain(NO_PROFILE, "nl")
    assert told.headline == "Eerst vragen: hier is nog geen profiel vastgesteld"
    assert told.of("attention").way_out == (
        "Vraag het hoofd verhuur om een profiel voor dit complex.",
    )


def test_several_vacancies_share_the_places_where_there_are_some() -> None:
    told = "Er staan hier 2 vacatures open; zij delen deze plekken."
    assert told in explain(an_advice(open_homes=2), "nl").sentences
    assert told not in explain(NO_ROOM, "nl").sentences


def changed_rule(advice: Advice, verdict: Verdict, **changes: object) -> Advice:
    """Return the advice with another rule and verdict about attention."""
    each = advice.category("attention")
    assert each.binding is not None
    rule = replace(each.binding, verdict=verdict, **changes)  # type: ignore[arg-type]
    reasons = tuple(replace(reason, verdict=verdict) for reason in each.reasons)
    other = replace(each, verdict=verdict, binding=rule, rules=(rule,), reasons=reasons)
    return replace(advice, categories=(other, *advice.categories[1:]))


@languages
@pytest.mark.parametrize(
    ("verdict", "modifier", "headline"),
    [
        (Verdict.TIGHT, Modifier.LIKE_FOR_LIKE, "advice.headline.tight.like_for_like"),
        (Verdict.ASK_FIRST, Modifier.FILL_UP, "advice.headline.ask_first.fill_up"),
        (Verdict.ASK_FIRST, Modifier.ORDINARY, "advice.headline.ask_first.ordinary"),
        (Verdict.ASK_FIRST, Modifier.KNOWN_PART, "advice.headline.ask_first.known_part"),
    ],
)
def test_what_changed_a_verdict_is_said(
    language: Language, verdict: Verdict, modifier: Modifier, headline: str
) -> None:
    told = explain(changed_rule(ROOM, verdict, modifiers=(modifier,)), language)
    assert told.headline.code == headline
    assert f"advice.modifier.{modifier.value}" in {each.code for each in told.sentences}


@languages
def test_labels_that_expired_are_the_first_thing_said(language: Language) -> None:
    each = ROOM.category("attention")
    expired = Reason(
        kind=ReasonKind.EXPIRED_LABELS, category="attention", verdict=Verdict.ASK_FIRST
    )
    other = replace(
        each, verdict=Verdict.ASK_FIRST, better_by_expiry=True, reasons=(expired, *each.reasons)
    )
    advice = replace(ROOM, categories=(other, *ROOM.categories[1:]))
    told = explain(advice, language)
    assert told.headline.code == "advice.headline.ask_first.expired"
    assert told.of("attention").reasons[0].code == "advice.reason.expired_labels"
    outside = explain(advice, language, Audience.PUBLIC).of("attention")
    assert outside.reasons[0].code == "public.reason.expired_labels.ask_first"


@languages
@pytest.mark.parametrize(("robust", "code"), [(True, "robust"), (False, "not_robust")])
def test_where_more_is_registered_it_says_whether_the_rest_matters(
    language: Language, *, robust: bool, code: str
) -> None:
    told = explain(changed_rule(ROOM, Verdict.ROOM, robust=robust), language)
    assert f"advice.{code}" in {each.code for each in told.sentences}


@pytest.mark.parametrize(
    ("room", "told"),
    [
        ((2, 5), "Er is plek voor 2 tot 5."),
        ((1, 1), "Er is plek voor 1."),
        ((-1, 2), "Er is plek voor hoogstens 2, misschien voor geen."),
        ((0, 0), "De grens is bereikt."),
        ((-2, 0), "De grens is bereikt, of het zijn er hoogstens 2 boven de band."),
        ((-4, -1), "Dat is 1 tot 4 boven de band."),
    ],
)
def test_head_room_is_said_in_places(room: tuple[int, int], told: str) -> None:
    advice = changed_rule(ROOM, Verdict.ROOM, headroom_likely=room)
    assert explain(advice, "nl").sentences[1] == told


CHANGES = {
    ChangeKind.DEPARTURES: "Vertrekken er in dit complex nog 2 huishoudens met wat extra aandacht?",
    ChangeKind.CONFIRMED: (
        "Is van 2 huishoudens in dit complex zeker dat het niet om huishoudens met wat extra "
        "aandacht gaat?"
    ),
    ChangeKind.FEWER_THAN: (
        "Zijn er in dit complex minder dan 2 huishoudens met wat extra aandacht?"
    ),
    ChangeKind.LIMIT: "Mag de grens van 16 in dit complex naar 18?",
    ChangeKind.DRAFT: "Wordt het conceptprofiel vastgesteld?",
}


def with_flips(advice: Advice, *flips: Flip, blocked: tuple[Blocked, ...] = ()) -> Advice:
    each = replace(advice.category("attention"), flips=flips, blocked=blocked)
    return replace(advice, categories=(each, *advice.categories[1:]))


@pytest.mark.parametrize("kind", list(ChangeKind))
def test_every_kind_of_change_is_a_question(kind: ChangeKind) -> None:
    rule = ASK.category("attention").rules[0].id if kind is ChangeKind.LIMIT else "concept"
    change = Change(kind=kind, scope="C", rule=rule, amount=2)
    told = explain(with_flips(ASK, Flip(changes=(change,), verdict=Verdict.ROOM)), "nl")
    flip = told.of("attention").flips[0]
    assert (flip.question, flip.answer) == (CHANGES[kind], "Ja: dan wordt het ruimte.")


def test_a_draft_profile_is_named_by_its_place_where_the_reader_may_see_it() -> None:
    change = Change(kind=ChangeKind.DRAFT, scope="C", rule="concept", amount=1)
    advice = with_flips(ASK, Flip(changes=(change,), verdict=Verdict.ROOM))
    told = explain(advice, "nl", names={"concept": "De Vlierhof"})
    question = "Wordt het conceptprofiel van De Vlierhof vastgesteld?"
    assert told.of("attention").flips[0].question == question


def test_one_departure_is_singular_and_a_pair_is_one_question() -> None:
    rule = ASK.category("attention").rules[0].id
    one = Change(kind=ChangeKind.DEPARTURES, scope="C", amount=1)
    other = Change(kind=ChangeKind.LIMIT, scope="C", rule=rule, amount=1)
    told = explain(with_flips(ASK, Flip(changes=(one, other), verdict=Verdict.TIGHT)), "nl")
    assert told.of("attention").flips[0].question == (
        "Vertrekt er in dit complex nog 1 huishouden met wat extra aandacht? "
        "En: Mag de grens van 16 in dit complex naar 17?"
    )
    assert told.of("attention").way_out[0].code == "advice.way_out.ask_first.people"


def test_what_stays_in_the_way_is_named_once_and_only_where_a_rule_speaks() -> None:
    rules = [rule.id for rule in CAPPED.category("attention").rules]
    blocked = (
        Blocked(kind=ChangeKind.DEPARTURES, scope="ELSEWHERE", rule="", by=tuple(rules)),
        Blocked(kind=ChangeKind.DEPARTURES, scope="C", rule="", by=tuple(rules)),
        Blocked(kind=ChangeKind.DEPARTURES, scope="C", rule="", by=tuple(rules)),
        Blocked(kind=ChangeKind.DRAFT, scope="C", rule="draft", by=("of the draft",)),
    )
    told = explain(with_flips(CAPPED, blocked=blocked), "nl").of("attention").blocked
    assert len(told) == 1
    assert told[0].startswith("Alleen vertrek in dit complex is niet genoeg. Dit houdt het dan nog")
    assert "de band in deze buurt" in told[0]


@languages
def test_somewhere_surer_is_named_when_we_have_to_ask(language: Language) -> None:
    surer = Alternative(vacancy="Molenerf", verdict=Verdict.ROOM, chance=0.97, distance=None)
    advice = replace(ASK, alternatives={"attention": (surer,)})
    told = explain(advice, language).of("attention").way_out
    assert told[-1].code == "advice.way_out.ask_first.elsewhere"
    assert "Molenerf" in told[-1]


@languages
def test_without_a_way_or_with_many_groups_a_remark_says_so(language: Language) -> None:
    told = explain(replace(ROOM, recommended=None, joint=False), language)
    assert [each.code for each in told.remarks] == [
        "advice.channel.none_recommended",
        "advice.apart",
    ]


def test_a_ground_without_an_end_names_its_source() -> None:
    grounded = tuple(
        replace(each, channel=replace(each.channel, ground_source="Afspraak 3"), has_ground=True)
        for each in ROOM.channels
    )
    told = {each.id: each for each in explain(replace(ROOM, channels=grounded), "en").channels}
    assert told["motivation"].ground == "Ground: experiment clause, Afspraak 3."


def test_words_are_made_within_milliseconds() -> None:
    def seconds() -> float:
        start = time.process_time()
        explain(CAPPED, "nl")
        return time.process_time() - start

    explain(CAPPED, "nl")
    assert min(seconds() for _ in range(5)) < 0.005


def test_the_ordinary_category_never_reads_as_no() -> None:
    told = explain(ORDINARY, "nl").of("regular")
    assert told.verdict is Verdict.ASK_FIRST
    assert told.headline.startswith("Eerst vragen: nee zeggen we hier niet")


def test_a_channel_without_a_ground_says_so_and_is_not_recommended() -> None:
    told = {channel.id: channel for channel in explain(ROOM, "nl").channels}
    assert told["ordinary"].recommended
    assert told["ordinary"].ground == "Grond: niet nodig."
    assert told["motivation"].ground == (
        "Kan nu niet: er is geen geldige grond (experimenteerruimte)."
    )
    assert told["motivation"].delay == "4 dagen extra"
    assert told["motivation"].intake == "motivatie"


def test_a_channel_with_a_ground_names_it_and_its_end() -> None:
    grounded = tuple(
        replace(
            each,
            channel=replace(
                each.channel,
                ground_source="Prestatieafspraken, artikel 4",
                ground_end=date(2027, 12, 31),
            ),
            has_ground=True,
        )
        if each.channel.ground is Ground.EXPERIMENT
        else each
        for each in ROOM.channels
    )
    told = {each.id: each for each in explain(replace(ROOM, channels=grounded), "nl").channels}
    assert told["motivation"].ground == (
        "Grond: experimenteerruimte, Prestatieafspraken, artikel 4, tot 31 december 2027."
    )


def test_a_small_difference_is_said() -> None:
    told = explain(replace(ROOM, small_difference=True), "nl")
    assert "Wat u hier weet, weegt dus mee." in told.remarks[0]


@languages
@pytest.mark.parametrize("because", ["term", "publication", "fact", "norm"])
def test_every_end_of_validity_has_its_sentence(language: Language, because: str) -> None:
    changed = replace(ROOM, valid_because=type(ROOM.valid_because)(because))
    assert explain(changed, language).valid is not None


def test_reasons_come_with_the_smallest_change_first() -> None:
    near = an_advice(judged=(19, 19, 19))
    each = near.category("attention")
    one, rule = each.reasons[0], each.rules[0]
    other = replace(one, rule="cap")
    limit = next(flip for flip in each.flips if flip.changes[0].rule == rule.id)
    changed = replace(
        each,
        reasons=(other, one),
        rules=(rule, replace(rule, id="cap", kind=type(rule.kind)("cap"))),
        flips=(limit,),
    )
    advice = replace(near, categories=(changed, *near.categories[1:]))
    codes = [reason.code for reason in explain(advice, "nl").of("attention").reasons]
    assert codes == ["advice.reason.band", "advice.reason.cap"]


# --- chances


@given(st.floats(0, 1))
def test_a_chance_is_never_said_higher_than_it_is(chance: float) -> None:
    name, tenths = odds(chance)
    rounded = round(chance, 6)
    low, high = {
        "sure": (0.95, 1.0),
        "tenths": (tenths / 10, tenths / 10 + 0.05),
        "over": (tenths / 10 + 0.05, tenths / 10 + 0.1),
        "under_one": (0.05, 0.1),
        "hardly": (0.0, 0.05),
    }[name]
    assert low - 1e-9 <= rounded <= high + 1e-9


def test_just_under_the_threshold_never_reads_as_room() -> None:
    assert odds(0.799999) == ("over", 7)
    assert odds(0.8) == ("tenths", 8)
    assert odds(0.79) == ("over", 7)
    assert odds(0.95) == ("sure", 9)
    assert odds(0.949999) == ("tenths", 9)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=2).map(sorted))
def test_a_higher_chance_never_reads_lower(chances: list[float]) -> None:
    order = ["hardly", "under_one", "tenths", "over", "sure"]

    def rank(chance: float) -> tuple[int, int]:
        name, tenths = odds(chance)
        inside = order.index(name)
        return (-1 if inside < 2 else tenths, inside) if name != "sure" else (10, 0)

    assert rank(chances[0]) <= rank(chances[1])


# --- numbers parse back

NUMBER = r"(−?\d[\d.,]*\d|−?\d)"
BASIS = {
    "nl": re.compile(
        rf"We schatten {NUMBER}(?: tot {NUMBER})? huish\D*{NUMBER} won\D*de grens is {NUMBER}\."
    ),
    "en": re.compile(
        rf"We estimate {NUMBER}(?: to {NUMBER})? househ\D*{NUMBER} home\D*the limit is {NUMBER}\."
    ),
}
REASON = {
    "nl": re.compile(rf"hoogstens {NUMBER}(?: op {NUMBER} won[^.]*)?\. Kans"),
    "en": re.compile(rf"at most {NUMBER}(?: on {NUMBER} home[^.]*)?\. Chance"),
}


def number(text: str) -> int:
    return int(text.replace("−", "-").replace(".", "").replace(",", ""))


@languages
@few
@given(advices())
def test_the_numbers_of_a_text_are_those_of_the_engine(language: Language, advice: Advice) -> None:
    told = explain(advice, language)
    for each in advice.categories:
        text, rule = told.of(each.category), each.binding
        if rule is None:
            assert not re.search(r"\d", " ".join((text.headline, *text.sentences)))
            continue
        found = BASIS[language].search(text.sentences[0])
        assert found is not None, text.sentences[0]
        low, high, base, limit = found.groups()
        assert (number(low), number(high or low)) == rule.count.likely
        assert (number(base), number(limit)) == (rule.base, rule.limit)
        assert says_chance(text.headline, rule, language)
        numbers = {told.code: numbers_in(told) for told in text.sentences[1:]}
        assert numbers.pop("advice.after") == [*spread_of(low, high, 0), *spread_of(low, high, 1)]
        check_room(numbers, rule)
        spoken = [one for one in each.rules if one.id in {reason.rule for reason in each.reasons}]
        limits = [REASON[language].search(reason) for reason in text.reasons]
        found_limits = sorted(number(one.group(1)) for one in limits if one is not None)
        assert found_limits == sorted(one.limit for one in spoken)


def numbers_in(text: str) -> list[int]:
    return [number(found) for found in re.findall(NUMBER, text.rstrip("."))]


def spread_of(low: str, high: str | None, more: int) -> list[int]:
    ends = [number(low) + more, number(high or low) + more]
    return list(dict.fromkeys(ends))


def check_room(numbers: dict[str, list[int]], rule: Rule) -> None:
    """Head-room as told is head-room as counted."""
    low, high = rule.headroom_likely
    expected = {
        "advice.room.some": list(dict.fromkeys((low, high))),
        "advice.room.maybe": [high],
        "advice.room.reached": [],
        "advice.room.reached_or_over": [-low],
        "advice.room.over": list(dict.fromkeys((-high, -low))),
    }
    told = {code: found for code, found in numbers.items() if code.startswith("advice.room.")}
    assert len(told) == 1
    assert all(found == expected[code] for code, found in told.items())


def says_chance(headline: Sentence, rule: Rule, language: Language) -> bool:
    """Whether a headline names the chance, or says in words that it is near one or nought."""
    name, tenths = odds(rule.chance)
    if headline.code.endswith(".like_for_like"):
        return True
    if headline.code.endswith(".sure"):
        return rule.chance <= 0.05 if ".no_room." in headline.code else rule.chance >= 0.95
    said = {f"words.odds.{each}" for each in (name, f"chance_{name}")} & set(catalogue.keys("nl"))
    return any(sentence(each, language, n=tenths) in headline for each in said)


@languages
@few
@given(advices())
def test_a_question_asks_for_the_change_that_the_engine_found(
    language: Language, advice: Advice
) -> None:
    told = explain(advice, language)
    for each in advice.categories:
        for text, flip in zip(told.of(each.category).flips, each.flips, strict=True):
            numbers = {number(found) for found in re.findall(NUMBER, text.question)}
            amounts = {change.amount for change in flip.changes if change.kind != "draft"}
            limits = {
                rule.limit + extra
                for rule in each.rules
                for change in flip.changes
                for extra in (0, change.amount)
                if change.rule == rule.id
            }
            raised = {change.amount for change in flip.changes if change.kind == "limit"}
            assert numbers == (amounts - raised) | limits | (numbers & raised)


@few
@given(advices())
def test_both_languages_say_the_same_codes(advice: Advice) -> None:
    for audience in Audience:
        assert explain(advice, "nl", audience).codes == explain(advice, "en", audience).codes


# --- outside


def scrambled(advice: Advice, seed: int) -> Advice:
    """Change every figure of an advice and leave what speaks, where and how."""
    rng = np.random.default_rng(seed)

    def whole() -> int:
        return int(rng.integers(0, 60))

    def spread() -> Spread:
        low, high = sorted((whole(), whole()))
        return Spread(
            best=whole(), median=whole(), likely=(low, high), wide=(low, high), mean=float(whole())
        )

    def rule(each: Rule) -> Rule:
        low, high = sorted((whole() - 30, whole() - 30))
        return replace(
            each,
            base=whole(),
            limit=whole(),
            chance=float(rng.random()),
            chance_next=float(rng.random()),
            count=spread(),
            headroom=whole(),
            headroom_likely=(low, high),
            headroom_wide=(low, high),
            norm=str(whole()),
            modifiers=(),
            robust=None,
        )

    def category(each: CategoryAdvice) -> CategoryAdvice:
        rules = tuple(map(rule, each.rules))
        binding = rules[int(rng.integers(len(rules)))] if rules else None
        return replace(each, rules=rules, binding=binding, flips=(), blocked=())

    def channel(each: ChannelAdvice) -> ChannelAdvice:
        return replace(each, chance=float(rng.random()), out_of_band=float(rng.random()))

    return replace(
        advice,
        categories=tuple(map(category, advice.categories)),
        channels=tuple(map(channel, advice.channels)),
        alternatives={},
        open_vacancies=whole(),
        counts={scope: {"attention": spread()} for scope in advice.counts},
        valid_until=date(2026, 11, 1 + whole() % 28),
        recommended=None,
    )


@languages
@few
@given(advice=advices(), seed=st.integers(0, 2**32 - 1))
def test_what_outsiders_read_follows_from_the_reasons_alone(
    language: Language, advice: Advice, seed: int
) -> None:
    told = explain(advice, language, Audience.PUBLIC)
    assert explain(scrambled(advice, seed), language, Audience.PUBLIC) == told


@languages
@few
@given(advices())
def test_outsiders_read_no_number(language: Language, advice: Advice) -> None:
    told = explain(advice, language, Audience.PUBLIC)
    assert told.channels == ()
    assert told.valid is None
    assert not re.search(r"\d", " ".join(every_text(told)))


def test_outsiders_read_why_and_that_it_is_about_the_home() -> None:
    told = explain(NO_ROOM, "nl", Audience.PUBLIC).of("attention")
    assert told.headline == "Geen ruimte"
    assert " ".join(told.reasons) == (
        "Er is in dit complex nu geen plek voor nog een huishouden met wat extra aandacht: "
        "het zou daarmee boven de band uit het profiel komen."
    )
    assert told.way_out[0].startswith("Dit gaat over deze woning, niet over u.")


def test_outsiders_never_read_what_the_leaver_was() -> None:
    public = [text for key, text in catalogue.keys("nl").items() if key.startswith("public.")]
    assert not [text for text in public if "vertrek" in text]


# --- words that may not be shown


@languages
def test_no_catalogue_holds_a_refused_word(language: Language) -> None:
    refused = {
        key: found
        for key, text in catalogue.keys(language).items()
        if (found := catalogue.refused_words(text, language))
    }
    assert refused == {}


@languages
@few
@given(advices())
def test_no_text_holds_a_refused_word(language: Language, advice: Advice) -> None:
    for audience in Audience:
        for text in every_text(explain(advice, language, audience)):
            assert catalogue.refused_words(text, language) == ()


@languages
def test_no_norm_holds_a_refused_word_where_a_screen_shows_it(language: Language) -> None:
    for norm in NORMS.values():
        assert catalogue.refused_words(norm.title[language], language) == (), norm.key
        for value in norm.values:
            assert catalogue.refused_words(value.quote, "nl") == (), norm.key


def test_the_list_of_refused_words_catches_them() -> None:
    told = (
        "Kwetsbare huurders, vragers en dragers: een probleemhuishouden is zwak, ongeschikt of te "
        "veel. Het complex is vol, de score onbekend, regulier of geen uitspraak."
    )
    assert len(catalogue.refused_words(told, "nl")) == 12
    assert catalogue.refused_words("Volg de aanvraag, voldoende plek, volledig.", "nl") == ()


@pytest.mark.parametrize("sign", "a9é")
def test_a_word_without_end_is_looked_through_once(sign: str) -> None:
    """From each of its letters it would take minutes: half a million times half a million."""
    without_end = sign * 500_000
    for language in catalogue.LANGUAGES:
        assert catalogue.refused_words(without_end, language) == ()
    assert catalogue.refused_words(f"{without_end}probleem", "nl") == (f"{without_end}probleem",)


def test_an_organisation_sets_its_own_words_but_not_these() -> None:
    own = CategoryWords(
        name="steuntje",
        many="huishoudens met een steuntje",
        another="nog een huishouden met een steuntje",
        counted="huishouden met een steuntje|huishoudens met een steuntje",
    )
    told = explain(ROOM, "nl", words={"attention": own})
    assert "huishoudens met een steuntje in 40 woningen" in told.sentences[0]
    assert told.of("attention").name == "steuntje"
    with pytest.raises(SentenceError):
        explain(ROOM, "nl", words={"attention": replace(own, name="kwetsbaar")})


# --- the catalogues


def test_both_catalogues_have_the_same_keys_and_figures() -> None:
    nl, en = catalogue.keys("nl"), catalogue.keys("en")
    assert set(nl) == set(en)
    differing = {key for key in nl if figures(key, "nl") != figures(key, "en")}
    assert differing == set()


def test_a_missing_sentence_is_an_error_in_every_language() -> None:
    for language in LANGUAGES:
        with pytest.raises(SentenceError):
            sentence("words.verdict.perhaps", language)


def test_no_language_stands_in_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    english = dict(catalogue.keys("en"))
    del english["words.verdict.room"]
    books = {"nl": catalogue.keys("nl"), "en": english}
    monkeypatch.setattr(catalogue, "_catalogue", books.__getitem__)
    with pytest.raises(SentenceError):
        explain(ROOM, "en")


def test_a_figure_that_is_not_given_is_an_error() -> None:
    with pytest.raises(SentenceError):
        sentence("advice.room.maybe", "nl")
    with pytest.raises(SentenceError):
        sentence("advice.room.maybe", "nl", room=0.5)


@pytest.mark.parametrize(
    ("text", "figure", "nl", "en"),
    [
        ("{x}", 1250, "1.250", "1,250"),
        ("{x}", Decimal("0.35"), "0,35", "0.35"),
        ("{x}", -3, "−3", "−3"),
        ("{x:euro}", Decimal("932.93"), "€ 932,93", "€932.93"),
        ("{x:euro}", 51537, "€ 51.537", "€51,537"),
        ("{x:share}", Decimal("0.925"), "92,5 %", "92.5%"),
        ("{x:share}", Decimal("0.95"), "95 %", "95%"),
        ("{x:bp}", 9500, "95 %", "95%"),
        ("{x:day}", date(2027, 3, 1), "1 maart 2027", "1 March 2027"),
        ("{x:day}", "2027-03-01", "1 maart 2027", "1 March 2027"),
        ("{x:range}", (11, 14), "11 tot 14", "11 to 14"),
        ("{x:range}", (11, 11), "11", "11"),
        ("{x:een|veel}", 1, "1 een", "1 een"),
        ("{x:een|veel}", (0, 1), "0 tot 1 een", "0 to 1 een"),
        ("{x:een|veel}", (0, 2), "0 tot 2 veel", "0 to 2 veel"),
        ("{x:distance}", 640.0, "600 m", "600 m"),
        ("{x:distance}", 12.0, "100 m", "100 m"),
        ("{x:distance}", 1930.0, "1,9 km", "1.9 km"),
        ("{x:per_hundred}", 0.7999, "79 van de 100", "79 in 100"),
        ("{x:odds}", 0.79, "ruim 7 op 10", "over 7 in 10"),
        ("{x:chance}", 0.01, "bijna nul", "close to nil"),
        ("{x:year}", 1900, "1900", "1900"),
        ("{x:odds}", 0.07, "nog geen 1 op 10", "less than 1 in 10"),
        ("{x}", Key("words.verdict.tight"), "krap", "tight"),
    ],
)
def test_figures_are_written_as_each_language_writes_them(
    monkeypatch: pytest.MonkeyPatch, text: str, figure: object, nl: str, en: str
) -> None:
    books = {each: {**catalogue.keys(each), "trial": text} for each in LANGUAGES}
    monkeypatch.setattr(catalogue, "_catalogue", books.__getitem__)
    assert sentence("trial", "nl", x=figure) == nl
    assert sentence("trial", "en", x=figure) == en


def test_a_catalogue_holds_text_only() -> None:
    with pytest.raises(SentenceError):
        dict(catalogue._flat("trial", {"a": "fine", "b": 3}))


def test_a_form_that_does_not_exist_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_catalogue", {"nl": {"trial": "{x:loud}"}}.__getitem__)
    with pytest.raises(SentenceError):
        sentence("trial", "nl", x=1)


def test_the_catalogues_name_every_word_of_a_closed_vocabulary() -> None:
    from mixwijzer.engine.account import Level
    from mixwijzer.engine.norms import Standing
    from mixwijzer.engine.reasons import RuleKind
    from mixwijzer.exchange.norm_shapes import INTAKE_FORMS, UNITS

    wanted = {
        *(f"words.verdict.{each.name.lower()}" for each in Verdict),
        *(f"words.standing.{each.value}" for each in Standing),
        *(f"words.level.{each.value}" for each in Level),
        *(f"words.level.line.{each.value}" for each in Level),
        *(f"words.ground.{each.value}" for each in Ground),
        *(f"words.known.{each.value}" for each in Known),
        *(f"words.rule.{each.value}" for each in RuleKind),
        *(f"words.{part}.{each.name.lower()}" for each in ScopeKind for part in ("in", "the")),
        *(f"advice.basis.{each.name.lower()}" for each in ScopeKind),
        *(f"words.unit.{unit}" for unit in UNITS),
        *(f"words.intake.{form or 'none'}" for form in INTAKE_FORMS),
        *(f"advice.modifier.{each.value}" for each in Modifier),
        *(f"advice.blocked.{each.value}" for each in ChangeKind),
        *(f"words.category.{name}.name" for name in ("attention", "regular", "carrier")),
    }
    assert wanted <= set(catalogue.keys("nl"))


# --- errors and findings


def test_an_error_names_the_thing_the_trouble_and_the_way_out() -> None:
    with pytest.raises(NormError) as raised:
        NORMS.value("rent.social_rent_cap", date(2027, 2, 1))
    assert error_text(raised.value, "nl") == (
        "Norm rent.social_rent_cap: deze norm is verlopen op 1 januari 2027 en geldt dus niet op "
        "1 februari 2027. Stel een nieuwe waarde vast, met bron en datum, of kies een eerdere dag."
    )
    assert "expired on 1 January 2027" in error_text(raised.value, "en")


def test_an_error_says_a_category_in_words_people_use() -> None:
    told = error_text(ProfileError("band_order", "C12", category="carrier"), "nl")
    assert "“actieve buren”" in told
    assert catalogue.refused_words(told, "nl") == ()


@languages
def test_wrong_norms_are_told_all_at_once(language: Language, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("title: [\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("kind: custom\n", encoding="utf-8")
    with pytest.raises(NormbookError) as raised:
        read_norms(tmp_path)
    lines = error_text(raised.value, language).splitlines()
    assert len(lines) == 1 + len(raised.value.findings)
    assert lines[1].startswith("- a.yaml, ")
    assert any("custom" in line for line in lines)


@languages
def test_an_error_may_pass_a_finding_on(language: Language) -> None:
    error = MixwijzerError("tenancy_overlap", "Verhaal", other="T1", dwelling="D1")
    told = error_text(error, language)
    assert told.startswith("Verhaal: ")
    assert "T1" in told


def test_a_finding_names_place_value_and_way_out() -> None:
    found = Finding(
        code="norm_kind_unknown", file="a.yaml", sheet="S", row=3, column="kind", value="custom"
    )
    assert finding_text(found, "nl") == (
        "a.yaml, blad S, rij 3, kolom kind: “custom” is geen soort norm. Kies law, agreement, aim "
        "of assumption."
    )
    assert finding_text(replace(found, code="norm_field_unknown"), "en") == (
        "a.yaml, sheet S, row 3, column kind, it says “custom”: "
        "this part doesn't belong in a norm. Take it out, or check how its name is written."
    )


def test_a_finding_without_a_place_is_just_told() -> None:
    assert finding_text(Finding(code="norms_none"), "en") == (
        "there are no norms here. Choose a folder with files that end in .yaml."
    )


# --- every code in the source has its sentences


@cache
def modules() -> tuple[tuple[Path, ast.Module], ...]:
    folders = ((SOURCE / name).rglob("*.py") for name in ("engine", "exchange", "cli"))
    paths = (*SOURCE.glob("*.py"), *(path for folder in folders for path in folder))
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(paths))


@cache
def error_classes() -> set[str]:
    """Return the names of MixwijzerError and everything under it, as the source defines them."""
    bases = {
        node.name: {ast.unparse(base).split(".")[-1] for base in node.bases}
        for _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    known = {MixwijzerError.__name__}
    while found := {name for name, above in bases.items() if above & known} - known:
        known |= found
    return known


@cache
def own_makers() -> set[str]:
    """Return the error classes that choose their code themselves."""
    return {
        node.name
        for _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name in error_classes()
        for made in node.body
        if isinstance(made, ast.FunctionDef) and made.name == "__init__"
        if "code" not in {argument.arg for argument in made.args.args}
    }


def error_calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield every call that makes an error: of its class, or of the initialiser above it."""
    names = error_classes()
    for path, tree in modules():
        inside = {
            id(call)
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef) and node.name in names
            for call in ast.walk(node)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func).split(".")[-1]
            above = called == "__init__" and id(node) in inside and len(node.args) > 1
            if called in names or above:
                yield f"{path.name}:{node.lineno}", node


def test_the_walk_over_the_source_sees_the_errors() -> None:
    codes = {literal(call.args[0]) for _, call in error_calls() if call.args}
    assert {"norm_expired", "targets_sum", "judgement_order", "norms_invalid"} <= codes
    assert len(error_classes()) >= 7


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


@languages
def test_every_error_in_the_source_has_its_sentences(language: Language) -> None:
    book = catalogue.keys(language)
    wrong: list[str] = []
    for where, call in error_calls():
        code = literal(call.args[0]) if call.args else None
        if code is None:
            if ast.unparse(call.func).split(".")[-1] in {"__init__", *own_makers()}:
                continue
            if call.args and ast.unparse(call.args[0]).endswith(".code"):
                continue  # a finding's code, whose sentences the test below looks for
            wrong.append(f"{where}: no literal code")
            continue
        given_facts = {keyword.arg for keyword in call.keywords} | {"subject"}
        for part in ("thing", "trouble", "way_out"):
            key = f"errors.{code}.{part}"
            if key not in book:
                wrong.append(f"{where}: {key} is missing")
            elif not figures(key, language) <= given_facts:
                wrong.append(f"{where}: {key} names {figures(key, language) - given_facts}")
    assert wrong == []


# --- the same for findings, which helpers pass on

BOOKS = ("findings", "norm_findings")
QUIET = {"code", "kind_of_code", "scope", "nested_in", "refused_subject", "Place"}


def finding_modules() -> Iterator[tuple[Path, ast.Module]]:
    for path, tree in modules():
        if "exchange" in path.parts and path.name != "catalogue.py" and "wording" not in path.parts:
            yield path, tree


def code_takers() -> dict[str, int | None]:
    """Return what takes a finding's code as an argument, with its place among the others."""
    found: dict[str, int | None] = {}
    for _, tree in finding_modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                names = [each.target.id for each in node.body if is_field(each)]
                if "code" in names:
                    found[node.name] = names.index("code")
            if isinstance(node, ast.ClassDef | ast.Module):
                owner = node.name if isinstance(node, ast.ClassDef) else None
                found |= dict(functions_with_code(node.body, owner))
    return {name: place for name, place in found.items() if name not in QUIET}


def is_field(node: ast.stmt) -> bool:
    return isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)


def functions_with_code(
    body: list[ast.stmt], owner: str | None
) -> Iterator[tuple[str, int | None]]:
    for node in body:
        if isinstance(node, ast.FunctionDef):
            names = [each.arg for each in node.args.args if each.arg not in {"self", "cls"}]
            name = owner if node.name == "__init__" and owner else node.name
            if "code" in names:
                yield name, names.index("code")


def finding_codes() -> dict[str, set[str]]:
    """Return every code that a finding gets as a literal, with the facts named beside it."""
    takers = code_takers()
    found: dict[str, set[str]] = {}
    for _, tree in finding_modules():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = ast.unparse(call.func).split(".")[-1]
            if name not in takers:
                continue
            named = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
            place = takers[name]
            placed = call.args[place : place + 1] if place is not None else []
            for argument in (*named, *placed):
                for part in ast.walk(argument):
                    if (
                        isinstance(part, ast.Constant)
                        and isinstance(part.value, str)
                        and part.value
                    ):
                        found.setdefault(part.value, set()).update(facts_of(call))
    return found


def facts_of(call: ast.Call) -> set[str]:
    """Return the names of the facts in a call: keywords, and the keys of a mapping `facts=`."""
    names = {keyword.arg for keyword in call.keywords if keyword.arg}
    for keyword in call.keywords:
        if keyword.arg == "facts" and isinstance(keyword.value, ast.Dict):
            names |= {literal(key) or "" for key in keyword.value.keys if key is not None}
    return names


def test_the_walk_over_the_source_sees_the_findings() -> None:
    codes = finding_codes()
    assert {"norm_kind_unknown", "norm_scheme_refused", "formula_cell", "tenancy_overlap"} <= set(
        codes
    )
    assert "present" in codes["judgement_above_present"]


@languages
def test_every_finding_in_the_source_has_its_sentences(language: Language) -> None:
    book = catalogue.keys(language)
    wrong: list[str] = []
    for code, facts in finding_codes().items():
        known = [name for name in BOOKS if f"{name}.{code}.trouble" in book]
        if len(known) != 1:
            wrong.append(f"{code} stands in {known}")
            continue
        for part in ("trouble", "way_out"):
            extra = figures(f"{known[0]}.{code}.{part}", language) - facts - {"value", "column"}
            if extra:
                wrong.append(f"{known[0]}.{code}.{part} names {extra}")
    assert wrong == []


def test_no_sentence_waits_for_a_finding_or_error_that_never_comes() -> None:
    source = "\n".join(ast.unparse(tree) for _, tree in modules())
    idle = {
        code
        for key in catalogue.keys("nl")
        if key.startswith(("findings.", "norm_findings.", "errors."))
        and (code := key.split(".")[1]) != "fact"
        and f"'{code}'" not in source
    }
    # Found in the database, where the register compares a file with what it has.
    comparing = SOURCE / "web" / "register" / "services"
    told = "\n".join(each.read_text(encoding="utf-8") for each in comparing.glob("*.py"))
    assert {code for code in idle if f'"{code}"' not in told} == set()
