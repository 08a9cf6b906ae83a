"""Make every account again from the ledgers: after a change of norms, or when verifying found one.

python -m django rebuild_accounts --settings mixwijzer.web.config.settings
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.selectors import associations
from mixwijzer.web.register.services import rebuild_accounts


class Command(BaseCommand):
    """Rebuild the accounts of all associations, each in one transaction."""

    help = "Make every account again from the ledgers."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, and say how many."""
        now = timezone.now()
        for owner in associations():
            with acting_for(owner):
                made = rebuild_accounts(
                    owner=owner, complexes=None, day=timezone.localdate(now), now=now
                )
            self.stdout.write(f"{owner.code}: {made} accounts made")
