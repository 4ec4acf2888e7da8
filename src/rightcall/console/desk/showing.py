"""The desk as it is looked at: whose call it is, the call itself, and the stream by which an open page hears of changes."""

import json
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response, StreamingResponse

from rightcall.calls import actions as calls
from rightcall.console.desk.place import confirmed, shown, watch_of
from rightcall.console.desk.reading import Seen, mark_of, read
from rightcall.console.desk.watch import STALE_SECONDS, Known, Watch
from rightcall.console.desk.whose import next_call, own_call
from rightcall.console.door import Inside, inside
from rightcall.database.connection import Transaction
from rightcall.design.answers import onwards
from rightcall.ids import CallId, ControllerId
from rightcall.staff.model import Deed

router = APIRouter(prefix="/desk")
At = Annotated[Inside, Depends(inside(Deed.PAUSE_CALL))]
Language = Annotated[str, Query(max_length=20)]
_SHOWN = 50
_TICK_SECONDS = 1.5
# Short, so that a session that has ended meanwhile is noticed, and a server that stops is not kept waiting.
_STREAM_SECONDS = 20.0


@router.get("")
def waiting(request: Request, who: At, pick: Annotated[bool, Query()] = False) -> Response:
    """On to their own call where there is one. Else those that are on, to pick one; `pick`: in any case, beside their own."""

    def deed(tx: Transaction) -> tuple[CallId | None, list[tuple[object, object]]]:
        on = calls.active(tx, limit=_SHOWN)
        together = calls.together(tx, [each.id for each in on])
        return own_call(tx, who), [
            (each, [party.role.value for party in together[each.id][1] if party.left_at is None]) for each in on
        ]

    own, on = who.run(deed)
    if own is not None and not pick:
        return onwards(f"/desk/{own}")
    return shown(request, "desk/waiting", who, on=on, most=_SHOWN, beside=True, seen=own and seen(request, who, own, ""))


@router.get("/stream")
async def stream_of_calls(request: Request, who: At) -> StreamingResponse:
    """A word whenever another call has come."""
    return _events(_of_calls(watch_of(request), who.controller))


@router.get("/{call}")
def show(request: Request, who: At, call: UUID, language: Language = "") -> HTMLResponse:
    return shown(request, "desk/call", who, beside=False, seen=seen(request, who, CallId(call), language))


@router.get("/{call}/now")
def now(request: Request, who: At, call: UUID, language: Language = "", beside: Annotated[bool, Query()] = False) -> HTMLResponse:
    """The part of the page that changes, for the script to put in its place. `beside` another page: the light, the pauses and
    what can be taken back, and nobody is asked."""
    return shown(request, "desk/now", who, beside=beside, seen=seen(request, who, CallId(call), language))


@router.get("/{call}/stream")
async def stream(request: Request, who: At, call: UUID) -> StreamingResponse:
    """What changes of the call: a mark of what is so now, at once and then every second or so."""
    await run_in_threadpool(who.run, lambda tx: calls.get(tx, CallId(call)))
    return _events(_of_call(watch_of(request), who.controller, CallId(call)))


def seen(request: Request, who: Inside, call: CallId, language: str) -> Seen:
    word, clock, role = confirmed(request, who, call), who.house.clock, who.actor.role

    def deed(tx: Transaction) -> Seen:
        found = read(tx, call, role=role, language=language, confirmed=word, now=clock.now())
        return replace(found, next=next_call(tx, who, call)) if found.is_over else found

    return who.run(deed)


async def _of_call(watch: Watch, controller: ControllerId, call: CallId) -> AsyncGenerator[str, None]:
    until = time.monotonic() + _STREAM_SECONDS
    async with aclosing(watch.of_call(controller, call, at_least_every=_TICK_SECONDS)) as news:
        async for known in news:
            yield _event("gate", mark_of(known.version, _is_sure(known)))
            if time.monotonic() > until:
                return


async def _of_calls(watch: Watch, controller: ControllerId) -> AsyncGenerator[str, None]:
    until = time.monotonic() + _STREAM_SECONDS
    async with aclosing(watch.of_calls(controller, at_least_every=_TICK_SECONDS)) as news:
        async for newest in news:
            yield _event("calls", str(newest or "-"))
            if time.monotonic() > until:
                return


def _is_sure(known: Known) -> bool:
    return known.is_confirmed and (known.version is None or time.monotonic() - known.at < STALE_SECONDS)


def _event(name: str, mark: str) -> str:
    return f"event: {name}\ndata: {json.dumps(mark)}\n\n"


def _events(of: AsyncGenerator[str, None]) -> StreamingResponse:
    async def lines() -> AsyncIterator[str]:
        yield "retry: 100\n\n"
        async with aclosing(of):
            async for each in of:
                yield each

    # For a proxy in front: what is held back is of no use (nginx reads this).
    return StreamingResponse(lines(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
