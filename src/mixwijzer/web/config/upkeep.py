"""Commands for who looks after the installation; they join `mixwijzer` by entry point.

Exit 0: done. Exit 1: something isn't as it should be, all of it named. Exit 2: it can't be done
like this. Every message is Dutch or English, as the environment or `--language` says.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from mixwijzer.web.config.operations.saying import Refused, say, speak

if TYPE_CHECKING:
    from datetime import datetime

    from mixwijzer.web.config.operations.verifying import Report

__all__ = ["backup", "restore", "send_mail", "serve", "set_up", "upgrade", "verify"]

FINDINGS, WRONG_USE = 1, 2
# What isn't as it should be, next to what was asked in a way that can't be
_FOUND = ("backup.damaged", "backup.differs", "setup.", "upgrade.back", "verify.")

Spoken = Annotated[str | None, Option("--language", help="nl / en")]


def backup(
    to: Annotated[Path, Argument(metavar="TO", help=say("option.to"))],
    with_secrets: Annotated[bool, Option("--with-secrets", help=say("option.secrets"))] = False,
    language: Spoken = None,
) -> None:
    """Write everything to one file, as it is at this moment, while people go on working."""
    with answering(language) as now:
        from mixwijzer.web.config.operations.backups import back_up

        target = to / f"mixwijzer-{now:%Y%m%d-%H%M%S}.zip" if to.is_dir() else to
        made = back_up(target, now=now, secrets=with_secrets)
        print(say("backup.done", path=str(target), rows=made.rows, content=made.content))
        print(say("backup.with_secrets" if with_secrets else "backup.without_secrets"))


def restore(
    source: Annotated[Path, Argument(metavar="FROM", help=say("option.from"))],
    language: Spoken = None,
) -> None:
    """Put a backup back into an empty database, SQLite or PostgreSQL; all of it or nothing."""
    with answering(language):
        from mixwijzer.web.config.operations.backups import restore as put_back

        done = put_back(source)
        print(say("restore.done", path=str(source), rows=done.rows, content=done.content))
        print(say("restore.next"))


def verify(
    backup: Annotated[Path | None, Argument(metavar="BACKUP", help=say("option.backup"))] = None,
    language: Spoken = None,
) -> None:
    """Check references, trail, accounts and stored advices, of the database or of a backup."""
    with answering(language) as now:
        from django.utils.timezone import localdate

        from mixwijzer.web.config.operations import verifying

        day = localdate(now)
        if backup is None:
            report = verifying.verify(day=day, note=_note)
        else:
            report = verifying.verify_backup(backup, day=day, note=_note)
        _told(report)


def upgrade(
    backups: Annotated[Path | None, Option("--backups", help=say("option.backups"))] = None,
    language: Spoken = None,
) -> None:
    """Back up, bring the database to this version and check it; or leave it as it was."""
    with answering(language) as now:
        from django.conf import settings

        from mixwijzer.web.config.operations.upgrading import upgrade as bring_up

        done = bring_up(folder=backups or settings.HOME / "backups", now=now, note=_note)
        if done.migrations:
            print(say("upgrade.done", n=done.migrations))
        else:
            print(say("upgrade.nothing"))
        if done.backup:
            print(say("upgrade.kept", path=str(done.backup)))


def send_mail(language: Spoken = None) -> None:
    """Send the mail that is due, once; for a clock, where no worker of `serve` does it."""
    with answering(language):
        from django.conf import settings

        from mixwijzer.web.config import mailing

        if not settings.MAIL:
            raise Refused("mail.off")
        done = mailing.send()
        print(say("mail.done", sent=done.sent, later=done.later, lost=done.lost))
        if done.away or done.lost:
            raise typer.Exit(FINDINGS)


def serve(
    host: Annotated[str, Option(help=say("option.host"))] = "127.0.0.1",
    port: Annotated[int, Option(min=1, max=65535, help=say("option.port"))] = 8000,
    workers: Annotated[int, Option(min=1, max=64, help=say("option.workers"))] = 2,
    threads: Annotated[int, Option(min=1, max=64, help=say("option.threads"))] = 4,
    tasks: Annotated[bool, Option(help=say("option.tasks"))] = True,
    language: Spoken = None,
) -> None:
    """Answer to people until told to stop, with a worker for long work beside it."""
    with answering(language):
        from mixwijzer.web.config.operations import serving

        serving.look_before()
        serving.serve(host=host, port=port, workers=workers, threads=threads, tasks=tasks)


def set_up(
    file: Annotated[Path | None, Argument(metavar="FILE", help=say("option.file"))] = None,
    association: Annotated[str | None, Option(help=say("option.association"))] = None,
    name: Annotated[str | None, Option(help=say("option.name"))] = None,
    email: Annotated[str | None, Option(help=say("option.email"))] = None,
    port: Annotated[int, Option(min=1, max=65535, help=say("option.link_port"))] = 8000,
    language: Spoken = None,
) -> None:
    """Set up an installation; prints the link by which its first administrator comes in."""
    from mixwijzer.web.config import env

    if file is not None and env.usable(file):
        os.environ.setdefault("MIXWIJZER_CONFIG", str(file.resolve()))
    with answering(language) as now:
        from mixwijzer.web.config.operations import installing

        if file is None:
            plan = installing.for_one(
                name=association or typer.prompt(say("setup.ask.association")),
                person=name or typer.prompt(say("setup.ask.name")),
                email=email or typer.prompt(say("setup.ask.email")),
            )
        else:
            plan, findings = installing.read_plan(file)
            for each in findings:
                typer.echo(each.told(), err=True)
            if findings:
                typer.echo(say("setup.nothing_done", n=len(findings)), err=True)
                raise typer.Exit(FINDINGS)
        done = installing.set_up(plan, port=port, now=now)
        counts = {"organisations": done.organisations, "people": done.people, "roles": done.roles}
        print(say("setup.done", **counts))
        if done.link:
            print(say("setup.link", email=plan.administrator[0]))
            print(done.link)
        if file is not None:
            print(say("setup.next", path=str(file.resolve())))


@contextmanager
def answering(language: str | None = None) -> Iterator[datetime]:
    """Make the application ready; turn what can't be into a sentence and an exit code."""
    speak(language)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mixwijzer.web.config.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError, InterfaceError

    try:
        django.setup()
        from django.utils.timezone import now

        yield now()
    except Refused as refused:
        _leave(refused)
    except ImproperlyConfigured as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_USE) from None
    except (DatabaseError, InterfaceError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        _leave(Refused("database.away", why=why))


def _leave(refused: Refused) -> None:
    typer.echo(str(refused), err=True)
    found = refused.finding.code.startswith(_FOUND)
    raise typer.Exit(FINDINGS if found else WRONG_USE)


def _note(step: str) -> None:
    typer.echo(say(f"step.{step}"), err=True)


def _told(report: Report) -> None:
    for each in report.findings:
        print(each.told())
    if report.other_engine:
        print(say("verify.other_engine", n=report.other_engine))
    if not report.holds:
        print(say("verify.found", n=len(report.findings)))
        raise typer.Exit(FINDINGS)
    print(
        say(
            "verify.holds",
            rows=report.rows,
            content=report.content,
            events=report.events,
            advices=report.advices,
        )
    )
