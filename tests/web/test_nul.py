"""The sign NUL, which no text has, wherever somebody may put it: it is refused in words, and breaks nothing."""

import asyncio
import re
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from starlette.exceptions import HTTPException
from starlette.types import Message

from rightcall.actors import Role
from rightcall.api.app import routes
from rightcall.api.reading import NUL_STATUS, Reading
from rightcall.console.door import COOKIE
from rightcall.controllers.model import Controller
from rightcall.design.tongues import CHOSEN
from rightcall.errors import Malformed
from rightcall.portal.visiting import cookie_of
from rightcall.staff.sessions.actions import form_token
from tests.api.fakes import RealHouse
from tests.console.people import Console, console_of
from tests.portal.scene import ServedClients

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@pytest.fixture
def console(house: RealHouse, company: Controller) -> Iterator[Console]:
    with console_of(house, company) as console:
        yield console


def test_a_form_with_it_is_answered_by_a_page_that_says_so(console: Console) -> None:
    secret = console.session_of(console.hire(Role.DPO).id)
    token, me = form_token(secret), f"/me/{console.company.id}"
    sent: list[tuple[str, dict[str, object]]] = [
        (f"{me}/code", {"data": {"identifier": "ada\0@energy.example"}}),
        (f"{me}/code", {"files": {"identifier": (None, "ada\0@energy.example")}}),
        (f"{me}/receipt", {"files": {"receipt": ("r\0.json", b"{\0}")}}),
        (f"{me}/concern", {"data": {"words": "It is wrong.\0", "about": "call"}}),
        (f"{me}/case", {"data": {"code": "\0"}}),
        ("/tongue", {"data": {"tongue": "d\0e", "back": "/\0"}}),
        ("/sign-in/passkey", {"data": {"name": "x\0", "answer": "{}"}}),
        ("/console/purposes", {"data": {"form": token, "key": "trai\0ning", "title": "\0"}}),
        ("/console/own-concerns/new", {"data": {"form": token, "words": "\0"}}),
        ("/console/people", {"data": {"form": token, "kind": "tel", "value": "\0"}}),
    ]
    with console.client(secret) as client:
        for place, what in sent:
            answer = client.post(place, **what)  # type: ignore[arg-type]  # httpx's own names
            says = "This file does not open a page here" if place.endswith("/receipt") else "no text can hold"
            assert (answer.status_code, says in answer.text) == (NUL_STATUS, True), (place, answer.text[:500])
        nested = {"name": "x", "answer": '{"id": "\\u0000", "rawId": "\\u0000", "response": {"userHandle": "\\u0000"}}'}
        assert client.post("/sign-in/passkey", data=nested).status_code in range(400, 500)


def test_no_operation_breaks_on_it(house: RealHouse, company: Controller, console: Console) -> None:
    dpo = ServedClients(house, company, console.address).dpo
    described = routes().openapi()["paths"]
    places = [(method, path) for path, methods in described.items() for method in methods if method in ("post", "put", "patch")]
    assert len(places) > 80
    with httpx.Client(base_url=console.address, headers=dpo.headers, timeout=60) as client:
        for method, path in places:
            place = re.sub(r"\{[^}]+\}", str(uuid4()), path)
            for kind, body in ((JSON, b'{"text": "a\\u0000b"}'), (JSON, b'{"text": "a\0b"}'), (FORM, b"code=%00")):
                answer = client.request(method, place, content=body, headers={"content-type": kind})
                assert answer.status_code < 500, (method, path, kind, answer.text)


def test_it_is_refused_wherever_else_it_may_stand(console: Console) -> None:
    odd = ['"\\000"', '"a\\000b"', "%00", "\\u0000", '"', "=;=", "\u00ff" * 40, "a" * 4000]
    named = ("accept-language", "authorization", "origin", "x-forwarded-for", "idempotency-key")
    cookies = (COOKIE, cookie_of(console.company.id), CHOSEN)
    with console.client() as client:
        for place in ("/", "/console", "/desk", f"/me/{console.company.id}/home", "/api/v1/calls", "/sign-in"):
            for value in odd:
                for name, text in [*((each, value) for each in named), *(("cookie", f"{each}={value}") for each in cookies)]:
                    answer = client.get(place, headers={name.encode(): text.encode("latin-1")})
                    assert answer.status_code < 500, (place, name, value)


@pytest.mark.parametrize(
    ("kind", "pieces", "is_refused"),
    [
        (JSON, [b'"a\\u00', b'00b"'], True),
        (JSON, [b'"a\\\\', b'u0000b"'], False),
        (JSON, [b'"a\\\\\\', b'u0000b"'], True),
        ("application/vcon+json; charset=utf-8", [b'"\\u0000"'], True),
        (FORM, [b"a=b%", b"0", b"0c"], True),
        (FORM, [b"a=b%25", b"00c"], False),
        ("multipart/form-data; boundary=x", [b"a\0"], True),
        ("audio/wav", [b"\0\0"], False),
    ],
)
def test_it_is_seen_across_pieces_and_only_where_it_is_one(kind: str, pieces: list[bytes], is_refused: bool) -> None:
    waiting = iter(pieces)

    async def receive() -> Message:
        return {"type": "http.request", "body": next(waiting)}

    reading = Reading({"headers": [(b"content-type", kind.encode())]}, receive, 1000)

    async def read() -> int:
        try:
            for _ in pieces:
                await reading.receive()
        except HTTPException as error:
            return error.status_code
        return 200

    assert asyncio.run(read()) == (NUL_STATUS if is_refused else 200)


@pytest.mark.parametrize("statement", ["SELECT %(text)s::text", "SELECT %(text)s::jsonb"])
def test_what_comes_as_far_as_the_database_is_refused_there(house: RealHouse, company: Controller, statement: str) -> None:
    text = "a\0b" if statement.endswith("::text") else '"a\\u0000b"'
    with pytest.raises(Malformed), house.database.transaction(company.id) as tx:
        tx.connection.execute(statement, {"text": text})
