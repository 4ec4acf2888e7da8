"""`rightcall consent quality`: counts by purpose and notice with the reasons, calm, and nobody named; as JSON the same."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from rightcall.adapters.keys.file import KeyFile
from rightcall.cli import main as cli
from rightcall.clock import SystemClock
from rightcall.consent.quality import rules
from rightcall.consent.quality.model import Finding
from rightcall.database.connection import Database
from rightcall.ids import ControllerId
from rightcall.vault.actions import Vault
from tests.architecture.test_docs import DOCS
from tests.cast import ADA_NAME, ADA_TEL
from tests.conftest import FixedClock
from tests.erasure.fakes import World, world_of
from tests.ledger.fakes import own_database


@pytest.fixture(scope="module")
def database_url(database_url: str) -> Iterator[str]:
    with own_database(database_url, "cli_consent_tests") as url:
        yield url


@pytest.fixture
def world(database_url: str, controller: ControllerId, keys: KeyFile, tmp_path: Path) -> Iterator[World]:
    """Ada said yes, and her call is over; a moment ago, so that the command finds it."""
    clock, database = FixedClock(), Database(database_url)
    clock.at = SystemClock().now()
    vault = Vault(keys, clock)
    vault.start(database)
    yield world_of(database, controller, vault, clock, tmp_path).recorded()
    database.close()


def run(world: World, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    monkeypatch.setenv("RIGHTCALL_DATABASE_URL", url)
    capsys.readouterr()
    assert cli.code_of(["consent", "quality", "--controller", str(world.controller), *more]) == 0
    return capsys.readouterr().out


def test_the_table_and_the_document_say_the_same(
    world: World, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = run(world, database_url, monkeypatch, capsys, "--since", "1")
    document: dict[str, Any] = json.loads(run(world, database_url, monkeypatch, capsys, "--since", "1", "--json"))
    (notice,) = document["notices"]
    assert (notice["purpose"], notice["valid"], notice["doubtful"], notice["void"], notice["quarantined"]) == (
        "training",
        0,
        1,
        0,
        0,
    )
    assert "training\n  en, version 1: 0 valid, 1 doubtful, 0 void\n" in shown
    for finding in notice["findings"]:
        assert finding["yeses"] == 1
        assert f"{finding['rule']}: {finding['says']}" in shown
    for planted in (ADA_NAME, ADA_TEL, str(world.ada), str(world.scene.call)):
        assert planted not in shown
        assert planted not in json.dumps(document)


def test_where_nobody_said_yes_it_says_so(
    world: World, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with psycopg.connect(database_url) as admin:
        other = admin.execute(
            "INSERT INTO controllers (controller, name, address, contact, jurisdictions, created_at)"
            " VALUES (gen_random_uuid(), 'Nobody yet', 'a', 'c', '{EU}', now()) RETURNING controller"
        ).fetchone()
    assert other is not None
    world.controller = other[0]
    assert run(world, database_url, monkeypatch, capsys) == "Nobody said yes to anything in the last 30 days.\n"


def test_the_how_to_names_every_finding_with_its_weight() -> None:
    page = (DOCS / "howto" / "quality-of-consent.md").read_text(encoding="utf-8")
    for finding, kind in rules.KINDS.items():
        if finding in rules.PERSONAL:
            continue
        weight = "doubtful or void" if finding is Finding.ABOUT_THE_PERSON else kind.weight.value
        assert f"| `{finding.value}` | {weight} |" in page
