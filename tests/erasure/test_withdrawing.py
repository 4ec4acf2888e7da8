"""A withdrawal takes every yes of the person back, however often its steps fail, and no yes that comes after it."""

import pytest

from rightcall.actors import Role
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Choice
from rightcall.errors import Conflict
from rightcall.ids import SubjectId, new_id
from rightcall.requests import actions as requests
from rightcall.requests.actions import Came
from rightcall.requests.model import Answered, Channel, ProofKind, Request, RequestKind, Stage
from rightcall.requests.rules import check_by_hand
from rightcall.requests.withdrawing import WithdrawalAnswer
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import JoinReason
from rightcall.vault.model import Dark, DarkReason
from tests.erasure.fakes import World
from tests.procedures.fakes import InlineSteps
from tests.recordings.scene import AGENT, DPO

STEPS = ("begin", "look for yeses", "take back", "fulfil")


def ask(world: World, subject: SubjectId, proof: ProofKind | None = ProofKind.RECOGNISED) -> Request:
    with world.deed() as tx:
        came = Came(channel=Channel.PHONE, proof=proof)
        return requests.receive(tx, world.vault, world.clock, subject=subject, kind=RequestKind.WITHDRAWAL, by=AGENT, came=came)


def answer(world: World, request: Request, steps: InlineSteps) -> Request:
    WithdrawalAnswer(database=world.database, tools=world.scene.tools)(steps, str(world.controller), str(request.id))
    return world.request(request)


def newest(world: World) -> Choice:
    with world.deed() as tx:
        return consent.choices_of_party(tx, world.scene.party("p-ada"))[-1]


@pytest.mark.parametrize("failure", [None, *((where, step) for where in ("before", "after") for step in STEPS)])
def test_every_yes_is_taken_back_once(world: World, failure: tuple[str, str] | None) -> None:
    world.recorded()
    request = ask(world, world.ada)
    steps = InlineSteps(
        fail_before=frozenset([failure[1]] if failure and failure[0] == "before" else []),
        fail_after=frozenset([failure[1]] if failure and failure[0] == "after" else []),
    )
    done = answer(world, request, steps)
    assert steps.failed == ([failure[1]] if failure else [])
    assert (done.stage, done.outcome) == (Stage.ANSWERED, Answered.FULFILLED)
    with world.deed() as tx:
        answers = [each.answer for each in consent.choices_of_party(tx, world.scene.party("p-ada"))]
    assert answers == [Answer.GRANTED, Answer.WITHDRAWN]
    last = newest(world)
    assert (last.by.role, last.channel.value) == (Role.AGENT, "voice_heard_by_agent")
    for holding in world.holdings():
        with world.deed() as tx:
            key = world.vault.unlock_content(tx, holding=holding.id, purpose=holding.purposes[0])
        assert key == Dark(reason=DarkReason.GRANT_DESTROYED)


def test_a_live_call_is_cut(world: World) -> None:
    world.choose(Answer.GRANTED)
    assert world.talk() > 0
    answer(world, ask(world, world.ada), InlineSteps())
    with world.deed() as tx:
        world.scene.recorder.settle(tx, world.scene.call)
    assert world.talk() == 0


def test_a_yes_that_comes_after_it_stands(world: World) -> None:
    world.choose(Answer.GRANTED)
    request = ask(world, world.ada)
    world.scene.later()
    world.choose(Answer.REFUSED)
    world.choose(Answer.GRANTED)
    assert answer(world, request, InlineSteps()).outcome is Answered.FULFILLED
    assert newest(world).answer is Answer.GRANTED


def test_a_joined_subject_takes_back_too(world: World) -> None:
    world.recorded()
    with world.deed() as tx:
        other = SubjectId(new_id())
        tx.connection.execute(
            "INSERT INTO subjects (controller, subject, ambiguous, created_at) VALUES (%s, %s, false, now())",
            (world.controller, other),
        )
        world.vault.create_subject(tx, other)
        joining.join(tx, world.vault, world.clock, other, into=world.ada, reason=JoinReason.PERSON_SAID_SO, by=DPO)
    answer(world, ask(world, other), InlineSteps())
    assert newest(world).answer is Answer.WITHDRAWN


def test_nothing_is_taken_back_before_it_is_shown_who_asks(world: World) -> None:
    world.recorded()
    request = ask(world, world.ada, None)
    with pytest.raises(Conflict, match="not shown yet who asks"):
        answer(world, request, InlineSteps())
    assert newest(world).answer is Answer.GRANTED


def test_no_person_says_that_it_is_done(world: World) -> None:
    world.recorded()
    with pytest.raises(Conflict, match="by itself"):
        check_by_hand(ask(world, world.ada))
