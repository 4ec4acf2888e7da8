"""Whatever is shown as a table is there for a program too: generated from the tree of commands, so that none is left out."""

import ast
import inspect
import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer

from rightcall.cli import main as cli
from rightcall.cli.main import COMMANDS, app_of
from rightcall.settings import load_settings
from rightcall.wiring import open_house
from tests.cli.test_commands import Run, example
from tests.cli.test_exits import _ANY, _LEAK

# These do something, and what they print beside is about that.
_DEEDS = {
    "breach enter",
    "joins undo",
    "links run",
    "register apply",
    "requests letter",
    "rules draft",
    "system scan",
    "vcon import",
}
# What is asked of the deployment that the test makes; others are asked for what is not there, or for nothing more.
_ASKED = {"purpose show": ("training",), "breach rehearse": _LEAK, "safety look": ("folder",), "system show": ("folder",)}
_BEYOND = {
    "bench",
    "concern show",
    "held",
    "notice check",
    "provenance",
    "rules check",
    "rules mutants",
    "rules replay",
    "scan",
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


def prints_rows(module: ModuleType, name: str, seen: set[str]) -> bool:
    """Whether it prints line after line, itself or by a function of the commands that it calls."""
    known = {each.name: each for each in ast.parse(inspect.getsource(module)).body if isinstance(each, ast.FunctionDef)}
    if name not in known or f"{module.__name__}.{name}" in seen:
        return False
    seen.add(f"{module.__name__}.{name}")
    for each in ast.walk(known[name]):
        called = [one.func.id for one in ast.walk(each) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)]
        if isinstance(each, ast.For) and any(one == "print" or one.startswith("_show") for one in called):
            return True
        found = getattr(module, each.func.id, None) if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) else None
        if not inspect.isfunction(found) or not found.__module__.startswith("rightcall.cli"):
            continue
        if prints_rows(import_module(found.__module__), found.__name__, seen):
            return True
    return False


def takes_json(command: Any) -> bool:
    return any("--json" in each.opts for each in command.params)


def test_whatever_prints_a_table_takes_json() -> None:
    tables = set()
    for name, command in leaves():
        shown = inspect.unwrap(command.callback) if command.callback else None
        if shown is not None and prints_rows(import_module(shown.__module__), shown.__name__, set()):
            tables.add(name)
            assert takes_json(command) or name in _DEEDS, name
    assert len(tables) > 40
    assert tables >= _DEEDS


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """In one deployment that stands for the whole test."""
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
        if not takes_json(command) or name in _BEYOND:
            continue
        needed = [each for each in command.params if each.required and not each.opts[0].startswith("--")]
        given = _ASKED.get(name, (_ANY,) * len(needed))
        is_there = name in _ASKED or not needed
        code = run(*name.split(), *given, "--json")
        said = capsys.readouterr()
        is_right = code in (0, 1) and isinstance(json.loads(said.out), dict) if is_there else (code, said.out) == (2, "")
        asked += is_there
        if not is_right:
            wrong.append((name, code, said.err))
    assert wrong == []
    assert asked > 25


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
        assert cli.code_of(["verify", "nowhere", "--json"]) == 2
        said = capsys.readouterr().err
        assert bool(re.search(r"\x1b\[[0-9;]*3[0-7]m", said)) == is_coloured, (forced, quiet)
