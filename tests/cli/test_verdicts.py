"""A verdict asked from the command line, read later, and counted; a purpose opened."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rightcall.actors import SYSTEM, PartyRole, Role
from rightcall.cli import main as cli
from rightcall.cli.main import code_of
from rightcall.cli.purposes import parity_of
from rightcall.cli.verdicts import told, told_summary
from rightcall.controllers.actions import all_ids, by_id, create
from rightcall.controllers.model import NewController
from rightcall.ids import PurposeId, VerdictId, new_id
from rightcall.policy.actions import keep_rules
from rightcall.policy.looking.model import Behind, Line, Summary
from rightcall.policy.model import Act, Axis, Outcome, Verdict
from rightcall.policy.vocabulary import FACTS_OF
from rightcall.purposes.actions import create_purpose
from rightcall.settings import load_settings
from rightcall.staff.actions import create_token
from rightcall.wiring import House, open_house
from tests.cast import MONDAY
from tests.conftest import FixedClock
from tests.policy.proposals import MARKETING, blocks
from tests.policy.test_adopting import adopted, drafted
from tests.recordings.scene import new_purpose

Run = Callable[..., int]
SITUATION = """
says = "Ada's call is kept though nobody asked her."
why = "Silence is not a yes."
act = "capture"
jurisdictions = ["DK"]
pauses = []
speaker = 1
carries_card_data = false
carries_authentication_data = false

[purpose]
key = "training"

[[parties]]
role = "customer"
answer = "ANSWER"

[expect]
outcome = "unlawful"
"""
QUESTION = {"act": "capture", "purpose": "training", "what_if": {"parties": [{"role": "customer", "answer": "granted"}]}}


def situation(folder: Path, answer: str) -> str:
    file = folder / "situation.toml"
    file.write_text(SITUATION.replace("ANSWER", answer), encoding="utf-8")
    return str(file)


def test_a_situation_on_paper_is_answered_in_plain_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of(["verdict", "ask", situation(tmp_path, "unasked")]) == 1
    told = capsys.readouterr().out
    assert "unlawful  (no: it is unlawful)" in told
    assert "Silence, and staying on the line, are not consent." in told
    assert "the answer of customers and third parties: granted (it is unasked)" in told
    assert code_of(["verdict", "ask", situation(tmp_path, "unasked"), "--json"]) == 1
    [answer] = json.loads(capsys.readouterr().out)["items"]
    assert (answer["outcome"], answer["lawful"]) == ("unlawful", False)
    assert "Silence, and staying on the line, are not consent." in str(answer["reasons"])
    assert answer["counterfactuals"]


def test_a_yes_ends_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of(["verdict", "ask", situation(tmp_path, "granted")]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("proceed")


def bare(folder: Path, *changes: tuple[str, str]) -> str:
    """The same, asked without saying what is expected, nor what any call has."""
    text = SITUATION.partition("[expect]")[0].replace("ANSWER", "granted")
    for line in ("pauses = []", "speaker = 1", "carries_card_data = false", "carries_authentication_data = false"):
        text = text.replace(f"{line}\n", "")
    for old, new in changes:
        text = text.replace(old, new)
    file = folder / "situation.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_nobody_has_to_say_what_is_expected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of(["verdict", "ask", bare(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "By the law and the house rules that come with Rightcall." in told
    assert "Taken for granted, since it does not say otherwise: no pause is in force; no card data is spoken;" in told
    assert "expected" not in told


def test_what_was_expected_otherwise_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of(["verdict", "ask", situation(tmp_path, "granted")]) == 0
    told = capsys.readouterr().out
    assert "It was expected otherwise (- as it says, + as it comes out):" in told
    assert "- outcome unlawful" in told
    assert "+ outcome proceed" in told


def test_where_there_is_no_law_pack_a_lawyer_is_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of(["verdict", "ask", bare(tmp_path, ("DK", "CH"))]) == 1
    told = capsys.readouterr().out
    assert "No law pack for CH: what is lawful there is not known. Ask a lawyer." in told
    assert "law_pack" not in told


def test_what_would_turn_it_names_the_duties(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An agent beside a caller whom nobody has asked."""
    asked = Path(bare(tmp_path, ('answer = "granted"', 'answer = "unasked"')))
    beside = '[[parties]]\nrole = "agent"\nanswer = "unasked"\n'
    asked.write_text(f"speaker = 2\n{asked.read_text(encoding='utf-8')}{beside}", encoding="utf-8")
    assert code_of(["verdict", "ask", str(asked)]) == 1
    turned = "proceed_with_duties (announce) if the answer of customers and third parties: granted (it is unasked)"
    assert turned in capsys.readouterr().out


