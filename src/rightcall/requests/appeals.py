"""A denial is appealed once, and another person than the one who denied it looks again; the person is told so (GDPR Art. 12(4)).

Where the denial does not stand, the request is open again as it was, with its day: what was late stays late.
"""

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.ids import RequestId
from rightcall.requests import limiting
from rightcall.requests.course import store as course
from rightcall.requests.model import Answered, Request, Step
from rightcall.requests.record import get, step
from rightcall.requests.rules import check_appealable
from rightcall.requests.statements import AppealDecided, RequestAppealed


def appeal(tx: Transaction, clock: Clock, request: RequestId, *, by: Actor) -> None:
    """The person does not agree with the denial."""
    check_appealable(get(tx, request))
    at = clock.now()
    course.change(tx, request, appealed_at=at)
    said = RequestAppealed(at=at, controller=tx.of, request=request, actor=by.id, role=by.role)
    step(tx, clock, request, Step.APPEALED, by, said=said)


def decide(tx: Transaction, clock: Clock, request: RequestId, *, stands: bool, by: Actor) -> None:
    """Conflict where nobody appealed, it was decided, or the same person denied it."""
    found = get(tx, request)
    steps = course.steps_of(tx, request)
    if found.appealed_at is None or any(each.step in (Step.UPHELD, Step.REOPENED) for each in steps):
        raise Conflict("No appeal of this request waits for a decision.")
    if any(each.step is Step.DENIED and each.by.id == by.id for each in steps):
        raise Conflict("Whoever denied a request does not decide the appeal. Ask another person, with a token of their own.")
    said = AppealDecided(at=clock.now(), controller=tx.of, request=request, stands=stands, actor=by.id, role=by.role)
    step(tx, clock, request, Step.UPHELD if stands else Step.REOPENED, by, said=said)
    if not stands:
        _reopen(tx, clock, found)


def _reopen(tx: Transaction, clock: Clock, request: Request) -> None:
    if request.outcome is not Answered.DENIED:
        raise Conflict("Only what was denied is opened again.")
    course.set_reopened(tx, request.id)
    if request.ready_at is not None:
        limiting.apply(tx, clock, request)
