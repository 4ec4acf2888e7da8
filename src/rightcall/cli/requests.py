"""`rightcall requests`: what people ask, how far it is, and until when it is answered."""

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from rightcall.cli import agents, mails, packages
from rightcall.cli.answering import answer_signed
from rightcall.cli.as_json import Commands
from rightcall.cli.desk import desk
from rightcall.cli.exits import answer_no
from rightcall.cli.given import read_day, read_id
from rightcall.cli.lists import print_table
from rightcall.cli.place import ControllerOption, DataOption, JsonOption
from rightcall.cli.signed_in import TokenOption
from rightcall.cli.words import words
from rightcall.clock import day_of
from rightcall.controllers import actions as controllers
from rightcall.errors import Malformed, NotFound
from rightcall.ids import RequestId, SubjectId
from rightcall.later import later
from rightcall.ledger.checkpoint import key_of
from rightcall.personal import Personal
from rightcall.requests import actions as requests
from rightcall.requests import carried, going_without, letters, limiting, proving, staying
from rightcall.requests.actions import Came
from rightcall.requests.conflicts import actions as conflicts
from rightcall.requests.letters import LetterKind
from rightcall.requests.model import (
    Behalf,
    Channel,
    DenialGround,
    ExtensionReason,
    Mandate,
    MandateEvidence,
    Missing,
    NotTheirs,
    ProofKind,
    ProofRefusal,
    RequestKind,
    Wish,
    WithoutReason,
)
from rightcall.requests.outside import outside
from rightcall.requests.rules import check_deniable, check_said_done
from rightcall.requests.staying import Told
from rightcall.requests.still_held import still_held
from rightcall.staff.model import Deed
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Limit

_wishes = later("rightcall.api.wishes:list_wishes")
_request = later("rightcall.api.requests:get_request")
_requests = later("rightcall.api.requests:list_waiting")

app = Commands(no_args_is_help=True, help="What people ask of you, how far it is, and until when it is answered.")
app.add_typer(packages.app, name="package")
SubjectArgument = Annotated[str, typer.Argument(help="The subject's id. `rightcall held` prints it.")]
RequestArgument = Annotated[str, typer.Argument(help="The request's id. `rightcall requests list` prints them.")]
_MOST = 500

app.command("take")(mails.take)
app.command("mails")(mails.list_mails)
app.command("read")(mails.show)
app.command("enter-mail")(mails.enter)
app.command("dismiss-mail")(mails.dismiss)
app.command("add-agent")(agents.add)
app.command("agents")(agents.list_agents)
app.command("retire-agent")(agents.retire)


