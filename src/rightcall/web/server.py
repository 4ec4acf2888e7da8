"""The web server. It logs nothing of its own: an access log would hold queries, and queries hold numbers."""

import signal
import socket

import uvicorn
from starlette.types import ASGIApp

from rightcall.console.desk.watch import Watch
from rightcall.errors import NotConfigured
from rightcall.house import House
from rightcall.pauses import look_seldom
from rightcall.settings import host_and_port
from rightcall.web.app import create_app
from rightcall.web.heads import ShortHeads


def listen(address: str) -> socket.socket:
    """A socket on HOST:PORT; NotConfigured where somebody else has it."""
    host, port = host_and_port(address)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise NotConfigured(
            f"HTTP cannot listen on {address}: {error.strerror}. Free it, or choose another with --http."
        ) from error


class Stopping(uvicorn.Server):
    """Ends the streams to open desks before it waits for what is under way: they would last as long as anybody looks."""

    def __init__(self, config: uvicorn.Config, watch: Watch) -> None:
        super().__init__(config)
        self._watch = watch

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._watch.end()
        await super().shutdown(sockets)


def configured(app: ASGIApp, patience_seconds: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="uvloop",
        http=ShortHeads,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=patience_seconds,
    )


def serve(house: House, listening: socket.socket, *, patience_seconds: int = 10) -> None:
    """Answer requests until SIGTERM or SIGINT; those under way are finished first."""
    watch = Watch(house)
    server = Stopping(configured(create_app(house, watch), patience_seconds), watch)
    for number in (signal.SIGTERM, signal.SIGINT):
        # The server takes these over while it runs, and raises again what it caught once it is done: by then it is no news.
        signal.signal(number, lambda *_: None)
    look_seldom()
    server.run([listening])
