"""`rightcall breach`: what a leak of a system means, entering one, and having it weighed anew. Telling and closing are done at
the API by the DPO."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import typer

from rightcall.breaches import actions
from rightcall.breaches.model import Assessment, Breach, Circumstances, Nature, NewBreach, Reach, Window
from rightcall.breaches.rules import due_at, is_high_risk
from rightcall.breaches.saying import (
    NOT_COUNTED,
    card_codes,
    how_far,
    how_many,
    how_severe,
    of_whom,
    what_has_changed,
    what_is_missing,
    when_weighed,
    where_they_live,
)
from rightcall.breaches.weighing import actions as weighing
from rightcall.breaches.weighing.assessing import tells_nobody
from rightcall.breaches.weighing.model import Progress
from rightcall.cli.answering import answer_here
from rightcall.cli.as_json import Commands
from rightcall.cli.desk import desk
from rightcall.cli.home import house_of
from rightcall.cli.lists import print_table
from rightcall.cli.place import ControllerOption, DataOption, JsonOption, controller_of, database_of
from rightcall.cli.signed_in import TokenOption, signed_in
from rightcall.cli.words import progress, words
from rightcall.clock import SystemClock
from rightcall.database.connection import Transaction
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.naming import system_names
from rightcall.errors import Malformed
from rightcall.holdings.saying import GRAVE, category
from rightcall.ids import BreachId
from rightcall.later import later
from rightcall.settings import load_settings
from rightcall.staff.model import Deed

_circumstances_form = later("rightcall.api.breaches:CircumstancesForm")
_leak_form = later("rightcall.api.breaches:LeakForm")
_breaches = later("rightcall.api.breaches:list_breaches")
_breach = later("rightcall.api.breaches:get_breach")
_rehearsed = later("rightcall.api.breaches:weigh_here")

app = Commands(no_args_is_help=True, help="Breaches: who is affected, how badly, whom to tell and until when.")
System = Annotated[str | None, typer.Option(help="Id or name of what leaked. Left out: Rightcall itself.")]
From = Annotated[str, typer.Option("--from", help="When it began to lie open: ISO 8601 with a zone.")]
Until = Annotated[str, typer.Option(help="When it was shut.")]
Natures = Annotated[list[Nature], typer.Option("--nature", help="What happened to the data; repeat for more.")]
ReachOption = Annotated[Reach, typer.Option(help="Who may have it now.")]
Accident = Annotated[bool, typer.Option("--accident", help="Nobody meant to.")]
Unintelligible = Annotated[bool, typer.Option("--unintelligible", help="It is sealed under keys that did not leak.")]
BreachArgument = Annotated[UUID, typer.Argument(help="The breach's id.")]
_ONLY_SEEN = [Nature.CONFIDENTIALITY]


@app.command()
def rehearse(
    began: From,
    until: Until,
    system: System = None,
    nature: Natures = _ONLY_SEEN,
    reach: ReachOption = Reach.UNKNOWN,
    accident: Accident = False,
    unintelligible: Unintelligible = False,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Say what a leak would mean. Nothing is written: it is weighed here, while you wait."""
    around = _around(nature, reach, accident, unintelligible)
    if as_json:
        answer_here(lambda door: _rehearsed(door, _leak(began, until, system, around), tells_nobody), controller, data)
        return
    with house_of(load_settings(data=data)) as house, progress("Weighing it") as tell:
        owner = controller_of(house.database, controller).id
        with house.database.transaction(owner) as tx:
            window = _window(tx, system, began, until)
            far = partial(_tell, tell)
            found = actions.rehearse(tx, house.vault, house.clock, window, around, far)
    _show(found, system)


def _tell(tell: Callable[[str, int, int], object], far: Progress) -> None:
    tell("parts of the data map", far.done, far.of)


