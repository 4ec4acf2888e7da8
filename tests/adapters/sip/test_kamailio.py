"""The shipped Kamailio configuration, in the real Kamailio: by UDP, TCP and TLS to a recorder, and around a dead one."""

import re
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.sip.phone import Dialog, Phone, Recorder, siprec
from tests.adapters.sip.proxy import Proxy
from tests.adapters.sip.sipp import free_port, sipp


@pytest.fixture(scope="module")
def shared() -> Iterator[Recorder]:
    with Recorder(proxies=["127.0.0.1/32"]) as recorder:
        yield recorder


@pytest.fixture(scope="module")
def proxy(shared: Recorder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with Proxy(tmp_path_factory.mktemp("kamailio"), shared.port) as proxy:
        yield proxy


@pytest.mark.parametrize("name", ["basic", "pause-resume", "update", "cancel", "unknown-require"])
@pytest.mark.parametrize("transport", ["u1", "t1"])
def test_calls_reach_the_recorder(srs: Recorder, proxy: Proxy, tmp_path: Path, name: str, transport: str) -> None:
    if name == "cancel":
        srs.do("slow", seconds=0.5)
    sipp(tmp_path, name, proxy.port, "-t", transport)
    if name not in ("unknown-require", "cancel"):
        arrived = srs.wait_for("arrived")
        assert arrived["source"] == "127.0.0.1"
        assert srs.wait_for("ended", call=arrived["call"])["why"] == "hangup"


def test_a_call_by_tls_from_invite_to_bye(srs: Recorder, proxy: Proxy) -> None:
    """sipp's own TLS loses messages, so this client is ours; the certificate is checked."""
    with socket.create_connection(("127.0.0.1", proxy.tls_port), timeout=10) as plain, secured(plain, proxy) as line:
        dialog = TlsDialog(line, free_port(socket.SOCK_STREAM))
        answer = dialog.invite(siprec())
        assert "a=label:1" in answer
        dialog.within("ACK", 1, answer)
        arrived = srs.wait_for("arrived")
        assert arrived["source"] == "127.0.0.1"
        dialog.within("BYE", 2, answer)
        assert "CSeq: 2 BYE" in dialog.read("SIP/2.0 200")
        assert srs.wait_for("ended")["why"] == "hangup"


def test_a_yes_reaches_a_client_that_called_by_tls(srs: Recorder, proxy: Proxy) -> None:
    """Over the connection that the client opened: nobody listens at the address in its Contact."""
    srs.do("open", open=False)
    with socket.create_connection(("127.0.0.1", proxy.tls_port), timeout=10) as plain, secured(plain, proxy) as line:
        dialog = TlsDialog(line, free_port(socket.SOCK_STREAM))
        answer = dialog.invite(siprec())
        dialog.within("ACK", 1, answer)
        srs.do("open", open=True)
        srs.do("reoffer", call=srs.wait_for("arrived")["call"], wanted={"0": True, "1": True})
        assert "a=recvonly" in dialog.read("INVITE ")


def secured(plain: socket.socket, proxy: Proxy) -> ssl.SSLSocket:
    trust = ssl.create_default_context(cafile=str(proxy.folder / "certificate.pem"))
    return trust.wrap_socket(plain, server_hostname="localhost")


class TlsDialog:
    """As much of a client as that takes."""

    def __init__(self, line: ssl.SSLSocket, port: int) -> None:
        self.line, self.port = line, port
        self.call_id = f"tls-{port}"
        self.held = ""

    def invite(self, body: bytes) -> str:
        self.line.sendall(
            self._write("INVITE sip:srs@127.0.0.1 SIP/2.0", "", "Content-Type: multipart/mixed;boundary=b", body=body)
        )
        return self.read("SIP/2.0 200")

    def within(self, method: str, sequence: int, answer: str) -> None:
        contact = re.search(r"Contact: <([^>]+)>", answer)
        tag = re.search(r"To: .*(;tag=\S+)", answer)
        assert contact is not None
        assert tag is not None
        routes = [f"Route: {route}" for route in re.findall(r"Record-Route: (.*?)\r", answer)[::-1]]
        self.line.sendall(self._write(f"{method} {contact[1]} SIP/2.0", tag[1], *routes, sequence=sequence))

    def read(self, start: str) -> str:
        """The next whole message that starts so."""
        while True:
            head, gap, rest = self.held.partition("\r\n\r\n")
            length = re.search(r"Content-Length: *(\d+)", head)
            if gap and length and len(rest) >= int(length[1]):
                message, self.held = head + gap + rest[: int(length[1])], rest[int(length[1]) :]
                if message.startswith(start):
                    return message
            else:
                self.held += self.line.recv(65_535).decode()

    def _write(self, start: str, tag: str, *headers: str, sequence: int = 1, body: bytes = b"") -> bytes:
        method = start.split()[0]
        lines = [start, f"Via: SIP/2.0/TLS 127.0.0.1:{self.port};branch=z9hG4bK{method}{self.port}"]
        lines += ["From: <sip:src@127.0.0.1>;tag=1", f"To: <sip:srs@127.0.0.1>{tag}", f"Call-ID: {self.call_id}"]
        lines += [
            f"CSeq: {sequence} {method}",
            "Max-Forwards: 70",
            f"Contact: <sip:src@127.0.0.1:{self.port};transport=tls>;+sip.src",
        ]
        return ("\r\n".join([*lines, *headers, f"Content-Length: {len(body)}"]) + "\r\n\r\n").encode() + body


def test_what_a_client_says_of_its_own_address_never_arrives(srs: Recorder, proxy: Proxy) -> None:
    with Phone(proxy.port) as phone:
        Dialog(phone).invite(siprec(), "X-Rightcall-Source: 192.0.2.66")
    assert srs.wait_for("arrived")["source"] == "127.0.0.1"


def test_a_yes_reaches_the_client_through_the_proxy(srs: Recorder, proxy: Proxy) -> None:
    srs.do("open", open=False)
    with Phone(proxy.port) as phone:
        call = Dialog(phone)
        answer = call.invite(siprec())
        assert answer.header("Record-Route") is not None
        srs.do("open", open=True)
        srs.do("reoffer", call=srs.wait_for("arrived")["call"], wanted={"0": True, "1": True})
        asked = phone.request("INVITE")
        assert asked.count("a=recvonly") == 2
        phone.answer(asked, 200, f"Contact: <sip:src@127.0.0.1:{phone.own}>")
        assert phone.request("ACK").startswith(f"ACK sip:src@127.0.0.1:{phone.own}")


def test_a_dead_recorder_is_gone_around(srs: Recorder, tmp_path: Path) -> None:
    with Proxy(tmp_path, free_port(), srs.port) as proxy, Phone(proxy.port, timeout=20) as phone:
        assert [Dialog(phone).invite(siprec()).code for _ in range(4)] == [200, 200, 200, 200]


def test_a_full_recorder_is_gone_around(srs: Recorder, tmp_path: Path) -> None:
    with (
        Recorder(limits={"calls": 0}) as full,
        Proxy(tmp_path, full.port, srs.port) as proxy,
        Phone(proxy.port, timeout=20) as phone,
    ):
        assert [Dialog(phone).invite(siprec()).code for _ in range(4)] == [200, 200, 200, 200]


def test_with_no_recorder_the_client_hears_503(tmp_path: Path) -> None:
    with Recorder(limits={"calls": 0}) as full, Proxy(tmp_path, full.port) as proxy, Phone(proxy.port, timeout=20) as phone:
        assert Dialog(phone).invite(siprec()).code == 503
        assert Dialog(phone).say("REGISTER").code == 405


def test_the_proxy_logs_nobody(srs: Recorder, proxy: Proxy) -> None:
    with Phone(proxy.port) as phone:
        Dialog(phone).invite(siprec())
        phone.send(b"INVITE sip:planted@caller.example SIP/2.0\r\nVia: broken\r\n\r\n")
        phone.send(Dialog(phone).write("INVITE").replace(b"Call-ID", b"Call"))
        Dialog(phone).say("OPTIONS")
    assert "caller.example" not in proxy.log
