"""Which face answers which address, and the edge around them all.

| first part of the address | face |
|---|---|
| `/design` | styles and scripts, the same for everybody; and a page that shows of what pages are made |
| `/console`, `/desk`, `/sign-in`, `/sign-up`, `/sign-out` | `console`, for whoever works here |
| `/`, `/about`, `/check`, `/me`, `/tongue` | `portal`, for everybody else |
| all others | `api`; whatever it does not know, and a browser asks for, `portal` |
"""

from collections.abc import Container, Mapping

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from rightcall.api.app import create_api, first_parts
from rightcall.api.edge import Edge
from rightcall.api.problems import answer_nul
from rightcall.api.reading import NUL_STATUS
from rightcall.console import app as console
from rightcall.console.desk.watch import Watch
from rightcall.design.answers import fetch
from rightcall.design.assets import PREFIX
from rightcall.design.showing import show
from rightcall.design.wrong import refused
from rightcall.house import AtWork, House
from rightcall.portal import app as portal
from rightcall.settings import networks
from rightcall.telemetry import metrics


class Faces:
    """Hands a request on by the first part of its address. `known`: the first parts that `others` answers; a person who mistyped
    an address reads a page and no document."""

    def __init__(self, faces: Mapping[str, ASGIApp], others: ASGIApp, known: Container[str]) -> None:
        self._faces = faces
        self._others = others
        self._known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answering(scope)(scope, receive, send)

    def _answering(self, scope: Scope) -> ASGIApp:
        if scope["type"] != "http":
            return self._others
        first = _first(scope)
        if first and first in self._faces and scope["path"].endswith("/") and scope["method"] == "GET":
            return RedirectResponse(scope["path"].rstrip("/"), 308)
        if first not in self._faces and first not in self._known and _reads_pages(scope):
            return self._faces[""]
        return self._faces.get(first, self._others)

    def nul(self, scope: Scope) -> ASGIApp:
        """What answers an address with the sign NUL in it: a page where people read one. It is told nothing of the address."""
        face = self._faces.get(_first(scope))
        if not isinstance(face, AtWork):
            return answer_nul()
        face.open(scope)
        return refused(face.routes, Request({**scope, "path": f"/{_first(scope)}", "query_string": b""}), NUL_STATUS)


def _reads_pages(scope: Scope) -> bool:
    return "text/html" in Request(scope).headers.get("accept", "")


def _first(scope: Scope) -> str:
    first: str = scope["path"].split("/", 2)[1]
    return first


_DESIGN = Starlette(routes=[Route("/design", show), Route(PREFIX + "{name}", fetch)])


def pages() -> list[BaseRoute]:
    """What people see in a browser."""
    return [*_DESIGN.routes, *console.routes().routes, *portal.routes().routes]


def _faces_of(house: House, watch: Watch | None) -> dict[str, ASGIApp]:
    """The same at work, by the first part of its address."""
    inside, outside = console.create_console(house, watch), portal.create_portal(house)
    return {
        "design": _DESIGN,
        "console": inside,
        "desk": inside,
        "sign-in": inside,
        "sign-up": inside,
        "sign-out": inside,
        "": outside,
        "about": outside,
        "check": outside,
        "tongue": outside,
        "me": outside,
    }


def create_app(house: House, watch: Watch | None = None) -> Edge:
    """What a web server runs. `watch`: what open desks are told from, for whoever ends it. Who asks is taken from
    `X-Forwarded-For` where a proxy of the operator's own says it, and from nobody else."""
    faces = _faces_of(house, watch)
    own = [str(each) for each in networks(house.settings.http_proxies)]
    apart = Faces(faces, create_api(house), first_parts())
    told = ProxyHeadersMiddleware(apart, own)  # type: ignore[arg-type]  # ASGI, typed in its own words
    return Edge(told, metrics(), apart.nul)  # type: ignore[arg-type]  # as above
