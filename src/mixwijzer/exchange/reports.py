"""What do the engine's answers look like as tidy rows?

For every verb there are rows: one fact each, units on the columns, the same figures as in its JSON
document (`mixwijzer.exchange.documents`) and on the screen. Chances have the engine's six decimals;
nothing is rounded again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mixwijzer.engine.account import Summed
from mixwijzer.engine.advice import Advice, PlacementAhead, Rule
from mixwijzer.engine.obligations import Expectation, ObligationCount
from mixwijzer.engine.portfolio import Scope, ScopeKind
from mixwijzer.exchange.findings import Finding
from mixwijzer.exchange.inquiry import Inquiry
from mixwijzer.exchange.stories import StoryOutcome
from mixwijzer.exchange.tabular import Field, Table, Value
from mixwijzer.exchange.wording import Language, finding_text

__all__ = [
    "ScopeAccount",
    "account_table",
    "advice_table",
    "distribution_table",
    "finding_table",
    "obligation_table",
    "scope_accounts",
    "story_table",
]


def _households(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, "households") for name in names)


_AHEAD = (
    Field("vacancy"),
    Field("category"),
    *(Field(name, "household-years") for name in ("cost", "band", "drift", "price")),
    Field("out_of_band_12", "households"),
    Field("inside_12", "chance"),
    Field("out_of_band_24", "households"),
    Field("inside_24", "chance"),
    Field("last", "chance"),
    *(Field(name, "months") for name in ("again_soonest", "again_likely", "again_latest")),
)
_ADVICE = (
    *map(Field, ("vacancy", "dwelling", "complex", "free_from", "category", "verdict")),
    Field("chance", "chance"),
    Field("chance_next", "chance"),
    *map(Field, ("rule", "scope_kind", "scope")),
    Field("base", "dwellings"),
    *_households("limit", "count_low", "count", "count_high"),
    *_households("headroom_low", "headroom", "headroom_high"),
    *map(Field, ("recommended", "valid_until")),
)
_ACCOUNT = (
    *map(Field, ("owner", "scope_kind", "scope", "name", "level")),
    Field("base", "dwellings"),
    Field("present", "households"),
    Field("vacant", "dwellings"),
    Field("committed", "dwellings"),
    Field("category"),
    *_households("best", "median", "likely_low", "likely_high", "wide_low", "wide_high"),
    *_households("mean", "band_low", "band_high"),
    Field("chance_inside", "chance"),
)
_OBLIGATION = (
    *map(Field, ("obligation", "owner", "group", "start", "end", "unit")),
    *(
        Field(name, "unit of the row")
        for name in ("target", "carried", "realised", "under_way", "remaining", "pace")
    ),
    Field("households", "households"),
    Field("persons", "persons"),
    Field("without_persons", "households"),
    *(Field(name, "chance") for name in ("chance", "chance_low", "chance_high")),
    *(Field(name, "unit of the row") for name in ("coming_low", "coming_high")),
    *(Field(name, "dwellings") for name in ("vacancies_low", "vacancies_high", "one_in")),
)
_FINDING = (*map(Field, ("severity", "code", "file", "sheet", "row", "column", "value", "text")),)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeAccount:
    """The account of one scope, as far as one owner's homes go.

    `bands` holds low and high in whole households per category [households].
    """

    owner: str
    scope: Scope
    name: str
    level: str
    base: int
    vacant: int
    committed: int
    present: int
    account: Summed
    bands: Mapping[str, tuple[int | None, int | None]]

    def chance_inside(self, category: str) -> float | None:
        """Chance that the count lies inside the band; None where there is none."""
        low, high = self.bands.get(category, (None, None))
        if low is None and high is None:
            return None
        under = 0.0 if low is None else self.account.at_most(category, low - 1)
        inside = 1.0 if high is None else self.account.at_most(category, high)
        return round(min(max(inside - under, 0.0), 1.0), 6)


# --- advice


def advice_table(advices: Iterable[Advice]) -> Table:
    """Return a row per vacancy and category."""
    return Table(
        name="advices",
        fields=_ADVICE,
        rows=tuple(row for advice in advices for row in _advice_rows(advice)),
    )


def _advice_rows(advice: Advice) -> Iterator[tuple[Value, ...]]:
    for each in advice.categories:
        yield (
            advice.vacancy,
            advice.dwelling,
            advice.complex.code,
            advice.free_from,
            each.category,
            each.verdict.name.lower(),
            *_binding_cells(each.binding),
            advice.recommended,
            advice.valid_until,
        )


def look_ahead_table(advices: Iterable[Advice]) -> Table:
    """Return a row per vacancy and category of what a placement means later and elsewhere."""
    rows = tuple(
        (advice.vacancy, *_ahead_cells(each))
        for advice in advices
        if advice.ahead
        for each in advice.ahead.placements
    )
    return Table(name="ahead", fields=_AHEAD, rows=rows)


def _ahead_cells(each: PlacementAhead) -> tuple[Value, ...]:
    told, again = each.placement, each.again
    later = {row.month: (row.out_of_band, row.inside) for row in each.later}
    return (
        each.category,
        *(told.cost, told.band, told.drift, told.price),
        *later.get(12, (None, None)),
        *later.get(24, (None, None)),
        *((again.last, again.soonest, again.likely, again.latest) if again else (None,) * 4),
    )


def _binding_cells(rule: Rule | None) -> tuple[Value, ...]:
    if rule is None:
        return (None,) * 13
    return (
        rule.chance,
        rule.chance_next,
        rule.id,
        rule.scope.kind.name.lower(),
        rule.scope.code,
        rule.base,
        rule.limit,
        rule.count.likely[0],
        rule.count.median,
        rule.count.likely[1],
        rule.headroom_likely[0],
        rule.headroom,
        rule.headroom_likely[1],
    )


# --- accounts


def scope_accounts(
    inquiry: Inquiry, *, kind: ScopeKind = ScopeKind.COMPLEX, scope: str | None = None
) -> Iterator[ScopeAccount]:
    """Yield the account of every scope of a kind, or of one scope, per owner."""
    wanted = inquiry.scope(scope) if scope is not None else None
    for owner in inquiry.owners:
        scopes = inquiry.scopes(wanted.kind if wanted else kind, owner)
        if wanted is not None and wanted.kind is ScopeKind.STAIRWELL:
            own = wanted.code.rpartition("/")[0]
            scopes = (wanted,) if own in inquiry.portfolio.owned_by(owner).complex else ()
        for each in scopes:
            if wanted is None or each == wanted:
                yield _scope_account(inquiry, owner, each)


def _scope_account(inquiry: Inquiry, owner: str, scope: Scope) -> ScopeAccount:
    accounts = inquiry.accounts(owner)
    portfolio = accounts.portfolio
    base = portfolio.base(scope)
    resolved = portfolio.bands(scope, accounts.scheme, inquiry.day)
    big = base >= accounts.assumptions.smallest_base
    return ScopeAccount(
        owner=owner,
        scope=scope,
        name=inquiry.name(scope),
        level=_level(inquiry, owner, scope),
        base=base,
        present=accounts.present(scope),
        vacant=accounts.vacant(scope),
        committed=accounts.committed(scope),
        account=accounts.of(scope),
        bands={name: each.band.whole(base) for name, each in resolved.items()} if big else {},
    )


def _level(inquiry: Inquiry, owner: str, scope: Scope) -> str:
    """Return what is registered; above the complex, the most that any complex registers."""
    accounts = inquiry.accounts(owner)
    if scope.kind <= ScopeKind.COMPLEX:
        own = scope.code.rpartition("/")[0] if scope.kind is ScopeKind.STAIRWELL else scope.code
        return accounts.level(own).value
    order = ("oordeel", "afspraak", "huishouden")
    inside = accounts.portfolio.complexes_in.get(scope.code, ())
    return max((accounts.level(each).value for each in inside), key=order.index, default=order[0])


def account_table(accounts: Iterable[ScopeAccount]) -> Table:
    """Return a row per scope and category."""
    rows = tuple(
        _account_row(each, name) for each in accounts for name in each.account.scheme.categories
    )
    return Table(name="accounts", fields=_ACCOUNT, rows=rows)


def _account_row(each: ScopeAccount, category: str) -> tuple[Value, ...]:
    spread = each.account.spread(category)
    low, high = each.bands.get(category, (None, None))
    return (
        each.owner,
        each.scope.kind.name.lower(),
        each.scope.code,
        each.name,
        each.level,
        each.base,
        each.present,
        each.vacant,
        each.committed,
        category,
        spread.best,
        spread.median,
        *spread.likely,
        *spread.wide,
        spread.mean,
        low,
        high,
        each.chance_inside(category),
    )


def distribution_table(accounts: Iterable[ScopeAccount]) -> Table:
    """Return the chance of every number of households, a row per scope, category and number."""
    rows = tuple(
        (each.owner, each.scope.code, name, number, float(chance))
        for each in accounts
        for name in each.account.scheme.categories
        for number, chance in enumerate(each.account.pmf(name))
    )
    fields = (
        *map(Field, ("owner", "scope", "category")),
        Field("households", "households"),
        Field("chance", "chance"),
    )
    return Table(name="distribution", fields=fields, rows=rows)


# --- obligations


def obligation_table(
    counts: Iterable[ObligationCount], expectations: Iterable[Expectation | None]
) -> Table:
    """Return a row per obligation; what can't be expected yet stays empty."""
    rows = tuple(
        (*_counted_row(each), *_expected_row(told))
        for each, told in zip(counts, expectations, strict=True)
    )
    return Table(name="obligations", fields=_OBLIGATION, rows=rows)


