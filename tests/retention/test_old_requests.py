"""The record of a request ends on its day, with all that tells of it, but for what anybody needs of it; and nothing is taken away
before."""

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.holdings.rules import ids_root
from rightcall.ids import RequestId, new_id
from rightcall.requests import actions as requests
from rightcall.requests.model import RequestKind
from rightcall.requests.old import store
from rightcall.requests.old.forgetting import RequestForgetter, reach
from tests.erasure.fakes import World
from tests.retention.test_forgetting import DAYS, forget, later, let_go, remember, rows
from tests.retention.test_record import end, keep_record, row, take_away

DPO = Actor(id=new_id(), role=Role.DPO)
TELLING = ("requests", "request_steps", "request_wishes", "packages", "processor_orders", "corrections", "request_mails")


def asked(world: World, kind: RequestKind = RequestKind.ACCESS) -> RequestId:
    """And taken back, which is an answer too."""
    with world.deed() as tx:
        request = requests.receive(tx, world.vault, world.clock, subject=world.ada, kind=kind, by=DPO).id
        requests.revoke(tx, world.clock, request, by=DPO)
    return request


def end_requests(world: World, *, at_once: int = 2000) -> int:
    return RequestForgetter(database=world.database, clock=world.clock)(world.controller, at_once=at_once)


def told_of(world: World, request: RequestId) -> None:
    """All that may tell of a request, and is over."""
    row(world, "INSERT INTO request_wishes (controller, request, sealed) VALUES (%s, %s, '')", request)
    _package(world, request, is_gone=True)
    _order(world, request, settled=True)
    _correction(world, request, new_id())
    _mail(world, request)


def test_a_request_is_on_record_for_so_many_days_and_no_longer(world: World) -> None:
    keep_record(world)
    request = asked(world)
    told_of(world, request)
    later(world, DAYS)
    assert end_requests(world) == 0
    assert all(rows(world, table) for table in TELLING)
    later(world, 1)
    assert end_requests(world) == 1
    assert {table: rows(world, table) for table in TELLING} == dict.fromkeys(TELLING, 0)
    [said] = world.leaves("requests.forgotten")
    assert (said["days"], said["count"], said["root"]) == (DAYS, 1, ids_root([request]).value.hex())
    assert end_requests(world) == 0


def test_where_nobody_said_for_how_long_it_is_for_good(world: World) -> None:
    asked(world)
    later(world, 10 * DAYS)
    assert end_requests(world) == 0


def test_one_that_waits_stays_however_old(world: World) -> None:
    keep_record(world)
    with world.deed() as tx:
        requests.receive(tx, world.vault, world.clock, subject=world.ada, kind=RequestKind.ACCESS, by=DPO)
    later(world, 10 * DAYS)
    assert end_requests(world) == 0


def test_a_page_at_a_time(world: World) -> None:
    keep_record(world)
    for _ in range(3):
        asked(world)
    with world.deed() as tx:
        assert (reach(tx, world.clock, DAYS), rows(world, "requests")) == (0, 3)
    later(world)
    with world.deed() as tx:
        assert reach(tx, world.clock, DAYS) == 3
    assert end_requests(world, at_once=1) == 3
    assert len(world.leaves("requests.forgotten")) == 3


def test_whoever_asked_once_and_of_whom_nothing_else_tells_is_known_no_more(world: World) -> None:
    """With their request; a day after it, what they said is wrong of what is gone."""
    remember(world)
    keep_record(world)
    found = let_go(world)
    request = asked(world, RequestKind.RECTIFICATION)
    _correction(world, request, found[0].id)
    later(world, DAYS + 31)
    forget(world)
    end(world)
    assert (len(world.holdings()), len(world.found())) == (1, 1)
    assert (end_requests(world), forget(world).things, end(world).people) == (1, 1, 2)
    assert world.found() == []


@pytest.mark.parametrize(
    "need", ["mail", "wish", "step", "erasure", "conflict", "package", "order", "callback", "correction", "newer"]
)
def test_what_is_needed_stays(world: World, need: str) -> None:
    keep_record(world)
    request = asked(world)
    later(world)
    NEEDS[need](world, request)
    assert end_requests(world) == 0
    assert rows(world, "requests") >= 1


