"""What are the three categories called on screen, and in which order do they stand?

An association's own word stands wherever a category is named by itself: above a column, in a list,
beside a chart, in a choice. Whole sentences keep the standard words, since a word of one's own has
no plural and no article. Which words they are is told per request (`speaking`), read when a page
first needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.utils.translation import get_language

from mixwijzer.exchange.catalogue import Language, sentence

__all__ = ["ORDER", "category_column", "category_name", "own_word", "speaking"]

ORDER = ("attention", "carrier", "regular")  # as on the pictures: limits first

Words = Mapping[str, Mapping[str, str]]

_spoken: ContextVar[Callable[[], Words] | None] = ContextVar("mixwijzer_own_words", default=None)


@contextmanager
def speaking(words: Callable[[], Words]) -> Iterator[None]:
    """Use these own words, by category and language; they are asked for once, when needed."""
    token = _spoken.set(cache(words))
    try:
        yield
    finally:
        _spoken.reset(token)


def category_name(category: str) -> str:
    """Return what a category is called: the association's own word, else "some extra attention"."""
    return own_word(category) or sentence(f"words.category.{category}.name", _language())


def category_column(category: str) -> str:
    """Return what a category is called above a column: the own word, else one short word."""
    return own_word(category) or sentence(f"words.category.{category}.column", _language())


def own_word(category: str) -> str:
    """Return the association's own word for a category, empty without."""
    words = _spoken.get()
    return words().get(category, {}).get(_language(), "") if words else ""


def _language() -> Language:
    return "en" if (get_language() or "nl").startswith("en") else "nl"
