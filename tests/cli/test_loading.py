"""A command loads its own code and no other's."""

import json
import subprocess
import sys

import pytest
import typer

from rightcall.cli.main import COMMANDS, app_of

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


def test_what_brings_a_database_up_to_date_is_loaded_once_there_is_a_step_to_run(tmp_path: object) -> None:
    program = (
        "import json, sys\nfrom rightcall.cli.main import code_of\ncode_of(['held', '--help'])\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True, cwd=str(tmp_path))
    loaded = json.loads(done.stderr.splitlines()[-1])
    assert "rightcall.database.migrate" in loaded
    assert [name for name in loaded if name.partition(".")[0] in ("alembic", "sqlalchemy")] == []
