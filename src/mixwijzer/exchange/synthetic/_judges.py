"""What the made-up consultants and neighbourhood managers say of the places they know.

A judge knows a part of the households and sees some of them wrong, always the same ones; what he
says is his count of those, scaled up to everybody, with a range that is too narrow as often as
people's ranges are. Nothing of a single household is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

import numpy as np

from mixwijzer.engine.portfolio import Judgement, Known, Occasion
from mixwijzer.exchange.synthetic._hidden import (
    ATTENTION,
    CARRIER,
    CATEGORIES,
    Ints,
    Lives,
)
from mixwijzer.exchange.synthetic._homes import Homes
from mixwijzer.exchange.synthetic._letting import Notices

KNOWN = (Known.ALL, Known.MOST, Known.PART)
_LETTERS = "BCDFGHJKLMNPRSTVWZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judges:
    """How well the made-up judges know and see; illustrative, not measured.

    Parameters
    ----------
    sees
        (3, 3) chance of perceiving a category (column) given the true one (row).
    knows
        Part of the households known to who says he knows all, most, a part of them.
    says
        Per judge (consultant, manager) how often he says all, most, a part.
    noise
        Standard deviation of a head count, as part of the households.
    width
        Half of a range, as part of the households.
    bias
        Per judge, how many too many he sees that need attention, as part of the households; give
        one of them a value for a one-sided judge.
    rounds
        Yearly rounds at most.
    never, alone
        Part of the complexes that never was judged, and that one judge only speaks of.
    """

    sees: tuple[tuple[float, float, float], ...] = (
        (0.80, 0.18, 0.02),
        (0.10, 0.85, 0.05),
        (0.05, 0.15, 0.80),
    )
    knows: tuple[float, float, float] = (0.95, 0.70, 0.30)
    says: tuple[tuple[float, float, float], ...] = ((0.25, 0.62, 0.13), (0.35, 0.57, 0.08))
    noise: float = 0.04
    width: float = 0.08
    bias: tuple[float, float] = (0.0, 0.0)
    rounds: int = 3
    never: float = 0.05
    alone: float = 0.10


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One question: which complex (or stairwell), on which day, without whom, to which judges.

    `leaver` is who the question at notice leaves out; `without` are all who were left out before,
    and still live there.
    """

    complex: int
    stairwell: int
    day: int
    judges: tuple[int, ...]
    leaver: int = -1
    without: tuple[int, ...] = ()
    vacancy: str | None = None
    occasion: Occasion = Occasion.YEARLY


class Crowd:
    """Everybody's true and perceived category, ready to be counted per complex and day."""

    def __init__(
        self, rng: np.random.Generator, homes: Homes, lives: Lives, judges: Judges
    ) -> None:
        stock = homes.stock
        where = stock.complex[lives.dwelling[lives.spell_household]]
        counts = stock.in_base[lives.dwelling[lives.spell_household]]
        order = np.argsort(where, kind="stable")
        order = order[counts[order]]
        self.bounds = np.searchsorted(where[order], np.arange(stock.size.size + 1))
        self.household = lives.spell_household[order]
        self.start, self.end = lives.spell_start[order], lives.spell_end[order]
        self.stairwell = stock.stairwell[lives.dwelling[self.household]]
        people = lives.dwelling.size
        self.familiar = rng.random((2, people))
        steps = np.cumsum(np.array(judges.sees), axis=1)[lives.spell_category[order]]
        u = rng.random((2, people))[:, self.household]
        self.seen = (u[:, :, None] >= steps[None, :, :2]).sum(axis=2)

    def there(self, question: _Asked) -> Ints:
        """Return the spells that a question is about."""
        part = slice(self.bounds[question.complex], self.bounds[question.complex + 1])
        on = (self.start[part] <= question.day) & (question.day < self.end[part])
        on &= ~np.isin(self.household[part], (*question.without, question.leaver))
        if question.stairwell >= 0:
            on &= self.stairwell[part] == question.stairwell
        return np.asarray(np.flatnonzero(on) + part.start)


