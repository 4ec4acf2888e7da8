"""Whether a processor is asked to erase by what records of other systems tell: what would be sent, how sure each record is, and
the word of whoever decides."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.activities.processors import deciding
from rightcall.activities.telling.model import WhyNot, Word
from rightcall.clock import day_of
from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, MENDABLE, Filled, Sent, one_of
from rightcall.console.sheets import page
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.discovery.systems.naming import system_names
from rightcall.erasure import actions as erasures
from rightcall.errors import Malformed
from rightcall.ids import ErasureId, RecipientId
from rightcall.requests import staying
from rightcall.staff.model import Deed
from rightcall.subjects.model import IdentifierKind

router = APIRouter(prefix="/console/erasures/{erasure}/recipients/{recipient}")
Looking = Annotated[Inside, Depends(inside(Deed.ANSWER_REQUEST))]
Saying = Annotated[Inside, Depends(sending(Deed.ANSWER_REQUEST))]
_MEND = 422
WHY_NOT: Mapping[WhyNot, str] = {
    WhyNot.SHARED: "others may be known by that too, such as a household or an office",
    WhyNot.UNSURE: "it is not sure enough that the records are about this person",
    WhyNot.WRONG: "what the records tell is wrong or old",
    WhyNot.OTHER_WAY: "it is told in another way, such as by letter",
}
_KINDS: Mapping[IdentifierKind, str] = {
    IdentifierKind.CUSTOMER_ID: "Customer number",
    IdentifierKind.EMAIL: "E-mail address",
    IdentifierKind.SIP: "SIP address",
    IdentifierKind.TEL: "Telephone number",
}


@router.get("/question")
def question(request: Request, who: Looking, erasure: UUID, recipient: UUID) -> HTMLResponse:
    return html(_asking(request, who, ErasureId(erasure), RecipientId(recipient), EMPTY))


@router.post("/ask")
def ask(request: Request, who: Saying, erasure: UUID, recipient: UUID, filled: Sent) -> Response:
    """By what was ticked: it cannot be taken back."""
    return _say(request, who, ErasureId(erasure), RecipientId(recipient), filled, Word.ASK)


@router.post("/do-not-ask")
def do_not_ask(request: Request, who: Saying, erasure: UUID, recipient: UUID, filled: Sent) -> Response:
    """It is told by letter, and the certificate says why it was not asked."""
    return _say(request, who, ErasureId(erasure), RecipientId(recipient), filled, Word.DO_NOT)


def _say(request: Request, who: Inside, erasure: ErasureId, recipient: RecipientId, filled: Filled, word: Word) -> Response:
    house = who.house

    def deed(tx: Transaction) -> ErasureId:
        deciding.decide(
            tx,
            house.vault,
            house.clock,
            erasure=erasure,
            recipient=recipient,
            word=word,
            why_not=filled.read("why", one_of(WhyNot)) if word is Word.DO_NOT else None,
            chosen=_ticked(filled) if word is Word.ASK else (),
            by=who.actor,
        )
        return erasures.get(tx, erasure).root

    try:
        return onwards(f"/console/erasures/{who.run(deed)}")
    except MENDABLE as error:
        return html(_asking(request, who, erasure, recipient, filled.but(error)), status=_MEND)


def _ticked(filled: Filled) -> list[int]:
    ticked = filled.every("with")
    if not all(each.isascii() and each.isdigit() and len(each) < 5 for each in ticked):
        raise Malformed("Choose among those that are offered.")
    return [int(each) for each in ticked]


def _asking(request: Request, who: Inside, erasure: ErasureId, recipient: RecipientId, filled: Filled) -> str:
    def deed(tx: Transaction) -> dict[str, object]:
        root = erasures.get(tx, erasure).root
        return {
            "found": deciding.question(tx, who.house.vault, erasure=erasure, recipient=recipient),
            "root": root,
            "tell": next((each for each in staying.to_tell(tx) if each.erasure == root), None),
            "names": system_names(tx),
        }

    given = who.run(deed)
    today, whys = day_of(who.house.clock.now()), [(why.value, says) for why, says in WHY_NOT.items()]
    return page(request, "erasure-question", who, **given, filled=filled, today=today, why_not=WHY_NOT, whys=whys, kinds=_KINDS)
