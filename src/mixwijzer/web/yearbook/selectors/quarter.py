"""What did a quarter bring: what was promised and done, why behind, and what did the mix cost?

Both sides of the table read the same sheet. With whom something was agreed sees its own agreed
groups, unrounded; what is expected, why, and how homes were decided are the association's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from re import fullmatch
from statistics import median

from django.utils import timezone

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.agreements.selectors import BoardLine, board, obligations
from mixwijzer.web.letting.models import Decision, PlaceRequest
from mixwijzer.web.letting.selectors import days_lost, first_decided
from mixwijzer.web.outlook.selectors import Weighed, weighings
from mixwijzer.web.register.bridge import assumptions
from mixwijzer.web.register.models import Notice
from mixwijzer.web.yearbook.bridge import Explained, Shortfall, explained

__all__ = ["Quarter", "QuarterPage", "QuarterPromise", "QuarterRequests", "QuarterWork", "quarter"]


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year, 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        """Return the quarter that a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def named(cls, name: str) -> Quarter | None:
        """Return the quarter that is written as `2026-3`; None for anything else."""
        found = fullmatch(r"(2\d{3})-([1-4])", name)
        return cls(int(found[1]), int(found[2])) if found else None

    def __str__(self) -> str:
        """Write it as in an address."""
        return f"{self.year}-{self.number}"

    @property
    def start(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> date:
        """The day after its last."""
        return self.after(1).start

    def after(self, quarters: int) -> Quarter:
        """Return the quarter so many later, or earlier below 0."""
        place = 4 * self.year + self.number - 1 + quarters
        return Quarter(place // 4, place % 4 + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterPromise:
    """A promise at the end of the quarter.

    `gained` is what this quarter added to what is done; `menu` how many a coming year brings at
    least nearly always, as often as not, and seldom.
    """

    board: BoardLine
    gained: int
    why: Shortfall | None
    menu: tuple[int, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterWork:
    """How homes were decided: all that stand, in time, what it cost, and how often otherwise.

    Parameters
    ----------
    decided, in_time
        Decisions; those taken before the advert would have gone out, or on that day.
    undated
        Decisions on homes of which no day of publication is known.
    days_lost
        Days that decisions came after publication, together [days].
    days_to_decide
        The middle of the days from notice to decision [days]; None without a decision.
    followed
        Decisions that follow the advice.
    reasons
        How often each reason to choose another way was given.
    read
        Of the others, how many a second reader agreed with.
    """

    decided: int
    in_time: int
    undated: int
    days_lost: int
    days_to_decide: float | None
    followed: int
    reasons: Mapping[str, int]
    read: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterRequests:
    """Requests for a place: asked and closed in the quarter, open at its end, and open for long."""

    asked: int
    closed: int
    waiting: int
    long: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterPage:
    """A quarter as one reader may see it; `day` is the day up to which is counted.

    `weighed` is whether all of it can hold together: told of today alone.
    """

    quarter: Quarter
    day: date
    promises: tuple[QuarterPromise, ...]
    work: QuarterWork | None
    requests: QuarterRequests | None
    weighed: tuple[Weighed, ...]


def quarter(user: User, asked: Quarter, *, today: date) -> QuarterPage:
    """Return a quarter, up to today where it isn't over."""
    day = min(asked.end - timedelta(days=1), today)
    return QuarterPage(
        quarter=asked,
        day=day,
        promises=_promises(user, asked, day),
        work=_work(user, asked),
        requests=_requests(user, asked, day),
        weighed=weighings(user, now=timezone.now()) if day == today else (),
    )


def _promises(user: User, asked: Quarter, day: date) -> tuple[QuarterPromise, ...]:
    before = {
        (each.association, each.code): each.realised
        for each in obligations(user, day=asked.start - timedelta(days=1))
    }
    lines = board(user, day=day)
    own = _explained(user, lines, day)
    keys = [(each.line.association, each.line.code) for each in lines]
    return tuple(
        QuarterPromise(
            board=each,
            gained=each.line.realised - before.get(key, 0),
            why=own[key].why if key in own else None,
            menu=own[key].menu if key in own else None,
        )
        for key, each in zip(keys, lines, strict=True)
    )


def _explained(
    user: User, lines: tuple[BoardLine, ...], day: date
) -> dict[tuple[str, str], Explained]:
    names = {each.line.association for each in lines if each.own}
    told: dict[tuple[str, str], Explained] = {}
    mine = user.owners(Action.SEE_OBLIGATIONS)
    for owner in Organisation.objects.filter(name__in=names, pk__in=mine):
        codes = [each.line.code for each in lines if each.line.association == owner.name]
        with acting_for(owner):
            found = explained(owner, codes, day)
        told |= {(owner.name, code): each for code, each in found.items()}
    return told


def _work(user: User, asked: Quarter) -> QuarterWork | None:
    rows = list(
        Decision.objects.visible_to(user)
        .filter(withdrawn_at=None, lapsed_at=None)
        .filter(at__gte=_moment(asked.start), at__lt=_moment(asked.end))
        .select_related("vacancy")
    )
    if not rows:
        return None
    notices = {
        (owner, each.code): each
        for owner in {row.owner_id for row in rows}
        for each in Notice.objects.for_organisation(owner).filter(
            replaced_at=None, code__in={row.vacancy.code for row in rows}
        )
    }
    first = first_decided(user, [row.vacancy_id for row in rows])
    days = [first.get(row.vacancy_id, timezone.localdate(row.at)) for row in rows]
    known = [
        (on, notices[row.owner_id, row.vacancy.code])
        for on, row in zip(days, rows, strict=True)
        if (row.owner_id, row.vacancy.code) in notices
    ]
    late = [days_lost(on, each.publication) for on, each in known if each.publication]
    others = [row for row in rows if not row.followed]
    return QuarterWork(
        decided=len(rows),
        in_time=late.count(0),
        undated=len(rows) - len(late),
        days_lost=sum(late),
        days_to_decide=median((on - each.notice).days for on, each in known) if known else None,
        followed=len(rows) - len(others),
        reasons=Counter(row.reason for row in others),
        read=sum(row.read_at is not None for row in others),
    )


def _requests(user: User, asked: Quarter, day: date) -> QuarterRequests | None:
    rows = list(
        PlaceRequest.objects.visible_to(user)
        .filter(replaced_at=None, asked_on__lte=day)
        .values_list("asked_on", "closed_on")
    )
    if not rows:
        return None
    long = timedelta(weeks=assumptions(day).wait_weeks)
    open_ = [asked_on for asked_on, closed in rows if closed is None or closed > day]
    return QuarterRequests(
        asked=sum(asked.start <= asked_on for asked_on, _ in rows),
        closed=sum(closed is not None and asked.start <= closed <= day for _, closed in rows),
        waiting=len(open_),
        long=sum(asked_on + long < day for asked_on in open_),
    )


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
