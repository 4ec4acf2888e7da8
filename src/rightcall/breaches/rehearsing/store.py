"""The table `breach_rehearsals`."""

from datetime import datetime

from psycopg.types.json import Jsonb

from rightcall.actors import Actor, Role
from rightcall.breaches.model import Assessment, Circumstances, Nature, Reach, Window
from rightcall.breaches.rehearsing.model import Rehearsal
from rightcall.breaches.weighing.documents import assessment_of, document_of
from rightcall.breaches.weighing.model import Progress
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import RehearsalId, SystemId


def insert(tx: Transaction, asked: Rehearsal) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO breach_rehearsals (controller, rehearsal, system, began_at, until, nature, reach, malicious, unintelligible,
                                       asked_by, asked_as, asked_at)
        VALUES (%(controller)s, %(rehearsal)s, %(system)s, %(began_at)s, %(until)s, %(nature)s, %(reach)s, %(malicious)s,
                %(unintelligible)s, %(by)s, %(role)s, %(at)s)
        """,
        controller=tx.of,
        rehearsal=asked.id,
        system=asked.window.system,
        began_at=asked.window.began_at,
        until=asked.window.until,
        nature=sorted(asked.circumstances.nature),
        reach=asked.circumstances.reach.value,
        malicious=asked.circumstances.malicious,
        unintelligible=asked.circumstances.unintelligible,
        by=asked.asked_by.id,
        role=asked.asked_by.role.value,
        at=asked.asked_at,
    )


def rehearsal(tx: Transaction, id: RehearsalId) -> Rehearsal | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT rehearsal, system, began_at, until, nature, reach, malicious, unintelligible, asked_by, asked_as, asked_at, done,
        of, assessment
          FROM breach_rehearsals WHERE controller = %(controller)s AND rehearsal = %(rehearsal)s
        """,
        controller=tx.of,
        rehearsal=id,
    )
    return None if row is None else _rehearsal(row)


def tell_progress(tx: Transaction, rehearsal: RehearsalId, progress: Progress) -> None:
    sql.execute(
        tx,
        """
        UPDATE breach_rehearsals SET done = %(done)s, of = %(of)s
         WHERE controller = %(controller)s AND rehearsal = %(rehearsal)s AND assessment IS NULL
        """,
        controller=tx.of,
        rehearsal=rehearsal,
        done=progress.done,
        of=progress.of,
    )


def keep(tx: Transaction, rehearsal: RehearsalId, assessed: Assessment) -> bool:
    """False where it is gone, or was weighed by somebody else meanwhile."""
    statement = """UPDATE breach_rehearsals SET assessment = %(assessment)s, done = NULL, of = NULL
        WHERE controller = %(controller)s AND rehearsal = %(rehearsal)s AND assessment IS NULL"""
    named = {"rehearsal": rehearsal, "assessment": Jsonb(document_of(assessed))}
    return sql.execute(tx, statement, controller=tx.of, **named) == 1


def forget(tx: Transaction, before: datetime) -> None:
    sql.execute(
        tx,
        "DELETE FROM breach_rehearsals WHERE controller = %(controller)s AND asked_at < %(before)s",
        controller=tx.of,
        before=before,
    )


def _rehearsal(row: sql.Row) -> Rehearsal:
    system = None if row["system"] is None else SystemId(row["system"])
    return Rehearsal(
        id=RehearsalId(row["rehearsal"]),
        window=Window(system=system, began_at=row["began_at"], until=row["until"]),
        circumstances=Circumstances(
            nature=frozenset(Nature(each) for each in row["nature"]),
            reach=Reach(row["reach"]),
            malicious=row["malicious"],
            unintelligible=row["unintelligible"],
        ),
        asked_by=Actor(id=row["asked_by"], role=Role(row["asked_as"])),
        asked_at=row["asked_at"],
        assessed=None if row["assessment"] is None else assessment_of(row["assessment"]),
        progress=None if row["done"] is None else Progress(done=row["done"], of=row["of"]),
    )
