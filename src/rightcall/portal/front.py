"""The first page that anyone sees: the company's own where there is one, else on whose behalf calls are taken here."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from rightcall.controllers import actions as controllers
from rightcall.controllers.model import Controller
from rightcall.design.answers import html
from rightcall.portal import public
from rightcall.portal.entry import Entry, entered
from rightcall.portal.sheets import page

router = APIRouter()
Entering = Annotated[Entry, Depends(entered)]


@router.get("/")
def front(request: Request, entry: Entering) -> HTMLResponse:
    companies = _companies(entry)
    return public.show(request, companies[0].id, entry) if len(companies) == 1 else _choose(request, companies, "/about")


@router.get("/me")
@router.get("/about")
def begin(request: Request, entry: Entering) -> Response:
    """As people type it, without the company."""
    place, companies = request.url.path, _companies(entry)
    if len(companies) == 1:
        return RedirectResponse(f"{place}/{companies[0].id}", 307)
    return _choose(request, companies, place)


def _companies(entry: Entry) -> list[Controller]:
    with entry.house.database.system() as tx:
        return [controllers.by_id(tx, each) for each in controllers.all_ids(tx)]


def _choose(request: Request, companies: Sequence[Controller], place: str) -> HTMLResponse:
    return html(page(request, "front", companies=sorted(companies, key=lambda each: each.name), place=place))
