"""How a call went: reported, seen on the wire, and forgotten with the person."""

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from rightcall.actors import SYSTEM, Actor
from rightcall.concerns.model import Days
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer
from rightcall.database.connection import Database
from rightcall.erasure import actions as erasures
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.ethics.model import Bar, Measure
from rightcall.ethics.outcomes import actions
from rightcall.ethics.outcomes.model import EndedBy, Report, Resolved, Seen
from rightcall.ethics.procedure import Forgetter, Looker
from rightcall.ethics.slices import actions as reading
from rightcall.ids import CallId, ControllerId, ErasureId, SubjectId, new_id
from rightcall.purposes import actions as purposes
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.erasure.fakes import World, world_of
from tests.procedures.fakes import InlineSteps
from tests.purposes.examples import DPO, a_notice
from tests.recordings.scene import AGENT

TOLD = Report(waited_seconds=40, handled_seconds=300, transfers=1, resolved=Resolved.NO, ended_by=EndedBy.US, queue="billing-2")
KEPT = timedelta(days=91)


@pytest.fixture
def world(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, tmp_path: Path) -> World:
    return world_of(database, controller, vault, clock, tmp_path)


def over(world: World) -> CallId:
    """Ada says no, talks for a minute with agent seven, and hangs up."""
    world.choose(Answer.REFUSED)
    world.clock.at += timedelta(seconds=60)
    world.hang_up()
    return world.scene.call


def kept(world: World) -> int:
    with world.deed() as tx:
        row = tx.connection.execute("SELECT count(*) AS n FROM call_outcomes").fetchone()
    return 0 if row is None else int(row["n"])


def erased(world: World) -> ErasureId:
    request = world.ask_for_erasure(world.ada)
    world.answer(request)
    return ErasureId(request.id)


def forget(world: World, erasure: ErasureId, steps: InlineSteps | None = None) -> None:
    def whose(controller: ControllerId, id: ErasureId) -> list[SubjectId]:
        with world.database.transaction(controller) as tx:
            return [erasures.get(tx, id).subject]

    Forgetter(database=world.database, clock=world.clock, erased=whose)(
        steps or InlineSteps(), str(world.controller), str(erasure)
    )


def test_what_is_reported_is_kept_once_and_a_later_report_replaces_it(world: World) -> None:
    call = over(world)
    with world.deed() as tx:
        first = actions.report(tx, world.vault, world.clock, call, TOLD)
        world.clock.at += timedelta(hours=1)
        assert actions.report(tx, world.vault, world.clock, call, TOLD) == first
        changed = actions.report(tx, world.vault, world.clock, call, Report(transfers=0))
    assert first.report == TOLD
    assert changed.report == Report(transfers=0)
    assert changed.taken_at == first.taken_at
    assert kept(world) == 1


def test_what_cannot_be_reported(world: World) -> None:
    with world.deed() as tx, pytest.raises(Conflict, match="still on"):
        actions.report(tx, world.vault, world.clock, world.scene.call, TOLD)
    call = over(world)
    with world.deed() as tx:
        with pytest.raises(Malformed):
            actions.report(tx, world.vault, world.clock, call, Report(transfers=-1))
        with pytest.raises(NotFound):
            actions.report(tx, world.vault, world.clock, CallId(new_id()), TOLD)
        with pytest.raises(NotFound, match="not reported"):
            actions.get(tx, call)


def test_what_the_wire_told_counts_where_nothing_was_reported(world: World) -> None:
    call = over(world)
    began = world.clock.at - timedelta(days=1)
    with world.deed() as tx:
        assert actions.take_in_seen(tx, world.clock, since=began, until=world.clock.at) == 1
        assert actions.take_in_seen(tx, world.clock, since=began, until=world.clock.at) == 0
        found = actions.get(tx, call)
        columns = reading.columns(tx, world.scene.training.id, since=began, until=world.clock.at)
    assert found.seen is not None
    assert found.seen == Seen(handled_seconds=found.seen.handled_seconds, transfers=0, ended_by=EndedBy.UNKNOWN)
    assert found.seen.handled_seconds in (60, 61, 62)
    assert found.report is None
    assert columns.group == ["no"]
    assert columns.agent == [str(AGENT.id)]
    assert columns.values[Measure.HANDLING] == [found.seen.handled_seconds]
    assert columns.values[Measure.WAITING] == [None]
    assert columns.from_wire[Measure.HANDLING] == [True]
    with world.deed() as tx:
        actions.report(tx, world.vault, world.clock, call, TOLD)
        columns = reading.columns(tx, world.scene.training.id, since=began, until=world.clock.at)
    assert columns.values[Measure.HANDLING] == [300]
    assert columns.from_wire[Measure.HANDLING] == [False]
    assert columns.values[Measure.HANG_UPS] == columns.values[Measure.UNRESOLVED] == [1]


