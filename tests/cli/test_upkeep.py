"""Whoever checks rules, or starts Rightcall, hears which rules nobody has looked up for a year. It stops nothing."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rightcall import policy
from rightcall.cli import main as cli
from rightcall.cli.lawful import warn_of_upkeep
from rightcall.policy.loading import load_rules
from tests.conftest import FixedClock


def test_checking_says_it_and_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "house"
    shutil.copytree(Path(policy.__file__).parent / "house", folder)
    for file in folder.glob("*.cedar"):
        old = re.sub(r'@last_checked\("[0-9-]+"\)', '@last_checked("2024-02-29")', file.read_text(encoding="utf-8"))
        file.write_text(old, encoding="utf-8")
    assert cli.code_of(["rules", "check", str(folder)]) == 0
    assert "Not checked for a year, the oldest since 2024-02-29" in " ".join(capsys.readouterr().err.split())


def test_starting_says_it_of_the_law_too(clock: FixedClock, capsys: pytest.CaptureFixture[str]) -> None:
    clock.at = datetime(2026, 11, 26, 12, tzinfo=UTC)
    warn_of_upkeep(clock, load_rules())
    assert capsys.readouterr().err == ""
    clock.at = datetime(2028, 1, 1, tzinfo=UTC)
    warn_of_upkeep(clock, load_rules())
    assert "Warning: eu.cedar:" in capsys.readouterr().err
