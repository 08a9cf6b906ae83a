"""Who gets which home this round; and when that can't be, exactly what clashes?

`allocate` divides the homes of a `LettingRound` over candidates whom the letting rules allow them,
in the order that these rules give, within the `Agreement`s: proved best, with prices, the price of
the mix, who bears it and the verdict of a checker of its own (`checked`). `week` divides channels
and groups over at most ten homes (`Option`), with what these cost together (`Joint`). `whys` says
why, from either side. What can't be comes back as a `Conflict`. Before any round `eligible` says
which rules allow one candidate one home, and `in_order` puts candidates in the order of these.
`margin` tells how far a margin of a year is used.
"""

from mixwijzer.engine.allocation._allocate import Allocation, Placement, allocate
from mixwijzer.engine.allocation._check import Breach, BreachKind, Checked, checked
from mixwijzer.engine.allocation._conflict import Conflict, Move, Relaxation
from mixwijzer.engine.allocation._eligible import (
    Answer,
    Asked,
    Eligibility,
    IncomeClass,
    Lacking,
    LettingRule,
    RuleAnswer,
    eligible,
    in_order,
)
from mixwijzer.engine.allocation._margin import Margin, margin
from mixwijzer.engine.allocation._order import Burden, Envy
from mixwijzer.engine.allocation._round import (
    Agreement,
    AgreementKind,
    FreeHome,
    LettingRound,
    Pairs,
    RoundCandidate,
)
from mixwijzer.engine.allocation._week import EVERY_HOME, MOST_HOMES, Joint, Option, Week, week
from mixwijzer.engine.allocation._why import Why, WhyKind, whys

__all__ = [
    "EVERY_HOME",
    "MOST_HOMES",
    "Agreement",
    "AgreementKind",
    "Allocation",
    "Answer",
    "Asked",
    "Breach",
    "BreachKind",
    "Burden",
    "Checked",
    "Conflict",
    "Eligibility",
    "Envy",
    "FreeHome",
    "IncomeClass",
    "Joint",
    "Lacking",
    "LettingRound",
    "LettingRule",
    "Margin",
    "Move",
    "Option",
    "Pairs",
    "Placement",
    "Relaxation",
    "RoundCandidate",
    "RuleAnswer",
    "Week",
    "Why",
    "WhyKind",
    "allocate",
    "checked",
    "eligible",
    "in_order",
    "margin",
    "week",
    "whys",
]
