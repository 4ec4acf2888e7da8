"""A wish that stands for somebody who never asked for it: they were taken for whoever asked, by a join that was undone or until
they were split (GDPR Art. 18, 21).

Whoever asked keeps it. For the other it stands as well, since two who were taken for one make it doubtful who asked, and to have
used data wrongly cannot be undone. It ends by a reasoned word of a person who looked; never where the person has a request of
their own that says so, since that is lifted by the request (`limiting.lift`), after they were told.
"""

from collections.abc import Mapping, Sequence

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.joins import doubt
from rightcall.erasure import actions as erasures
from rightcall.errors import Conflict
from rightcall.ids import RequestId, StatementId, SubjectId, new_id
from rightcall.ledger.actions import append
from rightcall.recordings import actions as recordings
from rightcall.requests import store
from rightcall.requests.limiting import LIMITS
from rightcall.requests.model import NotTheirs, RequestKind, Stage, Wish
from rightcall.requests.statements import CarriedLimitLifted
from rightcall.subjects import actions as subjects
from rightcall.subjects import restricting
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import Join, Limit
from rightcall.vault.actions import Vault

_KINDS: Mapping[Limit, RequestKind] = {limit: kind for kind, limit in LIMITS.items()}


def wishes_of(tx: Transaction, subject: SubjectId) -> list[Wish]:
    """What stands for this person, and why; nothing of what stands only because somebody may be the same person."""
    since = restricting.own_limits(tx, [subject]).get(subject)
    if since is None:
        return []
    stand = {Limit.RESTRICTED: since.restricted_at, Limit.OBJECTED: since.objected_at}
    person = joining.person(tx, subject)
    found = []
    for limit, at in stand.items():
        if at is not None:
            own = store.standing_of(tx, person, _KINDS[limit])
            joins, others = ((), ()) if own else _parted(tx, person)
            asked = store.standing_of(tx, others, _KINDS[limit]) if others else []
            wish = Wish(
                limit=limit,
                since=at,
                requests=tuple(each.id for each in own),
                came_by=tuple(each for each in joins if each.undone_at is not None and each.undone_at >= at),
                asked_there=tuple(each.id for each in asked),
            )
            found.append(wish)
    return found


def carried_by(tx: Transaction, join: Join) -> dict[SubjectId, tuple[Limit, ...]]:
    """Of the two that this was undone between: what stands for either without a request of theirs."""
    found = {each: tuple(wish.limit for wish in wishes_of(tx, each) if wish.is_carried) for each in (join.subject, join.into)}
    return {each: limits for each, limits in found.items() if limits}


def lift(tx: Transaction, vault: Vault, clock: Clock, subject: SubjectId, limit: Limit, *, reason: NotTheirs, by: Actor) -> None:
    """It stands for this person no longer. Conflict where they ask for it themselves, or are erased; where it comes from a
    request that still says so, and the reason is that this is over."""
    person = joining.hold(tx, subjects.get(tx, subject).id)
    _check_there(tx, vault, subject, person)
    wish = next((each for each in wishes_of(tx, subject) if each.limit is limit), None)
    if wish is None:
        raise Conflict(
            "This does not stand for them by a word of theirs, or of somebody they were taken for. There is nothing to lift."
        )
    asked = [each for each in store.waiting_of(tx, person) if each.kind is _KINDS[limit]]
    _check_carried(wish, [*wish.requests, *(each.id for each in asked)], reason)
    restricting.limit(tx, clock, person, limit, stands=False)
    doubt.settle(tx, clock, [subject])
    recordings.look_again(tx, [tx.of])
    id = StatementId(new_id())
    said = CarriedLimitLifted(
        at=clock.now(),
        controller=tx.of,
        subject=subjects.commitment(tx, vault, subject, id),
        limit=limit,
        reason=reason,
        actor=by.id,
        role=by.role,
    )
    append(tx, said, id=id)


def _check_there(tx: Transaction, vault: Vault, subject: SubjectId, person: Sequence[SubjectId]) -> None:
    erasing = any(each.kind is RequestKind.ERASURE and each.stage is Stage.IN_PROGRESS for each in store.waiting_of(tx, person))
    if erasing or erasures.latest_of(tx, subject) is not None or not vault.subject_exists(tx, subject):
        raise Conflict("This person is being erased, or was. Nothing is left to be used, so nothing is lifted.")


def _check_carried(wish: Wish, own: Sequence[RequestId], reason: NotTheirs) -> None:
    if own:
        raise Conflict(f"This person asks for it themselves, by the request {own[0]}. Answer that, or lift it by that request.")
    if reason is NotTheirs.REQUEST_OVER and wish.asked_there:
        raise Conflict(
            f"The request {wish.asked_there[0]} that it comes from still stands. Lift or deny that one first, or say that it was"
            " the other one's wish."
        )


def _parted(tx: Transaction, person: Sequence[SubjectId]) -> tuple[tuple[Join, ...], tuple[SubjectId, ...]]:
    """Joins that were undone between this person and others, or these and further ones; and those others, with whoever was split
    from any of them."""
    known, joins, left = set(person), dict[StatementId, Join](), list(person)
    while left:
        one = left.pop()
        found = joining.joins_of(tx, one)
        joins |= {each.id: each for each in found}
        near = {end for each in found for end in (each.subject, each.into)} | joining.told_apart(tx, [one]).get(one, frozenset())
        new = {each for end in near for each in joining.person(tx, end)} - known
        known |= new
        left.extend(new)
    undone = tuple(each for each in joins.values() if each.undone_at is not None)
    return undone, tuple(known - set(person))
