"""How far are we with what we promised, and will we make it?"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.text import slugify

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.agreements import bridge, models
from mixwijzer.web.agreements.bridge import Expectation, NormEnds, ObligationCount
from mixwijzer.web.agreements.words import ClauseKind
from mixwijzer.web.register.models import ComplexFacts, Letting

__all__ = [
    "BoardLine",
    "ClauseBehind",
    "CountedLetting",
    "ObligationLine",
    "board",
    "obligations",
    "own_words",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationLine:
    """One promise and where it stands, in its own unit (persons or households)."""

    code: str
    group: str
    association: str
    start: date
    end: date
    unit: str
    target: int
    carried: int
    realised: int
    under_way: int
    remaining: int
    pace: float
    without_persons: int

    @property
    def owed(self) -> int:
        """What was promised, with what was carried over."""
        return self.target + self.carried

    @property
    def behind(self) -> int:
        """How far short of an even pace it is with what is under way; below 0 when ahead."""
        return round(self.pace) - self.realised - self.under_way

    @property
    def parts(self) -> tuple[float, float, float]:
        """What is done, what will be with what is under way, and an even pace; of what is owed."""
        whole = max(self.owed, 1)
        counts = (self.realised, self.realised + self.under_way, self.pace)
        done, coming, even = (min(each / whole, 1.0) for each in counts)
        return done, coming, even

    def anchor(self, part: str) -> str:
        """Return where a part of what is told of this promise stands on a page."""
        return f"{part}-{slugify(self.association)}-{slugify(self.code)}"

    @property
    def last(self) -> date:
        """Last day that counts: the one before the end."""
        return self.end - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedLetting:
    """A letting that counts for a promise: where, when, and whether its household came."""

    complex: str
    complex_id: uuid.UUID
    on: date
    persons: int | None
    awaited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseBehind:
    """The clause of a signed agreement behind a promise, in its own words."""

    agreement: uuid.UUID
    title: str
    number: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardLine:
    """A promise with what is expected of it, norms that end in it, and the lettings behind it.

    With whom it was agreed sees how far it is; what is expected and the lettings are the
    association's own (`expected` and `lettings` stay empty).
    """

    line: ObligationLine
    counterparty: str
    clause: ClauseBehind | None
    own: bool
    expected: Expectation | None
    ending: tuple[NormEnds, ...]
    lettings: tuple[CountedLetting, ...]


def obligations(user: User, *, day: date) -> tuple[ObligationLine, ...]:
    """Return the promises that run on a day and that this reader may see, per association."""
    lines: list[ObligationLine] = []
    for owner, promises in _running(user, day):
        with acting_for(owner):  # counted in the association's rows, for who made the agreement too
            lines += [_line(owner, each) for each in _counts(owner, promises, day)]
    return tuple(lines)


def board(user: User, *, day: date) -> tuple[BoardLine, ...]:
    """Return the same promises with what is expected of them and, of the own, their lettings."""
    own = user.owners(Action.SEE_OBLIGATIONS)
    lines: list[BoardLine] = []
    for owner, promises in _running(user, day):
        with acting_for(owner):
            counts = _counts(owner, promises, day)
            agreed = [row.counterparty.name if row.counterparty else "" for row in promises]
            behind = _behind(owner, counts)
            ours = _ours(owner, counts, day) if owner.pk in own else [(None, ())] * len(counts)
            lines += [
                BoardLine(
                    line=_line(owner, each),
                    counterparty=name,
                    clause=behind.get(each.obligation.id),
                    own=owner.pk in own,
                    expected=expected,
                    ending=bridge.ending([ClauseKind.OBLIGATION], day, each.obligation.end),
                    lettings=lettings,
                )
                for each, name, (expected, lettings) in zip(counts, agreed, ours, strict=True)
            ]
    return tuple(lines)


def _behind(owner: Organisation, counts: Sequence[ObligationCount]) -> Mapping[str, ClauseBehind]:
    """Return which clause stands behind which obligation; nothing is asked where none does."""
    if not any(each.obligation.wording for each in counts):
        return {}
    return {
        code: ClauseBehind(
            agreement=row.public_id, title=row.title, number=clause.number, words=clause.words
        )
        for code, (row, clause) in bridge.signed(owner).items()
    }


def own_words(owner: Organisation) -> Mapping[str, str]:
    """Return what signed agreements say of an association's obligations, by their code."""
    rows = models.Obligation.objects.for_organisation(owner).filter(replaced_at__isnull=True)
    return dict(rows.exclude(wording="").values_list("code", "wording"))


def _running(user: User, day: date) -> list[tuple[Organisation, list[models.Obligation]]]:
    rows = (
        models.Obligation.objects.visible_to(user)
        .filter(replaced_at__isnull=True, start__lte=day, end__gt=day)
        .select_related("owner", "counterparty")
        .order_by("owner__name", "pk")
    )
    owners: dict[int, tuple[Organisation, list[models.Obligation]]] = {}
    for row in rows:
        owners.setdefault(row.owner_id, (row.owner, []))[1].append(row)
    return list(owners.values())


def _counts(
    owner: Organisation, promises: list[models.Obligation], day: date
) -> tuple[ObligationCount, ...]:
    found = bridge.OBLIGATIONS.read(
        models.Obligation.objects.for_organisation(owner)
        .filter(pk__in=[each.pk for each in promises])
        .order_by("pk")
    )
    return bridge.counted(owner, found, day)


def _ours(
    owner: Organisation, counts: tuple[ObligationCount, ...], day: date
) -> list[tuple[Expectation | None, tuple[CountedLetting, ...]]]:
    codes = {code for each in counts for code in each.lettings}
    rows = (
        Letting.objects.for_organisation(owner)
        .filter(replaced_at__isnull=True, notice__in=codes)
        .select_related("complex")
        .order_by("on", "pk")
    )
    let = {row.notice: row for row in rows}
    names = names_of(owner.pk, {row.complex_id for row in let.values()})
    return [
        (told, tuple(_letting(let[code], names, each) for code in each.lettings))
        for each, told in zip(counts, bridge.expected(owner, counts, day), strict=True)
    ]


def names_of(owner: int, complexes: Collection[int]) -> Mapping[int, str]:
    """Return the names of an association's complexes, by key."""
    facts = ComplexFacts.objects.for_organisation(owner).filter(
        replaced_at=None, complex__in=complexes
    )
    return dict(facts.values_list("complex", "name"))


def _letting(row: Letting, names: Mapping[int, str], counted: ObligationCount) -> CountedLetting:
    return CountedLetting(
        complex=names.get(row.complex_id, row.complex.code),
        complex_id=row.complex.public_id,
        on=row.on,
        persons=row.persons,
        awaited=row.notice in counted.awaited,
    )


def _line(owner: Organisation, each: ObligationCount) -> ObligationLine:
    return ObligationLine(
        code=each.obligation.id,
        group=each.obligation.group,
        association=owner.name,
        start=each.obligation.start,
        end=each.obligation.end,
        unit=each.obligation.unit,
        target=each.obligation.target,
        carried=each.obligation.carried,
        realised=each.realised,
        under_way=each.under_way,
        remaining=each.remaining,
        pace=each.pace,
        without_persons=each.without_persons,
    )
