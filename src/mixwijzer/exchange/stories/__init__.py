"""Does the advice say what people who know the work expect of it?

A story is a situation in a few lines of YAML (a complex, what was said of it, its profile, the home
that comes free) and the advice that goes with it. Stories are written in words that a housing
consultant can sign, Dutch or codes; they are shown in the handbook, run by the tests and by
`mixwijzer story`, so an organisation's own policy becomes a check on every version.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mixwijzer.engine.advice import Advice, CategoryAdvice, Flip
from mixwijzer.engine.errors import MixwijzerError
from mixwijzer.engine.norms import Norms
from mixwijzer.engine.reasons import Reason, ReasonKind, Verdict
from mixwijzer.exchange.check import check
from mixwijzer.exchange.findings import Severity
from mixwijzer.exchange.inquiry import Inquiry
from mixwijzer.exchange.stories._building import VACANCY, portfolio_of
from mixwijzer.exchange.stories._reading import Story, StoryError, Wanted, read_stories

__all__ = ["Difference", "Story", "StoryError", "StoryOutcome", "outcomes", "play", "read_stories"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not as the story says; empty `category`: the advice as a whole."""

    category: str
    what: str
    wanted: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryOutcome:
    """What came of a story: the advice or the error, and what differs from what was expected."""

    story: Story
    advice: Advice | None
    error: MixwijzerError | None
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        """Whether the story holds."""
        return not self.differences


def outcomes(path: Path, norms: Norms) -> Iterator[StoryOutcome]:
    """Play every story of a file or folder; raises StoryError when one can't be read."""
    for story in read_stories(path):
        yield play(story, norms)


def play(story: Story, norms: Norms) -> StoryOutcome:
    """Build what a story tells, ask the advice, compare."""
    portfolio = portfolio_of(story, norms)
    try:
        for finding in check(portfolio):
            if finding.severity is Severity.ERROR:
                raise StoryError(finding.code, story.story, **finding.facts)
        advice = Inquiry.of(portfolio, norms, day=story.today).advise(VACANCY)
    except MixwijzerError as error:
        found = () if error.code == story.expect.error else (_other_error(story, error.code),)
        return StoryOutcome(story=story, advice=None, error=error, differences=found)
    return StoryOutcome(
        story=story, advice=advice, error=None, differences=tuple(_differences(story, advice))
    )


def _other_error(story: Story, code: str) -> Difference:
    return Difference(category="", what="error", wanted=story.expect.error or "", found=code)


def _differences(story: Story, advice: Advice) -> Iterator[Difference]:
    expected = story.expect
    if expected.error is not None:
        yield _other_error(story, "")
    for category, wanted in expected.categories.items():
        if category not in {each.category for each in advice.categories}:
            raise StoryError("story_key", story.story, key=category, where="expect")
        yield from _of_category(wanted, advice.category(category), advice)
    closed = {each.channel.id for each in advice.channels if not each.has_ground}
    elsewhere = any(advice.alternatives.values())
    pairs = (
        ("recommended", expected.recommended, advice.recommended),
        ("no_ground", expected.no_ground, frozenset(closed)),
        ("elsewhere", expected.elsewhere, elsewhere),
        ("open_vacancies", expected.open_vacancies, advice.open_vacancies),
        ("valid_until", expected.valid_until, advice.valid_until),
    )
    for what, asked, found in pairs:
        if asked is not None and asked != found:
            yield Difference(category="", what=what, wanted=_said(asked), found=_said(found))


def _of_category(wanted: Wanted, found: CategoryAdvice, advice: Advice) -> Iterator[Difference]:
    scope = found.binding.scope.kind.name.lower() if found.binding else None
    modifiers = frozenset(
        modifier.value
        for rule in found.rules
        if rule.verdict is found.verdict
        for modifier in rule.modifiers
    )
    because = frozenset(_because(reason, found, advice) for reason in found.reasons)
    pairs = (
        ("verdict", wanted.verdict, found.verdict),
        ("because", wanted.because, because),
        ("binding", wanted.binding, scope),
        ("modifiers", wanted.modifiers, modifiers),
    )
    for what, asked, got in pairs:
        if asked is not None and asked != got:
            yield Difference(
                category=found.category, what=what, wanted=_said(asked), found=_said(got)
            )
    changes = tuple(_changes(flip) for flip in found.flips)
    if wanted.flips is not None and not _same_flips(wanted.flips, changes):
        yield Difference(
            category=found.category,
            what="flips",
            wanted=_said(wanted.flips),
            found=_said(changes),
        )


def _because(reason: Reason, found: CategoryAdvice, advice: Advice) -> str:
    """Return a reason as a story writes it: what speaks, and where."""
    if reason.kind is not ReasonKind.RULE:
        return reason.kind.value
    rule = next(each for each in found.rules if each.id == reason.rule)
    return f"{rule.kind.value} {rule.scope.kind.name.lower()}"


def _changes(flip: Flip) -> frozenset[tuple[str, int]]:
    return frozenset((change.kind.value, change.amount) for change in flip.changes)


def _same_flips(
    wanted: tuple[frozenset[tuple[str, int]], ...], found: tuple[frozenset[tuple[str, int]], ...]
) -> bool:
    """Whether every expected change was found; a story that expects none wants none."""
    return set(wanted) <= set(found) if wanted else not found


def _said(value: object) -> str:
    """Return a value as a difference shows it."""
    if isinstance(value, Verdict):
        return value.name.lower()
    if isinstance(value, frozenset | tuple):
        parts = (
            " ".join(map(str, each)) if isinstance(each, tuple) else _said(each) for each in value
        )
        return ", ".join(sorted(parts))
    return "" if value is None else str(value)
