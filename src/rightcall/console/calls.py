"""Calls: which are on, which were, and of each what was captured, by whose word, and what was not."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from rightcall.actors import PartyRole, Role
from rightcall.calls import actions as calls
from rightcall.calls.alike import actions as alike
from rightcall.calls.alike.model import Alike, Trait
from rightcall.calls.model import Call, Party, TrunkId
from rightcall.consent.model import Standing
from rightcall.consent.standing import standing_in
from rightcall.console import kept, naming
from rightcall.console.door import Inside, inside
from rightcall.console.forbidding import forbidding
from rightcall.console.lanes import lanes
from rightcall.console.sheets import tongue_of
from rightcall.console.tables import seen_last, walk_of
from rightcall.console.tables import shown as answered
from rightcall.database.connection import Transaction
from rightcall.design.tables import Column, Table, View
from rightcall.errors import Malformed
from rightcall.house import House
from rightcall.ids import CallId, PartyId, PurposeId, SubjectId
from rightcall.policy.model import Reason
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.recordings import actions as recordings
from rightcall.recordings.history import maybe_call_state
from rightcall.recordings.model import CallState, TimelineEntry
from rightcall.recordings.saying import HAPPENED, why
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/calls")
_PICKED: Mapping[str, Mapping[str, Trait]] = {
    "yes": {"somebody": Trait.SAID_YES},
    "no": {"somebody": Trait.SAID_NO},
    "back": {"somebody": Trait.WITHDREW},
    "sound": {"some": Trait.SOUND, "nothing": Trait.NO_SOUND},
    "wrong": {"still open": Trait.CONCERN},
}
"""What each value that is picked of a column asks for."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One call of the list. `line`: what the way in is called, empty where none is known. `kept`: how many stretches of sound
    were kept of it; None where no recorder ever had it."""

    call: Call
    line: str
    parties: Sequence[Party]
    kept: int | None
    traits: frozenset[Trait]


def _seconds(each: Listed) -> float | None:
    return (each.call.ended_at - each.call.started_at).total_seconds() if each.call.ended_at else None


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
    kept: Sequence[kept.Kept]
    rules: Sequence[Reason]
    until: datetime


def _list(lines: Collection[str], *, sees_concerns: bool) -> Table[Listed]:
    """What a call is looked for by stands in files too. `sees_concerns`: the DPO, and nobody else, is told of a concern on the
    day it is raised."""
    return Table(
        file="calls",
        order="-began",
        columns=(
            Column("began", "Began", lambda each: each.call.started_at, is_period=True),
            Column("lasted", "Lasted", _seconds, is_sorted=False),
            Column("line", "Line", lambda each: each.line, is_picked=True, is_sorted=False, options=tuple(lines), is_own=True),
            Column("who", "Who", lambda each: ", ".join(party.role.value for party in each.parties), is_sorted=False),
            Column("agent", "Taken by (id)", _agent, is_typed=True, is_sorted=False, is_shown=False),
            _by_trait("yes", "Said yes"),
            _by_trait("no", "Said no"),
            _by_trait("back", "Took it back"),
            Column("kept", "Kept", lambda each: each.kept, is_sorted=False),
            _by_trait("sound", "Sound kept"),
            *((_by_trait("wrong", "Said to be wrong"),) if sees_concerns else ()),
            Column("id", "Id", lambda each: str(each.call.id), is_sorted=False, is_shown=False),
        ),
    )


def _by_trait(name: str, head: str) -> Column[Listed]:
    known = _PICKED[name]

    def value(each: Listed) -> str | None:
        return next((said for said, trait in known.items() if trait in each.traits), None)

    return Column(name, head, value, is_picked=True, is_sorted=False, is_shown=False, options=tuple(known))


def _agent(each: Listed) -> str:
    return ", ".join(str(party.subject) for party in each.parties if party.role is PartyRole.AGENT)


@router.get("")
def list_calls(
    request: Request,
    who: Annotated[Inside, Depends(inside(Deed.SEE_CALLS))],
    on: Annotated[bool, Query()] = False,
) -> Response:
    """`on`: those that go on now."""
    lines = who.run(alike.lines)

    def fetch(asked: View, limit: int) -> list[Listed]:
        like = _alike(asked, lines, on=on)
        return [] if like is None else who.run(lambda tx: _listed(tx, alike.page(tx, walk_of(asked), like, limit), lines))

    table = _list(dict.fromkeys(lines.values()), sees_concerns=who.actor.role is Role.DPO)
    listed = table.behind(fetch, lambda each: seen_last(each.call.started_at, each.call.id), request.query_params)
    return answered(request, "calls", who, listed=listed, on=on)


@router.get("/{call}")
def show(request: Request, who: Annotated[Inside, Depends(inside(Deed.SEE_CALLS))], call: UUID) -> Response:
    whole = who.run(lambda tx: _whole(tx, who.house, CallId(call)))
    drawn = lanes(whole.call, whole.until, whole.names, whole.state, tongue_of(request))
    names, known, address = whole.names, whole.purposes, request.query_params
    tables = {
        "answers": naming.answers(names, known).of(list(whole.standing.items()), address),
        "takes": kept.table(names, known, sees_uses=who.may(Deed.SEE_USES)).of(whole.kept, address),
        "timeline": naming.timeline(names, known).of(whole.timeline, address),
    }
    return answered(request, "call", who, whole=whole, **tables, drawn=drawn, happened=HAPPENED, why=why)


def _alike(asked: View, lines: Mapping[TrunkId, str], *, on: bool) -> Alike | None:
    """None where nothing can be like it: the page says which value it does not know. Of lines of one name it is the newest."""
    picked = [(name, value) for name, value in asked.picked.items() if name in _PICKED]
    named = {name: id for id, name in lines.items()}
    if any(value not in _PICKED[name] for name, value in picked) or asked.picked.get("line", "") not in {"", *named}:
        return None
    traits = frozenset(_PICKED[name][value] for name, value in picked) | ({Trait.ON} if on else set())
    return Alike(line=named.get(asked.picked.get("line", "")), agent=_person(asked.picked.get("agent", "")), traits=traits)


def _person(typed: str) -> SubjectId | None:
    try:
        return SubjectId(UUID(typed)) if typed else None
    except ValueError as error:
        raise Malformed("Who took a call is asked for by the id of a person, as a call or a person's page has it.") from error


def _listed(tx: Transaction, found: Sequence[Call], lines: Mapping[TrunkId, str]) -> list[Listed]:
    ids = [each.id for each in found]
    parties, kept, traits = calls.parties_of_each(tx, ids), recordings.count_takes(tx, ids), alike.traits_of(tx, found)
    return [
        Listed(
            call=each,
            line=lines[each.trunk] if each.trunk else "",
            parties=parties[each.id],
            kept=kept.get(each.id),
            traits=traits.get(each.id, frozenset()),
        )
        for each in found
    ]


def _whole(tx: Transaction, house: House, id: CallId) -> Whole:
    call, parties, state = calls.get(tx, id), calls.parties(tx, id), maybe_call_state(tx, id)
    return Whole(
        call=call,
        parties=parties,
        names=_names(parties),
        purposes=purposes.known(tx),
        standing=standing_in(tx, id),
        state=state,
        timeline=recordings.timeline(tx, id),
        kept=kept.kept(tx, house.vault, () if state is None else state.takes),
        rules=forbidding(tx, id),
        until=call.ended_at or house.clock.now(),
    )


def _names(parties: Sequence[Party]) -> dict[PartyId, str]:
    """By what they are in this call; several of one sort are numbered."""
    sorts = [each.role for each in parties]
    named = {}
    for nth, each in enumerate(parties):
        word = each.role.value.replace("_", " ")
        named[each.id] = word if sorts.count(each.role) == 1 else f"{word} {sorts[: nth + 1].count(each.role)}"
    return named
