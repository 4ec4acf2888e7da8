"""`rightcall man`: the manual page, made from the commands themselves and from the settings, so that it says what is there."""

from collections.abc import Iterator
from importlib.metadata import version

import typer

from rightcall.cli.commands import COMMANDS
from rightcall.cli.exits import ExitCode
from rightcall.cli.main import app_of
from rightcall.settings import Settings

_ENDS = {
    ExitCode.DONE: "Done.",
    ExitCode.NO: "The answer is no: a refused verdict, a proof that does not hold, something that needs a person.",
    ExitCode.MISTAKE: "A mistake in what was asked. The words on standard error say how to mend it.",
    ExitCode.OUTAGE: "An outage. Try again.",
    ExitCode.BREACH: "An invariant broke, or something happened that nobody expected: tell the DPO and the engineers.",
    ExitCode.INTERRUPTED: "Ended by Ctrl-C.",
}


def manual() -> None:
    """Print the manual page. To read it: rightcall man > rightcall.1, then man -l rightcall.1"""
    print("\n".join(page()))


def page() -> Iterator[str]:
    """In roff, with the macros of man(7)."""
    group = typer.main.get_command(app_of(COMMANDS))
    yield f'.TH RIGHTCALL 1 "" "Rightcall {version("rightcall")}" "Rightcall"'
    yield ".SH NAME"
    yield "rightcall \\- the privacy and ethics system of a contact centre: no yes, no recording"
    yield from (".SH SYNOPSIS", ".B rightcall", ".I COMMAND", "[\\fIARGUMENT\\fR]... [\\fIOPTION\\fR]...", ".SH DESCRIPTION")
    yield _text(
        "Words for people go to standard error, results to standard output. Every command that answers takes --json: one object"
        " on standard output, and of an error one line on standard error."
    )
    yield ".SH COMMANDS"
    yield from _commands(group, "rightcall")
    yield ".SH EXIT STATUS"
    for code, says in _ENDS.items():
        yield from (".TP", f".B {code.value}", _text(says))
    yield ".SH ENVIRONMENT"
    for name, field in Settings.model_fields.items():
        yield from (".TP", f".B RIGHTCALL_{name.upper()}", _text(field.description or ""))
    yield from (".TP", ".B NO_COLOR", _text("Where it is set, nothing is coloured (https://no-color.org)."))


def _commands(group: object, path: str) -> Iterator[str]:
    """Each that can be given, in the order of the list of all."""
    for name, each in getattr(group, "commands", {}).items():
        if each.hidden:
            continue
        if not hasattr(each, "commands") or each.invoke_without_command:
            yield from _command(each, f"{path} {name}")
        yield from _commands(each, f"{path} {name}")


def _command(command: typer.core.TyperCommand, path: str) -> Iterator[str]:
    arguments = [each for each in command.params if not each.opts[0].startswith("-")]
    named = " ".join(_needed((each.metavar or each.name or "").upper(), each.required) for each in arguments)
    yield f'.SS "{_plain(f"{path} {named}".strip())}"'
    yield _text(command.help or "")
    for each in command.params:
        if "--help" in each.opts:
            continue
        given = (
            ", ".join([*each.opts, *each.secondary_opts]) if each not in arguments else (each.metavar or each.name or "").upper()
        )
        yield from (".TP", f".B {_plain(given)}", _text(getattr(each, "help", None) or "See above."))


def _needed(name: str, required: bool) -> str:
    return name if required else f"[{name}]"


def _text(words: str) -> str:
    """One paragraph: no word of it is taken for a request of roff."""
    flat = _plain(" ".join(words.split()))
    return f"\\&{flat}" if flat[:1] in (".", "'") else flat


def _plain(words: str) -> str:
    return words.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
