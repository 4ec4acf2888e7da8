"""`rightcall concern`: saying that something is wrong, and answering it. With a token, as at the API; the raiser with a code too.

Words and codes are read from a file or from standard input, never from the command line, which others on the machine can see.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from rightcall.cli.answering import answer_here, answer_signed
from rightcall.cli.as_json import Commands
from rightcall.cli.given import read_id
from rightcall.cli.home import house_of
from rightcall.cli.lists import print_table
from rightcall.cli.place import ControllerOption, DataOption, JsonOption, controller_of
from rightcall.cli.signed_in import TokenOption, signed_in
from rightcall.cli.targets import target_of
from rightcall.cli.words import words as console
from rightcall.clock import day_of
from rightcall.concerns import actions as concerns
from rightcall.concerns import answering, raiser, rules
from rightcall.concerns.keeping import days_of
from rightcall.concerns.model import (
    Anonymous,
    Bearer,
    Concern,
    Outcome,
    Staff,
    TargetKind,
    Words,
)
from rightcall.concerns.raiser import ByCode, Proof
from rightcall.concerns.states import Stage
from rightcall.database.connection import Transaction
from rightcall.errors import NotFound
from rightcall.ids import ConcernId, ControllerId
from rightcall.later import later
from rightcall.personal import Personal
from rightcall.settings import load_settings
from rightcall.staff.model import Deed
from rightcall.vault.model import Dark
from rightcall.wiring import House

_own_shape = later("rightcall.api.concern_shapes:own_shape")
_concern = later("rightcall.api.concerns:get_concern")
_own_concerns = later("rightcall.api.concerns:own_concerns")
_concerns = later("rightcall.api.concerns:list_concerns")
_items = later("rightcall.api.forms:Items")
_rates = later("rightcall.api.raisers:rates")

app = Commands(no_args_is_help=True, help="Concerns: what people say is wrong, and the answer.")

ConcernArgument = Annotated[str, typer.Argument(help="The concern's id.")]
WordsOption = Annotated[str, typer.Option("--words", help="File with the words; - for standard input.")]
OutcomeOption = Annotated[Outcome, typer.Option(help="What was found.")]
CodeOption = Annotated[
    str | None,
    typer.Option("--code", help="File with the case code; - for standard input. Without it your token has to be the raiser's."),
]
RaisersTokenOption = Annotated[
    str | None,
    typer.Option("--token", envvar="RIGHTCALL_TOKEN", help="The token that raised it by name, where there is no --code."),
]
_STDIN = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where one command works, and who gave it."""

    house: House
    controller: ControllerId
    bearer: Bearer


@app.command("raise")
def raise_concern(
    token: TokenOption,
    about: Annotated[TargetKind, typer.Option(help="What it is about.")],
    words: WordsOption,
    which: Annotated[
        str | None, typer.Option(help="Key of the purpose, or id of the rule, notice or call. A call can be left unsaid.")
    ] = None,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Keep nothing about me; the case code alone leads back.")
    ] = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Raise a concern. The case code is the last line of standard output, and is never shown again: keep it."""
    said = _read(words)
    with _desk(token, Deed.RAISE_CONCERN, controller, data) as desk, desk.house.database.transaction(desk.controller) as tx:
        raised = concerns.raise_concern(
            tx,
            desk.house.vault,
            desk.house.clock,
            target=target_of(tx, desk.house, about, which),
            words=said,
            by=Anonymous() if anonymous else Staff(bearer=desk.bearer),
            days=days_of(desk.house.settings),
        )
    if not raised.answerable:
        console().print(rules.NOBODY_MAY)
    until = raised.concern.answer_due_on
    console().print(f"Concern {raised.concern.id}, to be answered until {until}. Its case code, shown this once:")
    print("" if raised.code is None else raised.code.reveal("show case code once"))


@app.command("list")
def list_concerns(
    token: TokenOption,
    stage: Annotated[Stage | None, typer.Option(help="Only those in this stage.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those that are late.")] = False,
    mine: Annotated[bool, typer.Option("--mine", help="Those that this token raised by name.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many at most.")] = 50,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print concerns, newest day first: day, what about, as what it was raised, stage, due, id. Never who raised them."""
    if as_json:
        deed = Deed.RAISE_CONCERN if mine else Deed.SEE_CONCERNS
        secret = Personal(token.strip())
        answer_signed(
            lambda door: _own_or_all(door, secret, stage, overdue=overdue, mine=mine, limit=limit), deed, token, controller, data
        )
        return
    deed = Deed.RAISE_CONCERN if mine else Deed.SEE_CONCERNS
    with _desk(token, deed, controller, data) as desk, desk.house.database.transaction(desk.controller) as tx:
        today = day_of(desk.house.clock.now())
        if mine:
            found = raiser.mine(tx, desk.bearer)[:limit]
        else:
            found = concerns.listed(
                tx,
                before=rules.seen_before(desk.bearer.actor, today),
                stage=stage,
                target=None,
                purpose=None,
                overdue_on=today if overdue else None,
                after=None,
                limit=limit,
            )
        sees_today = rules.seen_before(desk.bearer.actor, today) > today
        late = {each.id for each in found if rules.is_overdue(each, today)}
        stuck = {each.id for each in found if each.id in late and not concerns.answerable(tx, desk.house.clock, each)}
    rows = [
        (
            each.raised_on,
            rules.kind_of(each.target),
            each.raised_as,
            each.state.stage,
            rules.due_on(each) or "-",
            " ".join((["LATE"] if each.id in late else []) + (["NOBODY MAY ANSWER"] if each.id in stuck else [])),
            each.id,
        )
        for each in found
    ]
    print_table(("Raised", "About", "As", "Stage", "Due", "", "Concern"), rows)
    if not found:
        console().print("There are none." if mine or sees_today else f"There are none. {rules.SHOWN_TOMORROW}")


