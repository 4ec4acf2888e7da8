"""A server that stops waits for what is under way, and not for desks that are open: they would be for hours."""

import threading

import httpx
import uvicorn

from rightcall.actors import Role
from rightcall.console.desk.watch import Watch
from rightcall.console.door import COOKIE
from rightcall.controllers.model import Controller
from rightcall.web.app import create_app
from rightcall.web.server import Stopping, listen
from tests.api.fakes import RealHouse, as_house
from tests.console.people import Console

_FOR_EVER = 3600


def test_a_server_with_an_open_desk_stops(house: RealHouse, company: Controller) -> None:
    """Were it to wait for the stream, the test would not end."""
    listening = listen("127.0.0.1:0")
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    console = Console(house=house, company=company, address=address)
    secret = console.session_of(console.hire(Role.AGENT).id)
    watch = Watch(as_house(house))
    config = uvicorn.Config(
        create_app(as_house(house), watch),
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_FOR_EVER,
    )
    server = Stopping(config, watch)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    with httpx.stream("GET", f"{address}/desk/stream", headers={"cookie": f"{COOKIE}={secret}"}, timeout=30) as desk:
        lines = desk.iter_lines()
        assert desk.status_code == 200
        assert next(lines).startswith("retry:")
        server.should_exit = True
        rest = list(lines)
    thread.join()
    assert [line for line in rest if line and not line.startswith(("event:", "data:"))] == []
