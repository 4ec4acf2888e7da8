"""What a certificate says of backups: truly, whichever of erasing, turning the epoch and saying so is cut off or comes late."""

from datetime import timedelta

import pytest

from rightcall.erasure import actions as erasures
from rightcall.evidence.model import Grade
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Slice
from rightcall.ids import ErasureId
from rightcall.requests.model import Request
from rightcall.retention import actions as retention
from rightcall.vault.model import Dark
from tests.erasure.fakes import World
from tests.holdings.holding import held
from tests.procedures.fakes import InlineSteps
from tests.recordings.scene import DPO


def turn(world: World) -> int:
    world.clock.at += timedelta(days=7)
    return world.vault.rotate(world.database).epoch


def say(world: World, epoch: int, rewrapped: int | None = None) -> int:
    with world.deed() as tx:
        return retention.epoch_turned(tx, world.clock, epoch=epoch, rewrapped=rewrapped)


def grades(world: World, request: Request) -> list[Grade]:
    return [grade for grade, _ in world.certificates(request.subject)]


def test_once_the_epoch_has_turned_backups_are_covered(world: World) -> None:
    request = world.ask_for_erasure(world.recorded().ada)
    world.answer(request)
    assert say(world, turn(world)) == 1
    assert grades(world, request) == [Grade.COMPLETE_AFTER_BACKUPS, Grade.COMPLETE]


def test_a_turn_is_said_once_however_often_it_is_said(world: World) -> None:
    request = world.ask_for_erasure(world.recorded().ada)
    world.answer(request)
    epoch = turn(world)
    assert [say(world, epoch, 5), say(world, epoch), say(world, epoch)] == [1, 0, 0]
    assert world.said()["retention.epoch_turned"] == 1
    assert world.leaves("retention.epoch_turned")[0]["rewrapped"] == 5
    assert len(grades(world, request)) == 2


def test_an_erasure_that_is_confirmed_after_the_turn_is_covered_at_once(world: World) -> None:
    world.recorded()
    request = world.ask_for_erasure(world.ada)
    with world.deed() as tx:
        erasures.begin(tx, world.clock, erasure=ErasureId(request.id), subject=request.subject)
        erasures.destroy(tx, world.vault, world.clock, erasure=ErasureId(request.id))
    say(world, turn(world))
    world.answer(request)
    assert grades(world, request) == [Grade.COMPLETE]


def test_a_certificate_does_not_claim_a_turn_that_came_before(world: World) -> None:
    say(world, turn(world))
    request = world.ask_for_erasure(world.recorded().ada)
    world.answer(request)
    assert world.erasure(request).epoch == world.vault.epoch(world.database).number
    assert grades(world, request) == [Grade.COMPLETE_AFTER_BACKUPS]


def test_the_vault_tells_whether_earlier_keys_are_gone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    turn(world)
    here = world.vault.epoch(world.database)
    assert world.vault.stands_alone(world.database) == here
    with monkeypatch.context() as patched:
        patched.setattr("rightcall.vault.epochs.actions.destroy", lambda *_: None)
        turn(world)
    assert world.vault.stands_alone(world.database) is None
    world.vault.rotate(world.database)
    assert world.vault.stands_alone(world.database) is not None


def hold(world: World, name: str) -> tuple[Slice, str]:
    """A hold on what Ada said."""
    (take,) = (each for each in world.holdings() if each.subject == world.ada)
    slice = Slice(holding=take.id, purpose=world.scene.training.id)
    until = (world.clock.at + timedelta(days=20)).date()
    with world.deed() as tx:
        placed = held(tx, world.vault, world.clock, slice, until=until, name=name)
    return slice, str(placed.id)


def lift(world: World, id: str) -> None:
    with world.deed() as tx:
        (placed,) = (each for each in holds.standing(tx) if str(each.id) == id)
        holds.lift(tx, world.vault, world.clock, placed.id, by=DPO)


def test_a_hold_keeps_its_slice_and_the_certificate_says_until_when(world: World) -> None:
    world.recorded()
    held, id = hold(world, "dispute-2026-114")
    request = world.ask_for_erasure(world.ada)
    world.answer(request)
    erasure = world.erasure(request)
    assert (erasure.disposed, erasure.held) == (0, 1)
    assert len(world.stored()) == 1
    ((grade, shown),) = world.certificates(request.subject)
    assert grade is Grade.PARTIAL
    assert any("until the end of 2026-12-13" in line for line in shown.says)

    epoch = turn(world)
    say(world, epoch)
    lift(world, id)
    world.disposals.of_hold(InlineSteps(), str(world.controller), id)
    assert world.stored() == []
    with world.deed() as tx:
        assert isinstance(world.vault.unlock_content(tx, holding=held.holding, purpose=held.purpose), Dark)
    erasure = world.erasure(request)
    assert (erasure.disposed, erasure.held, erasure.epoch) == (1, 0, epoch)
    assert grades(world, request) == [Grade.PARTIAL, Grade.PARTIAL, Grade.COMPLETE_AFTER_BACKUPS]
    say(world, turn(world))
    assert grades(world, request)[-1] is Grade.COMPLETE


@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("step", ["dispose", "look whose they were", "look for erasures", "confirm anew", "certify anew"])
def test_a_lifted_hold_is_certified_once(world: World, where: str, step: str) -> None:
    world.recorded()
    _, id = hold(world, "dispute-2026-115")
    request = world.ask_for_erasure(world.ada)
    world.answer(request)
    lift(world, id)
    failing = frozenset([step])
    steps = InlineSteps(fail_before=failing) if where == "before" else InlineSteps(fail_after=failing)
    world.disposals.of_hold(steps, str(world.controller), id)
    assert steps.failed == [step]
    world.disposals.of_hold(InlineSteps(), str(world.controller), id)
    assert grades(world, request) == [Grade.PARTIAL, Grade.COMPLETE_AFTER_BACKUPS]
    assert world.stored() == []


def test_lifting_a_hold_of_somebody_who_was_not_erased_certifies_nothing(world: World) -> None:
    world.recorded()
    _, id = hold(world, "dispute-2026-116")
    lift(world, id)
    world.disposals.of_hold(InlineSteps(), str(world.controller), id)
    assert len(world.stored()) == 2
    assert world.said()["evidence.certificate"] == 0
