"""What do the coming years bring to a complex, and to the whole portfolio?"""

from mixwijzer.engine.forecast._chain import Chain
from mixwijzer.engine.forecast._forecast import forecast
from mixwijzer.engine.forecast._mixes import Limits, Simplex
from mixwijzer.engine.forecast._outset import Outset
from mixwijzer.engine.forecast._policy import Policy
from mixwijzer.engine.forecast._result import Forecast

__all__ = ["Chain", "Forecast", "Limits", "Outset", "Policy", "Simplex", "forecast"]
