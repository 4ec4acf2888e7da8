"""The ledger's tables: statements, tiles, the head, checkpoints."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.database.walk import both_ways
from rightcall.ids import ControllerId, StatementId
from rightcall.ledger.model import Like, Placed, Sequenced, TreeHead
from rightcall.ledger.tiles import TileKey

_HOUR = 3_600_000


def insert_statement(tx: Transaction, controller: ControllerId, statement: StatementId, kind: str, leaf: bytes) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO statements (controller, statement, kind, leaf)
        VALUES (%(controller)s, %(id)s, %(kind)s, %(leaf)s)
        """,
        controller=controller,
        id=statement,
        kind=kind,
        leaf=leaf,
    )


def insert_statements(tx: Transaction, rows: Sequence[tuple[ControllerId, StatementId, str, bytes]]) -> None:
    """In their order, which is the ledger's."""
    sql.execute(
        tx,
        """
        INSERT INTO statements (controller, statement, kind, leaf)
        SELECT controller, statement, kind, leaf
          FROM unnest(%(controllers)s::uuid[], %(statements)s::uuid[], %(kinds)s::text[], %(leaves)s::bytea[])
               WITH ORDINALITY AS given (controller, statement, kind, leaf, nth)
         ORDER BY nth
        """,
        controllers=[controller for controller, _, _, _ in rows],
        statements=[statement for _, statement, _, _ in rows],
        kinds=[kind for _, _, kind, _ in rows],
        leaves=[leaf for _, _, _, leaf in rows],
    )


def known_of(tx: Transaction, statements: Sequence[StatementId]) -> set[StatementId]:
    rows = sql.all_rows(tx, "SELECT statement FROM statements WHERE statement = ANY (%(ids)s)", ids=list(statements))
    return {StatementId(row["statement"]) for row in rows}


def place_of(tx: Transaction, statement: StatementId) -> tuple[bytes, int | None] | None:
    """A statement's leaf, and its index once it has one. Row-level security shows a controller only its own."""
    row = sql.maybe_row(
        tx,
        "SELECT leaf, leaf_index FROM statements WHERE controller = %(controller)s AND statement = %(id)s",
        controller=tx.of,
        id=statement,
    )
    return None if row is None else (bytes(row["leaf"]), row["leaf_index"])


_PLACED = both_ways("""
SELECT statement, leaf, leaf_index FROM statements
 WHERE controller = %(controller)s AND leaf_index {beyond} %(place)s AND leaf_index BETWEEN %(first)s AND %(last)s
   AND (%(since)s::bigint IS NULL OR said_at >= %(since)s) AND (%(before)s::bigint IS NULL OR said_at < %(before)s)
 ORDER BY leaf_index {way} LIMIT %(limit)s
""")
_PLACED_ALIKE = both_ways("""
WITH RECURSIVE known AS (
    (SELECT kind, role FROM statements
      WHERE controller = %(controller)s AND leaf_index IS NOT NULL AND kind >= coalesce(%(kind)s, '') ORDER BY kind, role LIMIT 1)
    UNION ALL
    SELECT following.kind, following.role FROM known CROSS JOIN LATERAL (
        SELECT kind, role FROM statements
         WHERE controller = %(controller)s AND leaf_index IS NOT NULL AND (kind, role) > (known.kind, known.role)
         ORDER BY kind, role LIMIT 1
    ) AS following WHERE known.kind = coalesce(%(kind)s, known.kind)
), places AS (
    SELECT found.leaf_index FROM known CROSS JOIN LATERAL (
        SELECT s.leaf_index FROM statements s
         WHERE s.controller = %(controller)s AND s.leaf_index IS NOT NULL
           AND (s.kind, s.role, s.leaf_index) {beyond} (known.kind, known.role, %(place)s)
           AND (s.kind, s.role, s.leaf_index) >= (known.kind, known.role, %(first)s)
           AND (s.kind, s.role, s.leaf_index) <= (known.kind, known.role, %(last)s)
           AND (%(since)s::bigint IS NULL OR s.said_at >= %(since)s) AND (%(before)s::bigint IS NULL OR s.said_at < %(before)s)
         ORDER BY s.kind {way}, s.role {way}, s.leaf_index {way} LIMIT %(limit)s
    ) AS found
     WHERE known.kind = coalesce(%(kind)s, known.kind) AND known.role = coalesce(%(role)s, known.role)
     ORDER BY found.leaf_index {way} LIMIT %(limit)s
)
SELECT whole.statement, whole.leaf, places.leaf_index FROM places CROSS JOIN LATERAL (
    SELECT s.statement, s.leaf FROM statements s
     WHERE s.controller = %(controller)s AND s.leaf_index = places.leaf_index LIMIT 1
) AS whole ORDER BY places.leaf_index {way}
""")
"""By each pair of a sort and a role that there is, found by going from one to the next along the index: so few lines among many
are found as fast as many. Rows are compared whole, so that no plan goes along the order of all lines instead."""
_PENDING = both_ways("""
SELECT statement, leaf, leaf_index FROM statements
 WHERE controller = %(controller)s AND leaf_index IS NULL AND appended {beyond} %(appended)s
   AND (%(kind)s::text IS NULL OR kind = %(kind)s) AND (%(role)s::text IS NULL OR role = %(role)s)
   AND (%(since)s::bigint IS NULL OR said_at >= %(since)s) AND (%(before)s::bigint IS NULL OR said_at < %(before)s)
 ORDER BY appended {way} LIMIT %(limit)s
""")
_FIRST, _LAST = -1, 2**62


