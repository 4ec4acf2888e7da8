"""`rightcall terms`: what goes in the next days, drawn, and what outlives its term; and asking that a purpose keep for longer."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Annotated

import typer

from rightcall.api.named import purpose_of
from rightcall.api.terms import MOST_DAYS, EndingShape, TermsShape, gather
from rightcall.cli.as_json import Commands
from rightcall.cli.desk import desk
from rightcall.cli.exits import answer_no
from rightcall.cli.home import house_of
from rightcall.cli.lapses import ended, foretold
from rightcall.cli.place import ControllerOption, DataOption, ObjectOption, controller_of
from rightcall.cli.signed_in import TokenOption
from rightcall.cli.words import words
from rightcall.discovery.mapping.model import Redated
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.holdings import saying
from rightcall.holdings.categories import Category
from rightcall.holdings.holds.model import Law
from rightcall.holdings.longer.model import Reach, Sooner
from rightcall.purposes import actions as purposes
from rightcall.recordings import actions as recordings
from rightcall.retention.asking import ask_longer, reach, reach_elsewhere, sooner, sooner_elsewhere
from rightcall.retention.model import LongerAsked
from rightcall.reviews import lapsing
from rightcall.settings import load_settings
from rightcall.staff.model import Deed

_WIDEST = 40


app = Commands(help="What ends in the next days, and what outlives its term; and asking for a longer one.")


@app.callback(invoke_without_command=True)
def terms(
    context: typer.Context,
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="How many days to look ahead, today among them.")] = 30,
    as_json: ObjectOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """What goes by itself in the next days, what somebody has to delete elsewhere, and what outlives its term. Ends with 1 where
    something does."""
    if context.invoked_subcommand is not None:
        return
    with house_of(load_settings(data=data)) as house:
        owner = controller_of(house.database, controller).id
        with house.database.transaction(owner) as tx:
            found = gather(tx, house.vault, house.clock, days)
    print(found.model_dump_json(indent=2) if as_json else "\n".join(_told(found, days)))
    if found.late:
        raise answer_no()


@app.command()
def longer(
    token: TokenOption,
    purpose: Annotated[str, typer.Argument(help="The purpose: an id or a key.")],
    days: Annotated[int, typer.Argument(min=2, help="For how many days it is to keep.")],
    why: Annotated[str, typer.Option(help="Why it is needed for longer, for whoever signs it.")] = "",
    law: Annotated[str | None, typer.Option(help="The law that demands it, with its article. A legal duty needs one.")] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Ask it. Left out: only show what it would be about.")] = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Ask that a purpose keep for longer, what it holds already too: by verdict, and once two people have signed its review."""
    with desk(data, token, controller, Deed.ASK_LONGER) as at:
        found = purposes.get(at.tx, purpose_of(at.tx, purpose))
        would = reach(at.tx, at.house.clock, found.id)
        elsewhere, names = reach_elsewhere(at.tx, at.house.clock, found.id), system_names(at.tx)
        if ask:
            cited = None if law is None else Law(text=law)
            asked = ask_longer(at.tx, at.house.clock, at.house.rules, found.id, days, law=cited, why=why, by=at.who.actor)
    print(f"{found.key}: {found.term_days:,} days now. {_reach_says(would, elsewhere, names)}")
    if ask:
        _tell_asked(asked)


