"""One request as it is written down: found, a step added to it, its answer. What every deed on requests starts and ends with."""

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import NotFound
from rightcall.ids import RequestId, StatementId, SubjectId, new_id
from rightcall.ledger.actions import append
from rightcall.ledger.model import Statement
from rightcall.requests import store
from rightcall.requests.course import store as course
from rightcall.requests.model import Answered, Asked, DenialGround, Happened, Request, Step
from rightcall.requests.rules import check_open
from rightcall.requests.statements import RequestAnswered
from rightcall.subjects.joining import actions as joining


def find(tx: Transaction, request: RequestId) -> Request | None:
    """Held until the transaction ends, and before it the person: whoever works on one of their requests may come to the others,
    and would wait for who works on those while they wait for it. For a request that is not there as much is asked, so that the
    time it takes tells nobody."""
    joining.hold(tx, store.subject_of(tx, request) or SubjectId(request))
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
    course.insert_step(tx, request, Happened(step=taken, at=clock.now(), by=by, detail=detail), id)


def answer(
    tx: Transaction,
    clock: Clock,
    request: RequestId,
    outcome: Answered,
    by: Actor,
    *,
    ground: DenialGround | None = None,
    counted: Asked | None = None,
) -> Request:
    """Conflict where it is answered already. The request as it was before."""
    found = get(tx, request)
    check_open(found)
    course.set_answer(tx, request, outcome, ground, clock.now())
    said = RequestAnswered(
        at=clock.now(),
        controller=tx.of,
        request=request,
        kind_of_request=found.kind,
        outcome=outcome,
        ground=ground,
        same_lately=None if counted is None else counted.same_lately,
        in_a_year=None if counted is None else counted.in_a_year,
        actor=by.id,
        role=by.role,
    )
    step(tx, clock, request, Step(outcome.value), by, said=said, detail=None if ground is None else ground.value)
    return found
