"""Bring what the tests need besides Python: PostgreSQL and Chromium.

As root on a Debian-like machine the missing ones are installed with apt. Elsewhere PostgreSQL
comes from a wheel (see with_postgres.py) and a missing Chromium is reported: the browser tests
then skip, or fail where CI is set.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HEADLESS = "chromium-headless-shell"  # without windows and their own pages: a test waits less long
BROWSERS = (HEADLESS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONTS = Path("/usr/share/fonts/truetype/noto")


def find_chromium() -> str | None:
    """Return the browser that the tests drive: $MIXWIJZER_CHROMIUM, or else the first on PATH."""
    named = os.environ.get("MIXWIJZER_CHROMIUM")
    candidates = (named,) if named else BROWSERS
    return next(filter(None, map(shutil.which, candidates)), None)


def missing_packages() -> list[str]:
    """Return the Debian packages for what this machine lacks."""
    missing = []
    if not find_chromium():
        missing.append("chromium")
        if not FONTS.is_dir():  # without fonts the screenshots are boxes
            missing.append("fonts-noto-core")
    if not any(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        missing.append("postgresql")
    return missing


def install(packages: list[str]) -> None:
    """Install Debian packages, with one second chance for the package lists."""
    update = ["apt-get", "update", "-qq"]
    if subprocess.run(update, check=False, stdin=subprocess.DEVNULL).returncode:
        time.sleep(15)
        subprocess.run(update, check=True, stdin=subprocess.DEVNULL)
    named = [HEADLESS if each == "chromium" and has_headless() else each for each in packages]
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *named],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )


def has_headless() -> bool:
    """Whether the packages of this machine have the browser without windows apart."""
    shown = subprocess.run(["apt-cache", "show", HEADLESS], check=False, capture_output=True)
    return shown.returncode == 0


def main() -> int:
    """Install or report; only a missing browser in CI is fatal."""
    missing = missing_packages()
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {', '.join(missing)} with apt", flush=True)
        install(missing)
    if find_chromium():
        return 0
    print(
        "No Chromium found. Install the package chromium, or point MIXWIJZER_CHROMIUM at a browser"
        " of that family; until then the browser tests cannot run.",
        file=sys.stderr,
    )
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
