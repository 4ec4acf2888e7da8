"""Calling an agent back over real TLS, and the ways in which an address could lead to where it must not."""

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from rightcall.adapters.callbacks import Callbacks
from rightcall.requests.drp.model import Trouble
from rightcall.requests.drp.rules import is_callback
from tests.activities.processors.authority import Authority

INNER = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


class Agent:
    """A server on this machine that says `status` and keeps what came."""

    def __init__(self, certificate: Path | None) -> None:
        self.status, self.came = 200, list[tuple[str, bytes]]()
        agent = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None:
                """Nothing."""

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                agent.came.append((self.headers["host"], body))
                self.send_response(agent.status)
                self.send_header("location", "/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def agent(authority: Authority, tmp_path: Path) -> Iterator[Agent]:
    key = generate_private_key(SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "cert.pem").write_bytes(pem + authority.certify(key, "localhost"))
    made = Agent(tmp_path / "cert.pem")
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_it_is_called_at_the_very_address_that_was_looked_at_and_believed_by_its_name(
    agent: Agent, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust = ssl.create_default_context(cadata=authority.pem.decode())
    url, body = f"https://localhost:{agent.port}/told?x=1", b'{"status":"fulfilled"}'
    assert Callbacks((), trust)(url, body) is Trouble.INSIDE
    assert agent.came == []
    assert Callbacks(INNER)(url, body) is Trouble.AWAY
    assert agent.came == [], "it is not believed, so it is told nothing"
    looked_up = []
    really = __import__("socket").getaddrinfo

    def looking(host: str, *more: object, **how: object) -> object:
        looked_up.append(host)
        return really("127.0.0.1", *more, **how) if host == "other.example" else really(host, *more, **how)

    monkeypatch.setattr("socket.getaddrinfo", looking)
    call = Callbacks((ip_network("127.0.0.0/8"),), trust)
    assert call(f"https://other.example:{agent.port}/", body) is Trouble.AWAY
    assert agent.came == [], "its certificate is for another name"
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: really("127.0.0.1", agent.port, type=1))
    assert call(url, body) is None
    assert agent.came == [(f"localhost:{agent.port}", body)]
    for status in (302, 500):
        agent.status = status
        assert call(url, body) is Trouble.REFUSED
    assert len(agent.came) == 3, "a redirect is not followed"
    assert "other.example" in looked_up


def test_one_address_of_several_that_leads_inside_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(2, 1, 6, "", (each, 443)) for each in ("93.184.216.34", "10.0.0.5")]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: both)
    assert Callbacks(())("https://agent.example/", b"{}") is Trouble.INSIDE


def test_which_addresses_are_taken() -> None:
    taken = ["https://agent.example/told", "https://93.184.216.34/", "https://agent.example:8443/t?id=1"]
    refused = [
        "http://agent.example/",
        "http://127.0.0.1/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::]/",
        "https://me:secret@agent.example/",
        "https://agent.example/#x",
        "https://agent.example:0/",
        "https://agent.example:99999/",
        "https://[rubbish/",
        "https:///path",
        "ftp://agent.example/",
        "https://agent.example/ a",
        "https://agent.example/" + "a" * 1000,
    ]
    assert [each for each in taken if not is_callback(each, ())] == []
    assert [each for each in refused if is_callback(each, ())] == []
    assert is_callback("http://127.0.0.1:8000/told", INNER)
    assert is_callback("https://10.1.2.3/", (ip_network("10.0.0.0/8"),))
    assert not is_callback("http://10.1.2.3/", (ip_network("10.0.0.0/8"),)), "what is not this machine is reached by TLS alone"
