"""`rightcall review` and the register's reviews, on a deployment of their own: from the template to the signature."""

import json
import os
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from rightcall.actors import SYSTEM, Role
from rightcall.cli import main as cli
from rightcall.controllers.actions import create
from rightcall.controllers.model import Controller, NewController
from rightcall.purposes.actions import create_purpose, publish_notice
from rightcall.purposes.model import NewNotice
from rightcall.reviews.template import template
from rightcall.settings import load_settings
from rightcall.staff.actions import create_token
from rightcall.wiring import House, open_house
from tests.recordings.scene import new_purpose
from tests.reviews.conftest import WORDS
from tests.reviews.words import FORM

Run = Callable[..., int]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(load_settings(data=tmp_path_factory.mktemp("deployment") / "data")) as house:
        yield house


@pytest.fixture(scope="module")
def company(house: House) -> Controller:
    with house.database.system() as tx:
        new = NewController(name="Example Energy", address="a", contact="c", jurisdictions=("EU", "DK"))
        return create(tx, house.clock, new)


@pytest.fixture(scope="module")
def tokens(house: House, company: Controller) -> dict[str, str]:
    with house.database.transaction(company.id) as tx:
        purpose = create_purpose(tx, house.clock, new_purpose("training"), by=SYSTEM)
        publish_notice(tx, house.clock, NewNotice(purpose=purpose.id, language="en", text=WORDS), by=SYSTEM)
        return {
            role.value: create_token(tx, house.clock, role=role, by=SYSTEM).secret
            for role in (Role.DPO, Role.AGENT, Role.SUPERVISOR, Role.AUDITOR)
        }


