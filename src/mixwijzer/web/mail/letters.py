"""What does a mail say? That a step waits, of which kind, by when, and where to find it.

Nothing of what the step is about: no name, address, number or outcome. Mail is read on other
screens than ours and kept in other places; what is behind the link asks who is looking.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from mixwijzer.web.mail.models import Kind, Message
from mixwijzer.web.ui import formats

__all__ = ["StepLine", "letter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One step that waits for somebody, as on *Today*: what, about which thing, where, by when."""

    kind: Kind
    subject: uuid.UUID
    href: str
    due: date | None


def letter(message: Message, steps: Sequence[StepLine], language: str) -> EmailMessage:
    """Write a mail about steps, in the language of who reads it."""
    host = settings.ADDRESS.partition("://")[2].partition(":")[0]
    with translation.override(language):
        return EmailMessage(
            subject=_("What waits for you in Mixwijzer")
            if message.digest_of
            else _("There is a step waiting for you in Mixwijzer"),
            body=_body(steps),
            to=[message.person.email],
            headers={
                "Message-ID": f"<{message.public_id}@{host}>",
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            },
        )


def _body(steps: Sequence[StepLine]) -> str:
    lines = [_("There is a step waiting for you:"), ""]
    for step in steps:
        what = str(step.kind.label)
        if step.due:
            what = _("%(what)s, by %(day)s") % {"what": what, "day": formats.day(step.due, "long")}
        lines += [f"- {what}", f"  {settings.ADDRESS}{step.href}", ""]
    lines += [
        _("The rest stands there, after you log in. You can't answer this mail."),
        _("Less mail, or none: %(link)s") % {"link": settings.ADDRESS + reverse("mail:mine")},
    ]
    return "\n".join(lines) + "\n"
