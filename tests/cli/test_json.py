"""Whatever a command answers is there for a program too: generated from the tree of commands, so that none is left out."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import pytest
import typer
from typer.testing import CliRunner

from rightcall.cli import main as cli
from rightcall.cli.as_json import Commands
from rightcall.cli.commands import COMMANDS
from rightcall.cli.exits import answer_no
from rightcall.cli.main import app_of
from rightcall.cli.words import words
from rightcall.discovery.model import SourceGone
from rightcall.settings import load_settings
from rightcall.wiring import open_house
from tests.cli.test_commands import Run, example
from tests.cli.test_exits import _ANY, _LEAK

# These go on until they are ended, or print a page.
_NO_ANSWER = {"serve", "role", "demo", "man"}
# What is asked of the deployment that the test makes; others are asked for what is not there, or for nothing more.
_ASKED = {"purpose show": ("training",), "breach rehearse": _LEAK, "safety look": ("folder",), "system show": ("folder",)}
_BEYOND = {
    "backup",
    "bench",
    "concern show",
    "held",
    "notice check",
    "provenance",
    "restore",
    "rules check",
    "rules mutants",
    "rules replay",
    "scan",
    "testcall",
    "verify",
}
"""Each has a test of its own (or needs more than a deployment)."""


def leaves() -> Iterator[tuple[str, Any]]:
    def walk(group: object, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        for name, each in getattr(group, "commands", {}).items():
            yield from walk(each, (*path, name))
            if not hasattr(each, "commands") or each.invoke_without_command:
                yield " ".join((*path, name)), each

    return walk(typer.main.get_command(app_of(COMMANDS)), ())


def takes_json(command: Any) -> bool:
    return any("--json" in each.opts for each in command.params)


def test_every_command_that_answers_takes_json() -> None:
    known = dict(leaves())
    assert len(known) > 160
    assert {name for name, command in known.items() if not takes_json(command)} == _NO_ANSWER


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """In one deployment that stands for the whole test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RIGHTCALL_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    with open_house(load_settings()):
        yield lambda *words: cli.code_of([str(word) for word in words])


@pytest.fixture
def place(run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "register.toml").write_text(example(), encoding="utf-8")
    (tmp_path / "files").mkdir()
    monkeypatch.setenv("RIGHTCALL_SCAN_ROOTS", str(tmp_path / "files"))
    assert run("register", "apply", tmp_path / "register.toml") == 0
    assert run("token", "create", "--role", "dpo") == 0
    dpo = capsys.readouterr().out.split()[-1]
    monkeypatch.setenv("RIGHTCALL_TOKEN", dpo)
    assert run("token", "create", "--role", "administrator") == 0
    engineer = capsys.readouterr().out.split()[-1]
    assert run("system", "add", "folder", "--address", tmp_path / "files", "--token", engineer) == 0
    capsys.readouterr()
    return tmp_path


