"""Bring in obligations, write agreements, take them from draft to signing and to their end."""

from mixwijzer.web.agreements.services.calling import call_for_carrying
from mixwijzer.web.agreements.services.loading import load
from mixwijzer.web.agreements.services.signing import carry, lapse_due, sign, withdraw
from mixwijzer.web.agreements.services.writing import (
    agree,
    ask_changes,
    bring_out,
    put_clause,
    remove_clause,
    save,
    start,
    start_change,
    start_slice,
)

__all__ = [
    "agree",
    "ask_changes",
    "bring_out",
    "call_for_carrying",
    "carry",
    "lapse_due",
    "load",
    "put_clause",
    "remove_clause",
    "save",
    "sign",
    "start",
    "start_change",
    "start_slice",
    "withdraw",
]
