"""A purpose is given a shorter term: what is kept for it already ends as soon, and what is over by then goes at once."""

from datetime import timedelta

import pytest

from rightcall.clock import day_of
from rightcall.errors import Conflict
from rightcall.ids import PurposeId
from rightcall.purposes import actions as purposes
from rightcall.retention.asking import first_sooner, sooner
from rightcall.retention.shortening import Shortener
from rightcall.vault.model import ContentKey, Dark, DarkReason
from tests.erasure.fakes import World
from tests.procedures.fakes import InlineSteps
from tests.purposes.examples import DPO
from tests.retention.test_lengthening import changed


def narrow(world: World, days: int) -> PurposeId:
    """By one person's word."""
    purpose = world.scene.training.id
    with world.deed() as tx:
        purposes.shorten(tx, world.clock, purpose, days, by=DPO)
    return purpose


def shorten(world: World, days: int, steps: InlineSteps | None = None) -> object:
    narrow(world, days)
    return follow(world, steps)


def follow(world: World, steps: InlineSteps | None = None) -> object:
    purpose = str(world.scene.training.id)
    return Shortener(disposals=world.disposals)(steps or InlineSteps(), str(world.controller), purpose)


def opened(world: World) -> list[ContentKey | Dark]:
    with world.deed() as tx:
        return [world.vault.unlock_content(tx, holding=each.id, purpose=each.purposes[0]) for each in world.holdings()]


@pytest.mark.parametrize("fault", ["none", "before", "after"])
def test_what_is_kept_already_ends_as_soon(world: World, fault: str) -> None:
    failing = {fault: frozenset(["shorten", "replace the keys"])}
    steps = InlineSteps(fail_before=failing.get("before", frozenset()), fail_after=failing.get("after", frozenset()))
    world.recorded()
    made = day_of(world.holdings()[0].made_at)
    world.clock.at += timedelta(days=1)
    shorten(world, 5, steps)
    assert [holding.terms[0].last_day for holding in world.holdings()] == [made + timedelta(days=5)] * 2
    assert all(isinstance(key, ContentKey) for key in opened(world))
    [said] = world.leaves("retention.terms_shortened")
    assert (said["count"], said["term_days"]) == (2, 5)
    [said] = world.leaves("purposes.shortened")
    assert (said["was_days"], said["term_days"]) == (world.scene.training.term_days, 5)
    assert world.said()["retention.keys_replaced"] == 1
    world.clock.at += timedelta(days=5)
    assert opened(world) == [Dark(reason=DarkReason.TERM_OVER)] * 2


def test_a_shorter_term_is_shorter_and_no_law_demands_the_longer_one(world: World) -> None:
    now = world.recorded().scene.training.term_days
    with pytest.raises(Conflict, match="no shorter term"):
        narrow(world, now)
    changed(world, lawful_basis="legal_obligation", legal_duty="bookkeeping")
    with pytest.raises(Conflict, match="A law demands"):
        narrow(world, 5)


def test_what_a_shorter_term_is_about_is_told_of_all_or_of_the_first(world: World) -> None:
    purpose = world.recorded().scene.training.id
    with world.deed() as tx:
        all_of_it = sooner(tx, world.clock, purpose, 5)
        some = first_sooner(tx, world.clock, purpose, 5, most=1)
        assert first_sooner(tx, world.clock, purpose, 5, most=3) == all_of_it
    assert (all_of_it.items, all_of_it.in_a_month, all_of_it.is_all) == (2, 2, True)
    assert (some.items, some.in_a_month, some.is_all) == (1, 1, False)


def test_it_looks_again_until_nothing_is_kept_under_the_longer_term(world: World) -> None:
    """A recording that had read the longer term writes its lock while everything is looked at."""
    world.recorded()
    world.clock.at += timedelta(days=1)
    with world.deed() as tx:
        late = tx.connection.execute("SELECT holding, last_day, nth, wrapped FROM content_locks LIMIT 1").fetchone()
    assert late is not None
    writes = iter([late])

    def meanwhile() -> None:
        for row in writes:
            with world.deed() as tx:
                tx.connection.execute("RESET ROLE")
                tx.connection.execute("SET LOCAL session_replication_role = replica")
                tx.connection.execute(
                    "UPDATE content_locks SET last_day = %(last_day)s, nth = %(nth)s, wrapped = %(wrapped)s"
                    " WHERE holding = %(holding)s",
                    row,
                )

    steps = InlineSteps(meanwhile=meanwhile)
    shorten(world, 5, steps)
    assert steps.ended.count("sleep 60") == 2
    with world.deed() as tx:
        moved = tx.connection.execute("SELECT count(*) AS n FROM content_locks WHERE last_day = %(last_day)s", late).fetchone()
    assert moved == {"n": 0}
    assert all(isinstance(key, ContentKey) for key in opened(world))


def test_what_is_over_by_then_goes_at_once(world: World) -> None:
    world.recorded()
    world.clock.at += timedelta(days=10)
    assert shorten(world, 5) == 2
    assert opened(world) == [Dark(reason=DarkReason.TERM_OVER)] * 2
    assert world.stored() == []
    assert all(holding.disposed_at for holding in world.holdings())


def test_again_changes_nothing_and_longer_is_not_given_back(world: World) -> None:
    world.recorded()
    world.clock.at += timedelta(days=1)
    assert shorten(world, 5) == 2
    before = [holding.terms for holding in world.holdings()]
    world.clock.at += timedelta(days=1)
    assert follow(world) == 0
    with world.deed() as tx:
        tx.connection.execute("RESET ROLE")
        tx.connection.execute("SET LOCAL session_replication_role = replica")
        tx.connection.execute("UPDATE purposes SET term_days = 300 WHERE purpose = %s", (world.scene.training.id,))
    assert follow(world) == 0
    assert [holding.terms for holding in world.holdings()] == before
    assert world.said()["retention.terms_shortened"] == 1
