"""What people ask of the company: what waits, until when; one request with its clock and each step; and answering it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.clock import day_of
from rightcall.console.door import Inside, inside, sending
from rightcall.console.sheets import page
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.ids import RequestId
from rightcall.requests import actions as requests
from rightcall.requests import appeals, letters, limiting, proving
from rightcall.requests.conflicts import actions as conflicts
from rightcall.requests.conflicts.model import Weighed
from rightcall.requests.letters import LetterKind
from rightcall.requests.model import Asked, DenialGround, ExtensionReason, Happened, Stage
from rightcall.requests.model import Request as Wish
from rightcall.requests.proving import HELPS
from rightcall.requests.rules import AUTOMATIC, check_by_hand
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/requests")
Looking = Annotated[Inside, Depends(inside(Deed.SEE_REQUESTS))]
Entering = Annotated[Inside, Depends(sending(Deed.MAKE_REQUEST))]
Answering = Annotated[Inside, Depends(sending(Deed.ANSWER_REQUEST))]
_A_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Where today lies between the day it came and the last day that it may take, in hundredths; and the day it is due."""

    today: float
    due: float
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """One request with all that is known of it. `by_hand`: a person answers it, and no procedure does."""

    wish: Wish
    steps: Sequence[Happened]
    waits_for: Sequence[str]
    weighed: Sequence[Weighed]
    asked: Asked
    clock: Clock
    by_hand: bool
    letters: Sequence[LetterKind]


@router.get("")
def list_requests(
    request: Request,
    who: Looking,
    every: Annotated[bool, Query()] = False,
    after: Annotated[UUID | None, Query()] = None,
) -> HTMLResponse:
    """Those that wait, the first due first; or `every` one, the newest first."""

    def deed(tx: Transaction) -> list[Wish]:
        found = requests.recent if every else requests.waiting
        return found(tx, after=None if after is None else RequestId(after), limit=_A_PAGE)

    listed = who.run(deed)
    further = listed[-1].id if len(listed) == _A_PAGE else None
    today = day_of(who.house.clock.now())
    return html(page(request, "requests", who, listed=listed, every=every, further=further, today=today))


@router.get("/{wish}")
def show(request: Request, who: Looking, wish: UUID) -> HTMLResponse:
    whole = who.run(lambda tx: _whole(tx, who, RequestId(wish)))
    choices = {"grounds": list(DenialGround), "reasons": list(ExtensionReason)}
    return html(page(request, "request", who, whole=whole, **choices, may=who.may(Deed.ANSWER_REQUEST)))


@router.get("/{wish}/letters/{letter}")
def read_letter(request: Request, who: Looking, wish: UUID, letter: LetterKind) -> HTMLResponse:
    """What the person is told, in their language."""

    def deed(tx: Transaction) -> letters.Letter:
        found = requests.get(tx, RequestId(wish))
        steps, weighed = requests.progress(tx, found.id), conflicts.weighed(tx, found.id)
        missing = proving.missing_of(tx, who.house.clock, found)
        return letters.letter(letter, found, steps, missing, controllers.get(tx), weighed)

    return html(page(request, "letter", who, letter=who.run(deed), kind=letter, wish=wish))


@router.post("/{wish}/acknowledge")
def acknowledge(who: Entering, wish: UUID) -> Response:
    return _done(who, wish, lambda tx, id: requests.acknowledge(tx, who.house.clock, id, by=who.actor))


@router.post("/{wish}/extend")
def extend(who: Answering, wish: UUID, reason: Annotated[ExtensionReason, Form()]) -> Response:
    return _done(who, wish, lambda tx, id: requests.extend(tx, who.house.clock, id, reason=reason, by=who.actor))


@router.post("/{wish}/fulfil")
def fulfil(who: Answering, wish: UUID) -> Response:
    def deed(tx: Transaction, id: RequestId) -> None:
        check_by_hand(requests.get(tx, id))
        requests.fulfil(tx, who.house.clock, id, by=who.actor)

    return _done(who, wish, deed)


@router.post("/{wish}/deny")
def deny(who: Answering, wish: UUID, ground: Annotated[DenialGround, Form()]) -> Response:
    def deed(tx: Transaction, id: RequestId) -> None:
        check_by_hand(requests.get(tx, id))
        requests.deny(tx, who.house.clock, id, ground=ground, by=who.actor)

    return _done(who, wish, deed)


@router.post("/{wish}/lift")
def lift(who: Answering, wish: UUID, told: Annotated[bool, Form()] = False) -> Response:
    """`told`: the person was told that it is going to be lifted; without it, it is."""
    taken = limiting.tell_before_lifting if told else limiting.lift
    return _done(who, wish, lambda tx, id: taken(tx, who.house.clock, id, by=who.actor))


@router.post("/{wish}/appeal")
def decide_appeal(
    who: Annotated[Inside, Depends(sending(Deed.DECIDE_APPEAL))], wish: UUID, stands: Annotated[bool, Form()]
) -> Response:
    """By another person than the one who denied it."""
    return _done(who, wish, lambda tx, id: appeals.decide(tx, who.house.clock, id, stands=stands, by=who.actor))


def _done(who: Inside, wish: UUID, deed: Callable[[Transaction, RequestId], object]) -> Response:
    who.run(lambda tx: deed(tx, RequestId(wish)))
    return onwards(f"/console/requests/{wish}")


def _whole(tx: Transaction, who: Inside, id: RequestId) -> Whole:
    clock = who.house.clock
    wish = requests.get(tx, id)
    steps = requests.progress(tx, id)
    return Whole(
        wish=wish,
        steps=steps,
        waits_for=[HELPS[each] for each in proving.missing_of(tx, clock, wish)],
        weighed=conflicts.weighed(tx, id),
        asked=requests.asked_before(tx, clock, wish),
        clock=_clock(wish, day_of(clock.now())),
        by_hand=wish.kind not in AUTOMATIC,
        letters=letters.written_for(wish),
    )


def _clock(wish: Wish, today: date) -> Clock:
    came = day_of(wish.received_at)
    whole = max((wish.longest_on - came).days, 1)
    return Clock(
        today=min(100.0, 100 * (today - came).days / whole),
        due=100 * (wish.due_on - came).days / whole,
        is_late=wish.stage is not Stage.ANSWERED and today > wish.due_on,
    )
