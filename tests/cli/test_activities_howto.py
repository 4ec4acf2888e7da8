"""docs/howto/record-of-processing.md, step by step."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rightcall.cli import main as cli
from rightcall.settings import load_settings
from rightcall.wiring import House, open_house
from tests.registers import northwind

Run = Callable[..., int]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(load_settings(data=tmp_path_factory.mktemp("deployment") / "data")) as house:
        yield house


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    return lambda *words: cli.code_of([*(str(word) for word in words), "--data", str(house.settings.data)])


def test_the_record_from_the_register_to_the_file(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("register", "apply", northwind()) == 0
    assert run("token", "create", "--role", "dpo") == 0
    monkeypatch.setenv("RIGHTCALL_TOKEN", capsys.readouterr().out.split()[-1])
    assert run("activities") == 0
    shown = capsys.readouterr().out
    assert "Nobody is declared as data protection officer" in shown
    assert "basis      consent, GDPR Art. 6(1)(a)" in shown
    officer = ("--capacity", "dpo", "--name", "Privacy office", "--contact", "privacy@northwind.example")
    assert run("activities", "add-responsible", *officer) == 0
    responsible = capsys.readouterr().out.strip()
    cloud = ("--name", "Cloud Speech Inc.", "--kind", "processor", "--country", "US", "--purpose", "agent-training")
    assert run("activities", "add-recipient", *cloud, "--safeguard", "standard_contractual_clauses") == 0
    recipient = capsys.readouterr().out.strip()
    assert run("activities", "--html", "record.html", "--csv", "record.csv", "--json") == 0
    record = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in record["responsible"]] == ["Privacy office"]
    assert record["digest"] in Path("record.html").read_text(encoding="utf-8")
    assert "Cloud Speech Inc. (processor, US)" in Path("record.csv").read_text(encoding="utf-8")
    assert run("activities", "end-recipient", recipient) == 0
    assert run("activities", "end-responsible", responsible) == 0
    capsys.readouterr()
    assert run("activities") == 0
    shown = capsys.readouterr().out
    assert "Cloud Speech" not in shown
    assert re.search(r"SHA-256 of all this: [0-9a-f]{64}", shown)


def test_mistakes_are_two(run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("register", "apply", northwind()) == 0
    assert run("token", "create", "--role", "auditor") == 0
    monkeypatch.setenv("RIGHTCALL_TOKEN", capsys.readouterr().out.split()[-1])
    cloud = ("--name", "Cloud", "--kind", "processor", "--country", "DK", "--purpose", "agent-training")
    assert run("activities", "add-recipient", *cloud) == 2
    assert "dpo" in capsys.readouterr().err
    assert run("activities", "--csv", "no/such/file.csv") == 2
    assert "file.csv cannot be written" in capsys.readouterr().err