@app.command()
def enter(
    token: TokenOption,
    subject: Annotated[str, typer.Argument(help="Who asks: the subject's id.")],
    kind: Annotated[RequestKind, typer.Option(help="What they ask.")],
    channel: Annotated[Channel, typer.Option(help="How it came: email for a letter, too.")] = Channel.PHONE,
    language: Annotated[str, typer.Option(help="In which language they are answered.")] = "en",
    lives_in: Annotated[str | None, typer.Option(help="Where they say that they live, such as DE or US-CA.")] = None,
    behalf: Annotated[Behalf, typer.Option(help="For whom they ask.")] = Behalf.SELF,
    proof: Annotated[ProofKind | None, typer.Option(help="Your word for who asks. Unsaid, a DPO vouches for it.")] = None,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Enter what a person asks. The request's id is the last line of standard output."""
    came, of = Came(channel=channel, language=language, lives_in=lives_in, behalf=behalf), SubjectId(_uuid(subject))
    with desk(data, token, controller, Deed.MAKE_REQUEST) as at:
        tx, vault, clock, by = at.tx, at.house.vault, at.house.clock, at.who.actor
        receive = requests.receive if proof is None else requests.receive_unproved
        made = receive(tx, vault, clock, subject=of, kind=kind, by=by, came=came)
        refused = None if proof is None else proving.prove(tx, clock, made.id, proof=proof, by=by)
        asked = requests.get(tx, made.id)
        waits_for = proving.missing_of(tx, clock, asked)
    if waits_for:
        words().print("\n".join(["Nothing is done yet:", *(f"  {each}" for each in _helps(waits_for, refused))]))
    words().print(f"To be answered by {asked.due_on} ({asked.cite}).")
    if asked.acknowledged_at is None:
        words().print(f"Tell the person that it came, then: rightcall requests acknowledge {asked.id}")
    print(asked.id)


def _helps(waits_for: Sequence[Missing], refused: ProofRefusal | None) -> Iterator[str]:
    """What to do for each. Where a word for who asks was not taken, what to do instead of it."""
    for each in waits_for:
        if each is Missing.IDENTITY and refused is not None:
            yield f"Your word for who asks was not taken. {proving.REFUSED[refused]}"
        else:
            yield proving.HELPS[each]


@app.command("list")
def list_requests(
    token: TokenOption, as_json: JsonOption = False, controller: ControllerOption = None, data: DataOption = None
) -> None:
    """Print those that wait for an answer, the first due first."""
    if as_json:
        answer_signed(lambda door: _requests(door, None, _MOST), Deed.SEE_REQUESTS, token, controller, data)
        return
    with desk(data, token, controller, Deed.SEE_REQUESTS) as at:
        found = staying.told(at.tx, requests.waiting(at.tx, limit=_MOST))
        today = day_of(at.house.clock.now())
    rows = [(each.asked.kind, each.asked.channel, _due(each.asked.due_on, today), each.state, each.asked.id) for each in found]
    print_table(("Asks", "By", "Due", "State", "Request"), rows)
    words().print(f"{len(found):,} wait." if len(found) < _MOST else f"The first {_MOST:,} that wait.")


@app.command()
def show(
    token: TokenOption,
    request: RequestArgument,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print one request and each step of it."""
    if as_json:
        answer_signed(lambda door: _request(door, _uuid(request)), Deed.SEE_REQUESTS, token, controller, data)
        return
    with desk(data, token, controller, Deed.SEE_REQUESTS) as at:
        found = requests.get(at.tx, RequestId(_uuid(request)))
        steps = requests.progress(at.tx, found.id)
        waits_for = proving.missing_of(at.tx, at.house.clock, found)
        doubtful = proving.doubtful_records(at.tx, found)
        [told] = staying.told(at.tx, [found])
    print(_line(told))
    if waits_for:
        print(f"waits for: {', '.join(waits_for)}")
    if doubtful:
        print(f"records that may be about this person: {doubtful}; rightcall links list --of {found.subject}")
    print(f"by the law of {found.law}: {found.cite}; at the latest {found.longest_on}")
    for each in steps:
        print(f"{each.at:%Y-%m-%d %H:%M:%S}Z  {each.step:<13}  {each.by.role:<10}  {each.detail or '-'}")


@app.command("letter")
def write_letter(
    token: TokenOption,
    request: RequestArgument,
    letter: Annotated[LetterKind, typer.Option(help="Which one.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print what the person is told, in their language."""
    with desk(data, token, controller, Deed.MAKE_REQUEST) as at:
        found = requests.get(at.tx, RequestId(_uuid(request)))
        waits_for = proving.missing_of(at.tx, at.house.clock, found)
        steps = requests.progress(at.tx, found.id)
        weighed = conflicts.weighed(at.tx, found.id)
        company, today = controllers.get(at.tx), day_of(at.house.clock.now())
        away, held, days = outside(at.tx, found), still_held(at.tx, found), at.house.settings.epoch_days
        written = letters.letter(letter, found, steps, waits_for, company, weighed, away, today, days, held)
    for paragraph in written.paragraphs:
        print(paragraph)


@app.command()
def prove(
    token: TokenOption,
    request: RequestArgument,
    proof: Annotated[ProofKind | None, typer.Option(help="Your word for who asks.")] = None,
    receipt: Annotated[Path | None, typer.Option(help="File with the receipt that the person holds, in place of a word.")] = None,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Say how it was shown who asks: by your word, or by a receipt that the person holds."""
    if (proof is None) == (receipt is None):
        raise Malformed("Say one of the two: --proof with your word, or --receipt with the file that the person holds.")
    with desk(data, token, controller, Deed.MAKE_REQUEST) as at:
        id = RequestId(_uuid(request))
        if receipt is not None:
            key = key_of(at.house.signer).text
            file = _read(receipt)
            why = proving.prove_by_receipt(at.tx, at.house.clock, id, file=file, key=key, by=at.who.actor)
        else:
            why = proving.prove(at.tx, at.house.clock, id, proof=proof or ProofKind.VOUCHED, by=at.who.actor)
    if why is not None:
        words().print(f"Not taken: {why}. {proving.REFUSED[why]}")
        raise answer_no()
    words().print("Taken.")


@app.command()
def mandate(
    token: TokenOption,
    request: RequestArgument,
    who: Annotated[str, typer.Option(help="File with the name of who asks; - for standard input.")],
    evidence: Annotated[MandateEvidence, typer.Option(help="What you saw.")],
    until: Annotated[str, typer.Option(help="Until which day it holds, as YYYY-MM-DD.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Say that who asks for another showed you that they may. No copy is kept."""
    name = Personal(sys.stdin.read().strip() if who == "-" else _read(Path(who)).decode("utf-8", "replace").strip())
    shown = Mandate(who=name, evidence=evidence, until=read_day(until))
    with desk(data, token, controller, Deed.MAKE_REQUEST) as at:
        proving.mandate(at.tx, at.house.vault, at.house.clock, RequestId(_uuid(request)), shown, by=at.who.actor)
    words().print("Written down.")


@app.command()
def acknowledge(
    token: TokenOption, request: RequestArgument, controller: ControllerOption = None, data: DataOption = None
) -> None:
    """Write down that the person was told that it came."""
    with desk(data, token, controller, Deed.MAKE_REQUEST) as at:
        requests.acknowledge(at.tx, at.house.clock, RequestId(_uuid(request)), by=at.who.actor)
    words().print("Written down.")


@app.command()
def lift(
    token: TokenOption,
    request: RequestArgument,
    told: Annotated[bool, typer.Option("--told", help="Only write down that the person was told.")] = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Lift the restriction, or the objection, by a request. First with --told, once you have told the person; then without."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        deed = limiting.tell_before_lifting if told else limiting.lift
        deed(at.tx, at.house.clock, RequestId(_uuid(request)), by=at.who.actor)
    words().print("Written down." if told else "Lifted.")


@app.command()
def wishes(
    token: TokenOption,
    subject: SubjectArgument,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print what a person wants of the use of their data, and by which requests, or joins that were undone, it stands."""
    if as_json:
        answer_signed(lambda door: _wishes(door, _uuid(subject)), Deed.SEE_REQUESTS, token, controller, data)
        return
    with desk(data, token, controller, Deed.SEE_REQUESTS) as at:
        found = carried.wishes_of(at.tx, subjects.get(at.tx, SubjectId(_uuid(subject))).id)
    for each in found:
        print(f"{each.limit}  since {day_of(each.since)}  {_why(each)}")
    if not found:
        words().print("Nothing stands by a word of theirs, or one of somebody they were taken for.")


@app.command("not-theirs")
def not_theirs(
    token: TokenOption,
    subject: SubjectArgument,
    limit: Annotated[Limit, typer.Option(help="What stands.")],
    reason: Annotated[NotTheirs, typer.Option(help="Why it stands no longer for them.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Lift for a person what a join brought that was undone since: they never asked for it. Whoever asked keeps it."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        house, id = at.house, SubjectId(_uuid(subject))
        carried.lift(at.tx, house.vault, house.clock, id, limit, reason=reason, by=at.who.actor)
    words().print("Lifted for them. Whoever asked keeps it.")


@app.command()
def extend(
    token: TokenOption,
    request: RequestArgument,
    reason: Annotated[ExtensionReason, typer.Option(help="Why, as the person was told.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Take more time, once, before the first time is over."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        until = requests.extend(at.tx, at.house.clock, RequestId(_uuid(request)), reason=reason, by=at.who.actor)
    words().print(f"To be answered by {until}.")


@app.command("go-on")
def go_on(
    token: TokenOption,
    request: RequestArgument,
    reason: Annotated[WithoutReason, typer.Option(help="Why it does not wait.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Go on with a request without the records of which nobody has said whose they are."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        records = going_without.go_on_without(at.tx, at.house.clock, RequestId(_uuid(request)), reason=reason, by=at.who.actor)
    words().print(f"It goes on without {records} records, and its answer says so.")


@app.command()
def fulfil(token: TokenOption, request: RequestArgument, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Say that what was asked is done. Rightcall says so itself of an erasure and a withdrawal."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        id = RequestId(_uuid(request))
        check_said_done(requests.get(at.tx, id))
        requests.fulfil(at.tx, at.house.clock, id, by=at.who.actor)
    words().print("Answered: fulfilled.")


@app.command()
def deny(
    token: TokenOption,
    request: RequestArgument,
    ground: Annotated[DenialGround, typer.Option(help="Why.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Refuse what was asked, for a named ground."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        id = RequestId(_uuid(request))
        check_deniable(requests.get(at.tx, id))
        requests.deny(at.tx, at.house.clock, id, ground=ground, by=at.who.actor)
    words().print("Answered: denied.")


def _why(wish: Wish) -> str:
    if not wish.is_carried:
        return f"by their request {', '.join(map(str, wish.requests))}"
    joins = ", ".join(str(each.id) for each in wish.came_by) or "none"
    there = f", by the request {', '.join(map(str, wish.asked_there))}" if wish.asked_there else ""
    return f"no request of theirs: it came by a join that was undone ({joins}){there}"


def _uuid(text: str) -> UUID:
    return read_id(text, "`rightcall requests list` prints those of requests.")


def _read(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError as error:
        raise NotFound("That file cannot be read. Give one that is there.") from error


def _due(on: date, today: date) -> str:
    return f"{on}{' LATE' if on < today else ''}"


def _line(told: Told) -> str:
    request = told.asked
    return f"{request.id}  {request.kind:<13}  {request.channel:<6}  due {request.due_on}  {told.state}"
