"""How a command ends: the exit codes, and the one place where an error becomes one.

0 done · 1 the answer is no (a refused verdict, a proof that does not hold) · 2 a mistake in what was asked · 3 an outage ·
4 an invariant broke, or something happened that nobody expected · 130 ended by Ctrl-C
"""

import logging
from enum import IntEnum
from types import TracebackType

import typer
from rich.console import Console

from rightcall.errors import Breach, Mistake, Outage, RightcallError
from rightcall.telemetry import described

_log = logging.getLogger(__name__)


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
    values in it."""

    def __init__(self) -> None:
        self.code: int = ExitCode.DONE

    def __enter__(self) -> "Boundary":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if error is None:
            return True
        if isinstance(error, SystemExit):
            self.code = error.code if isinstance(error.code, int) else ExitCode.DONE
        elif isinstance(error, KeyboardInterrupt):
            self.code = ExitCode.INTERRUPTED
        elif isinstance(error, RightcallError):
            self.code = exit_code_of(error)
            _say(_heading(error), str(error))
        else:
            self.code = ExitCode.BREACH
            told = described(error)
            _say("Nobody expected this.", f"{told['class']} at {told['where']}. Please tell the engineers.")
        return True


def _heading(error: RightcallError) -> str:
    if isinstance(error, Breach):
        return "Stopped: an invariant broke."
    return "Not done." if isinstance(error, Mistake) else "Not done: something is away."


def _say(heading: str, words: str) -> None:
    Console(stderr=True).print(f"[bold red]{heading}[/] ", end="")
    Console(stderr=True, markup=False, highlight=False, soft_wrap=True).print(words)
