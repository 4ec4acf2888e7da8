"""What is known of what is gone ends on its day, but for what anybody needs of it; and nothing is taken away before."""

from collections.abc import Sequence
from datetime import timedelta

import psycopg
import pytest

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.breaches.needing import needed as breached
from rightcall.consent.model import Answer
from rightcall.controllers import actions as controllers
from rightcall.controllers.remembering import store
from rightcall.erasure.disposal import Disposer
from rightcall.errors import NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Disposal, Holding
from rightcall.holdings.provenance import actions as provenance
from rightcall.holdings.rules import ids_root
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import NewUse, UseAct
from rightcall.holdings.uses.whys import actions as whys
from rightcall.holdings.uses.whys.model import Why
from rightcall.ids import HoldingId, new_id
from rightcall.requests import actions as requests
from rightcall.requests.model import RequestKind
from rightcall.requests.needing import needed as requested
from rightcall.retention.forgetting import Forgetter, Forgotten, reach
from tests.erasure.fakes import World

DAYS = 1095
LISTENER = Actor(id=new_id(), role=Role.SUPERVISOR)


def remember(world: World, days: int = DAYS) -> None:
    with world.database.system() as tx:
        controllers.remember(tx, world.controller, days)


def forget(world: World, *, at_once: int = 2000, most: int = 100_000) -> Forgotten:
    forgetter = Forgetter(database=world.database, vault=world.vault, clock=world.clock, needs=(requested, breached))
    return forgetter(world.controller, at_once=at_once, most=most)


def used(world: World, holding: Holding | None, *, of: Holding | None = None) -> None:
    """A line for that; or one that names nothing, of the person whose `of` is."""
    about = holding or of
    assert about is not None
    use = NewUse(
        subject=about.subject,
        holding=None if holding is None else holding.id,
        purpose=world.scene.training.id,
        by=LISTENER,
        act=UseAct.READ,
        verdict=None,
    )
    with world.deed() as tx:
        [line] = uses.record(tx, world.clock, [use])
        whys.keep(tx, world.vault, world.clock, [(line, about.subject, Why.of("To coach", None))])


def let_go(world: World) -> list[Holding]:
    """Both takes of the call were withdrawn from, and their bytes deleted."""
    world.recorded()
    found = world.holdings()
    used(world, found[0])
    world.choose(Answer.WITHDRAWN)
    Disposer(database=world.database, vault=world.vault, objects=world.objects, clock=world.clock).dispose(
        world.controller, found
    )
    assert all(each.disposed_at is not None for each in world.holdings())
    return found


def later(world: World, days: int = DAYS + 1) -> None:
    world.clock.at += timedelta(days=days)


def rows(world: World, table: str) -> int:
    with world.deed() as tx:
        row = tx.connection.execute(f"SELECT count(*) AS n FROM {table}").fetchone()  # noqa: S608 - names of this file
    assert row is not None
    return int(row["n"])


TABLES = ("gone_holdings", "content_locks", "recording_takes", "holding_uses")


def test_what_is_gone_is_known_for_so_many_days_and_no_longer(world: World) -> None:
    remember(world)
    found = let_go(world)
    later(world, DAYS)
    assert forget(world) == Forgotten()
    assert len(world.holdings()) == 2
    later(world, 1)
    assert forget(world) == Forgotten(things=2)
    assert {table: rows(world, table) for table in TABLES} == dict.fromkeys(TABLES, 0)
    assert world.holdings() == []
    [said] = world.leaves("retention.gone_forgotten")
    assert (said["days"], said["count"]) == (DAYS, 2)
    assert said["root"] == ids_root([each.id for each in found]).value.hex()
    [said] = world.leaves("retention.uses_forgotten")
    assert (said["days"], said["count"]) == (DAYS, 1)
    assert forget(world) == Forgotten()


def test_why_it_was_used_is_forgotten_no_later(world: World) -> None:
    remember(world, 365)
    let_go(world)
    later(world, 366)
    assert forget(world) == Forgotten(things=2)
    assert rows(world, "use_whys") == 0


