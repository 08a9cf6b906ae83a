"""A slow, plain reading of the rules for account and advice, to hold the engine against.

Written from the rules' own sentences (ENGINE §2-3b) and sharing no line with the engine. A mix is a
tuple of counts in the scheme's order, an account a dict from mix to chance; every household drifts
on its own, the true categories of labelled households are enumerated one by one, nested scopes are
summed together, and what would flip a verdict is found by trying everything. For small towns only.

Cases come in, and advice goes out, in the words of `data/advice_cases.json`.
"""

from __future__ import annotations

from dataclasses import replace

from tests.engine.oracle.accounts import (
    Figures,
    Json,
    account,
    labelled,
    mixes,
    size,
    summary,
    turned,
    turns_between,
)
from tests.engine.oracle.channels import channels
from tests.engine.oracle.rules import ASK_FIRST, RANK, TIGHT, reference, spoken, world, worst
from tests.engine.oracle.search import Search

__all__ = [
    "Figures",
    "account",
    "advise",
    "mixes",
    "size",
    "summary",
    "turned",
    "turns_between",
]


def about(figures: Figures, case: Json, category: int) -> Json:
    """The advice about one category."""
    of = world(figures, case)
    rules = spoken(of, category)
    verdict, why = worst(of, rules)
    better = False
    described = case["scopes"][of.own]["account"]
    if described["from"] == "labels" and any(described.get("expired", ())):
        valid = labelled(figures, described, as_if_valid=True)
        as_if = replace(of, inner=tuple(valid.items()))
        before, _ = worst(as_if, spoken(as_if, category))
        better = RANK[verdict] > RANK[before]
    final = min(verdict, ASK_FIRST, key=RANK.__getitem__) if better else verdict
    out: Json = {
        "verdict": final,
        "why": why,
        "rules": rules,
        "better_by_expiry": better,
        "reasons": [reference(rule) for rule in rules if rule["verdict"] == final],
        "binding": None,
        "counterfactuals": {"flips": [], "blocked": []},
    }
    if not rules:
        return out
    out["binding"] = reference(
        min(
            rules,
            key=lambda rule: (
                RANK[rule["verdict"]],
                rule["P"],
                rule["headroom"],
                rule["size"],
                rule["kind"] == "band",
                rule["id"],
            ),
        )
    )
    speaks_partly = any(of.places[rule["size"]].part for rule in rules)
    expiry_decides = better and RANK[verdict] > RANK[ASK_FIRST]
    if RANK[final] < RANK[TIGHT] and not speaks_partly and not expiry_decides:
        out["counterfactuals"] = Search(figures, case, category).result()
    return out


def advise(figures: Figures, case: Json) -> Json:
    """The whole advice on a case, in the words of the worked cases."""
    out: Json = {
        "categories": {
            name: about(figures, case, index) for index, name in enumerate(figures.categories)
        }
    }
    if "channels" in case:
        out |= channels(world(figures, case), case["channels"])
    return out
