"""Killed, out of room, not allowed to write, the database away: as if it hadn't begun, or whole."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.web.config import installation
from tests.web.config.installation import Installation, Said, eventually, stopped

pytestmark = pytest.mark.fault

SMALL = 64 << 10  # [bytes] the largest file that a full disk still takes


def killed_after(seconds: float, start: Callable[[], subprocess.Popen[str]]) -> None:
    with stopped(start()) as process:
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)


def small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, SMALL))


def test_a_backup_that_is_killed_is_not_there_and_the_next_one_is_whole(
    installed: Installation, tmp_path: Path
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    backup = folder / "installed.zip"
    for part in range(1, 9):
        killed_after(0.1 * part, lambda: installed.start("backup", backup))
        if backup.exists():
            assert installed.run("verify", backup).code == 0
            backup.unlink()
    assert installed.run("backup", backup).code == 0
    assert [each.name for each in folder.iterdir()] == ["installed.zip"]
    assert installed.run("verify", backup).code == 0
    assert installed.run("verify").code == 0


def test_a_restore_that_is_killed_while_it_makes_tables_left_none(
    installed: Installation, bare: Installation, tmp_path: Path
) -> None:
    backup = tmp_path / "installed.zip"
    installed.run("backup", backup)
    killed_after(1.5, lambda: bare.start("restore", backup))
    if not bare.tables():  # else it was sooner than the kill
        assert eventually(lambda: bare.run("restore", backup).code == 0, within=30)
    assert bare.run("verify").code == 0


def test_a_restore_that_is_killed_among_the_rows_put_nothing_back_or_everything(
    installed: Installation, migrated: Installation, tmp_path: Path
) -> None:
    backup = tmp_path / "installed.zip"
    installed.run("backup", backup, "--with-secrets")
    own = migrated.copied(tmp_path / "own")
    nothing, everything = own.content(), installed.content()
    for seconds in (1.2, 1.5, 1.8):
        killed_after(seconds, lambda: own.start("restore", backup))
        assert eventually(lambda: own.content() in {nothing, everything}, within=30)
    if own.content() == nothing:
        assert own.run("restore", backup).code == 0
    assert own.content() == everything
    installation.removed(own)


def test_on_a_disk_without_room_no_half_backup_is_left(
    installed: Installation, tmp_path: Path
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    said = installed.run("backup", folder / "installed.zip", preexec_fn=small_files)
    assert said.code == 2
    assert "no room left" in said.err
    assert list(folder.iterdir()) == []


@pytest.mark.sqlite
def test_a_restore_without_room_puts_nothing_back(
    installed: Installation, bare: Installation, tmp_path: Path
) -> None:
    backup = tmp_path / "installed.zip"
    installed.run("backup", backup)
    said = bare.run("restore", backup, preexec_fn=small_files)
    assert said.code == 2
    assert "doesn't answer" in said.err
    assert bare.tables() == []
    assert bare.run("restore", backup).code == 0


def test_an_upgrade_without_room_for_its_backup_doesnt_begin(
    installed: Installation, tmp_path: Path
) -> None:
    installed.python(
        "from django.core.management import call_command\n"
        "call_command('migrate', 'sessions', 'zero', verbosity=0)\n"
    )
    before = installed.content()
    said = installed.run("upgrade", preexec_fn=small_files)
    assert said.code == 2
    assert installed.content() == before


def without_privileges(installation: Installation, command: str, *words: object) -> Said:
    """Run a command as somebody to whom permissions apply, also where the tests are root's."""
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"]
    prefix = drop if os.geteuid() == 0 else []
    return installation.run(command, *words, prefix=prefix)


def test_a_folder_in_which_one_may_not_write_takes_no_backup(
    installed: Installation, tmp_path: Path
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    said = without_privileges(installed, "backup", closed / "installed.zip")
    assert said.code == 2
    assert "may write" in said.err
    assert list(closed.iterdir()) == []


def test_a_home_that_cant_be_made_is_named(installed: Installation, tmp_path: Path) -> None:
    sealed = Installation(home=tmp_path / "sealed" / "home", url=installed.url)
    sealed.home.parent.mkdir(mode=0o555)
    said = without_privileges(sealed, "verify")
    assert said.code == 2
    assert "MIXWIJZER_HOME" in said.err


def test_a_home_that_can_only_be_read_is_named(bare: Installation) -> None:
    bare.home.chmod(0o555)
    said = without_privileges(bare, "verify")
    assert said.code == 2
    assert "secret_key" in said.err


@pytest.mark.sqlite
@pytest.mark.parametrize("mode", [0o000, 0o400])
def test_a_database_file_that_isnt_ours_is_a_sentence(installed: Installation, mode: int) -> None:
    installed.run("verify")
    (installed.home / "mixwijzer.sqlite3").chmod(mode)
    for command, words in (("verify", []), ("backup", [installed.home / "copy.zip"])):
        said = without_privileges(installed, command, *words)
        assert (said.code, "doesn't answer" in said.err) in {(2, True), (0, False)}
        assert mode or said.code == 2


@pytest.mark.pg
def test_a_server_that_isnt_there_is_a_sentence(tmp_path: Path) -> None:
    away = Installation(home=tmp_path, url="postgresql://mixwijzer@127.0.0.1:1/nowhere")
    for command, words in (
        ("backup", [tmp_path / "a.zip"]),
        ("verify", []),
        ("upgrade", []),
    ):
        said = away.run(command, *words)
        assert said.code == 2
        assert "DATABASE_URL" in said.err
