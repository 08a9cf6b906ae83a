"""Files that would rather do harm: each ends as a finding, in little memory and time."""

from __future__ import annotations

import gzip
import io
import os
import stat
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from mixwijzer.exchange.findings import Severity
from mixwijzer.exchange.incoming import Limits, spool
from mixwijzer.exchange.wording import finding_text

MB = 2**20
LIMITS = Limits(source=256 * MB, cpu=60, wall=90)


def zip_of_zeros(path: Path) -> Path:
    """Ten gigabytes in ten megabytes."""
    target = path / "bezit.zip"
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("dwellings.csv", "w", force_zip64=True) as file,
    ):
        for _ in range(1_000):
            file.write(b"0" * MB)
    return target


def zip_in_zip(path: Path) -> Path:
    """Twelve zips, one in the other."""
    inner = b"id,complex\n"
    name = "dwellings.csv"
    for depth in range(12):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(name, inner)
        inner, name = packed.getvalue(), f"laag{depth}.zip"
    (path / "bezit.zip").write_bytes(inner)
    return path / "bezit.zip"


def zip_that_lies(path: Path) -> Path:
    """A directory that says ten bytes of what is twenty megabytes."""
    target = path / "bezit.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("dwellings.csv", b"0" * 20 * MB)
    raw = target.read_bytes()
    size = (20 * MB).to_bytes(4, "little")
    target.write_bytes(raw.replace(size, (10).to_bytes(4, "little")))
    return target


def zip_that_climbs(path: Path) -> Path:
    target = path / "bezit.zip"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("../../dwellings.csv", "id,complex\nW1,C1\n")
    return target


def zip_with_a_link(path: Path) -> Path:
    target = path / "bezit.zip"
    with zipfile.ZipFile(target, "w") as archive:
        entry = zipfile.ZipInfo("dwellings.csv")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    return target


def link_in_a_folder(path: Path) -> Path:
    (path / "bezit").mkdir()
    (path / "bezit" / "dwellings.csv").symlink_to("/etc/passwd")
    return path / "bezit"


def gzip_called_csv(path: Path) -> Path:
    (path / "dwellings.csv").write_bytes(gzip.compress(b"id,complex\n" * 10**6))
    return path / "dwellings.csv"


def a_million_columns(path: Path) -> Path:
    (path / "dwellings.csv").write_text("id,complex," + ",".join(map(str, range(10**6))) + "\n")
    return path / "dwellings.csv"


def one_enormous_cell(path: Path) -> Path:
    """A cell of 200 MB in a file of 200 MB, within what a delivery may weigh."""
    with (path / "dwellings.csv").open("wb") as file:
        file.write(b'id,complex\nW1,"')
        for _ in range(200):
            file.write(b"x" * MB)
        file.write(b'"\n')
    return path / "dwellings.csv"


def larger_than_allowed(path: Path) -> Path:
    """A cell of 500 MB, of which the disk holds nothing."""
    with (path / "dwellings.csv").open("wb") as file:
        file.write(b'id,complex\nW1,"')
        file.seek(500 * MB)
        file.write(b'"\n')
    return path / "dwellings.csv"


def zeros_in_a_file(path: Path) -> Path:
    (path / "dwellings.csv").write_bytes(b"id,complex\n" + b"\0" * 10 * MB + b"\nW1,C1\n")
    return path / "dwellings.csv"


