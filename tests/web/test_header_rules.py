"""The reader of header rules finds each sin that it is there for."""

import pytest

from tests.web.header_rules import broken, broken_by_policy, parsed

STRICT = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
GOOD = {
    "Content-Security-Policy": STRICT,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


def test_a_strict_answer_breaks_nothing():
    assert broken(GOOD) == []
    year = "max-age=31536000; includeSubDomains"
    assert broken({**GOOD, "Strict-Transport-Security": year}, https=True) == []


@pytest.mark.parametrize(
    "policy",
    [
        "",
        STRICT.replace("default-src 'none'", "default-src https:"),
        STRICT.replace("default-src 'none'; ", ""),
        STRICT.replace("base-uri 'none'", "base-uri"),
        STRICT.replace("form-action 'self'", "form-action 'self' https://elsewhere.example"),
        STRICT.replace("frame-ancestors 'none'", "frame-ancestors *"),
        f"{STRICT}; script-src 'self' 'unsafe-inline'",
        f"{STRICT}; script-src 'self' 'UNSAFE-EVAL'",
        f"{STRICT}; style-src 'self' 'unsafe-hashes'",
        f"{STRICT}; script-src data:",
        f"{STRICT}; img-src http://",
        f"{STRICT}; connect-src https:",
        f"{STRICT}; connect-src 127.0.0.1:8000",
        f"{STRICT}; font-src *",
    ],
)
def test_a_policy_that_is_too_wide_is_found(policy):
    assert len(broken_by_policy(policy)) >= 1


def test_of_two_directives_with_one_name_a_browser_takes_the_first():
    assert parsed("script-src 'self'; script-src *") == {"script-src": ("'self'",)}


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_missing_header_is_found(name):
    assert len(broken({each: GOOD[each] for each in GOOD if each != name})) >= 1


@pytest.mark.parametrize(
    "worse",
    [
        {"X-Frame-Options": "ALLOWALL"},
        {"Referrer-Policy": "unsafe-url"},
        {"Content-Encoding": "gzip"},
        {"X-Content-Type-Options": "sniff"},
    ],
)
def test_a_header_that_says_the_wrong_thing_is_found(worse):
    assert len(broken({**GOOD, **worse})) == 1


@pytest.mark.parametrize("told", ["", "max-age=3600"])
def test_a_promise_of_https_that_is_too_short_is_found(told):
    assert len(broken({**GOOD, "Strict-Transport-Security": told}, https=True)) == 1
