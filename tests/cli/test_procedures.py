"""`rightcall procedures` and what the worker tells of it: what runs, waits or failed, what needs a person, what is done when."""

import json

import pytest

from rightcall.cli import main as cli
from rightcall.ids import new_id
from rightcall.procedures import actions as procedures
from rightcall.procedures.journal import DatabaseJournal
from rightcall.procedures.model import Reason, Started, State, Wish
from rightcall.procedures.schedules import SCHEDULES
from rightcall.wiring import House
from rightcall.worker import journal
from rightcall.worker.keeping import keep_terms
from tests.cli.test_terms import Estate, house

__all__ = ["house"]


class Engine:
    """What the engine knows of those that are over."""

    def __init__(self, states: dict[str, State] | None = None) -> None:
        self._states = states or {}
        self.done: list[tuple[str, str]] = []

    def states(self, ids: list[str]) -> dict[str, State]:
        return {id: state for id, state in self._states.items() if id in ids}

    def retry(self, id: str) -> bool:
        self.done.append(("retry", id))
        return True

    def cancel(self, id: str) -> None:
        self.done.append(("cancel", id))


class Work:
    """An erasure of one company that waits, failed or is over."""

    def __init__(self, house: House) -> None:
        self.estate = Estate(house)
        self.house, self.about = house, str(new_id())
        self.id = f"answer_erasure:{self.about}"
        self.journal = DatabaseJournal(database=house.database, worker="one")
        self.journal.begun(Started(controller=self.estate.controller, id=self.id, name="answer_erasure", about=self.about))

    def command(self, *arguments: str) -> int:
        return cli.code_of(["procedures", *arguments, "--controller", self.estate.name, "--data", str(self.house.settings.data)])

    def fail(self) -> None:
        self.journal.stands(self.id, State.FAILED, step="delete", trouble="Breach")

    def long_ago(self) -> None:
        with self.house.database.system() as tx:
            tx.connection.execute(
                "UPDATE procedures SET changed_at = changed_at - interval '2 days' WHERE procedure = %s", (self.id,)
            )


@pytest.fixture
def work(house: House) -> Work:
    return Work(house)


def test_what_waits_says_for_whom_and_when_it_is_tried_next(work: Work, capsys: pytest.CaptureFixture[str]) -> None:
    work.journal.stands(work.id, State.WAITING, step="delete", trouble="ObjectsGone", seconds=30)
    assert work.command("list", "--json") == 0
    (found,) = json.loads(capsys.readouterr().out)["items"]
    assert (found["id"], found["about"], found["state"]) == (work.id, work.about, "waiting")
    assert (found["step"], found["trouble"], found["attempts"]) == ("delete", "ObjectsGone", 1)
    assert work.command("show", work.id) == 0
    assert "ObjectsGone at “delete”" in capsys.readouterr().out
    assert work.command("show", "answer_erasure:1") == 2


def test_what_needs_a_person_ends_with_one_and_degrades_health(work: Work, capsys: pytest.CaptureFixture[str]) -> None:
    assert work.command("escalations") == 0
    work.fail()
    journal.keep_journal(work.house, Engine())  # type: ignore[arg-type]  # all that it asks of an engine
    capsys.readouterr()
    assert work.command("escalations", "--json") == 1
    (found,) = json.loads(capsys.readouterr().out)["items"]
    assert (found["reason"], found["number"]) == ("procedure_failed", 1)
    work.journal.stands(work.id, State.WAITING, step="delete", trouble="ObjectsGone", seconds=30)
    work.long_ago()
    journal.keep_journal(work.house, Engine())  # type: ignore[arg-type]  # all that it asks of an engine
    with work.house.database.transaction(work.estate.controller) as tx:
        assert [each.reason for each in procedures.escalations(tx)] == [Reason.PROCEDURE_WAITING]
    work.journal.stands(work.id, State.DONE)
    journal.keep_journal(work.house, Engine())  # type: ignore[arg-type]  # all that it asks of an engine
    assert work.command("escalations") == 0


def test_an_end_that_nobody_could_tell_is_told_later(work: Work) -> None:
    work.long_ago()
    assert journal.keep_journal(work.house, Engine({work.id: State.DONE})) == 1  # type: ignore[arg-type]
    with work.house.database.transaction(work.estate.controller) as tx:
        assert procedures.get(tx, work.id).state is State.DONE


def test_a_person_who_mended_something_has_it_begun_again(work: Work) -> None:
    work.fail()
    with work.house.database.transaction(work.estate.controller) as tx:
        procedures.ask(tx, work.id, Wish.RETRY)
    engine = Engine()
    journal.do_as_asked(work.house, engine)  # type: ignore[arg-type]  # all that it asks of an engine
    journal.do_as_asked(work.house, engine)  # type: ignore[arg-type]
    assert engine.done == [("retry", work.id)]


def test_what_outlives_its_term_elsewhere_needs_a_person(work: Work) -> None:
    work.estate.keep(-3, 1)
    keep_terms(work.house)
    with work.house.database.transaction(work.estate.controller) as tx:
        (found,) = procedures.escalations(tx)
    assert (found.reason, found.number) == (Reason.TERM_OUTLIVED, 1)


def test_schedules_are_shown_with_their_last_run(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    with house.database.system() as tx:
        procedures.ran(tx, "terms", seconds=0.1, trouble="KeysGone", did=0)
    assert cli.code_of(["procedures", "schedules", "--json", "--data", str(house.settings.data)]) == 0
    found = {each["name"]: each for each in json.loads(capsys.readouterr().out)["items"]}
    assert list(found) == [each.name for each in SCHEDULES]
    assert (found["terms"]["outcome"], found["terms"]["trouble"]) == ("failed", "KeysGone")
    assert found["terms"]["next_at"] is not None
    assert found["epochs"]["next_at"] is not None, "as the present epoch's beginning says"
    assert found["drills"]["next_at"] is None, "no folder of backups is set"
