"""The recording session of a call: it arrives, is amended, paused, resumed, settled, and ends."""

from datetime import datetime

from rightcall.actors import Actor
from rightcall.database.connection import Transaction
from rightcall.ids import CallId, HoldingId, RecorderId
from rightcall.policy.model import PauseReason
from rightcall.recordings.model import (
    Arrival,
    Arrived,
    CallState,
    Changed,
    EndReason,
    Session,
    Settlement,
    TimelineEntry,
    Unfinished,
)
from rightcall.recordings.ports import Settled
from rightcall.recordings.tools import Tools


def arrive(tx: Transaction, tools: Tools, arrival: Arrival, *, recorder: RecorderId) -> Arrived:
    """A call, its parties and streams exist now. Nothing is captured: only `settle` opens a gate."""
    raise NotImplementedError


def amend(tx: Transaction, tools: Tools, call: CallId, arrival: Arrival) -> Arrived:
    """A re-INVITE or UPDATE: merge by id. New parties are asked anew, leavers leave, streams are held or unheld."""
    raise NotImplementedError


def end(tx: Transaction, tools: Tools, call: CallId, reason: EndReason) -> Session:
    """Everything open is cut and everybody leaves. Over already is fine: the first end stands."""
    raise NotImplementedError


def touch(tx: Transaction, call: CallId) -> None:
    """Takes the session's lock and moves its version. Call it before a choice is written in the same transaction; a call without
    a recording session is fine."""
    raise NotImplementedError


def settle(tx: Transaction, tools: Tools, call: CallId) -> Settlement:
    """Ask anew what may be captured of this call, and cut and open takes until it is so. Writes nothing where nothing changes."""
    raise NotImplementedError


def pause(tx: Transaction, tools: Tools, call: CallId, *, by: Actor, reason: PauseReason) -> Session:
    """Nothing may be captured until someone resumes. It holds only when the recorder has said so: see `gate_reported`."""
    raise NotImplementedError


def resume(tx: Transaction, tools: Tools, call: CallId, *, by: Actor) -> Session:
    raise NotImplementedError


def gate_reported(tx: Transaction, tools: Tools, call: CallId, *, settled: Settled) -> Session:
    """The recorder said since when its gates hold. A pause in force is marked as held, once, with the last packet's moment."""
    raise NotImplementedError


def finish_take(
    tx: Transaction,
    tools: Tools,
    take: HoldingId,
    *,
    sealed_length: int,
    packets: int,
    first_at: datetime | None,
    last_at: datetime | None,
    complete: bool,
    digest: bytes,
) -> None:
    """The sealed bytes are in the object store, confirmed. `digest`: SHA-256 of them. Finished already with the same digest is fine."""
    raise NotImplementedError


def recover(tx: Transaction, tools: Tools, take: HoldingId, *, found: bool) -> None:
    """A killed recorder left this take open: cut it as lost. `found` False: its bytes are gone too, and it is finished as empty."""
    raise NotImplementedError


def unfinished(system_tx: Transaction, recorder: RecorderId | None = None) -> list[Unfinished]:
    """Takes whose bytes are not known to be in the store; of one recorder, or of all."""
    raise NotImplementedError


def changed_since(system_tx: Transaction, recorder: RecorderId) -> list[Changed]:
    """Every live session of this recorder with its version now: one cheap query, to be read every second."""
    raise NotImplementedError


def call_state(tx: Transaction, call: CallId) -> CallState:
    raise NotImplementedError


def timeline(tx: Transaction, call: CallId) -> list[TimelineEntry]:
    """What happened to the capture of this call, in order, by whose word: the choices too."""
    raise NotImplementedError
