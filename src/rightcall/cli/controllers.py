"""`rightcall controller`: on whose behalf data is processed."""

from dataclasses import asdict
from typing import Annotated

import typer

from rightcall.cli.answering import print_items
from rightcall.cli.as_json import Commands
from rightcall.cli.lawful import warn_of_lawless
from rightcall.cli.lists import print_table
from rightcall.cli.place import ControllerOption, DataOption, JsonOption, controller_of, database_of
from rightcall.cli.words import words
from rightcall.clock import SystemClock
from rightcall.controllers import actions as controllers
from rightcall.controllers.model import ENGLISH, UTC, NewController
from rightcall.requests.old import forgetting as old_requests
from rightcall.retention import record
from rightcall.retention.forgetting import reach
from rightcall.settings import load_settings

app = Commands(no_args_is_help=True, help="Controllers: the companies on whose behalf data is processed.")


@app.command()
def create(
    name: Annotated[str, typer.Option(help="As it is told to people.")],
    address: Annotated[str, typer.Option(help="Postal address.")],
    contact: Annotated[str, typer.Option(help="Where people turn with a question or a withdrawal.")],
    jurisdiction: Annotated[list[str], typer.Option(help="EU, DK, US-CA, …; repeat for more.")],
    zone: Annotated[str, typer.Option(help="Where its pages tell moments, such as Europe/Copenhagen.")] = UTC,
    language: Annotated[str, typer.Option(help="In which it writes its register: en, da, fr-CA, …")] = ENGLISH,
    data: DataOption = None,
) -> None:
    """Make a controller. Its id is the last line of standard output."""
    clock = SystemClock()
    places = tuple(jurisdiction)
    new = NewController(name=name, address=address, contact=contact, jurisdictions=places, zone=zone, language=language)
    with database_of(load_settings(data=data), may_make=True) as database, database.system() as tx:
        made = controllers.create(tx, clock, new)
    warn_of_lawless(clock, made.name, made.jurisdictions)
    words().print(f"{made.name} was made. Its id:")
    print(made.id)


@app.command("list")
def list_controllers(as_json: JsonOption = False, data: DataOption = None) -> None:
    """Show the controllers: name, id."""
    with database_of(load_settings(data=data)) as database, database.system() as tx:
        known = [controllers.by_id(tx, id) for id in controllers.all_ids(tx)]
    if as_json:
        print_items([asdict(each) for each in known])
        return
    print_table(("Name", "Controller"), [(each.name, each.id) for each in known])


@app.command("zone")
def set_zone(
    zone: Annotated[str, typer.Argument(help="A name of the IANA time zone database, such as Europe/Copenhagen.")],
    data: DataOption = None,
    controller: ControllerOption = None,
) -> None:
    """Say where a controller's pages tell moments from now on. Days, terms and last days stay counted in UTC."""
    with database_of(load_settings(data=data)) as database:
        owner = controller_of(database, controller)
        with database.system() as tx:
            changed = controllers.set_zone(tx, owner.id, zone)
    words().print(f"The pages of {changed.name} tell moments in {changed.zone}.", markup=False)


@app.command("language")
def set_language(
    language: Annotated[str, typer.Argument(help="A tag such as en, da or fr-CA (BCP 47).")],
    data: DataOption = None,
    controller: ControllerOption = None,
) -> None:
    """Say in which language a controller writes its register, reviews and rules: pages in other languages mark those words, so
    that whoever hears a page hears them pronounced. Nothing is translated by it."""
    with database_of(load_settings(data=data)) as database:
        owner = controller_of(database, controller)
        with database.system() as tx:
            changed = controllers.set_language(tx, owner.id, language)
    words().print(f"The register of {changed.name} is written in {changed.language}.", markup=False)


@app.command("remember")
def remember(
    days: Annotated[int, typer.Argument(help="For how many days after it went, 365 to 3653.")],
    data: DataOption = None,
    controller: ControllerOption = None,
) -> None:
    """Say for how long it is known of what is gone that it was held, and who used it. What is forgotten by it stays forgotten."""
    clock = SystemClock()
    with database_of(load_settings(data=data)) as database:
        owner = controller_of(database, controller)
        with database.system() as tx:
            changed = controllers.remember(tx, owner.id, days)
        with database.transaction(owner.id) as tx:
            due = reach(tx, clock, days)
    words().print(f"{changed.name} remembers for {days:,} days what is gone. {_due_says(due)}", markup=False)


@app.command("on-record")
def keep_on_record(
    days: Annotated[int, typer.Argument(help="For how many days after it was over, 400 to 3653.")],
    data: DataOption = None,
    controller: ControllerOption = None,
) -> None:
    """Say for how long a call stays on record, with what was asked, chosen and decided in it, and a request after its answer.
    What is forgotten by it stays forgotten."""
    clock = SystemClock()
    with database_of(load_settings(data=data)) as database:
        owner = controller_of(database, controller)
        with database.system() as tx:
            changed = controllers.keep_on_record(tx, owner.id, days)
        with database.transaction(owner.id) as tx:
            due = record.reach(tx, clock, days), old_requests.reach(tx, clock, days)
    words().print(f"{changed.name} keeps calls and requests on record for {days:,} days. {_older(*due)}", markup=False)


def _due_says(due: int) -> str:
    if not due:
        return "Nothing went longer ago."
    return f"{due:,} things went longer ago: a worker forgets them within a day, but for what is needed still."


def _older(calls: int, requests: int) -> str:
    if not calls + requests:
        return "None is older."
    forgotten = "a worker forgets them within a day, but for those of which something is known, or needed still"
    return f"{calls:,} calls and {requests:,} requests are older: {forgotten}."
