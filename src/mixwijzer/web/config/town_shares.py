"""What the associations of the made-up town laid on the table with the municipality."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.outlook import services

__all__ = ["lay_out"]


def lay_out(owners: Mapping[Organisation, User], municipality: Organisation, now: datetime) -> None:
    """Weigh what each association promised, and let its head lay its figures on the table.

    Comes last: the figures are of the rows as they are then.
    """
    for owner, head in owners.items():
        services.weigh(owner=owner, now=now)
        services.lay(user=head, owner=owner, municipality=municipality.public_id, now=now)
