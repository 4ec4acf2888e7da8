"""The first page of a visit: in short what is held, and each choice with its two answers."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from rightcall.database.connection import Transaction
from rightcall.design.answers import html
from rightcall.portal.choices import shown
from rightcall.portal.visiting import Visiting
from rightcall.requests.own import seeing
from rightcall.requests.own.known import KnownBy, known_by
from rightcall.requests.own.model import Counts, KeptLonger

router = APIRouter(prefix="/me/{controller}")


@router.get("/home")
def home(visiting: Visiting) -> HTMLResponse:
    def deed(tx: Transaction) -> tuple[Counts, list[KeptLonger], KnownBy]:
        house, person = visiting.house, visiting.person(tx)
        longer = seeing.kept_longer(tx, house.clock, person)
        return seeing.counts(tx, house.vault, person), longer, known_by(tx, house.vault, person)

    counts, longer, known = visiting.run(deed)
    return html(visiting.page("home", counts=counts, longer=longer, known=known, choices=shown(visiting)))
