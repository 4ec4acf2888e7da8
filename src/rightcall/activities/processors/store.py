"""The tables `processors` and `processor_orders`."""

from datetime import datetime
from uuid import UUID

from rightcall.activities.processors.model import (
    Offer,
    Order,
    OrderId,
    OrderKind,
    OrderState,
    Processor,
    Trouble,
    Waiting,
)
from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import RecipientId, SubjectId


def insert_processor(tx: Transaction, processor: Processor, sealed_address: bytes) -> bool:
    """False where it, or another of that domain, is registered."""
    return bool(
        sql.execute(
            tx,
            """
            INSERT INTO processors (controller, recipient, domain, version, identity_types, identity_formats, kinds,
                                    certificate_url, certificate, key, sealed_address, registered_by, registered_role,
                                    registered_at, checked_at)
            VALUES (%(controller)s, %(recipient)s, %(domain)s, %(version)s, %(types)s, %(formats)s, %(kinds)s, %(url)s,
                    %(certificate)s, %(key)s, %(address)s, %(by)s, %(role)s, %(at)s, %(at)s)
                ON CONFLICT DO NOTHING
            """,
            controller=tx.of,
            recipient=processor.recipient,
            domain=processor.domain,
            version=processor.offer.version,
            types=[kind for kind, _ in processor.offer.identities],
            formats=[form for _, form in processor.offer.identities],
            kinds=sorted(kind.value for kind in processor.offer.kinds),
            url=processor.offer.certificate_url,
            certificate=processor.certificate,
            key=processor.key,
            address=sealed_address,
            by=processor.registered_by.id,
            role=processor.registered_by.role.value,
            at=processor.registered_at,
        )
    )


def processors(tx: Transaction) -> list[Processor]:
    """Retired ones too, in the order in which they were registered."""
    rows = sql.all_rows(
        tx,
        """
        SELECT recipient, domain, version, identity_types, identity_formats, kinds, certificate_url, certificate, key,
               registered_by, registered_role, registered_at, checked_at, retired_at
          FROM processors WHERE controller = %(controller)s ORDER BY registered_at, key
        """,
        controller=tx.of,
    )
    return [_processor(row) for row in rows]


def sealed_address(tx: Transaction, key: SubjectId) -> bytes | None:
    row = sql.one_row(
        tx,
        "SELECT sealed_address FROM processors WHERE controller = %(controller)s AND key = %(key)s",
        controller=tx.of,
        key=key,
    )
    return None if row["sealed_address"] is None else bytes(row["sealed_address"])


def renew_certificate(tx: Transaction, key: SubjectId, certificate: bytes, at: datetime) -> None:
    sql.execute(
        tx,
        """
        UPDATE processors SET certificate = %(certificate)s, checked_at = %(at)s
         WHERE controller = %(controller)s AND key = %(key)s
        """,
        controller=tx.of,
        key=key,
        certificate=certificate,
        at=at,
    )


def retire(tx: Transaction, key: SubjectId, at: datetime) -> bool:
    """False where it was before."""
    return (
        sql.execute(
            tx,
            """
            UPDATE processors SET sealed_address = NULL, retired_at = %(at)s
             WHERE controller = %(controller)s AND key = %(key)s AND retired_at IS NULL
            """,
            controller=tx.of,
            key=key,
            at=at,
        )
        == 1
    )


def insert_order(tx: Transaction, order: Order) -> bool:
    """Once for each thing that it is asked for: again changes nothing."""
    return bool(
        sql.execute(
            tx,
            """
            INSERT INTO processor_orders (controller, order_id, recipient, kind, asked_for, subject, submitted_at, state, round,
                                          due_at, failures)
            VALUES (%(controller)s, %(order)s, %(recipient)s, %(kind)s, %(asked_for)s, %(subject)s, %(submitted_at)s, %(state)s,
                    0, %(due_at)s, 0)
                ON CONFLICT (controller, recipient, kind, asked_for) DO NOTHING
            """,
            controller=tx.of,
            order=order.id,
            recipient=order.recipient,
            kind=order.kind.value,
            asked_for=order.asked_for,
            subject=order.subject,
            submitted_at=order.submitted_at,
            state=order.state.value,
            due_at=order.due_at,
        )
    )


