"""The head of a request that comes byte by byte: it ends soon and names one host, or the connection ends."""

import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.responses import PlainTextResponse

from rightcall.web.heads import MOST_BYTES
from rightcall.web.server import configured, listen


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    listening = listen("127.0.0.1:0")
    server = uvicorn.Server(configured(PlainTextResponse("read"), patience_seconds=1))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    yield listening.getsockname()
    server.should_exit = True
    thread.join()


def answer(address: tuple[str, int], *sent: bytes) -> bytes:
    with socket.create_connection(address, timeout=20) as line:
        for each in sent:
            try:
                line.sendall(each)
            except OSError:
                break
        try:
            return line.recv(1000).partition(b"\r\n")[0]
        except ConnectionResetError:
            return b"ended"


def test_a_head_that_does_not_end_ends_the_connection(address: tuple[str, int]) -> None:
    fields = [f"X-{nth}: {'a' * 8000}\r\n".encode() for nth in range(4 * MOST_BYTES // 8000)]
    told = answer(address, b"GET / HTTP/1.1\r\nHost: a\r\n", *fields)
    assert told in (b"HTTP/1.1 400 Bad Request", b"ended"), "without waiting for its end"
    assert answer(address, b"GET / HTTP/1.1\r\nHost: a\r\n", *fields[:3], b"\r\n") == b"HTTP/1.1 200 OK"


def test_a_long_body_is_none_of_its_business(address: tuple[str, int]) -> None:
    head = f"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {8 * MOST_BYTES}\r\n\r\n".encode()
    again = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    assert answer(address, head, bytes(8 * MOST_BYTES), again) == b"HTTP/1.1 200 OK"


@pytest.mark.parametrize("hosts", [b"", b"Host: a\r\nHost: b\r\n"])
def test_one_host_is_named(address: tuple[str, int], hosts: bytes) -> None:
    assert answer(address, b"GET / HTTP/1.1\r\n" + hosts + b"\r\n") == b"HTTP/1.1 400 Bad Request"
