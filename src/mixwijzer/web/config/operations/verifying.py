"""Is everything still as it was written, and does it still follow from what it was made from?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Exists, ForeignKey, Model, OuterRef

from mixwijzer.web.accounts.isolation import whole_installation
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.accounts.policies import troubles
from mixwijzer.web.audit.selectors import verify as verify_trail
from mixwijzer.web.config import env
from mixwijzer.web.config.operations import archive, backups, tables
from mixwijzer.web.config.operations.saying import Finding
from mixwijzer.web.letting import bridge
from mixwijzer.web.letting.models import Advice, Decision
from mixwijzer.web.register.services import verify_accounts

__all__ = ["Report", "verify", "verify_backup"]

Note = Callable[[str], None]


@dataclass(slots=True, kw_only=True)
class Report:
    """What was looked at, and what isn't as it should be."""

    findings: list[Finding]
    rows: int = 0
    content: str = ""
    events: int = 0
    advices: int = 0
    other_engine: int = 0  # advices of another version of the engine, which may say otherwise

    @property
    def holds(self) -> bool:
        """Whether all is well."""
        return not self.findings


@whole_installation()
def verify(*, day: date, note: Note = lambda _: None) -> Report:
    """Check the database itself: references, trails, accounts, and every stored advice."""
    report = Report(findings=[])
    if migrations_wait():
        report.findings.append(Finding("verify.migrations"))
        return report
    for each in troubles():
        report.findings.append(Finding("verify.apart", {"why": each}))
    for step, check in (
        ("references", _references),
        ("trails", _trails),
        ("accounts", lambda found: _accounts(found, day)),
        ("advices", _advices),
    ):
        note(step)
        check(report)
    return report


def verify_backup(source: Path, *, day: date, note: Note = lambda _: None) -> Report:
    """Check a backup by putting it back into a database of its own and checking that."""
    note("hashes")
    with archive.opened(source) as given:
        given.check()
        manifest = given.manifest
    with TemporaryDirectory(prefix="mixwijzer-") as folder, on_sqlite(Path(folder) / "restored"):
        note("restoring")
        backups.restore(source)
        report = verify(day=day, note=note)
    report.rows, report.content = manifest.rows, manifest.content
    return report


@contextmanager
def on_sqlite(path: Path) -> Iterator[None]:
    """Let everything inside work on another database; for commands, which do one thing."""
    given = connections.settings["default"]
    connections["default"].close()
    del connections["default"]
    connections.settings["default"] = {**given, "HOST": "", "USER": "", "PASSWORD": "", "PORT": ""}
    connections.settings["default"] |= env.sqlite(path)
    try:
        yield
    finally:
        connections["default"].close()
        del connections["default"]
        connections.settings["default"] = given


def migrations_wait() -> bool:
    """Whether the database is behind this version."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _references(report: Report) -> None:
    """Look for rows that point at a row that isn't there."""
    state = tables.state_at(tables.history("default"), "default")
    for model in tables.models_of(state):
        rows = model._base_manager  # noqa: SLF001 (Django's own name)
        report.rows += rows.count()
        for field in model._meta.local_concrete_fields:  # noqa: SLF001
            if not isinstance(field, ForeignKey):
                continue
            if lost := _lost(model, field):
                told = {"table": model._meta.db_table, "column": field.column, "n": lost}  # noqa: SLF001
                report.findings.append(Finding("verify.reference", told))
    report.content = backups.content_of(secrets=False)


def _lost(model: type[Model], field: ForeignKey[Model, Model]) -> int:
    target = field.related_model._base_manager.filter(  # noqa: SLF001
        **{field.target_field.attname: OuterRef(field.attname)}
    )
    rows = model._base_manager.exclude(**{field.attname: None})  # noqa: SLF001
    return rows.filter(~Exists(target)).count()


def _trails(report: Report) -> None:
    for owner in Organisation.objects.order_by("code"):
        seen = verify_trail(owner)
        report.events += seen.events
        for each in seen.breaks:
            facts = {"owner": owner.code, "event": each.number}
            report.findings.append(Finding(f"verify.trail.{each.trouble}", facts))


def _accounts(report: Report, day: date) -> None:
    for owner in Organisation.objects.order_by("code"):
        for each in verify_accounts(owner=owner, day=day):
            facts = {"owner": owner.code, "place": each.scope, "scheme": each.scheme}
            report.findings.append(Finding(f"verify.account.{each.trouble}", facts))


def _advices(report: Report) -> None:
    """Make every advice again from what it was made from; it must be the same text."""
    for owner in Organisation.objects.order_by("code"):
        given = Advice.objects.for_organisation(owner).exclude(inputs=None).order_by("pk")
        for row in given.iterator(chunk_size=50):
            sealed = bridge.fingerprint(row.inputs or "") == row.inputs_hash
            trouble = "" if sealed else "inputs"
            trouble = trouble or _remade(report, row.inputs or "", row.result)
            if trouble:
                facts: dict[str, object] = {"owner": owner.code, "advice": str(row.public_id)}
                report.findings.append(Finding(f"verify.advice.{trouble}", facts))
        taken = Decision.objects.for_organisation(owner).exclude(checked_inputs=None).order_by("pk")
        for each in taken.iterator(chunk_size=50):
            if trouble := _remade(report, each.checked_inputs or "", each.checked):
                facts = {"owner": owner.code, "advice": str(each.public_id)}
                report.findings.append(Finding(f"verify.advice.{trouble}", facts))


def _remade(report: Report, inputs: str, result: str) -> str:
    report.advices += 1
    with suppress(KeyError, TypeError, ValueError):
        if bridge.dump_advice(bridge.Case.load(inputs).advice) == result:
            return ""
    if f'"engine_version":"{bridge.ENGINE_VERSION}"' in result:
        return "result"
    report.other_engine += 1
    return ""
