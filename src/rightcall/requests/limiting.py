"""A request for restriction, or an objection, counts from the moment that it is ready, before anybody has answered it.

It protects the person, so it stands while it is being looked at (GDPR Art. 18(1)(a), (d)), and live calls are settled anew. For
whoever may be the same person it counts as well, until somebody says whether they are (`discovery.joins.doubt`). It is lifted by
a person, who told the one it is about before (Art. 18(3)). What it forbids, the law packs say.
"""

from collections.abc import Mapping

from rightcall.actors import SYSTEM, Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.joins import doubt
from rightcall.errors import Conflict
from rightcall.ids import RequestId
from rightcall.recordings import actions as recordings
from rightcall.requests import store
from rightcall.requests.course import store as course
from rightcall.requests.model import Request, RequestKind, Step
from rightcall.requests.record import get, step
from rightcall.requests.statements import RequestLimited
from rightcall.subjects import restricting
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import Limit

LIMITS: Mapping[RequestKind, Limit] = {
    RequestKind.RESTRICTION: Limit.RESTRICTED,
    RequestKind.OBJECTION: Limit.OBJECTED,
}


def apply(tx: Transaction, clock: Clock, request: Request) -> None:
    """From now on what it asks for stands. Nothing where it asks for something else."""
    what = LIMITS.get(request.kind)
    if what is not None:
        _set(tx, clock, request, what, stands=True, by=SYSTEM)


def tell_before_lifting(tx: Transaction, clock: Clock, request: RequestId, *, by: Actor) -> None:
    """The person was told that it will be lifted. A second time changes nothing."""
    found = get(tx, request)
    _limit_of(found)
    if not _was_told(tx, request):
        step(tx, clock, request, Step.TOLD_BEFORE_LIFTING, by)


def lift(tx: Transaction, clock: Clock, request: RequestId, *, by: Actor) -> None:
    """It stands no longer. Conflict where the person was not told before, or asks for it in another request too."""
    found = get(tx, request)
    what = _limit_of(found)
    if not _was_told(tx, request):
        raise Conflict("Tell the person first that it is going to be lifted, and write that down. Then lift it.")
    others = store.waiting_of(tx, joining.hold(tx, found.subject))
    if any(each.id != request and each.ready_at is not None and LIMITS.get(each.kind) is what for each in others):
        raise Conflict("This person asks for the same in another request, which is not answered. Answer that one first.")
    _set(tx, clock, found, what, stands=False, by=by)


def check_deniable(tx: Transaction, request: Request) -> None:
    """Conflict where a restriction stands by this request, and its person was not told that it will be lifted."""
    if LIMITS.get(request.kind) is Limit.RESTRICTED and request.ready_at is not None and not _was_told(tx, request.id):
        raise Conflict("Use of this person's data is restricted until it is lifted. Tell them first, and write that down.")


def end_denied(tx: Transaction, clock: Clock, request: Request, *, by: Actor) -> None:
    """It was denied, so it stands no longer, unless the person asks for the same in another request or was granted it before."""
    what = LIMITS.get(request.kind)
    if what is None or request.ready_at is None:
        return
    person = joining.hold(tx, request.subject)
    if not any(each.id != request.id for each in store.standing_of(tx, person, request.kind)):
        _set(tx, clock, request, what, stands=False, by=by)


def _limit_of(request: Request) -> Limit:
    what = LIMITS.get(request.kind)
    if what is None or request.ready_at is None:
        raise Conflict("Nothing is restricted by this request, so there is nothing to lift.")
    return what


def _was_told(tx: Transaction, request: RequestId) -> bool:
    return any(each.step is Step.TOLD_BEFORE_LIFTING for each in course.steps_of(tx, request))


def _set(tx: Transaction, clock: Clock, request: Request, what: Limit, *, stands: bool, by: Actor) -> None:
    restricting.limit(tx, clock, joining.hold(tx, request.subject), what, stands=stands)
    doubt.settle(tx, clock, [request.subject])
    recordings.look_again(tx, [tx.of])
    said = RequestLimited(
        at=clock.now(), controller=tx.of, request=request.id, limit=what, stands=stands, actor=by.id, role=by.role
    )
    step(tx, clock, request.id, Step.LIMITED if stands else Step.LIFTED, by, said=said, detail=what.value)