@app.command()
def shorter(
    token: TokenOption,
    purpose: Annotated[str, typer.Argument(help="The purpose: an id or a key.")],
    days: Annotated[int, typer.Argument(min=1, help="For how many days it is to keep.")],
    now: Annotated[bool, typer.Option("--now", help="Do it. Left out: only show what it would be about.")] = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Give a purpose a shorter term at once, for what it holds already too. Nothing brings back what ends by it."""
    with desk(data, token, controller, Deed.SHORTEN) as at:
        found = purposes.get(at.tx, purpose_of(at.tx, purpose))
        would = sooner(at.tx, at.house.clock, found.id, days)
        elsewhere, names = sooner_elsewhere(at.tx, at.house.clock, found.id, days), system_names(at.tx)
        stops = lapsing.by_change(at.tx, at.house.clock, at.house.rules, found.id)
        if now:
            purposes.shorten(at.tx, at.house.clock, found.id, days, by=at.who.actor)
            recordings.look_again(at.tx, [at.tx.of])
    term = f"{days:,} days from now on, instead of {found.term_days:,}" if now else f"{found.term_days:,} days now"
    print(f"{found.key}: {term}. {_sooner_says(would, elsewhere, names)}")
    print(ended(stops) if now and stops else foretold(stops, "A shorter term"))
    words().print("A worker lets them end sooner, those that are over by now at once." if now else "Say --now to do it.")


def _reach_says(would: Reach, elsewhere: Sequence[Redated], names: SystemNames) -> str:
    if not would.items and not elsewhere:
        return "Nothing that is kept now would be kept for longer."
    ours = "Of what we keep ourselves nothing would be kept for longer."
    if would.items:
        ours = (
            f"{would.items:,} things of {would.people:,} people would be kept for longer; the first would go after"
            f" {would.first_day}."
        )
    less = f" {would.less:,} keep their days, by rules of their own." if would.less else ""
    return ours + less + _elsewhere_says("would be kept for longer", elsewhere, names)


def _sooner_says(would: Sooner, elsewhere: Sequence[Redated], names: SystemNames) -> str:
    if not would.items and not elsewhere:
        return "Nothing that is kept now ends sooner by it."
    ours = "Of what we keep ourselves nothing ends sooner by it."
    if would.items:
        ours = (
            f"{would.items:,} things of {would.people:,} people end sooner: {would.at_once:,} at once, {would.in_a_month:,}"
            f" within 30 days, {would.in_a_quarter:,} within 91, {would.later:,} later."
            + (f" {would.stays:,} of them stay for another purpose." if would.stays else "")
        )
    over = sum(each.over for each in elsewhere)
    deleted = f" Of these {over:,} are over then, and somebody has to delete them there." if over else ""
    return ours + _elsewhere_says("end sooner", elsewhere, names) + deleted


def _elsewhere_says(do: str, elsewhere: Sequence[Redated], names: SystemNames) -> str:
    people = [f"{found.people:,} {'person' if found.people == 1 else 'people'}" for found in elsewhere]
    each = ", ".join(f"{found.items:,} of {of} in {names[found.system]}" for found, of in zip(elsewhere, people, strict=True))
    return f" In other systems {sum(found.items for found in elsewhere):,} things {do}: {each}." if elsewhere else ""


def _tell_asked(asked: LongerAsked) -> None:
    for each in asked.verdict.reasons:
        words().print(f"{each.ground}: {each.says}" + ("" if asked.verdict.proceeds else f" {each.instead}"))
    if asked.review is None:
        words().print(f"The verdict is no ({asked.verdict.outcome}). Nothing changes. rightcall verdict show {asked.id}")
        raise answer_no()
    print(asked.review.id)
    words().print(f"It waits for people in two roles to sign: rightcall review sign {asked.review.id}")


def _told(found: TermsShape, days: int) -> list[str]:
    ours, elsewhere = [[each for each in found.ending if (each.system is None) is is_ours] for is_ours in (True, False)]
    lines = _drawn(ours) or [f"Nothing goes by itself within {days:,} days{' as its term ends' if found.by_hold else ''}."]
    if found.by_hold:
        lines += ["", f"Goes by itself within {days:,} days, as a hold ends:", *_summed(found.by_hold, "the first after")]
    if elsewhere:
        lines += ["", f"In other systems, with its last day within {days:,} days. Somebody has to delete it there:"]
        lines += _summed(elsewhere, "the first on")
    if found.held:
        lines += ["", f"{found.held:,} things are kept longer by a hold."]
    if found.late:
        lines += ["", "There still, though the last day is over:", *_summed(found.late, "the oldest since")]
    gone = _remembered("What is gone is remembered, and who used it,", found.remember_days, "remember")
    return [*lines, "", gone, _remembered("Calls and requests stay on record", found.on_record_days, "on-record")]


def _remembered(what: str, days: int | None, command: str) -> str:
    if days is None:
        return f"{what} for good: nobody has said for how long (rightcall controller {command})."
    return f"{what} for {days:,} days."


def _drawn(found: Sequence[EndingShape]) -> list[str]:
    """A bar for each day, and what it is made of."""
    by_day = [(day, list(of_day)) for day, of_day in groupby(found, key=lambda each: each.last_day)]
    most = max((sum(each.items for each in of_day) for _, of_day in by_day), default=0)
    lines = []
    for day, of_day in by_day:
        items = sum(each.items for each in of_day)
        bar = "█" * max(1, round(_WIDEST * items / most))
        sorts = ", ".join(f"{number:,} {sort}" for sort, number in _by_sort(of_day).most_common(3))
        lines.append(f"{day}  {items:>10,}  {bar}  {sorts}")
    return lines


def _by_sort(found: Sequence[EndingShape]) -> Counter[str]:
    sorts: Counter[str] = Counter()
    for each in found:
        sorts[_sort(each)] += each.items
    return sorts


def _summed(found: Sequence[EndingShape], first: str) -> list[str]:
    since = {sort: min(each.last_day for each in found if _sort(each) == sort) for sort in map(_sort, found)}
    return [f"  {number:>10,}  {sort}, {first} {since[sort]}" for sort, number in _by_sort(found).most_common()]


def _sort(each: EndingShape) -> str:
    return f"{saying.category(Category(each.category))} in {each.system_name or 'Rightcall'}"