def _expected_row(told: Expectation | None) -> tuple[Value, ...]:
    if told is None:
        return (None,) * 8
    chances = (told.chance, told.chance_low, told.chance_high)
    return (*chances, *told.coming, *told.vacancies, told.one_in)


def _counted_row(each: ObligationCount) -> tuple[Value, ...]:
    own = each.obligation
    return (
        own.id,
        own.owner,
        own.group,
        own.start,
        own.end,
        own.unit,
        own.target,
        own.carried,
        each.realised,
        each.under_way,
        each.remaining,
        each.pace,
        each.households,
        each.persons,
        each.without_persons,
    )


# --- findings


def finding_table(findings: Iterable[Finding], language: Language = "en") -> Table:
    """Return a row per finding."""
    rows = tuple(
        (
            each.severity.name.lower(),
            each.code,
            each.file,
            each.sheet,
            each.row,
            each.column,
            each.value,
            finding_text(each, language),
        )
        for each in findings
    )
    return Table(name="findings", fields=_FINDING, rows=rows)


# --- stories


def story_table(outcomes: Iterable[StoryOutcome]) -> Table:
    """Return a row per story."""
    rows = tuple(
        (
            each.story.file,
            each.story.story,
            each.passed,
            "; ".join(
                f"{found.category or 'advice'} {found.what}: {found.wanted} / {found.found}"
                for found in each.differences
            ),
        )
        for each in outcomes
    )
    fields = tuple(map(Field, ("file", "story", "passed", "differences")))
    return Table(name="stories", fields=fields, rows=rows)
