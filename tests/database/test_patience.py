"""A database that hangs is given up, and what was asked of it fails as an outage."""

import pytest

from rightcall.database import connection
from rightcall.database.connection import Database
from rightcall.errors import DatabaseGone
from rightcall.ids import ControllerId


def test_a_statement_without_an_answer_is_given_up(
    database_url: str, controller: ControllerId, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(database_url, connections=1)
    try:
        with database.transaction(controller) as tx:
            assert tx.connection.execute("SELECT 1 AS one").fetchone() == {"one": 1}
        monkeypatch.setattr(connection, "_PATIENCE_SECONDS", 0.3)
        with pytest.raises(DatabaseGone), database.transaction(controller) as tx:
            tx.connection.execute("SELECT pg_sleep(30)")
        monkeypatch.setattr(connection, "_PATIENCE_SECONDS", 8.0)
        with database.transaction(controller) as tx:
            assert tx.connection.execute("SELECT 1 AS one").fetchone() == {"one": 1}
    finally:
        database.close()
