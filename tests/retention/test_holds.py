"""The life of a hold: it keeps one slice for the DPO, whatever becomes of yes, term and person; then that goes too."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from rightcall.actors import Actor
from rightcall.consent.model import Answer
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.evidence.model import Grade
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Hold, Slice
from rightcall.holdings.model import Holding
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import UseAct
from rightcall.recordings import cards
from rightcall.recordings.actions import play, play_held
from rightcall.recordings.model import Played, Refused
from rightcall.requests.model import Request
from rightcall.retention import actions as retention
from rightcall.vault.model import Dark, DarkReason
from tests.erasure.fakes import World
from tests.holdings.holding import held
from tests.procedures.fakes import InlineSteps
from tests.recordings.scene import AGENT, DPO, SUPERVISOR

REASON, CASE = "answer the court's question", "court-2026-17"


def take_of(world: World, ref: str = "p-ada") -> Holding:
    (take,) = (each for each in world.holdings() if each.subject == world.subject_of(ref))
    return take


def place(world: World, *, days: int = 60, name: str = "dispute-2026-200") -> Hold:
    """A hold on what Ada said."""
    with world.deed() as tx:
        slice = Slice(holding=take_of(world).id, purpose=world.scene.training.id)
        until = (world.clock.at + timedelta(days=days)).date()
        return held(tx, world.vault, world.clock, slice, until=until, name=name, by=DPO)


def listen(
    world: World, hold: Hold, take: Holding, by: Actor = DPO, *, reason: str | None = REASON, case: str | None = CASE
) -> Played | Refused | Dark:
    with world.deed() as tx:
        return play_held(tx, world.scene.tools, world.objects, hold=hold.id, take=take.id, by=by, reason=reason, case=case)


def listen_as_usual(world: World, take: Holding, by: Actor) -> Played | Refused | Dark:
    tools, purpose = world.scene.tools, world.scene.training.id
    with world.deed() as tx:
        return play(tx, tools, world.objects, take=take.id, purpose=purpose, by=by, reason=REASON, case=CASE)


def erase(world: World) -> Request:
    request = world.ask_for_erasure(world.ada)
    world.answer(request)
    return request


def withdraw(world: World) -> None:
    with world.deed():
        world.scene.answer("p-ada", world.scene.training, Answer.WITHDRAWN)
    world.disposals.of_call(InlineSteps(), str(world.controller), str(world.scene.call))


def let_term_end(world: World) -> None:
    world.clock.at += timedelta(days=31)
    with world.deed() as tx:
        retention.end_due_terms(tx, world.vault, world.clock)
    for leaf in world.leaves("retention.term_ended"):
        world.disposals.of_term(InlineSteps(), str(world.controller), str(leaf["last_day"]))


def lift(world: World, hold: Hold) -> None:
    with world.deed() as tx:
        holds.lift(tx, world.vault, world.clock, hold.id, by=DPO)


def let_hold_end(world: World, hold: Hold) -> None:
    """Its last day passes; the worker looks, and looks again."""
    world.clock.at += timedelta(days=61)
    with world.deed() as tx:
        assert holds.over(tx, world.clock) == [hold.id]
        assert holds.end(tx, world.vault, world.clock, hold.id)
    with world.deed() as tx:
        assert holds.over(tx, world.clock) == []
        assert not holds.end(tx, world.vault, world.clock, hold.id)


def refused_by(result: Played | Refused | Dark) -> set[str]:
    assert isinstance(result, Refused), result
    return {reason.rule for reason in result.verdict.reasons}


def test_the_dpo_hears_the_held_slice_of_an_erased_person_and_nobody_else_hears_anything(world: World) -> None:
    world.recorded()
    ada, seven = take_of(world), take_of(world, "p-seven")
    hold = place(world)
    erase(world)

    heard = listen(world, hold, ada)
    assert isinstance(heard, Played)
    assert len(heard.recorded.packets) == 5
    assert refused_by(listen(world, hold, ada, SUPERVISOR)) == {"hold.keeper"}
    assert refused_by(listen(world, hold, ada, case=None)) == {"hold.necessity"}
    assert refused_by(listen(world, hold, ada, reason=" ")) == {"hold.necessity"}
    with pytest.raises(NotFound):
        listen(world, hold, seven)
    for by in (DPO, SUPERVISOR):
        for take in (ada, seven):
            assert listen_as_usual(world, take, by) == Dark(reason=DarkReason.SUBJECT_ERASED)

    with world.deed() as tx:
        (use,) = uses.of_holdings(tx, [ada.id])
    assert (use.act, use.by, use.purpose) == (UseAct.PLAY_HELD, DPO, world.scene.training.id)
    (said,) = world.leaves("holdings.used")
    assert (said["act"], said["verdict"]) == ("play_held", str(use.verdict))
    assert world.stored() == [ada.object_key]
    assert take_of(world, "p-seven").disposed_at is not None


def test_not_even_a_hold_opens_what_carries_card_data(world: World) -> None:
    world.recorded()
    ada, hold = take_of(world), place(world)
    with world.deed() as tx:
        tools, call = world.scene.tools, world.scene.call
        cards.mark(tx, tools, call, since=None, until=None, card_data=True, authentication_data=True, by=AGENT)
    assert refused_by(listen(world, hold, ada)) == {"pci.pan", "pci.sad"}


GOING: dict[str, Callable[[World], object]] = {"erase": erase, "withdraw": withdraw, "term": let_term_end}
ENDING: dict[str, Callable[[World, Hold], None]] = {"lift": lift, "until": let_hold_end}


@pytest.mark.parametrize("ending", ENDING)
@pytest.mark.parametrize("going", GOING)
def test_a_hold_outlives_the_locks_and_then_its_slice_goes_too(world: World, going: str, ending: str) -> None:
    world.recorded()
    ada, hold = take_of(world), place(world)
    assert isinstance(listen(world, hold, ada), Played)
    GOING[going](world)
    assert isinstance(listen(world, hold, ada), Played)
    assert not isinstance(listen_as_usual(world, ada, SUPERVISOR), Played)
    assert world.stored() == [ada.object_key]
    with world.deed() as tx:
        assert holds.is_held(tx, world.clock, ada.id)

    ENDING[ending](world, hold)
    assert listen(world, hold, ada) == Dark(reason=DarkReason.GRANT_DESTROYED)
    with world.deed() as tx:
        assert not holds.is_held(tx, world.clock, ada.id)
    world.disposals.of_hold(InlineSteps(), str(world.controller), str(hold.id))
    assert world.stored() == []
    assert take_of(world).disposed_at is not None
    (lifted,) = world.leaves("holdings.hold_lifted")
    assert lifted["role"] == ("dpo" if ending == "lift" else "system")


@pytest.mark.parametrize("going", GOING)
def test_a_hold_that_comes_after_brings_nothing_back(world: World, going: str) -> None:
    world.recorded()
    GOING[going](world)
    with pytest.raises(Conflict):
        place(world)
    with world.deed() as tx:
        assert holds.standing(tx) == []
    assert world.said()["holdings.hold_placed"] == 0
    assert world.stored() == []


def test_after_its_last_day_it_is_dark_though_no_worker_has_come_by(world: World) -> None:
    world.recorded()
    ada, hold = take_of(world), place(world, days=2)
    erase(world)
    world.clock.at += timedelta(days=2)
    assert isinstance(listen(world, hold, ada), Played)
    world.clock.at += timedelta(days=1)
    assert listen(world, hold, ada) == Dark(reason=DarkReason.TERM_OVER)
    with world.deed() as tx:
        assert not holds.is_held(tx, world.clock, ada.id)


def test_before_its_last_day_is_over_no_worker_ends_it(world: World) -> None:
    world.recorded()
    hold = place(world, days=2)
    world.clock.at += timedelta(days=2)
    with world.deed() as tx:
        assert holds.over(tx, world.clock) == []
        assert not holds.end(tx, world.vault, world.clock, hold.id)
    assert isinstance(listen(world, hold, take_of(world)), Played)


def test_what_two_hold_stays_until_both_have_ended(world: World) -> None:
    world.recorded()
    ada, first, second = take_of(world), place(world), place(world, name="dispute-2026-201")
    erase(world)
    lift(world, first)
    world.disposals.of_hold(InlineSteps(), str(world.controller), str(first.id))
    assert isinstance(listen(world, first, ada), Dark)
    assert isinstance(listen(world, second, ada), Played)
    lift(world, second)
    world.disposals.of_hold(InlineSteps(), str(world.controller), str(second.id))
    assert world.stored() == []


STEPS = ("dispose", "look whose they were", "look for erasures", "confirm anew", "certify anew")


@pytest.mark.parametrize("failure", [None, *((where, step) for where in ("before", "after") for step in STEPS)])
def test_when_a_hold_ends_the_erasure_becomes_whole_whatever_fails(world: World, failure: tuple[str, str] | None) -> None:
    world.recorded()
    hold = place(world)
    request = erase(world)
    assert (world.erasure(request).disposed, world.erasure(request).held) == (0, 1)
    let_hold_end(world, hold)
    where, step = failure or ("", "")
    steps = InlineSteps(
        fail_before=frozenset([step] if where == "before" else []), fail_after=frozenset([step] if where == "after" else [])
    )
    world.disposals.of_hold(steps, str(world.controller), str(hold.id))
    world.disposals.of_hold(InlineSteps(), str(world.controller), str(hold.id))
    assert world.stored() == []
    assert (world.erasure(request).disposed, world.erasure(request).held) == (1, 0)
    assert [grade for grade, _ in world.certificates(request.subject)] == [Grade.PARTIAL, Grade.COMPLETE_AFTER_BACKUPS]
    assert [said["count"] for said in world.leaves("holdings.batch_disposed")] == [1, 1]
    assert world.said()["erasure.confirmed"] == 2


def test_a_hold_can_last_longer_and_whoever_was_told_its_day_is_told_anew(world: World) -> None:
    world.recorded()
    ada, hold = take_of(world), place(world, days=10)
    request = erase(world)
    later = hold.until + timedelta(days=30)
    with world.deed() as tx:
        asked = holds.prolong(tx, world.clock, hold.id, until=later, by=DPO)
        assert asked.ends_on == hold.until
        longer = holds.agree(tx, world.clock, hold.id, by=SUPERVISOR)
    assert longer.until == longer.ends_on == later
    for steps in (InlineSteps(fail_after=frozenset(["take note", "certify anew"])), InlineSteps()):
        world.disposals.prolonged(steps, str(world.controller), str(hold.id))
    (said,) = world.leaves("holdings.hold_prolonged")
    assert (said["hold"], said["until"]) == (str(hold.id), later.isoformat())
    shown = [verified.says for grade, verified in world.certificates(request.subject) if grade is Grade.PARTIAL]
    assert any(hold.until.isoformat() in line for line in shown[0])
    assert any(later.isoformat() in line for line in shown[-1])
    world.clock.at += timedelta(days=20)
    assert isinstance(listen(world, hold, ada), Played)


@pytest.mark.parametrize("days", [0, -1])
def test_a_hold_is_never_made_shorter(world: World, days: int) -> None:
    world.recorded()
    hold = place(world)
    with world.deed() as tx, pytest.raises(Malformed):
        holds.prolong(tx, world.clock, hold.id, until=hold.until + timedelta(days=days), by=DPO)


@pytest.mark.parametrize("ending", ["lift", "past its day"])
def test_a_hold_that_has_ended_is_not_made_longer(world: World, ending: str) -> None:
    world.recorded()
    hold = place(world)
    if ending == "lift":
        lift(world, hold)
    else:
        world.clock.at += timedelta(days=61)
    with world.deed() as tx, pytest.raises(Conflict):
        holds.prolong(tx, world.clock, hold.id, until=hold.until + timedelta(days=90), by=DPO)
    assert world.said()["holdings.hold_prolonged"] == 0
