"""`rightcall procedures`: durable work as it stands, what needs a person, and what is done by the clock."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from rightcall.api.forms import Shape
from rightcall.api.procedures import ProcedureShape, ScheduleShape, escalated, listed, procedure_shape, scheduled
from rightcall.cli.as_json import Commands
from rightcall.cli.desk import desk
from rightcall.cli.exits import answer_no
from rightcall.cli.home import house_of
from rightcall.cli.lists import print_table
from rightcall.cli.place import ControllerOption, DataOption, ObjectOption, controller_of
from rightcall.cli.signed_in import TokenOption
from rightcall.cli.words import words
from rightcall.database.connection import Transaction
from rightcall.procedures import actions as procedures
from rightcall.procedures.model import State, Wish
from rightcall.settings import load_settings
from rightcall.staff.model import Deed

app = Commands(no_args_is_help=True, help="Durable work: what runs, waits or failed, what needs you, and what is done when.")
ProcedureArgument = Annotated[str, typer.Argument(help="The procedure's id, as the list gives it.")]
_MOST = 500
T = TypeVar("T")


@app.command("list")
def list_procedures(
    state: Annotated[State | None, typer.Option(help="Those in this state; without it what runs, waits or failed.")] = None,
    after: Annotated[str | None, typer.Option(help="The page behind this id.")] = None,
    as_json: ObjectOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Show what is under way, the oldest first, 500 at most: what, for which id, since when, what it waits for."""
    found = _read(data, controller, lambda tx: listed(tx, state, after, _MOST))
    if as_json:
        _print(found)
        return
    rows = [(each.state.value, _at(each.begun_at), _about(each), _further(each), each.id) for each in found.items]
    print_table(("State", "Since", "For", "How far", "Procedure"), rows)
    words().print(f"{len(found.items):,} procedures." + (f" More behind --after {found.next}" if found.next else ""))


@app.command()
def show(
    procedure: ProcedureArgument, as_json: ObjectOption = False, controller: ControllerOption = None, data: DataOption = None
) -> None:
    """Show one."""
    found = _read(data, controller, lambda tx: procedure_shape(procedures.get(tx, procedure)))
    if as_json:
        _print(found)
        return
    print(_line(found))


@app.command()
def retry(token: TokenOption, procedure: ProcedureArgument, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Begin one again that failed, at once: you have mended something. A worker does it within seconds."""
    _ask(token, procedure, Wish.RETRY, controller, data)


@app.command()
def cancel(
    token: TokenOption, procedure: ProcedureArgument, controller: ControllerOption = None, data: DataOption = None
) -> None:
    """End one before its next step. Whatever lets go of something or answers somebody is never cancelled."""
    _ask(token, procedure, Wish.CANCEL, controller, data)


@app.command()
def escalations(as_json: ObjectOption = False, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Show what needs a person, as `/health` does for all controllers. Ends with 1 where anything does."""
    found = _read(data, controller, escalated)
    if as_json:
        _print(found)
    for each in () if as_json else found.items:
        print(f"{each.number:>8,}  since {_at(each.since)}  {each.says}")
    if found.items:
        raise answer_no()
    words().print("Nothing needs a person.")


@app.command()
def schedules(as_json: ObjectOption = False, data: DataOption = None) -> None:
    """Show what is done by the clock: when next, when last, and what came of it."""
    with house_of(load_settings(data=data)) as house:
        found = scheduled(house.database, house.clock, house.settings)
    if as_json:
        _print(found)
        return
    for each in found.items:
        print(_of_schedule(each))


def _read(data: Path | None, controller: str | None, deed: Callable[[Transaction], T]) -> T:
    with house_of(load_settings(data=data)) as house:
        owner = controller_of(house.database, controller).id
        with house.database.transaction(owner) as tx:
            return deed(tx)


def _ask(token: str, procedure: str, wish: Wish, controller: str | None, data: Path | None) -> None:
    with desk(data, token, controller, Deed.CHANGE_PROCEDURES) as at:
        procedures.ask(at.tx, procedure, wish)
    words().print("The worker of `rightcall serve` does it within seconds.")


def _print(found: Shape) -> None:
    print(found.model_dump_json(indent=2))


def _line(each: ProcedureShape) -> str:
    begun = f"{each.state.value:<9}  {each.id}  for {_about(each)}  since {_at(each.begun_at)}"
    return f"{begun}  {_further(each)}".rstrip()


def _about(each: ProcedureShape) -> str:
    return each.about or "the controller"


def _further(each: ProcedureShape) -> str:
    said = []
    if each.done is not None and each.of is not None:
        said.append(f"{each.done:,} of {each.of:,}")
    if each.attempts > 1:
        said.append(f"begun {each.attempts:,} times")
    if each.trouble:
        said.append(f"{each.trouble} at “{each.step or 'its beginning'}” since {_at(each.changed_at)}")
    if each.next_at:
        said.append(f"next try {_at(each.next_at)}")
    if each.wish:
        said.append(f"asked: {each.wish.value}")
    return "  ".join(said)


def _of_schedule(each: ScheduleShape) -> str:
    last = "never ran" if each.ran_at is None else f"last {_at(each.ran_at)}: {each.trouble or 'done'}, {each.did or 0:,} to do"
    due = "not known yet" if each.next_at is None else _at(each.next_at)
    return f"{each.name:<13}  next {due:<23}  {last}  {each.says}"


def _at(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
