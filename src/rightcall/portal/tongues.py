"""Which language somebody reads: chosen once, kept by their browser, told to nobody."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from rightcall.design.answers import onwards
from rightcall.design.tongues import CHOSEN, NAMES
from rightcall.portal.guard import check_origin
from rightcall.portal.visiting import house_of

router = APIRouter()
_A_YEAR = 365 * 86400


@router.post("/tongue")
def choose(
    request: Request, tongue: Annotated[str, Form(max_length=2)], back: Annotated[str, Form(max_length=500)] = "/"
) -> Response:
    """`back`: the page of ours that is read; anything else leads to the first page."""
    check_origin(request, house_of(request))
    is_ours = back.startswith("/") and not back.startswith(("//", "/\\"))
    answer = onwards(back if is_ours else "/")
    if tongue in NAMES:
        answer.set_cookie(CHOSEN, tongue, max_age=_A_YEAR, path="/", secure=True, httponly=True, samesite="lax")
    return answer
