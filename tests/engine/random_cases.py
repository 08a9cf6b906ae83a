"""Random small cases in the words of `data/advice_cases.json`, one maker per kind of situation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from tests.engine.cases import FIGURES
from tests.engine.oracle import Figures

Json = Any
Dice = np.random.Generator

DAY = "2026-11-20"
TWO = replace(
    FIGURES,
    categories=("attention", "regular"),
    mean=(0.35, 0.65),
    q=((0.0, 0.06), (0.03, 0.0)),
    confusion=((0.8, 0.2), (0.1, 0.9)),
)


def whole(dice: Dice, low: int, high: int) -> int:
    """A whole number from low up to and including high."""
    return int(dice.integers(low, high + 1))


def maybe(dice: Dice, chance: float) -> bool:
    """True with so much chance."""
    return bool(dice.random() < chance)


def one_of(dice: Dice, choices: Any) -> Any:
    """One of the choices."""
    return choices[int(dice.integers(len(choices)))]


def a_scheme(dice: Dice) -> Figures:
    """Another prior, other rates, some of them zero, and other error rates (K = 2 or 3)."""
    categories = one_of(dice, [TWO.categories, FIGURES.categories])
    number = len(categories)
    parts = dice.integers(1, 8, number)
    cuts = [int(part) * 100 // int(parts.sum()) for part in parts]
    cuts[0] += 100 - sum(cuts)
    rates = np.where(dice.random((number, number)) < 0.4, 0.0, dice.random((number, number)))
    np.fill_diagonal(rates, 0.0)
    errors = dice.dirichlet(np.ones(number), number) * 0.4 + np.eye(number) * 0.6
    return replace(
        FIGURES,
        categories=categories,
        ordinary=one_of(dice, categories),
        mean=tuple(cut / 100 for cut in cuts),
        s=float(whole(dice, 2, 40)),
        q=tuple(map(tuple, np.round(rates, 3).tolist())),
        confusion=tuple(map(tuple, errors.tolist())),
        hit=one_of(dice, [0.5, 0.68, 0.8]),
        max_m=whole(dice, 1, 4),
    )


def households(described: Json) -> int:
    """Who is there at the end of what an account describes."""
    if described["from"] == "labels":
        labelled = described["complete"] + described["signal"] + described["expired"]
        came, gone = described.get("lets", ()), described.get("leavers", ())
        return sum(labelled) + described["unknown"] + len(came) - len(gone)
    kinds = [event["type"] for event in described["events"]]
    return int(described["h"]) + kinds.count("let") - kinds.count("depart")


def a_judge(dice: Dice, figures: Figures, home: int, by: str, *, part: bool = False) -> Json:
    """What one person says of a place with so many households."""
    said: Json = {"by": by}
    for name in figures.categories:
        if name == "attention" or maybe(dice, 0.5):
            said[name] = sorted(whole(dice, 0, home) for _ in range(3))
            if maybe(dice, 0.3):
                said[name] = [said[name][1]] * 3
    if part:
        said["known"] = "part"
    return said


def some_shares(dice: Dice, figures: Figures) -> list[float]:
    """Intake shares; half of the time of one category for certain."""
    number = len(figures.categories)
    if maybe(dice, 0.5):
        return np.eye(number)[int(dice.integers(number))].tolist()
    return dice.dirichlet(np.ones(number)).tolist()


def a_past(
    dice: Dice, figures: Figures, home: int, *, rounds: int = 1, moves: int = 2, part: bool = False
) -> Json:
    """An account from judgements with departures and lettings around the rounds."""
    days = sorted(
        f"{year}-{month:02d}-{whole(dice, 1, 28):02d}"
        for year, month in [one_of(dice, [(2026, m) for m in range(1, 11)]) for _ in range(moves)]
    )
    judged = [f"2026-{month:02d}-15" for month in sorted(dice.permutation(range(1, 11))[:rounds])]
    events = [(day, "move") for day in days] + [(day, "round") for day in judged]
    there, told = home, []
    for day, kind in sorted(events):
        if kind == "round":
            names = dice.permutation(["x", "y", "z"])[: whole(dice, 1, 2)]
            judges = [
                a_judge(dice, figures, there, str(by), part=part and maybe(dice, 0.8))
                for by in names
            ]
            told.append({"on": day, "type": "judge", "judges": judges})
        elif there < home and maybe(dice, 0.6):
            told.append({"on": day, "type": "let", "shares": some_shares(dice, figures)})
            there += 1
        elif there > 1:
            told.append({"on": day, "type": "depart"})
            there -= 1
    return {"from": "judgements", "h": home, "day": DAY, "events": told}


def a_band(dice: Dice) -> Json:
    """A band of which every part may be absent."""
    low, aim, high = sorted(whole(dice, 0, 60) * 100 for _ in range(3))
    band = {"min": low, "target": aim, "max": high}
    for name in ("min", "target", "max"):
        if maybe(dice, 0.25):
            del band[name]
    if maybe(dice, 0.3):
        band["hard"] = True
    return band


def a_profile(dice: Dice, figures: Figures, *, chance: float = 0.6) -> Json:
    """Bands on some of the categories."""
    return {name: a_band(dice) for name in figures.categories if maybe(dice, chance)}


def a_cap(dice: Dice, figures: Figures, most: int, id_: str) -> Json:
    """A cap on one category, attention most of the time."""
    category = "attention" if maybe(dice, 0.6) else one_of(dice, figures.categories)
    return {"category": category, "at_most": whole(dice, 0, most), "id": id_}


CHANNELS = (
    ("ordinary", [0.3, 0.55, 0.15], "none needed"),
    ("direct attention", [1, 0, 0], "agreed group"),
    ("direct carrier", [0, 0.2, 0.8], None),
    ("co-optation", [0.1, 0.3, 0.6], "residential group"),
)


def some_channels(dice: Dice, figures: Figures) -> list[Json]:
    """A few ways to a new household, with and without a ground."""
    number = len(figures.categories)
    out = []
    for name, shares, ground in CHANNELS[: whole(dice, 1, 4)]:
        own = shares if number == 3 else [shares[0], round(1 - shares[0], 6)]
        out.append({"name": name, "shares": own, "ground": ground if maybe(dice, 0.8) else None})
    return out


def case_of(dice: Dice, figures: Figures, scopes: list[Json], **more: Json) -> Json:
    """A whole case."""
    return {"scopes": scopes, "channels": some_channels(dice, figures), **more}


def one_place(dice: Dice, figures: Figures, described: Json, *, spare: int = 2) -> list[Json]:
    """A complex with a profile, and perhaps a cap, around an account."""
    home = households(described)
    scope = {
        "name": "C",
        "n": max(home + whole(dice, 1, spare), 1),
        "profile": a_profile(dice, figures),
        "account": described,
    }
    if maybe(dice, 0.5):
        scope["caps"] = [a_cap(dice, figures, home, "cap-c")]
    return [scope]


def around(dice: Dice, figures: Figures, scopes: list[Json], *, levels: int = 1) -> list[Json]:
    """Wider scopes around a complex, each with a few other complexes."""
    for level, name in enumerate(("N", "D")[:levels]):
        rest = [
            a_past(dice, figures, whole(dice, 1, 4), rounds=whole(dice, 0, 1), moves=1)
            for _ in range(whole(dice, 1, 2 - level))
        ]
        homes = scopes[-1]["n"] + sum(each["h"] for each in rest) + whole(dice, 0, 2)
        scope = {"name": name, "n": homes, "rest": rest, "profile": a_profile(dice, figures)}
        if maybe(dice, 0.4):
            scope["caps"] = [a_cap(dice, figures, homes // 2, f"cap-{name.lower()}")]
        scopes = [*scopes, scope]
    return scopes


# --- kinds ---------------------------------------------------------------------------------------


def judged_again_by_the_same_people(dice: Dice) -> tuple[Figures, Json]:
    """Two or three rounds, by people who judged before and by others."""
    past = a_past(
        dice, FIGURES, whole(dice, 3, 7), rounds=whole(dice, 2, 3), moves=whole(dice, 0, 3)
    )
    return FIGURES, case_of(dice, FIGURES, one_place(dice, FIGURES, past))


def agreed_roles(dice: Dice) -> tuple[Figures, Json]:
    """Households with an agreed role; judges speak about everybody; a role-holder may leave."""
    home = whole(dice, 5, 8)
    past = a_past(dice, FIGURES, home, rounds=whole(dice, 1, 2), moves=whole(dice, 0, 1))
    past["roles"] = [whole(dice, 0, 1), 0, whole(dice, 0, 2)]
    leaver = {"on": "2026-11-10", "type": "depart"}
    held = [name for name, k in zip(FIGURES.categories, past["roles"], strict=True) if k]
    if held and maybe(dice, 0.5):
        leaver["category"] = one_of(dice, held)
    past["events"].append(leaver)
    figures = replace(FIGURES, max_m=whole(dice, 1, 4))
    return figures, case_of(dice, figures, one_place(dice, figures, past))


def stairwell_in_a_complex(dice: Dice) -> tuple[Figures, Json]:
    """Caps in a stairwell without account of its own, under complex and neighbourhood."""
    figures = FIGURES if maybe(dice, 0.6) else a_scheme(dice)
    home = whole(dice, 3, 7)
    past = a_past(dice, figures, home, rounds=1, moves=0)
    drawn = whole(dice, 0, home)
    caps = [a_cap(dice, figures, drawn, f"cap-{index}") for index in range(whole(dice, 1, 3))]
    stairwell = {"name": "C/A", "n": drawn + 1, "drawn": drawn, "caps": caps}
    if maybe(dice, 0.3):
        stairwell["profile"] = a_profile(dice, figures)
    scopes = [stairwell, *one_place(dice, figures, past)]
    if maybe(dice, 0.5):
        scopes = around(dice, figures, scopes)
    return figures, case_of(dice, figures, scopes)


def stairwell_groups_judged_apart(dice: Dice) -> tuple[Figures, Json]:
    """Every group has an account of its own; the complex is their convolution."""
    group = a_past(dice, FIGURES, whole(dice, 2, 4), rounds=1, moves=whole(dice, 0, 1))
    others = [a_past(dice, FIGURES, whole(dice, 1, 4), rounds=1) for _ in range(whole(dice, 1, 2))]
    stairwell = one_place(dice, FIGURES, group)[0] | {"name": "C/A"}
    homes = stairwell["n"] + sum(each["h"] for each in others)
    own = {"name": "C", "n": homes, "profile": a_profile(dice, FIGURES), "rest": others}
    scopes = [stairwell, own]
    if maybe(dice, 0.3):
        scopes = around(dice, FIGURES, scopes)
    return FIGURES, case_of(dice, FIGURES, scopes)


def promised_homes(dice: Dice) -> tuple[Figures, Json]:
    """Commitments with and without agreed category, here and in complexes never judged."""
    past = a_past(dice, FIGURES, whole(dice, 2, 6), rounds=whole(dice, 0, 1), moves=1)
    for _ in range(whole(dice, 1, 3)):
        past["events"].append({"on": DAY, "type": "let", "shares": some_shares(dice, FIGURES)})
    scopes = around(dice, FIGURES, one_place(dice, FIGURES, past))
    for rest in scopes[-1]["rest"]:
        if maybe(dice, 0.6):
            rest["events"] = [{"on": DAY, "type": "let", "shares": some_shares(dice, FIGURES)}]
    return FIGURES, case_of(dice, FIGURES, scopes)


def a_known_leaver(dice: Dice) -> tuple[Figures, Json]:
    """The leaver's category was recorded before, on, or after the day of notice."""
    figures, case = one_of(dice, [labelled_households, agreed_roles, a_mixed_bag])(dice)
    case["notice"] = "2026-11-01"
    case["leaver"] = {
        "category": "attention" if maybe(dice, 0.7) else one_of(dice, figures.categories),
        "recorded": one_of(dice, ["2026-10-31", "2026-11-01", "2026-11-02"]),
    }
    return figures, case


