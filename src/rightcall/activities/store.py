"""The tables `recipients` and `responsibles`. What has ended stays: a record of last year names who received data then."""

from datetime import datetime

from rightcall.activities.model import Capacity, Recipient, RecipientKind, Responsible, Safeguard
from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import PurposeId, RecipientId, ResponsibleId, StatementId


def insert_recipient(tx: Transaction, recipient: Recipient) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO recipients (controller, recipient, name, kind, country, purposes, safeguard, language, declared_by,
                                declared_as, declared_at, statement)
        VALUES (%(controller)s, %(recipient)s, %(name)s, %(kind)s, %(country)s, %(purposes)s, %(safeguard)s, %(language)s,
                %(by)s, %(role)s, %(at)s, %(statement)s)
        """,
        controller=tx.of,
        recipient=recipient.id,
        name=recipient.name,
        kind=recipient.kind.value,
        country=recipient.country,
        purposes=list(recipient.purposes),
        safeguard=None if recipient.safeguard is None else recipient.safeguard.value,
        language=recipient.language,
        by=recipient.declared_by.id,
        role=recipient.declared_by.role.value,
        at=recipient.declared_at,
        statement=recipient.statement,
    )


def end_recipient(tx: Transaction, recipient: RecipientId, at: datetime) -> int:
    return sql.execute(
        tx,
        """
        UPDATE recipients SET ended_at = %(at)s
         WHERE controller = %(controller)s AND recipient = %(recipient)s AND ended_at IS NULL
        """,
        controller=tx.of,
        recipient=recipient,
        at=at,
    )


def recipients(tx: Transaction) -> list[Recipient]:
    """Ended ones too, by name."""
    rows = sql.all_rows(
        tx,
        """
        SELECT recipient, name, kind, country, purposes, safeguard, language, declared_by, declared_as, declared_at, ended_at,
               statement
          FROM recipients WHERE controller = %(controller)s ORDER BY name, recipient
        """,
        controller=tx.of,
    )
    return [_recipient(row) for row in rows]


def insert_responsible(tx: Transaction, responsible: Responsible) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO responsibles (controller, responsible, capacity, name, contact, declared_at)
        VALUES (%(controller)s, %(responsible)s, %(capacity)s, %(name)s, %(contact)s, %(at)s)
        """,
        controller=tx.of,
        responsible=responsible.id,
        capacity=responsible.capacity.value,
        name=responsible.name,
        contact=responsible.contact,
        at=responsible.declared_at,
    )


def end_responsible(tx: Transaction, responsible: ResponsibleId, at: datetime) -> int:
    return sql.execute(
        tx,
        """
        UPDATE responsibles SET ended_at = %(at)s
         WHERE controller = %(controller)s AND responsible = %(responsible)s AND ended_at IS NULL
        """,
        controller=tx.of,
        responsible=responsible,
        at=at,
    )


def responsibles(tx: Transaction) -> list[Responsible]:
    """Ended ones too, in the order in which they were declared."""
    rows = sql.all_rows(
        tx,
        """
        SELECT responsible, capacity, name, contact, declared_at, ended_at
          FROM responsibles WHERE controller = %(controller)s ORDER BY declared_at, responsible
        """,
        controller=tx.of,
    )
    return [_responsible(row) for row in rows]


def _recipient(row: sql.Row) -> Recipient:
    return Recipient(
        id=RecipientId(row["recipient"]),
        name=row["name"],
        kind=RecipientKind(row["kind"]),
        country=row["country"],
        purposes=tuple(PurposeId(each) for each in row["purposes"]),
        safeguard=None if row["safeguard"] is None else Safeguard(row["safeguard"]),
        language=row["language"],
        declared_by=Actor(id=row["declared_by"], role=Role(row["declared_as"])),
        declared_at=row["declared_at"],
        ended_at=row["ended_at"],
        statement=StatementId(row["statement"]),
    )


def _responsible(row: sql.Row) -> Responsible:
    return Responsible(
        id=ResponsibleId(row["responsible"]),
        capacity=Capacity(row["capacity"]),
        name=row["name"],
        contact=row["contact"],
        declared_at=row["declared_at"],
        ended_at=row["ended_at"],
    )
