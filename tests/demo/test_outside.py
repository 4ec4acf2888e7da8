"""What is outside in life and the demo's own here, through the adapters that Rightcall reaches the real ones by."""

import re
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from rightcall.adapters.codes import PostedCodes
from rightcall.adapters.identity.openid import OpenId
from rightcall.clock import SystemClock
from rightcall.demo.outside.model import Customer, Letter, Town
from rightcall.demo.outside.provider import CLIENT
from rightcall.demo.outside.server import Outside, outside
from rightcall.demo.people import COLLEAGUES, NORTHWIND
from rightcall.errors import NotSignedIn, SenderGone
from rightcall.ids import ControllerId, new_id
from rightcall.personal import Personal
from rightcall.requests.codes.rules import PER_IDENTIFIER
from rightcall.subjects.model import Identifier, IdentifierKind

BACK = "http://localhost:8740/sign-in/openid/back"
TO = Identifier(kind=IdentifierKind.TEL, value=Personal("+442079460044"))


@pytest.fixture
def arrived() -> list[Letter]:
    return []


@pytest.fixture
def around(tmp_path: Path, arrived: list[Letter]) -> Iterator[Outside]:
    with outside(Town(COLLEAGUES, arrived.append), tmp_path / "secrets", 0) as made:
        yield made


def secret_in(around: Outside, name: str) -> str:
    return Path(around.settings[name]).read_text(encoding="ascii")


def test_what_is_sent_arrives_and_is_put_up_as_text(around: Outside, arrived: list[Letter]) -> None:
    url, secret = around.settings["RIGHTCALL_CODES_URL"], secret_in(around, "RIGHTCALL_CODES_SECRET_FILE")
    assert "Nothing yet" in httpx.get(around.address).text
    with closing(PostedCodes(url, secret.encode())) as sender:
        sender.send(TO, Personal("Your code is <b>1234 5678</b>."), "en")
    [letter] = arrived
    assert letter.to.reveal("test") == "+442079460044"
    assert "Your code is &lt;b&gt;1234 5678&lt;/b&gt;." in httpx.get(around.address).text
    with pytest.raises(SenderGone), closing(PostedCodes(url, b"another")) as sender:
        sender.send(TO, Personal("Your code is 0."), "en")
    assert len(arrived) == 1


def test_whoever_says_who_they_are_is_let_in_once(around: Outside) -> None:
    found = provider_of(around)
    [dagny] = [each for each in COLLEAGUES if each.name == "Dagny Dahl"]
    code = let_in(around, found, BACK, dagny.sub)
    identity = found.identity(code=code, nonce="n", verifier="v" * 43)
    assert identity.address is not None
    assert identity.address.reveal("test") == dagny.address
    with pytest.raises(NotSignedIn):
        found.identity(code=code, nonce="n", verifier="v" * 43)


@pytest.mark.parametrize(("nonce", "verifier"), [("n", "w" * 43), ("m", "v" * 43)])
def test_a_code_that_somebody_else_asked_for_opens_nothing(around: Outside, nonce: str, verifier: str) -> None:
    found = provider_of(around)
    code = let_in(around, found, BACK, COLLEAGUES[0].sub)
    with pytest.raises(NotSignedIn):
        found.identity(code=code, nonce=nonce, verifier=verifier)


def test_nobody_is_led_elsewhere(around: Outside) -> None:
    query = {"sub": COLLEAGUES[0].sub, "back": "https://elsewhere.example/x", "state": "s", "nonce": "n", "challenge": "c"}
    assert httpx.get(f"{around.address}/let-in", params=query).status_code == 400


def provider_of(around: Outside) -> OpenId:
    secret = Personal(secret_in(around, "RIGHTCALL_OPENID_SECRET_FILE"))
    return OpenId(SystemClock(), issuer=around.address, client=CLIENT, secret=secret, back=BACK, claim=None)


def let_in(around: Outside, found: OpenId, back: str, sub: str) -> str:
    """Through the page, as a browser goes; the code that it brings back."""
    who = httpx.get(found.address(state="s", nonce="n", verifier="v" * 43)).text
    [link] = [unescape(each) for each in re.findall(r'href="(/let-in[^"]*)"', who) if f"sub={sub}&" in unescape(each)]
    answer = httpx.get(around.address + link)
    place = urlsplit(answer.headers["location"])
    assert answer.headers["location"].startswith(back)
    return parse_qs(place.query)["code"][0]


def test_the_front_page_says_where_to_look_before_anybody_can_ring(around: Outside) -> None:
    town = around.town
    town.rightcall, town.companies = "http://localhost:8740", {NORTHWIND: ControllerId(new_id())}
    town.customers.append(Customer(company=NORTHWIND, tel="+442079460044", why="called just now"))
    page = httpx.get(around.address)
    assert page.status_code == 200
    assert f"http://localhost:8740/me/{town.companies[NORTHWIND]}" in page.text
    assert all(each.name in page.text for each in COLLEAGUES)
    assert "/telephone" not in page.text
    assert "The story in the terminal goes on" in page.text


def test_a_code_that_came_is_one_less(around: Outside) -> None:
    url, secret = around.settings["RIGHTCALL_CODES_URL"], secret_in(around, "RIGHTCALL_CODES_SECRET_FILE")
    with closing(PostedCodes(url, secret.encode())) as sender:
        sender.send(TO, Personal("Your code is 1234 5678."), "en")
    assert around.town.codes_left("+442079460044") == PER_IDENTIFIER - 1
    assert around.town.codes_left("+442079460045") == PER_IDENTIFIER
