"""The table `breaches`."""

from datetime import datetime
from typing import LiteralString

from rightcall.actors import Actor, Role
from rightcall.breaches.model import Breach, Circumstances, LateReason, Nature, Reach, Window
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import BreachId, StatementId, SystemId, VerdictId


def insert(tx: Transaction, breach: Breach) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO breaches (controller, breach, system, began_at, until, known_at, nature, reach, malicious, unintelligible,
                              entered_by, entered_as, entered_at, statement)
        VALUES (%(controller)s, %(breach)s, %(system)s, %(began_at)s, %(until)s, %(known_at)s, %(nature)s, %(reach)s,
                %(malicious)s, %(unintelligible)s, %(by)s, %(role)s, %(at)s, %(statement)s)
        """,
        controller=tx.of,
        breach=breach.id,
        system=breach.window.system,
        began_at=breach.window.began_at,
        until=breach.window.until,
        known_at=breach.known_at,
        nature=sorted(breach.circumstances.nature),
        reach=breach.circumstances.reach.value,
        malicious=breach.circumstances.malicious,
        unintelligible=breach.circumstances.unintelligible,
        by=breach.entered_by.id,
        role=breach.entered_by.role.value,
        at=breach.entered_at,
        statement=breach.statement,
    )


def change(tx: Transaction, breach: BreachId, circumstances: Circumstances) -> None:
    sql.execute(
        tx,
        """
        UPDATE breaches
           SET nature = %(nature)s, reach = %(reach)s, malicious = %(malicious)s, unintelligible = %(unintelligible)s
         WHERE controller = %(controller)s AND breach = %(breach)s
        """,
        controller=tx.of,
        breach=breach,
        nature=sorted(circumstances.nature),
        reach=circumstances.reach.value,
        malicious=circumstances.malicious,
        unintelligible=circumstances.unintelligible,
    )


def told(tx: Transaction, breach: BreachId, *, people: bool, at: datetime, late_because: LateReason | None) -> None:
    sql.execute(
        tx,
        """
        UPDATE breaches
           SET authority_told_at = CASE WHEN %(people)s THEN authority_told_at ELSE %(at)s END,
               late_because = CASE WHEN %(people)s THEN late_because ELSE %(late_because)s END,
               people_told_at = CASE WHEN %(people)s THEN %(at)s ELSE people_told_at END
         WHERE controller = %(controller)s AND breach = %(breach)s
        """,
        controller=tx.of,
        breach=breach,
        people=people,
        at=at,
        late_because=None if late_because is None else late_because.value,
    )


def close(tx: Transaction, breach: BreachId, verdict: VerdictId, at: datetime) -> None:
    sql.execute(
        tx,
        """
        UPDATE breaches SET closed_at = %(at)s, verdict = %(verdict)s
         WHERE controller = %(controller)s AND breach = %(breach)s
        """,
        controller=tx.of,
        breach=breach,
        verdict=verdict,
        at=at,
    )


def ask_weighing(tx: Transaction, breach: BreachId, at: datetime) -> None:
    sql.execute(
        tx,
        "UPDATE breaches SET weighing_asked_at = %(at)s WHERE controller = %(controller)s AND breach = %(breach)s",
        controller=tx.of,
        breach=breach,
        at=at,
    )


_BREACHES: LiteralString = """
SELECT breach, system, began_at, until, known_at, nature, reach, malicious, unintelligible, entered_by, entered_as, entered_at,
       authority_told_at, people_told_at, closed_at, verdict, statement, weighing_asked_at, late_because
  FROM breaches
 WHERE controller = %(controller)s AND (%(breach)s::uuid IS NULL OR breach = %(breach)s)
 ORDER BY known_at DESC, breach DESC
"""


def breaches(tx: Transaction, breach: BreachId | None = None) -> list[Breach]:
    """All, newest first; or the one."""
    return [_breach(row) for row in sql.all_rows(tx, _BREACHES, controller=tx.of, breach=breach)]


def open_since(tx: Transaction) -> datetime | None:
    """When the first of those that are not closed began; None where all are."""
    row = sql.one_row(
        tx,
        "SELECT min(began_at) AS began_at FROM breaches WHERE controller = %(controller)s AND closed_at IS NULL",
        controller=tx.of,
    )
    began_at: datetime | None = row["began_at"]
    return began_at


def held(tx: Transaction, breach: BreachId) -> list[Breach]:
    """The one, which nobody else changes meanwhile."""
    return [_breach(row) for row in sql.all_rows(tx, _BREACHES + "FOR UPDATE", controller=tx.of, breach=breach)]


def _breach(row: sql.Row) -> Breach:
    return Breach(
        id=BreachId(row["breach"]),
        window=Window(
            system=None if row["system"] is None else SystemId(row["system"]), began_at=row["began_at"], until=row["until"]
        ),
        circumstances=Circumstances(
            nature=frozenset(map(Nature, row["nature"])),
            reach=Reach(row["reach"]),
            malicious=row["malicious"],
            unintelligible=row["unintelligible"],
        ),
        known_at=row["known_at"],
        entered_by=Actor(id=row["entered_by"], role=Role(row["entered_as"])),
        entered_at=row["entered_at"],
        authority_told_at=row["authority_told_at"],
        people_told_at=row["people_told_at"],
        closed_at=row["closed_at"],
        verdict=None if row["verdict"] is None else VerdictId(row["verdict"]),
        statement=StatementId(row["statement"]),
        weighing_asked_at=row["weighing_asked_at"],
        late_because=None if row["late_because"] is None else LateReason(row["late_because"]),
    )
