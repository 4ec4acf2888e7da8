"""The desk within a page of another program, in a real browser: shown to whom the operator names, and to nobody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, expect

from rightcall.actors import Role
from rightcall.controllers.model import Controller
from rightcall.settings import load_settings
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import done, ring
from tests.browser import WIDE
from tests.cast import AGENT_SIP
from tests.console import people
from tests.console.people import console_of


class _Crm(BaseHTTPRequestHandler):
    """A page with what its query says in a frame."""

    def do_GET(self) -> None:
        desk = unquote(self.path.partition("?")[2])
        page = (
            f'<!doctype html><title>CRM</title><h1>CRM</h1><iframe title="Desk" width="1000" height="700" src="{desk}"></iframe>'
        )
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is said of it."""


@contextmanager
def crm() -> Iterator[int]:
    """The port that it is at, as `localhost`, of the same site as the desk there, and as 127.0.0.1, of another. Without TLS: a
    browser takes this machine for as safe as that, and an operator cannot name it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Crm) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_whom_the_operator_names_frames_the_desk_and_nobody_else_does(
    chromium: Browser, house: RealHouse, company: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = ring(house, Clients(house, company))
    done(scene.choose("granted"), 201)
    with crm() as named, crm() as other:
        allowed = {"desk_framed_by": f"http://localhost:{named}, http://127.0.0.1:{named}"}
        monkeypatch.setattr(people, "load_settings", lambda **given: load_settings(**given).model_copy(update=allowed))
        with console_of(house, company) as console:
            seven = console.hire(Role.AGENT, "Agent Seven", address=AGENT_SIP.removeprefix("sip:"))
            page = console.page(chromium, console.session_of(seven.id), viewport=WIDE)
            said: list[str] = []
            page.on("console", lambda message: said.append(message.text))
            frame = page.frame_locator("iframe")

            page.goto(f"http://localhost:{named}/?{console.address}/desk")
            expect(frame.get_by_text("Recorded", exact=True).first).to_be_visible()
            frame.get_by_role("button", name="Card data").click()
            expect(frame.get_by_text("The recorder keeps nothing.")).to_be_visible()
            assert said == []

            page.goto(f"http://127.0.0.1:{named}/?{console.address}/desk")
            expect(frame.get_by_text("The page around this is of another site")).to_be_visible()
            assert frame.get_by_role("link", name="Open the desk").get_attribute("target") == "_blank"

            said.clear()
            page.goto(f"http://localhost:{other}/?{console.address}/desk")
            page.wait_for_load_state()
            assert any("frame-ancestors" in each for each in said), said
            assert page.frames[1].url.startswith("chrome-error:")
            expect(frame.get_by_text("Recorded")).to_have_count(0)
            page.context.close()
