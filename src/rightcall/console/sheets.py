"""Pages of the console, in the tongue of whoever reads."""

from pathlib import Path

from fastapi import Request

from rightcall.console.door import Inside
from rightcall.console.places import CALLED, rooms_for
from rightcall.design.sheets import Sheets
from rightcall.design.tongues import tongue_for

_SHEETS = Sheets(Path(__file__).parent / "pages")


def page(request: Request, name: str, inside: Inside | None = None, /, **given: object) -> str:
    """`inside`: who is signed in; None on the pages before."""
    tongue = tongue_for(request.headers.get("accept-language", ""))
    around = {
        "path": request.url.path,
        "inside": inside,
        "rooms": [] if inside is None else rooms_for(inside),
        "called": CALLED,
        "form_token": "" if inside is None else inside.form_token,
    }
    return _SHEETS.page(name, tongue, around | given)
