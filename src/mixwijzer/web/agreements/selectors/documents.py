"""What was agreed with whom, where does it stand, what is due, and what can be done now?"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Q
from django.utils.timezone import localdate

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Missing, Organisation, User
from mixwijzer.web.accounts.permissions import may
from mixwijzer.web.accounts.roles import Action, OrganisationKind
from mixwijzer.web.agreements import bridge
from mixwijzer.web.agreements.bridge import GONE, NormEnds, Proposal, proposals
from mixwijzer.web.agreements.content import Clause, Heading, Term, terms
from mixwijzer.web.agreements.models import Agreement, AgreementStep, CarryOver, Obligation
from mixwijzer.web.agreements.selectors.board import names_of
from mixwijzer.web.agreements.transitions import (
    BY_ITSELF,
    OPEN,
    PERMISSION,
    TRANSITIONS,
    Event,
    State,
)
from mixwijzer.web.agreements.words import Kind
from mixwijzer.web.profiles.words import GROUPS
from mixwijzer.web.register.models import Letting

__all__ = [
    "AgreementLine",
    "AgreementPage",
    "BeyondNorms",
    "ClauseLine",
    "Deadline",
    "EditPage",
    "LeaningLetting",
    "ListPage",
    "Proposal",
    "RunsOut",
    "StepLine",
    "agreed",
    "agreement_page",
    "beyond_norms",
    "deadline_of",
    "edit_page",
    "ending_in",
    "list_pages",
    "parties",
    "party_of",
    "who_agrees",
]

SOON = timedelta(days=30)
AHEAD = timedelta(days=550)  # of what runs out


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """What is due: `what` is bid, sign or end; `urgency` is empty, soon or late."""

    what: str
    day: date
    urgency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementLine:
    """One agreement in a list."""

    id: uuid.UUID
    code: str
    title: str
    kind: str
    state: str
    start: date
    end: date
    deadline: Deadline | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsOut:
    """Something that ends: an agreement (number 0) or a ground or experiment of a clause."""

    day: date
    agreement: uuid.UUID
    title: str
    number: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeyondNorms:
    """An agreement whose period goes past the end of norms."""

    agreement: uuid.UUID
    title: str
    ends: tuple[NormEnds, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """The agreements of one association that this reader may see, each framework with slices."""

    association: str
    owner: int
    may_start: bool
    lines: tuple[AgreementLine, ...]
    runs_out: tuple[RunsOut, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One line of an agreement's history."""

    event: str
    at: datetime
    by: str
    party: str
    text: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaningLetting:
    """A letting on the ground of a clause: where, and when."""

    complex: str
    complex_id: uuid.UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseLine:
    """A clause, with the periods in which it is counted and the lettings that lean on its ground.

    `lettings` is None for a clause without a ground, before it is signed, and for who has no part
    in the association.
    """

    clause: Clause
    terms: tuple[Term, ...]
    lettings: tuple[LeaningLetting, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementPage:
    """One agreement for one reader."""

    id: uuid.UUID
    code: str
    kind: str
    association: str
    heading: Heading
    parties: tuple[tuple[str, bool], ...]
    state: str
    revision: int
    author: str
    framework: tuple[uuid.UUID, str] | None
    replaces: uuid.UUID | None
    deadline: Deadline | None
    bid_on: date | None
    signed_on: date | None
    clauses: tuple[ClauseLine, ...]
    slices: tuple[AgreementLine, ...]
    steps: tuple[StepLine, ...]
    carried: tuple[CarryOver, ...]
    proposals: tuple[Proposal, ...]
    events: tuple[Event, ...]
    ending: tuple[NormEnds, ...]
    may_slice: bool
    may_change: bool
    today: date

    @property
    def open(self) -> bool:
        """Whether it is still on its way."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPage:
    """A draft that is written in; `fixed` says that its period isn't."""

    id: uuid.UUID
    title: str
    revision: int
    editable: bool
    fixed: bool
    heading: Heading
    clauses: tuple[Clause, ...]
    groups: tuple[str, ...]
    parties: tuple[Organisation, ...]


def parties(owner: Organisation) -> tuple[Organisation, ...]:
    """Return who an association can agree with: municipalities, and its tenants' organisation."""
    found = Organisation.objects.filter(
        Q(kind=OrganisationKind.MUNICIPALITY) | Q(kind=OrganisationKind.TENANTS, speaks_for=owner)
    )
    return tuple(found.order_by("kind", "name"))


def who_agrees(user: User) -> tuple[Organisation, tuple[Organisation, ...]]:
    """Return the association for which this person writes agreements, and with whom it can agree.

    Raises
    ------
    Missing
        He writes for none.
    """
    rows = Organisation.objects.filter(pk__in=user.owners(Action.WRITE_AGREEMENTS))
    owner = rows.order_by("pk").first()
    if owner is None:
        raise Missing
    return owner, parties(owner)


def party_of(user: User, row: Agreement, action: Action) -> Organisation | None:
    """Return for which party this person may do this; None where he may not."""
    owners = user.owners(action)
    if action is not Action.ANSWER_AGREEMENTS:
        return row.owner if row.owner_id in owners else None
    if row.municipality_id in owners:
        return row.municipality
    mine = {own for own, _about, _role in user.memberships_now}
    return row.tenants if row.tenants_id in mine and row.owner_id in owners else None


def agreed(row: Agreement) -> tuple[tuple[Organisation, bool], ...]:
    """Say of each party that can agree here whether it did, to the bid as it stands."""
    steps = AgreementStep.objects.for_organisation(row.owner_id).filter(agreement=row)
    last = steps.filter(event=Event.BRING_OUT).order_by("-pk").values_list("pk", flat=True).first()
    said = steps.filter(event=Event.AGREE, pk__gt=last or 0).values_list("party", flat=True)
    yes = set(said) if last else set()
    return tuple((each, each.pk in yes) for each in (row.municipality, row.tenants) if each)


def list_pages(user: User, *, now: datetime) -> tuple[ListPage, ...]:
    """Return, per association, the agreements that this reader may see."""
    day = localdate(now)
    rows = (
        Agreement.objects.visible_to(user)
        .exclude(state__in=GONE)
        .select_related("owner", "framework")
        .order_by("owner__name", "code", "start")
    )
    owners = {each.owner_id: each.owner for each in rows}
    if not owners:
        first = Organisation.objects.filter(pk__in=user.owners(Action.WRITE_AGREEMENTS))
        owners = {each.pk: each for each in first}
    return tuple(
        _list_page(user, owner, [each for each in rows if each.owner_id == owner.pk], day)
        for owner in owners.values()
    )


def _list_page(user: User, owner: Organisation, rows: list[Agreement], day: date) -> ListPage:
    with acting_for(owner):  # clauses of what this reader may see, for who made the agreement too
        signed = [each for each in rows if each.state == State.SIGNED]
        clauses = bridge.clauses_by(signed)
        runs_out = [
            found for each in signed for found in _runs_out(each, clauses.get(each.pk, ()), day)
        ]
    return ListPage(
        association=owner.name,
        owner=owner.pk,
        may_start=may(user, Action.WRITE_AGREEMENTS, owner),
        lines=tuple(_line(each, day) for each in sorted(rows, key=_in_list)),
        runs_out=tuple(sorted(runs_out, key=lambda each: each.day)),
    )


def _in_list(row: Agreement) -> tuple[str, bool, int]:
    """Put each framework before its slices, and the latest of those first."""
    framework = row.framework.code if row.framework else row.code
    return framework, row.kind == Kind.SLICE, -row.start.toordinal()


def _runs_out(row: Agreement, clauses: Sequence[Clause], day: date) -> Iterator[RunsOut]:
    ends = [(row.end, 0, "")]
    ends += [(each.ends, each.number, each.words) for each in clauses if each.ends]
    for end, number, words in ends:
        if day <= end <= day + AHEAD:
            yield RunsOut(
                day=end, agreement=row.public_id, title=row.title, number=number, words=words
            )


def _line(row: Agreement, day: date) -> AgreementLine:
    return AgreementLine(
        id=row.public_id,
        code=row.code,
        title=row.title,
        kind=row.kind,
        state=row.state,
        start=row.start,
        end=row.end,
        deadline=deadline_of(row, day),
    )


def deadline_of(row: Agreement, day: date) -> Deadline | None:
    """Return what is due of an agreement, and when; None where nothing is any more."""
    what = {State.DRAFT: "bid", State.BID: "sign", State.TALKS: "sign", State.SIGNED: "end"}.get(
        State(row.state), ""
    )
    last = row.end - timedelta(days=1) if what == "end" else bridge.due(what, row.start)
    if last is None:
        return None
    urgency = "late" if day > last else "soon" if day + SOON >= last else ""
    return Deadline(what=what, day=last, urgency=urgency)


def agreement_page(user: User, agreement: uuid.UUID, *, now: datetime) -> AgreementPage:
    """Return one agreement.

    Raises
    ------
    Missing
        No such agreement, or one that isn't shown to this reader.
    """
    row, day = Agreement.objects.one(user, agreement), localdate(now)
    seen = list(Agreement.objects.visible_to(user).filter(owner=row.owner))
    with acting_for(row.owner):
        return _page(user, row, seen, day)


def _page(user: User, row: Agreement, seen: Sequence[Agreement], day: date) -> AgreementPage:
    framework = row.framework
    carried = CarryOver.objects.for_organisation(row.owner_id).filter(agreement=row)
    clauses, own = bridge.clauses_of(row), may(user, Action.SEE_OBLIGATIONS, row)
    return AgreementPage(
        id=row.public_id,
        code=row.code,
        kind=row.kind,
        association=row.owner.name,
        heading=_heading(row),
        parties=tuple((each.name, yes) for each, yes in agreed(row)),
        state=row.state,
        revision=row.revision,
        author=row.author.name,
        framework=(framework.public_id, framework.title)
        if framework and framework in seen
        else None,
        replaces=row.replaces.public_id if row.replaces else None,
        deadline=deadline_of(row, day),
        bid_on=row.bid_on,
        signed_on=row.signed_on,
        clauses=_clause_lines(row, clauses, own=own),
        slices=_slices(row, seen, day),
        steps=_steps(row),
        carried=tuple(carried.select_related("by").order_by("pk")),
        proposals=proposals(row, day) if own else (),
        events=_events(user, row),
        ending=ending_in(row, clauses, day),
        may_slice=_may_slice(user, row),
        may_change=_may_change(user, row),
        today=day,
    )


def ending_in(row: Agreement, clauses: Iterable[Clause], day: date) -> tuple[NormEnds, ...]:
    """Return the norms that end in what is left of an agreement that is on its way or runs."""
    if row.state not in {*OPEN, State.SIGNED}:
        return ()
    return bridge.ending({each.kind for each in clauses}, max(row.start, day), row.end)


def beyond_norms(user: User, *, now: datetime) -> tuple[BeyondNorms, ...]:
    """Return the agreements that go past the end of norms, as far as this reader sees them."""
    seen = Agreement.objects.visible_to(user).filter(state__in=[*OPEN, State.SIGNED])
    rows = seen.select_related("owner").order_by("owner__name", "owner", "start", "pk")
    return tuple(_beyond(rows, localdate(now)))


def _beyond(rows: Iterable[Agreement], day: date) -> Iterator[BeyondNorms]:
    for owner, group in groupby(rows, key=lambda row: row.owner):
        mine = list(group)
        with acting_for(owner):
            clauses = bridge.clauses_by(mine)
        for row in mine:
            if ends := ending_in(row, clauses.get(row.pk, ()), day):
                yield BeyondNorms(agreement=row.public_id, title=row.title, ends=ends)


def _clause_lines(
    row: Agreement, clauses: Sequence[Clause], *, own: bool
) -> tuple[ClauseLine, ...]:
    grounds = {each.ground for each in clauses if each.ground}
    leaning = _leaning(row, grounds) if own and grounds and row.signed_on else None
    return tuple(
        ClauseLine(
            clause=each,
            terms=terms(each, row.code, row.start, row.end),
            lettings=None
            if leaning is None or not each.ground
            else tuple(
                told
                for ground, told in leaning
                if ground == each.ground and told.on < (each.ends or row.end)
            ),
        )
        for each in clauses
    )


def _leaning(row: Agreement, grounds: Collection[str]) -> list[tuple[str, LeaningLetting]]:
    """Return the lettings on these grounds while the agreement held, the latest first."""
    lettings = Letting.objects.for_organisation(row.owner_id).filter(
        replaced_at=None, ground__in=grounds, on__gte=row.start, on__lt=row.end
    )
    rows = list(lettings.select_related("complex").order_by("-on", "pk"))
    names = names_of(row.owner_id, {each.complex_id for each in rows})
    return [
        (
            each.ground,
            LeaningLetting(
                complex=names.get(each.complex_id, each.complex.code),
                complex_id=each.complex.public_id,
                on=each.on,
            ),
        )
        for each in rows
    ]


def _slices(row: Agreement, seen: Sequence[Agreement], day: date) -> tuple[AgreementLine, ...]:
    """Return the yearly slices of a framework that this reader may see."""
    mine = [
        each
        for each in seen
        if each.framework and each.framework.code == row.code and each.state not in GONE
    ]
    return tuple(_line(each, day) for each in sorted(mine, key=_in_list))


def _steps(row: Agreement) -> tuple[StepLine, ...]:
    rows = AgreementStep.objects.for_organisation(row.owner_id).filter(agreement=row)
    return tuple(
        StepLine(
            event=each.event,
            at=each.at,
            by=each.by.name if each.by else "",
            party=each.party.name if each.party else "",
            text=each.text,
            facts=each.facts,
        )
        for each in rows.exclude(event=Event.EDIT).select_related("by", "party").order_by("-pk")
    )


def _events(user: User, row: Agreement) -> tuple[Event, ...]:
    """Return the steps that this reader can take now: the buttons of the page."""
    found = []
    for event in Event:
        party = party_of(user, row, PERMISSION[event])
        if (State(row.state), event) not in TRANSITIONS or event in BY_ITSELF or party is None:
            continue
        if event is Event.AGREE and (party, True) in agreed(row):
            continue
        found.append(event)
    return tuple(found)


def _may_slice(user: User, row: Agreement) -> bool:
    """Whether a year of this framework has no slice yet, and this person may begin it."""
    if row.kind != Kind.FRAMEWORK or row.state not in {*OPEN, State.SIGNED}:
        return False
    slices = Agreement.objects.for_organisation(row.owner_id).filter(framework__code=row.code)
    last = slices.exclude(state__in=GONE).order_by("-end").values_list("end", flat=True).first()
    return may(user, Action.WRITE_AGREEMENTS, row) and (last or row.start) < row.end


def _may_change(user: User, row: Agreement) -> bool:
    """Whether this was signed and no change of it is on its way."""
    changes = Agreement.objects.for_organisation(row.owner_id).filter(replaces=row)
    begun = changes.exclude(state=State.WITHDRAWN).exists()
    return row.state == State.SIGNED and not begun and may(user, Action.WRITE_AGREEMENTS, row)


def _heading(row: Agreement) -> Heading:
    return Heading(
        title=row.title,
        text=row.text,
        start=row.start,
        end=row.end,
        municipality=row.municipality_id,
        tenants=row.tenants_id,
        others=row.others,
    )


def edit_page(user: User, agreement: uuid.UUID) -> EditPage:
    """Return a draft to write in."""
    row = Agreement.objects.one(user, agreement)
    clauses = bridge.clauses_of(row)
    promised = Obligation.objects.for_organisation(row.owner_id).filter(replaced_at=None)
    groups = {*GROUPS, *promised.values_list("group", flat=True), *(each.group for each in clauses)}
    return EditPage(
        id=row.public_id,
        title=row.title,
        revision=row.revision,
        editable=(State(row.state), Event.EDIT) in TRANSITIONS,
        fixed=row.kind == Kind.SLICE or row.replaces_id is not None,
        heading=_heading(row),
        clauses=clauses,
        groups=tuple(sorted(groups - {""})),
        parties=parties(row.owner),
    )
