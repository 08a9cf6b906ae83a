"""Read every association's trail and say whether it holds; print its head to keep elsewhere.

python -m django verify_trail --settings mixwijzer.web.config.settings
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.selectors import associations
from mixwijzer.web.audit.selectors import verify


class Command(BaseCommand):
    """Verify the trails of all associations; fails when one does not hold."""

    help = "Recompute every hash of the trail, and print its head."

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, and name every event at which a trail breaks."""
        broken = 0
        for owner in associations():
            with acting_for(owner):
                seen = verify(owner)
            for each in seen.breaks:
                broken += 1
                self.stderr.write(f"{owner.code}, event {each.number}: {each.trouble}")
            self.stdout.write(f"{owner.code}: {seen.events} events, head {seen.head}")
        if broken:
            raise CommandError(f"the trail breaks at {broken} places")
