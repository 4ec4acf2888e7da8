"""`rightcall safety`: how safely other systems keep data about people."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from rightcall.cli.place import ControllerOption, DataOption, house_of
from rightcall.cli.signed_in import SignedIn, TokenOption, signed_in
from rightcall.cli.words import words
from rightcall.discovery.systems import actions as systems
from rightcall.errors import Malformed, NotFound
from rightcall.safety import actions as safety
from rightcall.safety.model import AcceptReason, Weakness, WeaknessState
from rightcall.safety.rules import ADVICE, SEVERITY
from rightcall.settings import load_settings
from rightcall.staff.model import Deed
from rightcall.wiring import House

app = typer.Typer(no_args_is_help=True, help="Is it stored safely: the weaknesses of other systems.")
SystemArgument = Annotated[str, typer.Argument(help="The system's name. `rightcall system list` prints them.")]


@app.command()
def look(token: TokenOption, system: SystemArgument, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Look at how a system keeps data about people. Ends with 1 where something is open."""
    with _house(data, token, controller, Deed.JUDGE_SAFETY) as (house, who):
        with house.database.transaction(who.controller) as tx:
            found = systems.get(tx, system)
            address = systems.address_of(tx, house.vault, found)
        facts = safety.seen(house.open_system, address)
        with house.database.transaction(who.controller) as tx:
            weaknesses = safety.look(
                tx, house.vault, house.clock, found, facts, unread_days=house.settings.minimisation_unread_days, by=who.actor
            )
    _show(weaknesses)
    if any(each.state is WeaknessState.OPEN for each in weaknesses):
        raise typer.Exit(1)
    words().print("Nothing is open. That nothing was seen is not the same as safe.")


@app.command("list")
def list_weaknesses(token: TokenOption, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Print the weaknesses of all systems as they were last seen, the gravest first."""
    with _house(data, token, controller, Deed.SEE_SAFETY) as (house, who), house.database.transaction(who.controller) as tx:
        found = safety.of_system(tx)
    _show(found)
    words().print(f"{sum(each.state is WeaknessState.OPEN for each in found):,} are open.")


@app.command()
def accept(
    token: TokenOption,
    weakness: Annotated[str, typer.Argument(help="The weakness's id.")],
    reason: Annotated[AcceptReason, typer.Option(help="Why.")],
    until: Annotated[str, typer.Option(help="The last day, as 2026-12-24.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """A weakness stays for a while, for a named reason."""
    with _house(data, token, controller, Deed.JUDGE_SAFETY) as (house, who), house.database.transaction(who.controller) as tx:
        safety.accept(tx, house.clock, _id(weakness), reason=reason, until=_day(until), by=who.actor)
    words().print(f"Accepted until {until}.")


def _show(found: list[Weakness]) -> None:
    for each in found:
        where = "" if each.objects == 0 else f" ({each.objects:,} objects)"
        print(f"{each.id}  {SEVERITY[each.kind].value:9}  {each.state.value:8}  {each.kind.value}{where}: {each.evidence}")
        if each.state is WeaknessState.OPEN:
            print(f"    {ADVICE[each.kind]}")


@contextmanager
def _house(data: Path | None, token: str, controller: str | None, deed: Deed) -> Iterator[tuple[House, SignedIn]]:
    with house_of(load_settings(data=data)) as house:
        yield house, signed_in(house.database, house.clock, token, deed, controller)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Malformed("Write the day as 2026-12-24.") from error


def _id(text: str) -> UUID:
    try:
        return UUID(text.strip())
    except ValueError as error:
        raise NotFound("That is no id. `rightcall safety list` prints those of weaknesses.") from error
