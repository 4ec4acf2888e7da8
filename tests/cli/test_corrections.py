"""`rightcall corrections`: what is wrong is put right beside what is held, in each other system, and whoever received it
is told."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rightcall.activities import actions as activities
from rightcall.activities.model import NewRecipient, RecipientKind
from rightcall.actors import SYSTEM
from rightcall.cli import main as cli
from rightcall.controllers import actions as controllers
from rightcall.holdings.model import Term
from rightcall.ids import HoldingId, SubjectId, new_id
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.settings import load_settings
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.wiring import House, open_house
from tests.cast import ADA_TEL
from tests.recordings.scene import new_purpose
from tests.requests.read_only import look, number_in_crm

RIGHT = "+45 32 00 11 22"
Run = Callable[..., str]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(load_settings(data=tmp_path_factory.mktemp("deployment") / "data")) as house:
        yield house


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """What a command prints, and what it says."""
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)

    def run(*words: str, ends: int = 0) -> str:
        capsys.readouterr()
        assert cli.code_of([*words, "--data", str(house.settings.data)]) == ends
        said = capsys.readouterr()
        return said.out if ends == 0 else " ".join(said.err.split())

    monkeypatch.setenv("RIGHTCALL_TOKEN", run("token", "create", "--role", "dpo").split()[-1])
    return run


def wrong_in_crm(house: House, folder: Path) -> tuple[SubjectId, HoldingId]:
    """Ada's telephone number in another system, held for a purpose for which somebody receives it."""
    with house.database.system() as tx:
        [controller] = controllers.all_ids(tx)
    with house.database.transaction(controller) as tx:
        ada = subjects.identify(tx, house.vault, house.clock, [normalise(IdentifierKind.TEL, Personal(ADA_TEL), "DK")])
        care = purposes.create_purpose(tx, house.clock, new_purpose("care"), by=SYSTEM).id
        to = NewRecipient(name="Print House", kind=RecipientKind.PROCESSOR, country="DE", purposes=(care,), language="de")
        activities.declare_recipient(tx, house.clock, to, by=SYSTEM)
        return ada, number_in_crm(tx, house, ada, folder, Term(purpose=care, last_day=None))


def test_from_the_wrong_value_to_everybody_told(house: House, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, wrong = wrong_in_crm(house, tmp_path)
    with house.database.system() as tx:
        [controller] = controllers.all_ids(tx)
    request = run("requests", "enter", str(ada), "--kind", "rectification", "--proof", "call_back").split()[-1]
    monkeypatch.setattr("sys.stdin", io.StringIO(" \n"))
    assert "Nothing is written there" in run("corrections", "enter", request, str(wrong), "-", ends=2)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{RIGHT}\n"))
    made = run("corrections", "enter", request, str(wrong), "-").split()[-1]
    listed = run("corrections", "list", request)
    assert [each.split()[-1] for each in listed.splitlines()] == ["Correction", made, made, made]
    assert all(each in listed for each in (RIGHT, "it counts", "crm", "waits for the worker", "Print House", "to be told"))
    [shown] = json.loads(run("corrections", "list", request, "--json"))["items"]
    assert (shown["id"], shown["value"], shown["tasks"][0]["done_at"]) == (made, RIGHT, None)
    assert json.loads(run("corrections", "of-holding", str(wrong), "--json"))["items"] == [shown]
    assert run("corrections", "of-holding", str(wrong)) == listed

    assert "not put right everywhere" in run("requests", "fulfil", request, ends=2)
    assert "send them the letter" in run("corrections", "done", request, made, "crm", ends=2)
    assert "worker looks first" in run("corrections", "keeper-letter", request, made, "crm", ends=2)
    look(house, controller, made)
    assert "waits for you: unknown place" in run("corrections", "list", request)
    to_keepers = run("corrections", "keeper-letter", request, made, "crm")
    assert [each for each in ("crm", f"This is right: {RIGHT}", ADA_TEL, made) if each not in to_keepers] == []
    assert "not told yet" in run("corrections", "keeper-answered", request, made, "crm", "--answer", "corrected", ends=2)
    run("corrections", "keeper-told", request, made, "crm")
    assert "no answer yet" in run("corrections", "list", request)
    run("corrections", "keeper-answered", request, made, "crm", "--answer", "corrected")
    assert "the worker reads it again" in run("corrections", "list", request)
    look(house, controller, made)
    run("corrections", "done", request, made, "crm")
    assert "was told what is right" in run("requests", "fulfil", request, ends=2)
    letter = run("corrections", "letter", request, made, "Print House")
    assert "An Print House" in letter
    assert f"Richtig ist: {RIGHT}" in letter
    assert "not told yet" in run("corrections", "answered", request, made, "Print House", "--answer", "corrected", ends=2)
    run("corrections", "told", request, made, "Print House")
    run("corrections", "answered", request, made, "Print House", "--answer", "corrected")
    run("requests", "fulfil", request)
    told = run("corrections", "list", request)
    assert "right since" in told
    assert ", corrected" in told
    assert "No recipient of that name" in run("corrections", "letter", request, made, "Nobody", ends=2)
    assert "no such correction" in run("corrections", "letter", request, str(new_id()), "Print House", ends=2)
