"""`rightcall hold`: what is kept longer than it would be, why and until when; placed by one, agreed to by another."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import typer

from rightcall.cli.answering import answer_signed
from rightcall.cli.as_json import Commands
from rightcall.cli.desk import Desk, desk
from rightcall.cli.exits import answer_no
from rightcall.cli.given import read_day, read_id
from rightcall.cli.lists import print_table
from rightcall.cli.place import ControllerOption, DataOption, JsonOption
from rightcall.cli.signed_in import TokenOption
from rightcall.cli.words import words
from rightcall.clock import day_of
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed
from rightcall.holdings import actions as holdings
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Hold, HoldName, HoldReason, Law, Slice, Untold
from rightcall.holdings.holds.rules import SOON
from rightcall.ids import HoldingId, PurposeId, SubjectId
from rightcall.later import later
from rightcall.purposes import actions as purposes
from rightcall.recordings import keeping
from rightcall.recordings.cutting import span_of
from rightcall.recordings.keeping import NewHold
from rightcall.requests.hold_letters import hold_letter
from rightcall.staff.model import Deed

_hold = later("rightcall.api.holds:get_hold")
_holds = later("rightcall.api.holds:list_holds")

app = Commands(no_args_is_help=True, help="Holds: what is kept longer than it would be, why and until when; two agree.")
_SLICE = re.compile(r"([^:]+):([^:]+)(?::([0-9]{1,10})-([0-9]{1,10}))?")
NameArgument = Annotated[str, typer.Argument(help="The hold's name: its file reference.")]
SubjectArgument = Annotated[str, typer.Argument(help="Whom it is about: the subject's id.")]
UntilOption = Annotated[str, typer.Option(help="The last day that it keeps anything, as YYYY-MM-DD (UTC).")]


@app.command("list")
def list_holds(
    token: TokenOption, as_json: JsonOption = False, controller: ControllerOption = None, data: DataOption = None
) -> None:
    """Show those that stand, the next to end first. What a person has to do says NEEDS YOU."""
    if as_json:
        answer_signed(_holds, Deed.SEE_HOLDINGS, token, controller, data)
        return
    with desk(data, token, controller, Deed.SEE_HOLDINGS) as at:
        found, today = holds.standing(at.tx), day_of(at.house.clock.now())
        rows = [
            (each.name, _grounds(each), f"{len(each.slices):,}", each.ends_on, "; ".join(_needs(at, each, today)))
            for each in found
        ]
    print_table(("Hold", "Why", "Keeps", "Until", "What is open"), rows)
    words().print(f"{len(found):,} holds stand.")


@app.command()
def show(
    token: TokenOption,
    name: NameArgument,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Show one, with what it keeps and whom it is about."""
    if as_json:
        answer_signed(
            lambda door: _hold(door, door.run(lambda tx: holds.named(tx, HoldName(text=name)).id)),
            Deed.SEE_HOLDINGS,
            token,
            controller,
            data,
        )
        return
    with desk(data, token, controller, Deed.SEE_HOLDINGS) as at:
        hold = _named(at, name)
        _show(at, hold)
        for each in hold.slices:
            print(f"  keeps {each.holding} for {purposes.get(at.tx, each.purpose).key}{_part(each)}")
        for told in holds.about(at.tx, hold.id):
            print(f"  about {told.subject}  {'not told' if told.at is None else f'told on {day_of(told.at)}'}")


