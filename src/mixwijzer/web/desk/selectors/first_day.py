"""What is still to be done before the first decision about one's own homes?

Each step is gone as soon as it is done, and with the first decision the list. It is for who can do
one of the steps; it says that something is there, never how many or what.
"""

from __future__ import annotations

from django.conf import settings

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.accounts.roles import Action, OrganisationKind, Role
from mixwijzer.web.accounts.selectors import members, own_organisation
from mixwijzer.web.letting.models import Advice, Decision
from mixwijzer.web.profiles.models import ProfileRow
from mixwijzer.web.register.models import Area, Complex, Judgement

__all__ = ["STEPS", "steps_to_go"]

# step, and what one must be allowed to do for it, in the order in which they are done
STEPS = (
    ("map", Action.LOAD),
    ("data", Action.LOAD),
    ("people", Action.MANAGE_PEOPLE),
    ("profiles", Action.WRITE_PROFILES),
    ("judgements", Action.PLAN_ROUNDS),
    ("advice", Action.DECIDE),
)
_LOOKS_AFTER = (Action.LOAD, Action.MANAGE_PEOPLE)


def steps_to_go(user: User) -> tuple[str, ...]:
    """Return the steps that are to be done and that this person can do; the demo asks nothing."""
    if settings.DEMO:
        return ()
    can = [each for each in _LOOKS_AFTER if user.owners(each)]
    if not can:
        return ()
    own = own_organisation(user, can[0])
    if own.kind != OrganisationKind.ASSOCIATION or Decision.objects.for_organisation(own).exists():
        return ()
    return tuple(
        step for step, action in STEPS if own.pk in user.owners(action) and not _done(step, own)
    )


def _done(step: str, own: Organisation) -> bool:
    if step == "people":
        return bool(members(own.pk, frozenset({Role.CONSULTANT})))
    if step == "advice":  # the vacancy comes with the data
        nothing_yet = not Complex.objects.for_organisation(own).exists()
        return nothing_yet or Advice.objects.for_organisation(own).exists()
    judged = Judgement.objects.for_organisation(own).filter(judge__isnull=False)
    rows = {
        "map": Area.objects.for_organisation(own),
        "data": Complex.objects.for_organisation(own),
        "profiles": ProfileRow.objects.for_organisation(own),
        "judgements": judged,
    }
    return rows[step].exists()
