"""Changes organisations, people, roles and log-ins; every change is told to the trail."""

from __future__ import annotations

from mixwijzer.web.accounts.services.founding import forget, found, join
from mixwijzer.web.accounts.services.links import accept, choose_password, revoke
from mixwijzer.web.accounts.services.people import (
    confirm_role,
    end_role,
    found_for,
    give_role,
    invite,
    let_choose_password,
)
from mixwijzer.web.accounts.services.sessions import (
    end_log_in,
    end_log_ins,
    end_others,
    remove_key,
)

__all__ = [
    "accept",
    "choose_password",
    "confirm_role",
    "end_log_in",
    "end_log_ins",
    "end_others",
    "end_role",
    "forget",
    "found",
    "found_for",
    "give_role",
    "invite",
    "join",
    "let_choose_password",
    "remove_key",
    "revoke",
]