def page(
    tx: Transaction, seen: tuple[int, int | None] | None, oldest_first: bool, like: Like, limit: int
) -> list[tuple[StatementId, bytes, int | None]]:
    """Statements of this controller with their leaves and, once they have one, their places, in the ledger's order: what has no
    place yet comes after all that has. `seen`: when the last one that was seen was appended, and its place."""
    end = _FIRST if oldest_first else _LAST
    appended, place = (end, end) if seen is None else seen
    first, last = _stretch(tx, like)
    asked = {"kind": like.kind, "role": like.role, "since": like.since, "before": like.before, "first": first, "last": last}
    placed = _PLACED if like.kind is None and like.role is None else _PLACED_ALIKE
    asked |= {"place": end, "appended": appended} if place is None else {"place": place, "appended": end}
    is_placed, is_pending = seen is not None and place is not None, place is None
    onwards = [_PENDING] if is_pending else [placed, _PENDING]
    back = [placed] if is_placed else [_PENDING, placed]
    found: list[tuple[StatementId, bytes, int | None]] = []
    for part in onwards if oldest_first else back:
        room = limit - len(found)
        rows = sql.all_rows(tx, part[oldest_first], controller=tx.of, limit=room, **asked) if room else []
        found += [(StatementId(row["statement"]), bytes(row["leaf"]), row["leaf_index"]) for row in rows]
    return found


def _stretch(tx: Transaction, like: Like) -> tuple[int, int]:
    """Between which places all lies that was said in the time asked for; what was said in the first and the last hour of it, but
    before or after, may lie there too."""
    if like.since is None and like.before is None:
        return _FIRST, _LAST
    row = sql.one_row(
        tx,
        """
        SELECT min(first) AS first, max(last) AS last FROM ledger_hours
         WHERE controller = %(controller)s AND hour BETWEEN %(since)s AND %(until)s
        """,
        controller=tx.of,
        since=-_LAST if like.since is None else like.since // _HOUR,
        until=_LAST if like.before is None else (like.before - 1) // _HOUR,
    )
    return (_LAST, _LAST) if row["first"] is None else (row["first"], row["last"])


def order_of(tx: Transaction, statement: StatementId) -> tuple[int, int | None] | None:
    """When it was appended, counted, and its place once it has one."""
    row = sql.maybe_row(
        tx,
        "SELECT appended, leaf_index FROM statements WHERE controller = %(controller)s AND statement = %(id)s",
        controller=tx.of,
        id=statement,
    )
    return None if row is None else (row["appended"], row["leaf_index"])


def number_pending(tx: Transaction, size: int, limit: int) -> list[Placed]:
    """Give the oldest pending statements the next indices; they, in that order. Only under the head's lock.

    Joined by row address: it costs the same whatever PostgreSQL believes about the table, and within one statement it is safe,
    because nobody but the holder of the head's lock may change these rows.
    """
    rows = sql.all_rows(
        tx,
        """
        WITH pending AS MATERIALIZED (
            SELECT ctid AS place, %(size)s + row_number() OVER (ORDER BY appended) - 1 AS leaf_index
            FROM statements WHERE leaf_index IS NULL ORDER BY appended LIMIT %(limit)s
        )
        UPDATE statements s SET leaf_index = p.leaf_index FROM pending p
        WHERE s.ctid = p.place
        RETURNING s.leaf_index, s.leaf, s.controller, s.said_at
        """,
        size=size,
        limit=limit,
    )
    placed = [
        Placed(
            index=row["leaf_index"],
            leaf=bytes(row["leaf"]),
            controller=row["controller"],
            hour=None if row["said_at"] is None else row["said_at"] // _HOUR,
        )
        for row in rows
    ]
    return sorted(placed, key=lambda each: each.index)