@pytest.fixture
def run(house: House, tokens: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("RIGHTCALL_DATA", str(house.settings.data))
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    return lambda *words: cli.code_of(["review", *map(str, words)])


def filled(purpose: str = "training") -> str:
    """A template with every question answered, as a person would: between the quotes, and the line that there is taken in."""
    text = template(purpose).replace("# unrecorded_line", "unrecorded_line")
    harm, alternative = FORM["harms"][0], FORM["alternatives"][0]
    part = ""
    lines = []
    for line in text.splitlines():
        part = line.strip("[]") if line.startswith("[") else part
        name, equals, value = line.partition(" = ")
        if equals and not line.startswith("#") and value in ('""', '""""""'):
            answers = {"harms": harm, "alternatives": alternative}.get(part) or FORM[part]
            line = f"{name} = {json.dumps(answers[name], ensure_ascii=False)}"
        lines.append(line)
    return "\n".join(lines)


def test_from_the_template_to_the_signatures(
    run: Run, tokens: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("template", "training") == 0
    assert capsys.readouterr().out == template("training")
    file = tmp_path / "training.toml"
    file.write_text(filled(), encoding="utf-8")
    assert run("draft", file, "--token", tokens["dpo"]) == 0
    review = capsys.readouterr().out.splitlines()[-1]
    assert run("sign", review, "--token", tokens["dpo"], "--capacity", "for_customers") == 2
    assert run("sign", review, "--token", tokens["supervisor"], "--capacity", "for_the_house") == 0
    assert "has not signed" in capsys.readouterr().out
    assert run("sign", review, "--token", tokens["agent"], "--capacity", "for_agents") == 0
    assert "in_force" in capsys.readouterr().out
    assert run("list") == 0
    [row] = [line for line in capsys.readouterr().out.splitlines() if line.endswith(review)]
    assert row.split()[1:4] == ["yes", "1", "in_force"]
    assert run("show", review) == 0
    assert FORM["answers"]["said_aloud"] in capsys.readouterr().out
    for kind in ("dpia", "lia"):
        assert run("export", review, "--kind", kind, "--json") == 0
        assert json.loads(capsys.readouterr().out)["format"] == f"rightcall-{kind}/1"
        assert run("export", review, "--kind", kind) == 0
        assert capsys.readouterr().out.startswith("<!doctype html>")
    assert run("withdraw", review, "--token", tokens["agent"]) == 0
    assert "withdrawn" in capsys.readouterr().out


def test_a_signature_stands_though_nobody_reads_what_is_said_of_it(
    run: Run, tokens: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`rightcall review sign … | true`: the pipe is closed when the command comes to print."""
    file = tmp_path / "training.toml"
    file.write_text(filled(), encoding="utf-8")
    assert run("draft", file, "--token", tokens["dpo"]) == 0
    review = capsys.readouterr().out.splitlines()[-1]
    reading, writing = os.pipe()
    os.close(reading)
    with (
        suppress(BrokenPipeError),
        os.fdopen(writing, "w", buffering=1, encoding="utf-8") as nobody,
        monkeypatch.context() as patched,
    ):
        patched.setattr(sys, "stdout", nobody)
        run("sign", review, "--token", tokens["supervisor"], "--capacity", "for_the_house")
    assert run("list", "training") == 0
    [row] = [line for line in capsys.readouterr().out.splitlines() if line.endswith(review)]
    assert "  supervisor for_the_house  " in row


def test_whoever_signs_is_shown_all_that_is_signed(
    run: Run, tokens: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "training.toml"
    file.write_text(filled(), encoding="utf-8")
    assert run("draft", file, "--token", tokens["dpo"]) == 0
    review = capsys.readouterr().out.splitlines()[-1]
    assert run("show", review) == 0
    shown = capsys.readouterr().out
    for part in ("answers", "balancing", "impact"):
        assert all(text in shown for text in FORM[part].values())
    assert FORM["harms"][0]["done"] in shown
    assert FORM["alternatives"][0]["why"] in shown
    for line in ("calls: up_to_1000", "acts: capture, play", "roles: dpo, supervisor", "steps to decline: 1", "criteria: none"):
        assert f"  {line}\n" in shown
    assert "register entry: " in shown


def test_a_draft_says_already_what_the_rules_will_say(
    run: Run, tokens: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "training.toml"
    file.write_text(filled(), encoding="utf-8")
    assert run("draft", file, "--token", tokens["dpo"]) == 0
    assert "the rules say no" not in capsys.readouterr().err
    file.write_text(filled().replace("service_depends_on_yes = false", "service_depends_on_yes = true"), encoding="utf-8")
    assert run("draft", file, "--token", tokens["dpo"]) == 0
    told = capsys.readouterr()
    assert "As it stands the rules say no: " in told.err
    assert len(told.out.split()) == 1


def test_what_is_amiss_in_a_file_is_counted_from_one_and_says_which_words_there_are(
    run: Run, tokens: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "training.toml"
    file.write_text(filled().replace('likelihood = "possible"', 'likelihood = "never-heard-of"'), encoding="utf-8")
    assert run("draft", file, "--token", tokens["dpo"]) == 2
    said = capsys.readouterr().err
    assert "harms.number 1.likelihood: this is one of: rare, possible, likely" in said
    who = f"who = {json.dumps(FORM['harms'][0]['who'])}"
    file.write_text(filled().replace(who, 'who = ""'), encoding="utf-8")
    assert run("draft", file, "--token", tokens["dpo"]) == 2
    assert "harms.number 1.who: this is empty; say who, and one word is enough" in capsys.readouterr().err
    file.write_text(filled().replace(who, 'who = " "'), encoding="utf-8")
    assert run("draft", file, "--token", tokens["dpo"]) == 2
    assert "sentence" not in capsys.readouterr().err
    assert "never-heard-of" not in said


def test_faults_of_form_and_of_wording_are_told_in_one_round(
    run: Run, tokens: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "training.toml"
    amiss = filled().replace('likelihood = "possible"', 'likelihood = "never-heard-of"')
    for name, wrong in (("what_for", ""), ("need_all", "Yes."), ("kept_safe", "Call 07700_900_123 and ask them about it.")):
        amiss = amiss.replace(json.dumps(FORM["answers"][name]), json.dumps(wrong))
    file.write_text(amiss, encoding="utf-8")
    assert run("draft", file, "--token", tokens["dpo"]) == 2
    said = capsys.readouterr().err
    for each in (
        "harms.number 1.likelihood: this is one of: rare, possible, likely",
        "answers.what_for: this is empty",
        "answers.need_all: this says too little",
        "answers.kept_safe: this holds an address or a number",
    ):
        assert said.count(each) == 1, each
    assert said.count("answers.what_for") == 1, "once, of form or of wording"
    assert "07700" not in said


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("", "answers.what_for: this is empty"),
        ("Yes.", "says too little"),
        ("to be done when somebody has the time", "placeholder"),
    ],
)
def test_an_answer_that_is_none_is_refused(
    run: Run, tokens: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str, says: str
) -> None:
    file = tmp_path / "training.toml"
    answer = json.dumps(FORM["answers"]["what_for"])
    file.write_text(filled().replace(f"what_for = {answer}", f"what_for = {json.dumps(wrong)}"), encoding="utf-8")
    assert run("draft", file, "--token", tokens["dpo"]) == 2
    assert says in capsys.readouterr().err


def test_the_empty_template_is_toml_and_is_refused(
    run: Run, tokens: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(tomllib.loads(template("training"))) == {"purpose", *FORM}
    file = tmp_path / "empty.toml"
    file.write_text(template("training"), encoding="utf-8")
    assert run("draft", file, "--token", tokens["dpo"]) == 2
    assert "empty.toml" in capsys.readouterr().err


def test_a_file_that_is_not_there(run: Run, tokens: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("draft", tmp_path / "none.toml", "--token", tokens["dpo"]) == 2
    assert "none.toml" in capsys.readouterr().err


REGISTER = r'''
[[controllers]]
name = "Example Energy"
address = "a"
contact = "c"
jurisdictions = ["EU", "DK"]

[[controllers.purposes]]
key = "proof"
title = "Settle disputes about what was ordered"
justification = "A customer and we sometimes remember an order differently."
lawful_basis = "consent"
data_categories = ["pd:VoiceCommunicationRecording"]
may_use = ["supervisor", "dpo"]
term_days = 90
dpv_purpose = "dpv:DisputeManagement"

[[controllers.purposes.notices]]
language = "en"
text = """May Example Energy keep a recording of this call for 90 days, to settle a dispute? \
  You can say no, and change your mind at any moment. Press 3 for yes or 4 for no."""
keypad = { yes = "3", no = "4" }
'''


def _applied(file: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert cli.code_of(["register", "apply", str(file)]) == 0
    return capsys.readouterr().out


def test_the_register_drafts_a_review_once_and_signs_nothing(
    run: Run, tokens: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = filled("proof").partition("\n[answers]")[2]
    review = "[controllers.purposes.review.answers]" + body
    for part in ("declared", "balancing", "impact"):
        review = review.replace(f"\n[{part}]", f"\n[controllers.purposes.review.{part}]")
    for part in ("harms", "alternatives"):
        review = review.replace(f"[[{part}]]", f"[[controllers.purposes.review.{part}]]")
    file = tmp_path / "register.toml"
    file.write_text(f"{REGISTER}\n{review}", encoding="utf-8")
    for line in ("made   review proof, version 1; not signed yet", "is so  review proof, version 1; not signed yet"):
        assert cli.code_of(["register", "apply", str(file)]) == 0
        assert line in capsys.readouterr().out
    signs = next(word for word in _applied(file, capsys).split() if word.count("-") == 4)
    for role, capacity in (("dpo", "for_customers"), ("agent", "for_agents")):
        assert run("sign", signs, "--token", tokens[role], "--capacity", capacity) == 0
    assert "in_force" in capsys.readouterr().out
    assert "have ended" not in _applied(file, capsys)
    file.write_text(f"{REGISTER}\n{review}".replace("for 90 days, to", "for 90 days to"), encoding="utf-8")
    changed = _applied(file, capsys)
    assert "made   review proof, version 2" in changed
    assert "The reviews of these have ended: proof. Nothing runs for them until" in changed
    file.write_text(file.read_text().replace("New agents learn to solve", "Solve"), encoding="utf-8")
    assert run("list", "proof") == 0
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()] == ["Runs", "nothing", "nothing"]
