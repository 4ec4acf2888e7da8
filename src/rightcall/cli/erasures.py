"""`rightcall erasure`: how far erasures are in other systems, what needs a person, and which recipients were told."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from rightcall.activities.model import Recipient
from rightcall.activities.processors import deciding
from rightcall.activities.processors.deciding import Candidate
from rightcall.activities.telling import actions as telling
from rightcall.activities.telling.model import Answer, Notice, Said, Teller, WhyNot, Word
from rightcall.cli.answering import answer_signed
from rightcall.cli.as_json import Commands
from rightcall.cli.desk import Desk, desk
from rightcall.cli.given import read_id
from rightcall.cli.lists import print_table
from rightcall.cli.place import ControllerOption, DataOption, JsonOption
from rightcall.cli.signed_in import TokenOption
from rightcall.cli.words import printable, words
from rightcall.database.connection import Transaction
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.naming import system_names
from rightcall.erasure import actions as erasures
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.elsewhere.model import Errand, KeeperSaid, OpenPlace, PlaceState
from rightcall.erasure.model import Erasure
from rightcall.errors import NotFound
from rightcall.holdings.holds.model import Hold
from rightcall.holdings.model import Holding
from rightcall.holdings.uses.saying import often
from rightcall.ids import ErasureId, SystemId
from rightcall.later import later
from rightcall.staff.model import Deed

_erasure = later("rightcall.api.erasures:get_erasure")
_places = later("rightcall.api.erasures:list_places")
_erasures = later("rightcall.api.erasures:list_erasures")
_question = later("rightcall.api.asked_by_records:get_question")

app = Commands(no_args_is_help=True, help="Erasures: what is open in other systems, what needs you, and who was told.")
ErasureArgument = Annotated[str, typer.Argument(help="The erasure's id: that of its request.")]
SystemArgument = Annotated[str, typer.Argument(help="The system's name or id.")]
RecipientArgument = Annotated[str, typer.Argument(help="The recipient's name.")]
_MOST = 500


@app.command("list")
def list_erasures(
    token: TokenOption, as_json: JsonOption = False, controller: ControllerOption = None, data: DataOption = None
) -> None:
    """Show those of which something is open, a row for each system and each recipient."""
    if as_json:
        answer_signed(_erasures, Deed.SEE_REQUESTS, token, controller, data)
        return
    with desk(data, token, controller, Deed.SEE_REQUESTS) as at:
        tx = at.tx
        found = sorted({*erasures.unfinished(tx), *elsewhere.open_books(tx, _MOST), *telling.untold(tx)})
        roots = sorted({erasures.get(tx, each).root for each in found})
        rows = [row for each in roots for row in _rows(at, each)]
    print_table(("Begun", "What", "Where", "How it stands", "Erasure"), rows)
    words().print("1 erasure has something open." if len(roots) == 1 else f"{len(roots):,} erasures have something open.")


@app.command()
def show(
    token: TokenOption,
    erasure: ErasureArgument,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Show one: what we kept, each system, each recipient."""
    if as_json:
        answer_signed(lambda door: _erasure(door, _id(erasure)), Deed.SEE_REQUESTS, token, controller, data)
        return
    with desk(data, token, controller, Deed.SEE_REQUESTS) as at:
        _show(at, _id(erasure))


