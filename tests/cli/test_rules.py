"""`rightcall rules` and `rightcall override` as users run them: two tokens, one draft, and what is said where."""

import json
import re
from collections.abc import Callable
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
from rightcall.policy.loading import charter, corpus
from rightcall.staff.actions import create_token
from rightcall.vault.actions import Vault
from tests.policy.proposals import MARKETING, changed, example, written
from tests.policy.test_adopting import agent_listens
from tests.policy.test_drift import without_its_text

Run = Callable[..., int]
NAME = "Grace Hopper"


@pytest.fixture
def tokens(database: Database, controller: ControllerId) -> dict[Role, str]:
    with database.transaction(controller) as tx:
        return {
            role: create_token(tx, SystemClock(), role=role, by=SYSTEM).secret
            for role in (Role.DPO, Role.SUPERVISOR, Role.REVIEWER, Role.AGENT)
        }


@pytest.fixture
def run(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, controller: ControllerId, tokens: dict[Role, str]
) -> Run:
    """A command in this process, on the test's own database and controller; `by` signs in. Answers with its exit code."""
    monkeypatch.setenv("RIGHTCALL_DATABASE_URL", database_url)
    monkeypatch.setenv("RIGHTCALL_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)

    def ran(*words: object, by: Role | None = None) -> int:
        monkeypatch.delenv("RIGHTCALL_TOKEN", raising=False)
        if by is not None:
            monkeypatch.setenv("RIGHTCALL_TOKEN", tokens[by])
        return cli.code_of([*(str(word) for word in words), "--controller", str(controller)])

    return ran


def last_line(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.strip().splitlines()[-1]


def test_a_folder_becomes_the_house_rules(
    run: Run, tmp_path: Path, database: Database, controller: ControllerId, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = SystemClock()
    question = agent_listens(at=clock.now(), last_day=(clock.now() + timedelta(days=9)).date())
    with database.transaction(controller) as tx:
        actions.ask(tx, rules=actions.load_rules(), clock=clock, question=question, by=SYSTEM)
    folder = written(example(), tmp_path / "mine")
    assert run("rules", "draft", folder, by=Role.REVIEWER) == 0
    said = capsys.readouterr().out
    assert f"added: {MARKETING}" in said
    assert "    says: What is kept for marketing is not played to agents." in said
    assert "removed: house.listening_needs_a_reason" in said
    draft = said.strip().splitlines()[-1]
    assert run("rules", "adopt", draft, by=Role.DPO) == 2
    assert "was not replayed" in capsys.readouterr().err
    assert run("rules", "replay", draft, "--since", 7) == 0
    told = capsys.readouterr()
    assert "proceed -> not_right: 1" in told.out
    assert "kept with the draft" in told.err
    assert run("rules", "adopt", draft, by=Role.DPO) == 0
    assert "when somebody in another role says yes too" in capsys.readouterr().out
    assert run("rules", "adopt", draft, by=Role.AGENT) == 2
    assert run("rules", "history") == 0
    waiting = capsys.readouterr().out
    assert "Nothing was adopted" in waiting
    assert f"Open: Draft {draft}" in waiting
    assert run("rules", "adopt", draft[:13], by=Role.SUPERVISOR) == 0
    told = capsys.readouterr()
    assert "Adopted. In force now." in told.out
    adoption = told.out.strip().splitlines()[-1]
    assert run("rules", "show") == 0
    shown = capsys.readouterr().out
    assert shown.count("  says ") == 1 + len(charter())
    assert shown.count("(charter: always holds)") == len(charter())
    assert "  stops      An agent plays what Ada said for marketing. (0.toml)" in shown
    assert "  lets       A supervisor plays what Ada said for marketing. (1.toml)" in shown
    assert run("rules", "history") == 0
    history = capsys.readouterr().out
    assert f"{adoption}  in force from" in history
    assert "(in force)" in history
    assert "by dpo " in history
    assert "ledger statement" in history


def adopt_from(run: Run, capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """Drafted, replayed, and adopted by two; the adoption's id."""
    assert run("rules", "draft", *words, by=Role.DPO) == 0
    draft = last_line(capsys)
    assert run("rules", "replay", draft, "--since", 1) == 0
    assert run("rules", "adopt", draft, by=Role.DPO) == run("rules", "adopt", draft, by=Role.SUPERVISOR) == 0
    return last_line(capsys)


def texts(folder: Path) -> dict[str, str]:
    return {str(each.relative_to(folder)): each.read_text(encoding="utf-8") for each in folder.rglob("*.*") if each.is_file()}


def test_going_back_and_taking_back(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = adopt_from(run, capsys, written(example(), tmp_path / "first"))
    adopt_from(run, capsys, written(changed(MARKETING, "house.another", also_scenarios=True), tmp_path / "second"))
    adopt_from(run, capsys, "--again", first)
    assert run("rules", "show", MARKETING) == 0
    assert run("rules", "show", "house.another") == 2
    assert run("rules", "show", "consent.withdrawal") == 0
    assert "  cite       GDPR" in capsys.readouterr().out
    assert run("rules", "draft", "--again", first, by=Role.DPO) == 0
    said = capsys.readouterr().out
    assert said.startswith("This changes nothing.")
    draft = said.strip().splitlines()[-1]
    assert run("rules", "show", "--draft", draft) == 0
    assert "It was not replayed yet" in capsys.readouterr().out
    assert run("rules", "replay", draft, "--since", 1) == 0
    assert run("rules", "show", "--draft", draft) == 0
    about = capsys.readouterr().out
    assert "It changes nothing." in about
    assert "0 would change" in about
    assert "signed by nobody" in about
    assert "  says " not in about
    assert f"{1 + len(charter())} other house rules stay as they are; --all prints them too." in about
    assert run("rules", "show", "--draft", draft, "--all") == 0
    assert capsys.readouterr().out.count("  says ") == 1 + len(charter())
    assert run("rules", "withdraw", draft, by=Role.SUPERVISOR) == 0
    assert run("rules", "adopt", draft, by=Role.DPO) == 2
    assert "withdrawn" in capsys.readouterr().err
    assert run("rules", "draft", by=Role.DPO) == 2
    assert run("rules", "draft", tmp_path / "first", "--again", first, by=Role.DPO) == 2


def test_the_first_adoption_is_undone_by_drafting_the_rules_of_the_deployment(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They were never adopted, so no adoption names them."""
    assert run("rules", "copy", tmp_path / "shipped") == 0
    assert run("rules", "history") == 0
    assert "deployment  where it began: the house rules that come with Rightcall  (in force)" in capsys.readouterr().out
    adopt_from(run, capsys, written(example(), tmp_path / "mine"))
    assert run("rules", "history") == 0
    assert "deployment  where it began: the house rules that come with Rightcall\n" in capsys.readouterr().out
    assert run("rules", "copy", tmp_path / "again", "--of", "deployment") == 0
    assert texts(tmp_path / "again") == texts(tmp_path / "shipped") != texts(tmp_path / "mine")
    back = adopt_from(run, capsys, "--again", "deployment")
    assert run("rules", "show", MARKETING) == 2
    assert run("rules", "show", "house.listening_needs_a_reason") == 0
    assert run("rules", "copy", tmp_path / "older", "--of", back[:18]) == 0
    assert texts(tmp_path / "older") == texts(tmp_path / "shipped")
    assert run("rules", "copy", tmp_path / "none", "--of", "0") == 2


def test_what_comes_out_otherwise_is_shown_before_anybody_signs(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rule against scores of moods is taken out with its own scenario: in order, and never silent."""
    lost = "house.no_emotion_scores"
    folder = written(without_its_text(lost), tmp_path / "mine")
    assert run("rules", "check", folder) == 0
    said = capsys.readouterr().out
    first, second, *lines = said.splitlines()
    assert re.fullmatch(r"With these rules \d+ of [\d,]+ situations come out otherwise than now, .* \(- now, \+ then\):", first)
    assert second.startswith(f"  {lost}: ")
    assert {"      - outcome not_right", "      + outcome proceed", f"      - rule {lost}"} <= set(lines)
    assert lines[-1].endswith("otherwise than they expect, the same ones.")
    assert run("rules", "check", folder, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["findings"], found["drift"]["from_in_force"]["by_rule"].keys()) == ([], {lost})
    assert run("rules", "draft", folder, by=Role.DPO) == 0
    drafted = capsys.readouterr().out
    assert first in drafted
    draft = drafted.strip().splitlines()[-1]
    assert run("rules", "show", "--draft", draft) == 0
    assert first in capsys.readouterr().out
    assert run("rules", "replay", draft, "--since", 1) == 0
    capsys.readouterr()
    assert run("rules", "adopt", draft, by=Role.DPO) == run("rules", "adopt", draft, by=Role.SUPERVISOR) == 0
    assert capsys.readouterr().out.count(first) == 2
    assert run("rules", "check", folder) == 0
    now = capsys.readouterr().out
    assert re.match(r"With these rules 0 of [\d,]+ situations come out otherwise than now\.\n", now)
    assert f"  {lost}: " in now


def test_the_first_twenty_and_how_many_more(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(example(), tmp_path / "mine")
    assert run("rules", "check", folder, "--json", "--all") == 0
    counted = json.loads(capsys.readouterr().out)["drift"]["from_in_force"]
    assert counted["count"] == len(counted["situations"]) == sum(counted["by_rule"].values()) > 100
    assert run("rules", "check", folder) == 0
    said = capsys.readouterr().out
    assert said.count("      - rule ") >= 1
    assert f"  … and {counted['count'] - 20:,} more situations; --all prints them." in said
    assert all(f"  {rule}: {count:,}\n" in said for rule, count in counted["by_rule"].items() if rule.startswith("house."))
    assert run("rules", "check", folder, "--all") == 0
    assert "more situations" not in capsys.readouterr().out


def test_a_rule_is_shown_with_what_a_lawyer_asks(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("rules", "show", "us.all_party") == 0
    shown = capsys.readouterr().out
    assert "  since      in force since 20" in shown
    assert re.search(r"  reading    (settled|secondary|contested)\n", shown)
    assert shown.count("  stops ") == shown.count("  lets ") == 5
    assert len(re.findall(r"  … and [\d,]+ more", shown)) == 2
    files = set(re.findall(r"\((\S+\.toml[^)]*)\)", shown))
    assert files
    for each in corpus():
        if each.file in files:
            assert any(place.startswith("US") for place in each.question.jurisdictions or ()), each.file


def test_what_is_wrong_is_said_and_the_answer_is_no(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = written(changed("context.actor.role", "context.actor.rank"), tmp_path / "broken")
    assert run("rules", "draft", broken, by=Role.DPO) == 1
    assert "mine.cedar:16: " in capsys.readouterr().out
    assert run("rules", "draft", broken) == 2
    assert run("rules", "draft", broken, by=Role.AGENT) == 2
    assert "may not draft" in capsys.readouterr().err


def test_an_override_from_the_command_line(
    run: Run, keys: KeyFile, vault: Vault, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = keys._path.parent
    (folder / "passphrase-of-tests").write_text("a passphrase for tests")
    (folder / "passphrase-of-tests").chmod(0o600)
    monkeypatch.setenv("RIGHTCALL_DATA", str(folder))
    monkeypatch.setenv("RIGHTCALL_PASSPHRASE_FILE", str(folder / "passphrase-of-tests"))
    from_now = (SystemClock().now() + timedelta(days=2)).date()
    words = ("--name", NAME, "--reason", "A regulator listens with us.", "--category", "inquiry", "--until", from_now)
    assert run("override", "give", "consent.withdrawal", *words, by=Role.DPO) == 2
    assert "nobody overrides law" in capsys.readouterr().err
    assert run("override", "give", "house.listening_needs_a_reason", *words, by=Role.SUPERVISOR) == 2
    assert run("override", "give", "house.listening_needs_a_reason", *words, by=Role.DPO) == 0
    told = capsys.readouterr()
    override = told.out.strip().splitlines()[-1]
    assert run("override", "list") == 0
    listed = capsys.readouterr().out
    ends = f"{from_now + timedelta(days=1)} 00:00 UTC"
    assert f"house.listening_needs_a_reason  in force until {ends}  inquiry  dpo  0 " in listed
    assert listed.rstrip().endswith(override)
    assert NAME not in told.out + told.err + listed
    assert run("override", "end", override, by=Role.DPO) == 0
    assert run("override", "list") == 0
    assert "house.listening_needs_a_reason  ended" in capsys.readouterr().out
    assert run("override", "end", "-", by=Role.DPO) == 2
    assert run("override", "give", "house.listening_needs_a_reason", *words[:-1], "tomorrow", by=Role.DPO) == 2
    assert run("override", "give", "house.listening_needs_a_reason", *words[:-1], "2099-01-01T00:00", by=Role.DPO) == 2