def widen_hours(tx: Transaction, hours: Mapping[tuple[ControllerId, int], tuple[int, int]]) -> None:
    """By controller and hour: the first and the last place of what was numbered now. Only under the head's lock."""
    sql.execute(
        tx,
        """
        INSERT INTO ledger_hours AS known (controller, hour, first, last)
        SELECT * FROM unnest(%(controllers)s::uuid[], %(hours)s::bigint[], %(firsts)s::bigint[], %(lasts)s::bigint[])
        ON CONFLICT (controller, hour) DO UPDATE
           SET first = least(known.first, excluded.first), last = greatest(known.last, excluded.last)
        """,
        controllers=[controller for controller, _ in hours],
        hours=[hour for _, hour in hours],
        firsts=[first for first, _ in hours.values()],
        lasts=[last for _, last in hours.values()],
    )


def count_pending(tx: Transaction) -> int:
    return int(sql.one_row(tx, "SELECT count(*) AS n FROM statements WHERE leaf_index IS NULL")["n"])


def sequenced(tx: Transaction, start: int, end: int) -> list[Sequenced]:
    rows = sql.all_rows(
        tx,
        """
        SELECT leaf_index, controller, statement, kind, leaf FROM statements
        WHERE leaf_index >= %(start)s AND leaf_index < %(end)s ORDER BY leaf_index
        """,
        start=start,
        end=end,
    )
    return [
        Sequenced(
            index=row["leaf_index"],
            controller=row["controller"],
            statement=row["statement"],
            kind=row["kind"],
            leaf=bytes(row["leaf"]),
        )
        for row in rows
    ]


def lock_head(tx: Transaction) -> TreeHead:
    """The head, locked until the transaction ends: whoever holds it is the one sequencer."""
    row = sql.one_row(tx, "SELECT tree_size, root FROM ledger_head FOR UPDATE")
    return TreeHead(size=row["tree_size"], root=bytes(row["root"]))


def head(tx: Transaction) -> TreeHead:
    row = sql.one_row(tx, "SELECT tree_size, root FROM ledger_head")
    return TreeHead(size=row["tree_size"], root=bytes(row["root"]))


def move_head(tx: Transaction, head: TreeHead) -> None:
    sql.execute(
        tx,
        "UPDATE ledger_head SET tree_size = %(size)s, root = %(root)s WHERE tree_size < %(size)s",
        size=head.size,
        root=head.root,
    )


def tile(tx: Transaction, level: int, number: int) -> bytes:
    row = sql.maybe_row(
        tx,
        "SELECT hashes FROM tiles WHERE level = %(level)s AND number = %(number)s",
        level=level,
        number=number,
    )
    return b"" if row is None else bytes(row["hashes"])


def save_tiles(tx: Transaction, tiles: Mapping[TileKey, bytes]) -> None:
    sql.execute_many(
        tx,
        """
        INSERT INTO tiles (level, number, hashes) VALUES (%(level)s, %(number)s, %(hashes)s)
        ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes
        """,
        [{"level": level, "number": number, "hashes": hashes} for (level, number), hashes in tiles.items()],
    )


def insert_checkpoint(tx: Transaction, head: TreeHead, key: bytes, note: str, signed_at: datetime) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO checkpoints (tree_size, key, root, note, signed_at)
        VALUES (%(size)s, %(key)s, %(root)s, %(note)s, %(signed_at)s)
        """,
        size=head.size,
        key=key,
        root=head.root,
        note=note,
        signed_at=signed_at,
    )


def latest_checkpoint(tx: Transaction) -> tuple[TreeHead, str] | None:
    row = sql.maybe_row(tx, "SELECT tree_size, root, note FROM checkpoints ORDER BY tree_size DESC, number DESC LIMIT 1")
    return None if row is None else (TreeHead(size=row["tree_size"], root=bytes(row["root"])), row["note"])


def checkpoints(tx: Transaction) -> list[tuple[TreeHead, bytes, str]]:
    """All of them, from the first: head, key id, note."""
    rows = sql.all_rows(tx, "SELECT tree_size, key, root, note FROM checkpoints ORDER BY tree_size, number")
    return [(TreeHead(size=row["tree_size"], root=bytes(row["root"])), bytes(row["key"]), row["note"]) for row in rows]
