"""The first page that anyone sees: on whose behalf calls are taken here, and what is open to all."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from rightcall.controllers import actions as controllers
from rightcall.design.answers import html
from rightcall.house import House
from rightcall.portal.sheets import page

router = APIRouter()


@router.get("/")
def front(request: Request) -> HTMLResponse:
    house: House = request.app.state.house
    with house.database.system() as tx:
        companies = [controllers.by_id(tx, each) for each in controllers.all_ids(tx)]
    return html(page(request, "front", companies=sorted(companies, key=lambda each: each.name)))
