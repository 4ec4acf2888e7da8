"""`rightcall staff`, as whoever sets a deployment up runs it: by the how-to, on an empty machine."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import Run, run

__all__ = ["run"]
HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "sign-in.md"


def test_the_how_to_can_be_followed_on_an_empty_machine(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("RIGHTCALL_DATABASE_URL")
    monkeypatch.setenv("RIGHTCALL_PUBLIC_URL", "https://rightcall.energy.example/")
    there = ("--data", tmp_path / "new")

    def said(*words: str) -> str:
        capsys.readouterr()
        assert run(*words, *there) == 0, words
        return capsys.readouterr().out

    def members() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(said("staff", "list", "--json"))["members"]
        return found

    page = HOWTO.read_text(encoding="utf-8")
    [first] = re.findall(r"^\$ rightcall (staff create .*?) --data rightcall-data$", page, re.M)
    link = said(*shlex.split(first)).splitlines()[-1]
    assert link.startswith("https://rightcall.energy.example/sign-up/")
    [ada] = members()
    assert (ada["role"], ada["state"], ada["name"], ada["address"], ada["passkeys"]) == (
        "administrator",
        "waiting",
        "Ada Lind",
        None,
        0,
    )
    said("staff", "create", "--role", "dpo", "--address", "ben@energy.example")
    ben = members()[1]
    assert (ben["name"], ben["address"]) == ("DPO", "ben@energy.example")
    commands = re.findall(r"`rightcall (staff [^`]* ID[^`]*)`", page)
    assert len(commands) == 5
    for command in commands:
        said(*command.replace("ID", ben["id"]).split())
    assert [(each["role"], each["state"], each["name"]) for each in members()] == [
        ("administrator", "waiting", "Ada Lind"),
        ("reviewer", "forgotten", None),
    ]
    assert json.loads(said("staff", "sessions", ada["id"][:13], "--json")) == {"sessions": []}
    assert run("staff", "suspend", ada["id"], *there) == 2
    assert "somebody else an administrator" in capsys.readouterr().err
    assert run("staff", "create", "--role", "engineer", *there) == 2
    assert "Choose one of administrator" in capsys.readouterr().err
