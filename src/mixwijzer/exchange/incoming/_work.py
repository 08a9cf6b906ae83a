"""What the reading process does: find the tables of a delivery, write each clean, report."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from mixwijzer.engine.errors import PortfolioError
from mixwijzer.exchange.findings import Finding, Findings
from mixwijzer.exchange.incoming._codes import put_right
from mixwijzer.exchange.incoming._sources import Delivery
from mixwijzer.exchange.incoming._spool import SHAPES
from mixwijzer.exchange.mappings import OWN, Mapped, Profile, load_any
from mixwijzer.exchange.tables import (
    META,
    Sheet,
    SourceTrouble,
    SpooledSheet,
    header_may_be_shown,
    spool_sheet,
)

__all__ = ["done"]


def done(job: Mapping[str, Any]) -> dict[str, Any]:
    """Read a delivery; return the report as plain data."""
    findings, source = Findings(), Path(job["source"])
    try:
        profile = _profile(job)
    except PortfolioError as error:
        findings.add(Finding(code=error.code, file=error.subject, facts=error.facts))
        return _report(findings, {}, Counter(), job)
    work = _Work(job, profile, findings)
    try:
        work.read(source)
    except SourceTrouble as trouble:
        findings.add(Finding(code=trouble.code, file=source.name, facts=trouble.facts))
    except OSError as error:
        facts = {"reason": error.strerror or ""}
        findings.add(Finding(code="file_unreadable", file=source.name, facts=facts))
    return work.report()


def _profile(job: Mapping[str, Any]) -> Profile | Mapped:
    if job["mapping"] is None:
        return OWN
    return load_any(Path(job["mapping"]) if job["own_mapping"] else job["mapping"])


class _Work:
    """One delivery under way."""

    def __init__(
        self, job: Mapping[str, Any], profile: Profile | Mapped, findings: Findings
    ) -> None:
        self.job, self.profile, self.findings = job, profile, findings
        self.into = Path(job["into"])
        self.dropped: Counter[str] = Counter()
        self.spooled: dict[str, SpooledSheet] = {}
        self.within: set[str] = set()  # tables found inside another one

    def read(self, source: Path) -> None:
        """Write every table of the delivery."""
        delivery = Delivery(
            source=source,
            work=Path(self.job["work"]),
            shapes=self.into / SHAPES,
            profile=self.profile if isinstance(self.profile, Profile) else OWN,
            mapped=self.profile if isinstance(self.profile, Mapped) else None,
            findings=self.findings,
            limits=self.job["limits"],
        )
        for sheet in delivery.sheets():
            self._spool(sheet)
        if not self.spooled and not self.findings.has_errors():
            self.findings.add(Finding(code="nothing_found", file=source.name))
        put_right(self.spooled, self.profile, self.data_date(), self.findings)

    def _spool(self, sheet: Sheet) -> None:
        if sheet.dialect.distinct and sheet.table in self.spooled:
            return
        if sheet.table in self.spooled and sheet.table not in self.within:
            facts = {"table": sheet.table}
            self.findings.add(
                Finding(code="table_twice", file=sheet.file, sheet=sheet.name, facts=facts)
            )
            return
        if sheet.table == "complexes" and self.job["owner"]:
            fixed = {"owner": self.job["owner"], **sheet.dialect.fixed}
            sheet = replace(sheet, dialect=replace(sheet.dialect, fixed=fixed))
        path, most = self.into / f"{sheet.table}.csv", self.job["limits"]["rows"]
        told = spool_sheet(sheet, path, self.findings, self.dropped, most_rows=most)
        if sheet.dialect.distinct and not told.rows:
            path.unlink()
            return
        self.spooled[sheet.table] = told
        self.within.discard(sheet.table)
        if sheet.dialect.distinct:
            self.within.add(sheet.table)

    def data_date(self) -> date | None:
        """Return the day the data speaks of: as the delivery says, else its profile.

        Of tables that tell different days below their rows the earliest counts.
        """
        meta = self.spooled.get(META)
        told = meta.first.get("data_date") if meta else None
        if isinstance(told, date):
            return told
        below = (each.day_below for each in self.spooled.values())
        return min((day for day in below if day), default=self.profile.data_date)

    def report(self) -> dict[str, Any]:
        """Return all that came of it."""
        day = self.data_date()
        meta = self.spooled.get(META)
        marked = any(each.synthetic for each in self.spooled.values())
        return _report(
            self.findings,
            {name: each.rows for name, each in self.spooled.items() if each.usable},
            self.dropped,
            self.job,
            truncated=any(each.truncated for each in self.spooled.values()),
            data_date=day.isoformat() if day else None,
            synthetic=marked or bool(meta and meta.first.get("synthetic")),
            note=self.profile.note,
        )


def _report(
    findings: Findings,
    tables: Mapping[str, int],
    dropped: Counter[str],
    job: Mapping[str, Any],
    **more: Any,
) -> dict[str, Any]:
    told = _once(_plain(each) for each in _worst_first(findings))
    most = job["limits"]["findings"]
    return more | {
        "tables": dict(tables),
        "dropped": dict(dropped),
        "findings": told[:most],
        "truncated": bool(more.get("truncated")) or len(told) > most,
    }


def _worst_first(findings: Findings) -> Iterator[Finding]:
    """Yield findings so that a list that is cut off keeps what matters."""
    yield from sorted(findings, key=lambda each: -each.severity)


def _once(told: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return findings of a row once each: two tables may have been read from the same rows."""
    keys = (
        (json.dumps(each, sort_keys=True) if each["row"] else n, each)
        for n, each in enumerate(told)
    )
    return list(dict(keys).values())


def _plain(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain data, without a name of a sheet or file that is somebody's."""
    plain = {**asdict(finding), "severity": int(finding.severity), "facts": dict(finding.facts)}
    hidden = (each for each in ("file", "sheet") if not header_may_be_shown(plain[each] or ""))
    return plain | dict.fromkeys(hidden)
