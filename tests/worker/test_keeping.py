"""Housekeeping: what was cut off is said later, what failed is begun again, and neither in silence."""

import logging
import re
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from rightcall.actors import SYSTEM
from rightcall.breaches import actions as breaches
from rightcall.breaches.model import Circumstances, Nature, NewBreach, Window
from rightcall.calls import actions as calls
from rightcall.clock import Clock, SystemClock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.erasure import actions as erasures
from rightcall.errors import NotFound
from rightcall.evidence.model import Grade
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Slice
from rightcall.holdings.model import Holding
from rightcall.ids import ErasureId
from rightcall.procedures import actions as procedures
from rightcall.procedures.engine import Engine
from rightcall.requests import actions as requests
from rightcall.requests.actions import Came
from rightcall.requests.model import Channel, RequestKind
from rightcall.retention import actions as retention
from rightcall.telemetry import metrics
from rightcall.vault.epochs.store import epochs
from rightcall.wiring import House
from rightcall.worker import keeping, schedules, weighing
from rightcall.worker.ending import turn_epoch
from rightcall.worker.procedures import PROCEDURES, procedures_of
from rightcall.worker.schedules import DEEDS
from tests.erasure.fakes import World
from tests.holdings.holding import held
from tests.procedures.fakes import InlineSteps
from tests.retention.test_forgetting import let_go


class FakeEngine(Engine):
    """Remembers what it is asked."""

    def __init__(self, failed: list[tuple[str, str]]) -> None:
        self._failed = failed
        self.begun: list[timedelta] = []
        self.started: list[tuple[str, ...]] = []

    def failed(self) -> list[tuple[str, str]]:
        return self._failed

    def begin_again(self, now: object, *, after: timedelta, but: Collection[str] = ()) -> list[str]:
        self.begun.append(after)
        return [id for _, id in self._failed]

    def start(self, name: str, id: str, *arguments: str) -> None:
        self.started.append((name, id, *arguments))


