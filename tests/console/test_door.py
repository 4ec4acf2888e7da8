"""Who gets into the console: each route lets in exactly the roles that may do what it does, from our own pages alone."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from rightcall.actors import Role
from rightcall.clock import SystemClock
from rightcall.console import app
from rightcall.console.patience import MOST, Patience, patient
from rightcall.console.places import HOME, safe
from rightcall.controllers.actions import create
from rightcall.controllers.model import Controller, NewController
from rightcall.design.wrong import TooMany
from rightcall.staff.model import Deed
from rightcall.staff.rules import MEMBER_ROLES
from rightcall.staff.sessions.actions import form_token
from tests.api.fakes import RealHouse
from tests.console.doors import MATRIX
from tests.console.people import Console, console_of
from tests.forged import everything, fields, forms
from tests.standing import SetClock

BEFORE = {"/sign-in", "/sign-in/passkey/options", "/sign-in/passkey", "/sign-in/openid", "/sign-in/openid/back"} | {
    f"/sign-up/{{link}}{rest}" for rest in ("", "/options")
}
SEALED = {"/console/again", "/desk/again"}
"""Made before their session began: what they carry is sealed for whoever sends it, and they do nothing but show that."""


@pytest.fixture
def console(house: RealHouse, company: Controller) -> Iterator[Console]:
    with console_of(house, company) as console:
        yield console


def routes_of(app: FastAPI) -> Iterator[tuple[str, str, Deed | None]]:
    """Each with the deed that its door asks for."""
    for room in app.router.routes:
        for route in getattr(getattr(room, "original_router", None), "routes", [room]):
            assert isinstance(route, APIRoute)
            deeds = [Deed[name[4:].upper()] for name in named(route.dependant) if name.startswith("may_")]
            assert len(deeds) <= 1, route.path
            for method in sorted(route.methods or ()):
                yield method, route.path, deeds[0] if deeds else None


def named(dependant: Dependant) -> Iterator[str]:
    for each in dependant.dependencies:
        yield getattr(each.call, "__name__", "")
        yield from named(each)


def filled(path: str) -> str:
    while "{" in path:
        before, _, rest = path.partition("{")
        path = before + str(uuid4()) + rest.partition("}")[2]
    return path


def test_the_matrix_names_every_route_and_no_other(console: Console) -> None:
    routes = list(routes_of(app.routes()))
    assert {path for _, path, deed in routes if deed is None} == BEFORE
    assert {f"{method} {path}" for method, path, deed in routes if deed is not None} == set(MATRIX)


def test_each_route_lets_in_exactly_the_roles_that_the_matrix_says(console: Console) -> None:
    closed = [tuple(each.split()) for each in MATRIX]
    console.hire(Role.ADMINISTRATOR, "Who stays")
    for role in sorted(MEMBER_ROLES):
        member = console.hire(role).id
        for method, path in closed:
            secret = console.session_of(member)
            form = {"form": form_token(secret)} if method == "POST" else None
            # Not read to its end: some go on and on.
            with console.client(secret) as client, client.stream(method, filled(path), data=form) as answer:
                pass
            assert (answer.status_code == 403) is (role not in MATRIX[f"{method} {path}"].split()), (role, method, path)
            assert answer.status_code < 500, (role, method, path)


def test_nobody_gets_in_without_a_session(console: Console) -> None:
    with console.client() as client, console.client("A" * 43) as forged:
        for asking in (client, forged):
            for method, path, deed in routes_of(app.routes()):
                if deed is None:
                    continue
                answer = asking.request(method, filled(path), data={"form": "x"} if method == "POST" else None)
                assert answer.status_code == (303 if method == "GET" else 401), (method, path)
                if method == "GET":
                    assert answer.headers["location"].startswith(("/sign-in?then=/console", "/sign-in?then=/desk"))


def test_a_form_of_another_page_does_nothing(console: Console) -> None:
    console.hire(Role.ADMINISTRATOR)
    other = console.session_of(console.hire(Role.ADMINISTRATOR, "Ben Holm").id)
    secret = console.session_of(console.hire(Role.ADMINISTRATOR, "Carl Berg").id)
    right = form_token(secret)
    place, data = f"{console.address}/console/staff/tokens", {"role": "dpo", "label": "CRM"}
    cookie = {"cookie": f"__Host-rightcall={secret}"}
    for headers, token in (
        ({"origin": "https://elsewhere.example"}, right),
        ({"origin": "null"}, right),
        ({"origin": "https://elsewhere.example", "host": "elsewhere.example"}, right),
        ({"origin": console.address, "sec-fetch-site": "cross-site"}, right),
        ({"origin": console.address, "sec-fetch-site": "same-site"}, right),
        ({"sec-fetch-site": "same-origin"}, right),
        ({}, right),
        ({"origin": console.address}, ""),
        ({"origin": console.address}, form_token(other)),
        ({"origin": console.address}, "é"),
    ):
        answer = httpx.post(place, headers=headers | cookie, data=data | {"form": token})
        says = "Somebody else wrote this" if token == form_token(other) else "Load the page again"
        assert (answer.status_code, says in answer.text) == (403, True), headers
    assert httpx.post(place, headers={"origin": console.address} | cookie, data=data | {"form": right}).status_code == 200


def test_no_form_there_is_does_anything_when_it_was_not_sent_from_our_own_page(console: Console, set_clock: SetClock) -> None:
    """Found by the routes, of console and desk: whoever adds a form adds nothing here."""
    set_clock.at = SystemClock().now()
    other = form_token(console.session_of(console.hire(Role.ADMINISTRATOR).id))
    secret = console.session_of(console.hire(Role.ADMINISTRATOR, "Ben Holm").id)
    ours, right = {"origin": console.address, "cookie": f"__Host-rightcall={secret}"}, form_token(secret)
    before = everything(console.house.database)
    with httpx.Client(base_url=console.address, timeout=30) as client:
        for route in forms(app.routes()):
            tries = [(ours | {"origin": "https://elsewhere.example"}, right), (ours | {"sec-fetch-site": "cross-site"}, right)]
            if route.path not in BEFORE | SEALED:
                tries += [(ours, ""), (ours, other)]
            for headers, token in tries:
                answer = client.post(filled(route.path), headers=headers, data=fields(route) | {"form": token})
                says = "Load the page again" in answer.text or (token == other and "Somebody else wrote this" in answer.text)
                assert (answer.status_code, says) == (403, True), (route.path, headers, token)
    after = everything(console.house.database)
    assert [name for name in before if before[name] != after[name]] == []


def test_what_is_of_another_controller_is_not_there(console: Console) -> None:
    new = NewController(name="Other", address="1 Street", contact="dpo@other.example", jurisdictions=("EU",))
    with console.house.database.system() as tx:
        other = create(tx, console.house.clock, new)
    stranger = Console(house=console.house, company=other, address=console.address).hire(Role.AGENT, "Dora Falk")
    secret = console.session_of(console.hire(Role.ADMINISTRATOR).id)
    with console.client(secret) as client:
        for what in ("link", "suspend", "restore", "sign-out", "forget"):
            answer = client.post(f"/console/staff/members/{stranger.id}/{what}", data={"form": form_token(secret)})
            assert answer.status_code == 404, what
        assert "Dora Falk" not in client.get("/console/staff").text


def test_a_session_is_over_in_time_and_old_ones_do_nothing_grave(console: Console, set_clock: SetClock) -> None:
    console.hire(Role.ADMINISTRATOR)
    secret = console.session_of(console.hire(Role.ADMINISTRATOR, "Ben Holm").id)
    form = {"form": form_token(secret), "role": "dpo"}
    with console.client(secret) as client:
        set_clock.at = SystemClock().now() + timedelta(minutes=16)
        answer = client.post("/console/staff/tokens", data=form)
        assert (answer.status_code, "/sign-in?then=/console/staff" in answer.text) == (403, True)
        assert client.get("/console/me").status_code == 200
        set_clock.at += timedelta(minutes=31)
        assert client.get("/console/me").status_code == 303


def test_people_are_shown_by_role_and_state_a_page_at_a_time(console: Console) -> None:
    secret = console.session_of(console.hire(Role.ADMINISTRATOR).id)
    for nth in range(51):
        console.hire(Role.AGENT, f"Agent {nth:02}")
    with console.client(secret) as client:
        first, second = (client.get(f"/console/staff?role=agent&state=waiting{more}").text for more in ("", "&after=50"))
        assert client.get("/console/staff?after=-1").status_code == 400
        assert "Nothing is like this" in client.get("/console/staff?role=dpo").text
    assert ("Agent 00" in first, "Agent 50" in first, "after=50" in first, "Ada Lind" in first) == (True, False, True, False)
    assert ("Agent 00" in second, "Agent 50" in second, "after=100" in second) == (False, True, False)


def test_pages_are_ours_alone_and_are_not_kept(console: Console) -> None:
    secret = console.session_of(console.hire(Role.ADMINISTRATOR, "<script>alert(1)</script>").id)
    with console.client(secret) as client:
        for place in ("/sign-in", "/console", "/console/me", "/console/staff"):
            answer = client.get(place)
            assert "unsafe" not in answer.headers["content-security-policy"]
            assert "<script>alert" not in answer.text
            assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "same-origin")


@pytest.mark.parametrize(
    "then",
    [
        "//elsewhere.example",
        "https://elsewhere.example",
        "/\\elsewhere.example",
        "/me",
        "/console//x",
        "/console@x",
        "/consoles",
        "",
    ],
)
def test_nobody_is_sent_elsewhere(then: str) -> None:
    assert safe(then) == HOME
    assert safe("/console/staff?role=dpo") == "/console/staff?role=dpo"
    assert safe("/desk") == "/desk"


def test_an_address_that_tries_too_often_waits() -> None:
    patience = Patience()
    assert all(patience.has_for("192.0.2.1", 0.0) for _ in range(MOST))
    assert not patience.has_for("192.0.2.1", 1.0)
    assert patience.has_for("192.0.2.2", 1.0)
    assert patience.has_for("192.0.2.1", 601.0)


def test_addresses_of_one_line_wait_together() -> None:
    patience = Patience()

    def asks(address: str) -> None:
        patient(Request({"type": "http", "state": {"patience": patience}, "client": (address, 1)}))

    for nth in range(MOST):
        asks(f"2001:db8::{nth:x}")
    with pytest.raises(TooMany):
        asks("2001:db8::ffff")
    asks("2001:db8:0:1::1")


def test_no_secret_is_in_the_log(console: Console, caplog: pytest.LogCaptureFixture) -> None:
    member = console.hire(Role.ADMINISTRATOR).id
    link, secret = console.link_for(member), console.session_of(member)
    with caplog.at_level(logging.DEBUG), console.client(secret) as client:
        assert client.get(link).status_code == 200
        client.get("/console/staff")
        client.get("/sign-in/openid/back?state=hushed~x&code=hushed")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("rightcall")]
    assert any("/sign-up/{link}" in line for line in ours)
    for word in (link.rpartition("/")[2], secret, "hushed", "Ada"):
        assert not any(word in line for line in ours), word


def test_whoever_tries_too_often_is_told_to_wait(console: Console) -> None:
    with console.client() as client:
        client.headers["accept-language"] = "de"
        answers = [client.get(f"/sign-up/{'A' * 43}") for _ in range(MOST + 1)]
    assert {each.status_code for each in answers[:-1]} == {401}
    assert "Dieser Link ist verbraucht" in answers[0].text
    assert (answers[-1].status_code, "Warten Sie zehn Minuten" in answers[-1].text) == (429, True)
