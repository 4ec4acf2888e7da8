"""`docs/howto/raise-a-concern.md`, followed command by command; and what `rightcall concern` refuses."""

import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from rightcall.actors import SYSTEM, Role
from rightcall.cli import main as cli
from rightcall.concerns import actions, rules
from rightcall.controllers.actions import all_ids, create
from rightcall.controllers.model import Controller, NewController
from rightcall.purposes.actions import create_purpose
from rightcall.settings import load_settings
from rightcall.staff.actions import create_token
from rightcall.staff.actions import tokens as tokens_of
from rightcall.staff.model import Token
from rightcall.wiring import House, open_house
from tests.api.conftest import Client, api_of
from tests.purposes.examples import TRAINING

HOWTO = (Path(__file__).parents[2] / "docs" / "howto" / "raise-a-concern.md").read_text(encoding="utf-8")
Said = Callable[..., list[str]]
FILES = {
    "words.txt": "Callers are told that without a yes their call ends.",
    "why.txt": "In Danish it still says so.",
    "answer.txt": "It does not end, and the notice says so from today on.",
    "decision.txt": "You are right; the Danish one says so now, too.",
}


def commands(section: str) -> list[str]:
    """Every command of a section, in order, each on one line."""
    text = HOWTO.split(f"\n## {section}\n")[1].split("\n## ")[0]
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [line for block in blocks for line in block.replace("\\\n", " ").splitlines() if line.strip()]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(load_settings(data=tmp_path_factory.mktemp("deployment") / "data")) as house:
        yield house


@pytest.fixture(scope="module")
def company(house: House) -> Controller:
    new = NewController(
        name="Example Energy", address="1 Example Street", contact="dpo@energy.example", jurisdictions=("EU", "DK")
    )
    with house.database.system() as tx:
        company = create(tx, house.clock, new)
    with house.database.transaction(company.id) as tx:
        create_purpose(tx, house.clock, TRAINING, by=SYSTEM)
    return company


@pytest.fixture(scope="module")
def tokens(house: House, company: Controller) -> dict[Role, str]:
    with house.database.transaction(company.id) as tx:
        roles = (Role.AGENT, Role.SUPERVISOR, Role.DPO, Role.REVIEWER)
        return {role: create_token(tx, house.clock, role=role, by=SYSTEM).secret for role in roles}