def test_a_turn_that_was_cut_off_before_it_was_said_is_said_later(
    house: House, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = world.ask_for_erasure(world.recorded().ada)
    world.answer(request)

    def killed(*_: object, **__: object) -> int:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(retention, "epoch_turned", killed)
        with pytest.raises(RuntimeError):
            turn_epoch(house)
    assert world.said()["retention.epoch_turned"] == 0
    keeping.keep_epochs(house)
    keeping.keep_epochs(house)
    assert world.said()["retention.epoch_turned"] == 1
    assert [grade for grade, _ in world.certificates(request.subject)] == [Grade.COMPLETE_AFTER_BACKUPS, Grade.COMPLETE]


def test_a_turn_is_not_said_while_an_earlier_key_exists(house: House, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("rightcall.vault.epochs.actions.destroy", lambda *_: None)
        house.vault.rotate(house.database)
    assert keeping.say_turned(house) == 0
    assert world.said()["retention.epoch_turned"] == 0
    turn_epoch(house)
    assert world.said()["retention.epoch_turned"] == 1


def test_what_is_long_gone_is_forgotten_and_once_none_is_left_looked_for_once_a_day(house: House, world: World) -> None:
    with house.database.system() as tx:
        controllers.remember(tx, world.controller, 1095)
    _a_day_later(house)
    first, second = let_go(world)
    went(world, [first], days=1096)
    went(world, [second], days=1094)
    for did in (1, 0):
        _run(house, "gone")
        assert ([each.id for each in world.holdings()], _did(house)) == ([second.id], did)
    went(world, [second], days=1096)
    _run(house, "gone")
    assert (len(world.holdings()), _did(house)) == (1, 0), "the day has seen that none was left"
    _a_day_later(house)
    _run(house, "gone")
    assert (world.holdings(), _did(house)) == ([], 1)


def test_the_record_of_calls_and_requests_of_long_ago_is_forgotten_too(house: House, world: World) -> None:
    with house.database.system() as tx:
        controllers.keep_on_record(tx, world.controller, 1095)
    world.hang_up()
    with world.deed() as tx:
        asked = requests.receive(tx, house.vault, house.clock, subject=world.ada, kind=RequestKind.ACCESS, by=SYSTEM).id
        requests.revoke(tx, house.clock, asked, by=SYSTEM)
    long_ago = house.clock.now() - timedelta(days=1096)
    with world.deed() as tx:
        tx.connection.execute("RESET ROLE")
        of_call = (("calls", ("started_at", "ended_at")), ("parties", ("joined_at", "left_at")))
        for table, instants in (*of_call, ("requests", ("answered_at",)), ("request_steps", ("at",))):
            given = ", ".join(f"{each} = %(then)s" for each in instants)
            tx.connection.execute(f"UPDATE {table} SET {given}", {"then": long_ago})  # noqa: S608 - of this test
    _run(house, "gone")
    assert _did(house) == 2
    with world.deed() as tx:
        with pytest.raises(NotFound):
            calls.get(tx, world.scene.call)
        with pytest.raises(NotFound):
            requests.get(tx, asked)


def _a_day_later(house: House) -> None:
    with house.database.system() as tx:
        tx.connection.execute("RESET ROLE")
        tx.connection.execute("UPDATE schedule_runs SET ran_at = ran_at - interval '1 day' WHERE schedule = 'gone'")


def went(world: World, holdings: Sequence[Holding], *, days: int) -> None:
    """They went so many days ago, and nobody used them since."""
    with world.deed() as tx:
        tx.connection.execute("RESET ROLE")
        tx.connection.execute("SET LOCAL session_replication_role = replica")
        tx.connection.execute("DELETE FROM use_whys WHERE controller = %s", (world.controller,))
        for statement in ("UPDATE gone_holdings SET disposed_at", "UPDATE holding_uses SET used_at"):
            tx.connection.execute(
                f"{statement} = now() - %s * interval '1 day' WHERE controller = %s AND holding = ANY (%s)",
                (days, world.controller, [each.id for each in holdings]),
            )


def _run(house: House, name: str) -> None:
    schedules.run(house, FakeEngine([]), name, schedules.turns())


def _did(house: House) -> int:
    with house.database.system() as tx:
        return procedures.runs(tx)["gone"].did


def test_an_epoch_that_is_due_turns(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    before = house.vault.epoch(house.database).number
    keeping.keep_epochs(house)
    assert house.vault.epoch(house.database).number == before
    monkeypatch.setattr(keeping, "epoch_is_due", lambda *_: True)
    keeping.keep_epochs(house)
    assert house.vault.epoch(house.database).number == before + 1


def test_a_turn_that_was_cut_off_comes_to_its_end_at_once_and_begins_no_other(house: House) -> None:
    """Until then backups from before it open, though a newer epoch runs."""
    before = house.vault.epoch(house.database)
    house.vault.begin_epoch(house.database)
    assert house.vault.stands_alone(house.database) is None
    keeping.keep_epochs(house)
    alone = house.vault.stands_alone(house.database)
    assert alone is not None
    assert alone.number == before.number + 1
    assert before.key not in house.keys.names(before.key.rpartition(".")[0])


def test_that_a_key_is_destroyed_is_written_down_later_where_somebody_was_killed_in_between(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = house.vault.epoch(house.database).number

    def killed(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr("rightcall.vault.epochs.store.mark_destroyed", killed)
        with pytest.raises(RuntimeError):
            turn_epoch(house)
    assert house.vault.stands_alone(house.database) is not None
    keeping.keep_epochs(house)
    with house.database.system() as tx:
        assert [state for epoch, state in epochs(tx) if epoch.number == before] == ["destroyed"]
    assert not house.vault.rotation_is_cut_off(house.database)
    assert house.vault.epoch(house.database).number == before + 1


def test_keys_that_a_restored_database_was_told_of_wait_for_the_next_turn(house: House) -> None:
    """Whoever restored the wrong backup still restores the right one."""
    present = house.vault.epoch(house.database)
    newer = house.keys.create(present.key.rpartition(".")[0])
    house.vault.start(house.database, after_restore=True)
    keeping.keep_epochs(house)
    assert newer in house.keys.names(present.key.rpartition(".")[0])
    assert house.vault.epoch(house.database) == present
    turn_epoch(house)
    assert newer not in house.keys.names(present.key.rpartition(".")[0])


def test_a_hold_whose_day_is_over_ends_by_itself_and_another_does_not(house: House, world: World) -> None:
    world.recorded()
    (take,) = (each for each in world.holdings() if each.subject == world.ada)
    today = world.clock.at.date()
    world.clock.at -= timedelta(days=3)
    placed = []
    for name, until in (("dispute-2026-300", today - timedelta(days=2)), ("dispute-2026-301", today + timedelta(days=2))):
        with world.deed() as tx:
            slice = Slice(holding=take.id, purpose=take.purposes[0])
            hold = held(tx, world.vault, world.clock, slice, until=until, name=name)
        placed.append(hold.id)
    for _ in range(2):
        keeping.alone(house, "holds", lambda: keeping.keep_holds(house))
    with world.deed() as tx:
        assert [holds.get(tx, hold).lifted_at is None for hold in placed] == [False, True]
    (lifted,) = world.leaves("holdings.hold_lifted")
    assert (lifted["hold"], lifted["role"]) == (str(placed[0]), "system")


def test_one_worker_at_a_time_keeps_house(house: House) -> None:
    done: list[str] = []

    def deed() -> None:
        done.append("first")
        keeping.alone(house, "terms", lambda: done.append("second"))
        keeping.alone(house, "epochs", lambda: done.append("other"))

    assert keeping.alone(house, "terms", deed) is False
    keeping.alone(house, "terms", lambda: done.append("third"))
    assert done == ["first", "other", "third"]


def test_what_failed_is_said_and_begun_again(house: House, caplog: pytest.LogCaptureFixture) -> None:
    engine = FakeEngine([("answer_erasure", "answer_erasure:1")])
    with caplog.at_level(logging.WARNING):
        keeping.keep_procedures(house, engine)
    assert engine.begun == [timedelta(minutes=10)]
    assert "begun again" in caplog.text
    assert b'rightcall_procedures_failed{procedure="answer_erasure"} 1.0' in metrics().text()
    keeping.keep_procedures(house, FakeEngine([]))
    assert b'rightcall_procedures_failed{procedure="answer_erasure"} 0.0' in metrics().text()


def test_an_erasure_without_a_request_is_carried_on(house: House, world: World) -> None:
    id = ErasureId(world.ask_for_erasure(world.ada).id)
    ada = world.ada
    with world.deed() as tx:
        tx.connection.execute("RESET ROLE")
        tx.connection.execute("SET LOCAL session_replication_role = replica")
        for table in ("request_steps", "requests"):
            tx.connection.execute(f"DELETE FROM {table} WHERE request = %s", (id,))  # noqa: S608 - of this test
    with world.deed() as tx:
        erasures.begin(tx, world.clock, erasure=id, subject=ada)
        erasures.destroy(tx, world.vault, world.clock, erasure=id)
    engine = FakeEngine([])
    keeping.keep_procedures(house, engine)
    started = ("answer_erasure", f"answer_erasure:{id}", str(world.controller), str(id))
    assert [each for each in engine.started if each[2] == str(world.controller)] == [started]


def test_late_answers_are_counted_and_said(house: House, world: World, caplog: pytest.LogCaptureFixture) -> None:
    class LongAgo(SystemClock):
        def now(self):  # type: ignore[no-untyped-def]  # Clock's own signature
            return super().now() - timedelta(days=40)

    keeping.keep_requests(house)
    waiting, late = figure("rightcall_requests_unanswered"), figure("rightcall_requests_late")
    with world.deed() as tx:
        _ask(tx, world, LongAgo())
        _ask(tx, world, house.clock)
    with caplog.at_level(logging.ERROR):
        keeping.keep_requests(house)
    assert figure("rightcall_requests_unanswered") == waiting + 2
    assert figure("rightcall_requests_late") == late + 1
    assert "time that the law gives" in caplog.text


def test_who_was_not_told_in_time_is_counted_and_said(house: House, world: World, caplog: pytest.LogCaptureFixture) -> None:
    """California gives ten business days to say that a request came; an e-mail says nothing by itself."""

    class ThreeWeeksAgo(SystemClock):
        def now(self):  # type: ignore[no-untyped-def]  # Clock's own signature
            return super().now() - timedelta(days=28)

    keeping.keep_requests(house)
    untold, soon = figure("rightcall_requests_unacknowledged"), figure("rightcall_requests_due_soon")
    with world.deed() as tx:
        for lives_in in ("DK", "US-CA"):
            _ask(tx, world, ThreeWeeksAgo(), Came(channel=Channel.EMAIL, lives_in=lives_in))
    with caplog.at_level(logging.ERROR):
        keeping.keep_requests(house)
    assert figure("rightcall_requests_unacknowledged") == untold + 1
    assert figure("rightcall_requests_due_soon") == soon + 2
    assert "not told in the law's time" in caplog.text


def figure(name: str) -> float:
    """Of the requests for access."""
    found = re.search(rf'{name}{{kind="access"}} ([0-9.]+)', metrics().text().decode())
    assert found is not None
    return float(found[1])


def _ask(tx: Transaction, world: World, clock: Clock, came: Came = Came()) -> None:  # noqa: B008 - frozen
    (party, *_) = tx.connection.execute("SELECT subject FROM parties LIMIT 1").fetchall()
    requests.receive(tx, world.vault, clock, subject=party["subject"], kind=RequestKind.ACCESS, by=SYSTEM, came=came)


def test_every_procedure_is_known_by_its_name(house: House) -> None:
    assert tuple(procedures_of(house)) == PROCEDURES


def test_claims_end_with_their_transaction(house: House) -> None:
    with house.database.system() as tx:
        assert procedures.claim(tx, "terms")
        with house.database.system() as other:
            assert not procedures.claim(other, "terms")
    with house.database.system() as tx:
        assert procedures.claim(tx, "terms")


@pytest.mark.parametrize("name", DEEDS)
def test_each_schedule_can_be_claimed_by_one_worker_at_a_time(house: House, name: str) -> None:
    """One that nobody could claim would look as though another worker did it, and would never be done."""
    with house.database.system() as tx:
        assert procedures.claim(tx, name)
        with house.database.system() as other:
            assert not procedures.claim(other, name)


def test_all_schedules_at_once_leave_each_other_the_connections_that_they_need(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each holds one while it works on another. They are more than the pool has."""

    def works(house: House, engine: Engine) -> None:
        with house.database.system() as tx:
            tx.connection.execute("SELECT pg_sleep(0.05)")

    monkeypatch.setattr(schedules, "DEEDS", dict.fromkeys(DEEDS, works))
    turns, engine = schedules.turns(), FakeEngine([])
    with ThreadPoolExecutor(len(DEEDS)) as threads:
        done = [threads.submit(schedules.run, house, engine, name, turns) for name in DEEDS]
    assert [each.result() for each in done] == [False] * len(DEEDS)


def test_a_look_at_parity_is_started_where_it_is_due_and_once_a_day_at_most(
    house: House, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def started() -> list[tuple[str, ...]]:
        engine = FakeEngine([])
        keeping.keep_parity(house, engine)
        return [call for call in engine.started if call[2] == str(world.controller)]

    (first,) = started()
    assert first[0] == "look_at_parity"
    assert started() == [first], "the same id again: the engine starts it once"
    procedures_of(house)["look_at_parity"](InlineSteps(), str(world.controller))
    assert started() == []
    now = house.clock.now()
    monkeypatch.setattr(type(house.clock), "now", lambda _: now + timedelta(days=7))
    (later,) = started()
    assert later[1] != first[1]
    assert metrics().purposes_flagged._value.get() == 0


def test_what_parity_shows_is_counted_each_day_and_one_count_after_the_other(
    house: House, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def started() -> list[tuple[str, ...]]:
        engine = FakeEngine([])
        keeping.count_parity(house, engine)
        return [call for call in engine.started if call[2] == str(world.controller)]

    (first,) = started()
    assert first[0] == "count_parity"
    assert started() == [first], "the same id until it is done: the engine starts it once"
    procedures_of(house)["count_parity"](InlineSteps(), str(world.controller))
    assert started() == []
    now = house.clock.now()
    monkeypatch.setattr(type(house.clock), "now", lambda _: now + timedelta(days=1))
    (later,) = started()
    assert later[1] != first[1]


def test_an_open_breach_is_weighed_once_a_day(house: House, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at = house.clock.now()
    window = Window(system=None, began_at=at - timedelta(hours=2), until=at - timedelta(hours=1))
    new = NewBreach(window=window, circumstances=Circumstances(nature=frozenset({Nature.AVAILABILITY})), known_at=at)
    with house.database.transaction(world.controller) as tx:
        breach = breaches.enter(tx, house.clock, new, by=SYSTEM)

    def started() -> list[tuple[str, ...]]:
        engine = FakeEngine([])
        weighing.keep(house, engine)
        return [call for call in engine.started if call[2] == str(world.controller)]

    procedures_of(house)["weigh_breach"](InlineSteps(), str(world.controller), str(breach.id))
    assert started() == []
    monkeypatch.setattr(type(house.clock), "now", lambda _: at + timedelta(days=1, hours=1))
    [due] = started()
    assert (due[0], due[3]) == ("weigh_breach", str(breach.id))
    assert started() == [due], "the same id again: the engine starts it once"
    assert procedures_of(house)["weigh_breach"](InlineSteps(), *due[2:]) == 1
    assert started() == []


def test_a_look_at_uses_is_started_where_it_is_due_and_once_a_day_at_most(
    house: House, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def started() -> list[tuple[str, ...]]:
        engine = FakeEngine([])
        keeping.keep_minimisation(house, engine)
        return [call for call in engine.started if call[2] == str(world.controller)]

    (first,) = started()
    assert first[0] == "look_at_uses"
    assert started() == [first], "the same id again: the engine starts it once"
    assert procedures_of(house)["look_at_uses"](InlineSteps(), str(world.controller)) == 2
    assert started() == []
    now = house.clock.now()
    monkeypatch.setattr(type(house.clock), "now", lambda _: now + timedelta(days=7))
    (later,) = started()
    assert later[1] != first[1]
    assert metrics().proposals_waiting._value.get() == 0
