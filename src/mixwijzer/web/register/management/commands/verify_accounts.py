"""Make every account again, compare it with the stored one, and name those that differ.

python -m django verify_accounts --settings mixwijzer.web.config.settings
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.selectors import associations
from mixwijzer.web.register.services import verify_accounts

WAYS_OUT = {
    "inputs": "rows changed without it",
    "account": "it is not what its rows give",
    "homes": "the numbers of homes beside it are not what its rows give",
    "missing": "it is not there",
}


class Command(BaseCommand):
    """Verify the accounts of all associations; fails when one differs."""

    help = "Compare every stored account with what the ledgers give."

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, and name every account that differs."""
        wrong = 0
        for owner in associations():
            with acting_for(owner):
                found = tuple(verify_accounts(owner=owner, day=timezone.localdate()))
            for each in found:
                wrong += 1
                trouble = WAYS_OUT[each.trouble]
                self.stderr.write(f"{owner.code} {each.scope} ({each.scheme}): {trouble}")
        if wrong:
            raise CommandError(f"{wrong} accounts differ; run rebuild_accounts")
        self.stdout.write("every account is what its rows give")
