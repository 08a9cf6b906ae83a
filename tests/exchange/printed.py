"""Reads the text out of a PDF again, by the maps that a copy or a screen reader uses too."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_LINE = re.compile(rb"\bBT\b(.*?)\bET\b", re.DOTALL)
_SHOWN = re.compile(
    rb"/(f\d+) [\d.]+ Tf|\(((?:\\[\s\S]|\((?:\\[\s\S]|[^\\()])*\)|[^\\()])*)\)"  # pairs may be bare
)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|[\s\S])")
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(document: bytes) -> str:
    """Return all words of a PDF in the order in which they are drawn, one space between lines."""
    objects = {int(number): body for number, body in _OBJECT.findall(document)}
    pages = [body for body in objects.values() if b"/Type/Page/" in body]
    assert pages, "no page: another writer?"
    told = (line for page in pages for line in _lines(page, objects))
    return re.sub(r"\s+", " ", " ".join(told))


def _lines(page: bytes, objects: dict[int, bytes]) -> Iterator[str]:
    fonts = re.findall(rb"/(f\d+) (\d+) 0 R", objects[_number(page, b"Resources")])
    maps = {name: _map(objects[_number(objects[int(at)], b"ToUnicode")]) for name, at in fonts}
    for line in _LINE.findall(_stream(objects[_number(page, b"Contents")])):
        told, now = "", dict[int, str]()
        for font, shown in _SHOWN.findall(line):
            now = maps[font] if font else now
            codes = _ESCAPED.sub(_letter, shown)
            pairs = zip(codes[::2], codes[1::2], strict=True)
            told += "".join(now[256 * high + low] for high, low in pairs)
        yield told


def _letter(found: re.Match[bytes]) -> bytes:
    told = found[1]
    return bytes([int(told, 8)]) if told.isdigit() else _LETTERS.get(told, told)


def _number(body: bytes, key: bytes) -> int:
    found = re.search(rb"/" + key + rb" (\d+) 0 R", body)
    assert found
    return int(found[1])


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found
    return zlib.decompress(found[1]) if b"FlateDecode" in body else found[1]


def _map(body: bytes) -> dict[int, str]:
    """Read which letters the number of a glyph stands for."""
    return {
        int(code, 16): bytes.fromhex(letters.decode()).decode("utf-16-be")
        for code, letters in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", _stream(body))
    }
