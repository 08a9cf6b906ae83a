"""Which names has the source system for our columns? An association's own profile says it.

A profile is kept as the file that somebody uploaded, after the same checks as at a command line. A
file of the same name replaces it; which one an import was read with stays known by its moment.
"""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from django.db import transaction

from mixwijzer.engine.errors import PortfolioError
from mixwijzer.exchange import mappings
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.audit import services as audit
from mixwijzer.web.register.models import Import, OwnMapping

__all__ = ["SUFFIXES", "MappingRefused", "keep_mapping", "mapping_as_before", "mapping_in"]

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
        audit.record(
            organisation=owner,
            action="register.mapping",
            actor=actor,
            subject=None,
            facts={"name": name},
            at=now,
        )
    return row


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
    own = OwnMapping.objects.for_organisation(row.owner_id).filter(
        name=row.mapping, replaced_at=None
    )
    held = own.first()
    if held is None:
        return row.mapping or None
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{held.name}.yaml"
    path.write_bytes(held.content.encode())
    return path


def mapping_as_before(owner: Organisation, file_name: str) -> str:
    """Return what the last file of this name was read with, whatever day stands behind the name."""
    name = mappings.stem(Path(file_name).stem)
    rows = Import.objects.for_organisation(owner).order_by("-received_at", "-pk")
    told = rows.values_list("file_name", "mapping")[:1000]
    return next((by for each, by in told if mappings.stem(Path(each).stem) == name), "")
