"""`rightcall`: every command in one place. Each does one thing, says what it does, and ends with a code that means something."""

import sys
from collections.abc import Sequence

import typer

from rightcall.cli import backups, controllers, keep, notices, register, tokens, vcons
from rightcall.cli.bench import bench
from rightcall.cli.exits import Boundary
from rightcall.cli.roles import role
from rightcall.cli.rules import app as rules
from rightcall.cli.scan import scan
from rightcall.cli.serve import serve
from rightcall.cli.verify import verify
from rightcall.demo.main import demo
from rightcall.telemetry import configure_logging
from rightcall.testcall.main import place as testcall

app = typer.Typer(
    name="rightcall",
    help="The privacy and ethics system of a contact centre: no yes, no recording.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(serve)
app.add_typer(tokens.app, name="token")
app.add_typer(controllers.app, name="controller")
app.add_typer(register.app, name="register")
app.add_typer(vcons.app, name="vcon")
app.add_typer(notices.app, name="notice")
app.add_typer(rules, name="rules")
app.command()(verify)
app.command()(scan)
app.command()(bench)
app.command()(keep.migrate)
app.command()(backups.backup)
app.command()(backups.restore)
app.command()(backups.drill)
app.add_typer(keep.epochs, name="epoch")
app.add_typer(keep.ledger, name="ledger")
app.command()(demo)
app.command("testcall")(testcall)
app.command(hidden=True)(role)


def run(arguments: Sequence[str] | None = None) -> None:
    """The entry point. Ends the process with one of the codes in `exits`."""
    sys.exit(code_of(sys.argv[1:] if arguments is None else arguments))


def code_of(arguments: Sequence[str]) -> int:
    """Runs one command; its exit code."""
    boundary = Boundary()
    with boundary:
        configure_logging("warning", "cli")
        app(list(arguments), prog_name="rightcall")
    return boundary.code
