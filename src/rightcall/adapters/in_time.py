"""An answer that comes whole within its time, or not at all.

A client's own timeout begins anew with each byte: whoever sends one now and then holds whoever waits for as long as they like.
Here the line itself is cut once the time for the whole answer is over.
"""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Event, Timer
from typing import Any

import httpx

_OPENED = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete"})


class InTime:
    """What one client asks, one thing after another."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._line: socket.socket | None = None

    @contextmanager
    def send(self, request: httpx.Request, seconds: float) -> Iterator[httpx.Response]:
        """To be read within the block. httpx.HTTPError where that took too long: what was read then may be less than was sent."""
        is_over = Event()
        request.extensions["trace"] = self._opened
        timer = Timer(seconds, self._cut, [is_over])
        timer.daemon = True
        timer.start()
        try:
            response = self._client.send(request, stream=True)
            try:
                yield response
            finally:
                response.close()
        finally:
            timer.cancel()
        if is_over.is_set():
            raise httpx.ReadTimeout("The answer took too long.", request=request)

    def _opened(self, event: str, told: Mapping[str, Any]) -> None:
        if event in _OPENED:
            self._line = told["return_value"].get_extra_info("socket")

    def _cut(self, is_over: Event) -> None:
        """Whoever waits for a byte is told at once that none comes."""
        is_over.set()
        if self._line is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._line, socket.SHUT_RDWR)
