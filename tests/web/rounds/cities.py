"""Make city rounds in the small town, so that a test can speak of what happens to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.letting.models import Candidate, Vacancy
from mixwijzer.web.rounds.city_steps import CityEvent
from mixwijzer.web.rounds.models import CityHome, CityPerson, CityRound, Seat
from mixwijzer.web.rounds.services import city
from tests.builders import NOW
from tests.cast import Cast
from tests.web.acting import a_key, answers, decides, the_vacancy
from tests.web.letting.matched import a_candidate

HOMES = ("Vlierhof 3", "Vlierhof 24", "Molenhof 2")


def some_candidates(cast: Cast) -> list[Candidate]:
    """Enter four: one with priority, two in the order of registration, one too large."""
    return [
        a_candidate(cast, registered=date(2019, 5, 1)),
        a_candidate(cast, registered=date(2016, 3, 1)),
        a_candidate(cast, registered=date(2020, 1, 1), priority="urgency"),
        a_candidate(cast, registered=date(2011, 1, 1), size=9),
    ]


def a_city(
    user: User,
    owner: Organisation,
    people: Sequence[Candidate],
    homes: Sequence[str] = HOMES,
    **more: Any,
) -> CityRound:
    """Let somebody set a round out."""
    told = {"name": "Ronde van november", "key": a_key(), "now": NOW, **more}
    return city.make(
        user=user,
        owner=owner,
        vacancies=[the_vacancy(user, each).id for each in homes],
        candidates=[each.public_id for each in people],
        **told,
    )


def computed(user: User, row: CityRound, now: datetime = NOW) -> CityRound:
    """Ask for a run, and let a worker do it."""
    asked = city.ask(user=user, city_round=row.public_id, event=CityEvent.RUN, now=now)
    assert city.run(asked)
    return now_of(row)


def steps(user: User, row: CityRound, event: CityEvent, now: datetime = NOW) -> CityRound:
    """Take a round one step further."""
    return city.step(user=user, city_round=row.public_id, event=event, now=now)


def a_city_adopted(cast: Cast, homes: Sequence[str] = HOMES) -> CityRound:
    """Let Iris make it, and Mo release and adopt it."""
    row = computed(cast.iris, a_city(cast.iris, cast.woonbelang, some_candidates(cast), homes))
    steps(cast.mo, row, CityEvent.RELEASE)
    return steps(cast.mo, row, CityEvent.ADOPT)


def now_of(row: CityRound) -> CityRound:
    """Read a round again, as it stands."""
    rows = CityRound.objects.for_organisation(row.owner_id).select_related("owner")
    return rows.get(pk=row.pk)


def the_home(row: CityRound, dwelling: str) -> CityHome:
    """Return one home of a round."""
    rows = CityHome.objects.for_organisation(row.owner_id).select_related("vacancy", "match")
    return rows.get(city_round=row, vacancy__dwelling=dwelling)


def is_decided(cast: Cast, address: str) -> Vacancy:
    """Let Iris decide about a home, through the way for direct mediation."""
    decides(cast.iris, answers(cast.iris, address), channel="mediation")
    dwelling = the_vacancy(cast.iris, address).code.removeprefix("V-")
    return Vacancy.objects.for_organisation(cast.woonbelang).get(dwelling=dwelling)


def a_city_elsewhere(cast: Cast) -> None:
    """Write a table and a round of the other association, with its home and one candidate."""
    seat = Seat(
        owner=cast.elders,
        party=cast.elders,
        table=a_key(),
        name="Elders",
        made_by=cast.olga,
        made_at=NOW,
    )
    seat.save(force_insert=True)
    row = CityRound(
        owner=cast.elders, name="Elders", made_by=cast.olga, made_at=NOW, moved_at=NOW, key=a_key()
    )
    row.save(force_insert=True)
    home = Vacancy.objects.for_organisation(cast.elders).get(dwelling="Elders-001")
    CityHome(owner=cast.elders, city_round=row, vacancy=home, place=1).save(force_insert=True)
    CityPerson(owner=cast.elders, city_round=row, candidate="26-001").save(force_insert=True)
