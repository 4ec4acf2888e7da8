"""`rightcall parity` as a DPO runs it: taking down in bulk, looking, what it prints, the files it writes, and its codes."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from rightcall.actors import SYSTEM
from rightcall.cli import main as cli
from rightcall.controllers.actions import create
from rightcall.controllers.model import NewController
from rightcall.purposes.actions import create_purpose
from rightcall.settings import load_settings
from rightcall.subjects.actions import identify
from rightcall.wiring import House, open_house
from tests.conftest import FixedClock
from tests.ethics.scene import Line
from tests.purposes.examples import TRAINING

Run = Callable[..., int]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A deployment of its own with its embedded database running, which the commands then find."""
    with open_house(load_settings(data=tmp_path_factory.mktemp("deployment") / "data")) as house:
        yield house


@pytest.fixture
def line(house: House) -> Line:
    """Calls of a new controller's only purpose."""
    with house.database.system() as tx:
        new = NewController(name=f"Company {uuid4()}", address="a", contact="c", jurisdictions=("EU", "DK"))
        controller = create(tx, house.clock, new).id
    with house.database.transaction(controller) as tx:
        purpose = create_purpose(tx, house.clock, TRAINING, by=SYSTEM).id
        caller = identify(tx, house.vault, house.clock, [])
    return Line(
        database=house.database,
        url=house.database.url,
        controller=controller,
        vault=house.vault,
        clock=FixedClock(),
        purpose=purpose,
        caller=caller,
    )


@pytest.fixture
def run(house: House, line: Line, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`rightcall parity` in this process; answers with its exit code."""
    monkeypatch.setenv("RIGHTCALL_DATA", str(house.settings.data))
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    return lambda *words: cli.code_of(["parity", *map(str, words), "--controller", str(line.controller)])


def past(line: Line, *, longer: float) -> None:
    monday = datetime.now(UTC) - timedelta(days=10)
    line.week(monday, noes=200, yeses=300, longer=longer, seed=3)


def test_figures_and_no_gap(run: Run, line: Line, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    assert "Nothing was counted yet" in capsys.readouterr().out
    past(line, longer=1.0)
    assert run("--look", "--purpose", TRAINING.key) == 0
    said = capsys.readouterr()
    assert "0 newly flagged" in said.err
    assert f"\n{TRAINING.key}\n" in said.out
    assert said.out.count("no gap found") == 5
    assert f"{TRAINING.key}: 200 calls, said no" in said.out
    assert f"{TRAINING.key}: too few to tell, said yes, then took it back" in said.out
    assert run("--purpose", "nothing") == 2


def test_a_gap_ends_with_one_and_is_drawn(run: Run, line: Line, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    past(line, longer=3.0)
    picture, page = tmp_path / "parity.svg", tmp_path / "parity.html"
    assert run("--look", "--json", "--since", 28, "--svg", picture, "--html", page) == 1
    told = json.loads(capsys.readouterr().out)
    assert {row["measure"]: row["finding"] for row in told["items"]}["waiting"] == "gap"
    assert [flag["measure"] for flag in told["flags"]] == ["waiting"]
    assert picture.read_text(encoding="utf-8").startswith("<svg")
    assert "gap: not freely given" in page.read_text(encoding="utf-8")
    assert run() == 1
    assert "gap: not freely given" in capsys.readouterr().out
    assert run("--svg", tmp_path / "nowhere" / "parity.svg") == 2


def test_taking_down_in_bulk(run: Run, line: Line, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Again changes nothing; what is wrong is named by its line and its fields, never by what stands in them."""
    line.only = line.caller
    first, second = (line.call("refused", datetime.now(UTC) - timedelta(days=2)) for _ in range(2))
    file = tmp_path / "calls.jsonl"
    lines = [
        json.dumps({"call": str(first), "waited_seconds": 12, "resolved": "yes"}),
        "",
        json.dumps({"call": str(second), "transfers": 1, "queue": "billing"}),
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    for _ in range(2):
        assert run("import", file) == 0
        assert capsys.readouterr().out == "2 taken down, 0 left out.\n"
    wrong = [
        json.dumps({"call": str(uuid4()), "transfers": 1}),
        json.dumps({"call": str(first), "waited_seconds": "Planted"}),
        "not Planted JSON",
        json.dumps({"call": str(first), "transfers": 1, "queue": "4532123456"}),
        json.dumps({"call": str(first), "transfers": 1, "queue": "x" * 20_000}),
        lines[0],
    ]
    file.write_text("\n".join(wrong), encoding="utf-8")
    assert run("import", file) == 1
    said = capsys.readouterr()
    assert said.out == "1 taken down, 5 left out.\n"
    assert [f"Line {number} is left out" in said.err for number in range(1, 7)] == [True] * 5 + [False]
    assert "waited_seconds" in said.err
    assert "Planted" not in said.err
    assert "4532123456" not in said.err
    assert run("import", tmp_path / "nowhere") == 2
    file.write_bytes(b"\xff\xfe")
    assert run("import", file) == 2
