"""`rightcall ledger show`: a statement is found by the id that other commands print, and held against what was signed."""

import json
from collections.abc import Callable, Iterator

import psycopg
import pytest

from rightcall.actors import SYSTEM
from rightcall.cli import main as cli
from rightcall.controllers.actions import create
from rightcall.controllers.model import Controller, NewController
from rightcall.ethics.actions import ask_look
from rightcall.ids import new_id
from rightcall.settings import load_settings
from rightcall.wiring import House, open_house

Run = Callable[..., int]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(load_settings(data=tmp_path_factory.mktemp("deployment") / "data")) as house:
        yield house


@pytest.fixture(scope="module")
def companies(house: House) -> list[Controller]:
    with house.database.system() as tx:
        return [
            create(tx, house.clock, NewController(name=name, address="a", contact="c", jurisdictions=("DK",)))
            for name in ("Example Energy", "Other")
        ]


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    return lambda *words: cli.code_of(["ledger", "show", *map(str, words), "--data", str(house.settings.data)])


def test_a_statement_is_shown_as_the_ledger_has_it(
    house: House, companies: list[Controller], run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    mine, other = companies
    with house.database.transaction(mine.id) as tx:
        statement = ask_look(tx, house.clock, by=SYSTEM)
    assert run(statement, "--controller", mine.name) == 0
    said = capsys.readouterr()
    leaf, root = said.out.splitlines()
    shown = json.loads(leaf)
    assert (shown["id"], shown["controller"], shown["role"]) == (str(statement), str(mine.id), "system")
    assert len(bytes.fromhex(root)) == 32
    assert "under the root that was signed" in said.err
    assert run(statement, "--controller", other.name) == 2
    assert run(new_id(), "--controller", mine.name) == 2


def test_what_is_not_in_the_tree_that_was_signed_is_a_breach(
    house: House, companies: list[Controller], run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with house.database.transaction(companies[0].id) as tx:
        statement = ask_look(tx, house.clock, by=SYSTEM)
    house.sequencer().run_once()
    change(house, "UPDATE statements SET leaf = leaf || '\\x20'::bytea WHERE statement = %s", statement)
    assert run(statement, "--controller", companies[0].name) == 4
    assert capsys.readouterr().out == ""


def change(house: House, statement: str, id: object) -> None:
    """As somebody who owns the database could."""
    with psycopg.connect(house.database.url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(statement, (id,))
