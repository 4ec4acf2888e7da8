"""`rightcall erasure`: how far erasures are in other systems, what needs a person, and which recipients were told."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from rightcall.activities.model import Recipient
from rightcall.activities.telling import actions as telling
from rightcall.activities.telling.model import Answer, Notice
from rightcall.cli.found import printable
from rightcall.cli.place import ControllerOption, DataOption, house_of
from rightcall.cli.signed_in import SignedIn, TokenOption, signed_in
from rightcall.cli.words import words
from rightcall.database.connection import Transaction
from rightcall.discovery.systems import actions as systems
from rightcall.erasure import actions as erasures
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.elsewhere.model import Errand, OpenPlace, PlaceState
from rightcall.erasure.model import Erasure
from rightcall.errors import Malformed, NotFound
from rightcall.holdings.holds.model import Hold
from rightcall.holdings.model import Holding
from rightcall.ids import ErasureId, SystemId
from rightcall.settings import load_settings
from rightcall.staff.model import Deed
from rightcall.wiring import House

app = typer.Typer(no_args_is_help=True, help="Erasures: what is open in other systems, what needs you, and who was told.")
ErasureArgument = Annotated[str, typer.Argument(help="The erasure's id: that of its request.")]
SystemArgument = Annotated[str, typer.Argument(help="The system's name or id.")]
RecipientArgument = Annotated[str, typer.Argument(help="The recipient's name.")]
_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where one command works: in one transaction of the token's controller."""

    house: House
    who: SignedIn
    tx: Transaction


