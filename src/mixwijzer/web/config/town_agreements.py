"""Agreements of the made-up town: a framework, this year's slice signed, next year's in draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.agreements import bridge, services
from mixwijzer.web.agreements.bridge import Promise
from mixwijzer.web.agreements.content import Clause, Heading
from mixwijzer.web.agreements.models import Agreement
from mixwijzer.web.agreements.words import Carry, ClauseKind, Unit

__all__ = ["lay_out"]

WORDS = {
    "status_holder": "De corporatie huisvest in {year} {n} personen met een verblijfsstatus, "
    "verspreid over de stad en passend bij de grootte van het huishouden.",
    "outflow_sheltered_living": "Wie beschermd wonen verlaat, krijgt een thuis: {n} huishoudens "
    "in {year}, met begeleiding zolang dat nodig is.",
    "outflow_shelter": "Voor {n} huishoudens uit de opvang is er in {year} een eigen woning. "
    "Niemand wacht daar langer dan nodig.",
}
BUDGET = Clause(
    number=0,
    kind=ClauseKind.BUDGET,
    words="Van wat vrijkomt mag de corporatie een kwart vrij toewijzen, mits ze daarover "
    "elk jaar verantwoording aflegt.",
)
GROUND = Clause(
    number=0,
    kind=ClauseKind.GROUND,
    words="In complexen met een mixprofiel mag met de vrije ruimte worden gestuurd.",
    ground="free_room",
    why="Een complex in balans houdt plek voor iedereen. De huurders lezen jaarlijks mee.",
)
REPORT = Clause(
    number=0,
    kind=ClauseKind.OTHER,
    words="Wat er dit jaar gelukt is, staat in het verslag dat gemeente en huurders krijgen.",
)
EXPERIMENT = Clause(
    number=0,
    kind=ClauseKind.EXPERIMENT,
    words="Twee jaar lang kiezen buren in één complex mee aan de keukentafel.",
    ground="experiment",
    why="We willen weten of kennismaken vooraf het samenleven makkelijker maakt.",
)


def lay_out(
    *,
    owner: Organisation,
    municipality: Organisation,
    tenants: Organisation,
    people: Mapping[str, User],
    promises: Iterable[Promise],
    now: datetime,
) -> None:
    """Sign the framework and the slices up to this year's, each in its time; begin next year's.

    `people` are who writes (head), and who answers (municipality, tenants).
    """
    year = timezone.localdate(now).year
    first = year - 2
    ends = date(year + 1, 7, 1)
    heading = Heading(
        title=f"Een thuis voor iedereen {first}–{first + 3}",
        text="Wat corporatie, gemeente en huurders deze jaren voor elkaar krijgen.",
        start=date(first, 1, 1),
        end=date(first + 4, 1, 1),
        municipality=municipality.pk,
        tenants=tenants.pk,
        others="De Oversteek, De Kade",
    )
    begun = _moment(first - 1, 5)
    frame = services.start(user=people["head"], owner=owner, heading=heading, now=begun)
    common = (BUDGET, replace(GROUND, ends=ends), replace(EXPERIMENT, ends=ends))
    frame = _signed(_filled(frame, people, common, begun), people, first)
    for each in range(first, year + 1):
        before = _moment(each - 1, 5)
        row = services.start_slice(user=people["head"], agreement=frame.public_id, now=before)
        clauses = [_clause(promise) for promise in promises] if each == year else [REPORT]
        _signed(_filled(row, people, clauses, before), people, each)
    services.lapse_due(owner=owner, now=now)
    row = services.start_slice(user=people["head"], agreement=frame.public_id, now=now)
    _filled(row, people, [_next_year(promise) for promise in promises], now)


def _next_year(promise: Promise) -> Clause:
    words = WORDS[promise.group].format(year=promise.start.year + 1, n=promise.target)
    return replace(_clause(promise), words=words, code="", carried=0)


def _moment(year: int, month: int) -> datetime:
    """Return ten o'clock on the eighth: before each deadline of its month."""
    return datetime(year, month, 8, 10, tzinfo=timezone.get_current_timezone())


def _clause(promise: Promise) -> Clause:
    """Write the clause behind an obligation that is in the ledger already."""
    persons = promise.unit == Unit.PERSONS
    return Clause(
        number=0,
        kind=ClauseKind.OBLIGATION,
        words=WORDS[promise.group].format(year=promise.start.year, n=promise.target),
        code=promise.id,
        group=promise.group,
        unit=promise.unit,
        persons=promise.target if persons else None,
        households=None if persons else promise.target,
        carried=promise.carried,
        carry=Carry.BOTH if persons else Carry.SHORT,
    )


def _filled(
    row: Agreement, people: Mapping[str, User], clauses: Iterable[Clause], now: datetime
) -> Agreement:
    """Write these clauses instead of those of the year before."""
    told: dict[str, Any] = {"user": people["head"], "agreement": row.public_id, "now": now}
    for each in bridge.clauses_of(row):
        row = services.remove_clause(number=each.number, revision=row.revision, **told)
    for clause in clauses:
        row = services.put_clause(clause=clause, revision=row.revision, **told)
    return row


def _signed(row: Agreement, people: Mapping[str, User], year: int) -> Agreement:
    """Bring out the bid, let both parties agree, and sign, in the year before."""
    told: dict[str, Any] = {"agreement": row.public_id}
    row = services.bring_out(
        user=people["head"], revision=row.revision, now=_moment(year - 1, 6), **told
    )
    for party in ("municipality", "tenants"):
        row = services.agree(
            user=people[party], revision=row.revision, now=_moment(year - 1, 11), **told
        )
    at = _moment(year - 1, 12)
    return services.sign(
        user=people["head"], signed_on=at.date(), revision=row.revision, now=at, **told
    )
