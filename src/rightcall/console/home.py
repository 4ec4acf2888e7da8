"""`/console`: the first page for whoever works here."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse

from rightcall.console.door import Inside, inside
from rightcall.console.sheets import page
from rightcall.design.answers import html
from rightcall.staff.model import Deed

router = APIRouter()


@router.get("/console")
def show(request: Request, found: Annotated[Inside, Depends(inside(Deed.KEEP_ACCOUNT))]) -> HTMLResponse:
    return html(page(request, "home", found))
