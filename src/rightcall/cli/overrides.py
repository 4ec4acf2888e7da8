"""`rightcall override`: a house rule set aside by a named person, with a reason, until a time. Nobody overrides law."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import typer

from rightcall.api.named import keys_of
from rightcall.cli.answering import answer_here
from rightcall.cli.as_json import Commands
from rightcall.cli.desk import desk
from rightcall.cli.given import read_id
from rightcall.cli.lapses import listed
from rightcall.cli.lists import print_table
from rightcall.cli.place import ControllerOption, DataOption, JsonOption, controller_of, database_of
from rightcall.cli.signed_in import TokenOption, signed_in
from rightcall.cli.words import words
from rightcall.clock import SystemClock
from rightcall.errors import Malformed
from rightcall.holdings.uses.saying import often
from rightcall.ids import CallId, OverrideId
from rightcall.later import later
from rightcall.personal import Personal
from rightcall.policy import overriding
from rightcall.policy.overrides.model import LONGEST, WINDOW, Category, Override, Wanted
from rightcall.purposes import actions as purposes
from rightcall.reviews import lapsing
from rightcall.settings import load_settings
from rightcall.staff.model import Deed

_listed = later("rightcall.api.overrides:list_overrides")

app = Commands(no_args_is_help=True, help="House rules set aside by a named person, for a while.")


@app.callback()
def _overrides() -> None:
    """House rules set aside by a named person, for a while."""


@app.command()
def give(
    token: TokenOption,
    rule: Annotated[str, typer.Argument(help="The house rule's id. `rightcall rules show` prints them.")],
    name: Annotated[str, typer.Option(prompt="Who answers for it", help="Who answers for it. Sealed. Asked for if left out.")],
    reason: Annotated[str, typer.Option(prompt="Why", help="Why, in a sentence. Sealed. Asked for if left out.")],
    category: Annotated[Category, typer.Option(help="What sort of reason that is. Public.")],
    until: Annotated[
        str, typer.Option(help=f"2026-12-24 for that whole day, or 2026-12-24T10:00Z; at most {LONGEST.days} days.")
    ],
    purpose: Annotated[str | None, typer.Option(help="Only for this purpose, by its key.")] = None,
    call: Annotated[str | None, typer.Option(help="Only for this call, by its id.")] = None,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Set a house rule aside from now on. Its id is the last line. It is counted, and public without the name."""
    ends = _instant(until)
    with desk(data, token, controller, Deed.GIVE_OVERRIDE) as at:
        wanted = Wanted(
            rule=rule,
            purpose=None if purpose is None else purposes.by_key(at.tx, purpose).id,
            call=None if call is None else CallId(_id(call)),
            category=category,
            name=Personal(name),
            reason=Personal(reason),
            until=ends,
        )
        given = overriding.give(at.tx, at.house.vault, at.house.clock, at.house.rules, wanted, by=at.who.actor)
        waits = lapsing.set_aside(at.tx, at.house.clock, at.house.rules)
    if waits:
        words().print(
            f"Nothing runs for {listed(waits)} until the next version of each review is signed by people who have seen this:"
            " rightcall review draft FILE. An override for one call alone stops no purpose."
        )
    words().print(f"{given.rule} is set aside until {given.until:%Y-%m-%d %H:%M} UTC. It is counted, and public. Its id:")
    print(given.id)


@app.command()
def end(
    token: TokenOption,
    override: Annotated[str, typer.Argument(help="The override's id.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """End an override now. What is captured by it is closed within a second or so."""
    clock = SystemClock()
    with database_of(load_settings(data=data)) as database:
        who = signed_in(database, clock, token, Deed.GIVE_OVERRIDE, controller)
        with database.transaction(who.controller) as tx:
            ended = overriding.end(tx, clock, OverrideId(_id(override)), by=who.actor)
    words().print(f"{ended.rule} holds again.")


@app.command()
def forget(
    token: TokenOption,
    override: Annotated[str, typer.Argument(help="The override's id.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Forget who answered for an override that is over, and why: their key is destroyed. The override stays, and its count."""
    with desk(data, token, controller, Deed.GIVE_OVERRIDE) as at:
        overriding.forget(at.tx, at.house.vault, at.house.clock, OverrideId(_id(override)), by=at.who.actor)
    words().print("Forgotten. Nobody can say any more who it was, or why.")


@app.command("list")
def list_overrides(as_json: JsonOption = False, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Print the overrides of the last year, the last to end first. Names are sealed: the API shows them to oversight."""
    if as_json:
        answer_here(_listed, controller, data)
        return
    clock = SystemClock()
    with database_of(load_settings(data=data)) as database, database.transaction(controller_of(database, controller).id) as tx:
        keys = keys_of(tx)
        found, past = overriding.overrides(tx, clock), overriding.past(tx, clock)
    rows = [
        (
            each.rule,
            _state(each, clock.now()),
            each.category,
            each.by.role,
            f"{each.uses:,}",
            f"{past[each.rule].days} of the last {WINDOW} days, {often(past[each.rule].times)} in a year",
            "all" if each.purpose is None else keys[each.purpose],
            each.call,
            each.id,
        )
        for each in found
    ]
    print_table(("Rule", "State", "Why", "By", "Used", "Aside on", "For", "Call", "Override"), rows)
    if not found:
        words().print("No house rule was set aside in the last year.")


def _state(override: Override, now: datetime) -> str:
    ends = override.until if override.ended_at is None else override.ended_at
    return f"{'in force until' if override.is_in_force(now) else 'ended'} {ends:%Y-%m-%d %H:%M} UTC"


def _instant(text: str) -> datetime:
    """A day means to its end, in UTC."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise Malformed("Write --until as 2026-12-24, or as 2026-12-24T10:00Z.") from error
    if len(text) == len("2026-12-24"):
        return given.replace(tzinfo=UTC) + timedelta(days=1)
    if given.tzinfo is None:
        raise Malformed("The time in --until has no offset. Write it as 2026-12-24T10:00Z.")
    return given


def _id(text: str) -> UUID:
    return read_id(text, "`rightcall override list` prints those of overrides.")
