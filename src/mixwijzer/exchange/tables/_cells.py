"""What does the text in a cell mean? One reader per type of column.

A column is read a chunk at a time: every distinct text is worked out once and remembered, so that a
million rows cost little. A number that can be read in two ways ("1.234") is settled by the rest of
its column, and refused when that doesn't settle it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

from mixwijzer.engine.errors import Fact
from mixwijzer.exchange.areas import CodeTrouble, bag_id
from mixwijzer.exchange.findings import Severity
from mixwijzer.exchange.refused import may_be_personal, personal_in, plain_words
from mixwijzer.exchange.tables._schema import Column, enum_words
from mixwijzer.exchange.tables._source import FORMULA, UNMAPPED

__all__ = ["TRIGGERS", "CellReader", "Trouble", "Undecided", "day_of", "reader_for"]

TRIGGERS = "=+-@\t\r＝＋－＠"  # noqa: RUF001 - the full-width signs start a formula too
"""What makes a spreadsheet take a text for a formula."""

_NONE = frozenset({"", "-", "--", "n.v.t.", "nvt", "n.b.", "null", "none", "nan", "n/a", "."})
_ERROR = re.compile(
    r"#(?:REF!|VERW!|N/A|N/B|VALUE!|WAARDE!|DIV/0!|DEEL/0!|NAME\?|NAAM\?|NULL!|LEEG!|NUM!|GETAL!)"
)
_ODD = re.compile(
    "[#\x00-\x1f\x7f\x80-\x9f\xa0\xad\u200b-\u200f\u2028-\u202f\u2060\u2066-\u2069\ufeff'=]"
)
_INVISIBLE = re.compile("[\xad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_QUOTED = re.compile(f"'+[{re.escape(TRIGGERS)}]")
_LONGEST_TEXT = 4_000
_LONGEST_ID = 200
_LONGEST_VALUE = 1_000
_MOST_REMEMBERED = 50_000

Parse: TypeAlias = "Callable[[str], object]"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A cell that can't be read; takes the place of its value."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    severity: Severity = Severity.ERROR
    instead: object = None  # what is read all the same
    cell: str = ""  # only where it is found after the cell went by


@dataclass(frozen=True, slots=True)
class Undecided:
    """A number in two notations at once: settled by the rest of its column."""

    text: str


class CellReader:
    """Reads the cells of one column, chunk by chunk."""

    __slots__ = ("_cache", "_parse", "column", "troubled")

    def __init__(self, column: Column, parse: Parse) -> None:
        self.column = column
        self._parse = parse
        self._cache: dict[str, object] = {}
        self.troubled = False  # whether a Trouble or an undecided number was ever given

    def chunk(self, cells: Sequence[str]) -> list[object]:
        """Return a value per cell: None for an empty one, a Trouble for an unreadable one."""
        cache = self._cache
        if len(cache) > _MOST_REMEMBERED:
            cache.clear()
        for cell in set(cells).difference(cache):
            cache[cell] = self._one(cell)
        return list(map(cache.__getitem__, cells))

    def _one(self, cell: str) -> object:
        if len(cell) > _LONGEST_VALUE:
            return self.trouble("text_too_long", length=len(cell), most=_LONGEST_VALUE)
        if code := _spreadsheet_trouble(cell):
            return self.trouble(code)
        text = _tidy(cell)
        if text.lower() in _NONE:
            return None
        if text.startswith("="):
            return self.trouble("formula_cell")
        try:
            return self._parse(text)
        except CodeTrouble as trouble:
            return self.trouble(trouble.code, **trouble.facts)

    def trouble(self, code: str, **facts: Fact) -> Trouble:
        """Return what is wrong with a cell, and remember that there was something."""
        self.troubled = True
        return Trouble(code, facts)

    def settled(self, values: list[object]) -> list[object]:
        """Return all values of the column, now that every cell was seen."""
        return values


class TextReader(CellReader):
    """Texts and keys: mostly distinct, so looked at as they are."""

    __slots__ = ("_csv", "_longest", "_personal")

    def __init__(self, column: Column, *, typed: bool) -> None:
        super().__init__(column, str)
        self._csv = not typed
        self._personal = column.kind == "text"
        self._longest = _LONGEST_TEXT if self._personal else _LONGEST_ID

    def chunk(self, cells: Sequence[str]) -> list[object]:
        """Return the texts without blanks around; None for an empty one."""
        plain = not _ODD.search("".join(cells)) and max(map(len, cells), default=0) <= self._longest
        if plain and not (self._personal and may_be_personal("\n".join(cells))):
            return self._stripped(cells)
        return [self._careful(cell) for cell in cells]

    def _stripped(self, cells: Sequence[str]) -> list[object]:
        """Return the texts without blanks around, an empty one as this column writes it."""
        texts: list[object] = list(map(str.strip, cells))
        if self._personal or "" not in texts:
            return texts
        return [text or None for text in texts]

    def _without_control(self, text: str) -> Trouble:
        """Read a text without the signs that don't belong in it; in a key they can't be missed."""
        if not self._personal:
            return self.trouble("control_character")
        self.troubled = True
        rest = " ".join(_CONTROL.sub(" ", text).split())
        return Trouble("control_character", severity=Severity.WARNING, instead=rest)

    def _careful(self, cell: str) -> object:
        """Read one text that may hold anything."""
        if len(cell) > self._longest + 100:
            return self.trouble("text_too_long", length=len(cell), most=self._longest)
        if code := _spreadsheet_trouble(cell):
            return self.trouble(code)
        return self._text(cell)

    def _text(self, cell: str) -> object:
        if self._csv and cell.startswith("="):
            return self.trouble("formula_cell")
        text = cell.replace("\r\n", "\n").replace("\r", "\n")
        text = _tidy(text[1:] if _QUOTED.match(text) else text)
        if _CONTROL.search(text) or ("\n" in text and not self._personal):
            return self._without_control(text)
        if len(text) > self._longest:
            return self.trouble("text_too_long", length=len(text), most=self._longest)
        if self._personal and (kind := personal_in(text)):
            return self.trouble("personal_text", kind=kind)
        return text or ("" if self._personal else None)


class BagReader(CellReader):
    """BAG ids: all distinct, so a chunk of good ones is recognised at once."""

    def chunk(self, cells: Sequence[str]) -> list[object]:
        """Return the ids with 16 digits."""
        if _BAG_IDS.fullmatch("\n".join(cells)):
            return list(cells)
        return super().chunk(cells)


_BAG_IDS = re.compile(r"[0-9]{4}0[123][0-9]{10}(?:\n[0-9]{4}0[123][0-9]{10})*")


def _spreadsheet_trouble(cell: str) -> str | None:
    """Tell whether a spreadsheet left an error or a formula without outcome in this cell."""
    if cell == FORMULA:
        return "formula_without_value"
    if cell == UNMAPPED:
        return "value_unmapped"
    return "cell_error" if _ERROR.fullmatch(cell) else None


def _tidy(cell: str) -> str:
    """Return a text without invisible signs and with plain blanks, none around it."""
    if _ODD.search(cell):
        cell = _INVISIBLE.sub("", cell).replace("\xa0", " ").replace("\u202f", " ")
    return cell.strip()


class NumberReader(CellReader):
    """Numbers; the decimal sign is found out per column."""

    __slots__ = ("_comma", "_finish", "_point")

    def __init__(self, column: Column, finish: Callable[[Decimal], object], *, small: bool) -> None:
        super().__init__(column, self._number)
        self._finish = finish
        self._comma = self._point = False
        if small:  # no such number has thousands: a separator can only be a decimal sign
            self._parse = self._small

    def _small(self, text: str) -> object:
        bare = _bare_number(text)
        if bare is None or bare.count(".") + bare.count(",") > 1:
            return self.trouble("number_unreadable")
        return self._finished(Decimal(bare.replace(",", ".")))

    def _number(self, text: str) -> object:
        if text.isascii() and text.isdecimal():
            return self._finished(Decimal(text))
        bare = _bare_number(text)
        if bare is None:
            return self.trouble("number_unreadable")
        sign = _decimal_sign(bare)
        if sign == "?":
            self.troubled = True
            return Undecided(bare)
        if sign == "!":
            return self.trouble("number_unreadable")
        self._point = self._point or sign == "."
        self._comma = self._comma or sign == ","
        return self._finished(_as_decimal(bare, sign))

    def _finished(self, number: Decimal) -> object:
        try:
            return self._finish(number)
        except CodeTrouble as trouble:
            return self.trouble(trouble.code, **trouble.facts)

    def settled(self, values: list[object]) -> list[object]:
        """Settle the undecided numbers; a column with both signs decides nothing."""
        if not any(type(value) is Undecided for value in values):
            return values
        return [self._settle(value) if type(value) is Undecided else value for value in values]

    def _settle(self, value: Undecided) -> object:
        """Read it by the column's decimal sign; without one, by what it can only be."""
        readings = [self._finished(_as_decimal(value.text, sign)) for sign in self._signs()]
        possible = [each for each in readings if not isinstance(each, Trouble)]
        if len(possible) == 1:
            return possible[0]
        return Trouble("number_ambiguous", cell=value.text)

    def _signs(self) -> str:
        """Decimal signs this column may have: the one it was seen to use, else either."""
        if self._point == self._comma:
            return ".,"
        return "." if self._point else ","


