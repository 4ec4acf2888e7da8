"""How the system itself is: what needs a person, which durable work runs, waits or failed, and what the clock does."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from rightcall.console import columns
from rightcall.console.door import Inside, inside, sending
from rightcall.console.tables import shown as answered
from rightcall.design.answers import onwards
from rightcall.design.tables import Column, Table, View
from rightcall.procedures import actions as procedures
from rightcall.procedures.model import OPEN, State, Told, Wish
from rightcall.procedures.rules import SAYS
from rightcall.retention.clockwork import clockwork
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/system")


_LISTED: Table[Told] = Table(
    file="durable-work",
    order="since",
    page=100,
    columns=(
        Column("what", "What", lambda each: each.name, is_sorted=False),
        Column("state", "How it is", lambda each: each.state, is_picked=True, is_sorted=False, options=tuple(State)),
        Column("since", "Since", lambda each: each.begun_at),
        Column("step", "At, and why", lambda each: each.step, is_sorted=False),
        Column("do", "What to do"),
        Column("trouble", "Trouble", lambda each: each.trouble, is_sorted=False, is_shown=False),
        Column("about", "About", lambda each: each.about, is_sorted=False, is_shown=False),
        Column("id", "Id", lambda each: each.id, is_sorted=False, is_shown=False),
    ),
)


@router.get("")
def show(request: Request, who: Annotated[Inside, Depends(inside(Deed.SEE_PROCEDURES))]) -> Response:
    """What runs, waits or failed, the oldest first; or what is in another state."""

    def fetch(asked: View, limit: int) -> list[Told]:
        state = asked.picked.get("state")
        states = OPEN if state is None else tuple(each for each in State if each == state)
        return who.run(lambda tx: procedures.told(tx, states, asked.after or None, limit, oldest_first=not asked.down))

    listed = _LISTED.behind(fetch, lambda each: each.id, request.query_params)
    house = who.house
    done = columns.CLOCKWORK.of(clockwork(house.database, house.clock, house.settings), request.query_params)
    given = {
        "listed": listed,
        "escalations": who.run(procedures.escalations),
        "says": SAYS,
        "clockwork": done,
        "doubts": house.settings.doubts,
    }
    return answered(request, "system", who, **given, may=who.may(Deed.CHANGE_PROCEDURES))


@router.post("/ask")
def ask(
    who: Annotated[Inside, Depends(sending(Deed.CHANGE_PROCEDURES))],
    procedure: Annotated[str, Form(max_length=200)],
    wish: Annotated[Wish, Form()],
) -> Response:
    """Begin one again that failed, or end one before its next step."""
    who.run(lambda tx: procedures.ask(tx, procedure, wish))
    return onwards("/console/system")
