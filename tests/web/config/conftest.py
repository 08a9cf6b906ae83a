"""An installation with a made-up town and stored advices; each test has its own copy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.config import installation
from tests.web.config.installation import Installation

HOMES, ADVICES = 300, 40
BUILD = """
from django.utils import timezone
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.config.town import build_town
from mixwijzer.web.letting import services
from mixwijzer.web.letting.models import Advice, Question
from mixwijzer.web.outlook.services import look_ahead
homes = int(sys.argv[1])
now = timezone.now()
build_town(seed=4, homes=homes, now=now)
for owner in Organisation.objects.all():
    look_ahead(owner=owner, now=now)
for row in Question.of_everybody.select_related("asked", "vacancy").order_by("pk"):
    try:
        services.answer_unchanged(user=row.asked, vacancy=row.vacancy.public_id, now=now)
    except Exception as refusal:
        assert type(refusal).__name__ in {"NotNow", "WrongAnswer"}, refusal
user = User.objects.get(email="iris@zilverlinde.example")
user.set_password("zeven blauwe fietsen in de gang")
user.save()
"""
ADVISE = """
from datetime import timedelta
from mixwijzer.web.letting import services
from mixwijzer.web.letting.models import Advice
rows = Advice.of_everybody.select_related("opened_by", "vacancy").order_by("-pk")
last = rows.first().opened_at
opened = list({each.vacancy_id: each for each in rows.all()}.values())
turn, wanted = 0, int(sys.argv[1])
while rows.count() < wanted:
    turn += 1
    for each in opened:
        moment = last + timedelta(minutes=turn)
        services.open_advice(user=each.opened_by, vacancy=each.vacancy.public_id, now=moment)
assert all(each.priced_at for each in rows[: wanted // 2])
print(rows.count())
"""


@pytest.fixture(scope="session")
def built(
    migrated: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """A town of which copies are made."""
    made = migrated.copied(tmp_path_factory.mktemp("town"))
    made.python(BUILD, HOMES)
    assert int(made.python(ADVISE, ADVICES)) >= ADVICES
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
