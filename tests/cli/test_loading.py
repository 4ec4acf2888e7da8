"""A command loads its own code and no other's."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

import rightcall
from rightcall.cli.commands import COMMANDS
from rightcall.cli.main import app_of
from rightcall.later import load

_WHEN_MET = {
    "OpenSSL",
    "alembic",
    "av",
    "dbos",
    "httpx",
    "ijson",
    "numpy",
    "opentelemetry",
    "pkcs11",
    "pymysql",
    "reportlab",
    "sqlalchemy",
    "webauthn",
}
_SERVERS = ("alembic", "cedarpy", "dbos", "fastapi", "httpx", "psycopg", "sippy", "sqlalchemy")


def shown(loaded: list[str]) -> dict[str, tuple[str, bool]]:
    """What the list of all commands says of each, and whether it leaves it out."""
    group = typer.main.get_command(app_of(loaded))
    found = getattr(group, "commands", {})
    return {name: (command.get_short_help_str(1000), command.hidden) for name, command in found.items()}


def test_the_list_of_commands_says_of_each_what_it_says_itself() -> None:
    outline, whole = shown([]), shown(list(COMMANDS))
    assert outline["role"][1]
    for each in (outline, whole):
        each.pop("role")
    assert outline == whole
    assert len(whole) == len(COMMANDS) - 1


@pytest.mark.parametrize("arguments", [["verify", "receipt.json"], ["--help"], ["verify", "--help"], ["nonsense"], []])
def test_a_proof_is_checked_without_the_servers_code(arguments: list[str], tmp_path: object) -> None:
    """In a process of its own, since this one has loaded everything."""
    program = (
        "import json, sys\nfrom rightcall.cli.main import code_of\n"
        "code_of(sys.argv[1:])\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, *arguments], capture_output=True, text=True, check=True, cwd=str(tmp_path)
    )
    loaded = json.loads(done.stderr.splitlines()[-1])
    assert "rightcall.cli.main" in loaded
    assert ("rightcall.evidence.verify" in loaded) is (arguments[:1] == ["verify"])
    assert [name for name in loaded if name.partition(".")[0] in _SERVERS] == []
    assert [name for name in loaded if name.startswith(("rightcall.database", "rightcall.adapters", "rightcall.wiring"))] == []


def loaded_by(command: str) -> list[str]:
    """The modules that a process has which shows the help of `command`, and so has all that it could need loaded."""
    program = (
        "import json, sys\nfrom rightcall.cli.main import code_of\ncode_of(sys.argv[1:])\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", program, command, "--help"], capture_output=True, text=True, check=True)
    loaded: list[str] = json.loads(done.stderr.splitlines()[-1])
    return loaded


def test_a_command_on_the_house_loads_no_driver_decoder_or_ceremony_before_it_meets_one() -> None:
    """Nor what brings a database up to date, where there is no step to run; nor what the worker does for others."""
    loaded = loaded_by("requests")
    assert "rightcall.wiring" in loaded
    assert "rightcall.database.migrate" in loaded
    assert {name.partition(".")[0] for name in loaded} & _WHEN_MET == set()
    assert [name for name in loaded if name.startswith(("rightcall.worker", "rightcall.discovery.detection.rules"))] == []


@pytest.mark.parametrize("command", ["token", "serve"])
def test_a_command_on_the_database_loads_no_house(command: str) -> None:
    loaded = loaded_by(command)
    assert "rightcall.cli.place" in loaded
    assert [name for name in loaded if name.startswith(("rightcall.wiring", "rightcall.adapters.systems", "rightcall.api"))] == []
    assert {name.partition(".")[0] for name in loaded} & (_WHEN_MET | {"fastapi", "phonenumbers"}) == set()


def test_every_place_that_is_loaded_later_is_there() -> None:
    """Nobody else would see that it was moved before it is needed."""
    called = re.compile(r"""\b(?:load|later)\(\s*"([\w.]+:\w+)\"""")
    files = Path(rightcall.__file__).parent.rglob("*.py")
    places = sorted(place for file in files for place in called.findall(file.read_text(encoding="utf-8")))
    assert "rightcall.adapters.identity.passkeys:WebAuthn" in places
    assert [place for place in places if not callable(load(place))] == []
