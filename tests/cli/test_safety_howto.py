"""docs/howto/is-it-safe.md, step by step, on a folder."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rightcall.cli import main as cli
from rightcall.settings import load_settings
from rightcall.wiring import House, open_house
from tests.cast import ADA_EMAIL, PLANTED_CARD

Run = Callable[..., int]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(load_settings(data=tmp_path_factory.mktemp("deployment") / "data")) as house:
        yield house


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)

    def run(*words: str) -> int:
        return cli.code_of([*words, "--data", str(house.settings.data)])

    assert run("token", "create", "--role", "dpo") == 0
    monkeypatch.setenv("RIGHTCALL_TOKEN", capsys.readouterr().out.split()[-1])
    return run


def test_a_folder_is_looked_at_mended_and_weighed(run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir(mode=0o700)
    (share / "ada-planted.csv").write_text(f"email,card,cvv\n{ADA_EMAIL},{PLANTED_CARD},123\n", encoding="utf-8")
    (share / "payments.log").write_text(f"paid by {ADA_EMAIL}\n", encoding="utf-8")
    for file in share.iterdir():
        file.chmod(0o644)
    assert run("system", "add", "crm", "--address", str(share)) == 0
    assert run("system", "scan", "crm", "--wait") == 0
    capsys.readouterr()
    assert run("safety", "look", "crm") == 1
    shown = capsys.readouterr().out
    for kind in ("cards_in_clear", "card_codes_kept", "personal_data_in_logs"):
        assert f"open      {kind}" in shown
    for planted in (ADA_EMAIL, PLANTED_CARD, "ada-planted"):
        assert planted not in shown
    card = next(line.split()[0] for line in shown.splitlines() if "cards_in_clear" in line)
    assert run("safety", "accept", card, "--reason", "being_mended", "--until", "2099-01-31") == 0
    assert run("safety", "accept", card, "--reason", "being_mended", "--until", "2099-01-31") == 2
    assert run("safety", "accept", card, "--reason", "being_mended", "--until", "2001-01-31") == 2
    for file in share.iterdir():
        file.unlink()
    (share / "empty.txt").write_text("nothing\n", encoding="utf-8")
    assert run("system", "scan", "crm", "--wait") == 0
    run("safety", "look", "crm")
    capsys.readouterr()
    assert run("safety", "list") == 0
    after = capsys.readouterr().out
    assert "mended    cards_in_clear" in after
    assert "mended    personal_data_in_logs" in after
