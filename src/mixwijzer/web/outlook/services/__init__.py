"""Compute what lies ahead: of every complex, of ways of letting, and of all promises together."""

from mixwijzer.web.outlook.services.comparing import (
    Asked,
    change,
    draw,
    make,
    move,
    one_scenario,
    shorter_work_waits,
    silent,
    take_stock,
)
from mixwijzer.web.outlook.services.looking import look_ahead
from mixwijzer.web.outlook.services.sharing import lay
from mixwijzer.web.outlook.services.weighing import weigh

__all__ = [
    "Asked",
    "change",
    "draw",
    "lay",
    "look_ahead",
    "make",
    "move",
    "one_scenario",
    "shorter_work_waits",
    "silent",
    "take_stock",
    "weigh",
]
