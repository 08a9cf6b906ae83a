"""Which rules does PostgreSQL keep for tables with an owner, and does it keep them?

Nobody writes a rule by hand: `keep` makes those of every `Owned` model after each migration, and
`troubles` names what is missing, so that a new table cannot be forgotten. A rule's text is kept as
its comment; when the text here changes, the rule is made anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from mixwijzer.web.accounts.models import Owned

__all__ = ["check", "keep", "owned_tables", "troubles"]

_SAID = "current_setting('mixwijzer.owners', true)"
_EVERYBODY = f"(SELECT {_SAID} = '*')"
_OWNERS = f"(SELECT string_to_array(nullif({_SAID}, '*'), ',')::bigint[])::bigint[]"
_TABLES = """
    SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity
    FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
"""
_RULES = """
    SELECT c.relname, p.polname, obj_description(p.oid, 'pg_policy')
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
    WHERE c.relnamespace = current_schema()::regnamespace
"""
_ROLE = "SELECT rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)"
Rules = Mapping[str, str]


def owned_tables() -> Iterator[tuple[str, Rules]]:
    """Yield every table with an owner, with the rules that it must have."""
    for model in apps.get_models(include_auto_created=True):
        if issubclass(model, Owned):
            meta = model._meta  # noqa: SLF001 (Django's own name)
            yield meta.db_table, _rules_of(model)


def _rules_of(model: type[Owned]) -> Rules:
    own = f"{_EVERYBODY} OR owner_id = ANY ({_OWNERS})"
    rules = {"rows_of_the_owner": f"FOR ALL USING ({own}) WITH CHECK ({own})"}
    if model.shared_with:
        shared = " OR ".join(f"{column} = ANY ({_OWNERS})" for column in model.shared_with)
        rules["rows_shared_with_another"] = f"FOR SELECT USING ({shared})"
    return rules


def keep(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **kwargs: object) -> None:
    """Make the rules of every table with an owner; told after each migration."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    forced, there = _present(connection)
    with connection.cursor() as cursor:
        for table, rules in owned_tables():
            if table not in forced:
                continue  # a migration that stops half-way: `troubles` names it
            if not forced[table]:
                cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
                cursor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
            for statement in _changes(table, rules, there.get(table, {})):
                cursor.execute(statement)


def _changes(table: str, wanted: Rules, there: Rules) -> list[str]:
    outdated = [name for name, text in there.items() if wanted.get(name) != text]
    made: list[str] = [f'DROP POLICY "{name}" ON "{table}"' for name in outdated]
    for name, text in wanted.items():
        if there.get(name) != text:
            told = text.replace("'", "''")
            made.append(f'CREATE POLICY "{name}" ON "{table}" {text}')
            made.append(f'COMMENT ON POLICY "{name}" ON "{table}" IS \'{told}\'')
    return made


def _present(connection: BaseDatabaseWrapper) -> tuple[dict[str, bool], dict[str, dict[str, str]]]:
    """Return which tables force their rules, and the rules that there are."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        forced = dict(cursor.fetchall())
        cursor.execute(_RULES)
        rules: dict[str, dict[str, str]] = {}
        for table, name, text in cursor.fetchall():
            rules.setdefault(table, {})[name] = text or ""
    return forced, rules


def troubles(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Name everything through which a row could be seen by another organisation."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return []
    forced, there = _present(connection)
    found = [
        f"table {table}: its rules differ from those of its model"
        for table, rules in owned_tables()
        if table in forced and (not forced[table] or there.get(table) != rules)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ROLE)
        found += [f"role {name}: PostgreSQL keeps no rule for it" for (name,) in cursor.fetchall()]
    return found


def check(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse a database that does not keep the rows of organisations apart."""
    hint = "Use a role without SUPERUSER and BYPASSRLS, and run `migrate` with it."
    return [
        Error(f"Rows of organisations are not kept apart: {each}.", hint=hint, id="mixwijzer.E010")
        for using in databases or ()
        for each in troubles(using)
    ]
