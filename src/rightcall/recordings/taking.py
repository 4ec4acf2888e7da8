"""What becomes of a take once its gate is closed: its bytes are confirmed, or found after a crash, or said to be lost."""

from datetime import datetime

from rightcall.canonical import sha256
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.holdings import actions as holdings
from rightcall.ids import HoldingId, RecorderId
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Digest
from rightcall.recordings import store
from rightcall.recordings.model import Cut, Take, Unfinished
from rightcall.recordings.settling import cut_takes, locked_session, recorder_of
from rightcall.recordings.statements import TakeFinished
from rightcall.recordings.takes import store as take_store
from rightcall.recordings.tools import Tools


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
    """The sealed bytes are in the object store, confirmed. `digest`: SHA-256 of them. Finished alike already is fine; with other
    bytes, or while the gate was not cut yet, it is a Conflict."""
    found = get(tx, take)
    locked_session(tx, found.call)
    found = get(tx, take)
    if found.cut_at is None:
        raise Conflict("This take is still open. Settle the call first, so that it is cut.")
    holdings.complete(tx, tools.clock, take, sealed_length=sealed_length, complete=complete, sha256=digest)
    if found.finished_at is not None:
        return
    at = tools.clock.now()
    take_store.finish_take(tx, take, packets=packets, first_at=first_at, last_at=last_at, at=at)
    ledger.append(
        tx,
        TakeFinished(
            at=at,
            controller=tx.of,
            call=found.call,
            take=take,
            packets=packets,
            sealed_length=sealed_length,
            complete=complete,
            digest=Digest(digest),
        ),
    )


def recover(tx: Transaction, tools: Tools, take: HoldingId, *, found: bool) -> None:
    """A killed recorder left this take unfinished. It is cut as lost if it was open. `found` False: its bytes are gone too, and
    it is finished as empty; else finish it with what was found, as not complete."""
    known = get(tx, take)
    session = locked_session(tx, known.call)
    known = get(tx, take)
    if known.cut_at is None:
        entries = cut_takes(tx, tools, [known], Cut.LOST, recorder_of(session))
        store.insert_timeline(tx, known.call, entries)
        store.bump(tx, known.call)
    if not found and known.finished_at is None:
        finish_take(
            tx,
            tools,
            take,
            sealed_length=0,
            packets=0,
            first_at=None,
            last_at=None,
            complete=False,
            digest=sha256(b""),
        )


def unfinished(system_tx: Transaction, recorder: RecorderId | None = None) -> list[Unfinished]:
    """Takes whose bytes are not known to be in the store; of one recorder, or of all."""
    return take_store.unfinished(system_tx, recorder)


def find(tx: Transaction, take: HoldingId) -> Take | None:
    """None for what is no take."""
    return take_store.take(tx, take)


def get(tx: Transaction, take: HoldingId) -> Take:
    found = find(tx, take)
    if found is None:
        raise NotFound("There is no such take. List the call's takes to find its id.")
    return found
