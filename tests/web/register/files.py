"""Files as an association would bring them, made of small portfolios."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from django_tasks_db.models import DBTaskResult

from mixwijzer.engine.portfolio import Portfolio
from mixwijzer.exchange.tables import write
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.register import services
from mixwijzer.web.register.models import Import
from tests.builders import TODAY, hanzeveen

CODES = {"GM01": "GM0101", "WK0101": "WK010101", "BU010101": "BU01010101"}


def hanzeveen_in_files() -> Portfolio:
    """Return Hanzeveen with codes of areas as long as those of Statistics Netherlands."""
    town = hanzeveen()
    return replace(
        town,
        areas=tuple(
            replace(each, code=CODES[each.code], parent=CODES.get(each.parent or ""))
            for each in town.areas
        ),
        complexes=tuple(
            replace(each, neighbourhood=CODES.get(each.neighbourhood or ""))
            for each in town.complexes
        ),
        profiles=tuple(
            replace(each, set_by=CODES.get(each.set_by, each.set_by)) for each in town.profiles
        ),
        caps=tuple(replace(each, set_by=CODES.get(each.set_by, each.set_by)) for each in town.caps),
        lettings=(),
        data_date=town.data_date or TODAY,
    )


def without(portfolio: Portfolio, *tables: str) -> Portfolio:
    """Leave tables out of a portfolio."""
    return replace(portfolio, **dict.fromkeys(tables, ()))


def homes_only(portfolio: Portfolio) -> Portfolio:
    """Keep what an ERP delivers: areas, complexes, homes, leases and notices."""
    kept = {"areas", "complexes", "dwellings", "tenancies", "vacancies"}
    named = {each.name for each in fields(Portfolio)} - kept - {"data_date", "synthetic"}
    return without(portfolio, *named)


def a_workbook(folder: Path, portfolio: Portfolio, name: str = "bezit.xlsx") -> Path:
    """Write a portfolio as the workbook that somebody uploads."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    write(portfolio, path)
    return path


def received(
    owner: Organisation, actor: User | None, path: Path, now: datetime, **more: object
) -> Import:
    """Upload a file."""
    return services.receive(
        owner=owner, actor=actor, name=path.name, content=[path.read_bytes()], now=now, **more
    )


def read(owner: Organisation, actor: User | None, path: Path, now: datetime) -> Import:
    """Upload a file and let it be read."""
    return services.read_import(received(owner, actor, path, now), now=now)


def applied(owner: Organisation, actor: User, path: Path, now: datetime) -> Import:
    """Upload a file, let it be read, confirm it, and let it be written."""
    row = services.confirm(row=read(owner, actor, path, now), actor=actor, now=now)
    return services.write_import(row, now=now)


def changed_file(tmp_path: Path) -> Path:
    """Write the town a week later: another rent, a lease that ended, a new home and a notice."""
    town = homes_only(hanzeveen_in_files())
    first, *rest = town.dwellings
    lease, *leases = town.tenancies
    new = replace(first, id="Vlier-900", address="Vlierhof 900")
    return a_workbook(
        tmp_path,
        replace(
            town,
            dwellings=(replace(first, rent=Decimal("701.50")), *rest, new),
            tenancies=(replace(lease, end=date(2026, 11, 30)), *leases),
            data_date=date(2026, 11, 30),
        ),
        name="later.xlsx",
    )


def let_the_worker_work() -> None:
    """Do what waits for a worker, in this process."""
    waiting = DBTaskResult.objects.filter(status="READY").order_by("enqueued_at")
    for each in waiting:
        each.task.call(*each.args_kwargs["args"])
        DBTaskResult.objects.filter(pk=each.pk).update(status="SUCCESSFUL")
