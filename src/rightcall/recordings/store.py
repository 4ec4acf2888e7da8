"""The SQL of the recordings room."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from psycopg.types.json import Jsonb

from rightcall.database.connection import Transaction
from rightcall.database.sql import all_rows, execute, execute_many, maybe_row
from rightcall.ids import CallId, ControllerId, PartyId, RecorderId, StreamId, new_id
from rightcall.policy.model import Preference
from rightcall.recordings.model import CardMark, Changed, Session, Stream, TimelineEntry, Why
from rightcall.recordings.rows import card_mark_of, codec_rows, entry_of, session_of, stream_of


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownParty:
    """What the recording client calls a party, as a blind, and the wish its phone stated."""

    party: PartyId
    ref: bytes
    preference: Preference


def insert_session(tx: Transaction, session: Session) -> None:
    execute(
        tx,
        """
        INSERT INTO recording_sessions (controller, call, recorder, stage, waiting_for, outcome, version, opened_at)
        VALUES (%(controller)s, %(call)s, %(recorder)s, %(stage)s, %(waiting_for)s, %(outcome)s, %(version)s, %(opened_at)s)
        """,
        controller=tx.of,
        call=session.call,
        recorder=session.recorder,
        stage=session.state.stage.value,
        waiting_for=_text(session.state.waiting_for),
        outcome=_text(session.state.outcome),
        version=session.version,
        opened_at=session.opened_at,
    )


def session(tx: Transaction, call: CallId) -> Session | None:
    row = maybe_row(
        tx,
        """
        SELECT s.call, s.recorder, s.stage, s.waiting_for, s.outcome, s.pauses, s.paused_at, s.pause_held_at,
               s.pause_version, s.opened_at, s.ended_at, s.version + (SELECT count(*) FROM recording_marks m
                                        WHERE m.controller = s.controller AND m.call = s.call) AS version
        FROM recording_sessions s WHERE s.controller = %(controller)s AND s.call = %(call)s
        """,
        controller=tx.of,
        call=call,
    )
    return None if row is None else session_of(row)


def lock_session(tx: Transaction, call: CallId) -> bool:
    """Nobody else changes or settles this session until the transaction ends. Whoever writes a choice leaves a mark and is not
    kept waiting: its foreign key goes past this lock."""
    return (
        maybe_row(
            tx,
            "SELECT call FROM recording_sessions WHERE controller = %(controller)s AND call = %(call)s FOR NO KEY UPDATE",
            controller=tx.of,
            call=call,
        )
        is not None
    )


def open_among(tx: Transaction, calls: Sequence[CallId]) -> set[CallId]:
    """Those whose session is not over."""
    rows = all_rows(
        tx,
        "SELECT call FROM recording_sessions"
        " WHERE controller = %(controller)s AND call = ANY (%(calls)s::uuid[]) AND stage <> 'over'",
        controller=tx.of,
        calls=list(calls),
    )
    return {CallId(row["call"]) for row in rows}


def bump(tx: Transaction, call: CallId) -> int:
    return execute(
        tx,
        """
        UPDATE recording_sessions SET version = version + 1
        WHERE controller = %(controller)s AND call = %(call)s AND stage <> 'over'
        """,
        controller=tx.of,
        call=call,
    )


def bump_live(tx: Transaction, controllers: Sequence[ControllerId]) -> None:
    execute(
        tx,
        """
        UPDATE recording_sessions SET version = version + 1
        WHERE controller = ANY (%(controllers)s) AND stage <> 'over'
        """,
        controllers=list(controllers),
    )


def save_session(tx: Transaction, session: Session, *, steps: int = 1) -> None:
    """State, pause and end, and the version moves by `steps`."""
    execute(
        tx,
        """
        UPDATE recording_sessions
        SET stage = %(stage)s, waiting_for = %(waiting_for)s, outcome = %(outcome)s, pauses = %(pauses)s,
            paused_at = %(paused_at)s, pause_held_at = %(pause_held_at)s, pause_version = %(pause_version)s,
            ended_at = %(ended_at)s, version = version + %(steps)s
        WHERE controller = %(controller)s AND call = %(call)s
        """,
        controller=tx.of,
        call=session.call,
        stage=session.state.stage.value,
        waiting_for=_text(session.state.waiting_for),
        outcome=_text(session.state.outcome),
        pauses=sorted(session.pauses),
        paused_at=session.paused_at,
        pause_held_at=session.pause_held_at,
        pause_version=session.pause_version,
        ended_at=session.ended_at,
        steps=steps,
    )


def live_sessions(system_tx: Transaction, recorder: RecorderId) -> list[Changed]:
    rows = all_rows(
        system_tx,
        """
        SELECT s.controller, s.call, s.version + (SELECT count(*) FROM recording_marks m
                                                  WHERE m.controller = s.controller AND m.call = s.call) AS version
        FROM recording_sessions s WHERE s.recorder = %(recorder)s AND s.stage <> 'over'
        ORDER BY s.controller, s.call
        """,
        recorder=recorder,
    )
    return [Changed(controller=ControllerId(row["controller"]), call=CallId(row["call"]), version=row["version"]) for row in rows]


def live_versions(system_tx: Transaction, watched: Sequence[tuple[ControllerId, CallId]]) -> dict[CallId, int]:
    rows = all_rows(
        system_tx,
        """
        SELECT s.call, s.version + (SELECT count(*) FROM recording_marks m
                                    WHERE m.controller = s.controller AND m.call = s.call) AS version
        FROM unnest(%(controllers)s::uuid[], %(calls)s::uuid[]) AS w (controller, call)
        JOIN recording_sessions s ON s.controller = w.controller AND s.call = w.call
        WHERE s.stage <> 'over'
        """,
        controllers=[controller for controller, _ in watched],
        calls=[call for _, call in watched],
    )
    return {CallId(row["call"]): row["version"] for row in rows}


def newest_sessions(system_tx: Transaction, controllers: Sequence[ControllerId]) -> dict[ControllerId, CallId]:
    rows = all_rows(
        system_tx,
        """
        SELECT c.controller, newest.call FROM unnest(%(controllers)s::uuid[]) AS c (controller),
        LATERAL (SELECT s.call FROM recording_sessions s WHERE s.controller = c.controller ORDER BY s.call DESC LIMIT 1) AS newest
        """,
        controllers=list(controllers),
    )
    return {ControllerId(row["controller"]): CallId(row["call"]) for row in rows}


def delete_marks(tx: Transaction, call: CallId) -> int:
    return execute(
        tx, "DELETE FROM recording_marks WHERE controller = %(controller)s AND call = %(call)s", controller=tx.of, call=call
    )


def insert_party(tx: Transaction, call: CallId, known: KnownParty) -> None:
    execute(
        tx,
        """
        INSERT INTO recording_parties (controller, party, call, ref, preference)
        VALUES (%(controller)s, %(party)s, %(call)s, %(ref)s, %(preference)s)
        """,
        controller=tx.of,
        party=known.party,
        call=call,
        ref=known.ref,
        preference=known.preference.value,
    )


def set_preference(tx: Transaction, party: PartyId, preference: Preference) -> None:
    execute(
        tx,
        """
        UPDATE recording_parties SET preference = %(preference)s
        WHERE controller = %(controller)s AND party = %(party)s
        """,
        controller=tx.of,
        party=party,
        preference=preference.value,
    )


def known_parties(tx: Transaction, call: CallId) -> list[KnownParty]:
    rows = all_rows(
        tx,
        """
        SELECT party, ref, preference FROM recording_parties
        WHERE controller = %(controller)s AND call = %(call)s ORDER BY party
        """,
        controller=tx.of,
        call=call,
    )
    return [KnownParty(party=PartyId(row["party"]), ref=row["ref"], preference=Preference(row["preference"])) for row in rows]


def insert_stream(tx: Transaction, stream: Stream) -> None:
    execute(
        tx,
        """
        INSERT INTO recording_streams (controller, stream, call, party, label, codecs, held)
        VALUES (%(controller)s, %(stream)s, %(call)s, %(party)s, %(label)s, %(codecs)s, %(held)s)
        """,
        controller=tx.of,
        stream=stream.id,
        call=stream.call,
        party=stream.party,
        label=stream.label,
        codecs=Jsonb(codec_rows(stream.codecs)),
        held=stream.held,
    )


def save_stream(tx: Transaction, stream: Stream) -> None:
    execute(
        tx,
        """
        UPDATE recording_streams SET party = %(party)s, codecs = %(codecs)s, held = %(held)s, gone_at = %(gone_at)s
        WHERE controller = %(controller)s AND stream = %(stream)s
        """,
        controller=tx.of,
        stream=stream.id,
        party=stream.party,
        codecs=Jsonb(codec_rows(stream.codecs)),
        held=stream.held,
        gone_at=stream.gone_at,
    )


def set_whys(tx: Transaction, whys: Iterable[tuple[StreamId, Why | None]]) -> None:
    execute_many(
        tx,
        "UPDATE recording_streams SET why = %(why)s WHERE controller = %(controller)s AND stream = %(stream)s",
        [{"controller": tx.of, "stream": stream, "why": _text(why)} for stream, why in whys],
    )


def streams(tx: Transaction, call: CallId) -> list[Stream]:
    rows = all_rows(
        tx,
        """
        SELECT stream, call, party, label, codecs, held, gone_at, why FROM recording_streams
        WHERE controller = %(controller)s AND call = %(call)s ORDER BY stream
        """,
        controller=tx.of,
        call=call,
    )
    return [stream_of(row) for row in rows]


def insert_timeline(tx: Transaction, call: CallId, entries: Sequence[TimelineEntry]) -> None:
    execute_many(
        tx,
        """
        INSERT INTO recording_timeline
            (controller, entry, call, at, kind, party, purpose, stream, take, actor, role, reason, statement)
        VALUES (%(controller)s, %(entry)s, %(call)s, %(at)s, %(kind)s, %(party)s, %(purpose)s, %(stream)s, %(take)s, %(actor)s,
                %(role)s, %(reason)s, %(statement)s)
        """,
        [
            {
                "controller": tx.of,
                "entry": new_id(),
                "call": call,
                "at": entry.at,
                "kind": entry.kind.value,
                "party": entry.party,
                "purpose": entry.purpose,
                "stream": entry.stream,
                "take": entry.take,
                "actor": None if entry.by is None else entry.by.id,
                "role": None if entry.by is None else entry.by.role.value,
                "reason": entry.reason,
                "statement": entry.statement,
            }
            for entry in entries
        ],
    )


def timeline(tx: Transaction, call: CallId) -> list[TimelineEntry]:
    rows = all_rows(
        tx,
        """
        SELECT at, kind, party, purpose, stream, take, actor, role, reason, statement FROM recording_timeline
        WHERE controller = %(controller)s AND call = %(call)s ORDER BY at, place
        """,
        controller=tx.of,
        call=call,
    )
    return [entry_of(row) for row in rows]


def _text(value: StrEnum | None) -> str | None:
    return None if value is None else value.value


def insert_card_mark(tx: Transaction, mark: CardMark) -> None:
    execute(
        tx,
        """
        INSERT INTO card_marks (controller, mark, call, since, until, card_data, authentication_data, marked_at, actor,
                                actor_role, statement)
        VALUES (%(controller)s, %(mark)s, %(call)s, %(since)s, %(until)s, %(card_data)s, %(authentication_data)s,
                %(marked_at)s, %(actor)s, %(actor_role)s, %(statement)s)
        """,
        controller=tx.of,
        mark=mark.id,
        call=mark.call,
        since=mark.since,
        until=mark.until,
        card_data=mark.card_data,
        authentication_data=mark.authentication_data,
        marked_at=mark.marked_at,
        actor=mark.by.id,
        actor_role=mark.by.role.value,
        statement=mark.statement,
    )


def card_marks_of(tx: Transaction, calls: Sequence[CallId]) -> list[CardMark]:
    rows = all_rows(
        tx,
        """
        SELECT mark, call, since, until, card_data, authentication_data, marked_at, actor, actor_role, statement
          FROM card_marks
         WHERE controller = %(controller)s AND call = ANY (%(calls)s)
         ORDER BY marked_at, mark
        """,
        controller=tx.of,
        calls=list(calls),
    )
    return [card_mark_of(row) for row in rows]


def card_marks(tx: Transaction, call: CallId) -> list[CardMark]:
    rows = all_rows(
        tx,
        """
        SELECT mark, call, since, until, card_data, authentication_data, marked_at, actor, actor_role, statement
          FROM card_marks
         WHERE controller = %(controller)s AND call = %(call)s
         ORDER BY marked_at, mark
        """,
        controller=tx.of,
        call=call,
    )
    return [card_mark_of(row) for row in rows]
