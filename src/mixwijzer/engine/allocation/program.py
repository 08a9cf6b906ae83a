"""Linear and whole-number programs, handed to HiGHS: at what least cost, where, at which prices?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import highspy
import numpy as np

Row: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.float64]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Least cost·x with lower ≤ rows·x ≤ upper and 0 ≤ x ≤ most; some of x whole.

    Parameters
    ----------
    cost, most
        Per column (columns,).
    rows
        Sparse, by column (rows, columns).
    lower, upper
        Per row (rows,).
    whole
        Which columns are whole numbers (columns,).
    """

    cost: Row
    most: Row
    rows: Any
    lower: Row
    upper: Row
    whole: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where the least cost lies, and the price of each row (0 for a program with whole numbers)."""

    x: Row
    cost: float
    prices: Row


def best(program: Program, *, method: str = "choose") -> Found | None:
    """Return the proved optimum; None where nothing holds all rows."""
    if not len(program.cost):  # for the solver no answer, for us one with nothing in it
        holds = (program.lower <= 0).all() and (program.upper >= 0).all()
        return (
            Found(x=program.cost, cost=0.0, prices=np.zeros(len(program.lower))) if holds else None
        )
    solver = cast("Any", highspy.Highs)()  # its hints miss what it returns
    for name, value in (
        ("output_flag", False),
        ("threads", 1),  # the same answer on every machine
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.0),
        ("solver", method),
    ):
        solver.setOptionValue(name, value)
    solver.passModel(_model(program))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = solver.getSolution()
    return Found(
        x=np.asarray(solution.col_value),
        cost=float(solver.getInfo().objective_function_value),
        prices=np.asarray(solution.row_dual),
    )


def _model(program: Program) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = program.rows.shape
    model.col_cost_, model.col_upper_ = program.cost, program.most
    model.col_lower_ = np.zeros(len(program.cost))
    model.row_lower_, model.row_upper_ = program.lower, program.upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = program.rows.indptr
    model.a_matrix_.index_ = program.rows.indices
    model.a_matrix_.value_ = program.rows.data.astype(float)
    if program.whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[each] for each in program.whole.astype(int)]
    return model
