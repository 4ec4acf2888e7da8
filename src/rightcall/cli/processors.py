"""`rightcall processor`: processors that are asked by OpenDSR, what they were asked, and what they said."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from rightcall.activities import actions as activities
from rightcall.activities.model import Recipient
from rightcall.activities.processors import orders, registering
from rightcall.activities.processors.model import Address, Order, OrderId
from rightcall.canonical import sha256
from rightcall.cli.answering import answer_signed
from rightcall.cli.as_json import Commands
from rightcall.cli.desk import desk, let_in
from rightcall.cli.lists import print_table
from rightcall.cli.place import ControllerOption, DataOption, JsonOption
from rightcall.cli.signed_in import TokenOption
from rightcall.cli.words import words
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed, NotFound
from rightcall.later import later
from rightcall.personal import Personal
from rightcall.staff.model import Deed

_orders = later("rightcall.api.processors:list_orders")
_processors = later("rightcall.api.processors:list_processors")

app = Commands(no_args_is_help=True, help="Processors that are asked by OpenDSR: register them, see what they were asked.")
RecipientArgument = Annotated[str, typer.Argument(help="The recipient's name or id, as `rightcall activities` shows it.")]
OrderArgument = Annotated[UUID, typer.Argument(help="The order's id. `rightcall processor orders` prints it.")]
_MOST = 500


@app.command()
def add(
    token: TokenOption,
    recipient: RecipientArgument,
    url: Annotated[str, typer.Option(help="Of its OpenDSR, with the version: https://HOST/v2.")],
    authorization: Annotated[
        Path | None, typer.Option(help="File with the header by which it knows us: `Bearer …`, or the token alone.")
    ] = None,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Ask a processor by OpenDSR from now on. What it offers is looked at, and its certificate checked."""
    with let_in(data, token, controller, Deed.DECLARE_RECIPIENTS) as (house, who):
        known = None if authorization is None else Personal(_header(authorization))
        with words().status("Looking at it…"):
            seen = registering.look_at(house.processors, house.clock, Address(url=Personal(url), authorization=known))
        with house.database.transaction(who.controller) as tx:
            made = registering.register(tx, house.vault, house.clock, _named(tx, recipient).id, seen, by=who.actor)
    words().print(f"It signs as {made.domain}; SHA-256 of its certificate: {sha256(made.certificate).hex()}", markup=False)
    by = ", ".join(f"{kind} ({form})" for kind, form in made.offer.identities)
    words().print(f"It takes: {', '.join(sorted(made.offer.kinds))}; by {by}", markup=False)
    if house.settings.public_url is None:
        words().print("It is asked how far it is. For it to call back too, set RIGHTCALL_PUBLIC_URL.")


@app.command("list")
def list_processors(
    token: TokenOption, as_json: JsonOption = False, controller: ControllerOption = None, data: DataOption = None
) -> None:
    """Show those that are or were asked."""
    if as_json:
        answer_signed(_processors, Deed.SEE_ACTIVITIES, token, controller, data)
        return
    with desk(data, token, controller, Deed.SEE_ACTIVITIES) as at:
        names, found = {each.id: each.name for each in activities.recipients(at.tx)}, registering.processors(at.tx)
    rows = [
        (
            names[each.recipient],
            each.domain,
            ", ".join(sorted(each.offer.kinds)),
            "asked" if each.retired_at is None else f"retired {each.retired_at:%Y-%m-%d}",
        )
        for each in found
    ]
    print_table(("Processor", "Domain", "Does", "State"), rows)


@app.command()
def retire(
    token: TokenOption, recipient: RecipientArgument, controller: ControllerOption = None, data: DataOption = None
) -> None:
    """Ask it no more. How to get in is destroyed."""
    with desk(data, token, controller, Deed.DECLARE_RECIPIENTS) as at:
        to = _named(at.tx, recipient)
        registering.retire(at.tx, at.house.vault, at.house.clock, to.id, by=at.who.actor)
    words().print("It is asked no more. What is open with it says NEEDS YOU.")


@app.command("orders")
def list_orders(
    token: TokenOption,
    asked_for: Annotated[UUID | None, typer.Option("--for", help="Only those for this request or erasure, all of them.")] = None,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Show what processors were asked and have not done."""
    if as_json:
        answer_signed(lambda door: _orders(door, asked_for, _MOST), Deed.SEE_REQUESTS, token, controller, data)
        return
    with desk(data, token, controller, Deed.SEE_REQUESTS) as at:
        names = {each.id: each.name for each in activities.recipients(at.tx)}
        found = orders.open_orders(at.tx, _MOST) if asked_for is None else orders.orders_for(at.tx, asked_for)
    rows = [(names[each.recipient], each.kind, _standing(each), each.id) for each in found]
    print_table(("Processor", "Asked", "Stands", "Order"), rows)


@app.command()
def retry(token: TokenOption, order: OrderArgument, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Ask at once, whatever the pause. The worker does it."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        orders.try_now(at.tx, at.house.clock, OrderId(order))
    words().print("The worker of `rightcall serve` asks within seconds.")


@app.command()
def results(token: TokenOption, order: OrderArgument, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Print where the processor put the copy that it was asked for. Whoever has the address may have the copy."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        found = orders.results(at.tx, at.house.vault, OrderId(order))
    print(found.reveal("show where a processor put a copy"))


def _standing(order: Order) -> str:
    said = [order.state.value.replace("_", " ") + (", by its word" if order.accepted_at else "")]
    if order.trouble is not None and order.failing_since is not None:
        said.append(f"{order.trouble.value.replace('_', ' ')} since {order.failing_since:%Y-%m-%d %H:%M}Z")
    if order.due_at is not None:
        said.append(f"asked again {order.due_at:%Y-%m-%d %H:%M}Z")
    if order.escalated_at is not None:
        said.append("NEEDS YOU")
    return "; ".join(said)


def _named(tx: Transaction, name: str) -> Recipient:
    found = [each for each in activities.recipients(tx) if name in (each.name, str(each.id)) and each.ended_at is None]
    if not found:
        raise NotFound("There is no such recipient here. Declare it first: `rightcall activities add-recipient`.")
    return found[0]


def _header(file: Path) -> str:
    try:
        given = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound("The file with the header cannot be read. Give one line of plain text.") from error
    if not given or "\n" in given:
        raise Malformed("The file with the header holds one line: `Bearer …`, `Basic …`, or the token alone.")
    return given if " " in given else f"Bearer {given}"
