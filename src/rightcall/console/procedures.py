"""How the system itself is: what needs a person, which durable work runs, waits or failed, and what the clock does."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.console.door import Inside, inside, sending
from rightcall.console.sheets import page
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.procedures import actions as procedures
from rightcall.procedures.model import OPEN, State, Wish
from rightcall.procedures.rules import SAYS
from rightcall.procedures.schedules import SCHEDULES
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/system")
_A_PAGE = 100


@router.get("")
def show(
    request: Request,
    who: Annotated[Inside, Depends(inside(Deed.SEE_PROCEDURES))],
    state: Annotated[State | None, Query()] = None,
    after: Annotated[str | None, Query(max_length=200)] = None,
) -> HTMLResponse:
    """Without `state`: what runs, waits or failed, the oldest first."""
    wanted = OPEN if state is None else (state,)

    def deed(tx: Transaction) -> dict[str, object]:
        found = procedures.told(tx, wanted, after, _A_PAGE + 1)
        further = found[_A_PAGE - 1].id if len(found) > _A_PAGE else None
        return {"listed": found[:_A_PAGE], "further": further, "escalations": procedures.escalations(tx)}

    given = who.run(deed)
    with who.house.database.system() as tx:
        runs = procedures.runs(tx)
    clockwork = [(each, runs.get(each.name)) for each in SCHEDULES]
    given |= {"state": state, "states": list(State), "says": SAYS, "clockwork": clockwork}
    return html(page(request, "system", who, **given, may=who.may(Deed.CHANGE_PROCEDURES)))


@router.post("/ask")
def ask(
    who: Annotated[Inside, Depends(sending(Deed.CHANGE_PROCEDURES))],
    procedure: Annotated[str, Form(max_length=200)],
    wish: Annotated[Wish, Form()],
) -> Response:
    """Begin one again that failed, or end one before its next step."""
    who.run(lambda tx: procedures.ask(tx, procedure, wish))
    return onwards("/console/system")
