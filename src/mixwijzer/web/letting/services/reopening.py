"""A notice that was over counts again, because an import was taken back or brought in anew."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.letting.models import Decision, Step, Vacancy
from mixwijzer.web.letting.services.closing import came_since
from mixwijzer.web.letting.services.moving import ask, move
from mixwijzer.web.letting.services.promising import promise
from mixwijzer.web.letting.transitions import Event, State
from mixwijzer.web.register.models import Notice
from mixwijzer.web.register.services import account_anew

__all__ = ["reopen_standing"]


def reopen_standing(*, owner: Organisation, by: User | None, now: datetime) -> None:
    """Go on with closed vacancies of which the notice is open again, where they were.

    What was decided stands again and is promised again. Candidates stay called off: a person opens
    their matches again, since meanwhile they can have found another home.
    """
    found = list(_standing(owner))
    promised = set()
    for each in found:
        held = Step.objects.for_organisation(owner).filter(vacancy=each, event=Event.CLOSE)
        facts = {"decided": _revived(each, now)}
        move(each, Event.REOPEN, by=by, now=now, facts=facts, held=held.latest("pk").before)
        if each.state == State.NOTICED and each.responsible is not None:
            ask(each, each.responsible, now, by=by)
        if facts["decided"]:
            promised.add(each.complex_id)
    if promised:
        account_anew(owner=owner, complexes=sorted(promised), day=localdate(now), now=now)


def _standing(owner: Organisation) -> QuerySet[Vacancy]:
    """Return the closed vacancies of which the notice is open, and not overtaken since."""
    known = Notice.objects.for_organisation(owner).filter(replaced_at=None, closed_on=None)
    again = known.filter(dwelling=OuterRef("dwelling"), notice__gt=OuterRef("notice"))
    still = known.filter(~came_since(owner), ~Exists(again), code=OuterRef("code"))
    rows = Vacancy.objects.for_organisation(owner).filter(Exists(still), state=State.CLOSED)
    return rows.select_related("owner", "responsible").order_by("pk")


def _revived(vacancy: Vacancy, now: datetime) -> bool:
    """Let a decision that lapsed with its notice stand again; whether there was one."""
    decided = vacancy.standing().exclude(lapsed_at=None).first()
    if decided is None:
        return False
    rows = Decision.objects.for_organisation(vacancy.owner_id).filter(pk=decided.pk)
    rows.update(lapsed_at=None)
    promise(vacancy, decided, now=now)
    return True
