"""How erasures are getting on: what is confirmed gone, what other systems still keep, who was told; and the certificate."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from starlette.responses import Response

from rightcall.activities.telling import actions as telling
from rightcall.activities.telling.model import Answer
from rightcall.clock import day_of
from rightcall.console import columns, naming
from rightcall.console.asked_by_records import WHY_NOT
from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import Sent, one_of
from rightcall.console.sheets import page
from rightcall.console.tables import seen_last, walk_of
from rightcall.console.tables import shown as answered
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.drawings import html as drawn
from rightcall.design.tables import View
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.erasure import actions as erasures
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.elsewhere.model import Errand, KeeperSaid, PlaceState
from rightcall.erasure.model import Erasure
from rightcall.errors import StillWorking
from rightcall.evidence import actions as evidence
from rightcall.evidence.model import Certificate
from rightcall.evidence.page import page as certificate_read
from rightcall.ids import ErasureId, HoldingId, RecipientId, SystemId
from rightcall.ledger.checkpoint import key_of
from rightcall.ledger.model import NotYet
from rightcall.requests import staying
from rightcall.requests.staying import Going
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/erasures")
Looking = Annotated[Inside, Depends(inside(Deed.SEE_REQUESTS))]
Answering = Annotated[Inside, Depends(inside(Deed.ANSWER_REQUEST))]
Receiving = Annotated[Inside, Depends(inside(Deed.SEE_RECEIPT))]
Telling = Annotated[Inside, Depends(sending(Deed.ANSWER_REQUEST))]
_MOST = 500
_A_PAGE = 500
"""Places of one system."""


@router.get("")
def list_erasures(request: Request, who: Looking, every: Annotated[bool, Query()] = False) -> Response:
    """Those of which something is open: what was promised for the first day first, then the oldest. Or `every` one, the newest
    first."""
    today = day_of(who.house.clock.now())

    def fetch(asked: View, limit: int) -> list[Going]:
        return who.run(lambda tx: staying.every(tx, walk_of(asked), today, limit))

    if every:
        listed = columns.EVERY_ERASURE.behind(fetch, _last_seen, request.query_params)
    else:
        most = None if "as" in request.query_params else _MOST
        listed = columns.ERASURES.of(who.run(lambda tx: staying.going(tx, today, most)), request.query_params, most)
    return answered(request, "erasures", who, listed=listed, every=every)


def _last_seen(going: Going) -> str:
    return seen_last(going.erasure.begun_at, going.erasure.id)


_STANDS = {
    PlaceState.TO_ERASE: "to be erased",
    PlaceState.ERASED: "said to be erased",
    PlaceState.CONFIRMED: "confirmed gone",
    PlaceState.THERE_STILL: "there still",
    PlaceState.REFUSED: "not let go of",
    PlaceState.HELD: "kept by a hold",
    PlaceState.OUTSIDE: "in a system that is only read",
    PlaceState.OF_ANOTHER: "about somebody else",
}


@router.get("/{erasure}")
def show(request: Request, who: Looking, erasure: UUID) -> Response:
    today = day_of(who.house.clock.now())

    def deed(tx: Transaction) -> dict[str, object]:
        found, names = erasures.as_one(tx, ErasureId(erasure)), system_names(tx)
        whole = erasures.whole(tx, found.id)
        errands = [errand for each in whole for errand in elsewhere.errands(tx, each.id)]
        notices = [(each.id, to, notice) for each in whole for to, notice in telling.notices(tx, each.id)]
        return {
            "erasure": found,
            "staying": staying.of_erasure(tx, found.id),
            "kept": erasures.kept_and_why(tx, *(each.subject for each in whole)),
            "errands": naming.errands(names).of(errands, request.query_params),
            "notices": notices,
            "outside": _outside(errands),
            "tell": next((each for each in staying.to_tell(tx) if each.erasure == found.id), None),
            "names": names,
            "steps": _steps(found, errands, [notice.told_at for *_, notice in notices]),
            "next_at": min((each.due_at for each in errands if each.due_at is not None), default=None),
        }

    may_try = who.may(Deed.ANSWER_REQUEST)
    return answered(request, "erasure", who, **who.run(deed), may_try=may_try, today=today, stands=_STANDS, why_not=WHY_NOT)


def _outside(errands: Sequence[Errand]) -> list[Errand]:
    """Where those who look after a system delete it: each system once, whichever of the person's subjects had something there."""
    found: dict[SystemId, Errand] = {}
    for each in sorted((each for each in errands if each.count(PlaceState.OUTSIDE)), key=lambda each: each.told_at is not None):
        one = found.get(each.system)
        found[each.system] = each if one is None else replace(one, places=Counter(one.places) + Counter(each.places))
    return list(found.values())


def _steps(found: Erasure, errands: Sequence[Errand], told: Sequence[datetime | None]) -> tuple[int, int]:
    """How many are over, of how many. What lies in a system that is only read is no step; that its keepers are told is one."""
    places = sum(sum(each.places.values()) - each.count(PlaceState.OUTSIDE) for each in errands)
    still = sum(each.open for each in errands)
    keepers = [each.told_at for each in errands if each.count(PlaceState.OUTSIDE)]
    others = (found.destroyed_at, found.confirmed_at, *told, *keepers)
    return sum(each is not None for each in others) + places - still, len(others) + places


