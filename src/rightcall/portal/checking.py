"""A receipt, a certificate or a proof that anybody has, checked in their browser: the steps of `rightcall verify`, against the
key of the ledger here.

It is our own word about our own proof, which the page says. The file is read and forgotten: nothing of it is kept or written
down. By what it says nothing is looked up but what anybody reads on the company's public page: in which zone it is, and what it
calls the purpose in the reader's language. So nobody learns here what they did not have, and a system stands in it by the id
that the file has: whoever holds a certificate may be anybody, what a system is called is not under its signature, and where else
a company keeps data is no stranger's. Who is signed in at their own page reads there, and on the certificate's page, what it is
called.
"""

from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, UploadFile
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from rightcall.canonical import parse_json
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.design.answers import html
from rightcall.design.wrong import Wrong, at_most
from rightcall.errors import NotFound
from rightcall.evidence.model import Checked, FileKind, KeyFrom, Point, Refuted, Verified
from rightcall.evidence.saying import Said, told
from rightcall.evidence.verify import verify
from rightcall.ids import ControllerId, PurposeId
from rightcall.ledger.checkpoint import key_of
from rightcall.portal.entry import Entry, entered
from rightcall.portal.guard import check_origin
from rightcall.portal.sheets import page, tongue_of
from rightcall.portal.speaking import InTongue
from rightcall.purposes.translations import actions as translations

router = APIRouter(prefix="/check")
Entering = Annotated[Entry, Depends(entered)]
_UNREAD = "This is no text that can be read here."


@router.get("")
def choose(request: Request, entry: Entering) -> HTMLResponse:
    return html(_page(request, entry))


@router.post("")
def check(request: Request, entry: Entering, proof: UploadFile) -> HTMLResponse:
    check_origin(request, entry.house)
    file = proof.file.read()
    checked = _verified(entry, file)
    is_ours = isinstance(checked, Verified) and checked.kind in (FileKind.RECEIPT, FileKind.CERTIFICATE)
    return html(_page(request, entry, checked, about=_about(file) if is_ours else None))


def _verified(entry: Entry, file: bytes) -> Checked:
    return verify(file, key_of(entry.house.signer).text, key_from=KeyFrom.HERE)


def unread(request: Request, what: Wrong) -> str | None:
    """The page, where a file was chosen that is far too long, or a picture or something else that is no text. None where none
    was, or too many are at once."""
    if request.scope.get("endpoint") is not check:
        return None
    try:
        entry = entered(request)
    except HTTPException:
        return None
    return _page(request, entry, Refuted(kind=None, steps=(), at=Point.FORM, reason=_UNREAD), most=what.most)


@dataclass(frozen=True, slots=True)
class _About:
    """Whose a file that holds is, and which purpose it is about; None of one that is about none."""

    controller: ControllerId
    purpose: PurposeId | None


def _about(file: bytes) -> _About | None:
    """None where it names no company."""
    document = parse_json(file)
    record = document.get("dpv:hasRecordOfActivity", document) if isinstance(document, dict) else None
    if not isinstance(record, dict):
        return None
    try:
        whose = ControllerId(UUID(str(record["dpv:hasDataController"]["dct:identifier"])))
    except (KeyError, TypeError, ValueError):
        return None
    try:
        return _About(whose, PurposeId(UUID(str(record["dpv:hasProcess"]["dpv:hasPurpose"]["@id"]))))
    except (KeyError, TypeError, ValueError):
        return _About(whose, None)


def _as_the_company(entry: Entry, about: _About, speech: InTongue, says: tuple[Said, ...]) -> tuple[InTongue, tuple[Said, ...]]:
    """By its clock, and with the purpose's title in the reader's language, where it is translated."""

    def deed(tx: Transaction) -> tuple[str, str | None]:
        company, found = controllers.get(tx), translations.in_language(tx, speech.code).purposes
        translated = None if about.purpose is None else found.get(about.purpose)
        return company.zone, None if translated is None else translated.title

    try:
        zone, title = entry.house.database.run(about.controller, deed)
    except NotFound:
        return speech, says
    named = [
        Said(each.words, {**each.named, "purpose": title}) if title is not None and "purpose" in each.named else each
        for each in says
    ]
    return InTongue(replace(speech.tongue, zone=zone)), tuple(named)


def _page(
    request: Request, entry: Entry, checked: Checked | None = None, *, about: _About | None = None, most: int | None = None
) -> str:
    """`most`: how many bytes are taken of a file, where it had more."""
    tongue = tongue_of(request)
    speech = InTongue(replace(tongue, is_long=True))
    says = checked.sentences if isinstance(checked, Verified) else ()
    if about is not None:
        speech, says = _as_the_company(entry, about, speech, says)
    return page(
        request,
        "check",
        checked=checked,
        holds=isinstance(checked, Verified),
        too_long=None if most is None else at_most(tongue, most),
        steps=[told(each.sentence, speech) for each in checked.steps] if checked else [],
        says=[told(each, speech) for each in says],
        key=key_of(entry.house.signer).text,
    )
