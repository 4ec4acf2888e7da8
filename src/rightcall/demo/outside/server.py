"""The one web server of all that is outside, and its two pages."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import FastAPI, Form, Request
from pydantic import StringConstraints
from starlette.responses import Response
from starlette.routing import Route

from rightcall.console.places import CALLED
from rightcall.demo.outside.model import Town
from rightcall.demo.outside.post import PLACE, post
from rightcall.demo.outside.provider import CLIENT, Provider, provider
from rightcall.demo.outside.ringing import Ringing
from rightcall.demo.serving import served
from rightcall.design.answers import fetch, html, onwards
from rightcall.design.assets import PREFIX
from rightcall.design.sheets import Sheets
from rightcall.design.tongues import Tongue
from rightcall.requests.codes.rules import PER_IDENTIFIER
from rightcall.web.server import listen

_SHEETS = Sheets(Path(__file__).parent / "pages")
_LOOK_AGAIN_SECONDS = "4"
Digit = Annotated[str, StringConstraints(pattern="^[0-9*#]?$"), Form()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """`settings`: what Rightcall is told of it, as it is told of the real ones."""

    town: Town
    address: str
    settings: dict[str, str]


@contextmanager
def outside(town: Town, folder: Path, port: int) -> Iterator[Outside]:
    """It stands while this does. `folder`: where the secrets are put that Rightcall shows to it."""
    listening = listen(f"127.0.0.1:{port}")
    address = f"http://localhost:{listening.getsockname()[1]}"
    folder.mkdir(mode=0o700)
    codes, client = _secret(folder / "codes"), _secret(folder / "openid")
    app = create_outside(town, Provider(town, address, client[0]), codes[0])
    settings = {
        "RIGHTCALL_CODES_URL": f"{address}{PLACE}",
        "RIGHTCALL_CODES_SECRET_FILE": str(codes[1]),
        "RIGHTCALL_OPENID_ISSUER": address,
        "RIGHTCALL_OPENID_CLIENT": CLIENT,
        "RIGHTCALL_OPENID_SECRET_FILE": str(client[1]),
    }
    with served(app, listening):
        yield Outside(town=town, address=address, settings=settings)
        if town.ringing is not None:
            town.ringing.hang_up()


def create_outside(town: Town, door: Provider, codes_secret: str) -> FastAPI:
    app = FastAPI(openapi_url=None, routes=[Route(PREFIX + "{name}", fetch)])
    app.include_router(post(town, codes_secret))
    app.include_router(provider(door))

    @app.get("/")
    def front() -> Response:
        """It looks again by itself: what is sent is seen as it comes."""
        answer = html(_page("front", town=town))
        answer.headers["Refresh"] = _LOOK_AGAIN_SECONDS
        return answer

    @app.get("/who")
    def who(redirect_uri: str, state: str, nonce: str, code_challenge: str) -> Response:
        """Links and not a form, since a form may lead to this server alone."""
        rest = urlencode({"back": redirect_uri, "state": state, "nonce": nonce, "challenge": code_challenge})
        return html(_page("who", town=town, rest=rest))

    @app.post("/telephone")
    def telephone(request: Request, deed: Annotated[Literal["ring", "press", "hang-up"], Form()], digit: Digit = "") -> Response:
        """Only from that page."""
        if request.headers.get("sec-fetch-site", "same-origin") == "same-origin" and town.ringing is not None:
            _at_the_telephone(town.ringing, deed, digit)
        return onwards("/")

    return app


def _at_the_telephone(ringing: Ringing, deed: str, digit: str) -> None:
    match deed:
        case "ring":
            ringing.ring()
        case "press" if digit:
            ringing.press(digit)
        case "hang-up":
            ringing.hang_up()


def _page(name: str, **given: object) -> str:
    return _SHEETS.page(name, Tongue(), {"called": CALLED, "most_codes": PER_IDENTIFIER, **given})


def _secret(file: Path) -> tuple[str, Path]:
    """For their owner's eyes only, as Rightcall wants it."""
    made = secrets.token_urlsafe(32)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(made)
    return made, file
