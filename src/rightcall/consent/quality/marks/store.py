"""The tables `pressure_marks` and `marks_set_aside`. They only grow."""

from datetime import datetime

from rightcall.actors import Actor, Role
from rightcall.consent.quality.model import AsideReason, Mark, MarkId, WordOf
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import CallId, ChoiceId, PartyId, StatementId


def insert(tx: Transaction, mark: Mark) -> None:
    sql.execute(
        tx,
        "INSERT INTO pressure_marks (controller, mark, party, call, choice, word_of, marked_by, marked_as, marked_at,"
        " statement) VALUES (%(controller)s, %(mark)s, %(party)s, %(call)s, %(choice)s, %(word_of)s, %(marked_by)s,"
        " %(marked_as)s, %(marked_at)s, %(statement)s)",
        controller=tx.of,
        mark=mark.id,
        party=mark.party,
        call=mark.call,
        choice=mark.choice,
        word_of=mark.word_of.value,
        marked_by=mark.by.id,
        marked_as=mark.by.role.value,
        marked_at=mark.at,
        statement=mark.statement,
    )


def insert_set_aside(tx: Transaction, mark: MarkId, reason: AsideReason, by: Actor, at: datetime, statement: StatementId) -> bool:
    """False where it was set aside before."""
    return (
        sql.execute(
            tx,
            "INSERT INTO marks_set_aside (controller, mark, reason, set_aside_by, set_aside_as, set_aside_at, statement)"
            " VALUES (%(controller)s, %(mark)s, %(reason)s, %(by)s, %(role)s, %(at)s, %(statement)s) ON CONFLICT DO NOTHING",
            controller=tx.of,
            mark=mark,
            reason=reason.value,
            by=by.id,
            role=by.role.value,
            at=at,
            statement=statement,
        )
        == 1
    )


def by_id(tx: Transaction, mark: MarkId) -> Mark | None:
    row = sql.maybe_row(
        tx,
        "SELECT m.mark, m.call, m.party, m.choice, m.word_of, m.marked_by, m.marked_as, m.marked_at, m.statement,"
        " s.set_aside_at FROM pressure_marks m"
        " LEFT JOIN marks_set_aside s ON s.controller = m.controller AND s.mark = m.mark"
        " WHERE m.controller = %(controller)s AND m.mark = %(mark)s",
        controller=tx.of,
        mark=mark,
    )
    return None if row is None else _mark(row)


def of_call(tx: Transaction, call: CallId) -> list[Mark]:
    """Oldest first, those set aside too."""
    rows = sql.all_rows(
        tx,
        "SELECT m.mark, m.call, m.party, m.choice, m.word_of, m.marked_by, m.marked_as, m.marked_at, m.statement,"
        " s.set_aside_at FROM pressure_marks m"
        " LEFT JOIN marks_set_aside s ON s.controller = m.controller AND s.mark = m.mark"
        " WHERE m.controller = %(controller)s AND m.call = %(call)s ORDER BY m.marked_at, m.mark",
        controller=tx.of,
        call=call,
    )
    return [_mark(row) for row in rows]


def _mark(row: sql.Row) -> Mark:
    return Mark(
        id=MarkId(row["mark"]),
        call=CallId(row["call"]),
        party=PartyId(row["party"]),
        choice=ChoiceId(row["choice"]),
        word_of=WordOf(row["word_of"]),
        by=Actor(id=row["marked_by"], role=Role(row["marked_as"])),
        at=row["marked_at"],
        set_aside_at=row["set_aside_at"],
        statement=StatementId(row["statement"]),
    )
