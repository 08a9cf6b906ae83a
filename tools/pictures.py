"""Take the picture of the README anew, from the product itself with its made-up town.

    python -m tools.pictures        write docs/pictures/vacancy.png

Run it after a change that shows. It needs Chromium (see bring_services.py); the town is built in a
folder of its own and thrown away. Shown is the first home of Iris Voorbeeld that is no plain yes.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tools.bring_services import find_chromium

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "vacancy.png"
SIZE = {"width": 1280, "height": 1010}
SANDBOX = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox refuses root
PATIENCE = 120  # [s] for the town to be built


@contextlib.contextmanager
def town() -> Iterator[str]:
    """Start the demo on a free port; yield its address; stop it and throw the town away."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("mixwijzer")), "demo", "--no-browser"]
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--folder", folder], stdin=subprocess.DEVNULL
        )
        try:
            yield _when_it_answers(f"http://127.0.0.1:{port}/")
        finally:
            process.terminate()
            process.wait(timeout=20)


def _when_it_answers(address: str) -> str:
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until:
        with contextlib.suppress(urllib.error.URLError):
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own process
            return address
        time.sleep(0.2)
    raise TimeoutError(address)


def show_a_question(page: Page, address: str) -> None:
    """Answer Iris's questions, one after the other, until an advice isn't a plain yes."""
    page.goto(address)
    page.get_by_role("button", name="Iris Voorbeeld").click()
    waiting = page.locator("main .work .row-title")
    for place in [each.get_attribute("href") for each in waiting.all()]:
        page.goto(address.rstrip("/") + str(place))
        unchanged = page.get_by_role("button", name="Niets veranderd")
        if unchanged.count():
            unchanged.click()
        if page.locator(".verdict").get_by_text("Eerst vragen", exact=True).count():
            return


def main() -> int:
    """Take the picture."""
    with town() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=SANDBOX)
        page = browser.new_context(viewport=SIZE, locale="nl-NL").new_page()  # type: ignore[arg-type]
        show_a_question(page, address)
        page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=PICTURE, animations="disabled")
        browser.close()
    print(f"{PICTURE.name}: {PICTURE.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
