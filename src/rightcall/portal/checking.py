"""A receipt, a certificate or a proof that anybody has, checked in their browser: the steps of `rightcall verify`, against the
key of the ledger here.

It is our own word about our own proof, which the page says. The file is read and forgotten: nothing of it is kept or written
down, and nothing is looked up by what it says, so nobody learns here what they did not have.
"""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request, UploadFile
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from rightcall.design.answers import html
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


def unread(request: Request, status: int) -> str | None:
    """The page, where a file was chosen that is far too long, or a picture or something else that is no text. None where none
    was, or too many are at once."""
    if request.scope.get("endpoint") is not check:
        return None
    try:
        entry = entered(request)
    except HTTPException:
        return None
    return _page(request, entry, Refuted(kind=None, steps=(), at=Point.FORM, reason=_UNREAD), is_long=status == 413)


def _page(request: Request, entry: Entry, checked: Checked | None = None, *, is_long: bool = False) -> str:
    speech = InTongue(replace(tongue_of(request), is_long=True))
    return page(
        request,
        "check",
        checked=checked,
        holds=isinstance(checked, Verified),
        is_long=is_long,
        steps=[told(each.sentence, speech) for each in checked.steps] if checked else [],
        says=[told(each, speech) for each in checked.sentences] if isinstance(checked, Verified) else [],
        key=key_of(entry.house.signer).text,
    )
