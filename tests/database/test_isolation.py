"""A controller sees its own rows, in every table that has any; without a controller a query sees nothing.

Each table is filled for real, in a transaction that is rolled back: its policies stand as they are, while the constraints that
have nothing to do with them, and the missing rights that would hide a weak policy, are out of the way.
"""

from collections.abc import Callable, Iterator
from typing import LiteralString
from uuid import UUID

import psycopg
import pytest
from psycopg.sql import SQL, Composed, Identifier, Literal

from rightcall.ids import new_id

OWN = "(controller = current_controller())"
ASKED_ONCE = "(controller = ( SELECT current_controller() AS current_controller))"
POLICIES = {
    ("own_rows", "PERMISSIVE", "{rightcall_app}", "ALL", OWN, OWN),
    ("all_rows", "PERMISSIVE", "{rightcall_system}", "ALL", "true", "true"),
}
MANY_AT_ONCE = {("own_rows", "PERMISSIVE", "{rightcall_app}", "ALL", OWN, ASKED_ONCE)}
"""Of a table that takes thousands of rows by one statement: whose they are is looked up once."""
BESIDES = {
    "statements": {
        ("no_place_at_first", "RESTRICTIVE", "{rightcall_app,rightcall_system}", "INSERT", None, "(leaf_index IS NULL)"),
        ("one_place_for_good", "RESTRICTIVE", "{rightcall_system}", "UPDATE", "(leaf_index IS NULL)", "(leaf_index IS NOT NULL)"),
    }
}
OF_THE_SYSTEM_TOO = {
    *("controllers", "tokens", "trunks", "trunk_claims"),  # who knocks, before it is known on whose behalf
    *("statements", "ledger_hours"),  # the one ledger
    *("procedures", "escalations"),  # what the worker tells of all
    *("concern_codes",),  # whose concern a case code leads to
    *("packages",),  # whose package a link leads to
    *("members", "sessions", "passkeys", "sign_up_links"),  # who signs in, before it is known on whose behalf
    *("drp_agents", "drp_tokens"),  # which agent of people knocks, before it is known on whose behalf
    *("epoch_seeds", "blind_keys", "subject_keys", "grant_keys", "term_keys", "hold_keys"),  # wrapped anew each epoch
    *("recording_sessions", "recording_takes", "recording_marks"),  # the recorders
    *("rule_drafts", "rule_adoptions", "rule_turns"),  # whether every house's rules can be read, and when they turn
}
WITHOUT_CONTROLLER = {
    "alembic_version": "which migrations ran",
    "migration_gate": "one migration at a time",
    "checkpoints": "the one ledger: hashes and signatures",
    "ledger_head": "the one ledger: its size",
    "tiles": "the one ledger: hashes",
    "epochs": "names of epoch keys; no key",
    "vault_families": "the name of the deployment's key family",
    "housekeeping": "one worker at a time",
    "reaction_progress": "how far the worker has read",
    "workers": "which workers live",
    "schedule_runs": "when what was done by the clock",
    "recorders": "which recorders live",
    "backups": "which copies of the whole deployment there are",
    "drills": "whether those are good",
    "copies_under_way": "how far a backup or a drill is",
    "copies_look": "which copies the database and the object store make",
    "rule_sets": "the deployment's law packs and house rules",
    "ceremonies": "sign-ins under way, whose nobody knows yet: random bytes",
}
READ_BY_ALL = {"checkpoints", "tiles", "epochs", "rule_sets", "backups", "drills", "copies_look"}
VALUES: dict[str, LiteralString] = {
    "uuid": "gen_random_uuid()",
    "integer": "1",
    "bigint": "1",
    "smallint": "1",
    "text": "gen_random_uuid()::text",
    "bytea": "gen_random_uuid()::text::bytea",
    "date": "current_date",
    "timestamp with time zone": "now()",
    "boolean": "true",
}


def asked(admin: psycopg.Connection, statement: LiteralString) -> list[str]:
    return [str(row[0]) for row in admin.execute(statement).fetchall()]


