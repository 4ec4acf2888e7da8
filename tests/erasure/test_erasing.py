"""Erasing a person, step by step, with every step failing in both ways: the end is the same, and it can be shown."""

from datetime import timedelta

import pytest

from rightcall.actors import SYSTEM
from rightcall.consent.model import Answer
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.evidence.model import Grade
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.holdings.model import NewForeign, Provenance, Source
from rightcall.holdings.places import Place
from rightcall.ids import CallId, HoldingId, SystemId, new_id
from rightcall.personal import Personal
from rightcall.recordings import actions as recordings
from rightcall.recordings.model import CallState
from rightcall.requests.model import Answered, Stage
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import Identifier, IdentifierKind, JoinReason
from rightcall.vault.model import Dark, DarkReason
from tests.cast import ADA_EMAIL
from tests.erasure.fakes import World
from tests.procedures.fakes import InlineSteps

REST = "look for the rest of the person"
STEPS = (
    "begin",
    REST,
    "destroy",
    "forget",
    "plan elsewhere",
    "look for calls",
    "dispose",
    "dispose of the other side",
    "confirm",
    "certify",
    "fulfil",
)
FAILURES = [None, *((where, step) for where in ("before", "after") for step in STEPS)]


@pytest.mark.parametrize("failure", FAILURES)
def test_nothing_of_a_person_is_left(world: World, failure: tuple[str, str] | None) -> None:
    world.recorded()
    ada, request = world.ada, world.ask_for_erasure(world.ada)
    steps = InlineSteps(
        fail_before=frozenset([failure[1]] if failure and failure[0] == "before" else []),
        fail_after=frozenset([failure[1]] if failure and failure[0] == "after" else []),
    )
    world.answer(request, steps)
    assert steps.failed == ([failure[1]] if failure else [])

    assert world.found() == []
    with world.deed() as tx:
        assert not world.vault.subject_exists(tx, ada)
        assert subjects.name_of(tx, world.vault, ada) is None
        assert tx.connection.execute("SELECT count(*) AS n FROM identifiers WHERE subject = %s", (ada,)).fetchone() == {"n": 0}
    assert world.stored() == []
    for holding in world.holdings():
        assert holding.disposed_at is not None
        with world.deed() as tx:
            key = world.vault.unlock_content(tx, holding=holding.id, purpose=holding.purposes[0])
        assert key == Dark(reason=DarkReason.SUBJECT_ERASED)

    erasure = world.erasure(request)
    assert (erasure.disposed, erasure.held) == (1, 0)
    said = world.said()
    for kind in ("requests.received", "erasure.destroyed", "erasure.confirmed", "evidence.certificate", "requests.answered"):
        assert said[kind] == 1, kind
    assert said["holdings.batch_disposed"] == 2
    ((grade, shown),) = world.certificates(ada)
    assert grade is Grade.COMPLETE_AFTER_BACKUPS
    assert any("no longer be read: 1 stream." in line for line in shown.says)
    answered = world.request(request)
    assert (answered.stage, answered.outcome) == (Stage.ANSWERED, Answered.FULFILLED)


def test_what_another_system_still_keeps_is_neither_called_gone_nor_passed_over(world: World) -> None:
    world.recorded()
    ada, request = world.ada, world.ask_for_erasure(world.ada)
    new = NewForeign(
        id=HoldingId(new_id()),
        subject=ada,
        category=Category.TELEPHONE_NUMBER,
        place=Place(system=SystemId(new_id()), field="phone"),
        provenance=Provenance(source=Source.SCAN, actor=SYSTEM, at=world.clock.at, basis=None),
    )
    with world.deed() as tx:
        holdings.register(tx, world.vault, world.clock, [new])
    world.answer(request, InlineSteps())
    ((grade, shown),) = world.certificates(ada)
    assert grade is Grade.PARTIAL
    assert any("no longer be read: 1 stream." in line for line in shown.says)
    assert "Remains: in a system in which we can erase nothing ourselves (1)." in shown.says
    with world.deed() as tx:
        assert holdings.get(tx, new.id).disposed_at is None


