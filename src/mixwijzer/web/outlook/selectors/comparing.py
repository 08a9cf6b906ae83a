"""Which scenarios are there, how far are they, and what did they show?

The figures of a scenario are of all homes of an association together, and so of every complex: who
must first give an own view of one of them reads the inputs, and the figures after that.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mixwijzer.web.accounts.models import Organisation, User, Visitor
from mixwijzer.web.accounts.permissions import may
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.letting.selectors import Hidden, hidden_complexes
from mixwijzer.web.outlook import bridge
from mixwijzer.web.outlook.models import Scenario
from mixwijzer.web.outlook.refusals import OwnViewFirst
from mixwijzer.web.outlook.transitions import MOVING, ScenarioEvent, ScenarioState, possible
from mixwijzer.web.register.models import Complex

__all__ = [
    "ScenarioLine",
    "ScenarioPage",
    "figures_of",
    "first_hidden",
    "makers",
    "scenario",
    "scenario_page",
    "scenarios",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioLine:
    """A scenario in a list; `association` is the name of its owner."""

    id: uuid.UUID
    name: str
    association: str
    by: str
    made_at: datetime
    state: str
    drawn: int
    blocks: int
    asked: bridge.Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioPage:
    """Everything that the page of a scenario says.

    `document` is what the command line gives, None before it is done and before the reader's own
    view (`hidden`); `current` is whether it stands on today's rows; `can` is what this reader may
    do with it.
    """

    line: ScenarioLine
    moving: bool
    current: bool
    rests_on: Mapping[str, Any]
    trouble: Mapping[str, Any]
    document: Mapping[str, Any] | None
    hidden: Hidden | None
    can: frozenset[str]


def scenarios(user: Visitor) -> tuple[ScenarioLine, ...]:
    """Return the scenarios that this reader may see and that weren't put away, the latest first."""
    rows = Scenario.objects.visible_to(user).exclude(state=ScenarioState.ARCHIVED)
    found = rows.select_related("owner", "made_by").defer("packed", "document", "rests_on")
    return tuple(_line(row) for row in found.order_by("-made_at", "-pk"))


def makers(user: User, day: date) -> tuple[tuple[Organisation, str], ...]:
    """Return the associations for which this person may compare, with how homes are given now."""
    owners = Organisation.objects.filter(pk__in=user.owners(Action.COMPARE)).order_by("name")
    return tuple((owner, bridge.now_by(owner, day)) for owner in owners)


def _line(row: Scenario) -> ScenarioLine:
    return ScenarioLine(
        id=row.public_id,
        name=row.name,
        association=row.owner.name,
        by=row.made_by.name if row.made_by else "",
        made_at=row.made_at,
        state=row.state,
        drawn=row.drawn,
        blocks=row.blocks,
        asked=bridge.Asked.of(row.asked),
    )


def scenario(user: Visitor, public_id: uuid.UUID) -> Scenario:
    """Return one scenario; `Missing` where there is none, or another organisation's."""
    return Scenario.objects.one(user, public_id)


def scenario_page(user: Visitor, public_id: uuid.UUID) -> ScenarioPage:
    """Return the page of one scenario; `Missing` as `scenario`."""
    row = scenario(user, public_id)
    hidden = first_hidden(user, row.owner)
    told = json.loads(row.document) if row.document and hidden is None else None
    events = ScenarioEvent if may(user, Action.COMPARE, row) else ()
    return ScenarioPage(
        line=_line(row),
        moving=row.state in MOVING,
        current=bridge.stock_mark(row.owner) == row.made_of,
        rests_on=row.rests_on if hidden is None else {},
        trouble=row.trouble,
        document=told,
        hidden=hidden if row.document else None,
        can=frozenset(each.value for each in events if possible(row.state, each)),
    )


def first_hidden(user: Visitor, owner: Organisation) -> Hidden | None:
    """Return the first complex of which this reader must give a view; None when there is none."""
    asked = hidden_complexes(user)
    if not asked:
        return None
    own = Complex.objects.for_organisation(owner).filter(pk__in=asked).order_by("pk").first()
    return asked[own.pk] if own else None


def figures_of(user: Visitor, public_id: uuid.UUID) -> Scenario:
    """Return a scenario of which the figures or the rows behind them are taken along.

    Raises
    ------
    Missing
        No such scenario, or another organisation's.
    OwnViewFirst
        This reader must first give a view of one of the complexes.
    """
    row = scenario(user, public_id)
    if first_hidden(user, row.owner) is not None:
        raise OwnViewFirst
    return row