@app.command()
def place(
    token: TokenOption,
    name: NameArgument,
    reason: Annotated[HoldReason, typer.Option(help="Why: one of the grounds of GDPR Art. 17(3).")],
    until: UntilOption,
    keep: Annotated[
        list[str],
        typer.Option(help="HOLDING:PURPOSE, of a take also :FROM-UNTIL in milliseconds. Once for each."),
    ],
    law: Annotated[str | None, typer.Option(help="The law behind it, with its article. A duty to keep needs one.")] = None,
    untold: Annotated[Untold | None, typer.Option(help="Why the person must not be told. Left out: they are told.")] = None,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Keep these things, and nothing else, whatever becomes of yes, term and person. Within a week another role agrees."""
    with desk(data, token, controller, Deed.CHANGE_HOLDS) as at:
        new = NewHold(
            name=HoldName(text=name),
            reason=reason,
            law=None if law is None else Law(text=law),
            untold=untold,
            until=read_day(until),
            slices=[_slice(at.tx, each) for each in keep],
        )
        asked, placed = keeping.place(at.tx, at.house.tools, at.house.objects, new, by=at.who.actor)
    for each in asked.verdict.reasons:
        words().print(f"{each.ground}: {each.says}" + ("" if asked.verdict.proceeds else f" {each.instead}"))
    if placed is None:
        words().print(f"The verdict is no ({asked.verdict.outcome}). Nothing is kept. rightcall verdict show {asked.id}")
        raise answer_no()
    print(placed.id)
    words().print(
        f"It keeps, and opens for nobody until a second person agrees: rightcall hold agree {name}. Then it is kept until"
        f" {placed.until}; without that it ends after {placed.ends_on}."
    )


@app.command()
def agree(
    token: TokenOption,
    name: NameArgument,
    law: Annotated[str | None, typer.Option(help="The law, with its article, where the hold is for a duty and has none.")] = None,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Say yes, as a second person in another role: to the hold, or to the later day that was asked for."""
    with desk(data, token, controller, Deed.AGREE_TO_HOLDS) as at:
        agreed = holds.agree(
            at.tx, at.house.clock, _named(at, name).id, by=at.who.actor, law=None if law is None else Law(text=law)
        )
    words().print(f"Agreed. It ends by itself after {agreed.ends_on}.")


@app.command()
def prolong(
    token: TokenOption, name: NameArgument, until: UntilOption, controller: ControllerOption = None, data: DataOption = None
) -> None:
    """Ask that it last until a later day. It does once somebody in another role agrees."""
    with desk(data, token, controller, Deed.CHANGE_HOLDS) as at:
        asked = holds.prolong(at.tx, at.house.clock, _named(at, name).id, until=read_day(until), by=at.who.actor)
    words().print(f"Asked. Until a second person agrees (rightcall hold agree {name}) it ends after {asked.ends_on} as before.")


@app.command()
def lift(token: TokenOption, name: NameArgument, controller: ControllerOption = None, data: DataOption = None) -> None:
    """The reason is over: what nothing else opens is dark at once, and its bytes are deleted."""
    with desk(data, token, controller, Deed.CHANGE_HOLDS) as at:
        holds.lift(at.tx, at.house.vault, at.house.clock, _named(at, name).id, by=at.who.actor)
    words().print("Lifted. The worker of `rightcall serve` deletes what it alone kept.")


@app.command()
def letter(
    token: TokenOption,
    name: NameArgument,
    subject: SubjectArgument,
    language: Annotated[str, typer.Option(help="The person's language, such as da.")] = "en",
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print the letter to one of those whom it is about. Rightcall sends nothing itself."""
    with desk(data, token, controller, Deed.CHANGE_HOLDS) as at:
        hold = _named(at, name)
        holds.check_may_tell(at.tx, hold, _subject(subject))
        is_erased = not at.house.vault.subject_exists(at.tx, _subject(subject))
        written = hold_letter(hold, controllers.get(at.tx), language=language, is_erased=is_erased)
    print("\n\n".join(written.paragraphs))


@app.command()
def told(
    token: TokenOption, name: NameArgument, subject: SubjectArgument, controller: ControllerOption = None, data: DataOption = None
) -> None:
    """Say that the person was told."""
    with desk(data, token, controller, Deed.CHANGE_HOLDS) as at:
        holds.tell(at.tx, at.house.clock, _named(at, name).id, _subject(subject), by=at.who.actor)
    words().print("Written down.")


def _part(slice: Slice) -> str:
    span = slice.span
    return "" if span is None else f", milliseconds {span.from_ms} to {span.until_ms} of {span.take}"


def _named(at: Desk, name: str) -> Hold:
    return holds.named(at.tx, HoldName(text=name))


def _show(at: Desk, hold: Hold) -> None:
    today = day_of(at.house.clock.now())
    print(f"{hold.name}  {_grounds(hold)}  {len(hold.slices):,} kept  until {hold.ends_on}{_ended(hold.lifted_at)}")
    for each in _needs(at, hold, today):
        print(f"  {each}")


def _grounds(hold: Hold) -> str:
    return hold.reason if hold.law is None else f"{hold.reason} ({hold.law})"


def _needs(at: Desk, hold: Hold, today: date) -> list[str]:
    return [f"NEEDS YOU: {each}" for each in _needed(at, hold, today)] if hold.keeps(today) else []


def _needed(at: Desk, hold: Hold, today: date) -> Iterator[str]:
    if hold.agreed is None:
        yield (
            f"somebody in another role than {hold.owner.role} agrees by {hold.agree_by}, or it ends; then it is kept until"
            f" {hold.until}"
            + (", and says by which law: --law" if hold.reason is HoldReason.LEGAL_OBLIGATION and hold.law is None else "")
        )
    if hold.longer is not None:
        yield f"somebody in another role than {hold.longer.by.role} agrees to {hold.longer.until}, or it ends as before"
    untold = sum(1 for each in holds.about(at.tx, hold.id) if each.at is None)
    if untold and hold.agreed is not None and hold.untold is None:
        yield "1 person is to be told of it" if untold == 1 else f"{untold:,} people are to be told of it"
    if hold.agreed is not None and hold.ends_on <= today + SOON:
        yield f"it ends {_in_days((hold.ends_on - today).days)}; what it keeps goes then, unless it is prolonged"


def _in_days(days: int) -> str:
    return "today" if days == 0 else "in 1 day" if days == 1 else f"in {days} days"


def _ended(lifted_at: datetime | None) -> str:
    return "" if lifted_at is None else f"  lifted on {day_of(lifted_at)}"


def _slice(tx: Transaction, text: str) -> Slice:
    """HOLDING:PURPOSE, or HOLDING:PURPOSE:FROM-UNTIL."""
    found = _SLICE.fullmatch(text.strip())
    if found is None:
        raise Malformed(
            "Say what to keep as HOLDING:PURPOSE, or of a take as HOLDING:PURPOSE:FROM-UNTIL in milliseconds, such as"
            " 0199…:training:60000-90000. `rightcall held` prints the ids of what is held about a person."
        )
    holding = holdings.get(tx, HoldingId(_uuid(found[1]))).id
    bounds = [None if each is None else int(each) for each in (found[3], found[4])]
    return Slice(holding=holding, purpose=_purpose(tx, found[2]), span=span_of(holding, *bounds))


def _purpose(tx: Transaction, key: str) -> PurposeId:
    return purposes.by_key(tx, key).id


def _subject(text: str) -> SubjectId:
    return SubjectId(_uuid(text))


def _uuid(text: str) -> UUID:
    return read_id(text, "`rightcall held` and `rightcall hold show` print them.")
