"""Whether anything is held under a number or an address, in writing, on the DPO's word: for an authority, an audit, or somebody
who showed who they are. By a code that somebody reads back it is given by the API or on the command line."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, MENDABLE, Filled, Sent, one_of, words
from rightcall.console.people import KINDS
from rightcall.console.sheets import page
from rightcall.database.connection import Transaction
from rightcall.design.answers import html
from rightcall.errors import Malformed, StillWorking
from rightcall.evidence import attesting
from rightcall.evidence.attestation import AttestationId, ShownBy
from rightcall.evidence.attesting import Attested
from rightcall.evidence.waiting import awaited
from rightcall.ledger.checkpoint import key_of
from rightcall.ledger.model import NotYet
from rightcall.personal import Personal
from rightcall.staff.model import Deed
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import NO_REGION, normalise

router = APIRouter(prefix="/console/attestations")
_SHOWN_BY = {
    ShownBy.AUTHORITY: "An authority asks",
    ShownBy.AUDIT: "An audit asks",
    ShownBy.VOUCHED: "They showed me who they are",
}


@router.get("")
def ask(request: Request, who: Annotated[Inside, Depends(inside(Deed.VOUCH))]) -> HTMLResponse:
    return html(_page(request, who, EMPTY))


@router.post("")
def attest(request: Request, who: Annotated[Inside, Depends(sending(Deed.VOUCH))], filled: Sent) -> HTMLResponse:
    """The opening is shown with the answer, this once."""
    house = who.house

    def deed(tx: Transaction) -> Attested:
        kind, shown_by = filled.read("kind", one_of(IdentifierKind)), filled.read("shown_by", _on_a_word)
        region = filled.one("region").upper() or NO_REGION
        identifier = filled.read("value", lambda text: normalise(kind, Personal(words(text)), region))
        return attesting.attest(tx, house.vault, house.clock, identifier, shown_by=shown_by, by=who.actor)

    try:
        made = who.run(deed)
    except MENDABLE as error:
        return html(_page(request, who, filled.but(error, without=("value",))), status=422)
    return html(_page(request, who, EMPTY, made))


@router.get("/{attestation}/file")
def file(who: Annotated[Inside, Depends(inside(Deed.SEE_RECEIPT))], attestation: UUID) -> Response:
    """Without the opening it tells nobody whose it is about."""
    key, id = key_of(who.house.signer), AttestationId(attestation)
    found = awaited(lambda: who.run(lambda tx: attesting.attestation(tx, id, key=key)))
    if isinstance(found, NotYet):
        raise StillWorking("It is written down, and waits for the ledger's signature. Load this again in a moment.")
    headers = {"content-disposition": f'attachment; filename="attestation-{id}.json"'}
    return Response(found, media_type="application/ld+json", headers=headers)


def _on_a_word(text: str) -> ShownBy:
    found = one_of(ShownBy)(text)
    if found not in _SHOWN_BY:
        raise Malformed("That a code was read back is nobody's word. Say how you know that they may be told.")
    return found


def _page(request: Request, who: Inside, filled: Filled, made: Attested | None = None) -> str:
    given = {
        "filled": filled,
        "kinds": [(each.value, says) for each, says in KINDS.items()],
        "shown_by": [(each.value, says) for each, says in _SHOWN_BY.items()],
        "made": made,
        "opening": "" if made is None else made.opening.hex(),
    }
    return page(request, "attestations", who, **given)
