"""The access matrix: one table that is enforced, shown and written down."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from mixwijzer.web.accounts import rights
from mixwijzer.web.accounts.roles import MATRIX, Action, Role
from mixwijzer.web.register.models import Complex
from tests.cast import Cast
from tests.web.acting import answers, decides, the_page
from tests.web.every_url import ADDRESSES

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "access.md"
START = "<!-- matrix: python -m tests.web.accounts.write_matrix -->\n"


def test_the_reference_page_is_what_is_enforced():
    assert PAGE.read_text(encoding="utf-8").partition(START)[2] == rights.as_markdown()


def test_what_views_ask_is_what_the_table_of_addresses_says():
    """The table of the tests is written by hand: a decorator that is forgotten is noticed."""
    enforced = {each.name: (each.needs, each.public) for each in rights.addresses()}
    said = {each.name: (each.needs, each.public) for each in ADDRESSES}
    differ = {name: (enforced[name], said[name]) for name in said if enforced[name] != said[name]}
    assert differ == {}


def test_every_action_has_words_and_every_role_a_line():
    assert set(rights.MEANINGS) == set(Action)
    assert set(MATRIX) == set(Role)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["iris", "lotte", "rik", "noor", "anja"])
def test_everybody_may_read_what_everybody_may(cast: Cast, who):
    client = Client()
    client.force_login(getattr(cast, who))
    page = client.get("/accounts/rights/").content.decode()
    for told in rights.MEANINGS.values():
        assert str(told) in page


@pytest.mark.django_db
class TestFields:
    """What the table says of fields is what pages show."""

    def test_a_letting_agent_sees_the_home_and_no_advice(self, town: Cast):
        decides(town.iris, answers(town.iris, "Vlierhof 3"))
        vacancy = the_page(town.iris, "Vlierhof 3").id
        page = self.page(town.tessa, f"/vacancies/{vacancy}/")
        full = self.page(town.iris, f"/vacancies/{vacancy}/")
        assert "Vlierhof 3" in page
        for words in ('class="verdict', 'class="histogram', "reasons"):
            assert words not in page
        assert len(full) > len(page)

    def test_nor_the_account_of_a_complex(self, town: Cast):
        decides(town.iris, answers(town.iris, "Vlierhof 3"))
        home = Complex.objects.for_organisation(town.woonbelang).get(code="Vlier")
        assert '<svg class="chart' not in self.page(town.tessa, f"/complexes/{home.public_id}/")

    def page(self, user: object, path: str) -> str:
        client = Client()
        client.force_login(user)
        answer = client.get(path)
        assert answer.status_code == 200
        return answer.content.decode()
