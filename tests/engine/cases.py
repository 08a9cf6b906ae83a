"""From a case in the words of `data/advice_cases.json` to engine values, and back."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from mixwijzer.engine.account import Account, Event, Labels, Outlook, State, Statement, Summed
from mixwijzer.engine.advice import Advice, CategoryAdvice, ChannelAdvice, Rule, judge
from mixwijzer.engine.advice._channels import recommended, weigh
from mixwijzer.engine.advice._situation import Limit, Ring, Situation, band_limit
from mixwijzer.engine.norms import Assumptions, Scheme
from mixwijzer.engine.portfolio import Band, Channel, Known, Portfolio, Scope, ScopeKind
from mixwijzer.engine.reasons import Change, ChangeKind, Modifier, ReasonKind, Verdict
from tests.engine.oracle import Figures

Json = Any

WORKED: Json = json.loads(
    (Path(__file__).parent / "data" / "advice_cases.json").read_text(encoding="utf-8")
)
FIGURES = Figures.read(WORKED)
WORDS = {
    Verdict.NO_ROOM: "no room",
    Verdict.ASK_FIRST: "ask first",
    Verdict.TIGHT: "tight",
    Verdict.ROOM: "room",
}


def scheme_of(figures: Figures) -> Scheme:
    """The scheme behind a case."""
    return Scheme(
        name="role",
        categories=figures.categories,
        ordinary=figures.ordinary,
        prior_mean=figures.mean,
        prior_strength=figures.s,
        drift=tuple(
            tuple(0.0 if row == column else rate for column, rate in enumerate(rates))
            for row, rates in enumerate(figures.q)
        ),
        confusion=figures.confusion,
    )


@cache
def assumptions_of(figures: Figures) -> Assumptions:
    """The norms behind a case."""
    return Assumptions(
        hit_rate=figures.hit,
        epsilon=figures.eps,
        old_weight=figures.old,
        prior_weight=figures.weak,
        part_factor=figures.part,
        no_room_at=figures.no,
        room_from=figures.yes,
        smallest_base=figures.min_band,
        fill_up_under_bp=figures.fill_bp,
        small_difference=figures.small,
        most_changes=figures.max_m,
        valid_days=14,
        smallest_group=12,
        wait_weeks=12,
        schemes={"role": scheme_of(figures)},
        like_for_like=True,
    )


def statement(figures: Figures, judge_: Json) -> Statement:
    """What one judge said."""
    return Statement(
        by=judge_["by"],
        ranges={name: tuple(judge_[name]) for name in figures.categories if name in judge_},
        known=Known(judge_.get("known", "most")),
    )


def events(figures: Figures, account: Json) -> Iterator[Event]:
    """What happened, in the order of the engine's filter."""
    found = []
    for each in account["events"]:
        on = date.fromisoformat(each["on"])
        if each["type"] in {"depart", "question"}:
            found.append(Event(on=on, leaves=each.get("category") or ""))
        if each["type"] == "let":
            found.append(Event(on=on, enters=tuple(each["shares"])))
        if "judges" in each:
            said = tuple(statement(figures, judge_) for judge_ in each["judges"])
            found.append(Event(on=on, said=said))
    yield from sorted(found, key=lambda event: event.order)


def state_of(figures: Figures, account: Json) -> State:
    """The filter's state of a described account."""
    happened = list(events(figures, account))
    day = date.fromisoformat(account["day"])
    start = happened[0].on if happened else day
    state = State.first(scheme_of(figures), account["h"], start, account.get("roles") or ())
    for event in happened:
        state = state.after(event, assumptions_of(figures))
    return state.on_day(day)


def labels_of(figures: Figures, account: Json) -> Labels:
    """The labels of a described account."""
    zero = (0,) * len(figures.categories)
    return Labels(
        scheme=scheme_of(figures),
        complete=tuple(account.get("complete", zero)),
        signal=tuple(account.get("signal", zero)),
        expired=tuple(account.get("expired", zero)),
        unknown=account.get("unknown", 0),
    )


def outlook_of(figures: Figures, account: Json) -> Outlook:
    """State or labels of the scope of the vacancy, with what is known to come."""
    if account["from"] == "judgements":
        return Outlook(state=state_of(figures, account))
    return Outlook(
        state=State.first(scheme_of(figures), 1, date(2026, 1, 1)),
        labels=labels_of(figures, account),
        gone=tuple(account.get("leavers", ())),
        comes=tuple(map(tuple, account.get("lets", ()))),
    )


