"""One answer, for whoever has its link: what it was, what stands now, and taking it back with one tap. It needs no visit, and
opens nothing else (`requests.own.links`)."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.ids import ControllerId
from rightcall.portal.entry import entered
from rightcall.portal.guard import check_origin
from rightcall.portal.sheets import page, tongue_of
from rightcall.portal.visiting import house_of, place
from rightcall.purposes import actions as purposes
from rightcall.purposes.translations import actions as translations
from rightcall.requests.own import links

router = APIRouter(prefix="/me/{controller}/answer/{choice}/{seal}", dependencies=[Depends(entered)])


@router.get("")
def show(request: Request, controller: UUID, choice: UUID, seal: str) -> HTMLResponse:
    house = house_of(request)

    def deed(tx: Transaction) -> dict[str, object]:
        company, found = controllers.get(tx), links.answer_behind(tx, house.vault, choice, seal)
        return {
            "company": company,
            "me": place(company.id),
            "found": found,
            "purpose": purposes.get(tx, found.choice.purpose),
            "translated": translations.in_language(tx, tongue_of(request).code),
        }

    told = house.database.run(ControllerId(controller), deed)
    return html(page(request, "answer", here=request.url.path, **told))


@router.post("/no")
def take_back(request: Request, controller: UUID, choice: UUID, seal: str) -> Response:
    """Where the call goes on the recorder reads it within a second; the page shows what stands."""
    check_origin(request, house_of(request))
    house, of = house_of(request), ControllerId(controller)
    tools = house.tools
    house.database.run(of, lambda tx: links.take_back(tx, tools, choice, seal))
    return onwards(place(of, f"answer/{choice}/{seal}"))
