"""How does the mix of a complex move by itself, when nobody steers it?"""

from mixwijzer.engine.dynamics._rates import Rates

__all__ = ["Rates"]