def old_workbook(path: Path) -> Path:
    (path / "bezit.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * MB)
    return path / "bezit.xls"


def rebuilt(path: Path, change) -> Path:
    """Rewrite the parts of a small workbook."""
    source, target = path / "klein.xlsx", path / "bezit.xlsx"
    with xlsxwriter.Workbook(source) as book:
        sheet = book.add_worksheet("complexes")
        sheet.write_row(0, 0, ["id", "name", "owner"])
        sheet.write_row(1, 0, ["C1", "Linde", "ob"])
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target


def entities(path: Path) -> Path:
    """A billion laughs in the shared strings."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'

    def change(name: str, data: bytes) -> bytes:
        if name != "xl/sharedStrings.xml":
            return data
        body = data.decode().split("?>", 1)[1].replace("Linde", "&l9;")
        return (head + body).encode()

    return rebuilt(path, change)


def shared_strings(path: Path) -> Path:
    """A hundred and fifty megabytes of one shared string, packed small."""

    def change(name: str, data: bytes) -> bytes:
        return (
            data.replace(b"Linde", b"x" * 150 * MB) if name.endswith("sharedStrings.xml") else data
        )

    return rebuilt(path, change)


def a_billion_rows(path: Path) -> Path:
    """A sheet that says it has 10^9 rows, with a row at the very end."""

    def change(name: str, data: bytes) -> bytes:
        if not name.startswith("xl/worksheets/"):
            return data
        data = data.replace(b'ref="A1:C2"', b'ref="A1:XFD1000000000"')
        return data.replace(b'<row r="2"', b'<row r="1000000000"').replace(
            b'"A2"', b'"A1000000000"'
        )

    return rebuilt(path, change)


def deep_brackets(path: Path) -> Path:
    (path / "kaart.geojson").write_bytes(b"[" * 10**6)
    return path / "kaart.geojson"


def a_heavy_map(path: Path) -> Path:
    """Sixty megabytes of one outline."""
    point = b"[6.0,52.0],"
    ring = point * (60 * MB // len(point))
    text = b'{"features":[{"properties":{"statcode":"BU01931000"},"geometry":{"type":"Polygon",'
    (path / "kaart.geojson").write_bytes(text + b'"coordinates":[[' + ring[:-1] + b"]]}}]}")
    return path / "kaart.geojson"


BOMBS = {
    zip_of_zeros: {"zip_ratio", "zip_too_large"},
    zip_in_zip: {"zip_inside"},
    zip_that_lies: {"zip_unreadable"},
    zip_that_climbs: {"zip_path"},
    zip_with_a_link: {"file_link"},
    link_in_a_folder: {"file_link"},
    gzip_called_csv: {"file_packed"},
    a_million_columns: {"too_many_columns", "line_too_long"},
    one_enormous_cell: {"line_too_long"},
    larger_than_allowed: {"file_too_large"},
    zeros_in_a_file: {"line_too_long", "encoding_unknown", "csv_broken", "header_missing"},
    old_workbook: {"file_old_excel"},
    entities: {"workbook_unreadable"},
    shared_strings: {"workbook_ratio", "workbook_too_large", "workbook_too_heavy"},
    a_billion_rows: {"rows_too_many", "workbook_too_heavy"},
    deep_brackets: {"map_unreadable"},
    a_heavy_map: {"reading_too_heavy", "map_empty", "map_without_areas"},
}


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb.__name__)
def test_a_bomb_ends_as_a_clear_finding(tmp_path, bomb):
    source = bomb(tmp_path)
    before = time.perf_counter()
    spooled = spool(source, tmp_path / "spool", limits=LIMITS)
    errors = {each.code for each in spooled.findings if each.severity is Severity.ERROR}
    assert errors
    assert errors & BOMBS[bomb]
    assert spooled.tables == {}
    assert list((tmp_path / "spool").iterdir()) == []
    assert time.perf_counter() - before < 100
    for each in spooled.findings:
        assert finding_text(each, "nl") != finding_text(each, "en")


@pytest.mark.parametrize("bomb", [one_enormous_cell, shared_strings, a_heavy_map, zip_of_zeros])
def test_a_bomb_gets_no_more_memory_than_the_limits(tmp_path, bomb):
    """In a process of its own, since the most that any child had is told once and for all."""
    import subprocess
    import sys

    source = bomb(tmp_path)
    program = (
        "import resource, sys; from pathlib import Path\n"
        "from mixwijzer.exchange.incoming import spool\n"
        "spool(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10)\n"
    )
    command = [sys.executable, "-c", program, str(source), str(tmp_path / "spool")]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=dict(os.environ))
    assert int(told.stdout) < 660


def test_the_reading_process_has_no_network_and_starts_nothing(tmp_path):
    """What a parser might be talked into is refused by the process itself."""
    import subprocess
    import sys

    program = (
        "import sys, runpy; child = runpy.run_path(sys.argv[1])\n"
        "child['_stay_inside']('x')\n"
        "import socket, subprocess, os\n"
        "for way in (lambda: socket.socket().connect(('127.0.0.1', 9)),\n"
        "            lambda: socket.getaddrinfo('localhost', 80),\n"
        "            lambda: subprocess.run(['true']), lambda: os.system('true'),\n"
        "            lambda: os.execv('/bin/true', ['true']), os.fork):\n"
        "    try: way()\n"
        "    except PermissionError: print('refused')\n"
        "    else: print('let out')\n"
    )
    from mixwijzer.exchange.incoming import _process

    command = [sys.executable, "-I", "-c", program, str(_process._CHILD)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["refused"] * 6


def test_a_child_that_hangs_is_stopped_and_told(tmp_path, monkeypatch):
    from mixwijzer.exchange.incoming import _process

    slow = tmp_path / "slow.py"
    slow.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(_process, "_CHILD", slow)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "dwellings.csv").write_text("id,complex\nW1,C1\n")
    spooled = spool(tmp_path / "b", tmp_path / "spool", limits=Limits(wall=0.5))
    assert [each.code for each in spooled.findings] == ["reading_too_slow"]


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "reading_too_heavy"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "reading_broke_off"),
        ("raise SystemExit(5)", "reading_broke_off"),
        ("import sys, pathlib; pathlib.Path(sys.argv[1]).write_text('{')", "reading_broke_off"),
        ("", "reading_broke_off"),
    ],
)
def test_a_child_that_dies_anyhow_is_told(tmp_path, monkeypatch, program, code):
    from mixwijzer.exchange.incoming import _process

    (tmp_path / "child.py").write_text(program)
    monkeypatch.setattr(_process, "_CHILD", tmp_path / "child.py")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "dwellings.csv").write_text("id,complex\nW1,C1\n")
    spooled = spool(tmp_path / "b", tmp_path / "spool")
    assert [each.code for each in spooled.findings] == [code]
    assert list((tmp_path / "spool").iterdir()) == []


def test_a_broken_stream_inside_a_zip_is_told(tmp_path):
    target = tmp_path / "bezit.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("dwellings.csv", b"id,complex\nW1,C1\n" * 500)
    raw = bytearray(target.read_bytes())
    raw[50:60] = b"\xff" * 10
    target.write_bytes(raw)
    spooled = spool(target, tmp_path / "spool")
    assert [each.code for each in spooled.findings] == ["zip_unreadable"]
