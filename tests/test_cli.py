"""The command line: what people type, what they read, what programs get, and how it ends."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner, Result

import mixwijzer as mw
from mixwijzer.cli import app
from mixwijzer.exchange.documents import schema
from mixwijzer.exchange.tabular import Table

STORIES = Path(__file__).parent / "stories"
LANGUAGES = pytest.mark.parametrize("language", ["nl", "en"])


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a made-up town."""
    path = tmp_path_factory.mktemp("made") / "town"
    mw.export(mw.synthesize(seed=1, homes=600), path)
    return path


@pytest.fixture(scope="module")
def workbook(town: Path) -> Path:
    path = town.parent / "town.xlsx"
    mw.export(town, path)
    return path


def run(*words: object, language: str | None = "nl") -> Result:
    asked = [str(word) for word in words]
    return CliRunner().invoke(app, [*asked, *(["--language", language] if language else [])])


def document(*words: object) -> Any:
    """Run a command with --json; its document passes its schema."""
    done = run(*words, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    jsonschema.Draft202012Validator(
        schema(str(words[0])), format_checker=jsonschema.FormatChecker()
    ).validate(told)
    return told


def tidy(told: Any) -> list[tuple[object, ...]]:
    """Return the figures of an advice document as the library's table has them."""
    rows = []
    for advice in told["advices"]:
        for category in advice["categories"]:
            rule = next((r for r in category["rules"] if r["id"] == category["binding"]), None)
            rows.append(
                (
                    advice["vacancy"],
                    category["category"],
                    category["verdict"],
                    rule and rule["chance"],
                    rule and rule["limit"],
                    rule and tuple(rule["count"]["likely"]),
                    rule and rule["headroom"],
                    advice["recommended"],
                    advice["valid_until"],
                )
            )
    return rows


def same(table: Table) -> list[tuple[object, ...]]:
    return [
        (
            row["vacancy"],
            row["category"],
            row["verdict"],
            row["chance"],
            row["limit"],
            None if row["rule"] is None else (row["count_low"], row["count_high"]),
            row["headroom"],
            row["recommended"],
            str(row["valid_until"]),
        )
        for row in table
    ]


# --- one truth


def test_folder_workbook_frames_and_portfolio_get_the_same_advice(
    town: Path, workbook: Path
) -> None:
    told = document("advise", town)
    assert len(told["advices"]) >= 3
    assert document("advise", workbook) == told
    assert same(mw.advise(town).table) == tidy(told)
    portfolio = mw.read(town).portfolio
    assert portfolio is not None
    assert mw.advise(portfolio).table == mw.advise(town).table


def test_the_overview_shows_the_verdicts_of_the_document(town: Path) -> None:
    told = document("advise", town)
    lines = run("advise", town, language="en").stdout.splitlines()
    words = {"no_room": "no room", "ask_first": "ask first", "tight": "tight", "room": "room"}
    for advice in told["advices"]:
        (line,) = [line for line in lines if line.startswith(advice["vacancy"])]
        rest = line
        for category in advice["categories"]:
            before, found, rest = rest.partition(words[category["verdict"]])
            assert found, line
            assert not any(word in before.split() for word in words.values())


def test_one_vacancy_is_told_in_the_sentences_of_the_document(town: Path) -> None:
    (advice, *_) = document("advise", town)["advices"]
    text = run("advise", town, "--vacancy", advice["vacancy"]).stdout
    for category in advice["categories"]:
        assert category["headline"] in text
        assert all(sentence in text for sentence in category["sentences"])


def test_every_document_is_the_library_s(town: Path) -> None:
    assert document("account", town) == mw.account(town).document
    assert document("obligations", town) == mw.obligations(town).document
    assert document("forecast", town) == mw.forecast(town).document
    assert document("story", STORIES) == mw.story(STORIES).document


def test_the_schemas_refuse_what_is_not_described(town: Path) -> None:
    told = document("advise", town)
    for broken in (
        {**told, "score": 3},
        {**told, "day": "22-11-2026"},
        {name: value for name, value in told.items() if name != "norms_used"},
        {**told, "audience": "public"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, schema("advise"), format_checker=jsonschema.FormatChecker())


def test_a_document_says_where_its_figures_come_from(town: Path) -> None:
    told = document("advise", town)
    assert told["schema_version"] == "1.0"
    assert told["data_date"] == told["day"] == "2026-11-22"
    assert told["synthetic"] is True
    keys = {norm["key"]: norm for norm in told["norms_used"]}
    assert keys["advice.room_from"]["standing"] == "assumption"
    assert told["rows_used"]


# --- for outsiders


def test_outsiders_get_words_and_no_numbers(town: Path) -> None:
    told = document("advise", town, "--public")
    text = json.dumps([advice["categories"] for advice in told["advices"]])
    assert not any(sign.isdigit() for sign in text)
    assert "rows_used" not in told
    shown = run("advise", town, "--public").stdout
    assert "kans" not in shown.splitlines()[3]


def test_an_outsider_reads_the_same_verdict(town: Path) -> None:
    inside, outside = document("advise", town), document("advise", town, "--public")
    for one, other in zip(inside["advices"], outside["advices"], strict=True):
        for mine, theirs in zip(one["categories"], other["categories"], strict=True):
            assert mine["verdict"] == theirs["verdict"]


# --- days, norms, schemes


def test_without_a_day_the_data_date_counts_and_is_said(town: Path) -> None:
    assert "22 november 2026, de datum van de gegevens" in run("advise", town).stdout


def test_another_day_is_another_question(town: Path) -> None:
    done = run("advise", town, "--day", "2026-10-01")
    assert "Stand van 1 oktober 2026; de gegevens zijn van 22 november 2026." in done.stdout
    assert document("advise", town, "--day", "2026-10-01")["day"] == "2026-10-01"


def test_what_was_recorded_later_can_be_left_out(town: Path) -> None:
    later = document("account", town)
    before = document("account", town, "--known", "2020-01-01")
    assert later["day"] == before["day"]
    assert later["accounts"] != before["accounts"]


def test_an_expired_norm_refuses_to_be_used(town: Path) -> None:
    done = run("advise", town, "--day", "2035-01-01")
    assert done.exit_code == 2
    assert "verlopen" in done.stderr
    assert "Norm " in done.stderr


def test_own_norms_are_laid_over_those_that_ship(town: Path, tmp_path: Path) -> None:
    (tmp_path / "advice").mkdir()
    text = (Path(mw.__file__).parent / "norms/advice/valid_days.yaml").read_text(encoding="utf-8")
    (tmp_path / "advice/valid_days.yaml").write_text(
        text.replace("value: 14", "value: 1"), encoding="utf-8"
    )
    usual = document("advise", town)["advices"][0]["valid_until"]
    sooner = document("advise", town, "--norms", tmp_path)["advices"][0]["valid_until"]
    assert sooner == "2026-11-23" <= usual


def test_a_portfolio_with_one_scheme_of_its_own_is_asked_in_that_scheme(tmp_path: Path) -> None:
    schemes = [
        {"scheme": "muziek", "category": name, "ordinary": name == "anders"}
        | {"prior_mean": "0.5", "prior_strength": 4}
        for name in ("musici", "anders")
    ]
    mw.export(
        {
            "portfolio": [{"data_date": "2026-11-22"}],
            "schemes": schemes,
            "complexes": [{"id": "C1", "name": "Klankhof", "owner": "ob", "homes": 20}],
            "dwellings": [{"id": "D1", "complex": "C1"}],
            "counts": [
                {"scope_kind": "complex", "scope": "C1", "scheme": "muziek", "category": "musici"}
                | {"date": "2026-11-01", "households": 4}
            ],
            "profiles": [
                {"id": "P1", "set_by_kind": "organisation", "set_by": "ob", "for_kind": "complex"}
                | {"scheme": "muziek", "category": "musici", "max": "50 %", "from": "2026-01-01"}
            ],
            "vacancies": [
                {"id": "V1", "dwelling": "D1", "notice": "2026-11-01", "free_from": "2026-12-01"}
            ],
        },
        tmp_path / "klankhof",
    )
    done = run("advise", tmp_path / "klankhof", "--vacancy", "V1")
    assert done.exit_code == 0, done.output
    assert "Indeling muziek." in done.stdout
    assert "huishoudens van groep musici" in done.stdout


# --- findings and wrong use


def test_a_sound_portfolio_passes_the_check(town: Path) -> None:
    done = run("check", town)
    assert done.exit_code == 0, done.output
    assert "niets gevonden" in done.stdout
    assert document("check", town)["usable"] is True


def broken(tmp_path: Path) -> Path:
    (tmp_path / "complexes.csv").write_text(
        "id,name,owner,homes\nC1,De Eik,ob,24\nC1,De Beuk,ob,x\n", encoding="utf-8"
    )
    return tmp_path


@LANGUAGES
def test_findings_are_listed_all_at_once_and_end_with_1(tmp_path: Path, language: str) -> None:
    done = run("check", broken(tmp_path), language=language)
    assert done.exit_code == 1
    text = done.stdout
    assert "complexes.csv" in text
    assert {"nl": "rij 3", "en": "row 3"}[language] in text
    assert {"nl": "fout:", "en": "error:"}[language] in text


def test_no_command_answers_on_a_portfolio_with_errors(tmp_path: Path) -> None:
    path = broken(tmp_path)
    for command in ("advise", "account", "obligations"):
        done = run(command, path)
        assert done.exit_code == 1
        assert done.stdout == ""
        assert "complexes.csv" in done.stderr
    told = json.loads(run("advise", path, "--json").stdout)
    jsonschema.validate(told, schema("trouble"))
    assert told["error"]["code"] == "portfolio_unusable"
    assert told["findings"]


def test_a_warning_is_said_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    mw.export({"complexes": [{"id": "C1", "name": "De Eik", "owner": "ob", "homes": 9}]}, tmp_path)
    done = run("account", tmp_path, "--day", "2026-11-22")
    assert done.exit_code == 0, done.output
    assert "waarschuwing" in done.stderr
    assert "De Eik" in done.stdout
    assert run("check", tmp_path).exit_code == 1


WRONG = [
    (
        ["advise", "nergens"],
        ["nergens", "is er niet", "Controleer"],
        ["nergens", "no such", "Check"],
    ),
    (["advise", "{town}", "--vacancy", "V-9"], ["Vacature V-9", "meld"], ["V-9", "enter"]),
    (["advise", "{town}", "--scheme", "zon"], ["Indeling zon"], ["zon"]),
    (["advise", "{town}", "--norms", "weg"], ["weg", "is er niet"], ["weg", "no such"]),
    (["account", "{town}", "--scope", "C-9"], ["Plek C-9"], ["Place C-9"]),
    (["account", "{town}", "--kind", "straat"], ["straat"], ["straat", "neighbourhood"]),
    (["synthesize", "{new}", "--homes", "3"], ["Voorbeeldstad"], ["town"]),
    (["synthesize", "{town}"], ["staat al iets", "--force"], ["already", "--force"]),
    (["convert", "nergens", "{new}", "--mapping", "hud-2023"], ["nergens"], ["nergens"]),
    (["story", "nergens"], ["nergens"], ["nergens"]),
    (["advise", "{town}", "--day", "morgen"], ["--day", "morgen"], ["--day", "morgen"]),
    (["advise", "{town}", "--wat"], ["--wat", "is er niet"], ["--wat", "no such option"]),
    (["advise"], ["SOURCE", "ontbreekt"], ["SOURCE", "missing"]),
    (["adviseer", "{town}"], ["adviseer", "is er niet"], ["adviseer", "no such command"]),
]


@LANGUAGES
@pytest.mark.parametrize(("words", "nl", "en"), WRONG, ids=[" ".join(each[0]) for each in WRONG])
def test_wrong_use_says_thing_trouble_and_way_out_and_ends_with_2(
    town: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    words: list[str],
    nl: list[str],
    en: list[str],
) -> None:
    asked = [word.format(town=town, new=tmp_path / "new") for word in words]
    monkeypatch.setattr(sys, "argv", ["mixwijzer", "--language", language])
    monkeypatch.chdir(tmp_path)
    done = run(*asked, language=None if len(words) == 1 or words[0] == "adviseer" else language)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    for part in {"nl": nl, "en": en}[language]:
        assert part in done.stderr
    assert "Traceback" not in done.output
    assert not (tmp_path / "new").exists()


def test_a_fault_of_the_program_is_told_as_one(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("mixwijzer.exchange.answers.accounted", burst)
    done = run("account", town)
    assert done.exit_code == 3
    assert "ZeroDivisionError" in done.stderr
    monkeypatch.setenv("MIXWIJZER_DEBUG", "1")
    assert isinstance(run("account", town).exception, ZeroDivisionError)


def test_an_unwritable_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = run("synthesize", tmp_path / "file" / "town", "--homes", "400")
    assert done.exit_code == 2
    assert "kan niet worden geschreven" in done.stderr


# --- what the other commands do


def test_the_same_seed_writes_the_same_town(tmp_path: Path) -> None:
    one = document("synthesize", tmp_path / "one", "--seed", "3", "--homes", "400")
    run("synthesize", tmp_path / "two", "--seed", "3", "--homes", "400")
    assert one["rows"]["dwellings"] == one["homes"] == 400
    assert mw.read(tmp_path / "one").portfolio == mw.read(tmp_path / "two").portfolio


def test_exporting_loses_nothing_and_overwrites_only_when_told(town: Path, tmp_path: Path) -> None:
    told = document("export", town, tmp_path / "town.xlsx")
    assert told["rows"] == document("check", town)["rows"]
    assert mw.read(tmp_path / "town.xlsx").portfolio == mw.read(town).portfolio
    assert run("export", town, tmp_path / "town.xlsx").exit_code == 2
    assert run("export", town, tmp_path / "town.xlsx", "--force").exit_code == 0


def test_a_template_is_an_empty_portfolio_with_every_table(tmp_path: Path) -> None:
    assert run("template", tmp_path / "leeg").exit_code == 0
    assert {path.stem for path in (tmp_path / "leeg").glob("*.csv")} >= {"areas", "judgements"}


def test_a_failing_story_ends_with_1_and_says_what_differs(tmp_path: Path) -> None:
    text = (STORIES / "ruimte.yaml").read_text(encoding="utf-8")
    path = tmp_path / "ruimte.yaml"
    path.write_text(text.replace("overig: ruimte", "overig: krap"), encoding="utf-8")
    done = run("story", path)
    assert done.exit_code == 1
    assert "klopt niet: Een complex met weinig aandacht heeft ruimte" in done.stdout
    assert "overig: verwacht was het antwoord tight, het advies zegt room" in done.stdout
    assert run("story", STORIES).exit_code == 0


def test_stats_say_how_many_how_long_and_how_much(town: Path) -> None:
    done = run("advise", town, "--stats")
    number = len(document("advise", town)["advices"])
    assert done.stderr.startswith(f"{number} adviezen in ")
    assert done.stderr.endswith(" MB\n")


def test_no_open_vacancy_is_an_answer(town: Path) -> None:
    done = run("advise", town, "--day", "2024-01-01")
    assert done.exit_code == 0
    assert "geen vacature open" in done.stdout


# --- in a shell


def shell(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from mixwijzer.cli import app; app()", *map(str, words)]
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in {"LANG", "LC_ALL", "LC_MESSAGES"}
    }
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False, env={**clean, **environment}
    )


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "Is hier ruimte"),
        ({"LANG": "C.UTF-8"}, "Is hier ruimte"),
        ({"LANG": "nl_NL.UTF-8"}, "Is hier ruimte"),
        ({"LANG": "en_GB.UTF-8"}, "Is there room"),
        ({"LANG": "nl_NL.UTF-8", "LC_ALL": "en_US.UTF-8"}, "Is there room"),
    ],
    ids=str,
)
def test_the_language_is_that_of_the_environment_else_dutch(
    environment: dict[str, str], words: str
) -> None:
    assert words in shell("--help", **environment).stdout


