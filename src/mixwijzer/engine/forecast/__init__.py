"""What do the coming years bring to a complex, and to the whole portfolio?"""

from mixwijzer.engine.forecast._mixes import Limits, Simplex
from mixwijzer.engine.forecast._policy import Policy

__all__ = ["Limits", "Policy", "Simplex"]
