"""The ledger, each line of it checked here and now; and the access log: who used what, for which purpose."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.canonical import canonical_json
from rightcall.console.door import Inside, inside
from rightcall.console.sheets import page
from rightcall.database.connection import Transaction
from rightcall.design.answers import html
from rightcall.errors import StillWorking
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import Use
from rightcall.ids import PurposeId, StatementId
from rightcall.ledger import actions as ledger
from rightcall.ledger.checkpoint import key_of
from rightcall.ledger.codec import read_leaf
from rightcall.ledger.model import Entry, Inclusion, NotYet
from rightcall.ledger.proof import check_proof, parse_proof
from rightcall.purposes import actions as purposes
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console")
Looking = Annotated[Inside, Depends(inside(Deed.SEE_LEDGER))]
_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Checked:
    """A line that was held against the signed tree just now: what it says, and the tree it stands in."""

    says: str
    proof: Inclusion
    size: int
    key: str


@router.get("/ledger")
def browse(
    request: Request,
    who: Looking,
    kind: Annotated[str, Query(max_length=80)] = "",
    before: Annotated[UUID | None, Query()] = None,
) -> HTMLResponse:
    """`kind`: only statements of this sort, as `consent.choice`."""

    def deed(tx: Transaction) -> list[Entry]:
        start = None if before is None else StatementId(before)
        return ledger.newest(tx, before=start, kind=kind or None, limit=_A_PAGE)

    listed = who.run(deed)
    with who.house.database.system() as tx:
        checkpoint, waiting = ledger.latest_checkpoint(tx), ledger.waiting(tx)
    further = listed[-1].statement if len(listed) == _A_PAGE else None
    given = {"listed": listed, "kind": kind, "further": further, "checkpoint": checkpoint, "waiting": waiting}
    return html(page(request, "ledger", who, **given))


@router.get("/ledger/{statement}")
def check(request: Request, who: Looking, statement: UUID) -> HTMLResponse:
    """One line, with its proof held against the signed tree as anybody could do it."""
    proof = _proof(who, statement)
    key = key_of(who.house.signer)
    checkpoint = check_proof(parse_proof(proof.text), proof.leaf, key)
    says = canonical_json(read_leaf(proof.leaf)).decode()
    found = Checked(says, proof, checkpoint.head.size, key.text)
    return html(page(request, "statement", who, found=found))


@router.get("/ledger/{statement}/proof")
def proof_file(who: Looking, statement: UUID) -> Response:
    """The same as a C2SP tlog-proof, for a program that is not ours."""
    headers = {"content-disposition": f'attachment; filename="statement-{statement}.tlog-proof"'}
    return Response(_proof(who, statement).text, media_type="text/plain; charset=utf-8", headers=headers)


@router.get("/uses")
def access_log(
    request: Request,
    who: Annotated[Inside, Depends(inside(Deed.SEE_USES))],
    before: Annotated[UUID | None, Query()] = None,
) -> HTMLResponse:
    """Who read, played or took what, for which purpose, and what was refused; the newest first."""

    def deed(tx: Transaction) -> tuple[list[Use], dict[PurposeId, str]]:
        start = None if before is None else StatementId(before)
        return uses.newest(tx, before=start, limit=_A_PAGE), {each.id: each.title for each in purposes.all_purposes(tx)}

    listed, titles = who.run(deed)
    further = listed[-1].statement if len(listed) == _A_PAGE else None
    return html(page(request, "uses", who, listed=listed, titles=titles, further=further))


def _proof(who: Inside, statement: UUID) -> Inclusion:
    found = who.run(lambda tx: ledger.inclusion(tx, StatementId(statement)))
    if isinstance(found, NotYet):
        raise StillWorking("This line waits for the ledger's next checkpoint. Load the page again in a moment.")
    return found
