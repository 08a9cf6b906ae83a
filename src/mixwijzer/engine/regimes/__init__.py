"""Which way of giving homes keeps the mix, meets the promises, and who bears it?

A `Regime` says how a free home is given, a `Scenario` what is supposed of the years to come; a
`Plan` makes both ready for the homes of a portfolio. `partials` draws the runs chunk by chunk, so
that they can be watched, stopped, saved and gone on with; `compare` does it at one go.
"""

from mixwijzer.engine.regimes._comparison import Comparison, Measured, compare
from mixwijzer.engine.regimes._plan import BLOCK, Plan, Scenario, seconds_of
from mixwijzer.engine.regimes._regime import Regime
from mixwijzer.engine.regimes._runs import Over, Partial, partials

__all__ = [
    "BLOCK",
    "Comparison",
    "Measured",
    "Over",
    "Partial",
    "Plan",
    "Regime",
    "Scenario",
    "compare",
    "partials",
    "seconds_of",
]