def test_help_speaks_one_language() -> None:
    dutch = shell("advise", "--help").stdout
    assert dutch.startswith("Gebruik:")
    assert "Usage" not in dutch
    assert "Show this" not in dutch
    assert "Toon deze uitleg" in dutch
    english = shell("advise", "--help", "--language", "en").stdout
    assert english.startswith("Usage:")


def test_in_a_pipe_there_are_no_colours_no_boxes_and_no_cut_lines(town: Path) -> None:
    done = shell("advise", town, COLUMNS="40", FORCE_COLOR="1")
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert not any(sign in done.stdout for sign in "│─┌╭…")
    assert max(map(len, done.stdout.splitlines())) > 80
    assert done.stderr == ""


def test_a_reader_that_stops_early_is_no_trouble(town: Path) -> None:
    command = [sys.executable, "-c", "from mixwijzer.cli import app; app()", "account", str(town)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as done:
        assert done.stdout is not None
        assert done.stderr is not None
        done.stdout.read(10)
        done.stdout.close()
        assert done.stderr.read() == b""
    assert done.returncode == 0


def test_a_terminal_without_the_signs_gets_others(town: Path) -> None:
    done = shell("advise", town, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    told = shell("advise", town, "--json", PYTHONIOENCODING="ascii")
    assert "’" in told.stdout
    json.loads(told.stdout)


LOADED = """
import sys
from mixwijzer.cli import app
try:
    app()
finally:
    print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "words",
    [["--help"], ["advise", "{town}"], ["account", "{town}"], ["forecast", "{town}"]],
    ids=str,
)
def test_no_command_of_the_core_loads_django_or_numba(town: Path, words: list[str]) -> None:
    asked = [word.format(town=town) for word in words]
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *asked], capture_output=True, text=True, check=False
    )
    loaded = set(done.stderr.split())
    assert "mixwijzer" in loaded
    assert not loaded & {"django", "numba", "pandas", "polars", "pyarrow", "openpyxl"}
    if words == ["--help"]:
        assert not loaded & {"numpy", "scipy", "yaml_", "rich"}
        assert "demo" in done.stdout


def test_importing_the_library_loads_nothing_heavy() -> None:
    code = "import sys, mixwijzer; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "scipy", "yaml", "typer", "mixwijzer.engine"} & set(done.stdout.split())


def at_a_terminal(*words: object, columns: int = 60) -> str:
    """Return what a person sees, escape codes and all."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (40, columns))
    command = [sys.executable, "-c", "from mixwijzer.cli import app; app()", *map(str, words)]
    environment = {**os.environ, "TERM": "xterm-256color", "LANG": "nl_NL.UTF-8"}
    for name in ("NO_COLOR", "COLUMNS", "LC_ALL"):
        environment.pop(name, None)
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment) as done:
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 65_536)
            except OSError:  # the other side is closed
                break
            if not part:
                break
            shown += part
    os.close(ours)
    assert done.returncode == 0
    return shown.decode("utf-8")


