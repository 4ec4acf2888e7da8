"""A review of the bench's purpose, so that something may be captured for it."""

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.database.connection import Transaction
from rightcall.ids import PurposeId, new_id
from rightcall.policy.model import Act
from rightcall.reviews import actions as reviews
from rightcall.reviews.model import (
    Alternative,
    Answers,
    Balancing,
    Capacity,
    Content,
    Declared,
    Enough,
    Harm,
    Likelihood,
    NewReview,
    Severity,
    Volume,
)
from rightcall.wiring import House

_SAID = "This bench measures how fast a gate closes and keeps nothing of anybody."
_CONTENT = Content(
    answers=Answers(
        what_for=_SAID,
        clear_yes=_SAID,
        what_we_hold=_SAID,
        kept_safe=_SAID,
        need_all=_SAID,
        right_thing=_SAID,
        said_aloud=_SAID,
    ),
    harms=(Harm(who="nobody real", how=_SAID, likelihood=Likelihood.RARE, severity=Severity.SLIGHT, done=_SAID),),
    alternatives=(Alternative(what="not measuring", enough=Enough.NO, why="Then nobody would know how fast it is."),),
    declared=Declared(
        service_depends_on_yes=False,
        steps_to_accept=1,
        steps_to_decline=1,
        unrecorded_line="Nobody real speaks in a bench.",
        other_proof=None,
        whole_call=False,
        acts=frozenset({Act.CAPTURE}),
        roles=frozenset({Role.SUPERVISOR}),
        calls=Volume.MORE,
        criteria=frozenset(),
    ),
    balancing=Balancing(purpose=_SAID, necessity=_SAID, balance=_SAID),
    impact=None,
)


def review(tx: Transaction, house: House, purpose: PurposeId) -> None:
    """Signed in two roles, as any other."""
    made = reviews.draft(tx, house.clock, house.rules, NewReview(purpose=purpose, content=_CONTENT), by=SYSTEM)
    for role, capacity in ((Role.SUPERVISOR, Capacity.FOR_THE_HOUSE), (Role.AGENT, Capacity.FOR_AGENTS)):
        reviews.sign(tx, house.clock, house.rules, made.id, capacity, by=Actor(id=new_id(), role=role))
