"""`copies_under_way`, which belongs to the deployment. Rows go when the work is over; no backup carries any along."""

from datetime import datetime

from rightcall.copies.under_way.model import Doing, UnderWay, UnderWayId, Work
from rightcall.database import sql
from rightcall.database.connection import Transaction


def insert(tx: Transaction, new: UnderWay) -> None:
    sql.execute(
        tx,
        "INSERT INTO copies_under_way (id, work, doing, done, of, begun_at, heard_at)"
        " VALUES (%(id)s, %(work)s, %(doing)s, %(done)s, %(of)s, %(begun_at)s, %(heard_at)s)",
        id=new.id,
        work=new.work.value,
        doing=new.doing.value,
        done=new.done,
        of=new.of,
        begun_at=new.begun_at,
        heard_at=new.heard_at,
    )


def update(tx: Transaction, id: UnderWayId, doing: Doing, done: int, of: int, at: datetime) -> None:
    sql.execute(
        tx,
        "UPDATE copies_under_way SET doing = %(doing)s, done = %(done)s, of = %(of)s, heard_at = %(at)s WHERE id = %(id)s",
        id=id,
        doing=doing.value,
        done=done,
        of=of,
        at=at,
    )


def remove(tx: Transaction, id: UnderWayId) -> None:
    sql.execute(tx, "DELETE FROM copies_under_way WHERE id = %(id)s", id=id)


def remove_unheard(tx: Transaction, since: datetime) -> None:
    sql.execute(tx, "DELETE FROM copies_under_way WHERE heard_at < %(since)s", since=since)


def every(tx: Transaction) -> list[UnderWay]:
    """The oldest first."""
    rows = sql.all_rows(tx, "SELECT id, work, doing, done, of, begun_at, heard_at FROM copies_under_way ORDER BY begun_at, id")
    return [
        UnderWay(
            id=UnderWayId(row["id"]),
            work=Work(row["work"]),
            doing=Doing(row["doing"]),
            done=row["done"],
            of=row["of"],
            begun_at=row["begun_at"],
            heard_at=row["heard_at"],
        )
        for row in rows
    ]
