"""The first page of a visit."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from rightcall.design.answers import html
from rightcall.portal.visiting import Visiting

router = APIRouter(prefix="/me/{controller}")


@router.get("/home")
def home(visiting: Visiting) -> HTMLResponse:
    return html(visiting.page("home"))
