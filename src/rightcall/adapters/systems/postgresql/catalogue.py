"""What PostgreSQL's catalogue says of the tables that this account may see.

A table is read without those that inherit from it, and a partitioned one as a whole where it has a key; else its partitions are
read one by one. So each row is read once. The columns of a key are never empty and never dropped without the key going too.
"""

from collections.abc import Sequence
from typing import Any, LiteralString

from rightcall.adapters.systems.tables.model import Column, Kind, Table
from rightcall.adapters.systems.tables.naming import name_of

RELATIONS: LiteralString = """
    SELECT n.nspname, c.relname, c.relkind::text,
           CASE WHEN c.relkind = 'p'
                THEN (SELECT sum(pg_table_size(relid)) FROM pg_partition_tree(c.oid) WHERE isleaf)
                ELSE pg_table_size(c.oid)
           END::bigint,
           (SELECT json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod), t.typcategory,
                                             coalesce(nullif(t.typbasetype, 0), t.oid)::regtype::text, NOT a.attnotnull,
                                             has_column_privilege(c.oid, a.attnum, 'SELECT'))
                            ORDER BY a.attnum)
              FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
           (SELECT json_agg(a.attname ORDER BY k.place)
              FROM (SELECT i.indexrelid, i.indkey, i.indnkeyatts
                      FROM pg_index i
                     WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
                       AND NOT EXISTS (SELECT 1
                                         FROM unnest(i.indkey[0:i.indnkeyatts - 1]) AS part
                                         JOIN pg_attribute b ON b.attrelid = c.oid AND b.attnum = part
                                        WHERE NOT b.attnotnull)
                     ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid
                     LIMIT 1) AS best
             CROSS JOIN LATERAL unnest(best.indkey[0:best.indnkeyatts - 1]) WITH ORDINALITY AS k (part, place)
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.part)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f')
       AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
       AND (%(schema)s::text IS NULL OR (n.nspname = %(schema)s::text AND c.relname = %(table)s::text))
     ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
"""

PARTITIONS: LiteralString = """
    SELECT n.nspname, c.relname, rn.nspname, r.relname
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_class r ON r.oid = pg_partition_root(c.oid) JOIN pg_namespace rn ON rn.oid = r.relnamespace
     WHERE c.relispartition AND c.relkind <> 'I' AND c.relkind <> 'i'
"""

PARTITIONED, VIEW, FOREIGN = "p", "v", "f"
_DOCUMENTS = frozenset({"json", "jsonb", "xml", "hstore"})
_MEASURED = "BDT"
"""Categories of types: truths, dates and times, spans of time."""


def table_of(row: Sequence[Any], *, knows_encoding: bool) -> Table:
    """Where the database knows no encoding, words may not come back as they were, so none of them is a key."""
    schema, name, kind, size, columns, key = row
    found = [_column(*each) for each in columns or []]
    by_name = {column.name: column for column in found}
    parts = tuple(by_name[each] for each in key or [])
    is_good = all(part.is_readable and (knows_encoding or part.kind is Kind.VALUE) for part in parts)
    return Table(
        name=name_of((schema, name)),
        path=(schema, name),
        columns=tuple(found),
        key=parts if is_good else (),
        size=size,
        has_parts=kind == PARTITIONED,
    )


def _column(name: str, type: str, category: str, base: str, is_nullable: bool, is_readable: bool) -> Column:
    return Column(
        name=name,
        type=type,
        kind=_kind(category, base),
        is_nullable=is_nullable,
        is_readable=is_readable,
        is_measured=category in _MEASURED or base == "real",
    )


def _kind(category: str, base: str) -> Kind:
    if base == "bytea":
        return Kind.BINARY
    if category == "S":
        return Kind.TEXT
    return Kind.DOCUMENT if base in _DOCUMENTS or category in "AC" else Kind.VALUE
