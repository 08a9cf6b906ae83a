"""The connection: the setting `mixwijzer.owners` follows the scope of who is at work.

What the connection was told last is remembered, so that a request costs one small question more
and not one per statement. A rollback takes a setting back with everything else: after one, what it
was told is no longer known and it is told again.
"""

from __future__ import annotations

from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper
from psycopg.pq import TransactionStatus

from mixwijzer.web.accounts import isolation

__all__ = ["DatabaseWrapper"]

SETTING = "mixwijzer.owners"


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that shows rows of one scope only."""

    told: str | None = None

    def connect(self) -> None:
        """Begin without a scope."""
        self.told = None
        super().connect()

    def cursor(self) -> CursorWrapper:
        """Give a cursor that sees what the present scope may see."""
        cursor = super().cursor()
        self._tell()
        return cursor

    def chunked_cursor(self) -> CursorWrapper:
        """Give a cursor for long answers, under the same rule."""
        cursor = super().chunked_cursor()
        self._tell()
        return cursor

    def _rollback(self) -> None:
        self.told = None
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self.told = None

    def _tell(self) -> None:
        wanted = isolation.current()
        if wanted == self.told or self.connection is None:
            return
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return  # nothing is answered any more until the rollback
        with self.connection.cursor() as plain:
            plain.execute("SELECT set_config(%s, %s, false)", [SETTING, wanted])
        self.told = wanted
