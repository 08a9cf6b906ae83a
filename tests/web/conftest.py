"""The cast, the town, and a way to empty tables that refuse to be emptied."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations

from mixwijzer.engine.portfolio import Count, Ground, Letting, Role, Scope, ScopeKind
from mixwijzer.web.accounts import isolation
from mixwijzer.web.letting import services
from mixwijzer.web.letting.reasons import FollowReason
from mixwijzer.web.register import services as register
from tests.builders import BEFORE, NOW, a_cap, hanzeveen, with_rows
from tests.cast import Cast, make_cast
from tests.web.acting import a_key, an_outline, answers, decides, load_town
from tests.web.agreements.agreeing import an_agreement_is_signed
from tests.web.config import installation
from tests.web.config.installation import Installation
from tests.web.kept import kept
from tests.web.letting.contender import Ring
from tests.web.letting.matched import a_match_is_under_way
from tests.web.outlook.comparing import a_finished_scenario
from tests.web.outlook.laying import figures_lie_on_the_table
from tests.web.profiles.drafting import a_profile_is_asked
from tests.web.pulse.rounds import a_round_is_under_way
from tests.web.rounds.asking import a_party_answered
from tests.web.rounds.tables import one_takes_no_part
from tests.web.yearbook.freezing import a_baseline


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with all tables and no row; a test that needs its own takes a copy."""
    made = installation.empty(tmp_path_factory.mktemp("migrated"))
    made.python(
        "from django.core.management import call_command; call_command('migrate', verbosity=0)"
    )
    yield made
    installation.removed(made)


@pytest.fixture
def ring(migrated: Installation, tmp_path: Path) -> Iterator[Ring]:
    """A database of its own, of the kind that the run is on."""
    own = migrated.copied(tmp_path / "own")
    yield Ring(url=own.address, home=str(own.home))
    installation.removed(own)


@pytest.fixture(scope="session", autouse=True)
def tables_can_be_emptied() -> Iterator[None]:
    """Let the flush between tests with real transactions pass tables that are append-only.

    Only Django's own `execute_sql_flush` is widened: nothing that a test does goes past a trigger.
    """
    plain = BaseDatabaseOperations.execute_sql_flush

    def lifted(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL session_replication_role = replica")
                plain(self, sql_list)
                return
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            plain(self, sql_list)
            for _, sql in triggers:
                cursor.execute(sql)

    BaseDatabaseOperations.execute_sql_flush = lifted  # type: ignore[method-assign]
    yield
    BaseDatabaseOperations.execute_sql_flush = plain  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def a_test_looks_at_everybody() -> Iterator[None]:
    """Let a test itself see all rows on PostgreSQL; a request in it still sees only its own.

    Whoever tests a task or a command uses `as_in_production`: there nothing is seen by itself.
    """
    isolation.ambient = isolation.EVERYBODY
    yield
    isolation.ambient = isolation.NOBODY


@pytest.fixture(scope="session", autouse=True)
def a_password_is_checked_quickly() -> Iterator[None]:
    """Let Argon2 do its work once over little memory: to be slow is no part of what is tested."""
    with pytest.MonkeyPatch.context() as patch:
        for name, least in {"time_cost": 1, "memory_cost": 8, "parallelism": 1}.items():
            patch.setattr(Argon2PasswordHasher, name, least)
        yield


@pytest.fixture(autouse=True)
def without_second_factor(settings: Any) -> None:
    """Let people in as they are; the tests of logging in ask for everything."""
    settings.SECOND_FACTOR = False


@pytest.fixture
def as_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show no row to who does not say on whose behalf he asks."""
    monkeypatch.setattr(isolation, "ambient", isolation.NOBODY)


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody, without any home."""
    return kept("cast", make_cast)


@pytest.fixture
def town(cast: Cast) -> Cast:
    """Everybody, with the homes of both associations."""
    kept("town", lambda: load_town(cast, hanzeveen()))
    return cast


@pytest.fixture
def decided(cast: Cast) -> Cast:
    """A town with every kind of row, in which Iris decided once and took it back."""
    kept("decided", lambda: a_decision_is_made_and_withdrawn(cast))
    return cast


def a_decision_is_made_and_withdrawn(cast: Cast) -> None:
    """Write every kind of row."""
    said = {"scheme": "role", "category": "attention", "recorded_at": BEFORE}
    elders = Scope(ScopeKind.COMPLEX, "Elders")
    load_town(
        cast,
        with_rows(
            hanzeveen(),
            caps=(a_cap("Vlier", 12),),
            counts=(Count(scope=elders, on=date(2026, 6, 1), households=3, **said),),
            roles=(Role(tenancy="T-Elders-002", role="carrier", agreed_on=date(2026, 6, 1)),),
            lettings=(
                Letting(
                    vacancy="V-Molen-002",
                    channel="ordinary",
                    ground=Ground.NONE_NEEDED,
                    on=date(2026, 11, 20),
                    recorded_at=BEFORE,
                ),
            ),
        ),
    )
    register.record_shapes(
        owner=cast.woonbelang, outlines=[an_outline("BU010101")], actor=cast.anja, now=NOW
    )
    register.renumber(
        owner=cast.woonbelang,
        kind="complex",
        theirs="5001",
        ours="Vlier",
        from_on=date(2026, 11, 1),
        actor=cast.anja,
        now=NOW,
    )
    register.keep_mapping(
        owner=cast.woonbelang,
        file_name="ons-uittreksel.yaml",
        content=b"title: {nl: Ons uittreksel, en: Our extract}\nreads: []\n",
        actor=cast.anja,
        now=NOW,
    )
    a_profile_is_asked(cast)
    an_agreement_is_signed(cast)
    figures_lie_on_the_table(cast)
    one_takes_no_part(cast)
    a_baseline(cast)
    a_finished_scenario(cast)
    a_round_is_under_way(cast)
    a_party_answered(cast)
    services.say(
        user=cast.anja, owner=cast.woonbelang, texts={"word.carrier": ("doeners", "")}, now=NOW
    )
    services.offer_reasons(
        user=cast.anja,
        owner=cast.woonbelang,
        kind="follow",
        reasons=[(code, True) for code in FollowReason.values],
        now=NOW,
    )
    decision = decides(cast.iris, answers(cast.iris, "Vlierhof 3"))
    services.withdraw(
        user=cast.iris, decision=decision.public_id, reason="changed", key=a_key(), now=NOW
    )
    a_match_is_under_way(cast)
