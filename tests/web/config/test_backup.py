"""A backup made while people write can be put back, on either database, and is what it was."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.apps import apps

from mixwijzer.web.config.operations import tables
from mixwijzer.web.config.operations.archive import TableEntry, content_hash
from tests.web.config import installation
from tests.web.config.conftest import ADVISE
from tests.web.config.installation import Installation, eventually

WRITER = """
import time
from datetime import timedelta
from django.utils import timezone
from mixwijzer.web.letting import services
from mixwijzer.web.letting.models import Advice
part, go_on = int(sys.argv[1]), sys.argv[2]
opened = [(a.opened_by, a.vacancy.public_id) for a in
          Advice.of_everybody.select_related("opened_by", "vacancy").order_by("pk")][part::2]
count = 0
while os.path.exists(go_on):
    user, vacancy = opened[count % len(opened)]
    services.open_advice(user=user, vacancy=vacancy, now=timezone.now())
    count += 1
    with open(f"{go_on}.{part}", "w") as told:
        told.write(str(count))
    time.sleep(0.05)  # SQLite has no queue: who asks again at once keeps the other out
"""
CONTENT = re.compile(r"content ([0-9a-f]{64})")


def content_of(said: str) -> str:
    found = CONTENT.search(said)
    assert found, said
    return found[1]


def rows_of(backup: Path, table: str) -> list[dict[str, object]]:
    """Read a table of a backup with nothing but a zip reader."""
    with zipfile.ZipFile(backup) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        columns = next(each["columns"] for each in manifest["tables"] if each["table"] == table)
        lines = archive.read(f"tables/{table}.jsonl").decode().splitlines()
    return [dict(zip(columns, json.loads(line), strict=True)) for line in lines]


def test_backups_made_while_two_people_write_are_each_of_one_moment(
    installed: Installation, tmp_path: Path
) -> None:
    go_on = tmp_path / "go_on"
    go_on.touch()
    ready = "import django\ndjango.setup()\nfrom mixwijzer.web.accounts import isolation\n"
    ready += "isolation.ambient = isolation.EVERYBODY\n"
    code = "import os, sys\n" + ready + WRITER
    environment = {
        **installed.environment,
        "DJANGO_SETTINGS_MODULE": "mixwijzer.web.config.settings",
    }
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(part), str(go_on)], env=environment)
        for part in (0, 1)
    ]
    told = [tmp_path / f"go_on.{part}" for part in (0, 1)]
    assert eventually(lambda: all(each.exists() for each in told))
    counts = []
    for number in range(4):
        backup = tmp_path / f"{number}.zip"
        assert installed.run("backup", backup).code == 0
        advices = rows_of(backup, "letting_advice")
        opened = [row for row in rows_of(backup, "letting_step") if row["event"] == "open"]
        assert len(opened) == len(advices)  # written in one transaction, so both or neither
        counts.append(len(advices))
    go_on.unlink()
    assert [each.wait(timeout=60) for each in writers] == [0, 0]
    assert counts == sorted(set(counts)), "people could not go on writing"
    said = installed.run("verify", tmp_path / "3.zip")
    assert said.code == 0, said.out
    assert f"{counts[3]} advices computed again" in said.out.replace(",", "")


def test_what_is_put_back_is_what_it_was_with_a_hundred_advices_made_again(
    installed: Installation, bare: Installation, tmp_path: Path
) -> None:
    backup = tmp_path / "installed.zip"
    many = int(installed.python(ADVISE, 100))
    made = installed.run("backup", backup)
    assert bare.run("restore", backup).code == 0
    said = bare.run("verify")
    assert said.code == 0, said.out
    assert content_of(said.out) == content_of(made.out) == content_of(installed.run("verify").out)
    assert many >= 100
    assert f"{many} advices computed again" in said.out


def test_work_goes_on_after_it_was_put_back(installed: Installation, bare: Installation, tmp_path):
    """The next number of every table is a new one, and append-only tables still refuse."""
    backup = tmp_path / "installed.zip"
    installed.run("backup", backup)
    bare.run("restore", backup)
    said = bare.python(
        "from django.utils import timezone\n"
        "from django.db import DatabaseError, transaction\n"
        "from mixwijzer.web.letting import services\n"
        "from mixwijzer.web.letting.models import Advice\n"
        "last = Advice.of_everybody.select_related('opened_by', 'vacancy').order_by('pk').last()\n"
        "services.open_advice(user=last.opened_by, vacancy=last.vacancy.public_id,"
        " now=timezone.now())\n"
        "assert Advice.of_everybody.order_by('pk').last().pk > last.pk\n"
        "try:\n"
        "    with transaction.atomic():\n"
        "        Advice.of_everybody.filter(pk=last.pk).update(result='{}')\n"
        "except DatabaseError as error:\n"
        "    print(error)\n"
    )
    assert "append-only" in said
    assert bare.run("verify").code == 0


@pytest.mark.pg
def test_sqlite_to_postgresql_to_sqlite_keeps_the_content(
    built: Installation, bare: Installation, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    on_postgres = content_of(built.run("backup", tmp_path / "built.zip").out)
    on_sqlite = installation.empty(tmp_path / "one", postgres=False)
    assert on_sqlite.run("restore", tmp_path / "built.zip").code == 0
    assert content_of(on_sqlite.run("backup", first).out) == on_postgres
    assert bare.run("restore", first).code == 0
    assert content_of(bare.run("backup", second).out) == on_postgres
    last = installation.empty(tmp_path / "two", postgres=False)
    assert last.run("restore", second).code == 0
    assert content_of(last.run("verify").out) == on_postgres


def test_a_database_with_something_in_it_stays_as_it_is(
    installed: Installation, tmp_path: Path
) -> None:
    installed.run("backup", tmp_path / "installed.zip")
    before = installed.content()
    said = installed.run("restore", tmp_path / "installed.zip")
    assert said.code == 2
    assert "isn't empty" in said.err
    assert installed.content() == before


def test_a_database_with_empty_tables_of_this_version_will_do(
    installed: Installation, bare: Installation, tmp_path: Path
) -> None:
    bare.python(
        "from django.core.management import call_command; call_command('migrate', verbosity=0)"
    )
    made = installed.run("backup", tmp_path / "installed.zip")
    assert bare.run("restore", tmp_path / "installed.zip").code == 0
    assert content_of(bare.run("verify").out) == content_of(made.out)


def rewritten(backup: Path, name: str, change) -> Path:
    """Return a copy of a backup in which one file was changed by somebody who knows zips."""
    made = backup.with_name(f"changed-{name.rpartition('/')[2]}.zip")
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            text = old.read(each)
            new.writestr(each, change(text) if each == name else text)
    return made


@pytest.mark.once
def test_a_backup_that_isnt_what_it_says_is_refused_and_nothing_is_put_back(
    installed: Installation, bare: Installation, tmp_path: Path
) -> None:
    backup = tmp_path / "installed.zip"
    installed.run("backup", backup)
    whole = backup.read_bytes()
    half, flipped, no_zip = (tmp_path / f"{name}.zip" for name in ("half", "flipped", "no"))
    half.write_bytes(whole[: len(whole) // 2])
    middle = len(whole) // 3
    flipped.write_bytes(whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :])
    no_zip.write_text("complex;woning")
    decided = "tables/letting_advice.jsonl"
    broken = {
        half: 2,
        flipped: 1,
        no_zip: 2,
        tmp_path / "nowhere.zip": 2,
        rewritten(backup, decided, lambda text: text.replace(b"room", b"r00m", 1)): 1,
        rewritten(backup, "tables/accounts_user.jsonl", lambda text: text.split(b"\n", 1)[1]): 1,
        rewritten(backup, "manifest.json", lambda text: text.replace(b'"rows"', b'"raws"')): 2,
        rewritten(backup, "tables/audit_event.jsonl", lambda text: b"[1]\n" + text): 1,
        rewritten(backup, "tables/letting_step.jsonl", lambda text: b"no json\n"): 1,
    }
    for path, code in broken.items():
        for command in ("restore", "verify"):
            said = bare.run(command, path)
            assert (said.code, command) == (code, command), (path.name, said)
            assert path.name in said.err
    assert bare.tables() == []


def test_a_manifest_that_agrees_with_a_changed_row_doesnt_help(
    installed: Installation, tmp_path: Path
) -> None:
    """Who changes a row and all its hashes is caught by the trail, the accounts or the advice."""
    backup, made = tmp_path / "installed.zip", tmp_path / "forged.zip"
    installed.run("backup", backup)
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(made, "w") as new:
        files = {each: old.read(each) for each in old.namelist()}
        name = "tables/letting_advice.jsonl"
        files[name] = files[name].replace(b'\\"day\\"', b'\\"dag\\"', 1)
        manifest = json.loads(files["manifest.json"])
        for each in manifest["tables"]:
            text = files[f"tables/{each['table']}.jsonl"]
            each["sha256"] = hashlib.sha256(text).hexdigest()
        entries = [TableEntry(**each) for each in manifest["tables"]]
        manifest["content"] = content_hash(entries)
        files["manifest.json"] = json.dumps(manifest).encode()
        for each, text in files.items():
            new.writestr(each, text)
    said = installed.run("verify", made)
    assert said.code == 1
    assert "what it was made from was changed" in said.out


def test_secrets_stay_out_unless_asked(installed: Installation, tmp_path: Path) -> None:
    installed.run("backup", tmp_path / "plain.zip")
    installed.run("backup", tmp_path / "secret.zip", "--with-secrets")
    plain, secret = (
        rows_of(tmp_path / f"{each}.zip", "accounts_user") for each in ("plain", "secret")
    )
    assert {row["password"] for row in plain} == {"!"}
    assert any(str(row["password"]).startswith("argon2") for row in secret)
    key = (installed.home / "secret_key").read_bytes()
    for name in ("plain", "secret"):
        with zipfile.ZipFile(tmp_path / f"{name}.zip") as archive:
            inside = b"".join(archive.read(each) for each in archive.namelist())
        assert key not in inside
        assert (b"argon2" in inside) == (name == "secret")
        assert (tmp_path / f"{name}.zip").stat().st_mode & 0o077 == 0


def test_every_column_that_lets_somebody_in_is_known_as_a_secret() -> None:
    """A new table with a token or a password must be sorted: named as a secret, or left out."""
    telling = re.compile(r"password|secret|token|otp|recovery|session_key|private|data$")
    strange = [
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if telling.search(field.name)
        and model._meta.app_label not in tables._LEFT_OUT
        and not (
            model._meta.label_lower in tables.SECRET
            and (
                tables.SECRET[model._meta.label_lower] is None
                or field.column in (tables.SECRET[model._meta.label_lower] or {})
            )
        )
    ]
    assert strange == []


def test_every_table_has_a_key_that_both_databases_sort_alike() -> None:
    """The rows of a backup are in the order of their keys; text sorts differently per server."""
    kinds = {
        type(model._meta.pk).__name__
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in tables._LEFT_OUT
    }
    assert kinds <= {"BigAutoField", "AutoField", "UUIDField", "OneToOneField"}


def test_a_backup_is_never_written_over(installed: Installation, tmp_path: Path) -> None:
    kept = tmp_path / "installed.zip"
    kept.write_bytes(b"mine")
    said = installed.run("backup", kept)
    assert said.code == 2
    assert kept.read_bytes() == b"mine"


def test_a_folder_gets_a_file_with_the_moment_in_its_name(installed: Installation, tmp_path: Path):
    folder = tmp_path / "copies"
    folder.mkdir()
    assert installed.run("backup", folder).code == 0
    (made,) = folder.iterdir()
    assert re.fullmatch(r"mixwijzer-\d{8}-\d{6}\.zip", made.name)


def test_a_database_without_tables_has_nothing_to_back_up(bare: Installation, tmp_path: Path):
    said = bare.run("backup", tmp_path / "none.zip")
    assert said.code == 2
    assert "set-up" in said.err
    assert list(tmp_path.glob("*.zip")) == []


@pytest.mark.parametrize(
    ("lang", "word"), [("nl_NL.UTF-8", "Reservekopie gemaakt"), ("en_GB.UTF-8", "Backup made")]
)
def test_it_speaks_the_language_of_its_environment(installed: Installation, tmp_path, lang, word):
    speaking = Installation(home=installed.home, url=installed.url, extra={"LANG": lang})
    assert word in speaking.run("backup", tmp_path / "installed.zip").out
