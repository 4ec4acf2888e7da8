"""What is wrong with how systems keep data: how grave, how it shows, what to do; looking now, and accepting for a while."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.console.door import Inside, inside, sending
from rightcall.console.sheets import page
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.ids import SystemId
from rightcall.personal import Personal
from rightcall.safety import actions as safety
from rightcall.safety.model import AcceptReason, Weakness, WeaknessState, Where
from rightcall.safety.rules import ADVICE, SEVERITY
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/weaknesses")
Judging = Annotated[Inside, Depends(sending(Deed.JUDGE_SAFETY))]
REASONS = {
    AcceptReason.BEING_MENDED: "It is being mended",
    AcceptReason.SAFE_OTHERWISE: "It is kept safe in another way",
    AcceptReason.RISK_BORNE: "The risk is borne, knowingly",
    AcceptReason.NOT_SO: "It is not so",
}


@router.get("")
def list_weaknesses(
    request: Request,
    who: Annotated[Inside, Depends(inside(Deed.SEE_SAFETY))],
    system: Annotated[str, Query(max_length=60)] = "",
    state: Annotated[WeaknessState, Query()] = WeaknessState.OPEN,
) -> HTMLResponse:
    """The gravest first. `system`: only of this one."""

    def deed(tx: Transaction) -> tuple[list[tuple[Weakness, Sequence[Where]]], SystemNames, list[tuple[str, str]]]:
        of = None if not system else systems.get(tx, system)
        found = [each for each in safety.of_system(tx, of) if each.state is state]
        looked_at = [(str(each.id), each.name.text) for each in systems.systems(tx) if each.retired_at is None]
        return [(each, safety.where(tx, who.house.vault, each)) for each in found], system_names(tx), looked_at

    found, names, looked_at = who.run(deed)
    given = {"found": found, "names": names, "looked_at": looked_at, "picked": system, "state": state}
    words = {"severity": SEVERITY, "advice": ADVICE, "reasons": REASONS}
    return html(page(request, "weaknesses", who, **given, **words))


@router.post("/{weakness}/accept")
def accept(who: Judging, weakness: UUID, reason: Annotated[AcceptReason, Form()], until: Annotated[date, Form()]) -> Response:
    """`until`: the last day on which it stays."""
    who.run(lambda tx: safety.accept(tx, who.house.clock, weakness, reason=reason, until=until, by=who.actor))
    return onwards("/console/weaknesses?state=accepted")


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
    return onwards(f"/console/weaknesses?system={system}")
