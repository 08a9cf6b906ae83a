"""One vacancy, one advice: how long does somebody at the desk wait, and is it worth the wait?

Measured three ways: with the account of every complex kept (as the web application does), with the
accounts shared (as a run over a portfolio does), and from the full history. Beside it a spreadsheet
that subtracts the last best guess from the maximum: fast, and always sure of itself. The truth
behind the made-up town says how often each was right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from benchmarks.measuring import Measure, middle, timed
from benchmarks.towns import Town, inquiry, made_up
from mixwijzer.engine.account import Accounts, State
from mixwijzer.engine.advice import Advice, advise
from mixwijzer.engine.portfolio import Scope, ScopeKind
from mixwijzer.engine.reasons import Verdict
from mixwijzer.exchange.inquiry import Inquiry

TOWNS = ("hamlet", "zwolle-like")

_MOST = 40  # vacancies that are timed


def run(town: Town) -> list[Measure]:
    """Measure one town."""
    asked = inquiry(town)
    vacancies = list(asked.open_vacancies())[:_MOST]
    kept = {owner: _states(asked, owner) for owner in asked.owners}
    with_states = sorted(timed(partial(_fresh, asked, v, kept))[0] for v in vacancies)
    shared = sorted(timed(partial(asked.advise, v), times=3)[0] for v in vacancies)
    history = sorted(timed(partial(_fresh, asked, v, {}))[0] for v in vacancies[:3])
    sheet = sorted(timed(partial(spreadsheet, asked, v), times=3)[0] for v in vacancies)
    return [
        Measure(
            what="advice, states kept, p50",
            value=middle(with_states),
            unit="ms",
            baseline=middle(history),
            of="from full history",
            bar=10.0,
        ),
        Measure(
            what="advice, accounts shared, p50",
            value=middle(shared),
            unit="ms",
            baseline=middle(sheet),
            of="spreadsheet rule",
            bar=10.0,
        ),
        *_quality(town, asked),
    ]


def spreadsheet(asked: Inquiry, vacancy: str) -> bool:
    """Return what a spreadsheet would say: the last best guess, one more, under the maximum."""
    rows = asked.portfolio
    own = Scope(ScopeKind.COMPLEX, rows.dwelling[rows.vacancy[vacancy].dwelling].complex)
    scheme = asked.schemes[asked.scheme]
    band = rows.bands(own, scheme, asked.day)["attention"].band
    said = [row for row in rows.judgements_of.get(own, ()) if row.category == "attention"]
    last = max(said, key=lambda row: row.on, default=None)
    best = last.best if last else round(scheme.prior_mean[0] * rows.base(own))
    return best + 1 <= (band.whole(rows.base(own))[1] or 0)


def _states(asked: Inquiry, owner: str) -> dict[Scope, State]:
    """Return the states that the web application would have kept."""
    accounts = asked.accounts(owner)
    kept = {}
    for each in accounts.portfolio.complexes:
        own = Scope(ScopeKind.COMPLEX, each.id)
        for scope in accounts.groups(own) or (own,):
            kept[scope] = accounts.state(scope)
    return kept


def _fresh(asked: Inquiry, vacancy: str, kept: dict[str, dict[Scope, State]]) -> Advice:
    """Advise as if nothing was asked before, but for states that were kept."""
    rows = asked.portfolio
    owner = rows.complex[rows.dwelling[rows.vacancy[vacancy].dwelling].complex].owner
    accounts = Accounts(
        rows.owned_by(owner), asked.assumptions, asked.day, states=kept.get(owner, {})
    )
    return advise(rows, vacancy, asked.day, asked.norms, accounts=accounts)


@dataclass(frozen=True, slots=True)
class _Case:
    """What each said of one vacancy, and what was so; None where the advice asks first."""

    advice: bool | None
    sheet: bool
    truth: bool


def _quality(town: Town, asked: Inquiry) -> list[Measure]:
    """How often a firm answer was right, by the truth behind the town."""
    cases = list(_cases(town, asked))
    firm = [each for each in cases if each.advice is not None]
    if not firm:
        return []
    right = sum(each.advice == each.truth for each in firm) / len(firm)
    same = sum(each.sheet == each.truth for each in cases) / len(cases)
    return [
        Measure(what=f"firm answers, of {len(cases)}", value=len(firm) / len(cases), unit="share"),
        Measure(
            what="firm answers that were right",
            value=right,
            unit="share",
            baseline=same,
            of="spreadsheet, all answers",
        ),
    ]


def _cases(town: Town, asked: Inquiry) -> Iterator[_Case]:
    """Compare in the complex only: the spreadsheet knows no other limit."""
    truth, rows = made_up(town).truth, asked.portfolio
    scheme = asked.schemes[asked.scheme]
    for vacancy in asked.open_vacancies():
        own = Scope(ScopeKind.COMPLEX, rows.dwelling[rows.vacancy[vacancy].dwelling].complex)
        limit = rows.bands(own, scheme, asked.day)["attention"].band.whole(rows.base(own))[1]
        said = next(
            each
            for each in asked.advise(vacancy).category("attention").rules
            if each.scope == own and each.id.endswith(":band")
        )
        firm = {Verdict.ROOM: True, Verdict.TIGHT: True, Verdict.NO_ROOM: False}
        yield _Case(
            advice=firm.get(said.verdict),
            sheet=spreadsheet(asked, vacancy),
            truth=truth.counts(own, asked.day)[0] + 1 <= (limit or 0),
        )