def other_rates_of_change(dice: Dice) -> tuple[Figures, Json]:
    """Any kernel, carriers drifting too, rates of zero, several months in one step."""
    figures = a_scheme(dice)
    past = a_past(dice, figures, whole(dice, 2, 6), rounds=whole(dice, 1, 2), moves=1)
    return figures, case_of(dice, figures, one_place(dice, figures, past))


def several_ceilings_in_wide_scopes(dice: Dice) -> tuple[Figures, Json]:
    """Ceilings on all categories, the ordinary one too, nested up to the district."""
    past = a_past(dice, FIGURES, whole(dice, 1, 4), rounds=1, moves=0)
    scopes = around(dice, FIGURES, one_place(dice, FIGURES, past), levels=2)
    for scope in scopes[1:]:
        scope["caps"] = [
            {
                "category": name,
                "at_most": whole(dice, 1, scope["n"] - 1),
                "id": f"{scope['name']}-{name}",
            }
            for name in FIGURES.categories
            if maybe(dice, 0.7)
        ]
    return FIGURES, case_of(dice, FIGURES, scopes)


def odd_bases(dice: Dice) -> tuple[Figures, Json]:
    """Small bases, hard bands whose low exceeds their high, fill-up plans, half-known places."""
    part = maybe(dice, 0.4)
    past = a_past(dice, FIGURES, whole(dice, 1, 6), rounds=1, moves=1, part=part)
    scopes = one_place(dice, FIGURES, past, spare=one_of(dice, [1, 6]))
    scopes[0]["fill_up"] = maybe(dice, 0.6)
    if maybe(dice, 0.5):
        share = whole(dice, 20, 50) * 100
        hard = {"min": share, "target": share + 200, "max": share + 300, "hard": True}
        scopes[0]["profile"]["attention"] = hard
    if maybe(dice, 0.5):
        scopes = around(dice, FIGURES, scopes)
    return FIGURES, case_of(dice, FIGURES, scopes)


