"""From rows to what a yearbook holds: a frozen association, and why promises are behind."""

from mixwijzer.web.yearbook.bridge.behind import Explained, Shortfall, explained
from mixwijzer.web.yearbook.bridge.freezing import SCHEME, Frozen, frozen, hash_of

__all__ = ["SCHEME", "Explained", "Frozen", "Shortfall", "explained", "frozen", "hash_of"]
