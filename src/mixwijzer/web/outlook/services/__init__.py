"""Compute what lies ahead: of every complex, and of ways of letting beside each other."""

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

__all__ = [
    "Asked",
    "change",
    "draw",
    "look_ahead",
    "make",
    "move",
    "one_scenario",
    "shorter_work_waits",
    "silent",
    "take_stock",
]
