"""An installation with a made-up town and a hundred stored advices; each test has its own copy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.config import installation
from tests.web.config.installation import Installation

HOMES, ADVICES = 600, 100
BUILD = """
from datetime import timedelta
from django.utils import timezone
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.config.town import build_town
from mixwijzer.web.letting import services
from mixwijzer.web.letting.models import Advice, Question
from mixwijzer.web.outlook.services import look_ahead
homes, wanted = map(int, sys.argv[1:])
now = timezone.now()
build_town(seed=4, homes=homes, now=now)
for owner in Organisation.objects.all():
    look_ahead(owner=owner, now=now)
for row in Question.of_everybody.select_related("asked", "vacancy").order_by("pk"):
    try:
        services.answer_unchanged(user=row.asked, vacancy=row.vacancy.public_id, now=now)
    except Exception as refusal:
        assert type(refusal).__name__ in {"NotNow", "WrongAnswer"}, refusal
opened = [(a.opened_by, a.vacancy.public_id) for a in
          Advice.of_everybody.select_related("opened_by", "vacancy").order_by("pk")]
turn = 0
while Advice.of_everybody.count() < wanted:
    turn += 1
    for user, vacancy in opened:
        services.open_advice(user=user, vacancy=vacancy, now=now + timedelta(minutes=turn))
user = User.objects.get(email="iris@zilverlinde.example")
user.set_password("zeven blauwe fietsen in de gang")
user.save()
assert all(each.priced_at for each in Advice.of_everybody.order_by("-pk")[:wanted // 2])
print(Advice.of_everybody.count())
"""


@pytest.fixture(scope="session")
def built(
    migrated: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """A town of which copies are made."""
    made = migrated.copied(tmp_path_factory.mktemp("town"))
    assert int(made.python(BUILD, HOMES, ADVICES)) >= ADVICES
    yield made
    installation.removed(made)


@pytest.fixture
def installed(built: Installation, tmp_path) -> Iterator[Installation]:
    """An installation in which people have worked."""
    made = built.copied(tmp_path / "home")
    yield made
    installation.removed(made)


@pytest.fixture
def bare(tmp_path) -> Iterator[Installation]:
    """An installation without any table."""
    made = installation.empty(tmp_path / "bare")
    yield made
    installation.removed(made)
