"""The table `recording_takes`."""

from collections.abc import Sequence
from datetime import datetime

from psycopg.types.json import Jsonb

from rightcall.database.connection import Transaction
from rightcall.database.sql import all_rows, execute, execute_many, maybe_row
from rightcall.ids import CallId, ControllerId, HoldingId, RecorderId
from rightcall.recordings.model import Cut, Take, Unfinished
from rightcall.recordings.rows import codec_rows, take_of


def insert_take(tx: Transaction, take: Take) -> None:
    execute(
        tx,
        """
        INSERT INTO recording_takes
            (controller, take, call, stream, party, purposes, locks, codecs, object_key, opened_at)
        VALUES (%(controller)s, %(take)s, %(call)s, %(stream)s, %(party)s, %(purposes)s, %(locks)s, %(codecs)s, %(object_key)s,
                %(opened_at)s)
        """,
        controller=tx.of,
        take=take.id,
        call=take.call,
        stream=take.stream,
        party=take.party,
        purposes=list(take.purposes),
        locks=take.locks,
        codecs=Jsonb(codec_rows(take.codecs)),
        object_key=take.object_key,
        opened_at=take.opened_at,
    )


def cut_takes(tx: Transaction, cuts: Sequence[tuple[HoldingId, Cut]], at: datetime) -> None:
    execute_many(
        tx,
        """
        UPDATE recording_takes SET cut_at = greatest(%(at)s, opened_at), cut_reason = %(reason)s
        WHERE controller = %(controller)s AND take = %(take)s AND cut_at IS NULL
        """,
        [{"controller": tx.of, "take": take, "reason": reason.value, "at": at} for take, reason in cuts],
    )


def finish_take(
    tx: Transaction, take: HoldingId, *, packets: int, first_at: datetime | None, last_at: datetime | None, at: datetime
) -> None:
    execute(
        tx,
        """
        UPDATE recording_takes
        SET packets = %(packets)s, first_at = %(first_at)s, last_at = %(last_at)s, finished_at = %(at)s
        WHERE controller = %(controller)s AND take = %(take)s AND finished_at IS NULL
        """,
        controller=tx.of,
        take=take,
        packets=packets,
        first_at=first_at,
        last_at=last_at,
        at=at,
    )


def takes(tx: Transaction, call: CallId) -> list[Take]:
    rows = all_rows(
        tx,
        """
        SELECT take, call, stream, party, purposes, locks, codecs, object_key, opened_at, cut_at, cut_reason, packets, first_at,
               last_at, finished_at
        FROM recording_takes WHERE controller = %(controller)s AND call = %(call)s ORDER BY take
        """,
        controller=tx.of,
        call=call,
    )
    return [take_of(row) for row in rows]


def count_takes(tx: Transaction, calls: Sequence[CallId]) -> dict[CallId, int]:
    """Of those that a recorder had, how many takes there are."""
    rows = all_rows(
        tx,
        """
        SELECT s.call, count(t.take) AS takes
          FROM recording_sessions s LEFT JOIN recording_takes t ON t.controller = s.controller AND t.call = s.call
         WHERE s.controller = %(controller)s AND s.call = ANY (%(calls)s::uuid[]) GROUP BY s.call
        """,
        controller=tx.of,
        calls=list(calls),
    )
    return {CallId(row["call"]): row["takes"] for row in rows}


def silent_among(tx: Transaction, takes: Sequence[HoldingId]) -> set[HoldingId]:
    rows = all_rows(
        tx,
        """
        SELECT take FROM recording_takes
         WHERE controller = %(controller)s AND take = ANY (%(takes)s) AND packets = 0 AND finished_at IS NOT NULL
        """,
        controller=tx.of,
        takes=list(takes),
    )
    return {HoldingId(row["take"]) for row in rows}


def open_takes(tx: Transaction, call: CallId) -> list[Take]:
    rows = all_rows(
        tx,
        """
        SELECT take, call, stream, party, purposes, locks, codecs, object_key, opened_at, cut_at, cut_reason, packets, first_at,
               last_at, finished_at
        FROM recording_takes WHERE controller = %(controller)s AND call = %(call)s AND cut_at IS NULL ORDER BY take
        """,
        controller=tx.of,
        call=call,
    )
    return [take_of(row) for row in rows]


def take(tx: Transaction, take: HoldingId) -> Take | None:
    row = maybe_row(
        tx,
        """
        SELECT take, call, stream, party, purposes, locks, codecs, object_key, opened_at, cut_at, cut_reason, packets, first_at,
               last_at, finished_at
        FROM recording_takes WHERE controller = %(controller)s AND take = %(take)s
        """,
        controller=tx.of,
        take=take,
    )
    return None if row is None else take_of(row)


def forget(tx: Transaction, takes: Sequence[HoldingId]) -> None:
    execute(
        tx,
        "DELETE FROM recording_takes WHERE controller = %(controller)s AND take = ANY (%(takes)s::uuid[])",
        controller=tx.of,
        takes=list(takes),
    )


def unfinished(system_tx: Transaction, recorder: RecorderId | None) -> list[Unfinished]:
    rows = all_rows(
        system_tx,
        """
        SELECT t.controller, t.call, t.take, s.recorder, t.object_key, t.opened_at, t.cut_at
        FROM recording_takes t JOIN recording_sessions s ON s.controller = t.controller AND s.call = t.call
        WHERE t.finished_at IS NULL AND (%(recorder)s::uuid IS NULL OR s.recorder = %(recorder)s) ORDER BY t.take
        """,
        recorder=recorder,
    )
    return [
        Unfinished(
            controller=ControllerId(row["controller"]),
            call=CallId(row["call"]),
            take=HoldingId(row["take"]),
            recorder=RecorderId(row["recorder"]),
            object_key=row["object_key"],
            opened_at=row["opened_at"],
            cut_at=row["cut_at"],
        )
        for row in rows
    ]
