"""docs/howto/minimisation.md is followed, command by command, in its order: what it says is what happens."""

import json
import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rightcall.cli import main as cli
from rightcall.controllers.model import Controller
from rightcall.purposes import actions as purposes
from rightcall.wiring import House
from tests.cli.test_reviews import company, house, tokens
from tests.conftest import FixedClock
from tests.ethics.minimisation.scene import archive
from tests.reviews.words import reviewed

__all__ = ["company", "house", "tokens"]
HOWTO = (Path(__file__).parents[2] / "docs" / "howto" / "minimisation.md").read_text(encoding="utf-8")


@pytest.fixture
def known(
    house: House, company: Controller, tokens: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> dict[str, str]:
    """Six hundred takes, watched for as long as their term; the last was read when it was twenty days old."""
    monkeypatch.setenv("RIGHTCALL_DATA", str(house.settings.data))
    monkeypatch.setenv("RIGHTCALL_TOKEN", tokens["dpo"])
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    clock = FixedClock()
    with house.database.transaction(company.id) as tx:
        purpose = purposes.by_key(tx, "training")
        clock.at = datetime.now(UTC) - timedelta(days=purpose.term_days + 1)
        kept = archive(tx, house.vault, clock, purpose)
        kept.keep(600)
        kept.read(kept.kept[:20], on_day=2)
        kept.read(kept.kept[20:40], on_day=20)
        reviewed(tx, house.clock, purpose.id, house.rules)
    return {role.upper(): token for role, token in tokens.items()}


def test_the_howto_followed_step_by_step(
    house: House, company: Controller, known: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    told: dict[str, str] = {}
    for line in "".join(re.findall(r"```console\n(.*?)```", HOWTO, re.DOTALL)).splitlines():
        words = shlex.split(re.sub(r"\$(\w+)", lambda match: known[match[1]], line))
        assert words[0] == "rightcall"
        assert cli.code_of(words[1:]) == 0, capsys.readouterr().err
        told[line] = capsys.readouterr().out
        if words[1:] == ["minimisation", "--look"]:
            known["PROPOSAL"] = told[line].split()[-1]
        if words[1:3] == ["minimisation", "accept"]:
            known["REVIEW"] = told[line].split()[-1]
    assert "21 days and not 30" in told["rightcall minimisation --look"]
    assert Path("training.svg").read_text(encoding="utf-8").startswith("<svg")
    assert "Shorten the term from 30 to 21 days" in Path("training.html").read_text(encoding="utf-8")
    assert "term days: 21" in told["rightcall review show $REVIEW"]
    with house.database.transaction(company.id) as tx:
        assert purposes.by_key(tx, "training").term_days == 21
    assert cli.code_of(["minimisation", "--json"]) == 0
    [proposal] = json.loads(capsys.readouterr().out)["proposals"]
    assert proposal["state"] == "adopted"


def test_mistakes_are_two(
    house: House, tokens: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RIGHTCALL_DATA", str(house.settings.data))
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    for words in (
        ("accept", "nothing", "--token", tokens["dpo"]),
        ("accept", "01a214c6-0000-7000-8000-000000000000", "--token", tokens["dpo"]),
        ("accept", "01a214c6-0000-7000-8000-000000000000", "--token", tokens["auditor"]),
        ("plot", "no-such-purpose", "x.svg"),
    ):
        assert cli.code_of(["minimisation", *words]) == 2
        assert capsys.readouterr().err
