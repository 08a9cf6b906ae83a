"""From rows to a comparison of ways of letting, and back: what was drawn, and what it says.

A comparison stands on the portfolio as it was known at a moment, without whatever points at a
person: homes, leases and notices go by a number, judges by a number, and no address or household
is there. The same portfolio can be taken along as a workbook, so that who repeats the comparison
elsewhere gets the same figures.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db.models import Count, Sum
from django.utils.timezone import localdate

from mixwijzer.engine.errors import MixwijzerError, RegimeError
from mixwijzer.engine.portfolio import Ground, Portfolio
from mixwijzer.engine.regimes import BLOCK
from mixwijzer.exchange.ahead import (
    REGIMES,
    Choice,
    Contest,
    Saved,
    comparison_document,
    packed,
    unpacked,
)
from mixwijzer.exchange.inquiry import Inquiry
from mixwijzer.exchange.tables import write
from mixwijzer.exchange.wording import Language, error_text
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.agreements.bridge import OBLIGATIONS
from mixwijzer.web.outlook.bridge.looking import SCHEME, marks
from mixwijzer.web.profiles.bridge import CAPS, PROFILES
from mixwijzer.web.register import bridge as register
from mixwijzer.web.register.models import ComplexFacts

__all__ = [
    "BLOCK",
    "REGIMES",
    "WORKBOOK",
    "Asked",
    "Outcome",
    "Ready",
    "now_by",
    "ready",
    "seconds",
    "stock",
    "stock_file",
    "stock_mark",
    "trouble_of",
    "trouble_text",
]

WORKBOOK = "portefeuille.xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was chosen in the form: the first regime is what the others are compared with."""

    regimes: tuple[str, ...]
    years: int
    runs: int
    seed: int
    turnover: float = 1.0
    ends: date | None = None

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Asked:
        """Read what `as_json` wrote."""
        ends = told["ends"]
        return cls(
            **{
                **told,
                "regimes": tuple(told["regimes"]),
                "ends": date.fromisoformat(ends) if ends else None,
            }
        )

    @property
    def as_json(self) -> dict[str, Any]:
        """Say it in plain values."""
        return {
            **asdict(self),
            "regimes": list(self.regimes),
            "ends": self.ends.isoformat() if self.ends else None,
        }

    @property
    def choice(self) -> Choice:
        """Say it as the library is asked."""
        return Choice(
            regimes=self.regimes,
            years=self.years,
            runs=self.runs,
            seed=self.seed,
            turnover=self.turnover,
            ends=self.ends,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came out: the document that the command line gives, and what it rests on."""

    document: str
    rests_on: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A comparison made ready to be drawn."""

    inquiry: Inquiry
    contest: Contest

    @property
    def blocks(self) -> int:
        """How many blocks there are to draw."""
        return self.contest.blocks

    def saved(self, text: str) -> Saved:
        """Return what was drawn before, as far as it is of this very comparison."""
        try:
            found = unpacked(text, "scenario") if text else {}
        except RegimeError:
            return {}
        plans = self.contest.plans
        return {
            owner: each
            for owner, each in found.items()
            if owner in plans and each.key == plans[owner].key
        }

    def drawn(self, saved: Saved) -> Iterator[tuple[int, Saved]]:
        """Yield after every block how many there are, and all that was drawn."""
        for found in self.contest.drawn(saved):
            yield sum(each.last for each in found.values()), found

    def packed(self, saved: Saved) -> str:
        """Return what was drawn as text."""
        return packed(saved)

    def outcome(self, saved: Saved) -> Outcome:
        """Say what all runs together tell."""
        given = {"known": None, "norms": None, "scheme": SCHEME}
        found = self.contest.told(saved)
        document = comparison_document(self.inquiry, self.contest, found, WORKBOOK, given)
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        return Outcome(document=text, rests_on=self._rests_on())

    def _rests_on(self) -> dict[str, Any]:
        """Return the promises and the supply that it leans on; one association has one plan."""
        [plan] = self.contest.plans.values()
        portfolio = self.inquiry.portfolio
        return {
            "complexes": len(portfolio.complexes),
            "homes": int(plan.tasks[0].homes.sum()),
            "with_band": plan.complexes,
            "promises": [[each.group, each.per_year] for each in plan.pledges],
            "arrivals": {
                name: 12 * float(each)
                for name, each in zip(plan.categories, plan.arrivals, strict=True)
            },
            "steered": {each.name: each.share(portfolio.lettings) for each in plan.regimes},
            "impossible": trouble_of(plan.impossible) if plan.impossible else {},
        }


def ready(owner: Organisation, asked: Asked, moment: datetime) -> Ready:
    """Make a comparison ready on the rows as known at a moment.

    Raises
    ------
    MixwijzerError
        What can't be compared, in figures.
    """
    inquiry = Inquiry.of(
        stock(owner, moment), register.norms(), day=localdate(moment), scheme=SCHEME
    )
    return Ready(inquiry=inquiry, contest=Contest.of(inquiry, asked.choice))


def stock(owner: Organisation, moment: datetime) -> Portfolio:
    """Return the portfolio as known at a moment, without what points at a person."""
    return _nameless(register.as_known(owner, moment, PROFILES, CAPS, OBLIGATIONS))


def stock_file(owner: Organisation, moment: datetime) -> bytes:
    """Return the same as a workbook."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / WORKBOOK
        write(stock(owner, moment), path)
        return path.read_bytes()


def _nameless(portfolio: Portfolio) -> Portfolio:
    """Return it with homes, leases, notices and judges by number, in the order of their codes."""
    home = _numbered("W", (each.id for each in portfolio.dwellings))
    lease = _numbered("H", (each.id for each in portfolio.tenancies))
    notice = _numbered("O", (each.id for each in portfolio.vacancies))
    judge = _numbered("B", {each.by for each in portfolio.judgements})
    placement = _numbered("P", (each.id for each in portfolio.placements))
    return replace(
        portfolio,
        dwellings=tuple(
            replace(each, id=home(each.id), address="", bag_id=None) for each in portfolio.dwellings
        ),
        tenancies=tuple(
            replace(each, id=lease(each.id), dwelling=home(each.dwelling), household=None)
            for each in portfolio.tenancies
        ),
        vacancies=tuple(
            replace(each, id=notice(each.id), dwelling=home(each.dwelling))
            for each in portfolio.vacancies
        ),
        judgements=tuple(
            replace(each, by=judge(each.by), vacancy=each.vacancy and notice(each.vacancy))
            for each in portfolio.judgements
        ),
        placements=tuple(
            replace(each, id=placement(each.id), vacancy=each.vacancy and notice(each.vacancy))
            for each in portfolio.placements
        ),
        lettings=tuple(replace(each, vacancy=notice(each.vacancy)) for each in portfolio.lettings),
        roles=tuple(replace(each, tenancy=lease(each.tenancy)) for each in portfolio.roles),
    )


def _numbered(letter: str, codes: Iterable[str]) -> Callable[[str], str]:
    """Return what gives a code its number; one that isn't among them stays unknown."""
    places = {code: place for place, code in enumerate(sorted(set(codes)), 1)}
    return lambda code: f"{letter}{places.get(code, 0):07d}"


def stock_mark(owner: Organisation) -> str:
    """Return what a comparison of today's rows would be made of."""
    told = repr(sorted(marks(owner).items()))
    return blake2b(told.encode(), digest_size=16).hexdigest()


def now_by(owner: Organisation, day: date) -> str:
    """Return the regime that is closest to how homes are given now."""
    ways = register.CHANNELS.read(register.current(register.CHANNELS, owner))
    tried = any(each.ground is Ground.EXPERIMENT and each.has_ground(day) for each in ways)
    return "experiment" if tried else "free_room"


def seconds(owner: Organisation, asked: Asked) -> float:
    """Return about how long a comparison takes [s].

    Raises
    ------
    RegimeError
        `no_homes`, or `too_many_runs` with what will do.
    """
    rows = ComplexFacts.objects.for_organisation(owner).filter(replaced_at=None)
    size = rows.aggregate(complexes=Count("pk"), homes=Sum("homes"))
    if not size["complexes"]:
        raise RegimeError("no_homes", "portfolio")
    return asked.choice.seconds(size["complexes"], size["homes"] or 0)


def trouble_of(error: MixwijzerError) -> dict[str, Any]:
    """Write an error down, so that every reader reads it in the own language."""
    return {"code": error.code, "subject": error.subject, "facts": error.facts}


def trouble_text(told: Mapping[str, Any], language: Language) -> str:
    """Say an error that was written down."""
    return error_text(MixwijzerError(told["code"], told["subject"], **told["facts"]), language)
