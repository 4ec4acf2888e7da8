"""What is told of procedures, what is asked of them, what needs a person, and what is done by the clock."""

from datetime import UTC, datetime, timedelta

import pytest

from rightcall.database.connection import Database, Transaction
from rightcall.errors import Conflict, NotFound, Outage
from rightcall.ids import ControllerId, new_id
from rightcall.procedures import actions
from rightcall.procedures.journal import DatabaseJournal
from rightcall.procedures.model import OPEN, Reached, Reason, Run, Started, State, Told, Wish
from rightcall.procedures.model import Outcome as RunOutcome
from rightcall.procedures.schedules import SCHEDULES, next_at


class Diary:
    """The journal of one worker, and what it says of one procedure."""

    def __init__(self, database: Database, controller: ControllerId, name: str = "answer_erasure") -> None:
        self.database, self.controller = database, controller
        self.about = str(new_id())
        self.id = f"{name}:{self.about}"
        self.started = Started(controller=controller, id=self.id, name=name, about=self.about)

    def worker(self, name: str = "one") -> DatabaseJournal:
        return DatabaseJournal(database=self.database, worker=name)

    def told(self) -> Told:
        with self.database.transaction(self.controller) as tx:
            return actions.get(tx, self.id)

    def ask(self, wish: Wish) -> None:
        with self.database.transaction(self.controller) as tx:
            actions.ask(tx, self.id, wish)


@pytest.fixture
def diary(database: Database, controller: ControllerId) -> Diary:
    return Diary(database, controller)


def test_it_says_what_runs_for_whom_what_it_waits_for_and_when_it_is_tried_next(diary: Diary) -> None:
    worker = diary.worker()
    worker.begun(diary.started)
    told = diary.told()
    assert (told.state, told.about, told.attempts, told.worker) == (State.RUNNING, diary.about, 1, "one")
    worker.stands(diary.id, State.WAITING, step="delete", trouble="ObjectsGone", seconds=30)
    waits = diary.told()
    assert (waits.state, waits.step, waits.trouble) == (State.WAITING, "delete", "ObjectsGone")
    assert waits.next_at is not None
    assert waits.next_at - waits.changed_at == timedelta(seconds=30)
    worker.stands(diary.id, State.WAITING, step="delete", trouble="ObjectsGone", seconds=60)
    assert diary.told().changed_at == waits.changed_at, "it says since when it waits, not when it was tried last"
    worker.stands(diary.id, State.RUNNING)
    assert (diary.told().trouble, diary.told().next_at) == (None, None)
    worker.stands(diary.id, State.DONE)
    assert diary.told().state is State.DONE


def test_whoever_takes_it_over_is_another_attempt(diary: Diary) -> None:
    diary.worker().begun(diary.started)
    begun_at = diary.told().begun_at
    diary.worker("two").begun(diary.started)
    told = diary.told()
    assert (told.attempts, told.worker, told.begun_at) == (2, "two", begun_at)


def test_it_says_how_far_it_is_until_it_is_begun_again(diary: Diary) -> None:
    def away() -> Reached:
        raise Outage("The database is away.")

    worker = diary.worker()
    worker.begun(diary.started)
    assert (diary.told().done, diary.told().of) == (None, None)
    worker.reached(diary.id, lambda: Reached(3, 400))
    worker.reached(diary.id, away)
    assert (diary.told().done, diary.told().of) == (3, 400), "that it cannot be told stops nothing"
    worker.begun(diary.started)
    assert diary.told().done is None


def test_another_controller_sees_none_of_it(diary: Diary, database: Database) -> None:
    diary.worker().begun(diary.started)
    with database.transaction(ControllerId(new_id())) as tx, pytest.raises(NotFound):
        actions.get(tx, diary.id)


def test_the_oldest_come_first_page_by_page(database: Database, controller: ControllerId) -> None:
    diaries = [Diary(database, controller) for _ in range(3)]
    for each in diaries:
        each.worker().begun(each.started)
    with database.transaction(controller) as tx:
        first = actions.told(tx, OPEN, None, 2)
        rest = actions.told(tx, OPEN, first[-1].id, 2)
    assert [each.id for each in (*first, *rest)] == [each.id for each in diaries]