@router.post("/{erasure}/retry")
def retry(who: Telling, erasure: UUID) -> Response:
    """In every system at once, whatever the pause: somebody has mended something."""

    def deed(tx: Transaction) -> None:
        for each in erasures.whole(tx, ErasureId(erasure)):
            elsewhere.see_to(tx, who.house.clock, erasure=each.id)

    who.run(deed)
    return onwards(f"/console/erasures/{erasure}")


@router.get("/{erasure}/systems/{system}/places")
def places(
    request: Request,
    who: Answering,
    erasure: UUID,
    system: UUID,
    after: Annotated[UUID | None, Query()] = None,
    seen: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> HTMLResponse:
    """The letter to those who look after a system in which nothing is deleted from here: what they are to delete, and where. Of
    any other what is not gone there yet, a page at a time: `after` the last one of the page before, and `seen`, how many stood on
    those before."""
    id, of, last = ErasureId(erasure), SystemId(system), None if after is None else HoldingId(after)

    def deed(tx: Transaction) -> dict[str, object]:
        errands, house = erasures.going_to(tx, id, of), who.house
        errand, is_outside = errands[0], any(each.count(PlaceState.OUTSIDE) for each in errands)
        part = errand.erasure
        found = [] if is_outside else elsewhere.places(tx, house.vault, erasure=part, system=of, after=last, limit=_A_PAGE + 1)
        return {
            "letter": telling.keepers_letter(tx, house.vault, house.clock, erasure=id, system=of) if is_outside else None,
            "places": found[:_A_PAGE],
            "following": found[_A_PAGE - 1].holding if len(found) > _A_PAGE else None,
            "seen": seen,
            "errand": errand,
            "root": erasures.get(tx, id).root,
            "name": system_names(tx).get(of, system),
        }

    return html(page(request, "erasure-places", who, **who.run(deed)))


@router.post("/{erasure}/systems/{system}/told")
def keeper_told(who: Telling, erasure: UUID, system: UUID) -> Response:
    """Those who look after the system were told. The certificate tells the day."""
    house, id, of = who.house, ErasureId(erasure), SystemId(system)
    return _done(who, id, lambda tx: erasures.tell_keeper(tx, house.vault, house.clock, erasure=id, system=of, by=who.actor))


@router.post("/{erasure}/systems/{system}/answer")
def keeper_answered(who: Telling, erasure: UUID, system: UUID, filled: Sent) -> Response:
    """What they said. A scan of the system shows whether it is so."""
    clock, id, of, answer = who.house.clock, ErasureId(erasure), SystemId(system), filled.read("answer", one_of(KeeperSaid))
    return _done(who, id, lambda tx: erasures.keeper_answered(tx, clock, erasure=id, system=of, answer=answer, by=who.actor))


@router.get("/{erasure}/recipients/{recipient}/letter", response_class=PlainTextResponse)
def letter(who: Answering, erasure: UUID, recipient: UUID) -> PlainTextResponse:
    """What a recipient is told, to be sent as it is."""
    house, id, to = who.house, ErasureId(erasure), RecipientId(recipient)
    return PlainTextResponse(who.run(lambda tx: telling.letter(tx, house.vault, house.clock, erasure=id, recipient=to)))


@router.post("/{erasure}/recipients/{recipient}/told")
def recipient_told(who: Telling, erasure: UUID, recipient: UUID) -> Response:
    """The letter was sent."""
    house, id, to = who.house, ErasureId(erasure), RecipientId(recipient)
    return _done(who, id, lambda tx: telling.tell(tx, house.vault, house.clock, erasure=id, recipient=to, by=who.actor))


@router.post("/{erasure}/recipients/{recipient}/answer")
def recipient_answered(who: Telling, erasure: UUID, recipient: UUID, filled: Sent) -> Response:
    """What came back."""
    id, to, answer = ErasureId(erasure), RecipientId(recipient), filled.read("answer", one_of(Answer))
    clock = who.house.clock
    return _done(who, id, lambda tx: telling.answer(tx, clock, erasure=id, recipient=to, answer=answer, by=who.actor))


def _done(who: Inside, erasure: ErasureId, deed: Callable[[Transaction], object]) -> Response:
    """Back to the page of the whole person, whichever of their subjects it was about."""

    def within(tx: Transaction) -> ErasureId:
        deed(tx)
        return erasures.get(tx, erasure).root

    return onwards(f"/console/erasures/{who.run(within)}")


@router.get("/{erasure}/certificate")
def certificate(who: Receiving, erasure: UUID) -> Response:
    """The file that anyone can check without us."""
    found, _ = _certificate(who, erasure)
    headers = {"content-disposition": f'attachment; filename="certificate-{found.id}.json"'}
    return Response(found.file, media_type="application/json", headers=headers)


@router.get("/{erasure}/certificate/page")
def certificate_page(who: Receiving, erasure: UUID) -> HTMLResponse:
    """The same to be read, and printed, with what systems are called here."""
    found, names = _certificate(who, erasure)
    return drawn(certificate_read(found.file, systems={UUID(str(id)): name for id, name in names.items()}))


def _certificate(who: Inside, erasure: UUID) -> tuple[Certificate, SystemNames]:
    key = key_of(who.house.signer)

    def deed(tx: Transaction) -> tuple[Certificate | NotYet | None, SystemNames]:
        made = erasures.as_one(tx, ErasureId(erasure)).certificate
        return None if made is None else evidence.certificate(tx, made, key=key), system_names(tx)

    found, names = who.run(deed)
    if not isinstance(found, Certificate):
        raise StillWorking("Its certificate is being made, and signed by the ledger. Load this again in a moment.")
    return found, names
