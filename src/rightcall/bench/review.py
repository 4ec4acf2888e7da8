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

_CONTENT = Content(
    answers=Answers(
        what_for="This bench measures how fast a gate closes, so that whoever installs Rightcall knows it.",
        clear_yes="The bench itself says yes for callers whom it has made up.",
        what_we_hold="We hold noise that was made for the bench, and nothing that anybody said.",
        kept_safe="It is sealed as the words of people are, and lies in the folder of the bench alone.",
        need_all="All of it goes when the bench is over, with the folder.",
        right_thing="Nobody is heard, and whoever relies on a closed gate wants to know when it is closed.",
        said_aloud="We would like to measure how fast this recorder stops, with a call that is none.",
    ),
    harms=(
        Harm(
            who="nobody real",
            how="Somebody real could be heard if the bench were run where calls are.",
            likelihood=Likelihood.RARE,
            severity=Severity.SLIGHT,
            done="The bench has a database and a folder of its own.",
        ),
    ),
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
    balancing=Balancing(
        purpose="Whoever installs a recorder has an interest in knowing how fast it stops.",
        necessity="How fast a gate closes can be seen only while something comes through it.",
        balance="There is nobody whose interests would have to yield.",
    ),
    impact=None,
)


def review(tx: Transaction, house: House, purpose: PurposeId) -> None:
    """Signed in two roles, as any other."""
    made = reviews.draft(tx, house.clock, house.rules, NewReview(purpose=purpose, content=_CONTENT), by=SYSTEM)
    for role, capacity in ((Role.SUPERVISOR, Capacity.FOR_THE_HOUSE), (Role.AGENT, Capacity.FOR_AGENTS)):
        reviews.sign(tx, house.clock, house.rules, made.id, capacity, by=Actor(id=new_id(), role=role))