def account_of(figures: Figures, account: Json) -> Summed:
    """Any described account."""
    if account["from"] == "sum":
        parts = [account_of(figures, part) for part in account["parts"]]
        return Summed(scheme_of(figures), parts)
    return outlook_of(figures, account).account


def _limits(figures: Figures, scope: Scope, described: Json) -> Iterator[Limit]:
    if described["n"] >= figures.min_band:
        for name, band in (described.get("profile") or {}).items():
            yield band_limit(scope, name, Band(**band), described["n"], "profile")
    for number, cap in enumerate(described.get("caps", ())):
        yield Limit(
            id=cap.get("id", f"{described['name']}:cap{number}"),
            cap=True,
            category=cap["category"],
            low=None,
            high=cap["at_most"],
            norm="cap",
        )


def situation_of(figures: Figures, case: Json, draft: str | None = None) -> Situation:
    """The engine's situation of a case."""
    scopes = [dict(each) for each in case["scopes"]]
    for each in scopes:
        if draft is not None and each["name"] in case["drafts"][draft]:
            each["profile"] = case["drafts"][draft][each["name"]]
    own = next(index for index, each in enumerate(scopes) if "account" in each)
    outlook = outlook_of(figures, scopes[own]["account"])
    drawn = scopes[0]["drawn"] if own else 0
    there = drawn
    rings = []
    for index, each in enumerate(scopes):
        scope = Scope(ScopeKind(index + (0 if own else 1)), each["name"])
        rest = None
        if index == own:
            there = outlook.account.households
        elif index > own:
            rest = Summed(
                scheme_of(figures), [account_of(figures, part) for part in each.get("rest", ())]
            )
            there += rest.households
        filling = bool(each.get("fill_up")) and there * 10_000 < figures.fill_bp * each["n"]
        rings.append(
            Ring(
                scope=scope,
                base=each["n"],
                limits=tuple(_limits(figures, scope, each)),
                fill_up=filling,
                known_part=outlook.labels is None and outlook.state.known_part and index == own,
                rest=rest,
            )
        )
    leaver = case.get("leaver")
    recorded_before = leaver and leaver["recorded"] < case["notice"]
    return Situation(
        scheme=scheme_of(figures),
        assumptions=assumptions_of(figures),
        rings=tuple(rings),
        inner=outlook.account,
        at=own,
        drawn=drawn,
        leaver=leaver["category"] if recorded_before else None,
        outlook=outlook,
        profiled=any("profile" in each or each.get("caps") for each in scopes),
    )


def drafts_of(figures: Figures, case: Json) -> Mapping[str, Situation]:
    """The situation under each draft profile of a case."""
    return {name: situation_of(figures, case, name) for name in case.get("drafts", {})}


# --- the engine's answers in the words of the cases ----------------------------------------------


def rule_told(rule: Rule, sizes: Mapping[Scope, int]) -> Json:
    """One rule with all its figures."""
    return {
        "scope": rule.scope.code,
        "kind": rule.kind.value,
        "id": rule.id,
        "size": sizes[rule.scope],
        "limit": rule.limit,
        "P": rule.chance,
        "P_next": rule.chance_next,
        "verdict": WORDS[rule.verdict],
        "lifted": Modifier.LIKE_FOR_LIKE in rule.modifiers,
        "headroom": rule.headroom,
        "count": {"likely": list(rule.count.likely), "wide": list(rule.count.wide)},
        "headroom_range": {"likely": list(rule.headroom_likely), "wide": list(rule.headroom_wide)},
    }


def change_told(change: Change, rules: Mapping[str, list[str]]) -> list[Any]:
    """One change without its amount."""
    kind = change.kind.value.replace("_", " ")
    if change.kind is ChangeKind.LIMIT:
        return [kind, rules[change.rule]]
    return [kind, change.rule if change.kind is ChangeKind.DRAFT else change.scope]


def category_told(
    advice: CategoryAdvice, sizes: Mapping[Scope, int], rules: Mapping[str, list[str]]
) -> Json:
    """The advice about one category; `rules` says how each rule is named."""
    why = {ReasonKind.NO_NORM: "no norm", ReasonKind.NO_PROFILE: "no profile"}
    return {
        "verdict": WORDS[advice.verdict],
        "why": "".join(why.get(reason.kind, "") for reason in advice.reasons),
        "rules": [rule_told(rule, sizes) for rule in advice.rules],
        "better_by_expiry": advice.better_by_expiry,
        "reasons": [
            rules[reason.rule] for reason in advice.reasons if reason.kind is ReasonKind.RULE
        ],
        "binding": rules[advice.binding.id] if advice.binding else None,
        "counterfactuals": {
            "flips": [
                {
                    "changes": [
                        [*change_told(change, rules), change.amount] for change in flip.changes
                    ],
                    "verdict": WORDS[flip.verdict],
                }
                for flip in advice.flips
            ],
            "blocked": [
                [
                    change_told(
                        Change(kind=each.kind, scope=each.scope, rule=each.rule, amount=0), rules
                    ),
                    [rules[id_] for id_ in each.by],
                ]
                for each in advice.blocked
            ],
        },
    }