def test_what_it_answers_parses(run: Run, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked, wrong = 0, []
    for name, command in leaves():
        asks_a_person = any("Asked for if left out" in (getattr(each, "help", "") or "") for each in command.params)
        if not takes_json(command) or name in _BEYOND or asks_a_person:
            continue
        needed = [each for each in command.params if each.required and not each.opts[0].startswith("--")]
        given = _ASKED.get(name, (_ANY,) * len(needed))
        is_there = name in _ASKED or not needed
        code = run(*name.split(), *given, "--json")
        said = capsys.readouterr()
        if code == 2:
            is_right = said.out == "" and json.loads(said.err.splitlines()[-1])["error"]["code"] == 2
        else:
            is_right = code in (0, 1) and isinstance(json.loads(said.out), dict)
        asked += is_there
        if not is_right:
            wrong.append((name, code, said.err))
    assert not wrong, wrong
    assert asked > 30


def test_what_was_done_is_told_by_its_names(run: Run, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def told(*words: object) -> dict[str, Any]:
        code = run(*words, "--json")
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert found["code"] == code
        assert found["command"] == " ".join(map(str, words[: len(found["command"].split())]))
        return found

    assert told("token", "create", "--role", "agent")["token"].startswith("rightcall_")
    assert "/sign-up/" in told("staff", "create", "--role", "auditor")["link"]
    assert told("ledger", "key")["key"].startswith("rightcall.local/ledger+")
    assert len(told("ledger", "audit")["root"]) == 64
    made = told("controller", "create", "--name", "Two", "--address", "a", "--contact", "c", "--jurisdiction", "EU")
    assert UUID(made["id"])
    zone = told("controller", "zone", "Europe/Copenhagen", "--controller", "Two")
    assert zone["said"] == ["The pages of Two tell moments in Europe/Copenhagen."]
    assert told("register", "apply", place / "register.toml")["answer"][0].startswith("is so ")


def test_an_error_is_one_line_for_a_program(run: Run, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for given, code, kind in (
        (("token", "create", "--role", "king"), 2, "Malformed"),
        (("token", "create"), 2, "MissingParameter"),
        (("ledger", "show", _ANY), 2, "NotFound"),
        (("nonsense",), 2, "UsageError"),
    ):
        assert run(*given, "--json") == code, given
        said = capsys.readouterr()
        assert said.out == ""
        told = json.loads(said.err.splitlines()[-1])["error"]
        assert (told["code"], told["kind"]) == (code, kind)
        assert told["says"]


def test_what_is_asked_for_and_not_answered_is_a_mistake(
    run: Run, place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert run("minimisation", "reject", _ANY, "--json") == 2
    told = json.loads(capsys.readouterr().err.splitlines()[-1])["error"]
    assert "Give it as an option" in told["says"]


def test_what_a_command_says_comes_back_with_its_answer_and_an_outage_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    def refused() -> None:
        words().print("[bold]It is not there.[/]")
        typer.echo("0198b4a1-0000-7000-8000-000000000000")
        raise answer_no()

    def away() -> None:
        raise SourceGone("Try again.")

    app = Commands()
    for each in (refused, away):
        app.command()(each)
    with pytest.raises(SystemExit) as ended:
        app(["refused", "--json"], prog_name="rightcall")
    assert ended.value.code == 1
    said = capsys.readouterr()
    assert json.loads(said.out) == {
        "command": "refused",
        "code": 1,
        "id": "0198b4a1-0000-7000-8000-000000000000",
        "answer": [],
        "said": ["It is not there."],
    }
    assert "It is not there." in said.err
    with pytest.raises(SourceGone):
        app(["away", "--json"], prog_name="rightcall")
    assert capsys.readouterr().out == ""


def test_a_proof_that_does_not_hold_says_so_to_programs_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    (tmp_path / "proof").write_text("{}")
    assert cli.code_of(["verify", str(tmp_path / "proof"), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["holds"] is False
    assert told["reason"]


def test_a_colour_is_for_a_terminal_and_only_where_it_is_wished(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    for forced, quiet, is_coloured in (("1", "", True), ("1", "1", False), ("", "", False)):
        monkeypatch.setenv("FORCE_COLOR", forced)
        monkeypatch.setenv("NO_COLOR", quiet)
        assert cli.code_of(["verify", "nowhere"]) == 2
        said = capsys.readouterr().err
        assert bool(re.search(r"\x1b\[[0-9;]*3[0-7]m", said)) == is_coloured, (forced, quiet)


def test_what_a_person_is_asked_for_is_no_part_of_the_answer() -> None:
    """Whoever left an option out is asked on standard error; a program that gave it reads one object and nothing beside it."""
    app = Commands()

    @app.command()
    def give(name: Annotated[str, typer.Option(prompt="Who answers for it", help="Who.")]) -> None:
        typer.echo(f"given by {name}")

    asked = CliRunner().invoke(app, ["--json"], input="Ada\n")
    given = CliRunner().invoke(app, ["--json", "--name", "Ada"])
    typed, _, answer = asked.stdout.partition("{")
    assert (typed.strip(), json.loads("{" + answer)) == ("Ada", json.loads(given.stdout)), "the runner echoes what is typed"
    assert json.loads(given.stdout)["answer"] == ["given by Ada"]
    assert ("Who answers for it" in asked.stderr, given.stderr) == (True, "")
