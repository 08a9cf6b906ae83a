"""What is asked of whom, how far is a round, and what came out of it?

Nobody reads here what another said of a place before his own view of it is in. Who follows a round
sees who answered, never what.
"""

from mixwijzer.web.pulse.selectors.asked import (
    Blind,
    RoundAsk,
    TalkLine,
    asks,
    between_two,
    blind_places,
    talks,
)
from mixwijzer.web.pulse.selectors.results import Agreement, Change, Results, results
from mixwijzer.web.pulse.selectors.rounds import (
    Choice,
    PlaceLine,
    RoundLine,
    RoundPage,
    Sheet,
    paper,
    plan_choices,
    round_of,
    round_of_task,
    round_page,
    rounds,
)
from mixwijzer.web.pulse.selectors.task import (
    OwnLine,
    TaskPage,
    mine,
    next_task,
    practised,
    task_page,
)

__all__ = [
    "Agreement",
    "Blind",
    "Change",
    "Choice",
    "OwnLine",
    "PlaceLine",
    "Results",
    "RoundAsk",
    "RoundLine",
    "RoundPage",
    "Sheet",
    "TalkLine",
    "TaskPage",
    "asks",
    "between_two",
    "blind_places",
    "mine",
    "next_task",
    "paper",
    "plan_choices",
    "practised",
    "results",
    "round_of",
    "round_of_task",
    "round_page",
    "rounds",
    "talks",
    "task_page",
]
