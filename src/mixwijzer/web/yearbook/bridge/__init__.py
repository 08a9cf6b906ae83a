"""From rows to what a yearbook holds: a frozen association, and why promises are behind."""

from mixwijzer.web.yearbook.bridge.behind import Shortfall, why_behind
from mixwijzer.web.yearbook.bridge.freezing import SCHEME, Frozen, frozen, hash_of

__all__ = ["SCHEME", "Frozen", "Shortfall", "frozen", "hash_of", "why_behind"]
