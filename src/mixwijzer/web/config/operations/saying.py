"""What is said to who looks after the installation, and what can't be done.

The sentences stand in the catalogue `operations`, in Dutch and English.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from mixwijzer.exchange.catalogue import LANGUAGES, Language, sentence

__all__ = ["Finding", "Refused", "language", "say", "speak"]

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that isn't as it should be; `code` is a sentence of the catalogue."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def told(self, lang: Language | None = None) -> str:
        """Return its sentence."""
        return sentence(f"operations.{self.code}", lang or language(), **self.facts)


class Refused(Exception):  # noqa: N818 (a refusal, with its way out, is no fault of the program)
    """It can't be done like this; says what the matter is and what to do."""

    def __init__(self, code: str, **facts: object) -> None:
        self.finding = Finding(code, facts)
        super().__init__(self.finding.told())


def language() -> Language:
    """Return the language of the environment: English when it is, else Dutch."""
    spoken = next((os.environ[name] for name in _VARIABLES if os.environ.get(name)), "")
    return "en" if spoken.lower().startswith("en") else "nl"


def speak(asked: str | None) -> None:
    """Speak this language from now on; without one, that of the environment."""
    if asked in LANGUAGES:
        os.environ["LC_ALL"] = asked


def say(code: str, **facts: object) -> str:
    """Return a sentence in the language of the environment."""
    return Finding(code, facts).told()
