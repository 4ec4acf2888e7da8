"""Asking over HTTP as fast as the other side answers: keep-alive connections, each with one request under way."""

import asyncio
import itertools
import socket
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from rightcall.errors import Outage

_HOST = "127.0.0.1"
_PATIENCE_SECONDS = 60.0
_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What came of it. Milliseconds are from a request's first byte to its answer's last."""

    answered: int
    seconds: float
    ms_p50: float
    ms_p95: float
    ms_p99: float

    @property
    def per_second(self) -> int:
        return round(self.answered / self.seconds)


def free_port() -> int:
    with socket.create_server((_HOST, 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    """Until somebody listens; Outage where nobody does."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        with socket.socket() as trying:
            if trying.connect_ex((_HOST, port)) == 0:
                return
        time.sleep(0.05)
    raise Outage("The web server did not start. Measure again on a quieter machine.")


def post(path: str, body: bytes, token: str) -> bytes:
    """One request as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {_HOST}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def get(path: str, token: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {_HOST}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


async def hammer(port: int, requests: Sequence[bytes], *, connections: int, seconds: float, pause: float = 0.0) -> Load:
    """The requests, one after the other and round again, until the time is over; `pause`: seconds between two. Outage where
    one is not answered with 200."""
    waiting = itertools.cycle(requests)
    took: list[float] = []
    began = time.perf_counter()
    until = began + seconds

    async def one() -> None:
        reader, writer = await asyncio.open_connection(_HOST, port)
        while time.perf_counter() < until:
            sent = time.perf_counter()
            writer.write(next(waiting))
            await _answer(reader)
            took.append(time.perf_counter() - sent)
            if pause:
                await asyncio.sleep(pause)
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    took.sort()
    return Load(
        answered=len(took),
        seconds=time.perf_counter() - began,
        ms_p50=round(statistics.median(took) * 1000, 2),
        ms_p95=round(took[min(len(took) - 1, len(took) * 95 // 100)] * 1000, 2),
        ms_p99=round(took[min(len(took) - 1, len(took) * 99 // 100)] * 1000, 2),
    )


async def _answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(_END)
    status, _, rest = head.partition(b"\r\n")
    if b" 200 " not in status:
        raise Outage(f"The web server answered {status.split()[1].decode()}. Measure again.")
    length = next((line for line in rest.lower().split(b"\r\n") if line.startswith(_LENGTH)), None)
    if length is not None:
        await reader.readexactly(int(length.removeprefix(_LENGTH)))
        return
    # What is written as it comes says the length of each piece (RFC 9112, section 7.1), and ends with one of none.
    while piece := int(await reader.readline(), 16):
        await reader.readexactly(piece + 2)
    await reader.readexactly(2)
