"""The walk that finds the pages which are measured: on a small site of its own."""

import httpx
from fastapi import APIRouter, FastAPI

from rightcall.bench._walking import pages_of, walk

_PAGES = {
    "/": '<a href="/things/1">One</a> <a class="x" href="/things/2?as=of&amp;day=1">Two</a> <a href="/things/3">Three</a>',
    "/things/1": '<a href="/file">File</a> <a href="https://elsewhere.example/things/9">Away</a> <a href="/">Back</a>',
    "/things/2": '<a href="gone">Gone</a> <img alt="Drawn" src="/drawn"> <audio src="/stream"> <a href="/table?as=csv">',
    "/things/3": "",
    "/things/1/seldom": "",
}
"""To what is seldom there, no link leads."""
_FORMS = (
    "/",
    "/things/{thing}",
    "/file",
    "/stream",
    "/table",
    "/hidden",
    "/drawn",
    "/things/{thing}/seldom",
    "/hidden/{thing}",
)


def _answer(asked: httpx.Request) -> httpx.Response:
    words = _PAGES.get(asked.url.path)
    if asked.url.path == "/drawn":
        return httpx.Response(200, text="<svg/>", headers={"content-type": "image/svg+xml"})
    if asked.url.path == "/stream":
        return httpx.Response(200, text="data: 1", headers={"content-type": "text/event-stream"})
    if words is None:
        return httpx.Response(200 if asked.url.path in ("/file", "/table") else 404, text='<a href="/hidden">no page</a>')
    return httpx.Response(200, html=words)


def _nothing() -> None:
    """What it would answer, the walk is told by others."""


def _site() -> FastAPI:
    site, rooms = FastAPI(openapi_url=None), APIRouter()
    for form in _FORMS:
        rooms.add_api_route(form, _nothing)
    rooms.add_api_route("/sent", _nothing, methods=["POST"])
    site.include_router(rooms)
    return site


def test_each_sort_of_page_is_met_so_often_and_what_goes_on_is_told() -> None:
    forms = pages_of(_site().routes)
    assert forms.keys() == set(_FORMS)
    with httpx.Client(base_url="http://site.example", transport=httpx.MockTransport(_answer)) as http:
        found = walk(http, ["/"], forms, most=2)
    assert found.met == {
        "/": ["/"],
        "/things/{thing}": ["/things/1", "/things/2?as=of&day=1"],
        "/file": ["/file"],
        "/drawn": ["/drawn"],
        "/things/{thing}/seldom": ["/things/1/seldom"],
    }
    assert found.other == {"/stream": 200, "/table": 200}


def test_routes_of_no_room_are_pages_too() -> None:
    site = FastAPI(openapi_url=None)
    site.add_api_route("/alone", _nothing)
    assert pages_of(site.routes).keys() == {"/alone"}
