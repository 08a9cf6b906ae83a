"""An upgrade brings the database to the new version, or leaves it as it was; on both databases."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.web.config.installation import Installation, eventually, stopped

# The next version has an application more, whose migrations change what is there too.
SETTINGS = """
from mixwijzer.web.config.settings import *
INSTALLED_APPS = [*INSTALLED_APPS, 'extra']
"""
FIRST = """
from django.db import migrations, models
class Migration(migrations.Migration):
    initial = True
    dependencies = [("letting", "0001_initial"), ("accounts", "0001_initial")]
    operations = [
        migrations.CreateModel("Note", [
            ("id", models.BigAutoField(primary_key=True)),
            ("owner", models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT)),
            ("text", models.TextField()),
        ]),
    ]
"""
FILL = """
from django.db import migrations

def fill(apps, schema_editor):
    Organisation = apps.get_model("accounts", "Organisation")
    Note = apps.get_model("extra", "Note")
    for each in Organisation.objects.all():
        Note.objects.create(owner=each, text=each.name)
    Organisation.objects.update(name="changed")

class Migration(migrations.Migration):
    dependencies = [("extra", "0001_initial")]
    operations = [migrations.RunPython(fill)]
"""
CHANGE = """
from pathlib import Path
import time
from django.db import migrations, models

def then(apps, schema_editor):
    told = Path(__file__).with_name("told")
    what = told.read_text() if told.exists() else ""
    if what.startswith("wait"):
        Path(what[5:]).touch()
        time.sleep(60)
    if what == "fail":
        raise RuntimeError("this migration fails")
    if what == "tamper":
        schema_editor.execute("DELETE FROM register_accountstate")

class Migration(migrations.Migration):
    dependencies = [("extra", "0002_fill")]
    operations = [
        migrations.AddField("Note", "about", models.CharField(max_length=20, default="")),
        migrations.RunPython(then),
    ]
"""


@pytest.fixture
def newer(installed: Installation, tmp_path: Path) -> Installation:
    """The same installation, with the code of the next version."""
    package = tmp_path / "code" / "extra"
    (package / "migrations").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "settings.py").write_text(SETTINGS)
    (package / "migrations" / "__init__.py").touch()
    (package / "migrations" / "0001_initial.py").write_text(FIRST)
    (package / "migrations" / "0002_fill.py").write_text(FILL)
    (package / "migrations" / "0003_about.py").write_text(CHANGE)
    extra = {"PYTHONPATH": str(package.parent), "DJANGO_SETTINGS_MODULE": "extra.settings"}
    return Installation(home=installed.home, url=installed.url, extra=extra)


def told(newer: Installation, what: str) -> Installation:
    """Let the last migration fail, tamper or wait."""
    (Path(newer.extra["PYTHONPATH"]) / "extra" / "migrations" / "told").write_text(what)
    return newer


def test_what_is_new_is_there_and_a_backup_of_what_was(
    installed: Installation, newer: Installation
):
    before = installed.run("verify").out
    said = newer.run("upgrade")
    assert said.code == 0, said.err
    assert "extra_note" in installed.tables()
    (copy,) = (installed.home / "backups").iterdir()
    assert str(copy) in said.out
    assert copy.stat().st_mode & 0o077 == 0
    assert newer.run("verify").code == 0
    kept = newer.run("verify", copy)  # of the version before, put back by the new one
    assert kept.code == 0, kept.out
    assert before.startswith("All is well")
    assert "is of this version already" in newer.run("upgrade").out
    assert len(list((installed.home / "backups").iterdir())) == 1


@pytest.mark.parametrize("what", ["fail", "tamper"])
def test_what_fails_or_doesnt_hold_leaves_everything_as_it_was(
    installed: Installation, newer: Installation, what: str
) -> None:
    before, tables = installed.content(), installed.tables()
    said = told(newer, what).run("upgrade")
    assert said.code == 1
    assert "Everything stands as it was" in said.err
    assert {"fail": "this migration fails", "tamper": "Account of"}[what] in said.err
    assert (installed.content(), installed.tables()) == (before, tables)
    assert installed.run("verify").code == 0
    told(newer, "")
    assert newer.run("upgrade").code == 0  # mended, it can be done again
    assert newer.run("verify").code == 0


@pytest.mark.fault
def test_killed_in_the_middle_leaves_everything_as_it_was(
    installed: Installation, newer: Installation, tmp_path: Path
) -> None:
    before, mark = installed.content(), tmp_path / "mark"
    with stopped(told(newer, f"wait {mark}").start("upgrade")) as process:
        assert eventually(mark.exists)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert eventually(lambda: installed.content() == before, within=30)
    assert installed.run("verify").code == 0
    assert told(newer, "").run("upgrade").code == 0


def test_an_older_version_leaves_a_newer_database_alone(
    installed: Installation, newer: Installation
):
    """The app of the newer version is unknown here; a migration of a known app is not."""
    installed.python(
        "from django.db import connection\n"
        "from django.db.migrations.recorder import MigrationRecorder\n"
        "MigrationRecorder(connection).record_applied('letting', '9999_next_year')\n"
    )
    said = installed.run("backup", installed.home / "copy.zip")
    assert said.code == 2
    assert "newer version" in said.err
    assert "9999_next_year" in said.err


def test_only_five_backups_of_upgrades_are_kept(installed: Installation, newer: Installation):
    folder = installed.home / "backups"
    folder.mkdir()
    for year in range(2015, 2023):
        (folder / f"before-upgrade-{year}0101-000000.zip").touch()
    (folder / "my-own.zip").touch()
    assert newer.run("upgrade").code == 0
    kept = sorted(each.name for each in folder.iterdir())
    assert len(kept) == 6
    assert "my-own.zip" in kept
    assert "before-upgrade-20190101-000000.zip" in kept
    assert "before-upgrade-20180101-000000.zip" not in kept


def test_an_empty_database_gets_its_tables(bare: Installation) -> None:
    said = bare.run("upgrade")
    assert said.code == 0, said.err
    assert "accounts_user" in bare.tables()
    assert not list((bare.home / "backups").iterdir())
