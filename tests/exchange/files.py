"""A small portfolio as files, to be spoilt one table at a time."""

from __future__ import annotations

from pathlib import Path

from mixwijzer.exchange.findings import Finding, Severity
from mixwijzer.exchange.tables import Reading, read

SOUND = {
    "portfolio": "data_date,synthetic\n2026-11-22,no\n",
    "areas": "code,kind,name,parent\n"
    "GM0193,municipality,Zwolle,\n"
    "WK019310,district,Binnenstad,GM0193\n"
    "BU01931000,neighbourhood,Binnenstad-Zuid,WK019310\n",
    "complexes": "id,name,neighbourhood,owner\nC1,De Linde,BU01931000,ob\n",
    "dwellings": "id,complex,stairwell,rooms,rent\n"
    + "".join(f"W{n},C1,A,3,{600 + n},50\n".replace(",50", ".50") for n in range(1, 13))
    + "W13,C1,B,2,500.50\n",
    "tenancies": "id,dwelling,start,end\n"
    + "".join(f"H{n},W{n},2020-01-01,\n" for n in range(1, 14)),
    "vacancies": "id,dwelling,notice,free_from\nV1,W1,2026-11-01,2026-12-01\n",
}


NONE = {"tenancies": "id,dwelling,start\n", "vacancies": "id,dwelling,notice,free_from\n"}
"""No leases and no notices, where a test brings dwellings of its own."""


def folder(path: Path, **tables: str | bytes) -> Path:
    """Write the sound portfolio with some tables replaced."""
    path.mkdir(exist_ok=True)
    for table, text in (SOUND | tables).items():
        (path / f"{table}.csv").write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def reading(path: Path, **tables: str | bytes) -> Reading:
    """Read the sound portfolio with some tables replaced."""
    return read(folder(path, **tables))


def codes(given: Reading, *, least: Severity = Severity.WARNING) -> list[str]:
    """Return the codes of what is at least so bad."""
    return [each.code for each in given.findings if each.severity >= least]


def the(given: Reading, code: str) -> Finding:
    """Return the one finding of this code."""
    (found,) = [each for each in given.findings if each.code == code]
    return found
