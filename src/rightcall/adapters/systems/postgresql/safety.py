"""What PostgreSQL lets be seen of how it keeps its data."""

from collections.abc import Iterator
from typing import Any, LiteralString

import psycopg

from rightcall.adapters.systems.tables.naming import name_of
from rightcall.discovery.ports import SafetyFact, Seen

_ACCOUNT: LiteralString = """
    SELECT r.rolsuper, r.rolcreaterole, r.rolcreatedb,
           (SELECT count(*)
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
               AND n.nspname !~ '^pg_(toast|temp)'
               AND (has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') OR pg_has_role(c.relowner, 'USAGE')))
      FROM pg_roles r
     WHERE r.rolname = current_user
"""
_FOR_EVERYBODY: LiteralString = """
    SELECT n.nspname, c.relname
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
       AND n.nspname !~ '^pg_(toast|temp)'
       AND EXISTS (SELECT 1 FROM aclexplode(c.relacl) AS a WHERE a.grantee = 0 AND a.privilege_type = 'SELECT')
     ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
"""


def seen(cursor: psycopg.Cursor[Any], *, is_open: bool, writable: bool) -> list[Seen]:
    """`is_open`: the connection is neither encrypted nor within the machine. An account that is to change things may."""
    found = [] if not is_open else [Seen(fact=SafetyFact.NO_TLS, object=None, evidence="The connection is not encrypted.")]
    if not writable:
        found.extend(_rights(cursor.execute(_ACCOUNT).fetchone()))
    for schema, table in cursor.execute(_FOR_EVERYBODY).fetchall():
        evidence = "Every account of this database may read it (SELECT is granted to PUBLIC)."
        found.append(Seen(fact=SafetyFact.PUBLIC_ACCESS, object=name_of((schema, table)), evidence=evidence))
    return found


def _rights(row: tuple[bool, bool, bool, int] | None) -> Iterator[Seen]:
    is_superuser, makes_roles, makes_databases, changes = row or (False, False, False, 0)
    may = [
        words
        for is_so, words in (
            (is_superuser, "is a superuser"),
            (makes_roles, "may make accounts"),
            (makes_databases, "may make databases"),
            (changes > 0, f"may change {changes} tables" if changes > 1 else "may change one table"),
        )
        if is_so
    ]
    if may:
        yield Seen(fact=SafetyFact.RIGHTS_BEYOND_READING, object=None, evidence=f"The account {', '.join(may)}.")
