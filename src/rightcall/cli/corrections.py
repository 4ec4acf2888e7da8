"""`rightcall corrections`: what is wrong put right (GDPR Art. 16): the right value beside the holding, what is open in other
systems, and who is told."""

import sys
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from rightcall.cli.answering import answer_signed
from rightcall.cli.as_json import Commands
from rightcall.cli.desk import Desk, desk
from rightcall.cli.given import read_id
from rightcall.cli.lists import print_table
from rightcall.cli.place import ControllerOption, DataOption, JsonOption
from rightcall.cli.signed_in import TokenOption
from rightcall.cli.words import words
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.naming import system_names
from rightcall.errors import Malformed, NotFound
from rightcall.ids import CorrectionId, HoldingId, RequestId
from rightcall.later import later
from rightcall.personal import Personal
from rightcall.requests import correcting, telling
from rightcall.requests.correcting import Correction
from rightcall.requests.corrections.model import Task, ToKeepers, ToRecipient
from rightcall.requests.informing.model import Informed, Reply
from rightcall.staff.model import Deed

_of_request = later("rightcall.api.corrections:of_request")
_of_holding = later("rightcall.api.corrections:of_holding")

app = Commands(no_args_is_help=True, help="Corrections: the right value, what is open in other systems, and who is told.")
RequestArgument = Annotated[str, typer.Argument(help="The request for rectification: its id.")]
HoldingArgument = Annotated[str, typer.Argument(help="What is wrong: the holding's id.")]
CorrectionArgument = Annotated[str, typer.Argument(help="The correction's id. `rightcall corrections list` prints them.")]
RecipientArgument = Annotated[str, typer.Argument(help="The recipient's name or id.")]
SystemArgument = Annotated[str, typer.Argument(help="The system's name or id.")]
_FOR = "show a correction to who enters it elsewhere"