def test_at_a_terminal_verdicts_have_colours_and_lines_fit(town: Path) -> None:
    shown = at_a_terminal("advise", town, columns=110)
    assert "\x1b[" in shown
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert "Adviseren 1/" in plain
    lines = [line.rpartition("\r")[2] for line in plain.replace("\r\n", "\n").split("\n")]
    assert max(map(len, lines)) <= 110
    assert any("eerst" in line or "ruimte" in line for line in lines)


def test_at_a_terminal_sentences_fold_between_words(town: Path) -> None:
    (advice, *_) = document("advise", town)["advices"]
    shown = at_a_terminal("advise", town, "--vacancy", advice["vacancy"])
    lines = [line.rpartition("\r")[2] for line in shown.replace("\r\n", "\n").split("\n")]
    assert max(map(len, lines)) <= 60
    headline = advice["categories"][0]["headline"]
    assert headline in " ".join(" ".join(lines).split())


# --- what is odd


def small(tmp_path: Path, **more: list[dict[str, Any]]) -> Path:
    """Write a complex of two homes that both come free, of which one isn't let as usual."""
    dates = {"notice": "2026-11-01", "free_from": "2026-12-01"}
    tables = {
        "portfolio": [{"data_date": "2026-11-22"}],
        "complexes": [{"id": "C1", "name": "De Eik", "owner": "ob"}],
        "dwellings": [
            {"id": "D1", "complex": "C1", "in_base": "ja"},
            {"id": "D2", "complex": "C1", "in_base": "nee", "out_reason": "temporary"},
        ],
        "tenancies": [
            {"id": f"T{number}", "dwelling": f"D{number}", "start": "2020-01-01"}
            for number in (1, 2)
        ],
        "vacancies": [{"id": f"V{number}", "dwelling": f"D{number}", **dates} for number in (1, 2)],
        **more,
    }
    stock = mw.read(tables)
    assert stock.portfolio is not None, stock.findings
    mw.export(stock, tmp_path / "small")
    return tmp_path / "small"