def tables_with_controller(admin: psycopg.Connection) -> list[str]:
    return asked(
        admin,
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'controller'"
        " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"
        " ORDER BY EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid), 1",
    )


class Filled:
    """One row for each of two controllers in each table that has a controller."""

    def __init__(self, admin: psycopg.Connection) -> None:
        self.admin, self.one, self.two = admin, new_id(), new_id()
        self.tables = tables_with_controller(admin)
        for table in self.tables:
            self._loosen(table)
        for table in self.tables:
            for controller in (self.one, self.two):
                admin.execute(self._insert(table, controller))
        admin.execute("SET ROLE rightcall_app")

    def act_for(self, controller: UUID | None) -> None:
        self.admin.execute(
            "SELECT set_config('rightcall.controller', %s, true)", ("" if controller is None else str(controller),)
        )

    def seen(self, table: str) -> set[UUID]:
        rows = self.admin.execute(SQL("SELECT controller FROM {}").format(Identifier(table))).fetchall()
        return {row[0] for row in rows}

    def is_refused(self, statement: Composed) -> bool:
        """By row security, whatever the rights."""
        try:
            with self.admin.transaction():
                self.admin.execute(statement)
        except psycopg.Error as error:
            return "row-level security" in str(error)
        return False

    def insert_refused(self, table: str, controller: UUID) -> bool:
        return self.is_refused(self._insert(table, controller))

    def giving_away_refused(self, table: str, controller: UUID) -> bool:
        return self.is_refused(SQL("UPDATE {} SET controller = {}").format(Identifier(table), Literal(controller)))

    def _loosen(self, table: str) -> None:
        constraints = self.admin.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'f') AND coninhcount = 0"
            " ORDER BY contype DESC",
            (table,),
        ).fetchall()
        changes = [SQL("DROP CONSTRAINT IF EXISTS {} CASCADE").format(Identifier(name)) for (name,) in constraints]
        changes += [SQL("ALTER {} DROP NOT NULL").format(Identifier(name)) for name, must, _ in self._columns(table) if not must]
        for change in [*changes, SQL("DISABLE TRIGGER USER")]:
            self.admin.execute(SQL("ALTER TABLE {} ").format(Identifier(table)) + change)
        self.admin.execute(SQL("GRANT ALL ON {} TO rightcall_app").format(Identifier(table)))

    def _columns(self, table: str) -> list[tuple[str, bool, str]]:
        """Each column that is never NULL: its name, whether it is of the primary key, its type."""
        found = self.admin.execute(
            "SELECT a.attname, coalesce(a.attnum = ANY(i.indkey), false), format_type(a.atttypid, NULL) FROM pg_attribute a"
            " LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary"
            " WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND a.attnotnull AND a.attidentity = ''",
            (table,),
        )
        return [(str(name), bool(must), str(kind)) for name, must, kind in found.fetchall()]

    def _insert(self, table: str, controller: UUID) -> Composed:
        kinds = {name: kind for name, must, kind in self._columns(table) if must and name != "controller"}
        values = [Literal(controller), *(SQL(VALUES[kind]) for kind in kinds.values())]
        names = SQL(", ").join(map(Identifier, ["controller", *kinds]))
        return SQL("INSERT INTO {} ({}) VALUES ({})").format(Identifier(table), names, SQL(", ").join(values))


def leaks(admin: psycopg.Connection) -> list[str]:
    """What rows show or let in that are not one's own."""
    filled, found = Filled(admin), list[str]()
    for controller, sees in ((None, set[UUID]()), (new_id(), set()), (filled.one, {filled.one})):
        filled.act_for(controller)
        found += [f"{table} is read" for table in filled.tables if filled.seen(table) != sees]
    for table in filled.tables:
        if not filled.insert_refused(table, filled.two):
            found.append(f"{table} takes a row")
        if not filled.giving_away_refused(table, filled.two):
            found.append(f"{table} gives a row away")
    return found


