"""The tables `vcons_received`, `vcon_sounds` and `vcon_events`."""

from collections.abc import Sequence
from uuid import UUID

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row, all_rows, execute, execute_many, maybe_row
from rightcall.ids import CallId, HoldingId, PartyId, PurposeId, StatementId
from rightcall.recordings.model import Happening, TimelineEntry
from rightcall.recordings.received.model import ReceivedSound, ReceivedVcon
from rightcall.recordings.rows import party_of


def insert_vcon(tx: Transaction, vcon: ReceivedVcon) -> bool:
    """False where another transaction was first with the same uuid."""
    return bool(
        execute(
            tx,
            """
            INSERT INTO vcons_received (controller, vcon, content, signed_by, call, received_at, actor, actor_role, statement)
            VALUES (%(controller)s, %(vcon)s, %(content)s, %(signed_by)s, %(call)s, %(received_at)s, %(actor)s, %(actor_role)s,
                    %(statement)s)
            ON CONFLICT (controller, vcon) DO NOTHING
            """,
            controller=tx.of,
            vcon=vcon.id,
            content=vcon.content,
            signed_by=vcon.signed_by,
            call=vcon.call,
            received_at=vcon.received_at,
            actor=vcon.by.id,
            actor_role=vcon.by.role.value,
            statement=vcon.statement,
        )
    )


def vcon(tx: Transaction, id: UUID) -> ReceivedVcon | None:
    row = maybe_row(
        tx,
        """
        SELECT vcon, content, signed_by, call, received_at, actor, actor_role, statement
          FROM vcons_received
         WHERE controller = %(controller)s AND vcon = %(vcon)s
        """,
        controller=tx.of,
        vcon=id,
    )
    return None if row is None else _vcon(row)


def insert_sound(tx: Transaction, sound: ReceivedSound) -> None:
    execute(
        tx,
        """
        INSERT INTO vcon_sounds (controller, holding, vcon, dialog, call, party, purposes, started_at, duration_ms)
        VALUES (%(controller)s, %(holding)s, %(vcon)s, %(dialog)s, %(call)s, %(party)s, %(purposes)s, %(started_at)s,
                %(duration_ms)s)
        """,
        controller=tx.of,
        holding=sound.id,
        vcon=sound.vcon,
        dialog=sound.dialog,
        call=sound.call,
        party=sound.party,
        purposes=list(sound.purposes),
        started_at=sound.started_at,
        duration_ms=sound.duration_ms,
    )


def sounds_of_call(tx: Transaction, call: CallId) -> list[ReceivedSound]:
    """In their order in the vCon."""
    rows = all_rows(
        tx,
        """
        SELECT holding, vcon, dialog, call, party, purposes, started_at, duration_ms
          FROM vcon_sounds
         WHERE controller = %(controller)s AND call = %(call)s
         ORDER BY vcon, dialog
        """,
        controller=tx.of,
        call=call,
    )
    return [_sound(row) for row in rows]


def forget_sounds(tx: Transaction, sounds: Sequence[HoldingId]) -> None:
    execute(
        tx,
        "DELETE FROM vcon_sounds WHERE controller = %(controller)s AND holding = ANY (%(sounds)s::uuid[])",
        controller=tx.of,
        sounds=list(sounds),
    )


def insert_events(tx: Transaction, vcon: UUID, call: CallId, events: Sequence[TimelineEntry]) -> None:
    execute_many(
        tx,
        """
        INSERT INTO vcon_events (controller, vcon, place, call, party, at, kind)
        VALUES (%(controller)s, %(vcon)s, %(place)s, %(call)s, %(party)s, %(at)s, %(kind)s)
        """,
        [
            {
                "controller": tx.of,
                "vcon": vcon,
                "place": place,
                "call": call,
                "party": event.party,
                "at": event.at,
                "kind": event.kind.value,
            }
            for place, event in enumerate(events)
        ],
    )


def events_of_call(tx: Transaction, call: CallId) -> list[TimelineEntry]:
    """In their order; told by whoever brought the vCon."""
    rows = all_rows(
        tx,
        """
        SELECT e.party, e.at, e.kind, v.actor, v.actor_role
          FROM vcon_events e JOIN vcons_received v ON v.controller = e.controller AND v.vcon = e.vcon
         WHERE e.controller = %(controller)s AND e.call = %(call)s
         ORDER BY e.vcon, e.place
        """,
        controller=tx.of,
        call=call,
    )
    return [
        TimelineEntry(
            at=row["at"],
            kind=Happening(row["kind"]),
            party=PartyId(row["party"]),
            by=Actor(id=row["actor"], role=Role(row["actor_role"])),
        )
        for row in rows
    ]


def _vcon(row: Row) -> ReceivedVcon:
    return ReceivedVcon(
        id=row["vcon"],
        content=bytes(row["content"]),
        signed_by=bytes(row["signed_by"]),
        call=None if row["call"] is None else CallId(row["call"]),
        received_at=row["received_at"],
        by=Actor(id=row["actor"], role=Role(row["actor_role"])),
        statement=StatementId(row["statement"]),
    )


def _sound(row: Row) -> ReceivedSound:
    return ReceivedSound(
        id=HoldingId(row["holding"]),
        vcon=row["vcon"],
        dialog=row["dialog"],
        call=CallId(row["call"]),
        party=party_of(row["party"]),
        purposes=tuple(PurposeId(each) for each in row["purposes"]),
        started_at=row["started_at"],
        duration_ms=row["duration_ms"],
    )
