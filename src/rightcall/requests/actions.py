"""Receiving a request, and answering it.

An erasure is carried out by a procedure as soon as its statement stands in the ledger (`reactions`); the other kinds are
answered by a person, with the clock shown. Deliberately elsewhere: the erasing itself (`erasure`).
"""

from collections.abc import Collection
from datetime import timedelta

from rightcall.actors import Actor
from rightcall.clock import Clock, day_of
from rightcall.database.connection import Transaction
from rightcall.erasure import actions as erasures
from rightcall.erasure.model import Erasure
from rightcall.errors import Conflict, NotFound
from rightcall.ids import RequestId, StatementId, SubjectId, new_id
from rightcall.ledger.actions import append
from rightcall.requests import store
from rightcall.requests.model import Answered, DenialGround, Request, RequestKind, Stage, Waiting
from rightcall.requests.rules import check_open, due_on
from rightcall.requests.statements import RequestAnswered, RequestReceived
from rightcall.subjects import actions as subjects
from rightcall.vault.actions import Vault


def receive(tx: Transaction, vault: Vault, clock: Clock, *, subject: SubjectId, kind: RequestKind, by: Actor) -> Request:
    """The subject asks. NotFound where this controller knows no such subject, Conflict where it may be any of several people: to
    answer one of them would tell them of the others, or erase these too."""
    if subjects.get(tx, subject).ambiguous:
        raise Conflict(
            "This may be any of several people. Say first whose calls these are (attribute or split them), then ask again."
        )
    request = Request(
        id=RequestId(new_id()),
        subject=subject,
        kind=kind,
        by=by,
        received_at=clock.now(),
        due_on=due_on(day_of(clock.now())),
        stage=Stage.OPEN,
        outcome=None,
        ground=None,
        answered_at=None,
        statement=StatementId(new_id()),
    )
    store.insert_request(tx, request)
    statement = RequestReceived(
        at=request.received_at,
        controller=tx.of,
        request=request.id,
        subject=subjects.commitment(tx, vault, subject, request.statement) if vault.subject_exists(tx, subject) else None,
        kind_of_request=kind,
        due_on=request.due_on,
        actor=by.id,
        role=by.role,
    )
    append(tx, statement, id=request.statement)
    return request


def find(tx: Transaction, request: RequestId) -> Request | None:
    return store.request_for_update(tx, request)


def get(tx: Transaction, request: RequestId) -> Request:
    found = find(tx, request)
    if found is None:
        raise NotFound("There is no such request of this controller.")
    return found


def recent(tx: Transaction, *, after: RequestId | None = None, limit: int = 50) -> list[Request]:
    """Newest first; `after` is the last one of the page before."""
    return store.requests_after(tx, after, limit)


def open_for(tx: Transaction, subject: SubjectId, kinds: Collection[RequestKind]) -> bool:
    """Whether a request of one of these kinds by this subject waits for its answer."""
    return store.is_unanswered(tx, subject, kinds)


def unanswered(tx: Transaction, clock: Clock) -> dict[RequestKind, Waiting]:
    """How many requests of each kind wait for an answer, and how many of them longer than the law allows."""
    return store.unanswered(tx, day_of(clock.now()))


def without_request(tx: Transaction, clock: Clock, *, since: timedelta) -> list[Erasure]:
    """Erasures begun at least so long ago, not confirmed, that no request stands for: a restore brought them to light."""
    return [each for each in erasures.unconfirmed(tx, clock, since=since) if find(tx, RequestId(each.id)) is None]


def begin(tx: Transaction, request: RequestId) -> Request:
    """Somebody or a procedure works on it now. Again is fine."""
    found = get(tx, request)
    if found.stage is not Stage.OPEN:
        return found
    store.set_stage(tx, request, Stage.IN_PROGRESS)
    return get(tx, request)


def fulfil(tx: Transaction, clock: Clock, request: RequestId, *, by: Actor) -> None:
    """Done, and confirmed done. A second time changes nothing."""
    if get(tx, request).outcome is not Answered.FULFILLED:
        _answer(tx, clock, request, Answered.FULFILLED, None, by)


def deny(tx: Transaction, clock: Clock, request: RequestId, *, ground: DenialGround, by: Actor) -> None:
    """Refused, for a named reason."""
    _answer(tx, clock, request, Answered.DENIED, ground, by)


def _answer(tx: Transaction, clock: Clock, request: RequestId, outcome: Answered, ground: DenialGround | None, by: Actor) -> None:
    found = get(tx, request)
    check_open(found)
    store.set_answer(tx, request, outcome, ground, clock.now())
    append(
        tx,
        RequestAnswered(
            at=clock.now(),
            controller=tx.of,
            request=request,
            kind_of_request=found.kind,
            outcome=outcome,
            ground=ground,
            actor=by.id,
            role=by.role,
        ),
    )
