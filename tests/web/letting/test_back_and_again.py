"""The address of a form is opened without the form: reloaded, in English, after logging in anew."""

from __future__ import annotations

import pytest

from mixwijzer.web.letting.models import Candidate, CandidateList, Decision, Match, Vacancy
from tests.cast import Cast
from tests.web.every_url import ADDRESSES, FORM, PAGE, asked, logged_in
from tests.web.letting.matched import a_match_is_under_way

THINGS = {
    "vacancy": Vacancy,
    "decision": Decision,
    "match": Match,
    "candidate": Candidate,
    "listed": CandidateList,
}
FORMS = [each for each in ADDRESSES if each.name.startswith("letting:") and each.method == FORM]


@pytest.mark.parametrize("address", FORMS, ids=lambda each: each.name)
def test_the_address_of_a_form_leads_to_a_page(town: Cast, address) -> None:
    a_match_is_under_way(town)
    thing = None
    if address.about:
        rows = THINGS[address.about].objects.for_organisation(town.woonbelang)
        thing = rows.latest("pk").public_id
    client = logged_in(town.iris)
    answer = asked(client, PAGE, address.path(thing))
    if answer.status_code == 302:
        answer = client.get(answer.headers["Location"])
    assert answer.status_code == 200
