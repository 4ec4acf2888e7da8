"""Two agree on a hold, or it ends: it is lost to nobody before the second has looked, and kept by nobody alone."""

from datetime import date, timedelta

import pytest

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.errors import Conflict, Malformed, NotAllowed
from rightcall.evidence.model import Grade
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Hold, HoldName, HoldReason, Law, Slice, Untold
from rightcall.ids import new_id
from rightcall.recordings.model import Played
from rightcall.vault.model import Dark, DarkReason
from tests.erasure.fakes import World
from tests.procedures.fakes import InlineSteps
from tests.recordings.scene import DPO, SUPERVISOR
from tests.retention.test_holds import erase, listen, take_of

WEEK = timedelta(days=7)


def place(world: World, *, days: int = 60, by: Actor = DPO, untold: Untold | None = None) -> Hold:
    with world.deed() as tx:
        return holds.place(
            tx,
            world.vault,
            world.clock,
            name=HoldName(text="order-2026-1"),
            reason=HoldReason.LEGAL_OBLIGATION,
            law=Law(text="MiFID II Art. 16(7)"),
            untold=untold,
            owner=by,
            until=(world.clock.at + timedelta(days=days)).date(),
            slices=[Slice(holding=take_of(world).id, purpose=world.scene.training.id)],
        )


def agree(world: World, hold: Hold, by: Actor = SUPERVISOR) -> Hold:
    with world.deed() as tx:
        return holds.agree(tx, world.clock, hold.id, by=by)


def end_all(world: World) -> int:
    """The worker's round, and what follows."""
    with world.deed() as tx:
        over = holds.over(tx, world.clock)
        ended = [each for each in over if holds.end(tx, world.vault, world.clock, each)]
    for each in ended:
        world.disposals.of_hold(InlineSteps(), str(world.controller), str(each))
    return len(ended)


def ends_on(world: World, hold: Hold) -> date:
    with world.deed() as tx:
        return holds.get(tx, hold.id).ends_on


def test_until_a_second_person_agrees_it_keeps_and_opens_for_nobody(world: World) -> None:
    world.recorded()
    ada, hold = take_of(world), place(world)
    erase(world)
    assert world.stored() == [ada.object_key]
    with pytest.raises(Conflict, match="second person"):
        listen(world, hold, ada)
    assert world.said()["holdings.used"] == 0
    agreed = agree(world, hold)
    assert agreed.agreed is not None
    assert agreed.agreed.by == SUPERVISOR
    assert isinstance(listen(world, hold, ada), Played)
    (said,) = world.leaves("holdings.hold_agreed")
    assert (said["hold"], said["role"]) == (str(hold.id), "supervisor")


def test_without_a_second_person_it_ends_after_a_week_and_the_slice_goes(world: World) -> None:
    world.recorded()
    ada, hold = take_of(world), place(world)
    request = erase(world)
    world.clock.at += WEEK
    assert end_all(world) == 0
    assert world.stored() == [ada.object_key]
    world.clock.at += timedelta(days=1)
    assert listen(world, hold, ada) == Dark(reason=DarkReason.TERM_OVER)
    with pytest.raises(Conflict, match="ended"):
        agree(world, hold)
    assert (end_all(world), end_all(world)) == (1, 0)
    assert world.stored() == []
    assert [grade for grade, _ in world.certificates(request.subject)] == [Grade.PARTIAL, Grade.COMPLETE_AFTER_BACKUPS]


def test_the_certificate_tells_the_day_on_which_it_really_ends(world: World) -> None:
    world.recorded()
    hold = place(world)
    request = erase(world)
    agree(world, hold)
    world.disposals.prolonged(InlineSteps(), str(world.controller), str(hold.id))
    shown = [" ".join(verified.says) for _, verified in world.certificates(request.subject)]
    assert hold.agree_by.isoformat() in shown[0]
    assert hold.until.isoformat() in shown[-1]
    assert hold.agree_by.isoformat() not in shown[-1]


