"""`rightcall activities`: the record of processing (GDPR Art. 30), and what has to be declared for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from rightcall.activities import actions
from rightcall.activities.measuring import measures_of
from rightcall.activities.model import Activity, Capacity, NewRecipient, NewResponsible, RecipientKind, Record, Safeguard
from rightcall.activities.page import page
from rightcall.activities.rules import words_of
from rightcall.activities.saying import BASES, CAPACITIES, STANDINGS, amount, category_in_words, recipient_in_words, term_in_words
from rightcall.activities.table import table
from rightcall.actors import Actor
from rightcall.api.activities import document
from rightcall.api.named import purpose_of
from rightcall.cli.as_json import Commands
from rightcall.cli.home import house_of
from rightcall.cli.place import ControllerOption, DataOption, ObjectOption, controller_of, database_of
from rightcall.cli.signed_in import TokenOption, signed_in
from rightcall.cli.words import words, write_file
from rightcall.clock import Clock, SystemClock
from rightcall.database.connection import Transaction
from rightcall.ids import RecipientId, ResponsibleId
from rightcall.settings import load_settings
from rightcall.staff.model import Deed

app = Commands(help="The record of processing activities (GDPR Art. 30), generated from what runs.")


@app.callback(invoke_without_command=True)
def activities(
    context: typer.Context,
    html: Annotated[Path | None, typer.Option(help="Write the record as one page into this file.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write it as a table into this file.")] = None,
    as_json: ObjectOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print the record. Nothing in it is filled in by hand but recipients and who answers for the processing."""
    if context.invoked_subcommand is not None:
        return
    with house_of(load_settings(data=data)) as house:
        owner = controller_of(house.database, controller).id
        measures = measures_of(house.settings, house.database, house.vault, owner, house.clock)
        record = house.database.run(owner, lambda tx: actions.record(tx, house.clock, house.rules, measures))
    for file, text in ((html, page), (csv, table)):
        if file is not None:
            write_file(file, text(record))
    if as_json:
        print(document(record).model_dump_json(indent=2))
    else:
        _show(record)


@app.command("add-recipient")
def add_recipient(
    name: Annotated[str, typer.Option(help="The organisation.")],
    kind: Annotated[RecipientKind, typer.Option(help="As what it receives data.")],
    country: Annotated[str, typer.Option(help="Where it processes the data (ISO 3166).")],
    purpose: Annotated[list[str], typer.Option(help="For which purpose: an id or a key; repeat for more.")],
    token: TokenOption,
    safeguard: Annotated[Safeguard | None, typer.Option(help="What lets data go to a third country.")] = None,
    language: Annotated[str | None, typer.Option(help="In which it is written to; unsaid, the controller's.")] = None,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Declare who receives data. Its id is the last line of standard output."""
    with _declaring(data, token, controller) as (tx, clock, by):
        purposes = tuple(purpose_of(tx, each) for each in purpose)
        new = NewRecipient(
            name=name, kind=kind, country=country.upper(), purposes=purposes, safeguard=safeguard, language=language
        )
        made = actions.declare_recipient(tx, clock, new, by=by)
    words().print(f"{made.name} is in the record. Its id:", markup=False)
    print(made.id)


@app.command("end-recipient")
def end_recipient(
    recipient: Annotated[UUID, typer.Argument(help="Id of the recipient.")],
    token: TokenOption,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """It receives nothing any more."""
    with _declaring(data, token, controller) as (tx, clock, by):
        ended = actions.end_recipient(tx, clock, RecipientId(recipient), by=by)
    words().print(f"{ended.name} receives nothing any more.", markup=False)


@app.command("add-responsible")
def add_responsible(
    capacity: Annotated[Capacity, typer.Option(help="As what.")],
    name: Annotated[str, typer.Option(help="Published: an office's name rather than a person's.")],
    contact: Annotated[str, typer.Option(help="Published too.")],
    token: TokenOption,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Declare who answers for the processing beside the controller. The id is the last line of standard output."""
    new = NewResponsible(capacity=capacity, name=name, contact=contact)
    with _declaring(data, token, controller) as (tx, clock, by):
        made = actions.declare_responsible(tx, clock, new, by=by)
    words().print(f"{CAPACITIES[made.capacity]}: {made.name}. The id:", markup=False)
    print(made.id)


@app.command("end-responsible")
def end_responsible(
    responsible: Annotated[UUID, typer.Argument(help="Id of whoever answered for it.")],
    token: TokenOption,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """They do so no more."""
    with _declaring(data, token, controller) as (tx, clock, by):
        ended = actions.end_responsible(tx, clock, ResponsibleId(responsible), by=by)
    words().print(f"{ended.name} answers for it no more.", markup=False)


@contextmanager
def _declaring(data: Path | None, token: str, controller: str | None) -> Iterator[tuple[Transaction, Clock, Actor]]:
    """A transaction of the controller for whoever may declare."""
    clock = SystemClock()
    with database_of(load_settings(data=data)) as database:
        who = signed_in(database, clock, token, Deed.DECLARE_RECIPIENTS, controller)
        with database.transaction(who.controller) as tx:
            yield tx, clock, who.actor


def _show(record: Record) -> None:
    print(f"Record of processing activities: {record.controller.name}")
    print(f"{record.controller.address}; {record.controller.contact}")
    for each in record.responsible:
        print(f"{CAPACITIES[each.capacity]}: {each.name}, {each.contact}")
    for activity in record.activities:
        _show_activity(activity)
    if record.unpurposed:
        print("\nHeld without a purpose")
        for kept in record.unpurposed:
            print(f"  {kept.system or 'Rightcall'}: {category_in_words(kept.category)}, {amount(kept)}")
    if record.nobodys:
        print("\nHeld of people whom nobody can name yet")
        for kept in record.nobodys:
            print(f"  {kept.system}: {category_in_words(kept.category)}, {amount(kept)}")
    if record.gaps:
        print("\nWhat is missing")
    for gap in record.gaps:
        print(f"  ! {words_of(gap)}")
    if record.counted_at is not None and record.counted_at < record.at:
        print(f"\nWhat is kept, and how it was used, was counted at {record.counted_at.isoformat(timespec='seconds')}.")
    print(f"\nSHA-256 of all this: {record.digest.hex()}")


def _show_activity(activity: Activity) -> None:
    purpose = activity.purpose
    print(f"\n{purpose.title} ({purpose.key}): {STANDINGS[activity.standing]}")
    print(f"  basis      {BASES[purpose.lawful_basis]}; own people: {BASES[purpose.staff_basis]}")
    print(f"  data       {', '.join(purpose.data_categories)}; kept for {term_in_words(purpose.term_days)}")
    for kept in activity.kept:
        print(f"  held       {kept.system or 'Rightcall'}: {category_in_words(kept.category)}, {amount(kept)}")
    for recipient in activity.recipients:
        print(f"  goes to    {recipient_in_words(recipient)}")
    for gap in activity.gaps:
        print(f"  !          {words_of(gap)}")
