"""SIP over TLS as the test call's client speaks it: whom it believes, and that it reads while it writes."""

import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from socket import SHUT_RDWR, create_server, socket

import pytest

from rightcall.errors import Malformed, RecorderGone
from rightcall.testcall.secured import Mistrusted
from rightcall.testcall.sip import Wire
from tests.adapters.sip.proxy import certificate


class Server:
    """Shows the certificate of `folder` to one client, and gives back all that it says."""

    def __init__(self, folder: Path) -> None:
        certificate(folder)
        self._shows = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._shows.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
        self._door = create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def end(self) -> None:
        self._door.shutdown(SHUT_RDWR)
        self._door.close()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        try:
            plain, _ = self._door.accept()
        except OSError:
            return
        with plain:
            self._talk(plain)

    def _talk(self, plain: socket) -> None:
        plain.settimeout(10)
        try:
            with self._shows.wrap_socket(plain, server_side=True) as line:
                while said := line.recv(65_535):
                    line.sendall(said)
        except OSError:
            return


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    yield server
    server.end()


def _wire(server: Server, trusted: Path | None, host: str = "localhost") -> Wire:
    return Wire("TLS", (host, server.port), trusted)


def test_messages_come_back_whole_while_others_go_out(server: Server, tmp_path: Path) -> None:
    wire = _wire(server, tmp_path / "certificate.pem")
    long = "x" * 200_000
    message = f"SIP/2.0 200 OK\r\nContent-Length: {len(long)}\r\n\r\n{long}"
    heard: list[str | None] = []
    reader = threading.Thread(target=lambda: heard.extend(wire.receive() for _ in range(10)))
    reader.start()
    for _ in range(10):
        wire.send(message)
    reader.join(timeout=30)
    assert heard == [message] * 10
    wire.close()


def test_closing_wakes_who_reads(server: Server, tmp_path: Path) -> None:
    wire = _wire(server, tmp_path / "certificate.pem")
    heard: list[str | None] = []
    reader = threading.Thread(target=lambda: heard.append(wire.receive()))
    reader.start()
    wire.close()
    reader.join(timeout=10)
    assert heard == [None]


def test_a_certificate_that_nobody_trusts_is_not_talked_to(server: Server) -> None:
    with pytest.raises(Mistrusted, match="--tls-trust"):
        _wire(server, None)


def test_a_certificate_of_somebody_else_is_not_talked_to(server: Server, tmp_path: Path) -> None:
    """It says localhost; we call by the address."""
    with pytest.raises(Mistrusted):
        _wire(server, tmp_path / "certificate.pem", host="127.0.0.1")


def test_a_file_without_certificates(server: Server, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing\n")
    with pytest.raises(Malformed, match="PEM"):
        _wire(server, tmp_path / "empty.pem")


def test_where_nobody_speaks_tls(tmp_path: Path) -> None:
    with create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=lambda: door.accept()[0].close(), daemon=True).start()
        with pytest.raises(RecorderGone, match="TLS"):
            Wire("TLS", ("127.0.0.1", door.getsockname()[1]))
