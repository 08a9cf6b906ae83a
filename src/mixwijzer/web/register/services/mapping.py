"""Which names has the source system for our columns? An association's own profile says it.

A profile is kept as the file that somebody uploaded, after the same checks as at a command line. A
file of the same name replaces it, and it can be taken away. An import is read with the one that
stood when it came in: which one that was stays known by its moment.
"""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from mixwijzer.engine.errors import PortfolioError
from mixwijzer.exchange import mappings
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.audit import services as audit
from mixwijzer.web.register.models import Import, OwnMapping

__all__ = [
    "SUFFIXES",
    "MappingRefused",
    "keep_mapping",
    "mapping_as_before",
    "mapping_in",
    "remove_mapping",
]

SUFFIXES = (".yaml", ".yml")


class MappingRefused(Exception):  # noqa: N818 (a refusal, told to a person)
    """A mapping file that isn't right; the error says where, and what to do."""

    def __init__(self, error: PortfolioError) -> None:
        super().__init__(error.code)
        self.error = error


def keep_mapping(
    *, owner: Organisation, file_name: str, content: bytes, actor: User, now: datetime
) -> OwnMapping:
    """Keep a profile that was found right, under the name of its file.

    Raises
    ------
    MappingRefused
        With `mapping_invalid` and the place in the file, or `mapping_name` when one that comes
        with Mixwijzer has this name.
    """
    name = mappings.stem(Path(file_name).stem)[:80] or "mapping"
    profile = _checked(name, content)
    with transaction.atomic():
        audit.lock(owner)
        standing = OwnMapping.objects.for_organisation(owner).filter(name=name, replaced_at=None)
        row = OwnMapping(
            owner=owner,
            name=name,
            title=dict(profile.title),
            content=content.decode(),
            by=actor,
            recorded_at=now,
        )
        held = standing.first()
        if held is not None and held.content == row.content:
            return held
        standing.update(replaced_at=now)
        row.save(force_insert=True)
        _noted("register.mapping", owner, name, actor, now)
    return row


def remove_mapping(*, owner: Organisation, name: str, actor: User, now: datetime) -> bool:
    """Take a profile away; False when there was none any more."""
    with transaction.atomic():
        audit.lock(owner)
        standing = OwnMapping.objects.for_organisation(owner).filter(name=name, replaced_at=None)
        if not standing.update(replaced_at=now):
            return False
        _noted("register.mapping-removed", owner, name, actor, now)
    return True


def _noted(action: str, owner: Organisation, name: str, actor: User, now: datetime) -> None:
    audit.record(
        organisation=owner, action=action, actor=actor, subject=None, facts={"name": name}, at=now
    )


def _checked(name: str, content: bytes) -> mappings.Profile | mappings.Mapped:
    if name in (*mappings.profiles(), *mappings.names()):
        raise MappingRefused(PortfolioError("mapping_name", name))
    with tempfile.TemporaryDirectory(prefix="mixwijzer-mapping-") as folder:
        path = Path(folder) / f"{name}.yaml"
        path.write_bytes(content)
        try:
            return mappings.load_any(path)
        except PortfolioError as error:
            raise MappingRefused(error) from error


def mapping_in(row: Import, folder: Path) -> str | Path | None:
    """Return what an import is read with: a name, a profile of its own put in a folder, or None."""
    held = (
        OwnMapping.objects.for_organisation(row.owner_id)
        .filter(Q(replaced_at=None) | Q(replaced_at__gt=row.received_at), name=row.mapping)
        .filter(recorded_at__lte=row.received_at)
        .first()
    )
    if held is None:
        return row.mapping or None
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{held.name}.yaml"
    path.write_bytes(held.content.encode())
    return path


def mapping_as_before(owner: Organisation, file_name: str) -> str:
    """Return what the last file of this name was read with, whatever day stands behind the name.

    A profile that was taken away is passed over.
    """
    name = mappings.stem(Path(file_name).stem)
    own = OwnMapping.objects.for_organisation(owner).filter(replaced_at=None)
    there = {"", *mappings.profiles(), *mappings.names(), *own.values_list("name", flat=True)}
    rows = Import.objects.for_organisation(owner).order_by("-received_at", "-pk")
    told = rows.values_list("file_name", "mapping")[:1000]
    alike = (by for each, by in told if mappings.stem(Path(each).stem) == name)
    return next((by for by in alike if by in there), "")
