"""`rightcall notice public` as a user runs it: the register that was applied, as text and as a page."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rightcall.actors import SYSTEM, Role
from rightcall.cli import main as cli
from rightcall.controllers import actions as controllers
from rightcall.settings import load_settings
from rightcall.staff import actions as staff
from rightcall.wiring import House, open_house
from tests.registers import northwind

Run = Callable[..., int]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A deployment of its own with its embedded database running, which the commands then find."""
    with open_house(load_settings(data=tmp_path_factory.mktemp("deployment") / "data")) as house:
        yield house


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """A command in this process, in a folder of its own; answers with its exit code."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    return lambda *words: cli.code_of([*(str(word) for word in words), "--data", str(house.settings.data)])


def test_from_the_register_to_the_page(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("register", "apply", northwind()) == 0
    capsys.readouterr()
    assert run("notice", "public") == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Privacy notice of Northwind Energy\n")
    assert "How long: At most the day it was recorded and the 30 days after it" in shown
    assert "How long: At most the day it was recorded and the 180 days after it" in shown
    assert run("notice", "public", "--html", "notice.html", "--controller", "Northwind Energy") == 0
    said = capsys.readouterr()
    html = Path("notice.html").read_text(encoding="utf-8")
    assert "<h2>Settle disputes about what was ordered</h2>" in html
    (fingerprint,) = re.findall(r"[0-9a-f]{64}", said.err)
    assert fingerprint in html
    assert fingerprint in shown.replace("\n  ", "")


def test_mistakes_are_two(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("notice", "public", "--language", "is") == 2
    assert "can be written in da, de, en" in capsys.readouterr().err
    assert run("notice", "public", "--controller", "Nobody Ltd") == 2
    assert run("register", "apply", northwind()) == 0
    assert run("notice", "public", "--html", "no/such/folder.html") == 2
    assert "folder.html cannot be written" in capsys.readouterr().err


def test_a_purpose_is_translated_by_command(run: Run, house: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("register", "apply", northwind()) == 0
    capsys.readouterr()
    assert run("register", "apply", northwind()) == 0
    assert "made" not in capsys.readouterr().out, "it says that already"
    assert run("purpose", "translations", "complaints", "--controller", "Northwind Energy") == 0
    said = capsys.readouterr()
    assert "fi       version 1   with its review  Ymmärtää, mikä meni vikaan, kun teet valituksen" in said.out
    assert "Not translated" not in said.err
    with house.database.system() as tx:
        [of] = [each for each in controllers.all_ids(tx) if controllers.by_id(tx, each).name == "Northwind Energy"]
    with house.database.transaction(of) as tx:
        token = staff.create_token(tx, house.clock, role=Role.DPO, by=SYSTEM).secret
    Path("fi.toml").write_text(
        'language = "fi"\ntitle = "Kuulla valituksesi"\njustification = "Valittaja haluaa tulla kuulluksi."\n'
    )
    assert run("purpose", "translate", "complaints", "fi.toml", "--token", token) == 0
    assert capsys.readouterr().out == "made   translation complaints, fi, version 2\n"
    assert run("notice", "public", "--language", "fi", "--controller", "Northwind Energy") == 0
    said = capsys.readouterr()
    assert "Kuulla valituksesi" in said.out
    assert run("purpose", "retire-translation", "complaints", "fi", "--token", token) == 0
    assert run("purpose", "translations", "complaints", "--controller", "Northwind Energy") == 0
    assert "Not translated: fi." in " ".join(capsys.readouterr().err.split())
    Path("fi.toml").write_text('language = "fi"\n')
    assert run("purpose", "translate", "complaints", "fi.toml", "--token", token) == 2
    assert "title, justification" in capsys.readouterr().err
