"""Whoever sends a byte now and then holds nobody: the line is cut once the time for the whole answer is over."""

import socket
import threading
from collections.abc import Iterator

import httpx
import pytest

from rightcall.adapters.in_time import InTime

_HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def dribbles() -> Iterator[dict[str, bytes]]:
    """Says `first` at once, then a byte of `rest` each twentieth of a second for ten seconds, or until nobody listens."""
    said: dict[str, bytes] = {}
    with socket.create_server(("127.0.0.1", 0)) as server:
        said["url"] = f"http://127.0.0.1:{server.getsockname()[1]}/".encode()

        def answer() -> None:
            line, _ = server.accept()
            with line:
                line.recv(1 << 16)
                line.sendall(said["first"])
                try:
                    for each in said["rest"] * 200:
                        line.sendall(bytes([each]))
                        if stopped.wait(0.05):
                            return
                except OSError:
                    return

        stopped = threading.Event()
        thread = threading.Thread(target=answer)
        thread.start()
        yield said
        stopped.set()
        thread.join()


@pytest.mark.parametrize(
    ("first", "rest"),
    [(b"", b"H"), (_HEAD, b"x"), (_HEAD + b"content-length: 1000\r\n\r\n", b"x"), (_HEAD + b"connection: close\r\n\r\n{}", b" ")],
    ids=["no status", "headers", "a body", "a body without an end"],
)
def test_what_comes_byte_by_byte_ends_when_its_time_is_over(dribbles: dict[str, bytes], first: bytes, rest: bytes) -> None:
    dribbles |= {"first": first, "rest": rest}
    with httpx.Client(timeout=5.0, trust_env=False) as client:
        asked = client.build_request("GET", dribbles["url"].decode())
        with pytest.raises(httpx.HTTPError), InTime(client).send(asked, 0.3) as response:
            response.read()


def test_what_comes_in_time_is_handed_out_whole(dribbles: dict[str, bytes]) -> None:
    dribbles |= {"first": _HEAD + b"content-length: 2\r\n\r\n{}", "rest": b""}
    asked = httpx.Request("GET", dribbles["url"].decode())
    with httpx.Client(timeout=5.0, trust_env=False) as client, InTime(client).send(asked, 5.0) as response:
        assert response.read() == b"{}"
