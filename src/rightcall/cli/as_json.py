"""`--json` of every command that has no form of its own for programs, in one place: one object that says which command it was,
with which code it ended, what it printed, and what it said meanwhile to whoever waits.

{"command": "hold place", "code": 0, "id": "0199…", "answer": [], "said": ["It keeps, and opens for nobody until …"]}

`id` is that of what was made. What else a command prints line by line has a name where the command gives it one (`named`). An
error is no answer: it stands on standard error (`exits`).
"""

import functools
import inspect
import io
import json
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from copy import copy
from typing import Annotated, Any, TypeVar
from uuid import UUID

import typer
from typer.models import OptionInfo

from rightcall.cli.exits import ExitCode, exit_code_of
from rightcall.cli.words import heard
from rightcall.errors import RightcallError

_JSON = Annotated[bool, typer.Option("--json", help="One JSON object on standard output: what was done, and what was said.")]
_OWN = "as_json"
Run = TypeVar("Run", bound=Callable[..., Any])


class Commands(typer.Typer):
    """A group of commands, each with `--json`. `named`: what the lines that it prints are, where it prints just these."""

    def command(self, name: str | None = None, **given: Any) -> Callable[[Run], Run]:
        named = given.pop("named", ())
        register = super().command(name, **given)

        def registered(run: Run) -> Run:
            register(with_json(run, named))
            return run

        return registered


def with_json(run: Callable[..., None], named: Sequence[str] = ()) -> Callable[..., None]:
    """The same, with `--json` where it has none. What a person is asked for is asked on standard error."""
    signature = inspect.signature(run)
    if _OWN in signature.parameters:
        return run
    questions = {name: asked for name, each in signature.parameters.items() if (asked := _question(each)) is not None}

    @functools.wraps(run)
    def answering(context: typer.Context, as_json: bool = False, **given: Any) -> None:
        for name, asked in questions.items():
            if given[name] is None:
                given[name] = _ask(asked)
        if as_json:
            _answer(context.command_path.partition(" ")[2], functools.partial(run, **given), named)
        else:
            run(**given)

    more = {"context": (inspect.Parameter.empty, typer.Context), _OWN: (False, _JSON)}
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (default, annotation) in more.items()
    ]
    shown = [
        each.replace(kind=inspect.Parameter.KEYWORD_ONLY, **_left_out(questions.get(name)))
        for name, each in signature.parameters.items()
    ]
    answering.__signature__ = signature.replace(parameters=[*shown, *added])  # type: ignore[attr-defined]  # read by `inspect`
    written = {each.name: each.annotation for each in shown}
    answering.__annotations__ = {**run.__annotations__, **written, "context": typer.Context, _OWN: _JSON}
    return answering


def _question(parameter: inspect.Parameter) -> OptionInfo | None:
    """The option, where it says what to ask a person who left it out."""
    given = getattr(parameter.annotation, "__metadata__", ())
    return next((each for each in given if isinstance(each, OptionInfo) and each.prompt), None)


def _ask(asked: OptionInfo) -> str:
    """Where nobody answers, the line ends all the same: what is said next stands on one of its own."""
    try:
        answer: str = typer.prompt(str(asked.prompt), hide_input=asked.hide_input, err=True)
    except typer.Abort:
        typer.echo(err=True)
        raise
    return answer


def _left_out(asked: OptionInfo | None) -> dict[str, Any]:
    """It may be, and is asked for by us: whoever reads command lines would ask on standard output."""
    if asked is None:
        return {}
    silent = copy(asked)
    silent.prompt = False
    return {"annotation": Annotated[str | None, silent], "default": None}


def _answer(command: str, run: Callable[[], None], named: Sequence[str]) -> None:
    printed, said, code = io.StringIO(), list[str](), int(ExitCode.DONE)
    try:
        with redirect_stdout(printed), heard(said):
            run()
    except typer.Exit as end:
        code = end.exit_code
    except RightcallError as error:
        if printed.getvalue():
            _print(command, exit_code_of(error), _told(printed.getvalue(), named), said)
        raise
    _print(command, code, _told(printed.getvalue(), named), said)
    if code:
        raise typer.Exit(code)


def _print(command: str, code: int, told: dict[str, Any], said: list[str]) -> None:
    print(json.dumps({"command": command, "code": code, **told, "said": said}, indent=2, ensure_ascii=False))


def _told(text: str, named: Sequence[str]) -> dict[str, Any]:
    """What was printed: an object as it is, lines by their names, else line by line."""
    if isinstance(whole := _read(text), dict):
        return whole
    lines = text.splitlines()
    if named and len(lines) == len(named):
        return {name: _read(line.removeprefix(f"{name}: ")) for name, line in zip(named, lines, strict=True)}
    if lines and _is_id(lines[-1]):
        return {"id": lines[-1], "answer": lines[:-1]}
    return {"answer": lines}


def _read(text: str) -> Any:
    """An object; text where it is none."""
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, dict) else text


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
