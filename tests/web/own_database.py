"""A database on the server of this run that belongs to one test."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit


def created(server: str, *, like: str = "") -> str:
    """Make a database, perhaps as a copy of another, and return its address."""
    import psycopg

    name = f"own_{uuid.uuid4().hex[:12]}"
    template = f' TEMPLATE "{urlsplit(like).path[1:]}"' if like else ""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"{template}')
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def dropped(server: str, url: str) -> None:
    """Remove a database, whoever of ours is still in it.

    Not WITH (FORCE): that needs the right to end the server's own vacuum too, while a plain DROP
    asks the vacuum to leave.
    """
    import psycopg

    name = urlsplit(url).path[1:]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND usename = current_user",
            [name],
        )
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