def new_build_filling_up(dice: Dice) -> tuple[Figures, Json]:
    """A plan with an end date, homes still empty, and already too many of a category."""
    home = whole(dice, 3, 5)
    said = [{"by": "x", "attention": [home] * 3}, {"by": "y", "attention": [home - 1, home, home]}]
    event = {"on": "2026-11-02", "type": "judge", "judges": said[: whole(dice, 1, 2)]}
    past = {"from": "judgements", "h": home, "day": DAY, "events": [event]}
    scopes = one_place(dice, FIGURES, past)
    scopes[0]["n"] = whole(dice, home + 1, 11)
    scopes[0]["profile"]["attention"] = {"max": whole(dice, 5, 30) * 100}
    scopes[0]["fill_up"] = maybe(dice, 0.8)
    return FIGURES, case_of(dice, FIGURES, scopes)


def what_would_flip_it(dice: Dice) -> tuple[Figures, Json]:
    """Two or three ceilings that block together, and drafts that would raise some of them."""
    figures = replace(FIGURES, max_m=whole(dice, 1, 3))
    home = whole(dice, 3, 6)
    said = {"by": "x", "attention": [home - 1, home - 1, home]}
    past = {
        "from": "judgements",
        "h": home,
        "day": DAY,
        "events": [{"on": "2026-11-02", "type": "judge", "judges": [said]}],
    }
    if maybe(dice, 0.3):
        past["roles"] = [1, 0, 0]
    if maybe(dice, 0.3):
        past["events"].append({"on": DAY, "type": "let", "shares": [1.0, 0.0, 0.0]})
    scopes = one_place(dice, figures, past)
    scopes[0]["profile"]["attention"] = {"max": whole(dice, 1, 6) * 1000}
    scopes[0]["caps"] = [
        {"category": "attention", "at_most": whole(dice, home - 2, home + 1), "id": f"cap-{index}"}
        for index in range(whole(dice, 0, 2))
    ]
    if maybe(dice, 0.6):
        scopes = around(dice, figures, scopes)
        cap = {"category": "attention", "at_most": whole(dice, 1, home + 2), "id": "cap-n"}
        scopes[1]["caps"] = [cap]
    more: Json = {}
    if maybe(dice, 0.7):
        more["drafts"] = {
            f"draft-{index}": {scopes[0]["name"]: {"attention": {"max": whole(dice, 6, 10) * 1000}}}
            for index in range(whole(dice, 1, 2))
        }
    return figures, case_of(dice, figures, scopes, **more)