def _own_or_all(door: Any, secret: Personal[str], stage: Stage | None, *, overdue: bool, mine: bool, limit: int) -> Any:
    if mine:
        return _items(items=_own_concerns(door, secret).items[:limit])
    return _concerns(door, stage, None, None, overdue, None, limit)


@app.command()
def show(
    concern: Annotated[str | None, typer.Argument(help="The concern's id. Not needed with --code.")] = None,
    token: RaisersTokenOption = None,
    code: CodeOption = None,
    mine: Annotated[bool, typer.Option("--mine", help="I raised it: show me what was answered.")] = False,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Show one concern with its words: to whoever answers it, or to its raiser, by token or by code."""
    if as_json and code is None and not mine:
        secret, id = Personal((token or "").strip()), _id(concern)
        answer_signed(lambda door: _concern(door, secret, id), Deed.SEE_CONCERNS, token or "", controller, data)
        return
    if as_json:
        with _proven(concern, token, code, controller, data) as (house, tx, id, proof):
            shown = _own_shape(tx, house, id, proof)
        print(shown.model_dump_json(indent=2))
        return
    if code is not None or mine:
        with _proven(concern, token, code, controller, data) as (house, tx, id, proof):
            found, said = concerns.get(tx, id), raiser.words(tx, house.vault, id, proof)
            looks = raiser.looks(tx, house.vault, id, proof)
        _tell(found, said)
        for look in looks:
            reason, case = look.reason.reveal("show to the raiser"), look.case.reveal("show to the raiser")
            print(f"shown who you are  {look.at:%Y-%m-%d}  to a {look.by.role}  {case}: {reason}")
        return
    with _desk(token or "", Deed.SEE_CONCERNS, controller, data) as desk, desk.house.database.transaction(desk.controller) as tx:
        found = _seen(tx, desk, _id(concern))
        said = answering.read(tx, desk.house.vault, desk.house.clock, found.id, desk.bearer)
    _tell(found, said)


@app.command()
def own(token: TokenOption, concern: ConcernArgument, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Take a concern, to answer it."""
    with _desk(token, Deed.OWN_CONCERN, controller, data) as desk, desk.house.database.transaction(desk.controller) as tx:
        found = _seen(tx, desk, _id(concern))
        owned = answering.own(tx, desk.house.vault, desk.house.clock, found.id, desk.bearer)
    console().print(f"It is yours. Answer it until {owned.answer_due_on}.")


@app.command()
def answer(
    token: TokenOption,
    concern: ConcernArgument,
    outcome: OutcomeOption,
    words: WordsOption,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Answer a concern that you own: what was found, with words for the raiser."""
    said = _read(words)
    with _desk(token, Deed.OWN_CONCERN, controller, data) as desk, desk.house.database.transaction(desk.controller) as tx:
        found = _seen(tx, desk, _id(concern))
        answering.answer(tx, desk.house.vault, desk.house.clock, found.id, desk.bearer, outcome=outcome, words=said)
    console().print("Answered. The raiser may accept it or appeal.")


@app.command()
def decide(
    token: TokenOption,
    concern: ConcernArgument,
    outcome: OutcomeOption,
    words: WordsOption,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Decide an appeal, as a second person in another role than whoever answered. That ends it."""
    said = _read(words)
    with _desk(token, Deed.DECIDE_APPEAL, controller, data) as desk, desk.house.database.transaction(desk.controller) as tx:
        found = _seen(tx, desk, _id(concern))
        answering.decide(tx, desk.house.vault, desk.house.clock, found.id, desk.bearer, outcome=outcome, words=said)
    console().print("Decided, and closed.")


@app.command()
def accept(
    concern: Annotated[str | None, typer.Argument(help="The concern's id. Not needed with --code.")] = None,
    token: RaisersTokenOption = None,
    code: CodeOption = None,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Accept the answer to a concern of yours."""
    with _proven(concern, token, code, controller, data) as (house, tx, id, proof):
        raiser.accept(tx, house.vault, house.clock, id, proof)
    console().print("Accepted, and closed.")


@app.command()
def appeal(
    words: WordsOption,
    concern: Annotated[str | None, typer.Argument(help="The concern's id. Not needed with --code.")] = None,
    token: RaisersTokenOption = None,
    code: CodeOption = None,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Appeal the answer to a concern of yours, once: a second person decides."""
    why = _read(words)
    with _proven(concern, token, code, controller, data) as (house, tx, id, proof):
        found = raiser.appeal(tx, house.vault, house.clock, id, proof, why=why, days=days_of(house.settings))
    console().print(f"A second person decides until {found.decision_due_on}.")


@app.command()
def consent(
    shown: Annotated[bool, typer.Option("--shown/--hidden", help="Whether it may be shown who you are.")],
    concern: Annotated[str | None, typer.Argument(help="The concern's id. Not needed with --code.")] = None,
    token: RaisersTokenOption = None,
    code: CodeOption = None,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Say whether it may be shown who you are; take it back at any time."""
    with _proven(concern, token, code, controller, data) as (house, tx, id, proof):
        change = raiser.consent if shown else raiser.withdraw
        change(tx, house.vault, house.clock, id, proof)
    console().print("It may be shown who you are. You see each time that it was." if shown else "Nobody is shown who you are.")


@app.command()
def forget(
    concern: Annotated[str | None, typer.Argument(help="The concern's id. Not needed with --code.")] = None,
    token: RaisersTokenOption = None,
    code: CodeOption = None,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Have the words of a concern of yours destroyed before their term: on the day after it is closed."""
    with _proven(concern, token, code, controller, data) as (house, tx, id, proof):
        raiser.forget(tx, house.clock, id, proof)
    console().print("It is forgotten tomorrow, or on the day after it is closed.")


@app.command("rates")
def show_rates(as_json: JsonOption = False, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Print what is public about concerns: twelve whole months, in bands of five."""
    if as_json:
        answer_here(lambda door: _rates(door.house, door.controller), controller, data)
        return
    with (
        house_of(load_settings(data=data)) as house,
        house.database.transaction(controller_of(house.database, controller).id) as tx,
    ):
        found = concerns.published(tx, house.clock)
    print(f"concerns raised from {found.first} to {found.last}")
    for title, table in (("month", found.months), ("about", found.targets), ("outcome", found.outcomes)):
        for cell, band in table.items():
            print(f"{title:<8} {cell:<12} {band}")
    days = "fewer than 5 were answered" if found.median_days is None else f"{found.median_days} days, in the median"
    print(f"answered after        {days}\noverdue               {found.overdue}")
    print(f"appealed              {found.appeals}\nchanged by an appeal  {found.changed}")


@contextmanager
def _desk(token: str, deed: Deed, controller: str | None, data: Path | None) -> Iterator[Desk]:
    with house_of(load_settings(data=data)) as house:
        who = signed_in(house.database, house.clock, token, deed, controller)
        yield Desk(house=house, controller=who.controller, bearer=Bearer(actor=who.actor, secret=Personal(token.strip())))


@contextmanager
def _proven(
    concern: str | None, token: str | None, code: str | None, controller: str | None, data: Path | None
) -> Iterator[tuple[House, Transaction, ConcernId, Proof]]:
    """The raiser, by what they have; in one transaction."""
    if code is None:
        with (
            _desk(token or "", Deed.RAISE_CONCERN, controller, data) as desk,
            desk.house.database.transaction(desk.controller) as tx,
        ):
            yield desk.house, tx, _id(concern), desk.bearer
        return
    proof = ByCode(_read(code))
    with house_of(load_settings(data=data)) as house:
        with house.database.system() as system_tx:
            owner, found = raiser.find(system_tx, proof.code)
        with house.database.transaction(owner) as tx:
            yield house, tx, found, proof


def _seen(tx: Transaction, desk: Desk, concern: ConcernId) -> Concern:
    return concerns.seen(tx, concern, desk.house.clock, desk.bearer.actor)


def _read(place: str) -> Personal[str]:
    if place == _STDIN:
        return Personal(sys.stdin.read().strip())
    try:
        return Personal(Path(place).read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound("That file cannot be read as text. Give a file, or - to type it in and end with Ctrl-D.") from error


def _id(text: str | None) -> ConcernId:
    return ConcernId(read_id(text or "", "`rightcall concern list` prints those of concerns."))


def _line(concern: Concern) -> str:
    due = rules.due_on(concern)
    kind = rules.kind_of(concern.target)
    return f"{concern.id}  {concern.raised_on}  {kind:<7}  {concern.raised_as:<9}  {concern.state.stage:<8}  {due or '-'}"


def _tell(concern: Concern, said: Words) -> None:
    print(_line(concern))
    for who, words in (
        ("said", said.words),
        ("answered", said.answer),
        ("appealed", said.appeal),
        ("decided", said.decision),
    ):
        if words is not None:
            print(f"{who}: {'(its key is destroyed)' if isinstance(words, Dark) else words.reveal('show words of a concern')}")
    if concern.final is not None:
        print(f"outcome: {concern.final.outcome}")
