"""Commands that start the web application; they join `mixwijzer` by entry point."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import webbrowser
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

HOST = "127.0.0.1"
PORTS = 50  # how many ports after the asked one are tried
SEED = 4
FOLDER = Path.home() / ".local" / "share" / "mixwijzer-demo"


def demo(
    port: Annotated[int, Option(help="Port to answer on; the next free one is taken.")] = 8000,
    folder: Annotated[Path, Option(help="Where the made-up town is kept.")] = FOLDER,
    homes: Annotated[int, Option(min=300, help="Homes in the made-up town.")] = 2000,
    reset: Annotated[bool, Option("--reset", help="Make a new town.")] = False,
    browser: Annotated[bool, Option(help="Open a browser.")] = True,
) -> None:
    """Open the product with a made-up town; log in with one click, on this machine only."""
    if reset and folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="mixwijzer.web.config.settings",
        MIXWIJZER_DEMO="1",
        MIXWIJZER_HOME=str(folder),
        MIXWIJZER_HOSTS="localhost,127.0.0.1",
    )
    for name in ("DATABASE_URL", "MIXWIJZER_CONFIG"):
        os.environ.pop(name, None)
    _fill(homes)
    free = _free_port(port)
    address = f"http://{HOST}:{free}/"
    print(f"Mixwijzer: {address}")
    print(f"  Een verzonnen stad, bewaard in {folder}. Stoppen: Ctrl-C.")
    print("  A made-up town, kept there. Stop: Ctrl-C.", flush=True)
    from mixwijzer.web.config.worker import working

    if browser:
        threading.Timer(1.0, webbrowser.open, [address]).start()
    with working():
        _serve(free)


def _fill(homes: int) -> None:
    """Bring the database up to date, and make the town when nobody lives there yet."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from mixwijzer.web.accounts.selectors import anybody

    call_command("migrate", verbosity=0)
    if not anybody():
        from mixwijzer.web.config.town import build_town  # a third of the start, for the first only

        print("Even geduld: de verzonnen stad wordt gebouwd … / building the made-up town …")
        build_town(seed=SEED, homes=homes, now=timezone.now())


def _free_port(first: int) -> int:
    for port in range(first, first + PORTS):
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)):
                return port
    raise typer.BadParameter(f"no free port from {first} to {first + PORTS - 1}")


def _serve(port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "mixwijzer.web.config.wsgi:application",
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        log_enabled=False,
    ).serve()


def import_(
    path: Annotated[Path, Argument(help="A file, or a drop folder with files.")],
    owner: Annotated[
        str, Option(help="Code of the association; needed where there are more.")
    ] = "",
    mapping: Annotated[str, Option(help="Profile of the system it comes from.")] = "",
    auto: Annotated[bool, Option("--auto", help="Write it when within the guard rails.")] = False,
    watch: Annotated[bool, Option("--watch", help="Keep looking into the folder.")] = False,
) -> None:
    """Bring a file into the site, or everything in a drop folder.

    Without --auto somebody confirms it in the browser. With it the file is written when it stays
    within the guard rails (norms import.*); else it is held and the last good data stay.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mixwijzer.web.config.settings")
    import django

    django.setup()
    from mixwijzer.web.config.bringing import bring

    raise typer.Exit(bring(path, owner=owner, mapping=mapping, auto=auto, watch=watch))
