"""Which settings does this machine give? Reads environment variables, and nothing else does.

Every variable starts with ``MIXWIJZER_``, except ``DATABASE_URL``, which hosting platforms set. A
value that cannot be used is refused with a sentence that names the variable and the way out.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from mixwijzer.exchange.strict_yaml import YamlError, read_yaml

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

# IMMEDIATE takes the write lock before reading, WAL lets readers go on, FULL survives a power cut.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": ("PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"),
}


_MACHINE = {
    "hosts": "MIXWIJZER_HOSTS",
    "database": "DATABASE_URL",
    "trust_proxy": "MIXWIJZER_TRUST_PROXY",
    "oidc_issuer": "MIXWIJZER_OIDC_ISSUER",
    "oidc_client_id": "MIXWIJZER_OIDC_CLIENT_ID",
    "oidc_name": "MIXWIJZER_OIDC_NAME",
    "norms": "MIXWIJZER_NORMS",
    "address": "MIXWIJZER_ADDRESS",
    "mail_server": "MIXWIJZER_MAIL_SERVER",
    "mail_from": "MIXWIJZER_MAIL_FROM",
    "mail_user": "MIXWIJZER_MAIL_USER",
}
_MAIL_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def adopt() -> None:
    """Take what the environment doesn't say from the part `machine` of the set-up file."""
    named = os.environ.get("MIXWIJZER_CONFIG", "")
    if not named:
        return
    try:
        told = read_yaml(Path(named))
    except (OSError, YamlError) as error:
        raise ImproperlyConfigured(f"MIXWIJZER_CONFIG={named}: {error}") from error
    machine = told.get("machine") if isinstance(told, dict) else None
    if faults := machine_faults(machine):
        raise ImproperlyConfigured(f"MIXWIJZER_CONFIG={named}: {'; '.join(faults)}")
    for key, value in (machine or {}).items():
        os.environ.setdefault(_MACHINE[key], _plain(value))


def usable(path: Path) -> bool:
    """Whether the part `machine` of a set-up file can be taken as it is."""
    try:
        told = read_yaml(path)
    except (OSError, YamlError):
        return False
    return isinstance(told, dict) and not machine_faults(told.get("machine"))


def machine_faults(machine: object) -> list[str]:
    """Say what is wrong with the part `machine` of a set-up file."""
    if machine is None:
        return []
    if not isinstance(machine, dict):
        return ["machine: key: value"]
    found = [f"machine, {key}: {', '.join(_MACHINE)}" for key in machine if key not in _MACHINE]
    for key, value in machine.items():
        right = list if key == "hosts" else bool if key == "trust_proxy" else str
        if key in _MACHINE and not isinstance(value, right):
            found.append(f"machine, {key}: {right.__name__}")
    return found


def database_parts(machine: object) -> set[str]:
    """Name the parts of the database's address in a set-up file; a password is one."""
    given = machine.get("database") if isinstance(machine, dict) else None
    if not isinstance(given, str):
        return set()
    return {"address", "password"} if urlsplit(given).password else {"address"}


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def flag(name: str) -> bool:
    """Say whether a variable is switched on; anything but yes or no is refused."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"", "0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: write 1 or 0")


def words(name: str) -> list[str]:
    """Return the parts of a comma-separated variable; an empty list if it is not set."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def contact() -> str:
    """Return where somebody who found a leak can write; empty when nothing is said."""
    given = os.environ.get("MIXWIJZER_SECURITY_CONTACT", "").strip()
    if given and not given.startswith(("mailto:", "https://")):
        raise ImproperlyConfigured(
            f"MIXWIJZER_SECURITY_CONTACT={given!r}: begin with mailto: or https://"
        )
    return given


