"""What everybody may read: how neighbours are chosen, by which rules, and one honest counter."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from django.test import Client

from mixwijzer.engine.portfolio import Role
from mixwijzer.web.accounts.models import Missing, Organisation
from mixwijzer.web.desk.selectors import public_page
from tests.builders import NOW, a_complex, hanzeveen
from tests.cast import Cast
from tests.web.acting import load_town
from tests.web.refused_words import visible_text


def address(cast: Cast, rest: str = "") -> str:
    return f"/public/{cast.woonbelang.public_id}/{rest}"


def with_roles(number: int, until=None):
    town = hanzeveen()
    roles = tuple(
        Role(
            tenancy=f"T-Vlier-{place:03d}",
            role="carrier",
            agreed_on=NOW.date().replace(month=3),
            ends_on=until,
        )
        for place in range(1, number + 1)
    )
    return replace(town, roles=roles)


def test_nobody_has_a_category_at_the_default_level(town: Cast):
    page = public_page(town.woonbelang.public_id, now=NOW)
    assert (page.level, page.tenants.number) == ("judgement", 0)


@pytest.mark.parametrize(("kept", "said"), [(1, None), (4, None), (5, 5), (7, 7)])
def test_the_counter_tells_the_truth_and_hides_a_few(cast: Cast, kept, said):
    Organisation.objects.filter(pk=cast.woonbelang.pk).update(level="agreement")
    load_town(cast, with_roles(kept))
    assert public_page(cast.woonbelang.public_id, now=NOW).tenants.number == said


def test_a_role_that_ended_is_not_counted(cast: Cast):
    load_town(cast, with_roles(7, until=NOW.date()))
    assert public_page(cast.woonbelang.public_id, now=NOW).tenants.number == 0


def test_only_an_association_has_a_public_page(town: Cast):
    for other in (town.gemeente, town.opstap, town.huurders):
        with pytest.raises(Missing):
            public_page(other.public_id, now=NOW)


def test_it_may_be_kept_by_everybody_and_sets_no_cookie(town: Cast):
    for rest in ("", "en/", "norms.json"):
        answer = Client().get(address(town, rest))
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=600"
        assert not answer.cookies
        assert b"csrf" not in answer.content.lower().replace(b"htmx", b"")


def test_it_is_dutch_and_english_by_address_and_not_by_browser(town: Cast):
    dutch = Client(headers={"accept-language": "en"}).get(address(town)).content.decode()
    english = Client(headers={"accept-language": "nl"}).get(address(town, "en/")).content.decode()
    assert "Hoe kiezen wij buren?" in dutch
    assert '<html lang="nl">' in dutch
    assert "How do we choose neighbours?" in english
    assert '<html lang="en">' in english


def test_it_names_no_place_and_no_count_of_one(town: Cast):
    words = visible_text(Client().get(address(town)).content.decode())
    for name in ("Vlier", "Molen", a_complex("Vlier").name, "Elders"):
        assert name not in words


def test_it_is_the_same_for_who_is_logged_in_and_who_is_not(town: Cast):
    client = Client()
    client.force_login(town.iris)
    assert client.get(address(town)).content == Client().get(address(town)).content


def test_the_aim_is_no_threshold_and_every_rule_says_how_hard_it_is(town: Cast):
    html = Client().get(address(town)).content.decode()
    assert "geen drempel" in html
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", html, re.DOTALL)
    assert len(rows) > 8
    assert all('class="norm norm-' in row for row in rows)


def test_open_data_hold_the_same_norms_and_nothing_else(town: Cast):
    data = json.loads(Client().get(address(town, "norms.json")).content)
    assert set(data) == {"association", "on", "level", "bands", "norms"}
    assert {row["standing"] for row in data["norms"]} <= {"law", "agreement", "aim", "assumption"}
    attention = [row for row in data["bands"] if row["category"] == "attention"]
    assert {(row["min"], row["target"], row["max"]) for row in attention} == {(3000, 3500, 4000)}
    assert "households" not in json.dumps(data["bands"])