def test_where_nobody_said_for_how_long_it_is_for_good(world: World) -> None:
    let_go(world)
    later(world, 10 * DAYS)
    assert forget(world) == Forgotten()
    assert len(world.holdings()) == 2


def test_what_is_there_stays_and_so_do_its_uses_however_old(world: World) -> None:
    remember(world)
    world.recorded()
    used(world, world.holdings()[0])
    later(world)
    assert forget(world) == Forgotten()
    assert (len(world.holdings()), rows(world, "holding_uses")) == (2, 1)


def test_what_somebody_asked_for_since_is_known_until_that_is_as_old(world: World) -> None:
    """Somebody who asks for what went years ago is somebody to ask about."""
    remember(world)
    found = let_go(world)
    later(world, DAYS)
    used(world, found[0])
    later(world, 1)
    assert forget(world) == Forgotten(things=1)
    assert ([each.id for each in world.holdings()], rows(world, "holding_uses")) == ([found[0].id], 2)
    later(world, DAYS)
    assert forget(world) == Forgotten(things=1)
    assert rows(world, "holding_uses") == 0


def test_a_line_that_names_nothing_goes_by_its_own_age(world: World) -> None:
    remember(world)
    world.recorded()
    for _ in range(3):
        used(world, None, of=world.holdings()[0])
    later(world, DAYS)
    used(world, None, of=world.holdings()[0])
    later(world, 1)
    assert forget(world, at_once=2) == Forgotten(looks=3)
    assert (rows(world, "holding_uses"), len(world.holdings())) == (1, 2)


def test_a_page_at_a_time_and_as_much_as_there_is(world: World) -> None:
    remember(world)
    let_go(world)
    later(world)
    assert forget(world, at_once=1, most=1).things == 1
    assert forget(world, at_once=1).things == 1
    assert len(world.leaves("retention.gone_forgotten")) == 2


def test_what_something_came_from_is_known_as_long_as_that_is(world: World) -> None:
    remember(world)
    world.recorded()
    origin, made = world.holdings()
    with world.deed() as tx:
        tx.connection.execute("RESET ROLE")
        tx.connection.execute("SET LOCAL session_replication_role = replica")
        tx.connection.execute(
            "UPDATE holdings SET source = 'derived', generation = 1 WHERE controller = %s AND holding = %s",
            (world.controller, made.id),
        )
        tx.connection.execute(
            "INSERT INTO derivations (controller, holding, generation, origin, origin_generation, nth)"
            " VALUES (%s, %s, 1, %s, 0, 0)",
            (world.controller, made.id, origin.id),
        )
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="as long as the thing is known"):
        take_away(world, "derivations", timedelta(days=1))
    with world.deed() as tx:
        holdings.dispose(tx, world.clock, [origin.id], by=SYSTEM, confirmed=Disposal.BYTES_DELETED)
    later(world)
    assert forget(world) == Forgotten()
    with world.deed() as tx:
        holdings.dispose(tx, world.clock, [made.id], by=SYSTEM, confirmed=Disposal.BYTES_DELETED)
    assert forget(world) == Forgotten()
    later(world)
    assert forget(world).things + forget(world).things == 2
    assert rows(world, "derivations") == 0


@pytest.mark.parametrize("need", ["request", "restriction", "erasure", "hold", "breach", "correction"])
def test_whoever_needs_it_says_so_and_it_stays(world: World, need: str) -> None:
    remember(world)
    found = let_go(world)
    subject = found[0].subject
    NEEDS[need](world, found)
    later(world)
    forget(world)
    assert {each.id for each in world.holdings()} >= {each.id for each in found if each.subject == subject}


def _request(world: World, found: Sequence[Holding]) -> None:
    with world.deed() as tx:
        requests.receive(tx, world.vault, world.clock, subject=found[0].subject, kind=RequestKind.ACCESS, by=SYSTEM)


def _row(world: World, statement: str, *values: object) -> None:
    """As the deed of that room leaves it, without all that leads there."""
    with world.deed() as tx:
        tx.connection.execute("RESET ROLE")
        tx.connection.execute("SET LOCAL session_replication_role = replica")
        tx.connection.execute(statement, (world.controller, *values))


