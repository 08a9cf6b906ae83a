"""Put a week on the table about which others answer: a partner that mediates, a municipality."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from mixwijzer.engine.portfolio import Channel, PlaceRequest
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.agreements.content import Clause
from mixwijzer.web.agreements.transitions import State
from mixwijzer.web.agreements.words import Answers, ClauseKind
from mixwijzer.web.rounds import services
from mixwijzer.web.rounds.answer_steps import AnswerAct, AnswerState, Side, Silence
from mixwijzer.web.rounds.models import PartyAnswer, PartyAsk, RoundItem, WeekRound
from tests.builders import BEFORE, MEDIATION, NOW, TODAY, hanzeveen, with_rows
from tests.cast import Cast
from tests.web.acting import a_key, answers, load_town, the_vacancy
from tests.web.agreements.agreeing import END, brought_to
from tests.web.rounds.weeks import a_week_on_the_table

HOMES = ["Vlierhof 3"]
GROUND = Clause(
    number=0,
    kind=ClauseKind.GROUND,
    words="Over directe bemiddeling spreken we in de weekronde.",
    ground="direct_mediation",
    ends=END,
    why="Zo weten we van elkaar waar iemand komt wonen.",
)


def only_mediation(cast: Cast, *ways: Channel, viewed: bool = True) -> None:
    """Load a town in which homes go these ways only; Opstap has a request of each group."""
    asked = tuple(
        PlaceRequest(
            number=f"26-09{number}",
            size=2,
            kind="attention",
            group=group,
            partner="opstap",
            asked_on=TODAY,
            recorded_at=BEFORE,
        )
        for number, group in enumerate(["status_holder", "outflow"])
    )
    town = replace(hanzeveen(), channels=ways or (MEDIATION,))
    load_town(cast, with_rows(town, place_requests=asked))
    if viewed:
        answers(cast.iris, "Vlierhof 3")


def clause_that_asks(cast: Cast, silence: str = Answers.ASKED) -> None:
    """Sign an agreement by which the municipality answers about mediated homes."""
    brought_to(cast, State.SIGNED, replace(GROUND, answers=silence))


def on_the_table(cast: Cast) -> RoundItem:
    """Put a mediated home on the table; return it."""
    row = a_week_on_the_table(cast, HOMES)
    return the_item_of(row)


def the_item_of(row: WeekRound) -> RoundItem:
    """Return the only home of a round."""
    return RoundItem.objects.for_organisation(row.owner_id).get(week_round=row)


def the_ask(party: Organisation, item: RoundItem) -> PartyAsk:
    """Return what a party is asked about a home now."""
    rows = PartyAsk.objects.for_organisation(item.owner_id)
    return rows.get(party=party, item=item, ended_at=None)


def replies(user: User, ask: PartyAsk, act: AnswerAct, word: str = "", now: datetime = NOW) -> None:
    """Let somebody answer for his organisation."""
    given = PartyAnswer.objects.for_organisation(ask.owner_id).filter(ask=ask).count()
    services.reply(user=user, ask=ask.public_id, act=act, word=word, version=given, now=now)


def a_line_is_asked(item: RoundItem, party: Organisation) -> PartyAsk:
    """Let a party be asked about a home of a town that is there already, as it comes."""
    made = PartyAsk(
        owner_id=item.owner_id,
        party=party,
        item=item,
        side=Side.PARTNER,
        silence=Silence.NOTHING,
        due=TODAY,
        told={
            "complex": "Vlierhof",
            "neighbourhood": "Zuid",
            "rooms": 3,
            "level": False,
            "free_from": TODAY.isoformat(),
            "channel": "mediation",
            "name": {"nl": "Bemiddeling", "en": "Mediation"},
            "ground": "direct_mediation",
            "source": "Prestatieafspraken 2026, bijlage B",
            "group": "",
        },
        because={"kind": "mediates"},
        asked_at=NOW,
        asked_by=item.week_round.made_by,
    )
    made.save(force_insert=True)
    return made


def a_party_answered(cast: Cast) -> None:
    """Let a partner have agreed about a home of a round long ago, in a town that is there."""
    row = services.make(
        user=cast.iris,
        owner=cast.woonbelang,
        week=(2026, 2),
        vacancies=[the_vacancy(cast.iris, "Vlierhof 24").id],
        key=a_key(),
        now=NOW,
    )
    ask = a_line_is_asked(the_item_of(row), cast.opstap)
    PartyAnswer(
        owner=cast.woonbelang,
        party=cast.opstap,
        ask=ask,
        at=NOW,
        by=cast.joris,
        side=Side.PARTNER,
        act=AnswerAct.AGREE,
        before=AnswerState.ASKED,
        after=AnswerState.AGREED,
    ).save(force_insert=True)
