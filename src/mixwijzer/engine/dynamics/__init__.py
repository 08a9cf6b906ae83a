"""How does the mix of a complex move by itself, when nobody steers it?

`History` counts what the two clocks tell of a portfolio and `estimate` turns counts into `Rates`,
each figure with its range and with the word *assumed* where it is a norm more than a count.
`fit_churn` learns from a panel of shares (`Panel`) how far a share wanders more than letting alone
would make it. `fit_drift` learns from persons seen several times who changes and who never does,
and `behind_labels` how many really belong to a category when labels at letting miss many.
"""

from mixwijzer.engine.dynamics._churn import Churn, fit_churn
from mixwijzer.engine.dynamics._drift import Drift, fit_drift
from mixwijzer.engine.dynamics._estimates import Estimate, Estimates, estimate
from mixwijzer.engine.dynamics._history import History, Tally
from mixwijzer.engine.dynamics._labels import EntryLabels, behind_labels
from mixwijzer.engine.dynamics._panel import Panel
from mixwijzer.engine.dynamics._rates import Rates

__all__ = [
    "Churn",
    "Drift",
    "EntryLabels",
    "Estimate",
    "Estimates",
    "History",
    "Panel",
    "Rates",
    "Tally",
    "behind_labels",
    "estimate",
    "fit_churn",
    "fit_drift",
]
