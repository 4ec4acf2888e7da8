"""What is wrong with how systems keep data: how grave, how it shows, what to do; looking now, and accepting for a while."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from rightcall.clock import Clock, day_of
from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, MENDABLE, Filled, Sent, day, one_of
from rightcall.console.sheets import page
from rightcall.console.tables import shown as answered
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.tables import Column, Table
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.ids import SystemId
from rightcall.personal import Personal
from rightcall.safety import actions as safety
from rightcall.safety.model import AcceptReason, Weakness, WeaknessState
from rightcall.safety.rules import ADVICE, LONGEST, SEVERITY, check_until
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/weaknesses")
Judging = Annotated[Inside, Depends(sending(Deed.JUDGE_SAFETY))]
REASONS = {
    AcceptReason.BEING_MENDED: "It is being mended",
    AcceptReason.SAFE_OTHERWISE: "It is kept safe in another way",
    AcceptReason.RISK_BORNE: "The risk is borne, knowingly",
    AcceptReason.NOT_SO: "It is not so",
}


def _listed(names: SystemNames) -> Table[Weakness]:
    return Table(
        file="weaknesses",
        columns=(
            Column("kind", "What", lambda each: each.kind, is_picked=True),
            Column("severity", "How grave", lambda each: SEVERITY[each.kind], is_picked=True),
            Column("system", "System", lambda each: names[each.system], is_picked=True),
            Column("state", "State", lambda each: each.state, is_picked=True),
            Column("evidence", "How it shows", lambda each: each.evidence),
            Column("first", "Seen first", lambda each: each.first_seen_at, is_period=True),
            Column("last", "Seen last", lambda each: each.last_seen_at),
            Column("until", "Accepted until", lambda each: each.accepted_until),
        ),
    )


@router.get("")
def list_weaknesses(request: Request, who: Annotated[Inside, Depends(inside(Deed.SEE_SAFETY))]) -> Response:
    """Open ones first, the gravest of them first."""
    return _list(request, who, EMPTY)


def _list(request: Request, who: Inside, filled: Filled, at: UUID | None = None) -> Response:
    """`at`: the weakness whose form was not taken."""

    def deed(tx: Transaction) -> dict[str, object]:
        names, order = system_names(tx), list(WeaknessState)
        every = sorted(safety.of_system(tx), key=lambda each: order.index(each.state))
        found = _listed(names).of(every, request.query_params)
        return {
            "found": found,
            "places": {each.id: safety.where(tx, who.house.vault, each) for each in found},
            "names": names,
            "looked_at": [(str(each.id), each.name.text) for each in systems.systems(tx) if each.retired_at is None],
            "picked": found.asked.picked.get("system"),
        }

    today = day_of(who.house.clock.now())
    given = {"severity": SEVERITY, "advice": ADVICE, "reasons": REASONS, "filled": filled, "nothing": EMPTY, "at": at}
    given |= {"first_day": today + timedelta(days=1), "last_day": today + LONGEST, **who.run(deed)}
    if filled.says:
        return html(page(request, "weaknesses", who, **given), status=422)
    return answered(request, "weaknesses", who, **given)


@router.post("/{weakness}/accept")
def accept(request: Request, who: Judging, weakness: UUID, filled: Sent) -> Response:
    """Until its last day, for a reason."""
    try:
        reason, until = filled.read("reason", one_of(AcceptReason)), filled.read("until", _within_reach(who.house.clock))
        who.run(lambda tx: safety.accept(tx, who.house.clock, weakness, reason=reason, until=until, by=who.actor))
    except MENDABLE as error:
        return _list(request, who, filled.but(error), weakness)
    return onwards("/console/weaknesses?state=accepted")


def _within_reach(clock: Clock) -> Callable[[str], date]:
    """Until which somebody may accept it."""

    def reader(text: str) -> date:
        until = day(text)
        check_until(until, day_of(clock.now()))
        return until

    return reader


@router.post("/look/{system}")
def look(who: Judging, system: UUID) -> Response:
    """The system is opened, and what its scans found is weighed. Where it does not answer, nothing changed."""
    house = who.house

    def address(tx: Transaction) -> tuple[RegisteredSystem, Personal[str]]:
        found = systems.get(tx, SystemId(system))
        return found, systems.address_of(tx, house.vault, found)

    found, known = who.run(address)
    seen, unread_days = safety.seen(house.open_system, known), house.settings.minimisation_unread_days
    who.run(lambda tx: safety.look(tx, house.vault, house.clock, found, seen, unread_days=unread_days, by=who.actor))
    return onwards(f"/console/weaknesses?system={quote(found.name.text)}")