def oidc() -> dict[str, Any]:
    """Return the organisation's own log-in for allauth; empty without an issuer."""
    issuer = os.environ.get("MIXWIJZER_OIDC_ISSUER", "").rstrip("/")
    if not issuer:
        return {}
    given = {
        "MIXWIJZER_OIDC_CLIENT_ID": os.environ.get("MIXWIJZER_OIDC_CLIENT_ID", ""),
        "MIXWIJZER_OIDC_CLIENT_SECRET": os.environ.get("MIXWIJZER_OIDC_CLIENT_SECRET", ""),
    }
    for name, value in given.items():
        if not value:
            raise ImproperlyConfigured(f"{name} is missing; MIXWIJZER_OIDC_ISSUER needs it")
    app = {
        "provider_id": "organisation",
        "name": oidc_name(),
        "client_id": given["MIXWIJZER_OIDC_CLIENT_ID"],
        "secret": given["MIXWIJZER_OIDC_CLIENT_SECRET"],
        "settings": {"server_url": issuer, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}


def oidc_name() -> str:
    """Return what the organisation's own log-in is called; empty when there is none."""
    if not os.environ.get("MIXWIJZER_OIDC_ISSUER"):
        return ""
    return os.environ.get("MIXWIJZER_OIDC_NAME", "") or "organisatie"


def own_norms() -> Path | None:
    """Return the folder with norms of this site's own; a fault in one of them stops the start."""
    given = os.environ.get("MIXWIJZER_NORMS", "").strip()
    if not given:
        return None
    from mixwijzer.exchange.normbook import NormbookError, read_norms

    try:
        read_norms(Path(given), over=read_norms())
    except NormbookError as error:
        told = "; ".join(f"{each.file}: {each.code} {each.value or ''}" for each in error.findings)
        raise ImproperlyConfigured(f"MIXWIJZER_NORMS={given}: {told}") from error
    return Path(given)


def address() -> str:
    """Return where people find this site, for links outside a page; empty when nothing is said."""
    given = os.environ.get("MIXWIJZER_ADDRESS", "").strip().rstrip("/")
    found = urlsplit(given)
    safe = found.scheme == "https" or (found.scheme == "http" and found.hostname in LOOPBACK)
    if given and (not safe or not found.hostname or found.path or found.query):
        raise ImproperlyConfigured(
            f"MIXWIJZER_ADDRESS={given!r}: write https:// and the name of the site"
        )
    return given


def mail_server() -> dict[str, Any]:
    """Return Django's settings for sending mail; empty without a mail server."""
    given = os.environ.get("MIXWIJZER_MAIL_SERVER", "").strip()
    if not given:
        return {}
    try:
        found = urlsplit(given)
        port = found.port or _MAIL_PORTS[found.scheme]
    except (KeyError, ValueError):
        found, port = urlsplit(""), 0
    if not found.hostname or found.username or found.path:
        raise ImproperlyConfigured(
            f"MIXWIJZER_MAIL_SERVER: write {', '.join(f'{each}://host' for each in _MAIL_PORTS)}, "
            "with :port if it is another, without a user or password"
        )
    for name in ("MIXWIJZER_MAIL_FROM", "MIXWIJZER_ADDRESS"):
        if not os.environ.get(name, "").strip():
            raise ImproperlyConfigured(f"{name} is missing; MIXWIJZER_MAIL_SERVER needs it")
    user = os.environ.get("MIXWIJZER_MAIL_USER", "")
    if user and found.scheme == "smtp" and found.hostname not in LOOPBACK:
        raise ImproperlyConfigured(
            "MIXWIJZER_MAIL_SERVER: a password goes over smtp+starttls:// or smtps:// only"
        )
    return {
        "EMAIL_HOST": found.hostname,
        "EMAIL_PORT": port,
        "EMAIL_USE_TLS": found.scheme == "smtp+starttls",
        "EMAIL_USE_SSL": found.scheme == "smtps",
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": os.environ.get("MIXWIJZER_MAIL_PASSWORD", ""),
        "DEFAULT_FROM_EMAIL": os.environ["MIXWIJZER_MAIL_FROM"].strip(),
    }


def home() -> Path:
    """Return the folder for the database, the key and drafts; it is made if it does not exist."""
    given = os.environ.get("MIXWIJZER_HOME")
    share = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    folder = Path(given) if given else share / "mixwijzer"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"MIXWIJZER_HOME={folder}: this folder cannot be made ({error.strerror})"
        ) from error
    return folder


def is_loopback(hosts: list[str]) -> bool:
    """Say whether all host names stay on this machine."""
    return all(host in LOOPBACK for host in hosts)


def secret_key(folder: Path) -> str:
    """Return the signing key from the environment, or from a file that only this user can read."""
    given = os.environ.get("MIXWIJZER_SECRET_KEY")
    if given:
        return given
    path = folder / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{path} cannot be written ({error.strerror}): set MIXWIJZER_SECRET_KEY"
        ) from error
    key = secrets.token_urlsafe(64)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key)
    return key


def database(folder: Path) -> dict[str, Any]:
    """Return the database that ``DATABASE_URL`` names; without it an SQLite file in the folder."""
    url = os.environ.get("DATABASE_URL", "")
    scheme = urlsplit(url).scheme
    if scheme in {"postgres", "postgresql"}:
        return _postgresql(url)
    if scheme == "sqlite":
        return sqlite(Path(unquote(url.removeprefix("sqlite:///"))))
    if url:
        raise ImproperlyConfigured("DATABASE_URL starts with postgresql:// or sqlite:///")
    return sqlite(folder / "mixwijzer.sqlite3")


def sqlite(path: Path) -> dict[str, Any]:
    """Return an SQLite database in a file."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": dict(SQLITE_OPTIONS),
    }


def _postgresql(url: str) -> dict[str, Any]:
    from psycopg.conninfo import conninfo_to_dict

    parts: dict[str, Any] = {"connect_timeout": 5, **conninfo_to_dict(url)}
    return {
        "ENGINE": "mixwijzer.web.accounts.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": parts,
    }