def order_for_update(tx: Transaction, order: OrderId) -> Order | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT order_id, recipient, kind, asked_for, subject, submitted_at, state, called_back, round, due_at, failures,
               failing_since, trouble, escalated_at, accepted_at, expected_at, settled_at
          FROM processor_orders WHERE controller = %(controller)s AND order_id = %(order)s FOR UPDATE
        """,
        controller=tx.of,
        order=order,
    )
    return None if row is None else _order(row)


def orders_for(tx: Transaction, asked_for: UUID) -> list[Order]:
    rows = sql.all_rows(
        tx,
        """
        SELECT order_id, recipient, kind, asked_for, subject, submitted_at, state, called_back, round, due_at, failures,
               failing_since, trouble, escalated_at, accepted_at, expected_at, settled_at
          FROM processor_orders WHERE controller = %(controller)s AND asked_for = %(asked_for)s ORDER BY submitted_at, order_id
        """,
        controller=tx.of,
        asked_for=asked_for,
    )
    return [_order(row) for row in rows]


def open_orders(tx: Transaction, limit: int) -> list[Order]:
    """Those that are not settled, or that a person has to look at; the oldest first."""
    rows = sql.all_rows(
        tx,
        """
        SELECT order_id, recipient, kind, asked_for, subject, submitted_at, state, called_back, round, due_at, failures,
               failing_since, trouble, escalated_at, accepted_at, expected_at, settled_at
          FROM processor_orders
         WHERE controller = %(controller)s AND (settled_at IS NULL OR state = 'cancelled')
         ORDER BY submitted_at, order_id LIMIT %(limit)s
        """,
        controller=tx.of,
        limit=limit,
    )
    return [_order(row) for row in rows]


def due(tx: Transaction, now: datetime, limit: int) -> list[tuple[OrderId, int]]:
    rows = sql.all_rows(
        tx,
        """
        SELECT order_id, round FROM processor_orders
         WHERE controller = %(controller)s AND due_at <= %(now)s ORDER BY due_at LIMIT %(limit)s
        """,
        controller=tx.of,
        now=now,
        limit=limit,
    )
    return [(OrderId(row["order_id"]), row["round"]) for row in rows]


def make_due(tx: Transaction, order: OrderId, at: datetime) -> None:
    sql.execute(
        tx,
        """
        UPDATE processor_orders SET due_at = %(at)s
         WHERE controller = %(controller)s AND order_id = %(order)s AND settled_at IS NULL
        """,
        controller=tx.of,
        order=order,
        at=at,
    )


def set_called_back(tx: Transaction, order: OrderId, state: OrderState, at: datetime) -> None:
    sql.execute(
        tx,
        """
        UPDATE processor_orders SET called_back = %(state)s, due_at = %(at)s
         WHERE controller = %(controller)s AND order_id = %(order)s AND settled_at IS NULL
        """,
        controller=tx.of,
        order=order,
        state=state.value,
        at=at,
    )


def set_results(tx: Transaction, order: OrderId, sealed: bytes) -> None:
    sql.execute(
        tx,
        "UPDATE processor_orders SET sealed_results = %(sealed)s WHERE controller = %(controller)s AND order_id = %(order)s",
        controller=tx.of,
        order=order,
        sealed=sealed,
    )


def sealed_results(tx: Transaction, order: OrderId) -> bytes | None:
    row = sql.one_row(
        tx,
        "SELECT sealed_results FROM processor_orders WHERE controller = %(controller)s AND order_id = %(order)s",
        controller=tx.of,
        order=order,
    )
    return None if row["sealed_results"] is None else bytes(row["sealed_results"])


def end_round(tx: Transaction, order: Order) -> bool:
    """Writes down how the order stands now, after its round. False where that round was ended before."""
    return (
        sql.execute(
            tx,
            """
            UPDATE processor_orders
               SET round = round + 1, state = %(state)s, due_at = %(due_at)s, failures = %(failures)s,
                   failing_since = %(failing_since)s, trouble = %(trouble)s, escalated_at = %(escalated_at)s,
                   accepted_at = %(accepted_at)s, expected_at = %(expected_at)s, settled_at = %(settled_at)s
             WHERE controller = %(controller)s AND order_id = %(order)s AND round = %(round)s
            """,
            controller=tx.of,
            order=order.id,
            round=order.round,
            state=order.state.value,
            due_at=order.due_at,
            failures=order.failures,
            failing_since=order.failing_since,
            trouble=order.trouble,
            escalated_at=order.escalated_at,
            accepted_at=order.accepted_at,
            expected_at=order.expected_at,
            settled_at=order.settled_at,
        )
        == 1
    )


def waiting(tx: Transaction) -> Waiting:
    row = sql.one_row(
        tx,
        """
        SELECT count(*) FILTER (WHERE settled_at IS NULL) AS orders, count(escalated_at) AS escalated
          FROM processor_orders WHERE controller = %(controller)s AND (settled_at IS NULL OR state = 'cancelled')
        """,
        controller=tx.of,
    )
    return Waiting(orders=row["orders"], escalated=row["escalated"])


def _processor(row: sql.Row) -> Processor:
    offer = Offer(
        version=row["version"],
        identities=tuple(zip(row["identity_types"], row["identity_formats"], strict=True)),
        kinds=frozenset(map(OrderKind, row["kinds"])),
        certificate_url=row["certificate_url"],
    )
    return Processor(
        recipient=RecipientId(row["recipient"]),
        domain=row["domain"],
        offer=offer,
        certificate=bytes(row["certificate"]),
        key=SubjectId(row["key"]),
        registered_by=Actor(id=row["registered_by"], role=Role(row["registered_role"])),
        registered_at=row["registered_at"],
        checked_at=row["checked_at"],
        retired_at=row["retired_at"],
    )


def _order(row: sql.Row) -> Order:
    return Order(
        id=OrderId(row["order_id"]),
        recipient=RecipientId(row["recipient"]),
        kind=OrderKind(row["kind"]),
        asked_for=row["asked_for"],
        subject=None if row["subject"] is None else SubjectId(row["subject"]),
        submitted_at=row["submitted_at"],
        state=OrderState(row["state"]),
        called_back=None if row["called_back"] is None else OrderState(row["called_back"]),
        round=row["round"],
        due_at=row["due_at"],
        failures=row["failures"],
        failing_since=row["failing_since"],
        trouble=None if row["trouble"] is None else Trouble(row["trouble"]),
        escalated_at=row["escalated_at"],
        accepted_at=row["accepted_at"],
        expected_at=row["expected_at"],
        settled_at=row["settled_at"],
    )
