"""Which pages stand in the side menu? An entry is shown as soon as its page exists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mixwijzer.web.ui.shell import Entry

WORK = _("Work")
STEER = _("Steer")
MANAGE = _("Manage")

MENU = (
    Entry(WORK, "desk:today", "layout-dashboard", _("Today"), on_phone=_("Today")),
    Entry(
        WORK,
        "desk:room-check",
        "door-open",
        _("Room check"),
        on_phone=pgettext_lazy("menu", "Room"),
    ),
    Entry(WORK, "desk:where", "search", _("Where is room?")),
    Entry(WORK, "letting:vacancies", "key-round", _("Vacancies"), on_phone=_("Vacancies")),
    Entry(WORK, "letting:people", "handshake", _("Candidates")),
    Entry(WORK, "desk:complexes", "building-2", _("Complexes"), on_phone=_("Complexes")),
    Entry(WORK, "desk:neighbourhoods", "map", _("Neighbourhoods")),
    Entry(WORK, "pulse:judgements", "users", _("Judgements")),
    Entry(WORK, "pulse:visits", "message-circle", _("Pulse")),
    Entry(WORK, "rounds:asks", "shuffle", _("Answers, week round")),
    Entry(STEER, "rounds:week", "shuffle", _("Week round")),
    Entry(STEER, "rounds:cities", "git-branch", _("City round")),
    Entry(STEER, "agreements:list", "handshake", _("Agreements")),
    Entry(STEER, "agreements:obligations", "target", _("Obligations")),
    Entry(STEER, "outlook:feasibility", "clipboard-check", _("Feasibility")),
    Entry(STEER, "outlook:forecast", "trending-up", _("Outlook")),
    Entry(STEER, "outlook:steering", "gauge", _("Steering power")),
    Entry(STEER, "outlook:scenarios", "scale", _("Compare policies")),
    Entry(STEER, "profiles:list", "sliders-horizontal", _("Profiles")),
    Entry(STEER, "yearbook:quarter", "file-text", _("Quarter sheet")),
    Entry(STEER, "yearbook:baselines", "history", _("Baseline")),
    Entry(STEER, "yearbook:year", "clipboard-check", _("Yearly evaluation")),
    Entry(STEER, "register:imports", "upload", _("Import")),
    Entry(MANAGE, "desk:management", "settings", _("Management")),
    Entry(MANAGE, "accounts:people", "user-plus", _("People")),
    Entry(MANAGE, "audit:trail", "history", _("Log")),
    Entry(MANAGE, "accounts:rights", "shield-check", _("Rights")),
    Entry(MANAGE, "mail:mine", "mail", _("My mail")),
    Entry(MANAGE, "mfa_index", "lock", _("My log-ins")),
)
