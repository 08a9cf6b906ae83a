"""The product as somebody starts it: one process, a made-up town, and people with a browser.

The town is built once. Every test finds it as it was: the database is copied back, not built anew.
"""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    expect,
)

HOMES = 500
NARROW, PHONE, DESK = 320, 390, 1440  # [px]
WIDTHS = (DESK, PHONE, NARROW)
IRIS, SEM, MO, ELS = "Iris Voorbeeld", "Sem Voorbeeld", "Mo Staal", "Els Elders"
WIM = "Wim Weide"  # head of letting of the other association
TESSA, HANS, HENNY, ROSA = "Tessa Vliet", "Hans Akker", "Henny Beek", "Rosa Brug"
COR, PIA, BO, ART = "Cor Linde", "Pia Slot", "Bo Kabel", "Art Punt"

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
_STATUS = re.compile(r"the server responded with a status of (\d+)")
PATIENCE = 20_000  # [ms] for anything on a page to come, on a busy machine
_STARTED = 240  # [s] for the town to be built, on a busy machine

expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True, kw_only=True)
class Site:
    """A running Mixwijzer, and the town as it was when it was built."""

    url: str
    database: Path
    original: sqlite3.Connection

    def restore(self) -> None:
        """Undo everything that a test did."""
        with closing(sqlite3.connect(self.database, timeout=20)) as now:
            self.original.backup(now)

    def ask(self, question: str, *values: object) -> list[tuple[object, ...]]:
        """Ask the database itself."""
        with closing(sqlite3.connect(self.database, timeout=20)) as now:
            return now.execute(question, values).fetchall()


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    """Start the command that a newcomer types; the town is built on the way."""
    options = ["--no-browser", "--homes", str(HOMES), "--folder", str(folder)]
    with answering(folder, "demo", *options) as site:
        yield site


@contextmanager
def answering(
    folder: Path, *words: str, host: str = "127.0.0.1", **environment: str
) -> Iterator[Site]:
    """Keep a command going that answers on a free port and has its database in this folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("mixwijzer")), *words, "--port", str(port)]
    with (folder / "said").open("w+", encoding="utf-8") as said:
        process = subprocess.Popen(
            command, stdout=said, stderr=said, env={**os.environ, **environment}
        )
        try:
            url = _when_it_answers(f"http://{host}:{port}", process, folder / "said")
            database = folder / "mixwijzer.sqlite3"
            with closing(sqlite3.connect(":memory:")) as original:
                with closing(sqlite3.connect(database)) as built:
                    built.backup(original)
                yield Site(url=url, database=database, original=original)
        finally:
            process.terminate()
            process.wait(timeout=45)  # a worker ends what it is at


def _when_it_answers(url: str, process: subprocess.Popen[bytes], said: Path) -> str:
    until = time.perf_counter() + _STARTED
    while time.perf_counter() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 (our own process)
                return url
        except OSError:  # refused, or too busy to answer in time
            time.sleep(0.1)
    raise AssertionError(f"Mixwijzer did not start: {said.read_text(encoding='utf-8')}")


@dataclass(kw_only=True)
class Visitor:
    """A person at a browser: clicks are counted, and anything odd that the browser says is kept."""

    site: Site
    context: BrowserContext
    page: Page
    clicks: int = 0
    odd: list[str] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)  # statuses that were meant to be refusals
    elsewhere: list[str] = field(default_factory=list)  # addresses of others that may be asked

    def open(self, path: str) -> Page:
        """Go to an address of the site."""
        self.page.goto(self.site.url + path)
        return self.page

    def click(self, what: Locator) -> None:
        """Click, and count it."""
        self.clicks += 1
        what.click()

    def button(self, name: str | re.Pattern[str]) -> Locator:
        """Find a button by what it says."""
        return self.page.get_by_role("button", name=name)

    def link(self, name: str | re.Pattern[str]) -> Locator:
        """Find a link by what it says."""
        return self.page.get_by_role("link", name=name)

    def become(self, name: str) -> None:
        """Log in as somebody of the demo, without looking at a page."""
        ask = self.context.request
        door = ask.get(f"{self.site.url}/accounts/demo/").text()
        token = _TOKEN.search(door)
        person = re.search(rf'value="([-0-9a-f]{{36}})">(?:(?!</button>).)*{name}', door, re.DOTALL)
        assert token, "no form to log in with"
        assert person, f"nobody called {name}"
        form = {"csrfmiddlewaretoken": token[1], "person": person[1]}
        let_in = ask.post(f"{self.site.url}/accounts/demo/", form=form, max_redirects=0)
        assert (let_in.status, let_in.headers["location"]) == (302, "/")

    def unexpected(self) -> list[str]:
        """Return what the browser said, without the refusals that the test asked for."""
        left = list(self.refusals)
        found = []
        for text in self.odd:
            status = _STATUS.search(text)
            if status and int(status[1]) in left:
                left.remove(int(status[1]))
            else:
                found.append(text)
        return found


def visitor(
    site: Site,
    browser: Browser,
    *,
    name: str | None,
    width: int = DESK,
    locale: str = "nl-NL",
    scripts: bool = True,
) -> Visitor:
    """Give somebody a browser of a width and a language, logged in unless nobody is named."""
    context = browser.new_context(
        viewport={"width": width, "height": 844}, locale=locale, java_script_enabled=scripts
    )
    context.set_default_timeout(PATIENCE)
    made = Visitor(site=site, context=context, page=context.new_page())

    def says(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            made.odd.append(message.text)

    made.page.on("console", says)
    made.page.on("pageerror", lambda error: made.odd.append(str(error)))
    made.page.on("dialog", lambda dialog: made.odd.append(f"dialog: {dialog.message}"))

    def elsewhere(request: Request) -> None:
        if not request.url.startswith((f"{site.url}/", *made.elsewhere)):
            made.odd.append(f"asked elsewhere: {request.url}")

    made.page.on("request", elsewhere)
    if name:
        made.become(name)
    return made
