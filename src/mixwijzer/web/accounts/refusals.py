"""Why can this not be done? A sentence for who asked, with the way out."""

from __future__ import annotations

from django.utils.functional import Promise

__all__ = ["Refused"]


class Refused(Exception):  # noqa: N818 (as the refusals of letting: it is an answer)
    """Something that people and roles do not allow now; nothing was changed."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