@pytest.mark.parametrize("failure", [REST, "destroy the rest", "confirm"])
@pytest.mark.parametrize("asked", ["the one", "the other"])
def test_erasing_one_of_two_that_are_one_person_erases_both_and_undoing_brings_nothing_back(
    world: World, asked: str, failure: str
) -> None:
    world.recorded()
    ada = world.ada
    with world.deed() as tx:
        other = subjects.identify(
            tx, world.vault, world.clock, [Identifier(kind=IdentifierKind.EMAIL, value=Personal(ADA_EMAIL))]
        )
        made = joining.join(tx, world.vault, world.clock, other, into=ada, reason=JoinReason.PERSON_SAID_SO, by=SYSTEM)
    request = world.ask_for_erasure(ada if asked == "the one" else other)
    world.answer(request, InlineSteps(fail_after=frozenset([failure])))
    with world.deed() as tx:
        joining.undo(tx, world.clock, made.id, by=SYSTEM)
        assert not world.vault.subject_exists(tx, ada)
        assert not world.vault.subject_exists(tx, other)
        with pytest.raises(Conflict, match="was erased"):
            joining.join(tx, world.vault, world.clock, other, into=ada, reason=JoinReason.PERSON_SAID_SO, by=SYSTEM)
    assert world.found() == []
    assert world.stored() == []
    assert world.said()["erasure.destroyed"] == world.said()["erasure.confirmed"] == 2
    of_both = [(each, grade) for each in (ada, other) for grade, _ in world.certificates(each)]
    assert of_both == [(request.subject, Grade.COMPLETE_AFTER_BACKUPS)]


def test_who_asks_twice_is_erased_once_and_told_so(world: World) -> None:
    world.recorded()
    ada, first, second = world.ada, world.ask_for_erasure(world.ada), world.ask_for_erasure(world.ada)
    world.answer(first)
    world.answer(first)
    assert world.said()["evidence.certificate"] == 1
    world.answer(second)
    assert sum(int(str(each["count"])) for each in world.leaves("holdings.batch_disposed")) == 2
    assert world.request(second).outcome is Answered.ALREADY_ERASED
    assert len(world.certificates(ada)) == 1


def test_an_erasure_is_of_one_person(world: World) -> None:
    request = world.ask_for_erasure(world.ada)
    world.answer(request)
    other = world.subject_of("p-seven")
    with pytest.raises(Conflict):
        world.eraser.erase(InlineSteps(), world.controller, world.erasure(request).id, other)
    with world.deed() as tx:
        assert world.vault.subject_exists(tx, other)


@pytest.mark.parametrize(("before", "after"), [(0, 0), (1, 0), (0, 1), (3, 1)])
def test_capture_stops_when_a_person_on_the_phone_is_erased(world: World, before: int, after: int) -> None:
    world.choose(Answer.GRANTED)
    assert world.talk() == 10
    request = world.ask_for_erasure(world.ada)
    world.gates.before, world.gates.after = before, after
    world.answer(request)
    assert world.talk() == 0
    assert (world.gates.before, world.gates.after) == (0, 0)
    assert world.stored() == []
    assert [holding.disposed_at is None for holding in world.holdings()] == [False, False]
    assert [grade for grade, _ in world.certificates(request.subject)] == [Grade.COMPLETE_AFTER_BACKUPS]


def test_a_failed_destroy_that_was_done_still_tells_the_recorder(world: World) -> None:
    world.choose(Answer.GRANTED)
    assert world.talk() == 10
    request = world.ask_for_erasure(world.ada)
    steps = world.answer(request, InlineSteps(fail_after=frozenset(["destroy"])))
    assert "close" in steps.ended
    assert world.talk() == 0


def test_the_keys_go_in_the_same_time_however_many_calls_there_were(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """No call that is over for longer is looked at before the keys are gone."""
    world.recorded()
    world.clock.at += timedelta(minutes=1)
    looked_at: list[bool] = []
    state = recordings.call_state

    def look(tx: Transaction, call: CallId) -> CallState:
        looked_at.append(world.vault.subject_exists(tx, ada))
        return state(tx, call)

    ada = world.ada
    request = world.ask_for_erasure(ada)
    monkeypatch.setattr(recordings, "call_state", look)
    world.answer(request)
    assert not any(looked_at)
    assert not world.stored()


def test_nothing_is_confirmed_while_a_recorder_has_bytes(world: World) -> None:
    """The recorder cannot be reached; then it is back, as after a crash, and finishes what it had."""
    world.choose(Answer.GRANTED)
    assert world.talk() == 10
    request = world.ask_for_erasure(world.ada)
    world.gates.before = 1000
    rounds = []

    def meanwhile() -> None:
        rounds.append(world.erasure(request).confirmed_at)
        assert world.request(request).stage is Stage.IN_PROGRESS
        if len(rounds) == 5:
            with world.deed() as tx:
                world.scene.recorder.finish_all(tx)

    steps = world.answer(request, InlineSteps(meanwhile=meanwhile))
    assert rounds == [None] * 5
    assert steps.ended.count("close") == 6
    assert world.stored() == []
    assert world.request(request).outcome is Answered.FULFILLED


def test_the_last_day_of_backups_leaves_time_for_the_turn(world: World) -> None:
    request = world.ask_for_erasure(world.recorded().ada)
    world.answer(request)
    epoch = world.vault.epoch(world.database)
    (issued,) = world.leaves("evidence.certificate")
    assert issued["backups_until"] == (epoch.begun_at + timedelta(days=8)).date().isoformat()
