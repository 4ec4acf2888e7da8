"""Taking a package, without a token: a link, and a code that came another way. A page that works without scripts, and the file.

The link is an address that opens nothing by itself. The code comes in a form, and goes on in a cookie that no script reads, for
an hour: so that a browser goes on where it was cut off. Both are gone with the answer: neither is kept, or written to a log.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Cookie, Depends, Header, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from rightcall.api.address import PREFIX
from rightcall.api.problems import DESCRIBED
from rightcall.api.raisers import Way, admitted_by
from rightcall.controllers import actions as controllers
from rightcall.controllers.model import Controller
from rightcall.database.connection import Transaction
from rightcall.design.answers import html
from rightcall.design.ranges import stretch, whole
from rightcall.design.wording import language_of
from rightcall.house import House
from rightcall.ids import ControllerId
from rightcall.personal import Personal
from rightcall.requests import actions as requests
from rightcall.requests.packages import actions as packages
from rightcall.requests.packages import sealing
from rightcall.requests.packages.model import PackageId, Part
from rightcall.requests.packages.printing import taking
from rightcall.requests.packages.rules import OPEN_FOR

router = APIRouter(prefix="/public/packages", tags=["requests"])
_COOKIE = "__Secure-rightcall-package"
_COUNTED = 8 * 1024 * 1024
_LONGEST = 200
_log = logging.getLogger(__name__)
_ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
}
_PAGES: dict[int | str, dict[str, Any]] = {
    status: {"description": says, "content": {**DESCRIBED, "text/html": {}}}
    for status, says in {403: "The code is not right.", 404: "A link that leads nowhere, or no more."}.items()
}
Taking = Annotated[House, Depends(admitted_by(Way.TAKING))]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Behind:
    """What a link leads to."""

    controller: ControllerId
    package: PackageId
    company: Controller
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    parts: tuple[Part, ...]
    key: bytes = field(repr=False)

    @property
    def length(self) -> int:
        return sum(each.plain_length for each in self.parts)


@router.get("/{link}", response_class=HTMLResponse, responses=_PAGES)
def show(house: Taking, link: str, accept_language: Annotated[str, Header()] = "en") -> HTMLResponse:
    """The page on which the code is entered. A link that was used, is over or was never made is answered alike."""
    behind = _behind(house, Personal(link))
    return _nothing(accept_language) if behind is None else _page(behind)


@router.post("/{link}", response_class=HTMLResponse, responses=_PAGES)
async def enter(house: Taking, request: Request, link: str, accept_language: Annotated[str, Header()] = "en") -> Response:
    """The code, as a form sends it. Where it is right, on to the file; five wrong ones close the link."""
    body = (await request.body())[:_LONGEST].decode("utf-8", "replace")
    code = Personal(next(iter(parse_qs(body).get("code", [])), ""))
    return await run_in_threadpool(_entered, house, Personal(link), code, accept_language)


@router.get("/{link}/file", response_class=StreamingResponse, responses=_ZIP | _PAGES)
def take(
    house: Taking,
    link: str,
    code: Annotated[str, Cookie(alias=_COOKIE)] = "",
    wanted: Annotated[str | None, Header(alias="range")] = None,
    accept_language: Annotated[str, Header()] = "en",
) -> Response:
    """The package as a ZIP file, or from where it was cut off, for an hour from the first time that the code was shown."""
    given, shown = Personal(link), Personal(code)
    behind = _behind(house, given)
    opened = None if behind is None else _open(house, behind, given, shown)
    if behind is None or opened is None:
        return _nothing(accept_language)
    part = stretch(wanted, opened.length) or whole(opened.length)
    headers = {
        "Content-Disposition": 'attachment; filename="your-data.zip"',
        "Content-Length": str(part.end - part.start),
        "ETag": f'"{behind.package}"',
        **part.headers,
    }
    chunks = _chunks(house, behind, opened, part.start, part.end)
    return StreamingResponse(chunks, status_code=part.status, media_type="application/zip", headers=headers)


def _entered(house: House, link: Personal[str], code: Personal[str], accept_language: str) -> Response:
    behind = _behind(house, link)
    if behind is None:
        return _nothing(accept_language)
    if _open(house, behind, link, code) is None:
        _log.warning("a package was not opened: the code is wrong")
        return _page(behind, is_wrong=True) if _behind(house, link) is not None else _nothing(accept_language)
    place = f"{PREFIX}/public/packages/{link.reveal('lead on to the file')}"
    answer = RedirectResponse(f"{place}/file", status_code=303)
    answer.set_cookie(
        _COOKIE,
        sealing.plain(code.reveal("let a browser go on with a download")),
        max_age=int(OPEN_FOR.total_seconds()),
        path=place,
        secure=True,
        httponly=True,
        samesite="strict",
    )
    return answer


def _behind(house: House, link: Personal[str]) -> _Behind | None:
    with house.database.system() as tx:
        found = packages.find_by_link(tx, link)
    if found is None:
        return None
    controller, package = found

    def deed(tx: Transaction) -> _Behind | None:
        known = packages.by_id(tx, package)
        if not packages.is_open(known, house.clock.now()):
            return None
        language = language_of(requests.get(tx, known.request).language)
        return _Behind(controller=controller, package=package, company=controllers.get(tx), language=language)

    return house.database.run(controller, deed)


def _open(house: House, behind: _Behind, link: Personal[str], code: Personal[str]) -> _Opened | None:
    def deed(tx: Transaction) -> _Opened | None:
        key = packages.open_with(tx, house.vault, house.clock, behind.package, link=link, code=code)
        return None if key is None else _Opened(parts=tuple(packages.parts(tx, behind.package)), key=key)

    return house.database.run(behind.controller, deed)


def _chunks(house: House, behind: _Behind, opened: _Opened, start: int, end: int) -> Iterator[bytes]:
    """What went out is counted now and then, and at the end."""
    counted = 0
    for chunk in sealing.stream(behind.controller, behind.package, opened.key, house.objects, opened.parts, start, end):
        yield chunk
        counted += len(chunk)
        start += len(chunk)
        if counted >= _COUNTED or start == end:
            is_end = start == opened.length
            house.database.run(behind.controller, partial(_sent, house=house, behind=behind, bytes=counted, is_end=is_end))
            counted = 0


def _sent(tx: Transaction, *, house: House, behind: _Behind, bytes: int, is_end: bool) -> None:
    packages.sent(tx, house.clock, behind.package, bytes, is_end=is_end)


def _page(behind: _Behind, *, is_wrong: bool = False) -> HTMLResponse:
    page = taking(behind.language, behind.company, is_wrong=is_wrong)
    return html(page, status=403 if is_wrong else 200)


def _nothing(accept_language: str) -> HTMLResponse:
    return html(taking(language_of(accept_language.partition(",")[0].strip()), None, is_wrong=False), status=404)
