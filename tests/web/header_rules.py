"""Which header rules of internet.nl does an answer break? An own reading of RELIABILITY §2.3.

    assert broken(response.headers) == []

The rules are those of internetstandards/Internet.nl (commit cec0e01d) that the application decides
about itself; HSTS belongs to a site with a real host name and is asked for with `https=True`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

OWN = frozenset({"'none'", "'self'"})
MUST_BE_OWN = ("default-src", "base-uri", "form-action", "frame-ancestors")
UNSAFE = ("'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'")
NO_DATA = ("default-src", "script-src", "object-src")
TOO_WIDE = re.compile(r"\*|https?:(?://)?|(?:https?://)?(?:127\.0\.0\.1|localhost)(?::.*)?")
A_YEAR = 31_536_000  # [s]


def parsed(policy: str) -> dict[str, tuple[str, ...]]:
    """Split a content security policy; of a directive that stands twice the first one holds."""
    found: dict[str, tuple[str, ...]] = {}
    for directive in policy.split(";"):
        name, *values = directive.split()
        found.setdefault(name.lower(), tuple(values))
    return found


def broken_by_policy(policy: str) -> list[str]:
    """Return what is wrong with a content security policy."""
    directives = parsed(policy) if policy.strip() else {}
    found = [
        f"{name}: {' '.join(directives.get(name, ('missing',)))}"
        for name in MUST_BE_OWN
        if not directives.get(name) or not set(directives[name]) <= OWN
    ]
    for name, sources in directives.items():
        found += [f"{name}: {each}" for each in sources if each.lower() in UNSAFE]
        found += [f"{name}: {each}" for each in sources if TOO_WIDE.fullmatch(each.lower())]
        if name in NO_DATA:
            found += [f"{name}: {each}" for each in sources if each.lower() == "data:"]
    return found


def broken(headers: Mapping[str, str], *, https: bool = False) -> list[str]:
    """Return what is wrong with the headers of one answer."""
    told = {name.lower(): value for name, value in headers.items()}
    found = broken_by_policy(told.get("content-security-policy", ""))
    wanted = {
        "x-content-type-options": {"nosniff"},
        "x-frame-options": {"deny", "sameorigin"},
        "referrer-policy": {"no-referrer", "same-origin"},
    }
    found += [
        f"{name}: {told.get(name, 'missing')}"
        for name, values in wanted.items()
        if told.get(name, "").lower() not in values
    ]
    if "content-encoding" in told:
        found.append(f"content-encoding: {told['content-encoding']} (BREACH)")
    if https:
        age = re.search(r"max-age=(\d+)", told.get("strict-transport-security", ""))
        if not age or int(age[1]) < A_YEAR:
            found.append(f"strict-transport-security: {told.get('strict-transport-security')}")
    return found
