"""What people ask of the company: what waits, until when; one request with its clock and each step; and answering it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.clock import day_of
from rightcall.console import columns
from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, MENDABLE, Filled, Sent, offered, one_of
from rightcall.console.people import KINDS
from rightcall.console.sheets import page
from rightcall.console.tables import file_asked, seen_last, walk_of
from rightcall.console.tables import shown as answered
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.database.walk import Walk
from rightcall.design.answers import html, onwards
from rightcall.design.tables import Column, Table, View
from rightcall.discovery.systems.naming import system_names
from rightcall.erasure import actions as erasures
from rightcall.ids import ErasureId, RequestId
from rightcall.requests import actions as requests
from rightcall.requests import appeals, going_without, letters, limiting, proving, staying
from rightcall.requests.conflicts import actions as conflicts
from rightcall.requests.conflicts.model import Weighed
from rightcall.requests.identity import NEEDS, Need
from rightcall.requests.letters import LetterKind
from rightcall.requests.model import (
    Answered,
    Asked,
    Behalf,
    Channel,
    DenialGround,
    ExtensionReason,
    Happened,
    MandateEvidence,
    ProofKind,
    ProofRefusal,
    RequestKind,
    Stage,
    Step,
    WithoutReason,
)
from rightcall.requests.model import Request as Wish
from rightcall.requests.outside import outside
from rightcall.requests.packages.showing import Copy, copy_of
from rightcall.requests.proving import HELPS
from rightcall.requests.rules import AUTOMATIC, check_deniable, check_said_done, grounds_of
from rightcall.requests.staying import Staying, Told
from rightcall.requests.still_held import still_held
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/requests")
Looking = Annotated[Inside, Depends(inside(Deed.SEE_REQUESTS))]
Entering = Annotated[Inside, Depends(sending(Deed.MAKE_REQUEST))]
Answering = Annotated[Inside, Depends(sending(Deed.ANSWER_REQUEST))]
_MOST = 1000
"""Requests that wait and are looked through; a file has them all."""
PROOFS = {
    ProofKind.CALL_BACK: "I rang them at the number on file",
    ProofKind.RECOGNISED: "They speak from the number on file, or write from the address there",
    ProofKind.SIGNED_IN: "They are signed in to their account with us",
    ProofKind.VOUCHED: "I answer for it that it is them",
}
"""What somebody's word says of who asks."""
SHOWN_BY = {
    ProofKind.CALL_BACK: "somebody rang them at the number on file",
    ProofKind.RECOGNISED: "they speak from the number on file, or write from the address there",
    ProofKind.CODE: "a code that went to what is on file",
    ProofKind.RECEIPT: "the receipt of a choice of theirs",
    ProofKind.SIGNED_IN: "they are signed in to their account with us",
    ProofKind.VOUCHED: "the DPO answers for it",
}
BEHALF = {
    Behalf.SELF: "The person themselves",
    Behalf.REPRESENTATIVE: "Somebody who acts for them",
    Behalf.PARENT: "A parent, for a child",
}
_CAME_BY = {
    Channel.PORTAL: "their own page",
    Channel.EMAIL: "e-mail or letter",
    Channel.PHONE: "telephone",
    Channel.API: "another program",
    Channel.DRP: "an agent whom they authorised",
}
WITHOUT = {
    WithoutReason.PERSON_AGREED: "They were told, and do not want to wait",
    WithoutReason.CANNOT_BE_TOLD: "Nothing says whose these records are",
    WithoutReason.TIME_IS_SHORT: "The law's last day comes first",
}
_DETAILS: Mapping[str, str] = {
    **{proof.value: words for proof, words in SHOWN_BY.items()},
    **{reason.value: words for reason, words in WITHOUT.items()},
}
_STEPS = {
    Step.PROVED: "it was shown who asks",
    Step.PROOF_REFUSED: "what was shown did not tell who asks",
    Step.MANDATED: "it was shown that they may ask",
    Step.GONE_WITHOUT: "gone on without the records of which nobody knows whose they are",
    Step.READY: "nothing is missing",
    Step.PUT_BACK: "put back, since something else goes first",
    Step.LIMITED: "what is kept of them is not used any more",
    Step.TOLD_BEFORE_LIFTING: "they were told that it is going to be lifted",
    Step.APPEALED: "they appealed",
    Step.UPHELD: "the denial stands",
    Step.REOPENED: "opened again",
}

