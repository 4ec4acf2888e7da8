"""`rightcall safety`: how safely other systems keep data about people."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from rightcall.cli.answering import answer_signed
from rightcall.cli.as_json import Commands
from rightcall.cli.desk import desk, let_in
from rightcall.cli.given import read_day, read_id
from rightcall.cli.lists import print_table
from rightcall.cli.place import ControllerOption, DataOption, JsonOption
from rightcall.cli.signed_in import TokenOption
from rightcall.cli.words import printable, words
from rightcall.database.connection import Transaction
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.naming import system_names
from rightcall.later import later
from rightcall.safety import actions as safety
from rightcall.safety.model import AcceptReason, Weakness, WeaknessState, Where
from rightcall.safety.rules import ADVICE, SEVERITY
from rightcall.staff.model import Deed
from rightcall.wiring import House

_look_at_system = later("rightcall.api.safety:look_at_system")
_weaknesses = later("rightcall.api.safety:list_weaknesses")

app = Commands(no_args_is_help=True, help="Is it stored safely: the weaknesses of other systems.")
SystemArgument = Annotated[str, typer.Argument(help="The system's name. `rightcall system list` prints them.")]


@app.command()
def look(
    token: TokenOption,
    system: SystemArgument,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Look at how a system keeps data about people. Ends with 1 where something is open."""
    if as_json:
        _answer_look(token, system, controller, data)
        return
    with let_in(data, token, controller, Deed.JUDGE_SAFETY) as (house, who):
        with house.database.transaction(who.controller) as tx:
            found = systems.get(tx, system)
            address = systems.address_of(tx, house.vault, found)
        facts = safety.seen(house.open_system, address)
        with house.database.transaction(who.controller) as tx:
            weaknesses = safety.look(
                tx, house.vault, house.clock, found, facts, unread_days=house.settings.minimisation_unread_days, by=who.actor
            )
            told = _told(tx, house, weaknesses)
    _show(told)
    if any(each.state is WeaknessState.OPEN for each in weaknesses):
        raise typer.Exit(1)
    words().print("Nothing is open. That nothing was seen is not the same as safe.")


def _answer_look(token: str, system: str, controller: str | None, data: Path | None) -> None:
    found: list[Any] = []

    def ask(door: Any) -> Any:
        seen = _look_at_system(door, system)
        found.extend(seen.items)
        return seen

    answer_signed(ask, Deed.JUDGE_SAFETY, token, controller, data)
    if any(each.state is WeaknessState.OPEN for each in found):
        raise typer.Exit(1)


@app.command("list")
def list_weaknesses(
    token: TokenOption, as_json: JsonOption = False, controller: ControllerOption = None, data: DataOption = None
) -> None:
    """Print the weaknesses of all systems as they were last seen, the gravest first."""
    if as_json:
        answer_signed(_weaknesses, Deed.SEE_SAFETY, token, controller, data)
        return
    with desk(data, token, controller, Deed.SEE_SAFETY) as at:
        found = safety.of_system(at.tx)
        told, names = _told(at.tx, at.house, found), system_names(at.tx)
        unseen = [names[each] for each in safety.never_looked_at(at.tx)]
    _show(told)
    words().print(f"{sum(each.state is WeaknessState.OPEN for each in found):,} are open.")
    if unseen:
        words().print(f"Nobody looked yet at {', '.join(unseen)}: `rightcall safety look NAME`.", markup=False)


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
    with desk(data, token, controller, Deed.JUDGE_SAFETY) as at:
        safety.accept(at.tx, at.house.clock, _id(weakness), reason=reason, until=read_day(until), by=at.who.actor)
    words().print(f"Accepted until {until}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    weakness: Weakness
    system: str
    where: list[Where]


def _told(tx: Transaction, house: House, found: Sequence[Weakness]) -> list[_Told]:
    names = system_names(tx)
    return [_Told(weakness=each, system=names[each.system], where=safety.where(tx, house.vault, each)) for each in found]


def _show(found: Sequence[_Told]) -> None:
    rows = [_row(told.system, told.weakness) for told in found]
    print_table(("Severity", "State", "Weakness", "System", "Objects", "How it shows", "Id"), rows)
    for told in found:
        each = told.weakness
        if each.state is WeaknessState.OPEN:
            print(f"\n{each.kind.value} in {told.system}")
            for line in dict.fromkeys(printable(_spot(where)) for where in told.where):
                print(f"    {line}")
            print(f"    {ADVICE[each.kind]}")
    for system in dict.fromkeys(told.system for told in found if told.where and told.weakness.state is WeaknessState.OPEN):
        print(f"In which files and rows: rightcall system findings {system} --purpose PURPOSE --reason WHY --case CASE")


def _row(system: str, each: Weakness) -> tuple[object, ...]:
    objects = f"{each.objects:,}" if each.objects else ""
    return (SEVERITY[each.kind].value, each.state.value, each.kind.value, system, objects, each.evidence, each.id)


def _spot(where: Where) -> str:
    """in customers, field card: 5; object 01a2… lies again in customers of crm: 90 records"""
    spot, name = where.spot, where.name or f"object {where.spot.object}"
    if spot.again is None:
        return f"in {name}{'' if spot.field is None else f', field {spot.field}'}: {spot.findings:,}"
    return f"{name} lies again in {where.again or f'object {spot.again}'} of {where.again_in}: {spot.findings:,} records"


def _id(text: str) -> UUID:
    return read_id(text, "`rightcall safety list` prints those of weaknesses.")