@app.command("list")
def list_corrections(
    token: TokenOption,
    request: RequestArgument,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Show what was corrected for a request and whether it counts, what is open in other systems and why, and which recipients
    were told."""
    if as_json:
        answer_signed(lambda door: _of_request(door, _uuid(request)), Deed.ANSWER_REQUEST, token, controller, data)
        return
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        found = correcting.of_request(at.tx, at.house.vault, RequestId(_uuid(request)))
        _show(at, found)
    standing = [each for each in found if each.stands]
    waiting = sum(each.done_at is None for one in standing for each in one.tasks)
    untold = sum(notice.told_at is None for one in standing for _, notice in one.recipients)
    words().print(f"{len(found):,} corrections; open in systems: {waiting:,}; recipients to be told: {untold:,}.")


@app.command("of-holding")
def of_holding(
    token: TokenOption,
    holding: HoldingArgument,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Show every correction of one holding, the one that counts last."""
    if as_json:
        answer_signed(lambda door: _of_holding(door, _uuid(holding)), Deed.ANSWER_REQUEST, token, controller, data)
        return
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        _show(at, correcting.of_holding(at.tx, at.house.vault, HoldingId(_uuid(holding))))


@app.command()
def enter(
    token: TokenOption,
    request: RequestArgument,
    holding: HoldingArgument,
    value: Annotated[Path, typer.Argument(help="A file with the right value; - reads standard input.", allow_dash=True)],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Enter the right value of what is held. The correction's id is the last line of standard output."""
    right = _value(value)
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        house, of, wrong = at.house, RequestId(_uuid(request)), HoldingId(_uuid(holding))
        made = correcting.correct(at.tx, house.vault, house.clock, of, wrong, right, by=at.who.actor)
        [entered] = [each for each in correcting.of_request(at.tx, house.vault, of) if each.id == made]
    words().print(f"Sealed beside what is held. Systems with such data: {len(entered.tasks):,}; the worker tries them first.")
    if entered.recipients:
        words().print(f"Recipients to be told: {len(entered.recipients):,}. `rightcall corrections letter` writes to each.")
    print(made)


@app.command()
def done(
    token: TokenOption,
    request: RequestArgument,
    correction: CorrectionArgument,
    system: SystemArgument,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Say that you put it right in a system, and looked."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        of, which, there = RequestId(_uuid(request)), CorrectionId(_uuid(correction)), systems.get(at.tx, system).id
        correcting.put_right_in(at.tx, at.house.clock, of, which, there, by=at.who.actor)
    words().print("Written down.")


@app.command("keeper-letter")
def keeper_letter(
    token: TokenOption,
    request: RequestArgument,
    correction: CorrectionArgument,
    system: SystemArgument,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print the letter to those who look after a system in which nothing is put right from here, in their language."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        _print_letter(at, _keepers(at, request, correction, system))


@app.command("take-back")
def take_back(
    token: TokenOption,
    request: RequestArgument,
    correction: CorrectionArgument,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Say that a correction was entered by mistake: what it had replaced counts again."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        of, which = RequestId(_uuid(request)), CorrectionId(_uuid(correction))
        correcting.take_back(at.tx, at.house.vault, at.house.clock, of, which, by=at.who.actor)
    words().print("Taken back. It stays in the list as what happened.")


@app.command("keeper-told")
def keeper_told(
    token: TokenOption,
    request: RequestArgument,
    correction: CorrectionArgument,
    system: SystemArgument,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Say that the letter to those who look after a system was sent."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        telling.tell(at.tx, at.house.clock, _keepers(at, request, correction, system), by=at.who.actor)
    words().print("Written down. It counts as right there once they say so, and it was read there again.")


@app.command("keeper-answered")
def keeper_answered(
    token: TokenOption,
    request: RequestArgument,
    correction: CorrectionArgument,
    system: SystemArgument,
    answer: Annotated[Reply, typer.Option(help="What they said.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Enter what those who look after a system answered. Where they say that it is right, the worker reads it there again."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        telling.answer(at.tx, at.house.clock, _keepers(at, request, correction, system), answer, by=at.who.actor)
    reads = " The worker of `rightcall serve` reads it there again, within seconds." if answer is not Reply.DISAGREES else ""
    words().print(f"Written down.{reads}")


@app.command()
def letter(
    token: TokenOption,
    request: RequestArgument,
    correction: CorrectionArgument,
    recipient: RecipientArgument,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print the letter to a recipient of what was wrong. It says whom it is about: Rightcall sends nothing itself."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        _print_letter(at, _recipient(at, request, correction, recipient))


@app.command()
def told(
    token: TokenOption,
    request: RequestArgument,
    correction: CorrectionArgument,
    recipient: RecipientArgument,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Say that the letter to a recipient was sent."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        telling.tell(at.tx, at.house.clock, _recipient(at, request, correction, recipient), by=at.who.actor)
    words().print("Written down.")


@app.command()
def answered(
    token: TokenOption,
    request: RequestArgument,
    correction: CorrectionArgument,
    recipient: RecipientArgument,
    answer: Annotated[Reply, typer.Option(help="What it said.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Enter what a recipient answered, also after the request was."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        telling.answer(at.tx, at.house.clock, _recipient(at, request, correction, recipient), answer, by=at.who.actor)
    words().print("Written down.")


def _show(at: Desk, found: list[Correction]) -> None:
    """What is of one correction stands in the rows behind it."""
    names, rows = system_names(at.tx), list[tuple[object, ...]]()
    for each in found:
        value = each.value.reveal(_FOR) if isinstance(each.value, Personal) else "dark: the person was erased"
        was = each.was.reveal(_FOR) if isinstance(each.was, Personal) else ""
        rows.append((f"{each.entered_at:%Y-%m-%d %H:%M}Z", value, was, "here", _stands(each), each.holding, each.id))
        rows += [("", "", "", names.get(task.system, str(task.system)), _task(task), "", each.id) for task in each.tasks]
        rows += [("", "", "", to.name, _notice(notice), "", each.id) for to, notice in each.recipients]
    print_table(("Entered", "Right", "Was", "Where", "How it stands", "Holding", "Correction"), rows)


def _stands(each: Correction) -> str:
    if each.taken_back_at is not None:
        return f"TAKEN BACK {each.taken_back_at:%Y-%m-%d %H:%M}Z: it was entered by mistake"
    return "it counts" if each.stands else "REPLACED: something else was entered in its place"


def _task(task: Task) -> str:
    if task.done_at is not None:
        by = "" if task.done_by is None else f" by {task.done_by.role}"
        return f"right since {task.done_at:%Y-%m-%d %H:%M}Z{by}"
    if task.why is None:
        return "waits for the worker"
    why = task.why.value.replace("_", " ")
    if task.told_at is None:
        return f"waits for you: {why}"
    told = f"{why}; its keepers were told {task.told_at:%Y-%m-%d}"
    if task.answer is None:
        return f"{told}, no answer yet"
    return f"{told}, {task.answer.value.replace('_', ' ')}{'' if task.is_looked_at else '; the worker reads it again'}"


def _notice(notice: Informed) -> str:
    if notice.told_at is None:
        return "to be told"
    said = "no answer yet" if notice.answer is None else notice.answer.value.replace("_", " ")
    return f"told {notice.told_at:%Y-%m-%d}, {said}"


def _print_letter(at: Desk, to: ToKeepers | ToRecipient) -> None:
    print(telling.letter(at.tx, at.house.vault, at.house.clock, to).text)


def _keepers(at: Desk, request: str, correction: str, system: str) -> ToKeepers:
    of, which = RequestId(_uuid(request)), CorrectionId(_uuid(correction))
    return ToKeepers(request=of, correction=which, system=systems.get(at.tx, system).id)


def _recipient(at: Desk, request: str, correction: str, named: str) -> ToRecipient:
    found = _correction(at, request, correction)
    for to, _ in found.recipients:
        if named in (to.name, str(to.id)):
            return ToRecipient(request=found.request, correction=found.id, recipient=to.id)
    raise NotFound("No recipient of that name is to be told of this correction. `rightcall corrections list` shows them.")


def _correction(at: Desk, request: str, correction: str) -> Correction:
    wanted = CorrectionId(_uuid(correction))
    for each in correcting.of_request(at.tx, at.house.vault, RequestId(_uuid(request))):
        if each.id == wanted:
            return each
    raise NotFound("There is no such correction of this request. `rightcall corrections list` shows them.")


def _value(place: Path) -> Personal[str]:
    """One value, without what ends its line."""
    try:
        text = sys.stdin.read() if str(place) == "-" else place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Malformed("The file with the right value cannot be read as text. Check its path and its rights.") from error
    value = text.rstrip("\r\n")
    if not value.strip():
        raise Malformed("Nothing is written there. Give the right value, in a file or on standard input.")
    return Personal(value)


def _uuid(text: str) -> UUID:
    return read_id(text, "`rightcall requests list` prints those of requests, `rightcall held` of things.")
