"""A DPO who is no programmer follows docs/howto/house-rules.md, step by step: every command it shows is run as it stands."""

import re
import shlex
from datetime import timedelta
from pathlib import Path

import pytest

from rightcall.actors import SYSTEM, Role
from rightcall.adapters.keys.file import KeyFile
from rightcall.cli import main as cli
from rightcall.clock import SystemClock
from rightcall.database.connection import Database
from rightcall.ids import ControllerId
from rightcall.policy import actions
from rightcall.staff.actions import create_token
from rightcall.vault.actions import Vault
from tests.policy.proposals import HOWTO, MARKETING, blocks
from tests.policy.test_adopting import agent_listens

FILES = ("marketing.cedar", "scenarios/marketing-agent.toml", "scenarios/marketing-supervisor.toml")


class Reader:
    """Reads the how-to and types what it says. `ids` are what the page has the reader fill in."""

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        controller: ControllerId,
        tokens: dict[Role, str],
    ) -> None:
        self.monkeypatch, self.capsys, self.controller, self.tokens = monkeypatch, capsys, controller, tokens
        self.ids: dict[str, str] = {}
        self.typed: list[str] = []

    def sits_down(self, role: Role) -> None:
        self.monkeypatch.setenv("RIGHTCALL_TOKEN", self.tokens[role])

    def types(self, line: str) -> str:
        """What was printed."""
        self.typed.append(line)
        filled = re.sub(r"--until \S+", f"--until {(SystemClock().now() + timedelta(days=9)).date()}", line)
        words = [self.ids.get(word, word) for word in shlex.split(filled)]
        assert words[0] == "rightcall", line
        code = cli.code_of([*words[1:], *self._where(words)])
        told = self.capsys.readouterr()
        assert code == 0, f"{line}\n{told.out}\n{told.err}"
        return told.out

    def _where(self, words: list[str]) -> list[str]:
        """The tests' database has several controllers; the reader's has one."""
        return [] if words[1:3] == ["rules", "check"] else ["--controller", str(self.controller)]


@pytest.fixture
def reader(
    database: Database,
    database_url: str,
    controller: ControllerId,
    keys: KeyFile,
    vault: Vault,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Reader:
    with database.transaction(controller) as tx:
        tokens = {role: create_token(tx, SystemClock(), role=role, by=SYSTEM).secret for role in (Role.DPO, Role.SUPERVISOR)}
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("a passphrase for tests")
    passphrase.chmod(0o600)
    monkeypatch.setenv("RIGHTCALL_DATABASE_URL", database_url)
    monkeypatch.setenv("RIGHTCALL_DATA", str(keys._path.parent))
    monkeypatch.setenv("RIGHTCALL_PASSPHRASE_FILE", str(passphrase))
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    return Reader(monkeypatch, capsys, controller, tokens)


def commands() -> list[str]:
    return [line for block in blocks("sh") for line in block.strip().splitlines() if not line.startswith("export ")]


def last(printed: str) -> str:
    return printed.strip().splitlines()[-1]


def test_every_step(reader: Reader, database: Database, controller: ControllerId) -> None:
    """An agent listened to marketing calls last week: that is what the rule is about."""
    clock = SystemClock()
    with database.transaction(controller) as tx:
        question = agent_listens(at=clock.now(), last_day=(clock.now() + timedelta(days=9)).date())
        _, verdict = actions.ask(tx, rules=actions.load_rules(), clock=clock, question=question, by=SYSTEM)
    steps = iter(commands())

    reader.types(next(steps))
    for name, text in zip(FILES, [*blocks("cedar"), *blocks("toml")], strict=True):
        assert f"`my-rules/{name}`" in HOWTO
        Path("my-rules", name).write_text(text, encoding="utf-8")
    reader.types(next(steps))
    reader.sits_down(Role.DPO)
    drafted = reader.types(next(steps))
    assert f"added: {MARKETING}" in drafted
    assert "removed:" not in drafted
    reader.ids["DRAFT"] = last(drafted)
    shown = reader.types(next(steps))
    assert "An agent plays what Ada said for marketing. (marketing-agent.toml)" in shown
    replayed = reader.types(next(steps))
    assert "1 verdicts from" in replayed
    assert ("proceed -> not_right: 1" in replayed) == verdict.proceeds

    adopt = next(steps)
    assert "somebody in another role" in reader.types(adopt)
    reader.sits_down(Role.SUPERVISOR)
    adopted = reader.types(adopt)
    assert "Adopted. In force now." in adopted
    reader.ids["ADOPTION"] = last(adopted)
    assert reader.ids["ADOPTION"] in reader.types(next(steps))
    with database.transaction(controller) as tx:
        _, verdict = actions.ask(tx, rules=actions.load_rules(), clock=clock, question=question, by=SYSTEM)
    assert MARKETING in {reason.rule for reason in verdict.reasons}

    reader.ids["DRAFT"] = last(reader.types(next(steps)))
    first = reader.types(next(steps))
    assert f"removed: {MARKETING}" in first
    reader.types(next(steps))
    reader.types(next(steps))
    reader.types(next(steps))
    assert Path("older-rules", "marketing.cedar").exists()
    assert not Path("first-rules", "marketing.cedar").exists()
    reader.sits_down(Role.DPO)
    reader.ids["OVERRIDE"] = last(reader.types(next(steps)))
    assert reader.ids["OVERRIDE"] in reader.types(next(steps))
    reader.types(next(steps))
    reader.types(next(steps))
    assert list(steps) == []
    assert len(reader.typed) == len(commands()) + 1


def test_no_command_of_the_page_is_passed_over() -> None:
    """Every one is typed above; and what the page shows as a command of ours is one."""
    assert len(commands()) == 16
    assert all(line.startswith("rightcall ") for line in commands())
