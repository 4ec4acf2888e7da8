"""Registering what lies on this machine: never what Rightcall keeps, and of several controllers each only what it was given."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rightcall.cli import main as cli
from rightcall.controllers import actions as controllers
from rightcall.controllers.model import NewController
from rightcall.settings import load_settings
from rightcall.wiring import House, open_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(load_settings(data=tmp_path / "deployment" / "data")) as house:
        yield house


def test_only_folders_that_are_a_controllers_own_are_registered(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    data, share = house.settings.data, tmp_path / "share"
    share.mkdir(mode=0o700)

    def add(name: str, address: Path) -> int:
        return cli.code_of(["system", "add", name, "--address", str(address), "--data", str(data)])

    assert cli.code_of(["token", "create", "--role", "engineer", "--data", str(data)]) == 0
    monkeypatch.setenv("RIGHTCALL_TOKEN", capsys.readouterr().out.split()[-1])
    assert (add("keys", data), add("around", tmp_path), add("objects", data / "objects")) == (2, 2, 2)
    assert capsys.readouterr().err.count("what is its own") == 3
    assert add("share", share) == 0
    new = NewController(name="Another", address="a", contact="c", jurisdictions=("EU",))
    with house.database.system() as tx:
        [mine] = controllers.all_ids(tx)
        other = controllers.create(tx, house.clock, new).id
    assert add("again", share) == 2
    assert "RIGHTCALL_SCAN_ROOTS" in capsys.readouterr().err
    monkeypatch.setenv("RIGHTCALL_SCAN_ROOTS", f"{mine}={tmp_path / 'mine'},{other}={tmp_path / 'theirs'}")
    (tmp_path / "mine").mkdir()
    (tmp_path / "theirs").mkdir()
    assert (add("again", tmp_path / "mine"), add("theirs", tmp_path / "theirs")) == (0, 2)
    monkeypatch.setenv("RIGHTCALL_SCAN_ROOTS", f"{tmp_path}")
    assert (add("theirs", tmp_path / "theirs"), add("keys", data)) == (0, 2)