def _wish(world: World, request: RequestId) -> None:
    row(world, "UPDATE subjects SET restricted_at = now() WHERE controller = %s AND subject = %s", world.ada)


def _step(world: World, request: RequestId) -> None:
    row(world, "UPDATE request_steps SET at = %s WHERE controller = %s", world.clock.at, is_last=True)


def _erasure(world: World, request: RequestId) -> None:
    row(
        world,
        "INSERT INTO erasures (controller, erasure, subject, begun_at, unasked) VALUES (%s, %s, %s, now(), '{}')",
        request,
        world.ada,
    )


def _conflict(world: World, request: RequestId) -> None:
    row(
        world,
        "INSERT INTO conflicts (controller, request, subject, verdict, purpose, stays, decided_at)"
        " VALUES (%s, %s, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), false, now())",
        request,
    )


def _package(world: World, request: RequestId, *, is_gone: bool = False) -> None:
    """Its bytes are deleted, and that is confirmed or not."""
    row(
        world,
        "INSERT INTO packages (controller, package, request, subject, state, phase, sealed_key, asked_at, until,"
        " gone_at) VALUES (%s, gen_random_uuid(), %s, gen_random_uuid(), 'gone', 'end', NULL, now(), now(), %s)",
        request,
        world.clock.at if is_gone else None,
    )


def _order(world: World, request: RequestId, *, settled: bool = False) -> None:
    row(
        world,
        "INSERT INTO processor_orders (controller, order_id, recipient, kind, asked_for, subject, submitted_at, state, round,"
        " failures, accepted_at, settled_at) VALUES (%s, gen_random_uuid(), gen_random_uuid(), 'access', %s, gen_random_uuid(),"
        " now(), %s, 0, 0, now(), CASE WHEN %s THEN now() END)",
        request,
        "completed" if settled else "pending",
        settled,
    )


def _callback(world: World, request: RequestId) -> None:
    row(
        world,
        "INSERT INTO drp_agents (controller, agent, name, business, key, added_at)"
        " VALUES (%s, gen_random_uuid(), 'Agent', 'b', sha256('k'), now())",
    )
    row(
        world,
        "INSERT INTO drp_requests (controller, drp, agent, agent_request, exercise, received_at, expected_on, request, callback,"
        " told, look_at) SELECT controller, gen_random_uuid(), agent, gen_random_uuid()::text, 'access', now(), now()::date,"
        " %s, 'https://agent.example', sha256('x'), now() FROM drp_agents WHERE controller = %s",
        request,
        is_last=True,
    )


def _correction(world: World, request: RequestId, holding: object, *, replaces: object = None, id: object = None) -> None:
    row(
        world,
        "INSERT INTO corrections (controller, correction, request, subject, holding, sealed_value, replaces, actor, role,"
        " entered_at) VALUES (%s, %s, %s, %s, %s, '', %s, gen_random_uuid(), 'dpo', now())",
        id or new_id(),
        request,
        world.ada,
        holding,
        replaces,
    )


def _mail(world: World, request: RequestId | None) -> None:
    row(
        world,
        "INSERT INTO request_mails (controller, mail, key, digest, came_at, taken_at, taken_by, taken_role, settled_at, request)"
        " VALUES (%s, gen_random_uuid(), gen_random_uuid(), sha256(gen_random_uuid()::text::bytea), %s, %s, gen_random_uuid(),"
        " 'dpo', %s, %s)",
        *(world.clock.at,) * 3,
        request,
    )


def _held(world: World, request: RequestId) -> None:
    """What it put right is there still."""
    holding = new_id()
    row(
        world,
        "INSERT INTO holdings (controller, holding, subject, kind, purposes, last_days, kept_until, made_at, mediatype, source,"
        " generation, basis, actor, actor_role, category, sensitivity, system, object, sealed_place, object_key, statement)"
        " VALUES (%s, %s, %s, 'field', '{}', '{}', NULL, now(), 'text/plain', 'scan', 0, 'consent', gen_random_uuid(), 'system',"
        " 'pd:Name', 'ordinary', gen_random_uuid(), gen_random_uuid(), '', '', gen_random_uuid())",
        holding,
        world.ada,
    )
    _correction(world, request, holding)