@pytest.mark.parametrize("role", [Role.DPO, Role.REVIEWER])
def test_whoever_agrees_has_another_role_than_whoever_placed_it(world: World, role: Role) -> None:
    world.recorded()
    hold = place(world)
    second = Actor(id=new_id(), role=role)
    if role is Role.DPO:
        with pytest.raises(NotAllowed, match="second person"):
            agree(world, hold, second)
        assert ends_on(world, hold) == hold.agree_by
    else:
        assert agree(world, hold, second) == agree(world, hold, second)
        assert ends_on(world, hold) == hold.until
        assert world.said()["holdings.hold_agreed"] == 1


def test_a_later_day_counts_once_a_second_person_agrees_to_it(world: World) -> None:
    world.recorded()
    hold = place(world, days=10)
    later = hold.until + timedelta(days=30)

    def ask() -> Hold:
        with world.deed() as tx:
            return holds.prolong(tx, world.clock, hold.id, until=later, by=DPO)

    with pytest.raises(Conflict, match="Nobody has agreed"):
        ask()
    agree(world, hold)
    assert ask().ends_on == hold.until
    with pytest.raises(NotAllowed):
        agree(world, hold, DPO)
    world.clock.at += timedelta(days=10)
    assert end_all(world) == 0
    assert agree(world, hold).ends_on == later
    world.clock.at += timedelta(days=1)
    assert end_all(world) == 0
    assert isinstance(listen(world, hold, take_of(world)), Played)


def test_a_later_day_that_nobody_agreed_to_keeps_nothing(world: World) -> None:
    world.recorded()
    hold = agree(world, place(world, days=10))
    with world.deed() as tx:
        holds.prolong(tx, world.clock, hold.id, until=hold.until + timedelta(days=30), by=DPO)
    world.clock.at += timedelta(days=11)
    with pytest.raises(Conflict, match="ended"):
        agree(world, hold)
    assert end_all(world) == 1


def test_what_somebody_has_to_do_is_counted(world: World) -> None:
    world.recorded()

    def waiting() -> tuple[int, int, int]:
        with world.deed() as tx:
            found = holds.waiting(tx, world.clock)
        return found.to_agree, found.ending, found.to_tell

    assert waiting() == (0, 0, 0)
    hold = place(world, days=40, by=SYSTEM)
    assert waiting() == (1, 0, 0)
    agree(world, hold, DPO)
    assert waiting() == (0, 0, 1)
    with world.deed() as tx:
        holds.tell(tx, world.clock, hold.id, world.ada, by=DPO)
    assert waiting() == (0, 0, 0)
    world.clock.at += timedelta(days=10)
    assert waiting() == (0, 1, 0)
    with world.deed() as tx:
        holds.prolong(tx, world.clock, hold.id, until=hold.until + timedelta(days=1), by=DPO)
    assert waiting() == (1, 1, 0)
    world.clock.at += timedelta(days=31)
    assert waiting() == (0, 0, 0)


def test_nobody_is_to_be_told_where_a_law_forbids_it(world: World) -> None:
    world.recorded()
    hold = agree(world, place(world, untold=Untold.LAW_FORBIDS))
    with world.deed() as tx:
        assert holds.waiting(tx, world.clock).to_tell == 0
    with world.deed() as tx, pytest.raises(Conflict, match="must not be told"):
        holds.tell(tx, world.clock, hold.id, world.ada, by=DPO)


@pytest.mark.parametrize("text", ["MiFID II Art. 16(7)", "Bogføringsloven § 12, stk. 1", "HGB § 257", "45 CFR 164.316(b)(2)"])
def test_a_law_is_cited_with_its_place(text: str) -> None:
    assert str(Law(text=text)) == text


@pytest.mark.parametrize("text", ["the law", "", "§ 1", "Art. 5 ada@example.com", "call 4520123456", "A" * 119 + "12"])
def test_what_is_no_citation_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        Law(text=text)
