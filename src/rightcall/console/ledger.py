"""The ledger, each line of it checked here and now."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.actors import Role
from rightcall.canonical import canonical_json
from rightcall.console.door import Inside, inside
from rightcall.console.ledger_words import ABOUT, SAID
from rightcall.console.places import CALLED
from rightcall.console.sheets import page
from rightcall.console.tables import shown as answered
from rightcall.console.tables import walk_of
from rightcall.design.answers import html
from rightcall.design.tables import Column, Table, View
from rightcall.errors import StillWorking
from rightcall.ids import StatementId
from rightcall.ledger import actions as ledger
from rightcall.ledger.checkpoint import key_of
from rightcall.ledger.codec import read_leaf
from rightcall.ledger.model import Entry, Inclusion, NotYet
from rightcall.ledger.proof import check_proof, parse_proof
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console")
Looking = Annotated[Inside, Depends(inside(Deed.SEE_LEDGER))]


@dataclass(frozen=True, slots=True)
class Checked:
    """A line that was held against the signed tree just now: what it says, and the tree it stands in."""

    says: str
    proof: Inclusion
    size: int
    key: str


def _lines() -> Table[Entry]:
    """Sorts are picked from those that have words, which are all: a program that only shows pages has not loaded every room."""
    places = list(ABOUT)
    kinds = tuple(sorted(SAID, key=lambda each: (places.index(_room(each)), SAID[each].casefold())))
    return Table(
        file="ledger",
        order="-place",
        columns=(
            Column("when", "When", _at, is_period=True, is_sorted=False),
            Column(
                "kind",
                "What was said",
                lambda each: _said(each, "kind"),
                is_picked=True,
                is_sorted=False,
                options=kinds,
                words=SAID,
                groups={each: ABOUT[_room(each)] for each in kinds},
            ),
            Column(
                "by", "By", lambda each: _said(each, "role"), is_picked=True, is_sorted=False, options=tuple(Role), words=CALLED
            ),
            Column("place", "Place", lambda each: each.index, is_number=True),
            Column("line", "Line", lambda each: str(each.statement), is_sorted=False, is_shown=False),
        ),
    )


@router.get("/ledger")
def browse(request: Request, who: Looking) -> Response:
    zone = who.zone

    def fetch(asked: View, limit: int) -> list[Entry]:
        walk, kind, role = walk_of(asked, zone), asked.picked.get("kind"), asked.picked.get("by")
        return who.run(lambda tx: ledger.page(tx, walk, kind=kind, role=role, limit=limit))

    listed = _lines().behind(fetch, lambda each: each.statement, request.query_params)
    with who.house.database.system() as tx:
        checkpoint, waiting = ledger.latest_checkpoint(tx), ledger.waiting(tx)
    return answered(
        request,
        "ledger",
        who,
        listed=listed,
        checkpoint=checkpoint,
        waiting=waiting,
        at_of=_at,
        by=_by,
        worded=_worded,
        zone=zone,
    )


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


def _at(each: Entry) -> datetime | None:
    """Statements tell instants in milliseconds."""
    at = each.says.get("at")
    return datetime.fromtimestamp(at / 1000, UTC) if isinstance(at, int) else None


def _said(each: Entry, what: str) -> str | None:
    told = each.says.get(what)
    return None if told is None else str(told)


def _room(kind: str) -> str:
    return kind.partition(".")[0]


def _worded(kind: str) -> str:
    return SAID.get(kind) or kind.replace(".", ": ").replace("_", " ")


def _by(each: Entry) -> str:
    role = _said(each, "role")
    return CALLED[Role(role)] if role in tuple(Role) else role or ""


def _proof(who: Inside, statement: UUID) -> Inclusion:
    found = who.run(lambda tx: ledger.inclusion(tx, StatementId(statement)))
    if isinstance(found, NotYet):
        raise StillWorking("This line waits for the ledger's next checkpoint. Load the page again in a moment.")
    return found