def faults(admin: psycopg.Connection) -> list[str]:
    """What the catalogue says that it should not."""
    isolated, found = set(tables_with_controller(admin)), list[str]()
    others = set(asked(admin, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")) - isolated
    found += [f"{table} is not listed, or listed and not there" for table in others ^ set(WITHOUT_CONTROLLER)]
    forced = asked(admin, "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    found += [f"{table} has no row security" for table in isolated - set(forced)]
    policies: dict[str, set[tuple[str | None, ...]]] = {table: set() for table in isolated}
    for table, *policy in admin.execute(
        "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies"
    ).fetchall():
        policies.setdefault(table, set()).add(tuple(policy))
    for table in isolated:
        usual = {it for it in POLICIES if it[0] == "own_rows" or table in OF_THE_SYSTEM_TOO}
        wanted = (MANY_AT_ONCE if table == "gone_holdings" else usual) | BESIDES.get(table, set())
        found += [f"{table} has other policies"] if policies[table] != wanted else []
    found += [f"{table} is open to everybody" for table in asked(admin, _OPEN)]
    readable = set(asked(admin, _RIGHTS_OF_APP))
    found += [f"{right} for the application" for right in readable ^ {f"{table} SELECT" for table in READ_BY_ALL}]
    found += [f"{view} looks with its owner's eyes" for view in asked(admin, _VIEWS)]
    return found


_OPEN: LiteralString = """SELECT c.relname FROM pg_class c, aclexplode(c.relacl) a
    WHERE a.grantee = 0 AND c.relnamespace = 'public'::regnamespace
    UNION SELECT c.relname FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid, aclexplode(t.attacl) a
    WHERE a.grantee = 0 AND c.relnamespace = 'public'::regnamespace"""
_RIGHTS_OF_APP: LiteralString = """SELECT c.relname || ' ' || a.privilege_type FROM pg_class c, aclexplode(c.relacl) a
    WHERE a.grantee = 'rightcall_app'::regrole AND c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'controller')"""
_VIEWS: LiteralString = """SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace
    AND NOT coalesce('security_invoker=true' = ANY(reloptions), false)"""


@pytest.fixture
def admin(database_url: str) -> Iterator[psycopg.Connection]:
    """The owner, in a transaction that is rolled back."""
    with psycopg.connect(database_url) as connection:
        yield connection
        connection.rollback()


def test_no_table_shows_or_takes_rows_of_another_controller(admin: psycopg.Connection) -> None:
    assert leaks(admin) == []


def test_the_catalogue_says_the_same(admin: psycopg.Connection) -> None:
    assert len(tables_with_controller(admin)) > 40
    assert faults(admin) == []


PLANTED: dict[LiteralString, tuple[Callable[[psycopg.Connection], list[str]], ...]] = {
    "CREATE POLICY leak ON identifiers TO rightcall_app USING (current_controller() IS NULL)": (leaks, faults),
    "CREATE POLICY leak ON calls TO rightcall_app USING (true)": (leaks, faults),
    "ALTER POLICY own_rows ON choices WITH CHECK (true)": (leaks, faults),
    "ALTER TABLE tokens DISABLE ROW LEVEL SECURITY": (leaks, faults),
    "ALTER TABLE tokens NO FORCE ROW LEVEL SECURITY": (faults,),
    "CREATE TABLE notes (note text); GRANT SELECT ON notes TO PUBLIC": (faults,),
    "CREATE TABLE notes (controller uuid PRIMARY KEY, note text)": (leaks, faults),
    "GRANT SELECT (sealed_name) ON subjects TO PUBLIC": (faults,),
    "GRANT SELECT ON workers TO rightcall_app": (faults,),
    "CREATE VIEW everyone AS SELECT * FROM subjects": (faults,),
}


@pytest.mark.parametrize("plant", PLANTED)
def test_a_planted_leak_is_noticed(admin: psycopg.Connection, plant: LiteralString) -> None:
    admin.execute(plant)
    for check in PLANTED[plant]:
        with admin.transaction(force_rollback=True):
            assert check(admin) != []
