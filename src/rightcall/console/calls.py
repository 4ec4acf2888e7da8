"""Calls: which are on, which were, and of each what was captured, by whose word, and what was not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from rightcall.calls import actions as calls
from rightcall.calls.model import Call, Party
from rightcall.consent import actions as consent
from rightcall.consent.model import Standing
from rightcall.console.door import Inside, inside
from rightcall.console.lanes import lanes
from rightcall.console.sheets import page, tongue_of
from rightcall.database.connection import Transaction
from rightcall.design.answers import html
from rightcall.errors import NotFound
from rightcall.ids import CallId, PartyId, PurposeId
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.recordings import actions as recordings
from rightcall.recordings.model import CallState, TimelineEntry
from rightcall.recordings.saying import HAPPENED, why
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/calls")
_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """One call of the list. `kept`: how many stretches of sound were kept of it; None where no recorder ever had it."""

    call: Call
    parties: Sequence[Party]
    kept: int | None


@dataclass(frozen=True, slots=True)
class Whole:
    """All that is known of one call. `names`: how each party is called here, since who they are stands elsewhere."""

    call: Call
    parties: Sequence[Party]
    names: Mapping[PartyId, str]
    purposes: Mapping[PurposeId, Purpose]
    standing: Mapping[tuple[PartyId, PurposeId], Standing]
    state: CallState | None
    timeline: Sequence[TimelineEntry]
    until: datetime


@router.get("")
def list_calls(
    request: Request,
    who: Annotated[Inside, Depends(inside(Deed.SEE_CALLS))],
    on: Annotated[bool, Query()] = False,
    before: Annotated[UUID | None, Query()] = None,
) -> HTMLResponse:
    """`on`: those that go on now. `before`: the last of the page before."""

    def deed(tx: Transaction) -> list[Listed]:
        found = calls.active(tx, limit=_A_PAGE) if on else calls.newest(tx, CallId(before) if before else None, _A_PAGE)
        ids = [each.id for each in found]
        together, kept = calls.together(tx, ids), recordings.count_takes(tx, ids)
        return [Listed(each, together[each.id][1], kept.get(each.id)) for each in found]

    listed = who.run(deed)
    earlier = listed[-1].call.id if len(listed) == _A_PAGE and not on else None
    return html(page(request, "calls", who, listed=listed, on=on, earlier=earlier))


@router.get("/{call}")
def show(request: Request, who: Annotated[Inside, Depends(inside(Deed.SEE_CALLS))], call: UUID) -> HTMLResponse:
    whole = who.run(lambda tx: _whole(tx, CallId(call), who.house.clock.now()))
    drawn = lanes(whole.call, whole.until, whole.names, whole.state, tongue_of(request))
    return html(page(request, "call", who, whole=whole, drawn=drawn, happened=HAPPENED, why=why))


def _state(tx: Transaction, call: CallId) -> CallState | None:
    try:
        return recordings.call_state(tx, call)
    except NotFound:
        return None


def _whole(tx: Transaction, id: CallId, now: datetime) -> Whole:
    call, parties = calls.get(tx, id), calls.parties(tx, id)
    return Whole(
        call=call,
        parties=parties,
        names=_names(parties),
        purposes={each.id: each for each in purposes.all_purposes(tx)},
        standing=consent.standing(tx, id),
        state=_state(tx, id),
        timeline=recordings.timeline(tx, id),
        until=call.ended_at or now,
    )


def _names(parties: Sequence[Party]) -> dict[PartyId, str]:
    """By what they are in this call; several of one sort are numbered."""
    sorts = [each.role for each in parties]
    named = {}
    for nth, each in enumerate(parties):
        word = each.role.value.replace("_", " ")
        named[each.id] = word if sorts.count(each.role) == 1 else f"{word} {sorts[: nth + 1].count(each.role)}"
    return named