def staff(homes: Homes) -> tuple[tuple[str, str], ...]:
    """Return who judges each complex: a consultant's and a manager's code; initials, no names."""
    stock = homes.stock
    teams: dict[tuple[bool, int], int] = {}
    number = {"consultant": 0, "manager": 0}
    codes: dict[tuple[str, bool, int], str] = {}
    out = []
    for place, second in zip(stock.place.tolist(), stock.second.tolist(), strict=True):
        seen = teams[second, place] = teams.get((second, place), -1) + 1
        pair = []
        for role, areas, many in (("consultant", 12, 30), ("manager", 6, 20)):
            key = (role, second, place // areas * 1000 + seen // many)
            if key not in codes:
                codes[key] = f"{role}-{_initials(number[role], role)}"
                number[role] += 1
            pair.append(codes[key])
        out.append((pair[0], pair[1]))
    return tuple(out)


def _initials(number: int, role: str) -> str:
    """Spread the initials, so that neighbours on a list don't look alike."""
    size = len(_LETTERS)
    shift = 0 if role == "consultant" else 7
    first, second = divmod((number * 37 + shift) % (size * size), size)
    again = number // (size * size)
    return f"{_LETTERS[first]}{_LETTERS[second]}".lower() + (str(again) if again else "")


def judge(
    rng: np.random.Generator,
    homes: Homes,
    lives: Lives,
    notices: Notices,
    judges: Judges,
) -> tuple[Judgement, ...]:
    """Return every judgement as it was recorded, corrections after what they correct."""
    crowd = Crowd(rng, homes, lives, judges)
    says = np.stack([rng.choice(3, homes.stock.size.size, p=each) for each in judges.says])
    codes = staff(homes)
    rows: list[Judgement] = []
    questions = [*_yearly(rng, homes, judges), *_at_notice(rng, homes, notices)]
    for question in _without_leavers(_one_a_day(questions)):
        there = crowd.there(question)
        for who in question.judges:
            known = int(says[who, question.complex])
            familiar = crowd.familiar[who, crowd.household[there]] < judges.knows[known]
            seen = np.bincount(crowd.seen[who, there][familiar], minlength=3)
            counts = _scaled(rng, seen, there.size, judges, who)
            by = codes[question.complex][who]
            rows += _told(rng, homes, question, by, KNOWN[known], counts, there.size, judges)
    return tuple(rows)


def _yearly(rng: np.random.Generator, homes: Homes, judges: Judges) -> Iterator[_Asked]:
    """Ask every complex once a year, a few never; the one judged per group in each stairwell."""
    day = homes.day.toordinal()
    for index in range(homes.stock.size.size):
        never, alone = rng.random() < judges.never, rng.random() < judges.alone
        back, years = int(rng.integers(20, 345)), int(rng.integers(2, 4))
        special = index in (homes.stock.grouped, homes.stock.capped, homes.stock.magic_mix)
        if index == homes.stock.fill_up or (never and not special):
            continue
        who = (int(rng.integers(0, 2)),) if alone and not special else (0, 1)
        groups = 1
        if index == homes.stock.grouped:
            groups = int(homes.stock.stairwell[homes.stock.complex == index].max()) + 1
        for year in reversed(range(min(years, judges.rounds))):
            on = day - back - 365 * year + int(rng.integers(-15, 16))
            for group in range(groups):
                yield _Asked(
                    complex=index,
                    stairwell=group if index == homes.stock.grouped else -1,
                    day=on,
                    judges=who,
                )


def _at_notice(rng: np.random.Generator, homes: Homes, notices: Notices) -> Iterator[_Asked]:
    """Ask about who stays at some of the notices of the last four months that are settled."""
    day = homes.day.toordinal()
    for index in range(notices.notice.size):
        where = int(homes.stock.complex[notices.dwelling[index]])
        settled = notices.leaver[index] >= 0 and notices.let_on[index] <= day
        asked = rng.random() < 0.5
        if not settled or not asked or notices.notice[index] < day - 120:
            continue
        if where not in (homes.stock.grouped, homes.stock.fill_up):
            yield _Asked(
                complex=where,
                stairwell=-1,
                day=int(notices.notice[index]) + 1,
                judges=(0,),
                leaver=int(notices.leaver[index]),
                vacancy=f"V{index + 1:05d}",
                occasion=Occasion.NOTICE,
            )


def _one_a_day(questions: list[_Asked]) -> list[_Asked]:
    """Keep one question per place and day: all that is said on a day is one round."""
    kept: dict[tuple[int, int, int], _Asked] = {}
    for question in questions:
        kept.setdefault((question.complex, question.stairwell, question.day), question)
    return sorted(kept.values(), key=lambda each: (each.complex, each.day, each.stairwell))


def _without_leavers(questions: list[_Asked]) -> Iterator[_Asked]:
    """Leave out, from a question at notice on, who leaves: from that day he isn't counted."""
    for _, asked in groupby(questions, key=lambda each: each.complex):
        gone: tuple[int, ...] = ()
        for question in asked:
            yield replace(question, without=gone)
            gone += (question.leaver,) if question.leaver >= 0 else ()


def _scaled(
    rng: np.random.Generator, seen: Ints, households: int, judges: Judges, who: int
) -> Ints:
    """Turn the heads a judge knows into best numbers for everybody [households]."""
    scale = households / max(int(seen.sum()), 1)
    noise = rng.normal(0, 0.5 + judges.noise * households, 2)
    shift = np.array((judges.bias[who] * households, 0.0))
    best = np.rint(seen[[ATTENTION, CARRIER]] * scale + noise * (1.0, 0.6) + shift)
    attention = int(np.clip(best[0], 0, households))
    return np.array((attention, int(np.clip(best[1], 0, households - attention))))


def _told(
    rng: np.random.Generator,
    homes: Homes,
    question: _Asked,
    by: str,
    known: Known,
    best: Ints,
    households: int,
    judges: Judges,
) -> Iterator[Judgement]:
    """Tell one judge's ranges; now and then the first entry was wrong and was put right."""
    half = max(1, round(judges.width * households + 0.49))
    spread = np.maximum(half + rng.integers(-1, 2, (2, 2)), 1)
    lag, slipped = int(rng.integers(0, 4)), rng.random() < 0.02
    later = int(rng.integers(5, 30))
    for index, category in enumerate((CATEGORIES[ATTENTION], CATEGORIES[CARRIER])):
        row = Judgement(
            scope=homes.scope(question.complex, question.stairwell),
            scheme="role",
            on=date.fromordinal(question.day),
            by=by,
            known=known,
            category=category,
            low=max(int(best[index] - spread[index, 0]), 0),
            best=int(best[index]),
            high=min(int(best[index] + spread[index, 1]), households),
            occasion=question.occasion,
            vacancy=question.vacancy,
            recorded_at=homes.told(question.day, lag),
        )
        if slipped and row.recorded_at and homes.told(question.day, lag + later) > row.recorded_at:
            yield replace(
                row, best=min(row.best + 1, households), high=min(row.high + 1, households)
            )
            row = replace(row, recorded_at=homes.told(question.day, lag + later))
        yield row
