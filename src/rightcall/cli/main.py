"""`rightcall`: every command in one place. Each does one thing, says what it does, and ends with a code that means something.

The code of a command is loaded when it is called, and no other's: checking a proof needs no database, and does not wait for one.
"""

import os
import sys
from collections.abc import Collection, Sequence

import typer

from rightcall.cli.as_json import with_json
from rightcall.cli.commands import COMMANDS, GROUPS
from rightcall.cli.exits import Boundary, ExitCode
from rightcall.cli.words import said_to, words
from rightcall.telemetry import configure_logging

_COMPLETE = "_RIGHTCALL_COMPLETE"
_JSON = "--json"


def run(arguments: Sequence[str] | None = None) -> None:
    """The entry point. Ends the process with one of the codes in `exits`."""
    sys.exit(code_of(sys.argv[1:] if arguments is None else arguments))


def code_of(arguments: Sequence[str]) -> int:
    """Runs one command; its exit code."""
    as_json = _JSON in arguments
    boundary = Boundary(as_json=as_json)
    with boundary, said_to(program=as_json):
        configure_logging("warning", "cli")
        called = {word for word in (*arguments[:1], _to_complete()) if word in COMMANDS}
        with words().status("Starting…"):
            app = app_of(called)
        ended = app(list(arguments), prog_name="rightcall", standalone_mode=not as_json)
        sys.exit(ended if isinstance(ended, int) else ExitCode.DONE)
    return boundary.code


def _to_complete() -> str:
    """The command whose words a shell wants completed; nothing where none does. As Typer's scripts for shells ask."""
    if _COMPLETE not in os.environ:
        return ""
    words = os.environ.get("_TYPER_COMPLETE_ARGS") or os.environ.get("COMP_WORDS", "")
    return next(iter(words.split()[1:2]), "")


def app_of(loaded: Collection[str]) -> typer.Typer:
    """Every command by its name; only those in `loaded` can be run."""
    app = typer.Typer(
        name="rightcall",
        help="The privacy and ethics system of a contact centre: no yes, no recording.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    for group, commands in GROUPS.items():
        for name, command in commands.items():
            found = command.load() if name in loaded else _not_loaded
            if isinstance(found, typer.Typer):
                app.add_typer(found, name=name, rich_help_panel=group)
            else:
                run = with_json(found) if command.answers else found
                said = command.says if found is _not_loaded else None
                app.command(name, help=said, hidden=not command.says, rich_help_panel=group)(run)
    return app


def _not_loaded() -> None:
    raise AssertionError("A command was called that was not loaded.")
