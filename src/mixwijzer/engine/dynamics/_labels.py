"""How many households really are of a category, when the label at letting misses many?

Each household is really of the category or not. The label at letting tells half of them, the visit
afterwards most of them; neither is truth. Visits among the labelled and among the others say, by
their own error rates, which part of each is really of the category.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from mixwijzer.engine.dynamics._estimates import HIGH, LOW, Estimate
from mixwijzer.engine.errors import DynamicsError
from mixwijzer.engine.norms import Norms, Scheme

Floats: TypeAlias = NDArray[np.float64]
_GRID = (np.arange(400) + 0.5) / 400  # part of a group that is really of the category


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLabels:
    """Households housed with and without the label of a category, and what visits found.

    Parameters
    ----------
    labelled, others
        Housed with the label, and without it [households].
    visited_labelled, visited_others
        Part of each that was visited, whoever they were [households].
    found_labelled, found_others
        Visited ones that the visit put in the category [households].

    Raises
    ------
    DynamicsError
        `labels_order`, unless 0 ≤ found ≤ visited ≤ housed.
    """

    category: str
    labelled: int
    others: int
    visited_labelled: int = 0
    found_labelled: int = 0
    visited_others: int = 0
    found_others: int = 0

    def __post_init__(self) -> None:
        """Refuse more found than visited, and more visited than housed."""
        for found, visited, housed in (
            (self.found_labelled, self.visited_labelled, self.labelled),
            (self.found_others, self.visited_others, self.others),
        ):
            if not 0 <= found <= visited <= housed:
                raise DynamicsError(
                    "labels_order", self.category, found=found, visited=visited, housed=housed
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindLabels:
    """What is behind labels at letting.

    Parameters
    ----------
    really
        Households that are really of the category [households].
    sensitivity
        Part of those that had the label.
    """

    really: Estimate
    sensitivity: Estimate


def behind_labels(entries: EntryLabels, scheme: Scheme, norms: Norms, day: date) -> BehindLabels:
    """Return how many are really of the category, and how many of them the label knew.

    Parameters
    ----------
    entries
        Counts of labels and visits.
    scheme
        Its prior mean says how common the category is, its confusion how a visit errs and how
        often a label is given wrongly.
    norms
        `dynamics.entry_sensitivity` and `dynamics.entry_weight`, in force on `day`.

    Raises
    ------
    DynamicsError
        `category_missing`; `weight_zero` where the assumption has no weight.
    """
    if entries.category not in scheme.categories:
        raise DynamicsError("category_missing", entries.category)
    weight = norms.number("dynamics.entry_weight", day)
    if weight <= 0:
        raise DynamicsError("weight_zero", "dynamics.entry_weight")
    own = scheme.index(entries.category)
    common, hit = scheme.prior_mean[own], scheme.confusion[own][own]
    wrong = _wrongly(scheme, own)
    known = norms.number("dynamics.entry_sensitivity", day)
    with_label = _posterior(
        _bayes(common, known, wrong), weight, entries.found_labelled, entries.visited_labelled,
        (hit, wrong),
    )  # fmt: skip
    without = _posterior(
        _bayes(common, 1 - known, 1 - wrong), weight, entries.found_others, entries.visited_others,
        (hit, wrong),
    )  # fmt: skip
    visited = entries.visited_labelled + entries.visited_others
    counted = visited / (visited + 2 * weight)
    return BehindLabels(
        really=_really(entries, with_label, without, counted),
        sensitivity=_sensitivity(entries, with_label, without, counted),
    )


def _wrongly(scheme: Scheme, own: int) -> float:
    """Return the chance that a household of another category is taken for this one."""
    rest = 1 - scheme.prior_mean[own]
    taken = sum(
        share * row[own]
        for place, (share, row) in enumerate(zip(scheme.prior_mean, scheme.confusion, strict=True))
        if place != own
    )
    return taken / rest if rest else 0.0


def _bayes(common: float, if_so: float, if_not: float) -> float:
    """Return the part that is of the category, given a sign and its two chances."""
    both = common * if_so + (1 - common) * if_not
    return common * if_so / both if both else common


def _posterior(
    part: float, weight: float, found: int, visited: int, errs: tuple[float, float]
) -> Floats:
    """Return weights on the grid: what was assumed times what visits found."""
    hit, wrong = errs
    seen = np.clip(_GRID * hit + (1 - _GRID) * wrong, 1e-12, 1 - 1e-12)
    log = (weight * part - 1) * np.log(_GRID) + (weight * (1 - part) - 1) * np.log1p(-_GRID)
    log += found * np.log(seen) + (visited - found) * np.log1p(-seen)
    weights = np.exp(log - log.max())
    return np.asarray(weights / weights.sum())


def _really(entries: EntryLabels, with_label: Floats, without: Floats, counted: float) -> Estimate:
    chances = np.convolve(_counts(entries.labelled, with_label), _counts(entries.others, without))
    households = np.arange(len(chances), dtype=np.float64)
    return _estimate(households, chances, entries, counted)


def _counts(households: int, weights: Floats) -> Floats:
    """Return the chances of 0 … all households of a group, over everything the grid allows."""
    k = np.arange(households + 1)[:, None]
    ways = gammaln(households + 1) - gammaln(k + 1) - gammaln(households - k + 1)
    return np.asarray(
        np.exp(ways + k * np.log(_GRID) + (households - k) * np.log1p(-_GRID)) @ weights
    )


def _sensitivity(
    entries: EntryLabels, with_label: Floats, without: Floats, counted: float
) -> Estimate:
    had = entries.labelled * _GRID[:, None]
    part = had / np.maximum(had + entries.others * _GRID[None, :], 1e-12)
    return _estimate(part.ravel(), np.outer(with_label, without).ravel(), entries, counted)


def _estimate(values: Floats, chances: Floats, entries: EntryLabels, counted: float) -> Estimate:
    order = np.argsort(values, kind="stable")
    below = np.cumsum(chances[order])
    low, high = (values[order][np.searchsorted(below, each - 1e-9)] for each in (LOW, HIGH))
    return Estimate(
        value=float(values @ chances),
        low=float(low),
        high=float(high),
        events=entries.found_labelled + entries.found_others,
        counted=counted,
    )
