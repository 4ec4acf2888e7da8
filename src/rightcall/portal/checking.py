"""A receipt, a certificate or a proof that anybody has, checked in their browser: the steps of `rightcall verify`, against the
key of the ledger here.

It is our own word about our own proof, which the page says. The file is read and forgotten: nothing of it is kept or written
down, and nothing is looked up by what it says, so nobody learns here what they did not have. So a system stands in it by the id
that the file has: whoever holds a certificate may be anybody, what a system is called is not under its signature, and where else
a company keeps data is no stranger's. Who is signed in at their own page reads there, and on the certificate's page, what it is
called.
"""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request, UploadFile
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from rightcall.design.answers import html
from rightcall.design.wrong import Wrong, at_most
from rightcall.evidence.model import Checked, KeyFrom, Point, Refuted, Verified
from rightcall.evidence.saying import told
from rightcall.evidence.verify import verify
from rightcall.ledger.checkpoint import key_of
from rightcall.portal.entry import Entry, entered
from rightcall.portal.guard import check_origin
from rightcall.portal.sheets import page, tongue_of
from rightcall.portal.speaking import InTongue

router = APIRouter(prefix="/check")
Entering = Annotated[Entry, Depends(entered)]
_UNREAD = "This is no text that can be read here."


@router.get("")
def choose(request: Request, entry: Entering) -> HTMLResponse:
    return html(_page(request, entry))


@router.post("")
def check(request: Request, entry: Entering, proof: UploadFile) -> HTMLResponse:
    check_origin(request, entry.house)
    return html(_page(request, entry, _verified(entry, proof.file.read())))


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


def _page(request: Request, entry: Entry, checked: Checked | None = None, *, most: int | None = None) -> str:
    """`most`: how many bytes are taken of a file, where it had more."""
    tongue = tongue_of(request)
    speech = InTongue(replace(tongue, is_long=True))
    return page(
        request,
        "check",
        checked=checked,
        holds=isinstance(checked, Verified),
        too_long=None if most is None else at_most(tongue, most),
        steps=[told(each.sentence, speech) for each in checked.steps] if checked else [],
        says=[told(each, speech) for each in checked.sentences] if isinstance(checked, Verified) else [],
        key=key_of(entry.house.signer).text,
    )
