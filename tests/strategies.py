"""What a portfolio may look like, as hypothesis strategies in a consultant's words.

Every situation is drawn with dice from a seed (the makers of `tests.engine`), so that a failing
example is one number that anybody can throw again; what a law varies is drawn beside it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.engine.cases import FIGURES
from tests.engine.random_cases import KINDS
from tests.engine.random_towns import a_town

Json = Any

seeds = st.integers(0, 2**32 - 1)
categories = st.sampled_from(FIGURES.categories)
shares = st.integers(0, 100).map(lambda part: part * 100)  # [basis points]
homes = st.integers(1, 200)
amounts = st.integers(1, 4)


def dice_of(seed: int) -> np.random.Generator:
    """The dice of a seed."""
    return np.random.default_rng(seed)


dice = seeds.map(dice_of)


def cases(*kinds: str) -> st.SearchStrategy[tuple[Any, Json]]:
    """A case of one of the kinds (any, when none is named), with its figures."""
    return st.builds(
        lambda kind, seed: KINDS[kind](dice_of(seed)), st.sampled_from(kinds or tuple(KINDS)), seeds
    )


judged_cases = cases(
    "judged_again_by_the_same_people",
    "promised_homes",
    "odd_bases",
    "what_would_flip_it",
    "several_ceilings_in_wide_scopes",
    "a_mixed_bag",
)
nested_cases = cases("several_ceilings_in_wide_scopes", "promised_homes", "stairwell_in_a_complex")
labelled_cases = cases("labelled_households")
role_cases = cases("agreed_roles")
towns = seeds.map(lambda seed: a_town(dice_of(seed))).filter(
    lambda told: told is not None and not told[0].refused()
)


@st.composite
def bands(draw: st.DrawFn) -> Json:
    """Lowest, aimed and highest share in order, each of which may be absent; soft or hard."""
    low, aim, high = sorted(draw(st.tuples(shares, shares, shares)))
    band = {"min": low, "target": aim, "max": high, "hard": draw(st.booleans())}
    absent = draw(st.sets(st.sampled_from(("min", "target", "max")), max_size=2))
    return {name: value for name, value in band.items() if name not in absent}
