"""What goes by itself, and when: with what a hold keeps on the day of the hold, and without what an erasure made dark."""

from datetime import date, timedelta

import pytest

from rightcall.clock import day_of
from rightcall.erasure import actions as erasures
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Hold, HoldName, HoldReason, Slice
from rightcall.ids import ErasureId, new_id
from rightcall.retention.coming import Coming, coming, late
from tests.erasure.fakes import World
from tests.recordings.scene import DPO, SUPERVISOR


def hold(world: World, until: date) -> Hold:
    """On Ada's take, agreed to."""
    take = next(each for each in world.holdings() if each.subject == world.ada)
    with world.deed() as tx:
        placed = holds.place(
            tx,
            world.vault,
            world.clock,
            name=HoldName(text="claim-2026-1"),
            reason=HoldReason.LEGAL_CLAIMS,
            owner=DPO,
            until=until,
            slices=[Slice(holding=take.id, purpose=world.scene.training.id)],
        )
        return holds.agree(tx, world.clock, placed.id, by=SUPERVISOR)


def look(world: World, days: int) -> Coming:
    with world.deed() as tx:
        return coming(tx, world.vault, world.clock, days=days)


def told(found: Coming) -> tuple[list[tuple[date, int]], list[tuple[date, int]]]:
    return [(each.last_day, each.items) for each in found.ending], [(each.last_day, each.items) for each in found.by_hold]


@pytest.fixture
def over(world: World) -> date:
    """The last day of what was recorded of two people."""
    world.recorded()
    [day] = {each.terms[0].last_day for each in world.holdings()}
    assert day is not None
    return day


def test_what_a_hold_keeps_beyond_its_term_goes_with_the_hold(world: World, over: date) -> None:
    days = (over - day_of(world.clock.at)).days + 1
    assert told(look(world, days)) == ([(over, 2)], [])
    hold(world, over + timedelta(days=5))
    assert told(look(world, days)) == ([(over, 1)], [])
    found = look(world, days + 5)
    assert told(found) == ([(over, 1)], [(over + timedelta(days=5), 1)])
    assert found.going == {over: 1, over + timedelta(days=5): 1}
    world.clock.at += timedelta(days=days)
    with world.deed() as tx:
        assert [each.items for each in late(tx, world.vault, world.clock)] == [1], "what the hold keeps is there rightly"


def test_a_hold_that_ends_before_the_term_changes_nothing(world: World, over: date) -> None:
    hold(world, over - timedelta(days=2))
    assert told(look(world, 366)) == ([(over, 2)], [])


def test_of_somebody_erased_what_is_held_goes_with_the_hold_and_the_rest_is_going(world: World, over: date) -> None:
    until = over - timedelta(days=2)
    hold(world, until)
    with world.deed() as tx:
        begun = erasures.begin(tx, world.clock, erasure=ErasureId(new_id()), subject=world.ada)
        erasures.destroy(tx, world.vault, world.clock, erasure=begun.id)
    assert told(look(world, 366)) == ([(over, 1)], [(until, 1)])
    with world.deed() as tx:
        holds.lift(tx, world.vault, world.clock, holds.standing(tx)[0].id, by=DPO)
    assert told(look(world, 366)) == ([(over, 1)], []), "dark, and its bytes not deleted yet"
