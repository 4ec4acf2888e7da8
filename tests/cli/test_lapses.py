"""Whoever adopts house rules is told which purposes stop: when they are drafted, at the first yes, and when they hold."""

from pathlib import Path

import pytest

from rightcall.actors import Role
from rightcall.clock import SystemClock
from rightcall.database.connection import Database
from rightcall.ids import ControllerId
from tests.cli.test_rules import Run, run, tokens
from tests.conftest import FixedClock
from tests.policy.proposals import example, written
from tests.reviews.conftest import register
from tests.reviews.words import reviewed

__all__ = ["run", "tokens"]
BEFORE, AFTER = "Adopting this ends the reviews of: coaching.", "The reviews of these have ended: coaching."


def test_rules_that_end_a_review_say_so_before_and_after(
    run: Run,
    tmp_path: Path,
    database: Database,
    controller: ControllerId,
    clock: FixedClock,
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock.at = SystemClock().now()
    with database.transaction(controller) as tx:
        reviewed(tx, clock, register(tx, clock, "coaching").id)
    assert run("rules", "draft", written(example(), tmp_path / "mine"), by=Role.REVIEWER) == 0
    drafted = capsys.readouterr().out
    assert BEFORE in drafted
    draft = drafted.strip().splitlines()[-1]
    assert run("rules", "show", "--draft", draft) == 0
    assert BEFORE in capsys.readouterr().out
    assert run("rules", "replay", draft, "--since", 7) == 0
    assert BEFORE in capsys.readouterr().out
    assert run("rules", "adopt", draft, by=Role.DPO) == 0
    assert BEFORE in capsys.readouterr().out
    assert run("rules", "adopt", draft, by=Role.SUPERVISOR) == 0
    adopted = capsys.readouterr().out
    assert AFTER in adopted
    assert BEFORE not in adopted
    assert run("purpose", "show", "coaching") == 0
    assert "Other rules count for it than those it was reviewed under." in capsys.readouterr().out
