"""The living workers, who does which housekeeping, and the progress of what follows the ledger."""

from rightcall.database import sql
from rightcall.database.connection import Transaction


def beat(tx: Transaction, executor: str) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO workers (executor, seen_at) VALUES (%(executor)s, now())
        ON CONFLICT (executor) DO UPDATE SET seen_at = excluded.seen_at
        """,
        executor=executor,
    )


def living(tx: Transaction, seconds: float) -> set[str]:
    rows = sql.all_rows(
        tx, "SELECT executor FROM workers WHERE seen_at > now() - make_interval(secs => %(seconds)s)", seconds=seconds
    )
    return {row["executor"] for row in rows}


def remove_worker(tx: Transaction, executor: str) -> None:
    sql.execute(tx, "DELETE FROM workers WHERE executor = %(executor)s", executor=executor)


def claim(tx: Transaction, name: str) -> bool:
    row = sql.maybe_row(tx, "SELECT name FROM housekeeping WHERE name = %(name)s FOR UPDATE SKIP LOCKED", name=name)
    return row is not None


def progress(tx: Transaction, name: str) -> int:
    """The next ledger index to look at, locked until this transaction ends."""
    sql.execute(
        tx,
        "INSERT INTO reaction_progress (name, next_index) VALUES (%(name)s, 0) ON CONFLICT (name) DO NOTHING",
        name=name,
    )
    row = sql.one_row(tx, "SELECT next_index FROM reaction_progress WHERE name = %(name)s FOR UPDATE", name=name)
    return int(row["next_index"])


def advance(tx: Transaction, name: str, next_index: int) -> None:
    sql.execute(
        tx,
        "UPDATE reaction_progress SET next_index = %(next_index)s WHERE name = %(name)s",
        name=name,
        next_index=next_index,
    )
