"""Pages of the console, in the tongue of whoever reads."""

from pathlib import Path

from fastapi import Request

from rightcall.design.sheets import Sheets
from rightcall.design.tongues import tongue_for

_SHEETS = Sheets(Path(__file__).parent / "pages")


def page(request: Request, name: str, **given: object) -> str:
    tongue = tongue_for(request.headers.get("accept-language", ""))
    return _SHEETS.page(name, tongue, {"path": request.url.path, **given})