_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*|[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d{1,3}", re.ASCII)
_LONGEST_NUMBER = 40
_LARGEST_NUMBER = 10**7
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


def _bare_number(text: str) -> str | None:
    """Return a number without euro sign, blanks and sign variants; None when it is none."""
    bare = text.replace("€", "").replace("EUR", "").replace(" ", "").replace("−", "-")
    bare = bare.removesuffix("%").removesuffix(",-").removesuffix(".-")
    return bare if len(bare) <= _LONGEST_NUMBER and _NUMBER.fullmatch(bare) else None


def _decimal_sign(number: str) -> str:
    """Tell the decimal sign of a number: `.` or `,`, "" without, `?` undecided, `!` impossible."""
    point, comma = number.rfind("."), number.rfind(",")
    if point < 0 and comma < 0:
        return ""
    sign = "." if point > comma else ","
    whole, _, part = number.rpartition(sign)
    if point >= 0 and comma >= 0:
        grouped = whole.lstrip("+-")
        fine = sign not in whole and _THOUSANDS.fullmatch(grouped)
        return sign if fine else "!"
    if number.count(sign) > 1:
        other = "," if sign == "." else "."
        return other if _THOUSANDS.fullmatch(number.lstrip("+-")) else "!"
    whole = whole.lstrip("+-")
    thousands = len(part) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    return "?" if thousands else sign


def _as_decimal(number: str, sign: str) -> Decimal:
    """Read a number with a known decimal sign; the other one groups thousands."""
    other = "," if sign == "." else "."
    return Decimal(number.replace(other, "").replace(",", "."))


def _integer(number: Decimal) -> int:
    if number != number.to_integral_value():
        raise CodeTrouble("number_fraction")
    return int(_bounded(number))


def _bounded(number: Decimal) -> Decimal:
    """Refuse what counts no homes and is no rent: it could be somebody's number."""
    if abs(number) >= _LARGEST_NUMBER:
        raise CodeTrouble("number_too_large", most=_LARGEST_NUMBER - 1)
    return number


def _natural(number: Decimal) -> int:
    if number < 0:
        raise CodeTrouble("number_negative")
    return _integer(number)


def _basis_points(number: Decimal) -> int:
    points = _bounded(number) * 100
    if points != points.to_integral_value():
        raise CodeTrouble("percent_decimals")
    return int(points)


def _within(limit: int) -> Callable[[Decimal], float]:
    def degrees(number: Decimal) -> float:
        if abs(number) > limit:
            raise CodeTrouble("degrees_outside", limit=limit)
        return float(number)

    return degrees


def _share(number: Decimal) -> float:
    if not 0 <= number <= 1:
        raise CodeTrouble("share_outside")
    return float(number)


_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DUTCH_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{1,3}")
_COMPACT_DAY = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_MIDNIGHT = re.compile(r"[T ]0{1,2}:00(?::00(?:\.0+)?)?")
_SERIAL = re.compile(r"([2-9]\d{4})(?:[.,]0+)?")
_NO_DAY = re.compile(r"0{1,4}-0{1,2}-0{1,4}")
_FIRST_YEAR, _LAST_YEAR = 1800, 2200
_EPOCH = date(1899, 12, 30)
_OPEN_DAYS = frozenset(
    {date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(9999, 12, 31)}
)


def _day(text: str) -> date | None:
    """Read a day: d-m-yyyy, yyyy-mm-dd, yyyymmdd or a spreadsheet's serial number."""
    midnight = _MIDNIGHT.search(text)
    if midnight and midnight.end() == len(text):
        text = text[: midnight.start()]
    if _NO_DAY.fullmatch(text):
        return None
    parts = _parts_of_day(text)
    try:
        day = date(*parts)
    except ValueError:
        raise CodeTrouble("date_unreadable") from None
    if day in _OPEN_DAYS:
        return None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise CodeTrouble("date_far", first=str(_FIRST_YEAR), last=str(_LAST_YEAR))
    return day


def day_of(text: str) -> date | None:
    """Return the day that a remark tells; None where it can't be read."""
    try:
        return _day(text)
    except CodeTrouble:
        return None


def _parts_of_day(text: str) -> tuple[int, int, int]:
    if match := (_ISO_DAY.fullmatch(text) or _COMPACT_DAY.fullmatch(text)):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _DUTCH_DAY.fullmatch(text):
        return int(match[3]), int(match[2]), int(match[1])
    if match := _SERIAL.fullmatch(text):
        day = _EPOCH + timedelta(days=int(match[1]))
        return day.year, day.month, day.day
    raise CodeTrouble("date_short_year" if _SHORT_YEAR.fullmatch(text) else "date_unreadable")


_MONTH = re.compile(r"(\d{4})-(\d{1,2})|(\d{1,2})[-/](\d{4})")


def _month(text: str) -> date | None:
    match = _MONTH.fullmatch(text)
    if match:
        text = f"{match[1] or match[4]}-{match[2] or match[3]}-01"
    return _day(text)


def _moment(text: str) -> datetime:
    """Read a moment; without a time zone it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        day = _day(text)
        if day is None:
            raise CodeTrouble("moment_unreadable") from None
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise CodeTrouble("date_far", first=str(_FIRST_YEAR), last=str(_LAST_YEAR))
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


_YES = frozenset("ja j yes y true waar 1 x".split())
_NO = frozenset("nee n no false onwaar 0".split())


def _bool(text: str) -> bool:
    word = text.lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise CodeTrouble("bool_unreadable")


def _enum(name: str) -> Parse:
    words = enum_words(name)
    allowed = " ".join(word for word, meaning in words.items() if _code_of(meaning) == word)

    def parse(text: str) -> object:
        try:
            return words[plain_words(text)]
        except KeyError:
            raise CodeTrouble("word_unknown", allowed=allowed) from None

    return parse


def _code_of(meaning: object) -> str:
    name = getattr(meaning, "name", None)
    return str(getattr(meaning, "value", meaning) if not isinstance(meaning, int) else name).lower()


_PAIR = re.compile(r"([\w.-]+)\s*[=:]\s*(\d+(?:[.,]\d+)?(?:[eE][+-]?\d{1,3})?)")


def _pairs(text: str) -> tuple[tuple[str, Decimal], ...]:
    """Read `attention=0.30 regular=0.55`; a comma or semicolon may stand between."""
    pairs = tuple((match[1], Decimal(match[2].replace(",", "."))) for match in _PAIR.finditer(text))
    rest = _PAIR.sub("", text).replace(";", "").replace(",", "").strip()
    if rest or not pairs or len({name for name, _ in pairs}) < len(pairs):
        raise CodeTrouble("pairs_unreadable")
    return pairs


def reader_for(column: Column, *, typed: bool) -> CellReader:
    """Return the reader of a column; `typed` when the source knows texts from numbers."""
    kind = column.kind
    if kind in ("text", "id", "ref", "scope", "setter", "area"):
        return TextReader(column, typed=typed)
    if kind in _NUMBERS:
        finish, small = _NUMBERS[kind]
        return NumberReader(column, finish, small=small)
    if kind == "bag":
        return BagReader(column, bag_id)
    if kind == "enum":
        return CellReader(column, _enum(column.of))
    return CellReader(column, _PARSERS[kind])


_NUMBERS: Mapping[str, tuple[Callable[[Decimal], object], bool]] = {
    "int": (_natural, False),
    "storey": (_integer, False),
    "decimal": (_bounded, False),
    "float": (lambda number: float(_bounded(number)), False),
    "percent": (_basis_points, True),
    "share": (_share, True),
    "latitude": (_within(90), True),
    "longitude": (_within(180), True),
}
_PARSERS: Mapping[str, Parse] = {
    "bool": _bool,
    "date": _day,
    "month": _month,
    "moment": _moment,
    "shares": _pairs,
    "rates": _pairs,
}
