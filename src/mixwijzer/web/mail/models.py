"""Who is to be told by mail that a step waits, how, and what became of it?

A `Call` is written in the transaction of the step itself, so that there is one exactly when there
is a step. A `Message` is what goes to one person at one moment: his calls since the last, or what
waits for him on a day. Neither holds words: those are made when it is sent, from what waits then.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mixwijzer.web.accounts.models import Owned, User
from mixwijzer.web.accounts.roles import Action

__all__ = ["Call", "Kind", "Message", "When", "Wishes"]


class Kind(models.TextChoices):
    """Kinds of step that can wait for somebody."""

    QUESTION = "question", _("your own view of a place, at a notice")
    DECISION = "decision", _("a decision about a home")
    SECOND_READING = "second_reading", _("reading along with a colleague")
    MATCH = "match", _("a step of a match")
    AGREEMENT = "agreement", _("a step of an agreement")
    CITY_ROUND = "city_round", _("a step of a city round")
    WEEK_ROUND = "week_round", _("your answer about a home in a week round")
    JUDGEMENT = "judgement", _("your own view of a place, in a round")
    TALK = "talk", _("a word with a colleague about a place")
    LATE = "late", _("work that is late, or that nobody has")


class When(models.TextChoices):
    """How somebody wants to be told."""

    AT_ONCE = "at_once", _("at once")
    DAILY = "daily", _("daily")
    NEVER = "never", _("not told")


class Wishes(models.Model):
    """How one person wants to be told; without a row as `selectors.USUAL` says."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="nl")
    when = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.user)


class Message(Owned):
    """One mail to one person; `digest_of` is the day of a daily one.

    `claimed_at` is when a sender took it up: one that was killed while it sent leaves it standing,
    and the next repeats it under the same `public_id`, which is its Message-ID.
    """

    class State(models.TextChoices):
        """What became of it."""

        READY = "ready"
        SENT = "sent"
        NEEDLESS = "needless"  # nothing waited any more
        REFUSED = "refused"  # by the mail server, for good
        GIVEN_UP = "given_up"

    seen_with: ClassVar[Action] = Action.MANAGE_PEOPLE

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    digest_of = models.DateField(null=True)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=40, blank=True)  # a code of SMTP, or a kind of error

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "digest_of"], name="mail_one_digest_a_day")
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="ready"), name="mail_message_ready")
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.state}"


class Call(Owned):
    """A step began to wait for somebody who wants to hear at once."""

    seen_with: ClassVar[Action] = Action.MANAGE_PEOPLE

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    subject = models.UUIDField()
    at = models.DateTimeField()
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="calls")

    class Meta:
        indexes = [
            models.Index(fields=["at"], condition=Q(message__isnull=True), name="mail_call_open")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
