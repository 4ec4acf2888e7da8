"""A controller sees its own rows; without a controller a query sees nothing."""

import psycopg
import pytest

from rightcall.database.connection import Database
from rightcall.ids import ControllerId, new_id


def count(database: Database, controller: ControllerId) -> int:
    with database.transaction(controller) as tx:
        row = tx.connection.execute("SELECT count(*) AS n FROM controllers").fetchone()
    assert row is not None
    return int(row["n"])


def test_a_controller_sees_only_itself(database: Database, controller: ControllerId) -> None:
    assert count(database, controller) == 1
    assert count(database, ControllerId(new_id())) == 0


def test_without_a_controller_every_isolated_table_is_empty(database_url: str, controller: ControllerId) -> None:
    with psycopg.connect(database_url) as connection:
        tables = connection.execute(
            "SELECT DISTINCT tablename FROM pg_policies WHERE policyname = 'own_rows' ORDER BY tablename"
        ).fetchall()
        assert ("controllers",) in tables
        connection.execute("SET ROLE rightcall_app")
        for (table,) in tables:
            if connection.execute("SELECT has_table_privilege(%s, 'SELECT')", (table,)).fetchone() != (True,):
                continue
            query = psycopg.sql.SQL("SELECT count(*) FROM {}").format(psycopg.sql.Identifier(table))
            assert connection.execute(query).fetchone() == (0,), table


def test_every_table_with_a_controller_is_isolated(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        open_tables = connection.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'controller'"
            " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"
            " AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
        ).fetchall()
    assert open_tables == []


def test_a_row_for_another_controller_is_refused(database: Database, controller: ControllerId) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.transaction(controller) as tx:
        tx.connection.execute(
            "INSERT INTO controllers (controller, name, address, contact, jurisdictions, created_at)"
            " VALUES (%s, 'n', 'a', 'c', '{EU}', now())",
            (new_id(),),
        )
