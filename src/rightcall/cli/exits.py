"""How a command ends: the exit codes, and the one place where an error becomes one.

0 done · 1 the answer is no (a refused verdict, a proof that does not hold) · 2 a mistake in what was asked · 3 an outage ·
4 an invariant broke, or something happened that nobody expected · 130 ended by Ctrl-C
"""

import json
import sys
from enum import IntEnum
from types import TracebackType

import typer
from rich.console import Console

from rightcall.errors import Breach, Mistake, Outage, RightcallError
from rightcall.telemetry import described


class ExitCode(IntEnum):
    DONE = 0
    NO = 1
    MISTAKE = 2
    OUTAGE = 3
    BREACH = 4
    INTERRUPTED = 130


def answer_no() -> typer.Exit:
    """Raised by a command whose answer is no, once it has said so."""
    return typer.Exit(ExitCode.NO)


def exit_code_of(error: RightcallError) -> ExitCode:
    if isinstance(error, Mistake):
        return ExitCode.MISTAKE
    return ExitCode.OUTAGE if isinstance(error, Outage) else ExitCode.BREACH


class Boundary:
    """Around a whole command: whatever comes out of it becomes words on standard error and an exit code, never a traceback with
    values in it. `as_json`: the words are one line of JSON, for a program."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.code: int = ExitCode.DONE
        self._as_json = as_json

    def __enter__(self) -> "Boundary":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if error is None:
            return True
        if isinstance(error, SystemExit):
            self.code = error.code if isinstance(error.code, int) else ExitCode.DONE
        elif isinstance(error, KeyboardInterrupt):
            self.code = ExitCode.INTERRUPTED
        elif isinstance(error, typer.Abort):
            self.code = ExitCode.MISTAKE
            self._say("Not done.", "Something was asked for and nobody answered. Give it as an option; --help names them.", error)
        elif isinstance(error, RightcallError):
            self.code = exit_code_of(error)
            self._say(_heading(error), str(error), error)
        elif (usage := getattr(error, "format_message", None)) is not None:
            self.code = ExitCode.MISTAKE
            self._say("Not done.", usage(), error)
        else:
            self.code = ExitCode.BREACH
            told = described(error)
            self._say("Nobody expected this.", f"{told['class']} at {told['where']}. Please tell the engineers.", error)
        return True

    def _say(self, heading: str, words: str, error: BaseException) -> None:
        if self._as_json:
            told = {"code": int(self.code), "kind": type(error).__name__, "what": heading, "says": words}
            print(json.dumps({"error": told}, ensure_ascii=False), file=sys.stderr)
            return
        Console(stderr=True).print(f"[bold red]{heading}[/] ", end="")
        Console(stderr=True, markup=False, highlight=False, soft_wrap=True).print(words)


def _heading(error: RightcallError) -> str:
    if isinstance(error, Breach):
        return "Stopped: an invariant broke."
    return "Not done." if isinstance(error, Mistake) else "Not done: something is away."