def whole_told(advice: Advice, portfolio: Portfolio) -> Json:
    """An advice about a vacancy of a portfolio."""
    scopes = portfolio.scopes_of(advice.dwelling)
    rules = {
        f"{scope.code}:{each.category}:band": [
            scope.code,
            "band",
            f"{scope.code}:{each.category}:band",
        ]
        for scope in scopes
        for each in advice.categories
    }
    for each in advice.categories:
        rules |= {rule.id: [rule.scope.code, rule.kind.value, rule.id] for rule in each.rules}
    sizes = {scope: index for index, scope in enumerate(scopes)}
    return {
        "categories": {
            each.category: category_told(each, sizes, rules) for each in advice.categories
        },
        "channels": _channels(advice.channels),
        "recommended": advice.recommended,
        "difference_small": advice.small_difference,
    }


def _channels(weighed: Sequence[ChannelAdvice]) -> Json:
    return [
        {
            "channel": each.channel.id,
            "P": each.chance,
            "out_of_band": each.out_of_band,
            "ground": each.has_ground,
        }
        for each in weighed
    ]


def channels_told(figures: Figures, situation: Situation, offered: Json) -> Json:
    """What every channel would do, and which is recommended."""
    rows = [
        Channel(
            id=each["name"],
            scheme="role",
            name={},
            shares=tuple(Decimal(str(share)) for share in each["shares"]),
        )
        for each in offered
    ]
    weighed = weigh(situation, rows, [bool(each["ground"]) for each in offered])
    best, close = recommended(weighed, figures.small)
    return {
        "channels": _channels(weighed),
        "recommended": best.channel.id if best else None,
        "difference_small": close,
    }


def advice_told(figures: Figures, case: Json) -> Json:
    """The engine's whole advice on a case."""
    situation = situation_of(figures, case)
    drafts = drafts_of(figures, case)
    sizes = {ring.scope: index for index, ring in enumerate(situation.rings)}
    rules = {
        limit.id: [ring.scope.code, "cap" if limit.cap else "band", limit.id]
        for each in (situation, *drafts.values())
        for ring in each.rings
        for limit in ring.limits
    }
    out: Json = {
        "categories": {
            name: category_told(judge(situation, name, drafts), sizes, rules)
            for name in figures.categories
        }
    }
    if "channels" in case:
        out |= channels_told(figures, situation, case["channels"])
    return out


def account_told(figures: Figures, described: Json) -> Json:
    """The engine's account in the words of the cases."""
    account = account_of(figures, described)
    out: Json = {"h": account.households}
    for name in figures.categories:
        spread = account.spread(name)
        out[name] = {
            "mean": account.mean(name),
            "pmf": account.pmf(name).tolist(),
            "likely": list(spread.likely),
            "wide": list(spread.wide),
        }
    if isinstance(account, Account) and account.grid.ndim == 2:
        out["P(attention=2,carrier=1)"] = (
            float(account.grid[2, 1]) if account.households >= 3 else 0.0
        )
    return out


def differences(
    told: Json, expected: Json, where: str = "", *, within: float = 1e-6
) -> list[tuple[str, Json, Json]]:
    """Everything in `expected` that `told` says differently."""
    if isinstance(expected, Mapping):
        return [
            found
            for key, value in expected.items()
            for found in (
                differences(told[key], value, f"{where}/{key}", within=within)
                if key in told
                else [(f"{where}/{key}", "absent", value)]
            )
        ]
    if isinstance(expected, list) and isinstance(told, list) and len(told) == len(expected):
        return [
            found
            for index, (one, other) in enumerate(zip(told, expected, strict=True))
            for found in differences(one, other, f"{where}/{index}", within=within)
        ]
    if isinstance(expected, float) and isinstance(told, int | float):
        return (
            []
            if math.isclose(told, expected, rel_tol=0, abs_tol=within)
            else [(where, told, expected)]
        )
    return [] if told == expected else [(where, told, expected)]
