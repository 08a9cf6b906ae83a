"""Which plan keeps everything; or what clashes, and what is the least that would have to give?

A conflict is found by leaving out one agreement after the other and putting back those without
which the rest can hold (the deletion filter of Chinneck and Dravnieks, Locating Minimal Infeasible
Constraint Sets in Linear Programs, ORSA Journal on Computing 3 (1991) 157-168). Aims are tried
first, so that a conflict rests on firm agreements where it can.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from mixwijzer.engine.allocation.program import Row
from mixwijzer.engine.feasibility._program import Programs, Use
from mixwijzer.engine.feasibility._question import HOMES, Question

_DEARER = 10_000.0  # times as dear to move an agreement that isn't asked to give way


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An agreement that gives way.

    Parameters
    ----------
    agreement
        Which; `HOMES` where more homes would have to come free, or suit.
    units
        By how much in all: the promise's own unit, households above ceilings, or homes.
    at
        Where: position among the promises, ceilings or homes of the question, and how much there.
    """

    agreement: str
    units: int
    at: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """What gives way together, after which everything else can hold."""

    moves: tuple[Move, ...]

    def of(self, question: Question) -> Question:
        """Return the question in which it has given way."""
        promises, homes = list(question.promises), list(question.homes)
        ceilings = list(question.ceilings)
        owing = {each.id for each in promises}
        for move in self.moves:
            for row, units in move.at:
                if move.agreement in owing:
                    promises[row] = replace(promises[row], owed=promises[row].owed - units)
                elif move.agreement == HOMES:
                    homes[row] = replace(homes[row], homes=homes[row].homes + units)
                else:
                    most = ceilings[row].at_most + units
                    ceilings[row] = replace(ceilings[row], at_most=most)
        return Question(promises=tuple(promises), homes=tuple(homes), ceilings=tuple(ceilings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Agreements that can't hold together.

    Parameters
    ----------
    agreements
        They clash; without any one of them the others can hold. `HOMES` among them says that more
        homes would help.
    relaxations
        Ways out, each enough by itself to let everything hold: fewest agreements that move first,
        then aims before what is firm, then least.
    """

    agreements: tuple[str, ...]
    relaxations: tuple[Relaxation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Homes for groups that keep everything, using as few homes as can be."""

    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneMore:
    """What the next household of a promise would cost.

    Parameters
    ----------
    promise
        Which.
    free
        How many more can come, on top of what is owed, before anything has to give [households].
    conflict
        What clashes at one household beyond that.
    """

    promise: str
    free: int
    conflict: Conflict


def answer(question: Question) -> Plan | Conflict:
    """Return a plan that keeps everything that was agreed, or what clashes."""
    programs = Programs(question=question)
    found = programs.cheapest({}, gain=-np.ones(len(programs.cells)))
    return _conflict(programs) if found is None else Plan(uses=tuple(_uses(programs, found)))


def one_more(question: Question, promise: str) -> OneMore | None:
    """Return what comes after what is owed; None where not even that can be kept."""
    programs = Programs(question=question)
    row = next(n for n, each in enumerate(question.promises) if each.id == promise)
    own = np.asarray(programs.counted[[row], :].todense(), dtype=float).ravel()
    found = programs.cheapest({}, gain=own)
    if found is None:
        return None
    here = question.promises[row]
    most = int(own @ found)
    over = question.owing(promise, here.within(most) + 1)
    return OneMore(
        promise=promise,
        free=most - here.households,
        conflict=_conflict(Programs(question=over)),
    )


def _conflict(programs: Programs) -> Conflict:
    """Return what clashes where not everything can hold."""
    asked = programs.question
    promises = {each.id for each in asked.promises}
    firmness = {
        name: (name in promises, name == HOMES, name not in asked.soft) for name in asked.agreements
    }
    kept = frozenset(asked.agreements)
    for name in sorted(asked.agreements, key=lambda name: firmness[name]):
        if not programs.holds(kept - {name}):
            kept -= {name}
    clashing = tuple(name for name in asked.agreements if name in kept)
    return Conflict(agreements=clashing, relaxations=_relaxations(programs, clashing))


def _relaxations(programs: Programs, clashing: tuple[str, ...]) -> tuple[Relaxation, ...]:
    asked = programs.question
    weighed = [dict.fromkeys(asked.agreements, 1.0)]
    weighed += [
        {name: 1.0 if name == one else _DEARER for name in asked.agreements} for one in clashing
    ]
    used = [programs.cheapest(prices) for prices in weighed]
    found = [Relaxation(moves=tuple(_moves(programs, each))) for each in used if each is not None]

    def dear(each: Relaxation) -> tuple[int, int, int]:
        firm = sum(move.agreement not in asked.soft for move in each.moves)
        return len(each.moves), firm, sum(move.units for move in each.moves)

    return tuple(_undominated(sorted(found, key=dear)))


def _undominated(found: list[Relaxation]) -> Iterator[Relaxation]:
    """Leave out who asks of no agreement less than one before it does."""
    before: list[dict[str, int]] = []
    for each in found:
        asked = {move.agreement: move.units for move in each.moves}
        if not any(
            all(units <= asked.get(name, 0) for name, units in other.items()) for other in before
        ):
            before.append(asked)
            yield each


def _moves(programs: Programs, used: Row) -> Iterator[Move]:
    """Yield by how much each agreement gave way."""
    asked = programs.question
    counts = np.asarray(programs.counted @ used).ravel()
    out: dict[str, list[tuple[int, int]]] = {}
    starts = (0, len(asked.promises), len(asked.promises) + len(asked.ceilings))
    for row, name in enumerate(programs.agreements):
        start = max(each for each in starts if each <= row) if row else 0
        count, limit = int(counts[row]), int(programs.limits[row])
        if row < len(asked.promises):
            here = asked.promises[row]
            short = here.owed - here.within(count) if count < limit else 0
        else:
            short = count - limit
        if short > 0:
            out.setdefault(name, []).append((row - start, short))
    for name, at in out.items():
        yield Move(agreement=name, units=sum(units for _, units in at), at=tuple(at))


def _uses(programs: Programs, found: Row) -> Iterator[Use]:
    for (home, promise), number in zip(programs.cells, found.astype(int).tolist(), strict=True):
        if number:
            yield Use(homes=home, promise=promise, number=number)
