"""What was said of more households than, after a correction, lived there: set aside, and told.

A judgement speaks of the households of one day. Corrected leases can show that fewer lived there
than were judged; no account can be made of such a judgement, so it no longer counts from then on.
Its row is closed without a successor, at the moment of the correction: what was known before stays
known, and taking the correction back repeats it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db import transaction

from mixwijzer.engine.errors import AccountError
from mixwijzer.engine.portfolio import Count, Judgement, Portfolio, Scope
from mixwijzer.exchange.findings import Finding, Severity
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.register import bridge
from mixwijzer.web.register.services.accounts import chunks, impossible, rebuild_accounts
from mixwijzer.web.register.services.ledgers import close

__all__ = ["ASIDE", "Aside", "account_anew", "parted", "set_aside", "without"]

ASIDE = "judgement_set_aside"
"""Code of the finding that tells of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """One judge's words about one place on one day, or a count, that can no longer be.

    `high` is the most it named [households], `present` how many lived there [households].
    """

    rows: tuple[Judgement | Count, ...]
    high: int
    present: int

    @property
    def scope(self) -> Scope:
        """The place it is about."""
        return self.rows[0].scope

    @property
    def on(self) -> date:
        """The day it speaks of."""
        return self.rows[0].on

    def finding(self, *, own: bool = False) -> Finding:
        """Say where it is, what is wrong and what to do; what the file itself says is an error."""
        judged = isinstance(self.rows[0], Judgement)
        return Finding(
            code="judgement_above_present" if own else ASIDE,
            severity=Severity.ERROR if own else Severity.WARNING,
            sheet="judgements" if judged else "counts",
            column="high" if judged else "households",
            value=str(self.high),
            facts={"scope": self.scope.code, "on": self.on.isoformat(), "present": self.present},
        )


def parted(portfolio: Portfolio, day: date) -> tuple[Aside, ...]:
    """Return everything that can't be in a portfolio, what one judge said that day as one."""
    found = dict(impossible(portfolio, day))
    told = sorted(found, key=_said)
    return tuple(
        Aside(rows=tuple(rows), high=max(map(_most, rows)), present=found[rows[0]])
        for rows in (list(group) for _, group in groupby(told, key=_said))
    )


def _said(row: Judgement | Count) -> tuple[str, int, str, str, str]:
    """Return the key of what was said at once; a count is by nobody, and each its own."""
    by = row.by if isinstance(row, Judgement) else f"={row.category}"
    return row.scheme, int(row.scope.kind), row.scope.code, row.on.isoformat(), by


def _most(row: Judgement | Count) -> int:
    return row.high if isinstance(row, Judgement) else row.households


def without(portfolio: Portfolio, aside: Iterable[Aside]) -> Portfolio:
    """Leave out what was set aside."""
    gone = {row for each in aside for row in each.rows}
    if not gone:
        return portfolio
    return replace(
        portfolio,
        judgements=tuple(row for row in portfolio.judgements if row not in gone),
        counts=tuple(row for row in portfolio.counts if row not in gone),
    )


def set_aside(*, owner: Organisation, aside: Iterable[Aside], now: datetime) -> int:
    """Let these no longer count from now on; returns how many."""
    listed = list(aside)
    for each in listed:
        for row in each.rows:
            table: bridge.Table[Any] = (
                bridge.JUDGEMENTS if isinstance(row, Judgement) else bridge.COUNTS
            )
            told = table.split(row)
            standing = bridge.current(table, owner, **{name: told[name] for name in table.key})
            close(table=table, owner=owner, rows=standing.values_list("pk", flat=True), now=now)
    return len(listed)


def account_anew(
    *, owner: Organisation, complexes: Collection[int], day: date, now: datetime
) -> tuple[Aside, ...]:
    """Make the accounts of complexes after their rows changed; return what that set aside.

    Every way in that can change who lived somewhere comes through here. What was said is looked
    through only where an account refuses it: of most changes nothing was said that can't be.
    """
    listed = list(complexes)
    try:
        with transaction.atomic():
            rebuild_accounts(owner=owner, complexes=listed, day=day, now=now)
    except AccountError as error:
        if error.code != "judgement_order":
            raise
    else:
        return ()
    found = tuple(each for portfolio, _ in chunks(owner, listed) for each in parted(portfolio, day))
    set_aside(owner=owner, aside=found, now=now)
    rebuild_accounts(owner=owner, complexes=listed, day=day, now=now)
    return found
