"""Which neighbourhood or building is meant by this code, and is it a code at all?

CBS codes are `GM` + 4 digits (municipality), `WK` + 6 (district) and `BU` + 8 (neighbourhood), one
inside the other by prefix; they change every year, so an area carries the year of its division.
BAG ids have 16 digits: 4 of the municipality, 2 that say what kind of object it is, 10 more. A
spreadsheet turns either into a number and loses what stood in front; it is put back when only one
reading is possible, and refused when not.
Source: CBS, Toelichting Wijk- en Buurtkaart 2021; BAG API v2 specification.
"""

from __future__ import annotations

import re

from mixwijzer.engine.portfolio import ScopeKind

__all__ = [
    "BAG_KINDS",
    "CodeTrouble",
    "area_code",
    "bag_id",
    "kind_of_code",
    "meant_area",
    "nested_in",
]

BAG_KINDS = {
    "01": "dwelling",
    "02": "berth",
    "03": "pitch",
    "10": "building",
    "20": "address",
    "30": "street",
}
"""What the 5th and 6th digit of a BAG id say."""

_DWELLING_KINDS = frozenset({"01", "02", "03"})
_PREFIXES = {
    "GM": (ScopeKind.MUNICIPALITY, 4),
    "WK": (ScopeKind.DISTRICT, 6),
    "BU": (ScopeKind.NEIGHBOURHOOD, 8),
}
_OF_KIND = {kind: (prefix, digits) for prefix, (kind, digits) in _PREFIXES.items()}
_CODE = re.compile(r"(GM|WK|BU) ?(\d+)", re.IGNORECASE)
_LOST_ZEROS = re.compile(r"[1-9][0-9]{12,14}")
_SCIENTIFIC = re.compile(r"[+-]?\d+([.,]\d+)?[eE][+-]?\d+")


class CodeTrouble(ValueError):  # noqa: N818 - it is no error of the program but a trouble of the file
    """A code that can't be what it should be; `code` is that of its finding."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def kind_of_code(code: str) -> ScopeKind | None:
    """Tell the level of a CBS code by its form; None when it isn't one.

    >>> kind_of_code("BU01931000"), kind_of_code("Zuid")
    (<ScopeKind.NEIGHBOURHOOD: 2>, None)
    """
    kind, digits = _PREFIXES.get(code[:2], (None, 0))
    return kind if kind is not None and code[2:].isdecimal() and len(code) == digits + 2 else None


def area_code(text: str, kind: ScopeKind | None = None) -> str:
    """Return an area's code as it should have been written.

    Blanks that pad it go, lost leading zeros come back when `kind` or a prefix tells how long it
    was. Codes that don't look like CBS's are an organisation's own and stay as they are.

    Raises
    ------
    CodeTrouble
        `area_code_form` when it has a CBS prefix or is a number and can't be such a code.

    >>> area_code("BU01931000  "), area_code("1931000", ScopeKind.NEIGHBOURHOOD), area_code("GM193")
    ('BU01931000', 'BU01931000', 'GM0193')
    """
    code = text.strip()
    match = _CODE.fullmatch(code)
    if match:
        prefix, digits = match[1].upper(), match[2]
        return prefix + _with_zero(digits, _PREFIXES[prefix][1])
    if code.isdecimal() and code.isascii() and kind is not None and kind in _OF_KIND:
        prefix, length = _OF_KIND[kind]
        plausible = length - 3 <= len(code) <= length
        return prefix + _with_zero(code, length) if plausible else code
    if code[:2].upper() in _PREFIXES and code[2:3].isdigit():
        raise CodeTrouble("area_code_form")
    return code


def _with_zero(digits: str, length: int) -> str:
    """Put back what a spreadsheet dropped; it would have dropped a zero in front as well."""
    lost = length - len(digits)
    cut_short = lost > 0 and digits.startswith("0")
    if cut_short or not 0 <= lost <= 3 or int(digits[: 4 - lost]) == 0:
        raise CodeTrouble("area_code_form", digits=len(digits), expected=length)
    return "0" * lost + digits


def meant_area(value: str, known: frozenset[str]) -> str:
    """Return the known area that a code can only mean; the code itself when there is none.

    >>> meant_area("1931000", frozenset({"BU01931000"})), meant_area("Zuid", frozenset())
    ('BU01931000', 'Zuid')
    """
    found = set()
    for kind in (None, ScopeKind.NEIGHBOURHOOD, ScopeKind.DISTRICT, ScopeKind.MUNICIPALITY):
        try:
            found.add(area_code(value, kind))
        except CodeTrouble:
            continue
    possible = found & known
    return possible.pop() if len(possible) == 1 else value


def bag_id(text: str) -> str:
    """Return the BAG id of a dwelling, berth or pitch as its 16 digits.

    Raises
    ------
    CodeTrouble
        `bag_scientific`, `bag_length` or `bag_kind`.

    >>> bag_id("193010000012345")
    '0193010000012345'
    """
    digits = text.strip().replace(" ", "")
    if _SCIENTIFIC.fullmatch(digits):
        raise CodeTrouble("bag_scientific")
    if _LOST_ZEROS.fullmatch(digits):
        digits = digits.zfill(16)
    if not (len(digits) == 16 and digits.isascii() and digits.isdecimal()):
        raise CodeTrouble("bag_length", length=len(digits))
    if digits[4:6] not in _DWELLING_KINDS:
        raise CodeTrouble("bag_kind", kind=BAG_KINDS.get(digits[4:6], digits[4:6]))
    return digits


def nested_in(code: str, parent: str) -> bool:
    """Whether a CBS code lies inside another one by its digits; own codes always may.

    >>> nested_in("BU01931000", "WK019310"), nested_in("BU01931000", "GM0200")
    (True, False)
    """
    inner, outer = kind_of_code(code), kind_of_code(parent)
    if inner is None or outer is None:
        return True
    return inner < outer and code[2:].startswith(parent[2:])
