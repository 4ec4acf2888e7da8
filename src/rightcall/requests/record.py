"""One request as it is written down: found, and a step added to it. What every deed on requests starts and ends with."""

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import NotFound
from rightcall.ids import RequestId, StatementId, new_id
from rightcall.ledger.actions import append
from rightcall.ledger.model import Statement
from rightcall.requests import store
from rightcall.requests.model import Happened, Request, Step


def find(tx: Transaction, request: RequestId) -> Request | None:
    """Held until the transaction ends."""
    return store.request_for_update(tx, request)


def get(tx: Transaction, request: RequestId) -> Request:
    found = find(tx, request)
    if found is None:
        raise NotFound("There is no such request of this controller.")
    return found


def step(
    tx: Transaction,
    clock: Clock,
    request: RequestId,
    taken: Step,
    by: Actor,
    *,
    said: Statement | None = None,
    detail: str | None = None,
) -> None:
    """Under the id of its statement where the ledger is told of it."""
    id = StatementId(new_id())
    if said is not None:
        append(tx, said, id=id)
    store.insert_step(tx, request, Happened(step=taken, at=clock.now(), by=by, detail=detail), id)
