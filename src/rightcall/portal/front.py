"""The first page that anyone sees: the company's own where there is one, else on whose behalf calls are taken here."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from rightcall.controllers import actions as controllers
from rightcall.design.answers import html
from rightcall.portal import public
from rightcall.portal.entry import Entry, entered
from rightcall.portal.sheets import page

router = APIRouter()


@router.get("/")
def front(request: Request, entry: Annotated[Entry, Depends(entered)]) -> HTMLResponse:
    with entry.house.database.system() as tx:
        companies = [controllers.by_id(tx, each) for each in controllers.all_ids(tx)]
    if len(companies) == 1:
        return public.show(request, companies[0].id, entry)
    return html(page(request, "front", companies=sorted(companies, key=lambda each: each.name)))
