"""The page that shows of what pages are made, each part as it looks here and now: for whoever writes one, and for the tests."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from rightcall.design.answers import html
from rightcall.design.differences import differences
from rightcall.design.plots import Bar, bars, over_time
from rightcall.design.sheets import Sheets
from rightcall.design.tongues import tongue_for

_SHEETS = Sheets(Path(__file__).parent)
_VERSIONS = (
    {"Who can reach it": "Supervisors, for ninety days."},
    {"Who can reach it": "Supervisors and the DPO, for thirty days.", "How it goes": "Its keys are destroyed."},
)
_COLOURS = ("ink", "quiet", "mark", "good", "wait", "bad")


async def show(request: Request) -> Response:
    tongue = tongue_for(request.headers.get("accept-language", ""))
    plot = bars("An example: answers to a question", [Bar("yes", 128), Bar("no", 94), Bar("withdrawn", 7)], tongue)
    line = over_time("An example: calls a day", [("1 Nov", 12), ("2 Nov", 19), ("3 Nov", 15), ("4 Nov", 22)], tongue)
    given = {"colours": _COLOURS, "plot": plot, "line": line, "compared": differences(*_VERSIONS)}
    return html(_SHEETS.page("showing", tongue, given))
