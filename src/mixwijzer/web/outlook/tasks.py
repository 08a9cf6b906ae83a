"""What a worker does for the outlook: look ahead."""

from __future__ import annotations

from django.core.cache import cache
from django.utils import timezone
from django_tasks import task

from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.outlook import services

__all__ = ["look_ahead", "start"]

WAIT = 300  # after so long a worker that was asked is asked again [s]


def start(owner: int) -> None:
    """Let a worker look ahead for an association, once however many pages ask."""
    if cache.add(f"outlook-asked-{owner}", 1, WAIT):
        look_ahead.enqueue(owner)


@task()
def look_ahead(owner: int) -> int:
    """Compute what isn't kept of today's rows; return how many complexes that were."""
    with acting_for(owner):
        try:
            row = Organisation.objects.get(pk=owner)
            return services.look_ahead(owner=row, now=timezone.now())
        finally:
            cache.delete(f"outlook-asked-{owner}")
