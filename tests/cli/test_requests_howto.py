"""docs/howto/answer-a-request.md, step by step."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rightcall.cli import main as cli
from rightcall.controllers import actions as controllers
from rightcall.ids import SubjectId
from rightcall.personal import Personal
from rightcall.settings import load_settings
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.wiring import House, open_house
from tests.cast import ADA_TEL

Run = Callable[..., int]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(load_settings(data=tmp_path_factory.mktemp("deployment") / "data")) as house:
        yield house


@pytest.fixture
def ada(house: House) -> SubjectId:
    with house.database.system() as tx:
        [controller] = controllers.all_ids(tx)
    with house.database.transaction(controller) as tx:
        return subjects.identify(tx, house.vault, house.clock, [normalise(IdentifierKind.TEL, Personal(ADA_TEL), "DK")])


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)

    def run(*words: str) -> int:
        return cli.code_of([*words, "--data", str(house.settings.data)])

    monkeypatch.setenv("RIGHTCALL_TOKEN", token_of("dpo", run, capsys))
    return run


def token_of(role: str, run: Run, capsys: pytest.CaptureFixture[str]) -> str:
    assert run("token", "create", "--role", role) == 0
    return capsys.readouterr().out.split()[-1]


def test_from_the_telephone_to_the_answer(run: Run, ada: SubjectId, capsys: pytest.CaptureFixture[str]) -> None:
    came = ("--channel", "email", "--lives-in", "US-CA", "--proof", "call_back")
    assert run("requests", "enter", str(ada), "--kind", "access", *came) == 0
    shown = capsys.readouterr()
    request = shown.out.split()[-1]
    assert "GDPR Art. 12(3)" in shown.out + shown.err
    assert f"rightcall requests acknowledge {request}" in (shown.out + shown.err).replace("\n", " ")
    assert run("requests", "letter", request, "--letter", "acknowledgement") == 0
    assert "You asked for a copy" in capsys.readouterr().out
    assert run("requests", "letter", request, "--letter", "answer") == 2
    assert run("requests", "acknowledge", request) == 0
    assert run("requests", "extend", request, "--reason", "complex") == 0
    assert run("requests", "extend", request, "--reason", "complex") == 2
    capsys.readouterr()
    assert run("requests", "list") == 0
    [line] = [each for each in capsys.readouterr().out.splitlines() if each.endswith(request)]
    assert "LATE" not in line
    assert run("requests", "fulfil", request) == 2
    assert "hand it over" in "".join(capsys.readouterr()).replace("\n", " ")
    assert run("requests", "deny", request, "--ground", "legal_claims") == 0
    capsys.readouterr()
    assert run("requests", "show", request) == 0
    steps = [each.split()[2] for each in capsys.readouterr().out.splitlines() if "Z  " in each]
    assert steps == ["received", "proved", "ready", "acknowledged", "extended", "denied"]
    assert run("requests", "deny", request, "--ground", "legal_claims") == 2


def test_what_the_roles_may(
    run: Run, ada: SubjectId, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("requests", "enter", str(ada), "--kind", "erasure") == 0
    erasure = capsys.readouterr().out.split()[-1]
    assert run("requests", "fulfil", erasure) == 2
    monkeypatch.setenv("RIGHTCALL_TOKEN", token_of("agent", run, capsys))
    assert run("requests", "enter", str(ada), "--kind", "erasure", "--proof", "call_back") == 0
    waits = capsys.readouterr()
    said = " ".join((waits.out + waits.err).split())
    assert "Your word for who asks was not taken. For this it takes the DPO's word, or something that the person shows" in said
    assert "Ring the number on file" not in said
    assert run("requests", "prove", waits.out.split()[-1], "--proof", "call_back") == 1
    refused = " ".join("".join(capsys.readouterr()).split())
    assert "not_your_word" in refused
    assert "it takes the DPO's word" in refused
    assert run("requests", "enter", str(ada), "--kind", "objection", "--proof", "recognised") == 0
    objection = capsys.readouterr().out.split()[-1]
    assert run("requests", "deny", objection, "--ground", "legal_claims") == 2
    assert run("requests", "show", "nonsense") == 2


def test_for_another_and_by_a_receipt(
    run: Run, ada: SubjectId, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert run("requests", "enter", str(ada), "--kind", "access", "--behalf", "parent") == 0
    request = capsys.readouterr().out.split()[-1]
    monkeypatch.setattr("sys.stdin", io.StringIO("Jane Example\n"))
    assert run("requests", "mandate", request, "--who", "-", "--evidence", "birth_record", "--until", "2041-05-04") == 0
    forged = tmp_path / "receipt.json"
    forged.write_text('{"dct:conformsTo": "nothing"}')
    capsys.readouterr()
    assert run("requests", "prove", request, "--receipt", str(forged)) == 1
    assert "not_genuine" in "".join(capsys.readouterr())
    assert run("requests", "prove", request, "--proof", "vouched") == 0
    assert run("requests", "prove", request) == 2
    capsys.readouterr()
    assert run("requests", "show", request) == 0
    assert "waits for" not in capsys.readouterr().out
