"""Bring in profiles, write versions, take them from draft to adoption."""

from mixwijzer.web.profiles.services.adopting import adopt, lapse_due, withdraw
from mixwijzer.web.profiles.services.loading import load
from mixwijzer.web.profiles.services.stepping import (
    advise,
    approve,
    ask,
    pass_term,
    reply,
    request_changes,
    revise,
    submit,
)
from mixwijzer.web.profiles.services.writing import LARGEST, attach, save, start

__all__ = [
    "LARGEST",
    "adopt",
    "advise",
    "approve",
    "ask",
    "attach",
    "lapse_due",
    "load",
    "pass_term",
    "reply",
    "request_changes",
    "revise",
    "save",
    "start",
    "submit",
    "withdraw",
]