@pytest.mark.parametrize(("asker", "known"), [(AGENT, str(AGENT.id)), (SYSTEM, "")], ids=["agent", "machine"])
def test_an_agent_who_asked_is_known_where_a_key_answers(world: World, asker: Actor, known: str) -> None:
    began, scene = world.clock.at - timedelta(days=1), world.scene
    with world.deed() as tx:
        notice, party = purposes.publish_notice(tx, world.clock, a_notice(scene.training.id), by=DPO), scene.party("p-ada")
        consent.ask(tx, world.clock, call=scene.call, party=party, notice=notice.id, by=asker)
        assert consent.keypress(tx, world.vault, world.clock, call=scene.call, party=party, digit="2", at=world.clock.at)
    world.hang_up()
    with world.deed() as tx:
        actions.report(tx, world.vault, world.clock, scene.call, TOLD)
        columns = reading.columns(tx, scene.training.id, since=began, until=world.clock.at + timedelta(days=1))
    assert columns.agent == [known]


def test_where_a_no_ends_the_recording_session_the_wire_is_not_believed(world: World, database_url: str) -> None:
    """There a no would look like a short call."""
    over(world)
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE trunks SET forbidden = '603' WHERE controller = %s", (world.controller,))
    with world.deed() as tx:
        assert actions.take_in_seen(tx, world.clock, since=world.clock.at - KEPT, until=world.clock.at) == 0


@pytest.mark.parametrize("fails", [frozenset[str](), frozenset({"forget"})])
def test_an_erased_persons_calls_are_forgotten_and_stay_so(world: World, fails: frozenset[str]) -> None:
    call = over(world)
    with world.deed() as tx:
        actions.report(tx, world.vault, world.clock, call, TOLD)
    forget(world, erased(world), InlineSteps(fail_after=fails))
    assert kept(world) == 0
    with world.deed() as tx:
        with pytest.raises(Conflict, match="erased"):
            actions.report(tx, world.vault, world.clock, call, TOLD)
        assert actions.take_in_seen(tx, world.clock, since=world.clock.at - KEPT, until=world.clock.at) == 0
    assert kept(world) == 0


def test_an_erased_agents_calls_are_forgotten_too(world: World) -> None:
    call = over(world)
    with world.deed() as tx:
        actions.report(tx, world.vault, world.clock, call, TOLD)
        assert actions.forget_subject(tx, world.clock, world.subject_of("p-seven")) == 1
    assert kept(world) == 0


def test_what_is_too_old_to_be_compared_goes(world: World) -> None:
    call = over(world)
    with world.deed() as tx:
        actions.report(tx, world.vault, world.clock, call, TOLD)
    looker = Looker(database=world.database, vault=world.vault, clock=world.clock, bar=Bar(), kept=KEPT, days=Days())
    world.clock.at += KEPT - timedelta(hours=1)
    looker(InlineSteps(), str(world.controller))
    assert kept(world) == 1
    world.clock.at += timedelta(hours=2)
    steps = InlineSteps(fail_before=frozenset({"weigh"}), fail_after=frozenset({"begin", "forget"}))
    looker(steps, str(world.controller))
    assert kept(world) == 0
    assert steps.ended == ["begin", "find purposes", "weigh", "forget"]


def test_nothing_that_is_left_of_a_look_names_a_call_or_a_person(database: Database) -> None:
    """Every table but the outcomes themselves, and every statement, column by column."""
    with database.system() as tx:
        rows = tx.connection.execute(
            "SELECT attrelid::regclass::text AS t, attname AS a FROM pg_attribute"
            " WHERE attrelid::regclass::text LIKE 'parity\\_%' AND attnum > 0 AND NOT attisdropped"
            " AND attrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r')"
        ).fetchall()
    assert len({row["t"] for row in rows}) == 9
    assert {row["a"] for row in rows} & {"call", "party", "subject", "language", "queue"} == set()


def test_a_look_that_is_cut_off_anywhere_goes_on(world: World) -> None:
    over(world)
    for step in ("begin", "find purposes", "weigh", "forget"):
        looker = Looker(database=world.database, vault=world.vault, clock=world.clock, bar=Bar(), kept=KEPT, days=Days())
        world.clock.at += timedelta(days=2)
        steps = InlineSteps(fail_after=frozenset({step}))
        assert looker(steps, str(world.controller)) == 0
        assert steps.failed == [step]


@pytest.mark.parametrize(("first", "ended_by"), [("customer", EndedBy.CALLER), ("agent", EndedBy.US)])
def test_who_left_first_ended_the_call(world: World, database_url: str, first: str, ended_by: EndedBy) -> None:
    call = over(world)
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "UPDATE parties SET left_at = left_at - interval '2 seconds' WHERE call = %s AND role = %s", (call, first)
        )
    with world.deed() as tx:
        actions.take_in_seen(tx, world.clock, since=world.clock.at - KEPT, until=world.clock.at)
        seen = actions.get(tx, call).seen
    assert seen is not None
    assert seen.ended_by is ended_by
