"""What do the coming years bring to a complex, and to the whole portfolio?

An `Outset` is where a complex stands and what is supposed of its future: account, rates, limits and
policy. `forecast` takes them to months ahead by one of three methods that agree: an exact event
chain (`Chain`), a sample of the whole portfolio, or means alone. Who draws blocks of runs by
itself, as `regimes` does, takes them from `sampled`.
"""

from mixwijzer.engine.forecast._chain import Chain
from mixwijzer.engine.forecast._forecast import forecast
from mixwijzer.engine.forecast._mixes import Array, Limits, Simplex, Whole
from mixwijzer.engine.forecast._outset import Outset
from mixwijzer.engine.forecast._policy import Policy
from mixwijzer.engine.forecast._result import Forecast, Tallied

__all__ = [
    "Array",
    "Chain",
    "Forecast",
    "Limits",
    "Outset",
    "Policy",
    "Simplex",
    "Tallied",
    "Whole",
    "forecast",
]
