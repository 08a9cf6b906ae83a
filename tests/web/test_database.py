"""Each test run talks to the database that it says it talks to."""

from __future__ import annotations

import os

import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_run_is_on_the_database_that_was_asked_for() -> None:
    asked = os.environ.get("DATABASE_URL", "sqlite")
    vendor = "postgresql" if asked.startswith("postgres") else "sqlite"
    with connection.cursor() as cursor:
        question = "select version()" if vendor == "postgresql" else "select sqlite_version()"
        cursor.execute(question)
        answer = str(cursor.fetchone())
    assert connection.vendor == vendor
    assert ("PostgreSQL" in answer) is (vendor == "postgresql")
