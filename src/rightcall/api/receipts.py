"""What a person is handed: the receipt of a choice, the certificate of an erasure. Files that anyone can check without us.

What is asked for is written down first; then the request waits, in no transaction, for the ledger to sign it.
"""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from rightcall.api.door import Door, door_for
from rightcall.api.forms import Items, Shape
from rightcall.api.problems import Refusal
from rightcall.database.connection import Transaction
from rightcall.design.drawings import html
from rightcall.erasure import actions as erasures
from rightcall.errors import StillWorking
from rightcall.evidence import actions as evidence
from rightcall.evidence import handing
from rightcall.evidence.model import Certificate, CertificateId, Receipt
from rightcall.evidence.page import page
from rightcall.evidence.waiting import awaited as waited
from rightcall.ids import ChoiceId, SubjectId
from rightcall.ledger.checkpoint import key_of
from rightcall.ledger.model import NotYet
from rightcall.requests.own import links
from rightcall.staff.model import Deed
from rightcall.subjects import actions as subjects
from rightcall.vault.model import Dark
from rightcall.vault.saying import WHY_DARK

router = APIRouter(tags=["receipts"])

_MEDIATYPE = "application/ld+json"
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {_MEDIATYPE: {}}, "description": "The file, as it is to be kept."}}
_EVIDENCE: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"application/json": {"example": {"detail": "1", "kind": "key_pressed"}}},
        "description": "One line of canonical JSON.",
    }
}
_PROOF: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {}}, "description": "A C2SP tlog-proof."}}
PENDING = "It is written down, and waits for the ledger's signature. Ask again in a second; it will be the same one."

T = TypeVar("T")


class CertificateShape(Shape):
    id: UUID
    file: str


class LinkShape(Shape):
    """`link`: an address on your own server, for whoever gave the answer."""

    link: str


@router.get("/receipts/{choice}", responses=FILE, response_class=Response)
def receipt(door: Annotated[Door, Depends(door_for(Deed.HAND_OUT_RECEIPT))], choice: UUID) -> Response:
    """The receipt of a choice, a refusal and a withdrawal too, to be handed on to its person: ISO/IEC TS 27560 as JSON-LD with
    its proof. Whoever shows it is taken for them, so each answer is a statement in the ledger, and told on their page; a day
    after the choice only the DPO has it (409). Answered when the ledger has signed it; 503 with Retry-After where that takes
    longer than a few seconds; 410 once the person is erased."""
    house, id, key = door.house, ChoiceId(choice), key_of(door.house.signer)
    return _receipt(awaited(door, lambda tx: handing.receipt(tx, house.vault, house.clock, id, key=key, by=door.actor)))


@router.get("/receipts/{choice}/copy", responses=FILE, response_class=Response)
def receipt_copy(door: Annotated[Door, Depends(door_for(Deed.SEE_RECEIPT))], choice: UUID) -> Response:
    """The same for the file: it proves what was answered, shows nobody to be the one who did, and opens nothing."""
    house, id, key = door.house, ChoiceId(choice), key_of(door.house.signer)
    return _receipt(awaited(door, lambda tx: handing.copy(tx, house.vault, house.clock, id, key=key)))


def _receipt(found: Receipt | NotYet | Dark) -> Response:
    if isinstance(found, Dark):
        raise _dark(found)
    if isinstance(found, NotYet):
        raise StillWorking(PENDING)
    return handed(found.file, f"receipt-{found.id}.json")


@router.get("/choices/{choice}/link")
def link(door: Annotated[Door, Depends(door_for(Deed.HAND_OUT_RECEIPT))], choice: UUID) -> LinkShape:
    """A link to send to the person with their receipt: it shows this one answer, lets it be taken back, opens nothing else.
    Handed out like the receipt, for a day."""

    def deed(tx: Transaction) -> str:
        handing.link(tx, door.house.clock, ChoiceId(choice), by=door.actor)
        return links.link_to(tx, door.house.vault, ChoiceId(choice))

    found = door.run(deed)
    return LinkShape(link=f"/me/{door.controller}/answer/{found}")


@router.get("/choices/{choice}/evidence", responses=_EVIDENCE, response_class=Response)
def show_evidence(door: Annotated[Door, Depends(door_for(Deed.SEE_EVIDENCE))], choice: UUID) -> Response:
    """The evidence of a choice: the very bytes that `rightcall verify --evidence` holds against its receipt. Each answer is a
    statement in the ledger. 410 once the person is erased; 404 where none was kept."""
    found = door.run(lambda tx: evidence.show_evidence(tx, door.house.vault, door.house.clock, ChoiceId(choice), by=door.actor))
    if isinstance(found, Dark):
        raise _dark(found)
    headers = {"content-disposition": f'attachment; filename="evidence-{choice}.json"'}
    return Response(found, media_type="application/json", headers=headers)


@router.get("/subjects/{subject}/certificates")
def certificates(door: Annotated[Door, Depends(door_for(Deed.SEE_RECEIPT))], subject: UUID) -> Items[CertificateShape]:
    """The certificates of this person's erasures; of joined subjects each has the one of the whole person."""

    def deed(tx: Transaction) -> list[CertificateId]:
        found = erasures.certified_under(tx, subjects.get(tx, SubjectId(subject)).id)
        return [id for each in found for id in evidence.certificates_of(tx, each)]

    return Items(items=[CertificateShape(id=id, file=f"/api/v1/certificates/{id}") for id in door.run(deed)])


@router.get("/certificates/{certificate}", responses=FILE, response_class=Response)
def certificate(door: Annotated[Door, Depends(door_for(Deed.SEE_RECEIPT))], certificate: UUID) -> Response:
    """What was destroyed and what remains, with its proof."""
    found = _certificate(door, CertificateId(certificate))
    return handed(found.file, f"certificate-{found.id}.json")


@router.get("/certificates/{certificate}/page", response_class=HTMLResponse)
def certificate_page(door: Annotated[Door, Depends(door_for(Deed.SEE_RECEIPT))], certificate: UUID) -> HTMLResponse:
    """The same for a person to read: each copy with its grade, what remains, what no certificate can speak for. It proves
    nothing: the file does."""
    return html(page(_certificate(door, CertificateId(certificate)).file))


@router.get("/certificates/{certificate}/proof", responses=_PROOF, response_class=Response)
def certificate_proof(door: Annotated[Door, Depends(door_for(Deed.SEE_RECEIPT))], certificate: UUID) -> Response:
    """That the ledger holds it, alone, as a C2SP tlog-proof: for a program that knows this format and not ours."""
    found = _certificate(door, CertificateId(certificate))
    headers = {"content-disposition": f'attachment; filename="certificate-{found.id}.tlog-proof"'}
    return Response(found.proof, media_type="text/plain; charset=utf-8", headers=headers)


def _certificate(door: Door, id: CertificateId) -> Certificate:
    key = key_of(door.house.signer)
    found = awaited(door, lambda tx: evidence.certificate(tx, id, key=key))
    if isinstance(found, NotYet):
        raise StillWorking(PENDING)
    return found


def _dark(found: Dark) -> Refusal:
    return Refusal("dark", "Its key is destroyed", 410, WHY_DARK[found.reason], reason=found.reason.value)


def awaited(door: Door, deed: Callable[[Transaction], T]) -> T:
    return waited(lambda: door.run(deed))


def handed(body: bytes, name: str) -> Response:
    return Response(body, media_type=_MEDIATYPE, headers={"content-disposition": f'attachment; filename="{name}"'})
