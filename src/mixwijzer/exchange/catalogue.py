"""What is the sentence with this key, in this language, with these figures?

`catalogues/<name>.<language>.yaml` holds the sentences: their key is the file's name and their
place in it, joined by points (`errors.norm_expired.trouble`). A key that is missing raises; no
language stands in for another. A sentence names its figures between braces, each with a form:

===================== ============================================ =======================
form                  for                                          nl
===================== ============================================ =======================
`{n}`                 text, whole number, decimal                  1.250 · 0,35
`{n:home|homes}`      number or range with its noun                1 home · 2 tot 5 homes
`{n:range}`           range of whole numbers                       11 tot 14
`{p:odds}`            chance, as odds                              ruim 7 op 10
`{p:chance}`          the same after "chance:"                     bijna nul
`{p:per_hundred}`     chance, as a number of a hundred             79 van de 100
`{s:share}`, `{b:bp}` share of one, basis points                   92,5 %
`{m:euro}`            euros                                        € 932,93
`{d:day}`, `{y:year}` date, year                                   25 november 2026, 2026
`{d:month}`           date, without its day                        november 2026
`{x:distance}`        metres                                       1,9 km
===================== ============================================ =======================

Chances are never rounded up: `odds` says *n op 10* from n/10, *ruim n op 10* from a twentieth
more, and only at .95 *bijna zeker*. So .79 is *ruim 7 op 10*, below the .8 from which there is
room.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias, cast, get_args

from mixwijzer.exchange.strict_yaml import read_yaml

__all__ = [
    "LANGUAGES",
    "Key",
    "Language",
    "SentenceError",
    "figures",
    "has_sentence",
    "keys",
    "odds",
    "refused_words",
    "sentence",
]

Language: TypeAlias = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_FOLDER = Path(__file__).resolve().parent / "catalogues"

# Never on a screen, in a letter or in a file (DESIGN §2.10): what calls people or places names.
# A part of a word is looked for from where the word begins: from each letter takes its square.
_REFUSED: Mapping[Language, re.Pattern[str]] = {
    "nl": re.compile(
        r"kwetsba\w*|\b\w*(?:vrager|probleem|zwak|score|drager|regulier|onbekend)\w*"
        r"|\b(?:on)?geschikt\w*|\bte veel\b|\bvol\b|\bgeen uitspraak\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\bvulnerab\w*|\bproblem\w*|\bweak\w*|\b(?:un)?suitable\b|\btoo many\b|\bfull\b"
        r"|\bscores?\b|\bcarriers?\b|\bbearers?\b|\bregular\w*|\bunknown\b|\bno statement\b",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class Key:
    """A figure of a sentence that is itself a sentence of the catalogues."""

    name: str


class SentenceError(LookupError):
    """A catalogue lacks a sentence, or a sentence its figure: a mistake in the program."""


def sentence(code: str, language: Language, **facts: object) -> str:
    """Return one sentence of the catalogues with its figures.

    Raises
    ------
    SentenceError
        No such key in this language, or a figure that the sentence names isn't given.

    >>> sentence("words.verdict.no_room", "nl")
    'geen ruimte'
    """
    return _FORMATTERS[language].vformat(_template(code, language), (), facts)


def has_sentence(code: str, language: Language) -> bool:
    """Whether the catalogues of a language hold this key."""
    return code in _catalogue(language)


def keys(language: Language) -> Mapping[str, str]:
    """Return every key of a language with its sentence, as written."""
    return _catalogue(language)


def figures(code: str, language: Language) -> frozenset[str]:
    """Return the names of the figures that a sentence asks for, those inside a form too."""
    return frozenset(_figures(_template(code, language)))


def _figures(template: str) -> Iterator[str]:
    for _, name, form, _ in string.Formatter().parse(template):
        if name is not None:
            yield name
            yield from _figures(form or "")


def refused_words(text: str, language: Language) -> tuple[str, ...]:
    """Return the words of a text that may not be shown, in the order met.

    >>> refused_words("Het complex is vol; onbekend waarom.", "nl")
    ('vol', 'onbekend')
    >>> refused_words("Wij volgen uw aanvraag.", "nl")
    ()
    """
    return tuple(match.group(0) for match in _REFUSED[language].finditer(text))


def _template(code: str, language: Language) -> str:
    try:
        return _catalogue(language)[code]
    except KeyError:
        raise SentenceError(f"{code} ({language})") from None


@cache
def _catalogue(language: Language) -> Mapping[str, str]:
    """Read all catalogues of a language into one mapping."""
    book: dict[str, str] = {}
    for path in sorted(_FOLDER.glob(f"*.{language}.yaml")):
        book.update(_flat(path.name.split(".")[0], read_yaml(path)))
    return book


def _flat(prefix: str, part: object) -> Iterator[tuple[str, str]]:
    if isinstance(part, dict):
        for name, inner in part.items():
            yield from _flat(f"{prefix}.{name}", inner)
    elif isinstance(part, str):
        yield prefix, part
    else:
        raise SentenceError(f"{prefix} is {part!r}")


class _Formatter(string.Formatter):
    """Fills in figures as one language writes them."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def get_value(
        self, key: int | str, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> object:
        """Return a figure; one that is a sentence itself is filled in first."""
        try:
            value = kwargs[cast("str", key)]
        except KeyError:
            raise SentenceError(f"figure {key} ({self.language})") from None
        if isinstance(value, Key):
            return self.vformat(_template(value.name, self.language), (), kwargs)
        return value

    def format_field(self, value: object, format_spec: str) -> str:
        """Write one figure in the form that the sentence asks for."""
        if "|" in format_spec:
            return self._with_noun(value, *format_spec.split("|"))
        form = getattr(self, f"_form_{format_spec or 'plain'}", None)
        if form is None:
            raise SentenceError(f"form {format_spec}")
        return cast("str", form(value))

    def _word(self, name: str, **facts: object) -> str:
        return self.vformat(_template(f"words.{name}", self.language), (), facts)

    def _with_noun(self, value: object, one: str, many: str) -> str:
        last = value[1] if isinstance(value, tuple) else value
        return f"{self._form_range(value)} {one if last == 1 else many}"

    def _form_plain(self, value: object) -> str:
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return self._number(value)
        if isinstance(value, str):
            return value
        raise SentenceError(f"form of {value!r}")

    def _number(self, value: int | Decimal) -> str:
        written = f"{value:,}".replace("-", "−")
        if self.language == "en":
            return written
        return written.translate(str.maketrans(",.", ".,"))

    def _form_range(self, value: object) -> str:
        if not isinstance(value, tuple):
            return self._form_plain(value)
        low, high = value
        if low == high:
            return self._number(low)
        return self._word("range", low=low, high=high)

    def _form_odds(self, chance: object) -> str:
        name, tenths = odds(cast("float", chance))
        return self._word(f"odds.{name}", n=tenths)

    def _form_chance(self, chance: object) -> str:
        name, tenths = odds(cast("float", chance))
        return self._word(f"odds.{'chance_hardly' if name == 'hardly' else name}", n=tenths)

    def _form_per_hundred(self, chance: object) -> str:
        return self._word("per_hundred", n=_millionths(cast("float", chance)) // 10_000)

    def _form_share(self, share: object) -> str:
        percent = (Decimal(str(share)) * 100).normalize()
        return self._word("percent", n=percent if percent % 1 else int(percent))

    def _form_bp(self, points: object) -> str:
        return self._form_share(Decimal(cast("int", points)) / 10_000)

    def _form_euro(self, amount: object) -> str:
        money = Decimal(str(amount)).quantize(Decimal("0.01"))
        return self._word("euro", n=money if money % 1 else int(money))

    def _form_day(self, day: object) -> str:
        told = date.fromisoformat(day) if isinstance(day, str) else cast("date", day)
        months = self._word("months").split()
        return self._word("day", d=told.day, month=months[told.month - 1], y=str(told.year))

    def _form_month(self, day: object) -> str:
        told = cast("date", day)
        return f"{self._word('months').split()[told.month - 1]} {told.year}"

    def _form_year(self, year: object) -> str:
        return str(year)

    def _form_distance(self, metres: object) -> str:
        whole = round(cast("float", metres) / 100)
        if whole < 10:
            return self._word("distance.metres", n=max(whole, 1) * 100)
        return self._word("distance.kilometres", n=Decimal(whole) / 10)


_FORMATTERS: Mapping[Language, _Formatter] = {each: _Formatter(each) for each in LANGUAGES}


def _millionths(chance: float) -> int:
    return round(chance * 1_000_000)


def odds(chance: float) -> tuple[str, int]:
    """Return how a chance is said: the name of the phrase and its number of tenths.

    Never up: a chance lies at or above the tenths that are named, and `over` says that it lies in
    the upper half of that tenth.

    >>> [odds(chance) for chance in (.98, .912, .79, .8, .07, .02)]
    [('sure', 9), ('tenths', 9), ('over', 7), ('tenths', 8), ('under_one', 0), ('hardly', 0)]
    """
    whole = _millionths(chance)
    tenths, rest = divmod(whole, 100_000)
    if whole >= 950_000:
        return "sure", 9
    if whole <= 50_000:
        return "hardly", 0
    if tenths == 0:
        return "under_one", 0
    return ("over" if rest >= 50_000 else "tenths"), tenths
