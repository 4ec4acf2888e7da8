"""Pages for those outside, in their tongue: the one they chose, else the one that their browser asks for."""

from pathlib import Path

from fastapi import Request

from rightcall.design.sheets import Sheets
from rightcall.design.tongues import NAMES, Tongue, tongue_for
from rightcall.portal.saying import banded

COOKIE = "__Host-rightcall-tongue"
_SHEETS = Sheets(Path(__file__).parent / "pages", banded=banded)


def tongue_of(request: Request) -> Tongue:
    return tongue_for(request.headers.get("accept-language", ""), chosen=request.cookies.get(COOKIE, ""))


def page(request: Request, name: str, **given: object) -> str:
    return _SHEETS.page(name, tongue_of(request), {"tongues": NAMES, "path": request.url.path, **given})