@app.command()
def places(
    token: TokenOption,
    erasure: ErasureArgument,
    system: SystemArgument,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Show where something is open or out of reach in one system: for those who look after it. One place a line."""
    if as_json:
        answer_signed(lambda door: _places(door, _id(erasure), system, None, _MOST), Deed.ANSWER_REQUEST, token, controller, data)
        return
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        of = systems.get(at.tx, system).id
        for each in erasures.going_to(at.tx, _id(erasure), of):
            _print_places(at, each)


def _print_places(at: Desk, errand: Errand) -> None:
    page = None
    while True:
        found = elsewhere.places(at.tx, at.house.vault, erasure=errand.erasure, system=errand.system, after=page, limit=_MOST)
        for each in found:
            print(_place(each))
        if len(found) < _MOST:
            return
        page = found[-1].holding


@app.command()
def retry(
    token: TokenOption,
    erasure: ErasureArgument,
    system: SystemArgument,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Try a system at once, whatever the pause: you have mended something. The worker does it."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        of = systems.get(at.tx, system).id
        erasures.see_to(at.tx, at.house.clock, erasure=_id(erasure), system=of)
    words().print("The worker of `rightcall serve` tries it within seconds.")


@app.command("keeper-letter")
def keeper_letter(
    token: TokenOption,
    erasure: ErasureArgument,
    system: SystemArgument,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print the letter to those who look after a system out of reach, in their language: what to delete, and where each lies."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        of = systems.get(at.tx, system).id
        found = telling.keepers_letter(at.tx, at.house.vault, at.house.clock, erasure=_id(erasure), system=of)
    print(found.text)


@app.command("keeper-told")
def keeper_told(
    token: TokenOption,
    erasure: ErasureArgument,
    system: SystemArgument,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Say that those who look after a system out of reach were told what to let go of."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        of = systems.get(at.tx, system).id
        erasures.tell_keeper(at.tx, at.house.vault, at.house.clock, erasure=_id(erasure), system=of, by=at.who.actor)
    words().print("Written down. The certificate is made anew, with the day.")


@app.command("keeper-answered")
def keeper_answered(
    token: TokenOption,
    erasure: ErasureArgument,
    system: SystemArgument,
    answer: Annotated[KeeperSaid, typer.Option(help="What they said.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Enter what those who look after a system out of reach said. A scan of it shows whether it is so."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        of = systems.get(at.tx, system).id
        erasures.keeper_answered(at.tx, at.house.clock, erasure=_id(erasure), system=of, answer=answer, by=at.who.actor)
    words().print("Written down. Whether it is gone there shows when the system is scanned again.")


@app.command()
def letter(
    token: TokenOption,
    erasure: ErasureArgument,
    recipient: RecipientArgument,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print the letter to a recipient. It says whom it is about: Rightcall sends nothing itself."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        to, _ = _recipient(at.tx, _id(erasure), recipient)
        text = telling.letter(at.tx, at.house.vault, at.house.clock, erasure=_id(erasure), recipient=to.id)
    print(text)


@app.command()
def told(
    token: TokenOption,
    erasure: ErasureArgument,
    recipient: RecipientArgument,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Say that the letter to a recipient was sent."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        to, _ = _recipient(at.tx, _id(erasure), recipient)
        telling.tell(at.tx, at.house.vault, at.house.clock, erasure=_id(erasure), recipient=to.id, by=at.who.actor)
    words().print("Written down.")


@app.command()
def answered(
    token: TokenOption,
    erasure: ErasureArgument,
    recipient: RecipientArgument,
    answer: Annotated[Answer, typer.Option(help="What it said.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Enter what a recipient answered."""
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        to, _ = _recipient(at.tx, _id(erasure), recipient)
        telling.answer(at.tx, at.house.clock, erasure=_id(erasure), recipient=to.id, answer=answer, by=at.who.actor)
    words().print("Written down.")


@app.command()
def question(
    token: TokenOption,
    erasure: ErasureArgument,
    recipient: RecipientArgument,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Show by what records of other systems know whoever was erased, and how sure that is: whether a processor is asked by it."""
    id = _id(erasure)
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        to, _ = _recipient(at.tx, id, recipient)
        found = None if as_json else deciding.question(at.tx, at.house.vault, erasure=id, recipient=to.id)
        names = system_names(at.tx)
    if found is None:
        answer_signed(lambda door: _question(door, id, to.id), Deed.ANSWER_REQUEST, token, controller, data)
        return
    for each in found.candidates:
        _candidate(each, names)
    if found.unread:
        print(f"{found.unread:,} more could not be read before the key went, or said something else by then.")
    print(_said(found.notice.said) if found.notice.said else "Nobody has said yet whether it is asked.")


@app.command()
def ask(
    token: TokenOption,
    erasure: ErasureArgument,
    recipient: RecipientArgument,
    by: Annotated[list[int], typer.Option("--with", help="The number of what it is asked by. Once for each.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Ask a processor to erase by what records tell. It cannot be taken back."""
    _say(data, token, controller, erasure, recipient, Word.ASK, None, by)
    words().print("The worker of `rightcall serve` asks it within seconds.")


@app.command("do-not-ask")
def do_not_ask(
    token: TokenOption,
    erasure: ErasureArgument,
    recipient: RecipientArgument,
    because: Annotated[WhyNot, typer.Option(help="Why not. The certificate says so.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Do not ask a processor by what records tell: it is told by letter."""
    _say(data, token, controller, erasure, recipient, Word.DO_NOT, because, [])
    words().print("Written down. It is still to be told: `rightcall erasure letter` prints the letter.")


def _say(
    data: Path | None,
    token: str,
    controller: str | None,
    erasure: str,
    recipient: str,
    word: Word,
    why_not: WhyNot | None,
    chosen: Sequence[int],
) -> None:
    with desk(data, token, controller, Deed.ANSWER_REQUEST) as at:
        id, house = _id(erasure), at.house
        to, _ = _recipient(at.tx, id, recipient)
        deciding.decide(
            at.tx,
            house.vault,
            house.clock,
            erasure=id,
            recipient=to.id,
            word=word,
            why_not=why_not,
            chosen=chosen,
            by=at.who.actor,
        )


def _candidate(each: Candidate, names: Mapping[SystemId, str]) -> None:
    """1  email  ada@caller.example  sent hashed (sha256); nobody else here had it; told by 2 records:"""
    told = each.told
    value = printable(told.identifier.value.reveal("show by what a processor would be asked"))
    sent = "this processor does not take it" if each.sent_as is None else f"sent as {each.sent_as[0]} ({each.sent_as[1]})"
    others = f"{told.others:,} others here had it too" if told.others else "nobody else here had it"
    many = "1 record" if told.records == 1 else f"{told.records:,} records"
    print(f"{each.number}  {told.identifier.kind.value:<12}  {value}  {sent}; {others}; told by {many}:")
    for teller in told.tellers:
        print(f"   {_teller(teller, names)}")


def _teller(teller: Teller, names: Mapping[SystemId, str]) -> str:
    where = "  ".join(printable(each) for each in (names.get(teller.system, "?"), teller.object, teller.row) if each)
    how = "by somebody's word" if teller.by_person else teller.state.value
    if not teller.says:
        return f"{where}  {how}: the first that told of them, so it was compared with nothing"
    return f"{where}  {how}, {teller.score:.2%}: {'; '.join(teller.says)}"


def _said(said: Said) -> str:
    if said.why_not is not None:
        return f"Not asked, said {said.at:%Y-%m-%d}, because: {said.why_not.value.replace('_', ' ')}"
    return f"To be asked, said {said.at:%Y-%m-%d}, by {', '.join(map(str, said.chosen))}"


def _show(at: Desk, id: ErasureId) -> None:
    """Of the whole person: what is of another of their subjects is addressed by the id before it."""
    erasure = erasures.as_one(at.tx, id)
    print(f"{erasure.id}  begun {erasure.begun_at:%Y-%m-%d %H:%M}Z  ours: {_ours(erasure)}")
    for part in erasures.whole(at.tx, id):
        if part.part_of is not None:
            print(f"  {part.id}  another subject of the same person")
        for what, where, stands in _of_part(at, part):
            print(f"  {what:<9}  {where:<24}  {stands}" if where else f"  {what:<9}  {stands}")


def _rows(at: Desk, id: ErasureId) -> Iterator[tuple[object, ...]]:
    """The same as a table, with what other commands take at the end of each row."""
    erasure = erasures.as_one(at.tx, id)
    begun = f"{erasure.begun_at:%Y-%m-%d %H:%M}Z"
    yield begun, "ours", "Rightcall", _ours(erasure), erasure.id
    for part in erasures.whole(at.tx, id):
        for what, where, stands in _of_part(at, part):
            yield begun, what, where, stands, part.id


def _ours(erasure: Erasure) -> str:
    ours = "confirmed gone" if erasure.confirmed_at else "being deleted" if erasure.destroyed_at else "not begun"
    return f"{ours}, {erasure.held:,} under a hold" if erasure.held else ours


def _of_part(at: Desk, part: Erasure) -> Iterator[tuple[str, str, str]]:
    """What, where, and how it stands: of one subject."""
    names = system_names(at.tx)
    for each in elsewhere.errands(at.tx, part.id):
        yield "system", names.get(each.system, str(each.system)), _errand(each)
    for hold, kept in erasures.kept_and_why(at.tx, part.subject):
        yield "kept", "", _kept(hold, kept, names)
    for to, notice in telling.notices(at.tx, part.id):
        yield "recipient", to.name, _notice(notice)


def _kept(hold: Hold, kept: Sequence[Holding], names: Mapping[SystemId, str]) -> str:
    """dispute-2026-1: 2 in crm, kept because of legal_claims (ZPO § 142) until 2027-01-31"""
    law = "" if hold.law is None else f" ({hold.law})"
    places = Counter("Rightcall" if each.place.system is None else names.get(each.place.system, "?") for each in kept)
    where = ", ".join(f"{number:,} in {printable(place)}" for place, number in sorted(places.items()))
    return f"{hold.name}: {where}, kept because of {hold.reason}{law} until {hold.ends_on}"


def _errand(errand: Errand) -> str:
    counts = ", ".join(f"{number:,} {state.value.replace('_', ' ')}" for state, number in errand.places.items())
    said = [counts]
    if errand.count(PlaceState.OUTSIDE):
        said.append(
            "its keepers are to be told" if errand.told_at is None else f"its keepers were told {errand.told_at:%Y-%m-%d}"
        )
        said += [f"they said: {errand.answer.value.replace('_', ' ')}"] if errand.answer else []
    if errand.trouble is not None and errand.failing_since is not None:
        said.append(f"{errand.trouble.value.replace('_', ' ')} since {errand.failing_since:%Y-%m-%d %H:%M}Z")
        said.append(
            f"tried {often(errand.failures)}, next {errand.due_at:%Y-%m-%d %H:%M}Z" if errand.due_at else "not tried again"
        )
    if errand.elsewhere:
        said.append(f"seen elsewhere in it since: {errand.elsewhere:,}")
    if errand.escalated_at is not None or errand.elsewhere:
        said.append("NEEDS YOU")
    return "; ".join(said)


def _notice(notice: Notice) -> str:
    if notice.answer is not None and notice.answered_at is not None:
        return f"answered {notice.answered_at:%Y-%m-%d}: {notice.answer.value.replace('_', ' ')}"
    if notice.told_at is not None:
        return f"told {notice.told_at:%Y-%m-%d}, no answer yet"
    if notice.waits_for_word:
        return "to be told; whether it is asked by what records tell is for a person to say: NEEDS YOU"
    return "to be told" if notice.said is None else f"to be told; {_said(notice.said)[0].lower()}{_said(notice.said)[1:]}"


def _place(place: OpenPlace) -> str:
    if place.spot is None:
        return f"{place.state.value:<12}  nobody knows where exactly"
    spot = place.spot
    stretch = "" if spot.start is None else f"  {spot.start}-{spot.end}"
    where = "  ".join(printable(each or "-") for each in (spot.object, spot.row, spot.field))
    return f"{place.state.value:<12}  {where}{stretch}"


def _recipient(tx: Transaction, erasure: ErasureId, name: str) -> tuple[Recipient, Notice]:
    for to, notice in telling.notices_of_person(tx, erasure):
        if name in (to.name, str(to.id)):
            return to, notice
    raise NotFound("This recipient is not to be told of this erasure. `rightcall erasure show` lists who is.")


def _id(given: str) -> ErasureId:
    return ErasureId(read_id(given, "An erasure has that of its request: `rightcall requests list` prints it."))
