"""From the rows of `store` to the values of this room, and back for the one column that is a document."""

from collections.abc import Mapping
from typing import Any, TypeAlias
from uuid import UUID

from rightcall.actors import Actor, Role
from rightcall.ids import CallId, HoldingId, PartyId, PurposeId, RecorderId, StatementId, StreamId
from rightcall.policy.model import PauseReason
from rightcall.recordings.model import CardMark, Codec, Cut, Happening, Session, Stream, Take, TimelineEntry, Why
from rightcall.recordings.states import Outcome, Stage, State, WaitingFor

Row: TypeAlias = Mapping[str, Any]


def session_of(row: Row) -> Session:
    return Session(
        call=CallId(row["call"]),
        recorder=RecorderId(row["recorder"]),
        state=State(
            stage=Stage(row["stage"]),
            waiting_for=None if row["waiting_for"] is None else WaitingFor(row["waiting_for"]),
            outcome=None if row["outcome"] is None else Outcome(row["outcome"]),
        ),
        pauses=frozenset(PauseReason(reason) for reason in row["pauses"]),
        paused_at=row["paused_at"],
        pause_held_at=row["pause_held_at"],
        pause_version=row["pause_version"],
        version=row["version"],
        opened_at=row["opened_at"],
        ended_at=row["ended_at"],
    )


def stream_of(row: Row) -> Stream:
    return Stream(
        id=StreamId(row["stream"]),
        call=CallId(row["call"]),
        party=party_of(row["party"]),
        label=row["label"],
        codecs=codecs_of(row["codecs"]),
        held=row["held"],
        gone_at=row["gone_at"],
        why=None if row["why"] is None else Why(row["why"]),
    )


def take_of(row: Row) -> Take:
    return Take(
        id=HoldingId(row["take"]),
        call=CallId(row["call"]),
        stream=StreamId(row["stream"]),
        party=party_of(row["party"]),
        purposes=tuple(PurposeId(purpose) for purpose in row["purposes"]),
        locks=row["locks"],
        codecs=codecs_of(row["codecs"]),
        object_key=row["object_key"],
        opened_at=row["opened_at"],
        cut_at=row["cut_at"],
        cut_reason=None if row["cut_reason"] is None else Cut(row["cut_reason"]),
        packets=row["packets"],
        first_at=row["first_at"],
        last_at=row["last_at"],
        finished_at=row["finished_at"],
    )


def entry_of(row: Row) -> TimelineEntry:
    return TimelineEntry(
        at=row["at"],
        kind=Happening(row["kind"]),
        party=party_of(row["party"]),
        purpose=None if row["purpose"] is None else PurposeId(row["purpose"]),
        stream=None if row["stream"] is None else StreamId(row["stream"]),
        take=None if row["take"] is None else HoldingId(row["take"]),
        by=Actor(id=row["actor"], role=Role(row["role"])),
        reason=row["reason"],
        statement=None if row["statement"] is None else StatementId(row["statement"]),
    )


def card_mark_of(row: Row) -> CardMark:
    return CardMark(
        id=row["mark"],
        call=CallId(row["call"]),
        since=row["since"],
        until=row["until"],
        card_data=row["card_data"],
        authentication_data=row["authentication_data"],
        marked_at=row["marked_at"],
        by=Actor(id=row["actor"], role=Role(row["actor_role"])),
        statement=StatementId(row["statement"]),
    )


def codec_rows(codecs: tuple[Codec, ...]) -> list[list[int | str]]:
    return [[codec.payload_type, codec.name, codec.clock_rate, codec.channels] for codec in codecs]


def codecs_of(rows: list[list[Any]]) -> tuple[Codec, ...]:
    return tuple(Codec(payload_type=row[0], name=row[1], clock_rate=row[2], channels=row[3]) for row in rows)


def party_of(value: UUID | None) -> PartyId | None:
    return None if value is None else PartyId(value)
