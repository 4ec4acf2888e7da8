"""docs/howto/answer-a-request.md, step by step."""

from collections.abc import Callable, Iterator

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
    assert run("requests", "enter", str(ada), "--kind", "access", "--channel", "email", "--lives-in", "US-CA") == 0
    shown = capsys.readouterr()
    request = shown.out.split()[-1]
    assert "GDPR Art. 12(3)" in shown.out + shown.err
    assert f"rightcall requests acknowledge {request}" in (shown.out + shown.err).replace("\n", " ")
    assert run("requests", "acknowledge", request) == 0
    assert run("requests", "extend", request, "--reason", "complex") == 0
    assert run("requests", "extend", request, "--reason", "complex") == 2
    capsys.readouterr()
    assert run("requests", "list") == 0
    [line] = [each for each in capsys.readouterr().out.splitlines() if each.startswith(request)]
    assert "LATE" not in line
    assert run("requests", "fulfil", request) == 0
    capsys.readouterr()
    assert run("requests", "show", request) == 0
    steps = [each.split()[2] for each in capsys.readouterr().out.splitlines() if "Z  " in each]
    assert steps == ["received", "acknowledged", "extended", "fulfilled"]
    assert run("requests", "deny", request, "--ground", "legal_claims") == 2


def test_what_the_roles_may(
    run: Run, ada: SubjectId, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("requests", "enter", str(ada), "--kind", "erasure") == 0
    erasure = capsys.readouterr().out.split()[-1]
    assert run("requests", "fulfil", erasure) == 2
    monkeypatch.setenv("RIGHTCALL_TOKEN", token_of("agent", run, capsys))
    assert run("requests", "enter", str(ada), "--kind", "erasure") == 2
    assert run("requests", "enter", str(ada), "--kind", "objection") == 0
    objection = capsys.readouterr().out.split()[-1]
    assert run("requests", "deny", objection, "--ground", "legal_claims") == 2
    assert run("requests", "show", "nonsense") == 2