def _restriction(world: World, found: Sequence[Holding]) -> None:
    _row(world, "UPDATE subjects SET restricted_at = now() WHERE controller = %s AND subject = %s", found[0].subject)


def _erasure(world: World, found: Sequence[Holding]) -> None:
    world.answer(world.ask_for_erasure(found[0].subject))


def _hold(world: World, found: Sequence[Holding]) -> None:
    for each in found:
        _row(
            world,
            "INSERT INTO held_slices (controller, hold, holding, purpose) VALUES (%s, %s, %s, %s)",
            new_id(),
            each.id,
            world.scene.training.id,
        )


def _breach(world: World, found: Sequence[Holding]) -> None:
    _row(
        world,
        "INSERT INTO breaches (controller, breach, began_at, until, known_at, nature, reach, malicious, unintelligible,"
        " entered_by, entered_as, entered_at, statement)"
        " VALUES (%s, %s, %s, %s, %s, '{confidentiality}', 'unknown', false, false, %s, 'dpo', %s, %s)",
        new_id(),
        world.clock.at - timedelta(days=3),
        world.clock.at,
        world.clock.at,
        new_id(),
        world.clock.at,
        new_id(),
    )


def _correction(world: World, found: Sequence[Holding]) -> None:
    for each in found:
        _row(
            world,
            "INSERT INTO corrections (controller, correction, request, subject, holding, sealed_value, actor, role, entered_at)"
            " VALUES (%s, %s, %s, %s, %s, '', %s, 'dpo', now())",
            new_id(),
            new_id(),
            each.subject,
            each.id,
            new_id(),
        )


NEEDS = {
    "request": _request,
    "restriction": _restriction,
    "erasure": _erasure,
    "hold": _hold,
    "breach": _breach,
    "correction": _correction,
}


def test_how_much_a_term_is_about_is_told_before(world: World) -> None:
    let_go(world)
    later(world)
    with world.deed() as tx:
        assert (reach(tx, world.clock, DAYS), reach(tx, world.clock, 2 * DAYS)) == (2, 0)


@pytest.mark.parametrize("table", ["gone_holdings", "holding_uses"])
@pytest.mark.parametrize("is_remembered", [False, True])
@pytest.mark.parametrize("ahead", [None, timedelta(days=-1), timedelta(days=1)])
def test_nothing_is_taken_away_before_its_time(world: World, table: str, is_remembered: bool, ahead: timedelta | None) -> None:
    """Not where nobody says before when, or says a moment before it; nor where it is for good; nor while the thing is known."""
    let_go(world)
    if is_remembered:
        remember(world)
    if (is_remembered, ahead, table) == (True, timedelta(days=1), "gone_holdings"):
        assert take_away(world, table, ahead) == 2
        return
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="its controller says"):
        take_away(world, table, ahead)


def take_away(world: World, table: str, ahead: timedelta | None) -> int:
    with world.deed() as tx:
        if ahead is not None:
            store.forget_before(tx, world.clock.at + ahead)
        tx.connection.execute("DELETE FROM use_whys WHERE controller = %s", (world.controller,))
        return tx.connection.execute(f"DELETE FROM ONLY {table} WHERE controller = %s", (world.controller,)).rowcount  # noqa: S608 - of this file


@pytest.mark.parametrize("table", ["content_locks", "recording_takes"])
def test_what_tells_of_a_thing_stays_as_long_as_it_is_known(world: World, table: str) -> None:
    remember(world)
    let_go(world)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="as long as the thing is known"):
        take_away(world, table, timedelta(days=1))


def test_what_was_forgotten_is_found_nowhere(world: World) -> None:
    remember(world)
    found = let_go(world)
    later(world)
    forget(world)
    with world.deed() as tx:
        for each in found:
            with pytest.raises(NotFound):
                holdings.get(tx, HoldingId(each.id))
            assert provenance.follow(tx, world.vault, [each.id]).items == {}