def test_a_vacancy_without_advice_does_not_keep_the_others_waiting(tmp_path: Path) -> None:
    path = small(tmp_path)
    done = run("advise", path)
    assert done.exit_code == 0, done.output
    assert "\nV1 " in done.stdout
    assert "\nV2 " not in done.stdout
    assert "Zonder advies:\nVacature V2: woning D2" in done.stderr
    told = document("advise", path)
    assert [each["vacancy"] for each in told["advices"]] == ["V1"]
    ((refused),) = told["without_advice"]
    assert (refused["vacancy"], refused["code"]) == ("V2", "out_of_base")


def test_a_vacancy_that_is_named_and_has_no_advice_ends_with_2(tmp_path: Path) -> None:
    done = run("advise", small(tmp_path), "--vacancy", "V2", "--json")
    assert done.exit_code == 2
    told = json.loads(done.stdout)
    jsonschema.validate(told, schema("trouble"))
    assert told["error"]["code"] == "out_of_base"


def test_without_areas_or_obligations_there_is_nothing_to_show_and_it_is_said(
    tmp_path: Path,
) -> None:
    path = small(tmp_path)
    assert "geen plek van deze soort" in run("account", path, "--kind", "district").stdout
    assert "geen opgaven" in run("obligations", path).stdout


def test_the_overview_of_obligations_shows_the_figures_of_the_document(town: Path) -> None:
    lines = run("obligations", town, language="en").stdout.splitlines()
    for told in document("obligations", town)["obligations"]:
        (line,) = [line for line in lines if line.startswith(f"{told['obligation']} ")]
        owed = told["target"] + told["carried"]
        figures = [owed, told["realised"], told["under_way"], told["remaining"]]
        shown = f"{told['unit']} " + " ".join(line.partition(f" {told['unit']} ")[2].split())
        assert shown.startswith(" ".join(map(str, [told["unit"], *figures])))


def test_a_story_that_gets_no_advice_says_why(tmp_path: Path) -> None:
    text = (STORIES / "verhuizing.yaml").read_text(encoding="utf-8")
    path = tmp_path / "verhaal.yaml"
    for expected, shown in (
        ("{aandacht: ruimte}", "verwacht was een advies, maar: Vacature V1"),
        ("{fout: norm_expired}", "verwacht was de fout norm_expired, maar: Vacature V1"),
    ):
        path.write_text(text.replace("{fout: out_of_base}", expected), encoding="utf-8")
        done = run("story", path)
        assert done.exit_code == 1
        assert shown in done.stdout