def _newer(world: World, request: RequestId) -> None:
    """What it said was put right again, by a request that is not forgotten yet."""
    first = new_id()
    _correction(world, request, new_id(), id=first)
    _correction(world, asked(world), new_id(), replaces=first)


NEEDS: dict[str, Callable[[World, RequestId], None]] = {
    "mail": _mail,
    "wish": _wish,
    "step": _step,
    "erasure": _erasure,
    "conflict": _conflict,
    "package": _package,
    "order": _order,
    "callback": _callback,
    "correction": _held,
    "newer": _newer,
}


def test_what_an_agent_asked_stays_no_longer_once_the_agent_is_retired(world: World) -> None:
    keep_record(world)
    _callback(world, asked(world))
    row(world, "UPDATE drp_agents SET retired_at = now() WHERE controller = %s")
    later(world)
    assert (end_requests(world), rows(world, "drp_requests")) == (1, 0)


def test_what_an_agent_asked_of_nobody_who_is_known_goes_by_its_own_age(world: World) -> None:
    keep_record(world)
    _callback(world, asked(world))
    row(
        world,
        "UPDATE drp_requests SET request = NULL, callback = NULL, received_at = %s WHERE controller = %s",
        world.clock.at,
        is_last=True,
    )
    later(world, DAYS)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="what an agent asked"):
        take_away(world, "drp_requests", -timedelta(days=DAYS + 1))
    end_requests(world)
    assert rows(world, "drp_requests") == 1
    later(world, 1)
    end_requests(world)
    assert rows(world, "drp_requests") == 0


def test_an_email_that_was_no_request_goes_by_its_own_age(world: World) -> None:
    keep_record(world)
    _mail(world, None)
    later(world, DAYS)
    end_requests(world)
    assert rows(world, "request_mails") == 1
    later(world, 1)
    end_requests(world)
    assert rows(world, "request_mails") == 0


def test_what_happens_meanwhile_is_not_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_record(world)
    request, hold = asked(world), store.hold
    later(world)

    def appealed_first(tx: Transaction, wanted: list[RequestId]) -> None:
        _step(world, request)
        hold(tx, wanted)

    monkeypatch.setattr(store, "hold", appealed_first)
    assert (end_requests(world), rows(world, "requests")) == (0, 1)


@pytest.mark.parametrize("is_said", [False, True])
@pytest.mark.parametrize("ahead", [None, timedelta(days=-2 * DAYS), timedelta(days=1)])
@pytest.mark.parametrize("table", ["requests", "request_mails"])
def test_nothing_is_taken_away_before_its_time(world: World, table: str, is_said: bool, ahead: timedelta | None) -> None:
    if is_said:
        keep_record(world)
    request = asked(world)
    _mail(world, None)
    if is_said and ahead == timedelta(days=1):
        assert take_away(world, table, ahead) == 1
        return
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="its controller says"):
        take_away(world, table, ahead)
    with world.deed() as tx:
        assert requests.get(tx, request).id == request


@pytest.mark.parametrize("is_erasure", [False, True])
def test_what_a_processor_was_asked_stays_with_what_it_was_asked_for(world: World, is_erasure: bool) -> None:
    keep_record(world)
    request = asked(world)
    _order(world, request, settled=True)
    if is_erasure:
        _erasure(world, request)
        row(world, "DELETE FROM requests WHERE controller = %s")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="what it was asked for"):
        take_away(world, "processor_orders", timedelta(days=1))


def test_nobody_takes_away_a_part_of_a_request(world: World) -> None:
    keep_record(world)
    asked(world)
    for table in ("request_steps", "request_wishes", "corrections", "packages", "conflicts"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
            take_away(world, table, timedelta(days=1))