@pytest.fixture
def code_of(
    house: House, tokens: dict[Role, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[Role | None, str], int]:
    """The exit code of one command of the how-to, given by somebody in a folder that has the files it names."""
    monkeypatch.setenv("RIGHTCALL_DATA", str(house.settings.data))
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def run(by: Role | None, command: str) -> int:
        monkeypatch.setenv("RIGHTCALL_TOKEN", "" if by is None else tokens[by])
        program, *words = shlex.split(command)
        assert program == "rightcall"
        return cli.code_of(words)

    return run


@pytest.fixture
def run(code_of: Callable[[Role | None, str], int], capsys: pytest.CaptureFixture[str]) -> Said:
    """The same, where it has to go well: the lines that it prints."""

    def said(by: Role | None, command: str) -> list[str]:
        capsys.readouterr()
        assert code_of(by, command) == 0, (command, capsys.readouterr().err)
        return capsys.readouterr().out.splitlines()

    return said


def of_yesterday(house: House) -> None:
    """What was raised today is seen tomorrow; a test does not wait."""
    with psycopg.connect(house.database.url, autocommit=True) as connection:
        connection.execute("UPDATE concerns SET raised_on = raised_on - 1")


def curl(client: Client, command: str, **filled: str) -> dict[str, object]:
    """A command of curl's, asked of the application itself."""
    words = shlex.split(command)
    assert words[:2] == ["curl", "-s"]
    body = words[words.index("-d") + 1]
    for name, value in filled.items():
        body = body.replace(name, value)
    answer = client.post(words[2].removeprefix("http://127.0.0.1:8740"), json=json.loads(body))
    assert answer.status_code in (200, 201), answer.text
    found: dict[str, object] = answer.json()
    return found


def test_for_an_agent_and_for_the_owner(house: House, run: Said, tmp_path: Path) -> None:
    by_name, anonymously, list_mine, show, appeal, shown, look, hidden, forget = commands("For an agent")
    (listing, own, read, answer, decide) = commands("For the owner")
    (tmp_path / "code.txt").write_text(run(Role.AGENT, by_name)[-1], encoding="utf-8")
    assert re.fullmatch(r"([0-9A-Z]{4}-){6}[0-9A-Z]{4}", run(Role.AGENT, anonymously)[-1])
    (_, mine) = run(Role.AGENT, list_mine)
    concern = mine.split()[-1]
    assert not [line for line in run(Role.SUPERVISOR, listing) if concern in line], "not before tomorrow"
    of_yesterday(house)
    (line,) = [line for line in run(Role.SUPERVISOR, listing) if concern in line]
    assert line.split()[1:4] == ["purpose", "staff", "raised"]
    run(Role.SUPERVISOR, own.replace("CONCERN", concern))
    assert f"said: {FILES['words.txt']}" in run(Role.SUPERVISOR, read.replace("CONCERN", concern))
    run(Role.SUPERVISOR, answer.replace("CONCERN", concern))
    assert f"answered: {FILES['answer.txt']}" in run(None, show)
    run(None, appeal)
    run(Role.REVIEWER, decide.replace("CONCERN", concern))
    assert f"decided: {FILES['decision.txt']}" in run(None, show)
    for command in (shown, look, hidden, forget):
        run(None, command)


def test_for_a_customer(house: House, company: Controller, run: Said, tmp_path: Path) -> None:
    raise_it, read_it, appeal_it, forget_it = commands("For a customer")
    client = Client(api_of(house))
    made = curl(client, raise_it, CONTROLLER=str(company.id))
    code, concern = str(made["code"]), made["concern"]
    assert isinstance(concern, dict)
    of_yesterday(house)
    run(Role.SUPERVISOR, f"rightcall concern own {concern['id']}")
    run(Role.SUPERVISOR, f"rightcall concern answer {concern['id']} --outcome not_upheld --words answer.txt")
    said = curl(client, read_it, CODE=code)["words"]
    assert isinstance(said, dict)
    assert said["answer"] == FILES["answer.txt"]
    assert curl(client, appeal_it, CODE=code)["stage"] == "appealed"
    assert curl(client, forget_it, CODE=code)["forget_asked_on"] is not None


def test_what_anyone_may_see(run: Said) -> None:
    (rates,) = commands("What anyone may see")
    said = run(None, rates)
    assert len([line for line in said if line.startswith("month")]) == 12
    assert any(line.split() == ["about", "call", "fewer", "than", "5"] for line in said)


def test_what_is_accepted_is_closed(house: House, run: Said, tmp_path: Path) -> None:
    (tmp_path / "code.txt").write_text(run(Role.AGENT, "rightcall concern raise --about call --words words.txt")[-1])
    concern = run(Role.AGENT, "rightcall concern list --mine")[1].split()[-1]
    run(Role.DPO, f"rightcall concern own {concern}")
    run(Role.DPO, f"rightcall concern answer {concern} --outcome upheld --words answer.txt")
    run(Role.AGENT, f"rightcall concern accept {concern}")
    assert "closed" in run(None, "rightcall concern show --code code.txt")[0]


def test_whoever_does_not_see_what_came_today_is_told_so(
    house: House, code_of: Callable[[Role | None, str], int], capsys: pytest.CaptureFixture[str]
) -> None:
    of_yesterday(house)
    listing = "rightcall concern list --stage raised --overdue"
    assert code_of(Role.AGENT, "rightcall concern raise --about call --words words.txt") == 0
    concern = capsys.readouterr().err.split()[1].rstrip(",")
    for command in (listing, f"rightcall concern own {concern}", f"rightcall concern own {uuid4()}"):
        code_of(Role.SUPERVISOR, command)
        assert "shows tomorrow" in capsys.readouterr().err, command
    assert code_of(Role.DPO, listing) == 0
    assert "tomorrow" not in capsys.readouterr().err
    assert code_of(Role.DPO, f"rightcall concern own {uuid4()}") == 2
    assert "tomorrow" not in capsys.readouterr().err


def test_that_nobody_may_answer_is_said_when_it_is_raised_and_when_it_is_late(
    house: House, code_of: Callable[[Role | None, str], int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    of_everybody = frozenset(each.id for each in all_tokens(house))
    monkeypatch.setattr(actions, "doers", lambda *_: of_everybody)
    assert code_of(Role.AGENT, "rightcall concern raise --about call --words words.txt") == 0
    said = capsys.readouterr()
    assert " ".join(rules.NOBODY_MAY.split()) in " ".join(said.err.split())
    concern = re.search(r"Concern (\S+),", said.err)
    assert concern is not None
    with psycopg.connect(house.database.url, autocommit=True) as connection:
        change = "UPDATE concerns SET raised_on = raised_on - 20, answer_due_on = answer_due_on - 20 WHERE concern = %s"
        connection.execute(change, (concern[1],))
    assert code_of(Role.SUPERVISOR, "rightcall concern list --overdue") == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if concern[1] in line]
    assert "  LATE NOBODY MAY ANSWER  " in line


def all_tokens(house: House) -> list[Token]:
    with house.database.system() as tx:
        (company,) = all_ids(tx)
    with house.database.transaction(company) as tx:
        return tokens_of(tx)


def test_no_file_of_the_deployment_has_a_word_of_it(house: House, run: Said, tmp_path: Path) -> None:
    """The database's own files, its write-ahead log and its log, the sealed objects, the keys: looked through as bytes."""
    code = run(Role.AGENT, "rightcall concern raise --about call --words words.txt")[-1]
    (tmp_path / "code.txt").write_text(code, encoding="utf-8")
    run(None, "rightcall concern consent --shown --code code.txt")
    with psycopg.connect(house.database.url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    files = [file for file in house.settings.data.rglob("*") if file.is_file()]
    assert found(files, b"Example Energy"), "the search finds what is there"
    for planted in (*FILES.values(), code, code.replace("-", "")):
        for form in (planted.encode(), planted.encode("utf-16-le"), planted.encode().hex().encode()):
            assert found(files, form) == []


def found(files: list[Path], what: bytes) -> list[Path]:
    return [file for file in files if what in file.read_bytes()]


@pytest.mark.parametrize(
    ("by", "command"),
    [
        (None, "rightcall concern raise --about call --words words.txt"),
        (Role.AGENT, "rightcall concern raise --about purpose --words words.txt"),
        (Role.AGENT, "rightcall concern raise --about rule --which house.there_is_none --words words.txt"),
        (Role.AGENT, "rightcall concern raise --about call --words there-is-none.txt"),
        (Role.AGENT, "rightcall concern list"),
        (Role.AGENT, "rightcall concern own 4a5a1d5e-70cf-4c3f-8c35-0f2f3a6d1b11"),
        (Role.AGENT, "rightcall concern accept 4a5a1d5e-70cf-4c3f-8c35-0f2f3a6d1b11"),
        (Role.SUPERVISOR, "rightcall concern own nonsense"),
        (None, "rightcall concern show --code words.txt"),
    ],
)
def test_mistakes_end_with_two_and_say_what_to_do(
    code_of: Callable[[Role | None, str], int], capsys: pytest.CaptureFixture[str], by: Role | None, command: str
) -> None:
    assert code_of(by, command) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "." in said.err
    assert FILES["words.txt"] not in said.err


def test_the_how_to_names_every_command() -> None:
    named = set(re.findall(r"rightcall concern ([a-z]+)", HOWTO))
    assert {"raise", "list", "show", "own", "answer", "appeal", "decide", "consent", "rates"} <= named
