"""What may not come in at all: attributes of persons, and words no mix may be about.

An importer is a whitelist: a column without a place in `columns.csv` is dropped and counted. This
module tells which of those may not even be *named* in a finding, recognises citizen service numbers
and other personal data by their values, and knows the words that schemes may not use. The lists are
in `refused.yaml`.
Grounds: AWGB, WGBH/CZ, GDPR articles 5, 9, 10 and 87 (RELIABILITY §2.5).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import filterfalse, islice
from pathlib import Path
from typing import Any, cast

from mixwijzer.exchange.strict_yaml import read_yaml

__all__ = [
    "REASON_CLASSES",
    "is_service_number",
    "kind_of_header",
    "kind_of_values",
    "may_be_personal",
    "personal_in",
    "plain_words",
    "refused_text",
    "refused_word",
    "shapes_of",
]

REASON_CLASSES = ("own_request", "agreed_at_letting", "agreement_changed")
"""Why a role or category changed; no other reasons are kept."""

_NINE = re.compile(r"(?<![\d.,-])\d{9}(?![\d,-]|\.\d)")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,}")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{4} ?(?:\d ?){10}\b")
_BORN = re.compile(
    r"\b(?:geb(?:oren)?\.?|geboortedatum|born)\b[^\d\n]{0,12}"
    r"\d{1,2}[-/. ](?:\d{1,2}|[a-z]+)[-/. ]\d{2,4}",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?:\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|(?:19|20)\d\d-\d{1,2}-\d{1,2})(?: .*)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_UNPOINTED = str.maketrans("", "", ". ")
_AS_ZERO = str.maketrans("123456789", "0" * 9)
_LONG = 7
_SEX = frozenset("m v man vrouw male female x f jongen meisje".split())


def plain_words(text: str) -> str:
    """Return a header or a word without case, accents and punctuation: words joined by `_`.

    >>> plain_words(" Geboorte-datum (huurder)")
    'geboorte_datum_huurder'
    """
    bare = unicodedata.normalize("NFKD", text.replace("\xad", ""))
    ascii_only = bare.encode("ascii", "ignore").decode()
    return "_".join(re.findall(r"[a-z]+|\d+", ascii_only.lower()))


def kind_of_header(header: str) -> str | None:
    """Tell which refused attribute a header names; None when it names none.

    >>> kind_of_header("Geboortedatum huurder"), kind_of_header("BSN-nr"), kind_of_header("kleur")
    ('birth', 'bsn', None)
    """
    words = plain_words(header)
    joined = words.replace("_", "")
    known = _headers()
    for candidate in (words, joined, *words.split("_")):
        if candidate in known:
            return known[candidate]
    long = (word for word in known if len(word) >= _LONG and word.replace("_", "") in joined)
    return next((known[word] for word in long), None)


def is_service_number(text: str) -> bool:
    """Whether nine digits pass the 11-test of a citizen service number.

    >>> is_service_number("111222333"), is_service_number("111222334")
    (True, False)
    """
    if len(text) != 9 or not (text.isascii() and text.isdecimal()) or text == "000000000":
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(digit) * weight for digit, weight in zip(text, weights, strict=True)) % 11 == 0


def kind_of_values(values: Sequence[str]) -> str | None:
    """Tell which refused attribute a column holds, by its values; None when it shows none.

    Nine of ten values must look alike: of arbitrary nine-digit numbers only one in eleven passes
    the 11-test, so at least five are asked for.
    """
    filled = [value.strip() for value in values if value.strip()]
    if len(filled) < 5:
        return None
    if _nearly_all(filled, lambda text: is_service_number(text.translate(_UNPOINTED))):
        return "bsn"
    if _nearly_all(filled, _MAIL.fullmatch):
        return "contact"
    if _nearly_all(filled, lambda text: text.lower() in _SEX) and len(set(filled)) > 1:
        return "sex"
    return "birth" if _look_born(filled) else None


def _nearly_all(texts: Sequence[str], holds: Callable[[str], object]) -> bool:
    """Whether nine of ten texts are so; looks no further than the answer needs."""
    may_miss = int(len(texts) - 0.9 * len(texts))
    return next(islice(filterfalse(holds, texts), may_miss, None), None) is None


def _look_born(filled: Sequence[str]) -> bool:
    """Whether these are days of birth: spread over more years than leases or notices are."""
    if not _nearly_all(filled, _DAY.fullmatch):
        return False
    days = [value for value in filled if _DAY.fullmatch(value)]
    years = {int(year[0]) for value in days if (year := _YEAR.findall(value))}
    return bool(years) and min(years) < 1970 and max(years) - min(years) > 25


def personal_in(text: str) -> str | None:
    """Tell which personal data stand in a text: `bsn`, `contact` or `birth`; None when none seen.

    >>> personal_in("vraag j.jansen@voorbeeld.nl"), personal_in("lift is vaak stuk")
    ('contact', None)
    """
    if "@" in text and _MAIL.search(text):
        return "contact"
    if any(is_service_number(digits) for digits in _NINE.findall(text)):
        return "bsn"
    if _BORN.search(text):
        return "birth"
    return "contact" if _IBAN.search(text) else None


def shapes_of(lines: str) -> str:
    r"""Return lines with a 0 for every figure, each once: a street has many numbers.

    What is sought by its kind of signs, in one line, stands in these if and only if it stands in
    the lines themselves.

    >>> shapes_of("Kerkstraat 1\nKerkstraat 2\nPlein 12")
    'Kerkstraat 0\nPlein 00'
    """
    return "\n".join(dict.fromkeys(lines.translate(_AS_ZERO).split("\n")))


def may_be_personal(lines: str) -> bool:
    r"""Whether some line may hold personal data: `personal_in` tells, of each line by itself.

    >>> may_be_personal("Kerkstraat 1\nKerkstraat 2"), may_be_personal("bel 111222334")
    (False, True)
    """
    shapes = shapes_of(lines)
    return _NINE.search(shapes) is not None or personal_in(shapes) is not None


def refused_word(words: str) -> str | None:
    """Tell what a scheme or category may not be about; None when its words are free.

    >>> refused_word("Syrische gezinnen"), refused_word("status_holder"), refused_word("carrier")
    ('nationality', None, None)
    """
    plain = f"_{plain_words(words)}_"
    for kind, (starts, whole) in _vocabulary().items():
        if any(f"_{start}" in plain for start in starts):
            return kind
        if any(f"_{word}_" in plain for word in whole):
            return kind
    return None


def refused_text(text: str) -> str | None:
    """Tell what of a person a text about a home or place says; None when it says nothing of that.

    Narrower than `refused_word`: streets and complexes are called after peoples and churches.

    >>> refused_text("bovenburen: schizofrenie"), refused_text("Kerkstraat 1, Surinameplein")
    ('health', None)
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    match = _person_words().search(text)
    return None if match is None else match.lastgroup


@cache
def _person_words() -> re.Pattern[str]:
    """One pattern for all words about persons; the group says the kind."""
    kinds = (
        f"(?P<{kind}>(?:{'|'.join(each['starts'].split())})"
        + (rf"|(?:{'|'.join(each['words'].split())})\b)" if each["words"] else ")")
        for kind, each in _words()["texts"].items()
    )
    return re.compile(rf"\b(?:{'|'.join(kinds)})", re.IGNORECASE)


@cache
def _words() -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", read_yaml(Path(__file__).with_name("refused.yaml")))


@cache
def _headers() -> Mapping[str, str]:
    """Refused headers, each with its kind."""
    return {word: kind for kind, words in _words()["headers"].items() for word in words.split()}


@cache
def _vocabulary() -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Refused words by kind: (beginnings of words, whole words)."""
    return {
        kind: (tuple(each["starts"].split()), tuple(each["words"].split()))
        for kind, each in _words()["vocabulary"].items()
    }
