"""Does it hold surely, only when things go well, or surely not? Both readings, answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.feasibility._answer import Conflict, OneMore, answer, one_more
from mixwijzer.engine.feasibility._question import Ceiling
from mixwijzer.engine.feasibility._stock import Reading, Stock, question_of
from mixwijzer.engine.obligations import ObligationCount


class Together(StrEnum):
    """Whether everything that was agreed can hold: surely, when things go well, or surely not."""

    HOLDS = "holds"
    DEPENDS = "depends"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feasibility:
    """Whether everything that an association agreed can hold, and what that rests on.

    Parameters
    ----------
    together
        Whether it can.
    stock
        The question that was answered: careful, or hopeful where even that clashes.
    homes
        Homes that likely come free, low and high [homes].
    conflict
        What clashes; None where everything holds.
    more
        What the next household of each promise would cost; empty where something clashes.
    """

    together: Together
    stock: Stock
    homes: tuple[int, int]
    conflict: Conflict | None
    more: tuple[OneMore, ...]


def feasibility(
    accounts: Accounts, counts: Sequence[ObligationCount], *, budgets: Iterable[Ceiling] = ()
) -> Feasibility | None:
    """Say whether everything that one association agreed can hold; takes what `question_of` takes.

    None where nothing is owed on the day, or too little history tells how many homes come free.
    """
    ceilings = tuple(budgets)
    careful = question_of(accounts, counts, Reading.CAREFUL, budgets=ceilings)
    hopeful = question_of(accounts, counts, Reading.HOPEFUL, budgets=ceilings)
    if careful is None or hopeful is None or not careful.question.promises:
        return None
    homes = careful.homes, hopeful.homes
    found = answer(careful.question)
    if not isinstance(found, Conflict):
        each = (one_more(careful.question, promise.id) for promise in careful.question.promises)
        return Feasibility(
            together=Together.HOLDS,
            stock=careful,
            homes=homes,
            conflict=None,
            more=tuple(told for told in each if told),
        )
    hoped = answer(hopeful.question)
    surely = isinstance(hoped, Conflict)
    return Feasibility(
        together=Together.CONFLICT if surely else Together.DEPENDS,
        stock=hopeful if surely else careful,
        homes=homes,
        conflict=hoped if isinstance(hoped, Conflict) else found,
        more=(),
    )
