"""One file sets an installation up; mistakes are told at once, and twice changes nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mixwijzer.web.accounts.roles import OrganisationKind, Role
from tests.web.config.installation import Installation

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "set-up.md"
WRONG = """mixwijzer: 1
machine:
  hosts: mixwijzer.example
  colour: blue
organisations:
  - {code: Zilver Linde, name: Zilverlinde, kind: association}
  - {code: stad, name: Stad, kind: village}
  - {code: raad, name: Huurdersraad, kind: tenants, speaks_for: roodborst}
  - {code: stad, kind: municipality}
people:
  - {email: geen adres, name: Bo, roles: [{organisation: nergens, role: consultant}]}
  - {email: a@b.example, name: A, roles: [{organisation: raad, role: consultant}], password: x}
  - just a word
surprise: 1
"""
COUNTS = """
from mixwijzer.web.accounts.models import *
print(Organisation.objects.count(), User.objects.count(), Membership.objects.count())
"""


# Whose people the administrator of the first association invites.
KEEPERS = """
from mixwijzer.web.accounts.models import Organisation
print(*sorted(each.code for each in Organisation.objects.filter(kept_by__code="zilverlinde")))
"""


def example() -> str:
    """The example of the reference, without the part about the machine."""
    block = re.search(r"```yaml\n(.*?)```", REFERENCE.read_text(encoding="utf-8"), re.DOTALL)
    assert block
    return re.sub(r"machine:\n(?:  .*\n)+", "", block[1])


def test_the_example_of_the_reference_sets_an_installation_up(bare: Installation) -> None:
    file = bare.home / "mixwijzer.yaml"
    file.write_text(example())
    said = bare.run("set_up", file)
    assert said.code == 0, said.err
    first = bare.python(COUNTS)
    assert first.split()[0] == "4"
    again = bare.run("set_up", file)
    assert again.code == 0
    assert "New: 0 organisations, 0 people, 0 roles" in again.out
    assert bare.python(COUNTS) == first
    assert bare.run("verify").code == 0
    assert bare.python(KEEPERS).split() == ["hanzeveen", "huurdersraad", "oversteek"]


@pytest.mark.once
def test_the_link_of_the_last_time_is_the_one_that_opens(bare: Installation) -> None:
    words = ["--association", "Zilverlinde", "--name", "Bo Kabel", "--email", "bo@zil.example"]
    links = [
        bare.run("set_up", *words, *port).out.splitlines()[-1] for port in ((), ("--port", "9000"))
    ]
    assert links[0].startswith("http://localhost:8000/accounts/link/?t=")
    assert links[1].startswith("http://localhost:9000/accounts/link/?t=")
    code = (
        "from django.test import Client\n"
        "for link in sys.argv[1:]:\n"
        "    path = link[len('http://localhost:8000'):]\n"
        "    answer = Client(SERVER_NAME='localhost').get(path, follow=True)\n"
        "    print('password' in answer.content.decode())\n"
    )
    assert bare.python(code, *links).split() == ["False", "True"]


@pytest.mark.once
def test_every_mistake_is_told_at_once_and_nothing_is_done(bare: Installation) -> None:
    file = bare.home / "mixwijzer.yaml"
    file.write_text(WRONG)
    said = bare.run("set_up", file)
    assert said.code == 1
    told = said.err.splitlines()
    for part in (
        "machine, colour",
        "machine, hosts",
        "organisations 1: Zilver Linde can't be a code",
        "organisations 2: village doesn't exist",
        "organisations 4: name is missing",
        "organisations 4: stad stands here already",
        "raad: organisation roodborst isn't in this file",
        "people 1: geen adres is no e-mail address",
        "people 1, roles 1: organisation nergens isn't in this file",
        "people 2, password: there is no such key",
        "people 2, roles 1: consultant doesn't exist here. Choose from: tenants",
        "people 3: keys with values belong here",
        "surprise: there is no such key",
        "mixwijzer.yaml: administrator is missing",
    ):
        assert any(part in each for each in told), (part, told)
    assert told[-1] == f"{len(told) - 1} things aren't right in the file. Nothing was done."
    assert bare.tables() == []


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "begins with 'mixwijzer: 1'"),
        ("- a\n- b\n", "begins with 'mixwijzer: 1'"),
        ("mixwijzer: 1\nmixwijzer: 1\n", "Line 2"),
        ("mixwijzer: 1\n  x: [\n", "isn't proper YAML"),
    ],
)
def test_what_is_no_set_up_file_is_a_sentence(bare: Installation, text: str, part: str) -> None:
    file = bare.home / "mixwijzer.yaml"
    file.write_text(text)
    said = bare.run("set_up", file)
    assert (said.code, part in said.err) == (1, True), said.err


@pytest.mark.once
def test_a_password_that_others_can_read_is_refused(bare: Installation) -> None:
    file = bare.home / "mixwijzer.yaml"
    address = "postgresql://mixwijzer:geheim@127.0.0.1/mixwijzer"
    file.write_text(f"mixwijzer: 1\nmachine: {{database: '{address}'}}\n" + example()[13:])
    file.chmod(0o644)
    said = Installation(home=bare.home, url=bare.url).run("set_up", file)
    assert said.code == 1
    assert "chmod 600" in said.err
    assert "geheim" not in said.err


@pytest.mark.sqlite  # on a server the environment's address wins
def test_the_file_says_where_the_data_are_and_the_environment_wins(bare: Installation) -> None:
    file = bare.home / "mixwijzer.yaml"
    there = bare.home / "elsewhere.sqlite3"
    machine = f"machine:\n  database: sqlite:///{there}\n  hosts: [wonen.example]\n"
    file.write_text("mixwijzer: 1\n" + machine + example().partition("\n")[2])
    said = bare.run("set_up", file)
    assert said.code == 0, said.err
    assert there.exists()
    assert "https://wonen.example/accounts/link/" in said.out
    told = Installation(home=bare.home, extra={"MIXWIJZER_CONFIG": str(file)})
    code = "from django.conf import settings; print(settings.ALLOWED_HOSTS)"
    assert told.python(code) == "['wonen.example']"
    mine = {**told.extra, "MIXWIJZER_HOSTS": "andere.example"}
    assert Installation(home=bare.home, extra=mine).python(code) == "['andere.example']"


def test_the_reference_names_every_kind_and_role() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    for each in (*OrganisationKind.values, *Role.values):
        assert f"`{each}`" in text
