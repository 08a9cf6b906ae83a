"""What can be known of the container without an engine: words, commands, pins and walls."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
COMMANDS = PROJECT["project"]["entry-points"]["mixwijzer.commands"]
KNOWN = {
    *("FROM", "ENV", "WORKDIR", "RUN", "COPY", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK"),
    *("STOPSIGNAL", "ENTRYPOINT", "CMD"),
}


def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in text.splitlines() if line]


def given(name: str) -> list[str]:
    return [rest for word, rest in instructions() if word == name]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    made: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return made


def test_every_instruction_exists_and_what_is_copied_is_there() -> None:
    assert {word for word, _ in instructions()} <= KNOWN
    ignored = (ROOT / ".containerignore").read_text(encoding="utf-8")
    for line in given("COPY"):
        if line.startswith("--from=build"):
            continue
        *sources, _ = line.split()
        for each in sources:
            assert (ROOT / each).exists(), each
            assert f"!{each.split('/')[0]}" in ignored


def test_only_official_images_are_named_and_with_the_python_of_the_locks(compose) -> None:
    images = {line.split(" AS ")[0] for line in given("FROM")}
    images |= {each["image"] for each in compose["services"].values() if "image" in each}
    official = r"docker\.io/library/(?:python:3\.11-slim|postgres:\d+)|mixwijzer"
    assert [each for each in images if not re.fullmatch(official, each)] == []
    assert PROJECT["project"]["requires-python"] == ">=3.11"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "--python-version 3.11 --generate-hashes" in makefile


def test_everything_installed_is_pinned_by_hash_and_nothing_else_is_fetched() -> None:
    installs = [line for line in given("RUN") if "pip install" in line]
    assert len(installs) == 2
    assert "--require-hashes" in installs[0]
    assert "--no-deps --no-build-isolation" in installs[1]
    for name in re.findall(r"requirements/\w+\.txt", installs[0]):
        assert "--hash=sha256:" in (ROOT / name).read_text(encoding="utf-8")
    assert not [line for line in given("RUN") if re.search(r"curl|wget|apt|https?:", line)]


def test_it_runs_as_nobody_in_particular_on_a_file_system_that_is_only_read(compose) -> None:
    assert given("USER") == ["10001"]
    last = [word for word, _ in instructions()]
    assert last.index("USER") < last.index("ENTRYPOINT")
    for name in ("app", "upgrade"):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["volumes"] == ["home:/data"]
        assert not service.get("privileged")
    assert "ports" not in compose["services"]["database"]
    assert compose["services"]["app"]["ports"] == ["127.0.0.1:8000:8000"]


def test_every_command_in_them_exists_with_its_options(compose) -> None:
    from mixwijzer.web.config import upkeep

    assert given("ENTRYPOINT") == ['["mixwijzer"]']
    words = [json.loads(given("CMD")[0])]
    words += [each["command"] for each in compose["services"].values() if "command" in each]
    assert words
    for name, *options in words:
        module, _, function = COMMANDS[name].partition(":")
        assert module == "mixwijzer.web.config.upkeep"
        known = getattr(upkeep, function).__annotations__
        assert {each[2:] for each in options if each.startswith("--")} <= set(known)


def test_the_question_after_its_health_is_python_and_asks_what_is_there() -> None:
    from mixwijzer.web.config import health

    (check,) = given("HEALTHCHECK")
    command = json.loads(check.partition("CMD ")[2])
    assert command[:2] == ["python", "-c"]
    compile(command[2], "HEALTHCHECK", "exec")
    assert health.READY in command[2]


def test_what_compose_names_is_there(compose) -> None:
    services = compose["services"]
    for service in services.values():
        for other in service.get("depends_on", {}):
            assert other in services
        for each in service.get("volumes", []):
            source = each.split(":")[0]
            there = source in compose["volumes"] or (ROOT / source).exists()
            assert there, source
        assert set(service["networks"]) <= set(compose["networks"])
    settings = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    for name in services["app"]["environment"]:
        assert f"`{name}`" in settings or name == "PGPASSWORD"


def test_no_password_stands_in_them_and_none_is_assumed() -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    told = re.findall(r"PASSWORD: (.*)", text)
    assert told
    assert all(each.startswith("${") for each in told)
    assert ":-" not in "".join(told)


def test_the_role_of_the_database_is_no_superuser() -> None:
    script = ROOT / "deploy" / "role.sh"
    text = script.read_text(encoding="utf-8")
    assert "NOSUPERUSER NOBYPASSRLS" in text
    assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0