@app.command("list")
def list_erasures(token: TokenOption, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Show those of which something is open, one a line for each system and each recipient."""
    with _desk(data, token, controller, Deed.SEE_REQUESTS) as desk:
        tx = desk.tx
        found = sorted({*erasures.unfinished(tx), *elsewhere.open_books(tx, _MOST), *telling.untold(tx)})
        for each in found:
            _show(desk, erasures.get(tx, each))
    words().print(f"{len(found):,} erasures have something open.")


@app.command()
def show(token: TokenOption, erasure: ErasureArgument, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Show one: what we kept, each system, each recipient."""
    with _desk(data, token, controller, Deed.SEE_REQUESTS) as desk:
        _show(desk, erasures.get(desk.tx, _id(erasure)))


@app.command()
def places(
    token: TokenOption,
    erasure: ErasureArgument,
    system: SystemArgument,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Show where something is open or out of reach in one system: for those who look after it. One place a line."""
    with _desk(data, token, controller, Deed.ANSWER_REQUEST) as desk:
        of, page = systems.get(desk.tx, system).id, None
        while True:
            found = elsewhere.places(desk.tx, desk.house.vault, erasure=_id(erasure), system=of, after=page, limit=_MOST)
            for each in found:
                print(_place(each))
            if len(found) < _MOST:
                break
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
    with _desk(data, token, controller, Deed.ANSWER_REQUEST) as desk:
        of = systems.get(desk.tx, system).id
        elsewhere.try_now(desk.tx, desk.house.clock, erasure=_id(erasure), system=of)
    words().print("The worker of `rightcall serve` tries it within seconds.")


@app.command("keeper-told")
def keeper_told(
    token: TokenOption,
    erasure: ErasureArgument,
    system: SystemArgument,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Say that those who look after a system out of reach were told what to let go of."""
    with _desk(data, token, controller, Deed.ANSWER_REQUEST) as desk:
        of = systems.get(desk.tx, system).id
        erasures.tell_keeper(desk.tx, desk.house.vault, desk.house.clock, erasure=_id(erasure), system=of, by=desk.who.actor)
    words().print("Written down. The certificate is made anew, with the day.")


@app.command()
def letter(
    token: TokenOption,
    erasure: ErasureArgument,
    recipient: RecipientArgument,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print the letter to a recipient. It says whom it is about: Rightcall sends nothing itself."""
    with _desk(data, token, controller, Deed.ANSWER_REQUEST) as desk:
        to, _ = _recipient(desk.tx, _id(erasure), recipient)
        text = telling.letter(desk.tx, desk.house.vault, desk.house.clock, erasure=_id(erasure), recipient=to.id)
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
    with _desk(data, token, controller, Deed.ANSWER_REQUEST) as desk:
        to, _ = _recipient(desk.tx, _id(erasure), recipient)
        telling.tell(desk.tx, desk.house.vault, desk.house.clock, erasure=_id(erasure), recipient=to.id, by=desk.who.actor)
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
    with _desk(data, token, controller, Deed.ANSWER_REQUEST) as desk:
        to, _ = _recipient(desk.tx, _id(erasure), recipient)
        telling.answer(desk.tx, desk.house.clock, erasure=_id(erasure), recipient=to.id, answer=answer, by=desk.who.actor)
    words().print("Written down.")


def _show(desk: Desk, erasure: Erasure) -> None:
    ours = "confirmed gone" if erasure.confirmed_at else "being deleted" if erasure.destroyed_at else "not begun"
    held = f", {erasure.held:,} under a hold" if erasure.held else ""
    print(f"{erasure.id}  begun {erasure.begun_at:%Y-%m-%d %H:%M}Z  ours: {ours}{held}")
    names = {each.id: each.name.text for each in systems.systems(desk.tx)}
    for each in elsewhere.errands(desk.tx, erasure.id):
        print(f"  system     {names.get(each.system, str(each.system)):<24}  {_errand(each)}")
    for hold, kept in erasures.kept_and_why(desk.tx, erasure.subject):
        print(f"  kept       {_kept(hold, kept, names)}")
    for to, notice in telling.notices(desk.tx, erasure.id):
        print(f"  recipient  {to.name:<24}  {_notice(notice)}")


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
    if errand.trouble is not None and errand.failing_since is not None:
        said.append(f"{errand.trouble.value.replace('_', ' ')} since {errand.failing_since:%Y-%m-%d %H:%M}Z")
        said.append(
            f"tried {errand.failures:,} times, next {errand.due_at:%Y-%m-%d %H:%M}Z" if errand.due_at else "not tried again"
        )
    if errand.escalated_at is not None:
        said.append("NEEDS YOU")
    return "; ".join(said)


def _notice(notice: Notice) -> str:
    if notice.answer is not None and notice.answered_at is not None:
        return f"answered {notice.answered_at:%Y-%m-%d}: {notice.answer.value.replace('_', ' ')}"
    return "to be told" if notice.told_at is None else f"told {notice.told_at:%Y-%m-%d}, no answer yet"


def _place(place: OpenPlace) -> str:
    if place.spot is None:
        return f"{place.state.value:<12}  nobody knows where exactly"
    spot = place.spot
    stretch = "" if spot.start is None else f"  {spot.start}-{spot.end}"
    where = "  ".join(printable(each or "-") for each in (spot.object, spot.row, spot.field))
    return f"{place.state.value:<12}  {where}{stretch}"


def _recipient(tx: Transaction, erasure: ErasureId, name: str) -> tuple[Recipient, Notice]:
    for to, notice in telling.notices(tx, erasure):
        if name in (to.name, str(to.id)):
            return to, notice
    raise NotFound("This recipient is not to be told of this erasure. `rightcall erasure show` lists who is.")


def _id(given: str) -> ErasureId:
    try:
        return ErasureId(UUID(given))
    except ValueError as error:
        raise Malformed("An erasure is named by its id, a UUID: that of its request.") from error


@contextmanager
def _desk(data: Path | None, token: str, controller: str | None, deed: Deed) -> Iterator[Desk]:
    with house_of(load_settings(data=data)) as house:
        who = signed_in(house.database, house.clock, token, deed, controller)
        with house.database.transaction(who.controller) as tx:
            yield Desk(house=house, who=who, tx=tx)
