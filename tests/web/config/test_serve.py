"""The server starts when it can work, says why when it can't, and comes back by itself."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.web.config.installation import Installation, eventually, stopped


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 (our own process)
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@contextmanager
def served(
    installation: Installation, *options: str
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    port = free_port()
    with stopped(installation.start("serve", "--port", port, "--workers", 1, *options)) as process:
        url = f"http://127.0.0.1:{port}"
        assert eventually(lambda: status(f"{url}/health/live") == 200 or process.poll() is not None)
        assert process.poll() is None, process.communicate()
        yield url, process


def test_it_answers_tells_what_it_does_in_lines_and_stops_when_told(
    installed: Installation,
) -> None:
    with served(installed) as (url, process):
        assert status(f"{url}/health/ready") == 200
        assert status(f"{url}/accounts/log-in/?next=/secret-of-the-installed") == 200
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    told = [json.loads(line) for line in err.splitlines()]
    events = [each["event"] for each in told]
    assert events[0] == "started"
    assert "stopped" in events
    requests = [each for each in told if each["event"] == "request"]
    assert [each["address"] for each in requests] == ["accounts/log-in/"]  # health has no line
    assert "secret-of-the-installed" not in err
    assert out == ""


def beside(parent: int, what: str) -> list[int]:
    """Find the processes that a process started for this and that are alive."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it may end while it is looked at
            started = f"PPid:\t{parent}\n" in (each / "status").read_text()
            if started and what.encode() in (each / "cmdline").read_bytes():
                found.append(int(each.name))
    return found


def worker_of(server: subprocess.Popen[str], *, but: int = 0) -> int:
    """Wait for the worker beside a server, another one than this."""
    found: list[int] = []

    def there() -> bool:
        workers = (each for kept in beside(server.pid, ".keep(") for each in beside(kept, ".work_"))
        found.extend(each for each in workers if each != but)
        return bool(found)

    assert eventually(there)
    return found[0]


@pytest.mark.fault
def test_a_worker_ends_with_what_it_works_beside_even_when_that_is_killed(
    installed: Installation,
) -> None:
    code = "from mixwijzer.web.config.worker import working\nwith working(): input()"
    told = installed.environment | {"DJANGO_SETTINGS_MODULE": "mixwijzer.web.config.settings"}
    with subprocess.Popen(
        [sys.executable, "-c", code], env=told, stdin=subprocess.PIPE, text=True
    ) as server:
        worker = worker_of(server)
        server.kill()
    assert eventually(lambda: not Path(f"/proc/{worker}").exists())


@pytest.mark.fault
def test_a_worker_that_is_killed_is_started_again(installed: Installation) -> None:
    with served(installed) as (_, server):
        first = worker_of(server)
        os.kill(first, signal.SIGKILL)
        assert worker_of(server, but=first)  # waits for another: the killed one lingers a moment


def test_it_doesnt_start_on_a_database_that_is_behind(bare: Installation) -> None:
    said = bare.run("serve")
    assert said.code == 2
    assert "mixwijzer upgrade" in said.err


def test_it_doesnt_start_with_a_door_open(installed: Installation) -> None:
    extra = {"MIXWIJZER_DEBUG": "1", "MIXWIJZER_HOSTS": "mixwijzer.example"}
    said = Installation(home=installed.home, url=installed.url, extra=extra).run("serve")
    assert said.code == 2
    assert "mixwijzer.E002" in said.err
    assert "MIXWIJZER_DEBUG is on" in said.err


def test_it_doesnt_start_with_a_setting_that_cant_be(installed: Installation) -> None:
    extra = {"DATABASE_URL": "mysql://elsewhere"}
    said = Installation(home=installed.home, extra=extra).run("serve")
    assert said.code == 2
    assert "DATABASE_URL" in said.err


class Door:
    """Stands between the application and its database, and can be closed."""

    def __init__(self, host: str, port: int) -> None:
        self.there = (host, port)
        self.port = free_port()
        self.open = threading.Event()
        self.open.set()
        self._links: list[socket.socket] = []
        self._ear = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self.open.clear()
        for each in self._links:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._links.clear()

    def _listen(self) -> None:
        while True:
            near, _ = self._ear.accept()
            if not self.open.is_set():
                near.close()
                continue
            far = socket.create_connection(self.there)
            self._links += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
        other.shutdown(socket.SHUT_RDWR)


def away_and_back(url: str) -> tuple[list[tuple[int, int]], str]:
    """Ask for readiness and for a page that needs the database."""
    request = urllib.request.Request(f"{url}/", headers={"Cookie": "mixwijzer-session=" + "a" * 32})  # noqa: S310
    page = ""
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            code = answer.status
    except urllib.error.HTTPError as error:
        code, page = error.code, error.read().decode()
        again = error.headers["Retry-After"]
        code = code if (again == "30") == (code == 503) else 0
    return [(status(f"{url}/health/ready"), code)], page


@pytest.mark.fault
@pytest.mark.pg
def test_a_server_that_is_away_for_a_while_is_a_page_and_then_work_goes_on(
    installed: Installation,
) -> None:
    parts = urlsplit(installed.url)
    door = Door(parts.hostname or "", parts.port or 0)
    user = parts.netloc.rpartition("@")[0]
    by_door = urlunsplit(parts._replace(netloc=f"{user}@127.0.0.1:{door.port}"))
    with served(Installation(home=installed.home, url=by_door)) as (url, _):
        assert away_and_back(url)[0] == [(200, 200)]
        door.close()
        seen, page = away_and_back(url)
        assert seen == [(503, 503)]
        assert "can't reach its data" in page or "kan even niet bij" in page
        assert status(f"{url}/health/live") == 200
        door.open.set()
        assert eventually(lambda: away_and_back(url)[0] == [(200, 200)], within=20)


@pytest.mark.fault
@pytest.mark.sqlite
def test_a_file_that_is_away_for_a_while_is_a_page_and_then_work_goes_on(
    installed: Installation, tmp_path: Path
) -> None:
    database = installed.home / "mixwijzer.sqlite3"
    aside = tmp_path / "aside"
    with served(installed) as (url, _):
        assert away_and_back(url)[0] == [(200, 200)]
        database.rename(aside)
        database.mkdir()  # nothing can be opened under this name
        seen, page = away_and_back(url)
        assert seen == [(503, 503)]
        assert "kan even niet bij" in page
        database.rmdir()
        aside.rename(database)
        assert eventually(lambda: away_and_back(url)[0] == [(200, 200)], within=20)