def test_what_failed_may_be_begun_again_and_what_lets_go_is_never_cancelled(diary: Diary) -> None:
    worker = diary.worker()
    worker.begun(diary.started)
    with pytest.raises(Conflict, match="goes on by itself"):
        diary.ask(Wish.RETRY)
    with pytest.raises(Conflict, match="never cancelled"):
        diary.ask(Wish.CANCEL)
    worker.stands(diary.id, State.FAILED, step="delete", trouble="Breach")
    diary.ask(Wish.RETRY)
    assert diary.told().wish is Wish.RETRY
    with diary.database.system() as tx:
        assert (diary.id, Wish.RETRY) in actions.take_wishes(tx)
        assert actions.take_wishes(tx) == []
    worker.stands(diary.id, State.DONE)
    with pytest.raises(Conflict, match="has ended"):
        diary.ask(Wish.RETRY)


def test_what_only_looks_may_be_cancelled(database: Database, controller: ControllerId) -> None:
    look = Diary(database, controller, "look_at_parity")
    look.worker().begun(look.started)
    look.ask(Wish.CANCEL)
    with database.system() as tx:
        assert (look.id, Wish.CANCEL) in actions.take_wishes(tx)


def test_what_ended_long_ago_is_forgotten_and_nothing_else(database: Database, controller: ControllerId) -> None:
    over, fresh, open_ = (Diary(database, controller) for _ in range(3))
    for each in (over, fresh, open_):
        each.worker().begun(each.started)
    over.worker().stands(over.id, State.DONE)
    between = over.told().changed_at + timedelta(microseconds=1)
    fresh.worker().stands(fresh.id, State.DONE)
    with database.system() as tx:
        assert over.id in actions.prune(tx, between, 1000)
    assert fresh.told().state is State.DONE
    assert open_.told().state is State.RUNNING
    with pytest.raises(NotFound):
        over.told()


def test_what_needs_a_person_says_since_when_until_nothing_does(tx: Transaction) -> None:
    tx.connection.execute("SET LOCAL ROLE rightcall_system")
    actions.escalate(tx, tx.of, Reason.TERM_OUTLIVED, 3)
    (found,) = actions.escalations(tx)
    actions.escalate(tx, tx.of, Reason.TERM_OUTLIVED, 5)
    (again,) = actions.escalations(tx)
    assert (found.number, again.number, again.since) == (3, 5, found.since)
    actions.escalate(tx, tx.of, Reason.TERM_OUTLIVED, 0)
    assert actions.escalations(tx) == []


def test_a_run_of_a_schedule_is_kept_with_when_there_last_was_anything_to_do(database: Database) -> None:
    with database.system() as tx:
        actions.ran(tx, "of-a-test", seconds=0.5, trouble=None, did=2)
        first = actions.runs(tx)["of-a-test"]
        actions.ran(tx, "of-a-test", seconds=0.1, trouble="KeysGone", did=0)
        last = actions.runs(tx)["of-a-test"]
    assert (first.outcome, first.did, first.did_at) == (RunOutcome.DONE, 2, first.ran_at)
    assert (last.outcome, last.trouble, last.did, last.did_at) == (RunOutcome.FAILED, "KeysGone", 0, first.ran_at)


def test_the_next_run_follows_from_the_declaration() -> None:
    now = datetime(2026, 11, 26, 22, 30, tzinfo=UTC)
    run = Run(ran_at=now, seconds=0, outcome=RunOutcome.DONE, trouble=None, did=0, did_at=now - timedelta(days=3))
    days = {"epoch_days": 7, "drill_every_days": 7, "minimisation_every_days": 7, "parity_every_days": 7}
    done = {"drills": now - timedelta(days=1)}
    found = {each.name: next_at(each, run, now, days, done) for each in SCHEDULES}
    assert found["terms"] == datetime(2026, 11, 27, tzinfo=UTC)
    assert found["epochs"] == now + timedelta(days=4)
    assert found["drills"] == now + timedelta(days=6)
    assert found["requests"] == now + timedelta(minutes=1)