_LETTERS = {
    LetterKind.ACKNOWLEDGEMENT: "That it came",
    LetterKind.EXTENSION: "That it takes longer",
    LetterKind.PROGRESS: "How far it is",
    LetterKind.ANSWER: "The answer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Where today lies between the day it came and the last day that it may take, in hundredths; and the day it is due."""

    today: float
    due: float
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """One request with all that is known of it. `by_hand`: a person answers it, and no procedure does. `missing`: the sorts of
    what `waits_for` says. `need`: how sure it has to be who asks. `stands`: a restriction or an objection by it does; `was_told`:
    that it is going to be lifted. `waits_for_decision`: an appeal does. `doubtful`: so many records may be about the
    person, and nobody has said whose they are, or had when it was begun or answered. `copy`: how far it is, where one is asked
    for. `staying`: what an erasure that was begun has left so far. `certified`: the
    erasure, where it has a certificate."""

    wish: Wish
    steps: Sequence[Happened]
    waits_for: Sequence[str]
    weighed: Sequence[Weighed]
    asked: Asked
    clock: Clock
    by_hand: bool
    letters: Sequence[LetterKind]
    missing: Sequence[str]
    need: Need
    stands: bool
    was_told: bool
    waits_for_decision: bool
    doubtful: int
    copy: Copy | None
    staying: Staying | None
    certified: ErasureId | None

    @property
    def is_partly(self) -> bool:
        """It was answered, and something of what was to go is there still."""
        return self.wish.outcome is Answered.FULFILLED and self.staying is not None and not self.staying.is_over


def _listed(today: date, *, every: bool) -> Table[Told]:
    """Of `every` one only the order in time has an index."""

    def late(each: Told) -> str:
        is_open = each.asked.stage is not Stage.ANSWERED or each.tell is not None
        return "late" if is_open and each.asked.due_on < today else "in time"

    kinds = tuple(RequestKind)
    return Table(
        file="requests",
        order="-came" if every else "due",
        columns=(
            Column("kind", "What they ask", lambda each: each.asked.kind, is_picked=True, is_sorted=not every, options=kinds),
            Column("came", "Came", lambda each: each.asked.received_at, is_period=True),
            Column("due", "Due", lambda each: each.asked.due_on, is_sorted=not every),
            Column("state", "How far", lambda each: each.state, is_picked=not every, is_sorted=not every),
            Column("late", "Late", late, is_picked=not every, is_shown=False, is_sorted=False),
            Column("told", "They were told", lambda each: each.asked.acknowledged_at, is_shown=False, is_sorted=False),
            Column("id", "Id", lambda each: str(each.asked.id), is_shown=False, is_sorted=False),
        ),
    )


@router.get("")
def list_requests(request: Request, who: Looking, every: Annotated[bool, Query()] = False) -> Response:
    """Those that wait, the first due first; or `every` one, the newest first."""
    today = day_of(who.house.clock.now())
    table = _listed(today, every=every)

    def fetch(asked: View, limit: int) -> list[Told]:
        kind = asked.picked.get("kind")
        if kind is not None and kind not in set(RequestKind):
            return []
        only = None if kind is None else RequestKind(kind)
        return who.run(lambda tx: staying.told(tx, requests.page(tx, walk_of(asked), kind=only, limit=limit)))

    if every:
        listed = table.behind(fetch, lambda each: seen_last(each.asked.received_at, each.asked.id), request.query_params)
    else:
        most = None if "as" in request.query_params else _MOST
        listed = table.of(who.run(lambda tx: staying.told(tx, requests.waiting(tx, limit=most))), request.query_params, most)
    was_asked = bool(listed) or bool(who.run(lambda tx: requests.page(tx, Walk(), kind=None, limit=1)))
    return answered(request, "requests", who, listed=listed, every=every, today=today, was_asked=was_asked)


@router.get("/{wish}")
def show(
    request: Request,
    who: Looking,
    wish: UUID,
    refused: Annotated[ProofRefusal | None, Query()] = None,
    code: Annotated[UUID | None, Query()] = None,
) -> Response:
    """`refused`: why a proof was just not taken. `code`: a one-time code that was just sent."""
    says = "" if refused is None else proving.REFUSED[refused]
    steps = columns.STEPS.of(who.run(lambda tx: requests.progress(tx, RequestId(wish))), request.query_params)
    return file_asked(request, steps) or html(shown(request, who, RequestId(wish), offered(code=code), says=says))


@router.get("/{wish}/letters/{letter}")
def read_letter(request: Request, who: Looking, wish: UUID, letter: LetterKind) -> HTMLResponse:
    """What the person is told, in their language."""

    def deed(tx: Transaction) -> letters.Letter:
        found = requests.get(tx, RequestId(wish))
        steps, weighed = requests.progress(tx, found.id), conflicts.weighed(tx, found.id)
        missing = proving.missing_of(tx, who.house.clock, found)
        company, today = controllers.get(tx), day_of(who.house.clock.now())
        away, held, days = outside(tx, found), still_held(tx, found), who.house.settings.epoch_days
        return letters.letter(letter, found, steps, missing, company, weighed, away, today, days, held)

    return html(page(request, "letter", who, letter=who.run(deed), says=_LETTERS[letter], wish=wish))


@router.post("/{wish}/acknowledge")
def acknowledge(request: Request, who: Entering, wish: UUID) -> Response:
    return done(request, who, wish, EMPTY, lambda tx, id: requests.acknowledge(tx, who.house.clock, id, by=who.actor))


@router.post("/{wish}/extend")
def extend(request: Request, who: Answering, wish: UUID, filled: Sent) -> Response:
    def deed(tx: Transaction, id: RequestId) -> None:
        requests.extend(tx, who.house.clock, id, reason=filled.read("reason", one_of(ExtensionReason)), by=who.actor)

    return done(request, who, wish, filled, deed)


@router.post("/{wish}/go-on")
def go_on(request: Request, who: Answering, wish: UUID, filled: Sent) -> Response:
    """Without the records of which nobody has said whose they are."""

    def deed(tx: Transaction, id: RequestId) -> None:
        why = filled.read("without", one_of(WithoutReason))
        going_without.go_on_without(tx, who.house.clock, id, reason=why, by=who.actor)

    return done(request, who, wish, filled, deed)


@router.post("/{wish}/fulfil")
def fulfil(request: Request, who: Answering, wish: UUID) -> Response:
    def deed(tx: Transaction, id: RequestId) -> None:
        check_said_done(requests.get(tx, id))
        requests.fulfil(tx, who.house.clock, id, by=who.actor)

    return done(request, who, wish, EMPTY, deed)


@router.post("/{wish}/deny")
def deny(request: Request, who: Answering, wish: UUID, filled: Sent) -> Response:
    def deed(tx: Transaction, id: RequestId) -> None:
        check_deniable(requests.get(tx, id))
        requests.deny(tx, who.house.clock, id, ground=filled.read("ground", one_of(DenialGround)), by=who.actor)

    return done(request, who, wish, filled, deed)


@router.post("/{wish}/lift")
def lift(request: Request, who: Answering, wish: UUID, told: Annotated[bool, Form()] = False) -> Response:
    """`told`: the person was told that it is going to be lifted; without it, it is."""
    taken = limiting.tell_before_lifting if told else limiting.lift
    return done(request, who, wish, EMPTY, lambda tx, id: taken(tx, who.house.clock, id, by=who.actor))


@router.post("/{wish}/appealed")
def appealed(request: Request, who: Entering, wish: UUID) -> Response:
    """The person does not agree with the denial."""
    return done(request, who, wish, EMPTY, lambda tx, id: appeals.appeal(tx, who.house.clock, id, by=who.actor))


@router.post("/{wish}/appeal")
def decide_appeal(
    request: Request, who: Annotated[Inside, Depends(sending(Deed.DECIDE_APPEAL))], wish: UUID, stands: Annotated[bool, Form()]
) -> Response:
    """By another person than the one who denied it."""
    return done(request, who, wish, EMPTY, lambda tx, id: appeals.decide(tx, who.house.clock, id, stands=stands, by=who.actor))


def done(request: Request, who: Inside, wish: UUID, filled: Filled, deed: Callable[[Transaction, RequestId], object]) -> Response:
    """Back to the request; or its page, that says what is wrong."""
    id = RequestId(wish)
    try:
        who.run(lambda tx: deed(tx, id))
    except MENDABLE as error:
        if not who.may(Deed.SEE_REQUESTS):
            raise
        return html(shown(request, who, id, filled.but(error)), status=422)
    return onwards(f"/console/requests/{wish}" if who.may(Deed.SEE_REQUESTS) else "/console")


def shown(request: Request, who: Inside, wish: RequestId, filled: Filled, *, says: str = "") -> str:
    """The page of one request. `says`: what became of what was just tried."""
    whole = who.run(lambda tx: _whole(tx, who, wish))
    given = {"grounds": grounds_of(whole.wish), "reasons": list(ExtensionReason), "evidences": list(MandateEvidence)}
    given |= {
        "withouts": list(WITHOUT.items()),
        "shown_by": SHOWN_BY,
        "details": _DETAILS,
        "steps_said": _STEPS | ({Step.FULFILLED: "answered, and something of it stays elsewhere"} if whole.is_partly else {}),
        "behalf": BEHALF,
        "came_by": _CAME_BY,
    }
    may = {
        "answer": who.may(Deed.ANSWER_REQUEST),
        "enter": who.may(Deed.MAKE_REQUEST),
        "decide": who.may(Deed.DECIDE_APPEAL),
    }
    proofs = [(each.value, words) for each, words in PROOFS.items() if each is not ProofKind.VOUCHED or who.may(Deed.VOUCH)]
    given |= {
        "systems": who.run(system_names),
        "whole": whole,
        "filled": filled,
        "says": says,
        "may": may,
        "proofs": proofs,
        "kinds": list(KINDS.items()),
        "letters": _LETTERS,
    }
    steps = columns.STEPS.of(whole.steps, request.query_params)
    return page(request, "request", who, **given, steps=steps, sends_codes=who.house.codes is not None)


def _whole(tx: Transaction, who: Inside, id: RequestId) -> Whole:
    clock = who.house.clock
    wish = requests.get(tx, id)
    steps, missing = requests.progress(tx, id), proving.missing_of(tx, clock, wish)
    taken = {each.step for each in steps}
    left = staying.of_request(tx, ErasureId(wish.id)) if wish.kind is RequestKind.ERASURE else None
    return Whole(
        wish=wish,
        steps=steps,
        waits_for=[HELPS[each] for each in missing],
        weighed=conflicts.weighed(tx, id),
        asked=requests.asked_before(tx, clock, wish),
        clock=_clock(wish, day_of(clock.now())),
        by_hand=wish.kind not in AUTOMATIC,
        letters=letters.written_for(wish),
        missing=[each.value for each in missing],
        need=NEEDS[wish.kind],
        stands=wish.kind in limiting.LIMITS and Step.LIMITED in taken and Step.LIFTED not in taken,
        was_told=Step.TOLD_BEFORE_LIFTING in taken,
        waits_for_decision=Step.APPEALED in taken and taken.isdisjoint({Step.UPHELD, Step.REOPENED}),
        doubtful=proving.doubtful_records(tx, wish),
        copy=copy_of(tx, clock, wish),
        staying=left,
        certified=None if left is None or erasures.as_one(tx, left.erasure).certificate is None else left.erasure,
    )


def _clock(wish: Wish, today: date) -> Clock:
    came = day_of(wish.received_at)
    whole = max((wish.longest_on - came).days, 1)
    return Clock(
        today=min(100.0, 100 * (today - came).days / whole),
        due=100 * (wish.due_on - came).days / whole,
        is_late=wish.stage is not Stage.ANSWERED and today > wish.due_on,
    )
