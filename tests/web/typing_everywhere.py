"""Somebody who types the same in every field that a page reads, whatever it is called."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from django.http import QueryDict

TOKEN = "csrfmiddlewaretoken"  # without it, nothing that was typed is read


class Typist:
    """Answers a request's every question about what was typed; `asked` tells which those were."""

    def __init__(self, words: str, *, known: Mapping[str, str], there: bool) -> None:
        self.words, self.known, self.there = words, known, there
        self.asked: set[str] = set()

    def types(self, name: str) -> str:
        """Return what stands in a field."""
        self.asked.add(name)
        return self.known.get(name, self.words)

    def is_there(self, name: str) -> bool:
        """Return whether a box is ticked, or a button was the one that was pressed."""
        self.asked.add(name)
        return self.there

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let a page read this, and nothing that a request really holds but its token."""
        truly, is_truly = QueryDict.__getitem__, QueryDict.__contains__

        def one(typed: QueryDict, name: Any) -> Any:
            return truly(typed, name) if name == TOKEN else self.types(name)

        def has(typed: QueryDict, name: object) -> bool:
            return is_truly(typed, name) if name == TOKEN else self.is_there(str(name))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(QueryDict, "__getitem__", one)
            patch.setattr(QueryDict, "getlist", lambda _, name, default=None: [self.types(name)])
            patch.setattr(QueryDict, "__contains__", has)
            yield


def typists(words: str, *, hides: bool) -> Iterator[Typist]:
    """Yield who types it everywhere, and who leaves be what a form `hides` and ticks nothing."""
    yield Typist(words, known={}, there=True)
    if hides:
        hidden = {"key": str(uuid.UUID(int=7)), "version": "1", "revision": "1"}
        yield Typist(words, known=hidden, there=False)