def test_a_folder_of_rules_and_a_house_are_not_asked_at_once(tmp_path: Path) -> None:
    assert code_of(["verdict", "ask", bare(tmp_path), "--rules", str(tmp_path), "--controller", "x"]) == 2


def test_what_is_no_situation_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "situation.toml").write_text("act = 'fly'", encoding="utf-8")
    assert code_of(["verdict", "ask", str(tmp_path / "situation.toml")]) == 2
    assert code_of(["verdict", "ask", str(tmp_path / "nowhere.toml")]) == 2


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(load_settings(data=tmp_path_factory.mktemp("deployment") / "data")) as house:
        yield house


@pytest.fixture(scope="module")
def token(house: House) -> str:
    """A DPO's, at a company with one purpose that nobody has reviewed."""
    with house.database.system() as tx:
        new = NewController(name="Example Energy", address="a", contact="c", jurisdictions=("EU", "DK"))
        company = create(tx, house.clock, new)
        keep_rules(tx, house.clock, house.rules)
    with house.database.transaction(company.id) as tx:
        create_purpose(tx, house.clock, new_purpose("training"), by=SYSTEM)
        return create_token(tx, house.clock, role=Role.DPO, by=SYSTEM).secret


@pytest.fixture
def run(house: House, token: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("RIGHTCALL_DATA", str(house.settings.data))
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    return lambda *words: cli.code_of([str(word) for word in words])


def question(folder: Path) -> Path:
    file = folder / "question.json"
    file.write_text(json.dumps(QUESTION), encoding="utf-8")
    return file


def test_on_the_record_it_is_kept_and_explained_later(
    run: Run, token: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("verdict", "ask", question(tmp_path), "--token", token) == 1
    assert "Not known: whether it carries card data (carries_card_data)." in capsys.readouterr().out
    assert run("verdict", "summary", "--json") == 0
    summary = json.loads(capsys.readouterr().out)
    (line,) = summary["lines"]
    assert (line["purpose_key"], line["act"], line["outcome"]) == ("training", "capture", "cannot_tell")
    assert "carries_card_data" in {behind["rule"] for behind in line["behind"] if behind["axis"] is None}
    assert run("verdict", "show", line["behind"][0]["examples"][0]) == 0
    told = capsys.readouterr().out
    assert "capture for training, asked by dpo" in told
    assert "cannot_tell if" not in told


def test_on_paper_it_is_decided_by_what_the_house_adopted(
    house: House, token: str, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = tmp_path / "agent.toml"
    asked.write_text(f"at = 2026-11-23T09:30:00Z\n{blocks('toml')[0]}", encoding="utf-8")
    assert run("verdict", "ask", asked) == 0
    told = capsys.readouterr().out
    assert "By the law and the deployment's house rules: Example Energy has adopted none of its own." in told
    with house.database.system() as system_tx:
        company = next(id for id in all_ids(system_tx) if by_id(system_tx, id).name == "Example Energy")
    with house.database.transaction(company) as tx:
        clock = FixedClock()
        clock.at = house.clock.now()
        adopted(tx, clock, drafted(tx, clock))
    assert run("verdict", "ask", asked) == 1
    told = capsys.readouterr().out
    assert "By the law and the house rules of Example Energy, in force since " in told
    assert MARKETING in told
    assert run("verdict", "ask", question(tmp_path), "--token", token) == 1
    assert "By the law and the house rules of Example Energy, in force since " in capsys.readouterr().out


def test_on_the_record_somebody_has_to_ask(run: Run, tmp_path: Path) -> None:
    assert run("verdict", "ask", question(tmp_path)) == 2
    assert run("verdict", "ask", question(tmp_path), "--token", "x") == 2
    assert run("verdict", "ask", question(tmp_path), "--token", "x", "--rules", str(tmp_path)) == 2
    (tmp_path / "question.json").write_text('{"act": "fly"}', encoding="utf-8")
    assert run("verdict", "ask", tmp_path / "question.json", "--token", "x") == 2


def test_a_summary_says_what_stood_in_the_way(run: Run, token: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("verdict", "ask", question(tmp_path), "--token", token)
    capsys.readouterr()
    assert run("verdict", "summary", "--purpose", "training") == 0
    told = capsys.readouterr().out
    assert " 0 calls" not in told
    assert "of them about no call on record: asked beforehand, or to see what would be." in told
    assert re.search(r"  capture +cannot_tell +\d+  of customers  about no call on record\n", told)
    assert "Not known: whether it carries card data (carries_card_data)." in told


def test_a_summary_counts_one_as_one_and_says_whom_it_is_about() -> None:
    def behind(number: int) -> Behind:
        example = (VerdictId(new_id()),)
        return Behind(rule=f"house.{number}", axis=Axis.HOUSE, says="s", instead="i", verdicts=1, calls=1, examples=example)

    line = Line(
        purpose=None,
        act=Act.PLAY,
        outcome=Outcome.NOT_RIGHT,
        about=PartyRole.THIRD_PARTY,
        is_on_record=True,
        verdicts=1,
        calls=1,
        behind=tuple(behind(each) for each in range(6)),
    )
    first, *told = told_summary(Summary(since=MONDAY, until=MONDAY, verdicts=1, calls=1, lines=(line,)), {})
    assert first == f"1 verdict from {MONDAY:%Y-%m-%d} to {MONDAY:%Y-%m-%d}, in 1 call."
    assert "1  of third parties  in 1 call" in told[2]
    assert ": 1 time in 1 call, e.g. " in told[3]
    assert told[-1] == "      and 1 other; --json prints all"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("term_over", "the last day that it may be kept for"),
        ("speaker", "whose words these are, and what they answered"),
        ("contact", "what the person said to being rung, and what the call is for"),
        ("case_given", "whether the case that it is for is named"),
        ("pauses", "pauses in force"),
    ],
)
def test_what_is_missing_is_said_in_words(name: str, words: str) -> None:
    verdict = Verdict(
        outcome=Outcome.CANNOT_TELL, lawful=None, right=None, reasons=(), duties=(), missing=(name,), rule_set=bytes(32)
    )
    assert f"  Not known: {words} ({name})." in told(verdict, (), None)


def test_every_fact_that_can_be_missing_has_words() -> None:
    for name in {fact for act in Act for fact in FACTS_OF[act]}:
        verdict = Verdict(
            outcome=Outcome.CANNOT_TELL, lawful=None, right=None, reasons=(), duties=(), missing=(name,), rule_set=bytes(32)
        )
        assert f"  Not known: {name} ({name})." not in told(verdict, (), None), name


def test_no_gap_is_said_only_where_somebody_looked() -> None:
    one, other = PurposeId(new_id()), PurposeId(new_id())
    assert parity_of(one, flagged=(), compared=(other,)) == "nothing compared yet"
    assert parity_of(one, flagged=(), compared=(one,)) == "no gap was found"
    assert parity_of(one, flagged=(one,), compared=(one,)) == "a no was found to cost people something"


def test_a_purpose_is_opened(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("purpose", "show", "training") == 0
    told = capsys.readouterr().out
    assert "none in force, so nothing runs for it" in told
    assert "concerns   0 open (those raised today show tomorrow)" in told
    assert "parity     nothing compared yet" in told
    assert run("purpose", "list") == 0
    assert "not reviewed" in capsys.readouterr().out
    assert run("purpose", "show", "nothing") == 2