def labelled_households(dice: Dice) -> tuple[Figures, Json]:
    """Labels of a complete round and of signals, some expired, with leavers and commitments."""
    figures = FIGURES if maybe(dice, 0.6) else a_scheme(dice)
    number = len(figures.categories)

    def spread(most: int) -> list[int]:
        return np.bincount(
            dice.integers(0, number, whole(dice, 0, most)), minlength=number
        ).tolist()

    described: Json = {
        "from": "labels",
        "complete": spread(3),
        "signal": spread(2),
        "expired": spread(2) if maybe(dice, 0.5) else [0] * number,
        "unknown": whole(dice, 0, 2),
    }
    there = sum(described["complete"] + described["signal"] + described["expired"])
    if there + described["unknown"] == 0:
        described["unknown"] = 1
    held = [
        name for name, k in zip(figures.categories, described["complete"], strict=True) if k > 0
    ]
    if held and maybe(dice, 0.5):
        described["leavers"] = [one_of(dice, held)]
    if maybe(dice, 0.3):
        described["lets"] = [some_shares(dice, figures)]
    scopes = one_place(dice, figures, described)
    if maybe(dice, 0.3):
        scopes = around(dice, figures, scopes)
    return figures, case_of(dice, figures, scopes)


def labels_past_their_date(dice: Dice) -> tuple[Figures, Json]:
    """Labels of attention have expired, around a ceiling that they would have reached."""
    described = {
        "from": "labels",
        "complete": [whole(dice, 0, 1), whole(dice, 1, 3), whole(dice, 0, 1)],
        "signal": [whole(dice, 0, 1), 0, 0],
        "expired": [whole(dice, 1, 3), whole(dice, 0, 1), 0],
        "unknown": 0,
    }
    scopes = one_place(dice, FIGURES, described)
    scopes[0]["caps"] = [{"category": "attention", "at_most": whole(dice, 2, 5), "id": "cap-c"}]
    return FIGURES, case_of(dice, FIGURES, scopes)


def a_mixed_bag(dice: Dice) -> tuple[Figures, Json]:
    """A complex in its neighbourhood and district, with whatever happened there."""
    figures = FIGURES if maybe(dice, 0.6) else a_scheme(dice)
    past = a_past(dice, figures, whole(dice, 2, 6), rounds=whole(dice, 0, 2), moves=2)
    scopes = around(dice, figures, one_place(dice, figures, past), levels=whole(dice, 0, 2))
    return figures, case_of(dice, figures, scopes)


KINDS: dict[str, Callable[[Dice], tuple[Figures, Json]]] = {
    maker.__name__: maker
    for maker in (
        judged_again_by_the_same_people,
        agreed_roles,
        stairwell_in_a_complex,
        stairwell_groups_judged_apart,
        promised_homes,
        a_known_leaver,
        other_rates_of_change,
        several_ceilings_in_wide_scopes,
        odd_bases,
        new_build_filling_up,
        what_would_flip_it,
        labelled_households,
        labels_past_their_date,
        a_mixed_bag,
    )
}
