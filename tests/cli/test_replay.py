"""`rightcall rules replay` as a user runs it: what it prints where, and the code it ends with."""

import json
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from rightcall.cli import main as cli
from rightcall.clock import SystemClock
from rightcall.database.connection import Database
from rightcall.ids import ControllerId, VerdictId
from rightcall.policy import actions
from tests.conftest import FixedClock
from tests.policy.facts import SUPERVISOR, capture, purpose
from tests.policy.test_replay import HOUSE, OURS, RULE
from tests.reviews.conftest import register
from tests.reviews.words import reviewed

Run = Callable[..., int]


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, controller: ControllerId) -> Run:
    """`rules replay` in this process, on the test's own database and controller; answers with its exit code."""
    monkeypatch.setenv("RIGHTCALL_DATABASE_URL", database_url)
    monkeypatch.setenv("RIGHTCALL_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    return lambda *words: cli.code_of(["rules", "replay", *(str(word) for word in words), "--controller", str(controller)])


@pytest.fixture
def verdicts(database: Database, controller: ControllerId) -> list[VerdictId]:
    """A yes for training and one for marketing, a moment ago."""
    clock, rules = SystemClock(), actions.load_rules()
    questions = [capture(at=clock.now(), purpose=purpose(key=key)) for key in ("training", "marketing")]
    with database.transaction(controller) as tx:
        return [each for each, _ in actions.ask_all(tx, rules=rules, clock=clock, questions=questions, by=SUPERVISOR)]


def proposed(folder: Path) -> Path:
    rule = RULE.format(act="capture", when='context.purpose.key == "marketing"')
    folder.mkdir()
    (folder / "house.cedar").write_text(OURS + rule, encoding="utf-8")
    return folder


def test_it_says_what_would_change(
    run: Run, verdicts: list[VerdictId], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = proposed(tmp_path / "proposed")
    assert run(folder, "--since", 7) == 0
    said = capsys.readouterr().out
    assert "1 as before, 1 otherwise than by the rules in force today, 0 could not be replayed." in said
    assert f"marketing  capture of customers  proceed -> not_right: 1  by house.proposed  e.g. {verdicts[1]}" in said
    assert "2 were given again" in said
    assert run(folder, "--since", 7, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    (change,) = told["changes"]
    assert (change["purpose"], change["act"], change["from"], change["to"]) == ("marketing", "capture", "proceed", "not_right")
    assert (change["verdicts"], change["examples"], change["rules"]) == (1, [str(verdicts[1])], ["house.proposed"])
    assert (told["verdicts"], told["as_before"], told["changed"], told["given_again"], told["drift"]) == (2, 1, 1, 2, [])


def test_it_says_before_which_reviews_end(
    run: Run,
    verdicts: list[VerdictId],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    database: Database,
    controller: ControllerId,
    clock: FixedClock,
) -> None:
    clock.at = SystemClock().now()
    with database.transaction(controller) as tx:
        reviewed(tx, clock, register(tx, clock, "coaching").id)
    assert run(proposed(tmp_path / "proposed"), "--since", 7) == 0
    assert "Adopting this ends the reviews of: coaching. Nothing runs for them until" in capsys.readouterr().out
    assert run(tmp_path / "proposed", "--since", 7, "--json") == 0
    assert json.loads(capsys.readouterr().out)["reviews_ended"] == ["coaching"]
    assert run(HOUSE, "--since", 7) == 0
    assert "Adopting this ends no review." in capsys.readouterr().out


def test_rules_in_force_change_nothing(run: Run, verdicts: list[VerdictId], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(HOUSE, "--since", 7) == 0
    assert (
        f"{len(verdicts)} as before, 0 otherwise than by the rules in force today, 0 could not be replayed."
        in capsys.readouterr().out
    )


def test_a_mistake_in_the_folder_is_two(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "mine.cedar").write_text("forbid (principal", encoding="utf-8")
    assert run(tmp_path / "broken", "--since", 7) == 2
    assert "mine.cedar:1" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert run(tmp_path / "empty", "--since", 7) == 2
    assert run(tmp_path / "nowhere", "--since", 7) == 2
    assert run(HOUSE) == 2
    assert run(HOUSE, "--since", 0) == 2


def test_a_database_that_is_away_is_an_outage(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIGHTCALL_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    assert run(HOUSE, "--since", 7) == 3


def test_a_drift_is_shown_and_ends_with_four(
    run: Run, verdicts: list[VerdictId], database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE verdicts SET outcome = 'unlawful', lawful = false WHERE verdict = %s", (verdicts[0],))
    assert run(HOUSE, "--since", 7) == 4
    said = capsys.readouterr()
    assert f"unlawful -> proceed: 1  e.g. {verdicts[0]}" in said.out
    assert "do not give them again" in said.err


def test_where_there_is_no_rightcall_it_makes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    monkeypatch.delenv("RIGHTCALL_DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    assert cli.code_of(["rules", "replay", str(HOUSE), "--since", "7"]) == 2
    assert "There is no Rightcall in rightcall-data" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
