"""The client side of a dialog, against a recorder that is slow, late or unwilling."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from rightcall.errors import RecorderGone
from rightcall.testcall.sip import Dialog, Refused


def _answer(request: str, status: str) -> bytes:
    copied = [line for line in request.split("\r\n") if line.startswith(("Via:", "From:", "To:", "Call-ID:", "CSeq:"))]
    lines = [f"SIP/2.0 {status}", *copied, "Contact: <sip:srs@127.0.0.1:5>", "Content-Length: 0"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Recorder:
    """A UDP port whose answer to each request is given by a test."""

    def __init__(self, address: tuple[str, int] = ("127.0.0.1", 0)) -> None:
        self.line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.line.bind(address)
        self.line.settimeout(10)
        self.address: tuple[str, int] = self.line.getsockname()
        self.heard: list[str] = []

    def answers(self, *answer: Callable[[str], bytes | None]) -> threading.Thread:
        def run() -> None:
            for each in answer:
                data, source = self.line.recvfrom(65535)
                self.heard.append(data.decode())
                said = each(data.decode())
                if said is not None:
                    self.line.sendto(said, source)

        thread = threading.Thread(target=run)
        thread.start()
        return thread


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    recorder = Recorder()
    yield recorder
    recorder.line.close()


def silence(_: str) -> None:
    return None


def ok(request: str) -> bytes:
    return _answer(request, "200 OK")


def test_a_lost_invite_is_sent_again(recorder: Recorder) -> None:
    thread = recorder.answers(silence, ok, silence, ok)
    dialog = Dialog(recorder.address)
    assert dialog.invite("v=0\r\n", "application/sdp").status == 200
    assert dialog.bye().status == 200
    thread.join()
    assert [message.split(" ")[0] for message in recorder.heard] == ["INVITE", "INVITE", "ACK", "BYE"]
    assert recorder.heard[0] == recorder.heard[1]


def test_a_no_is_acknowledged_and_said(recorder: Recorder) -> None:
    because = '503 Service Unavailable\r\nWarning: 399 rightcall "The recorder is full."'
    thread = recorder.answers(lambda request: _answer(request, because), silence)
    dialog = Dialog(recorder.address)
    with pytest.raises(Refused, match=r"503 Service Unavailable\. The recorder is full\.") as caught:
        dialog.invite("v=0\r\n", "application/sdp")
    thread.join()
    dialog.close()
    assert caught.value.response.status == 503
    assert recorder.heard[1].startswith("ACK ")


def test_a_recorder_that_comes_late_is_heard() -> None:
    """Nobody has the port when the first request is sent, and the machine says so."""
    early = Recorder()
    early.line.close()
    dialog = Dialog(early.address)
    for _ in range(20):
        with contextlib.suppress(RecorderGone):
            dialog._send("OPTIONS", "z9hG4bKa", "", None, ())
    late = Recorder(early.address)
    thread = late.answers(ok, silence)
    try:
        assert dialog.invite("v=0\r\n", "application/sdp").status == 200
        thread.join()
    finally:
        dialog.close()
        late.line.close()
    assert not dialog._reader.is_alive()
