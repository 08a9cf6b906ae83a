"""Two thousand good deliveries spoilt at random: each ends in tables or findings, never in a fall.

Most are read without the process around them, since what is looked for is a fall of the reader; one
in some goes the whole way. A seed makes each of them again.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from mixwijzer.exchange.findings import Severity
from mixwijzer.exchange.incoming import Limits, spool
from mixwijzer.exchange.incoming._work import done
from mixwijzer.exchange.tables import write
from mixwijzer.exchange.tables._portfolio import read
from mixwijzer.exchange.wording import finding_text
from tests.exchange.files import SOUND, folder

Spoil = Callable[[bytes, np.random.Generator], bytes]
_NASTY = [
    *(b"\0", b'"', b";", b"\n", b"\r", b"\xff\xfe", b"\xef\xbb\xbf", b"\x80", b"=1+1", b"'", b"\t"),
    *("\N{SOFT HYPHEN}\N{NO-BREAK SPACE}".encode(), b"1.234", b"1,93010E+14", b"14-02-205"),
    *(b"99999999999999999999", b"-1", b"NaN", b"1e999", b"Totaal", b"#REF!", b"sep=|\n", b"\x1a"),
    *(
        "\N{RIGHT-TO-LEFT OVERRIDE}".encode(),
        b"9" * 5_000,
        b"{}",
        b"<x>",
        b"../../etc",
        b"\x0b\x0c",
    ),
]


def bytes_changed(data: bytes, chance: np.random.Generator) -> bytes:
    raw = bytearray(data)
    for _ in range(int(chance.integers(1, 12))):
        raw[int(chance.integers(len(raw)))] = int(chance.integers(256))
    return bytes(raw)


def cut_off(data: bytes, chance: np.random.Generator) -> bytes:
    return data[: int(chance.integers(len(data)))]


def something_nasty(data: bytes, chance: np.random.Generator) -> bytes:
    for _ in range(int(chance.integers(1, 5))):
        at = int(chance.integers(len(data)))
        data = data[:at] + _NASTY[int(chance.integers(len(_NASTY)))] + data[at:]
    return data


def a_piece_twice(data: bytes, chance: np.random.Generator) -> bytes:
    start, end = sorted(int(each) for each in chance.integers(len(data), size=2))
    at = int(chance.integers(len(data)))
    return data[:at] + data[start:end] * int(chance.integers(1, 4)) + data[at:]


def a_piece_away(data: bytes, chance: np.random.Generator) -> bytes:
    start, end = sorted(int(each) for each in chance.integers(len(data), size=2))
    return data[:start] + data[end:]


def another_encoding(data: bytes, chance: np.random.Generator) -> bytes:
    names = ("utf-16", "utf-16-be", "utf-32", "cp500", "utf-7")
    return data.decode("utf-8", "replace").encode(names[int(chance.integers(5))], "replace")


def lines_mixed(data: bytes, chance: np.random.Generator) -> bytes:
    lines = data.split(b"\n")
    chance.shuffle(lines)  # type: ignore[arg-type]
    return b"\n".join(lines)


SPOILERS: tuple[Spoil, ...] = (
    bytes_changed,
    cut_off,
    something_nasty,
    a_piece_twice,
    a_piece_away,
    another_encoding,
    lines_mixed,
)


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> dict[str, Path]:
    """The same portfolio in every form a delivery may have."""
    place = tmp_path_factory.mktemp("goed")
    forms = {"folder": folder(place / "map")}
    portfolio = read(forms["folder"]).portfolio
    write(portfolio, place / "bezit.xlsx")
    forms["workbook"] = place / "bezit.xlsx"
    with zipfile.ZipFile(place / "bezit.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for table, text in SOUND.items():
            archive.writestr(f"{table}.csv", text)
    forms["zip"] = place / "bezit.zip"
    ring = "[[6.0,52.0],[6.1,52.0],[6.1,52.1],[6.0,52.0]]"
    feature = '{"type":"Feature","properties":{"statcode":"BU0193100%d","naam":"x"},'
    feature += f'"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}'
    features = ",\n".join(feature % n for n in range(5))
    forms["map"] = place / "kaart.geojson"
    forms["map"].write_text(f'{{"type":"FeatureCollection","features":[{features}]}}')
    return forms


def spoilt(good: dict[str, Path], place: Path, seed: int) -> Path:
    """Make delivery number `seed`."""
    chance = np.random.default_rng(seed)
    form = ("folder", "folder", "folder", "zip", "workbook", "map")[int(chance.integers(6))]
    source = good[form]
    target = place / source.name
    spoil = SPOILERS[int(chance.integers(len(SPOILERS)))]
    if form == "folder":
        shutil.copytree(source, target)
        files = sorted(target.iterdir())
        victim = files[int(chance.integers(len(files)))]
        victim.write_bytes(spoil(victim.read_bytes(), chance))
    elif form in ("zip", "workbook") and chance.random() < 0.5:
        _spoil_inside(source, target, spoil, chance)
    else:
        target.write_bytes(spoil(source.read_bytes(), chance))
    return target


def _spoil_inside(source: Path, target: Path, spoil: Spoil, chance: np.random.Generator) -> None:
    """Spoil one part of a zip, so that the zip itself stays whole."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        victim = names[int(chance.integers(len(names)))]
        for name in names:
            data = old.read(name)
            new.writestr(name, spoil(data, chance) if name == victim and data else data)


def told(source: Path, place: Path) -> list[str]:
    """Read a delivery without the process around it; return the codes of its findings."""
    into, work = place / "in", place / "work"
    into.mkdir()
    work.mkdir()
    job = {"source": str(source), "into": str(into), "work": str(work), "mapping": None}
    report = done(job | {"own_mapping": False, "owner": "", "limits": asdict(Limits())})
    assert report["tables"] or report["findings"]
    return [each["code"] for each in report["findings"]]


def check_many(good: dict[str, Path], place: Path, seeds: range) -> None:
    seen: set[str] = set()
    for seed in seeds:
        own = place / str(seed)
        own.mkdir()
        try:
            seen.update(told(spoilt(good, own, seed), own))
        except Exception as error:
            raise AssertionError(f"delivery {seed}") from error
        shutil.rmtree(own)
    assert len(seen) > min(10, len(seeds) // 10)


def test_eighty_spoilt_deliveries_end_well(good, tmp_path):
    check_many(good, tmp_path, range(80))


@pytest.mark.soak
@pytest.mark.parametrize("start", range(0, 2_000, 100))
def test_two_thousand_spoilt_deliveries_end_well(good, tmp_path, start):
    check_many(good, tmp_path, range(start, start + 100))


@pytest.mark.parametrize("seed", range(6))
def test_some_go_the_whole_way(good, tmp_path, seed):
    whole_way(good, tmp_path, seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(6, 206))
def test_two_hundred_go_the_whole_way(good, tmp_path, seed):
    whole_way(good, tmp_path, seed)


def whole_way(good: dict[str, Path], tmp_path: Path, seed: int) -> None:
    spooled = spool(spoilt(good, tmp_path, seed), tmp_path / "spool")
    for finding in spooled.findings:
        assert finding_text(finding, "nl") != finding_text(finding, "en")
        assert finding.code != "reading_broke_off"
    sound = all(each.severity is not Severity.ERROR for each in spooled.findings)
    assert bool(spooled.tables) == sound