@app.command()
def enter(
    began: From,
    until: Until,
    known: Annotated[str, typer.Option(help="When somebody became aware of it: ISO 8601 with a zone.")],
    token: TokenOption,
    system: System = None,
    nature: Natures = _ONLY_SEEN,
    reach: ReachOption = Reach.UNKNOWN,
    accident: Accident = False,
    unintelligible: Unintelligible = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Enter a breach. The clock of 72 hours runs from when it became known. Its id is the last line of standard output."""
    around = _around(nature, reach, accident, unintelligible)
    with desk(data, token, controller, Deed.ENTER_BREACH) as at:
        new = NewBreach(window=_window(at.tx, system, began, until), circumstances=around, known_at=_instant(known))
        breach = actions.enter(at.tx, at.house.clock, new, by=at.who.actor)
    words().print(f"{NOT_COUNTED}: the worker weighs it. Look in a moment: `rightcall breach show {breach.id}`.", markup=False)
    words().print(f"The authority is to be told until {_moment(due_at(breach.known_at))}, where there is a risk. Its id:")
    print(breach.id)


@app.command("list")
def list_breaches(as_json: JsonOption = False, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Show the breaches, newest first."""
    if as_json:
        answer_here(_breaches, controller, data)
        return
    with database_of(load_settings(data=data)) as database:
        owner = controller_of(database, controller).id
        with database.transaction(owner) as tx:
            found = actions.breaches(tx)
    print_table(
        ("Known", "Due", "Told", "Breach"), [(_moment(each.known_at), _due(each), _told(each), each.id) for each in found]
    )


@app.command()
def show(
    breach: BreachArgument, as_json: JsonOption = False, controller: ControllerOption = None, data: DataOption = None
) -> None:
    """Show one as it was last weighed: who is affected, how badly, whom to tell."""
    if as_json:
        answer_here(lambda door: _breach(door, breach), controller, data)
        return
    with database_of(load_settings(data=data)) as database:
        owner = controller_of(database, controller).id
        with database.transaction(owner) as tx:
            found = actions.get(tx, BreachId(breach))
            standing, names = weighing.standing(tx, found), system_names(tx)
    system = None if found.window.system is None else names[found.window.system]
    print(_line(found))
    if standing.assessed is None:
        print(how_far(standing))
        return
    _show(standing.assessed, system)
    print(when_weighed(standing.assessed))
    if standing.is_under_way:
        print(how_far(standing))
    elif standing.has_changed:
        print(what_has_changed(system or "Rightcall"))


@app.command()
def weigh(breach: BreachArgument, token: TokenOption, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Have one weighed anew, by the data map as it is now."""
    settings = load_settings(data=data)
    with database_of(settings) as database:
        who = signed_in(database, SystemClock(), token, Deed.ENTER_BREACH, controller)
        with database.transaction(who.controller) as tx:
            actions.ask_weighing(tx, SystemClock(), BreachId(breach), by=who.actor)
    words().print(f"It is being weighed anew. Look again in a moment: `rightcall breach show {breach}`.", markup=False)


def _line(each: Breach) -> str:
    state = "closed" if each.closed_at else f"due {_due(each)}"
    return f"{each.id}  known {_moment(each.known_at)}  {state}  told: {_told(each)}"


def _due(each: Breach) -> str:
    return "closed" if each.closed_at else _moment(due_at(each.known_at))


def _told(each: Breach) -> str:
    told = [name for name, at in (("authority", each.authority_told_at), ("people", each.people_told_at)) if at is not None]
    return ", ".join(told) or "nobody"


def _around(nature: list[Nature], reach: Reach, accident: bool, unintelligible: bool) -> Circumstances:
    return Circumstances(nature=frozenset(nature), reach=reach, malicious=not accident, unintelligible=unintelligible)


def _leak(began: str, until: str, system: str | None, around: Circumstances) -> Any:
    circumstances = _circumstances_form(
        nature=sorted(around.nature), reach=around.reach, malicious=around.malicious, unintelligible=around.unintelligible
    )
    return _leak_form(system=system, began_at=_instant(began), until=_instant(until), circumstances=circumstances)


def _window(tx: Transaction, system: str | None, began: str, until: str) -> Window:
    of = None if system is None else systems.get(tx, system).id
    return Window(system=of, began_at=_instant(began), until=_instant(until))


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Malformed("An instant is written as 2026-11-24T13:00+01:00.") from error
    if at.tzinfo is None:
        raise Malformed("An instant needs its zone: 2026-11-24T13:00+01:00, or …Z for UTC.")
    return at


def _show(found: Assessment, system: str | None) -> None:
    print(f"{how_many(found)} Severity: {how_severe(found)}.")
    for each in found.open:
        later = f", {each.first_seen_after:,} seen only afterwards" if each.first_seen_after else ""
        print(f"  {category(each.category)} ({GRAVE[each.sensitivity]}): {of_whom(each)}{later}")
    if codes := card_codes(found):
        print(codes)
    if where := where_they_live(found):
        print(where)
    print(f"Law of: {', '.join(found.laws)}")
    print(f"Tell the authority (Art. 33): {'yes' if found.risk else 'a risk is unlikely'}")
    print(f"Tell the people (Art. 34): {_people(found)}")
    if missing := what_is_missing(found, system or "Rightcall"):
        print(missing)


def _people(found: Assessment) -> str:
    if found.high_risk and not is_high_risk(found.severity):
        return "not known, and not ruled out"
    return "yes" if found.high_risk else "no high risk"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M %Z}"
