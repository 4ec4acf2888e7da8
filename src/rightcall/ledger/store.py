"""The ledger's tables: statements, tiles, the head, checkpoints."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.database.walk import both_ways
from rightcall.ids import ControllerId, StatementId
from rightcall.ledger.model import Sequenced, TreeHead
from rightcall.ledger.tiles import TileKey


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


_PLACES = """
SELECT statement, leaf, leaf_index FROM statements
 WHERE controller = %(controller)s AND leaf_index {{beyond}} %(place)s {only}
 ORDER BY leaf_index {{way}} LIMIT %(limit)s
"""
_PLACED = both_ways(_PLACES.format(only=""))
_PLACED_OF_KIND = both_ways(_PLACES.format(only="AND kind = %(kind)s"))
_PENDING = both_ways("""
SELECT statement, leaf, leaf_index FROM statements
 WHERE controller = %(controller)s AND leaf_index IS NULL AND appended {beyond} %(appended)s
   AND (%(kind)s::text IS NULL OR kind = %(kind)s)
 ORDER BY appended {way} LIMIT %(limit)s
""")
_FIRST, _LAST = -1, 2**62


def page(
    tx: Transaction, seen: tuple[int, int | None] | None, oldest_first: bool, kind: str | None, limit: int
) -> list[tuple[StatementId, bytes, int | None]]:
    """Statements of this controller with their leaves and, once they have one, their places, in the ledger's order: what has no
    place yet comes after all that has. `seen`: when the last one that was seen was appended, and its place."""
    end = _FIRST if oldest_first else _LAST
    appended, place = (end, end) if seen is None else seen
    placed = _PLACED if kind is None else _PLACED_OF_KIND
    bounds = {"place": end, "appended": appended} if place is None else {"place": place, "appended": end}
    is_placed, is_pending = seen is not None and place is not None, place is None
    onwards = [_PENDING] if is_pending else [placed, _PENDING]
    back = [placed] if is_placed else [_PENDING, placed]
    found: list[tuple[StatementId, bytes, int | None]] = []
    for part in onwards if oldest_first else back:
        room = limit - len(found)
        rows = sql.all_rows(tx, part[oldest_first], controller=tx.of, kind=kind, limit=room, **bounds) if room else []
        found += [(StatementId(row["statement"]), bytes(row["leaf"]), row["leaf_index"]) for row in rows]
    return found


def order_of(tx: Transaction, statement: StatementId) -> tuple[int, int | None] | None:
    """When it was appended, counted, and its place once it has one."""
    row = sql.maybe_row(
        tx,
        "SELECT appended, leaf_index FROM statements WHERE controller = %(controller)s AND statement = %(id)s",
        controller=tx.of,
        id=statement,
    )
    return None if row is None else (row["appended"], row["leaf_index"])


def number_pending(tx: Transaction, size: int, limit: int) -> list[bytes]:
    """Give the oldest pending statements the next indices; their leaves, in that order. Only under the head's lock.

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
        RETURNING s.leaf_index, s.leaf
        """,
        size=size,
        limit=limit,
    )
    return [bytes(row["leaf"]) for row in sorted(rows, key=lambda row: int(row["leaf_index"]))]


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
