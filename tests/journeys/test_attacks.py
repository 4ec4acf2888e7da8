"""Hostile input, each time beside a call that is on: a clear answer or silence, and nothing happens to that call.

"Nothing happens" is looked at in its own sound: all of what its caller said meanwhile is in its recording, and nothing else.
"""

import secrets
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rightcall.testcall.rtp import PCMU, LegSender
from rightcall.testcall.sip import Refused
from tests.journeys.deployment import Deployment, deployed, eventually
from tests.journeys.line import TRAINING, Line, audio, frames_in, noise, packets_in, takes_of
from tests.journeys.sipp import invite_message

STRANGER = "127.0.0.9"
SDP = "application/sdp"
XML = "application/rs-metadata+xml"
GOOD_SDP = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio 40000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=label:1\r\na=sendonly\r\n"
)
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE r ['
    + "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 12}">' for n in range(9)).replace('"&e0;', '"lol&e0;', 1).replace("&e0;", "lol")
    + "]><recording>&e9;</recording>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><recording>&x;</recording>'
DEEP = "<recording>" + "<a>" * 5000 + "</a>" * 5000 + "</recording>"
_numbers = iter(range(4532300000, 4532400000))


class Victim:
    """A call that is on, and recorded, while something bad happens beside it."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.line = Line(deployment, f"+{next(_numbers)}")
        self.line.choose(TRAINING, "granted")
        self.line.say(noise(0.4))
        self.said = noise(2.0)
        self.marker = secrets.token_bytes(160)

    @property
    def leg(self) -> LegSender:
        """The caller's sender: its socket, its SSRC, where it sends to."""
        return self.line.call._legs[0]

    @property
    def target(self) -> tuple[str, int]:
        assert self.leg._target is not None
        return self.leg._target

    def packet(self, *, ssrc: int | None = None, sequence: int | None = None, kind: int = PCMU, ahead: int = 1) -> bytes:
        """As the caller's next packets would be, with a sound that nobody said."""
        sequence = self.leg._sequence + ahead if sequence is None else sequence
        stamp = self.leg._timestamp + 160 * ahead
        return (
            struct.pack(
                "!BBHII", 0x80, kind, sequence & 0xFFFF, stamp & 0xFFFFFFFF, self.leg._ssrc if ssrc is None else ssrc & 0xFFFFFFFF
            )
            + self.marker
        )

    def is_unharmed(self) -> None:
        self.line.hang_up()
        state = self.line.finished()
        assert [take["cut_reason"] for take in takes_of(state, "customer")] == ["over"]
        (take,) = takes_of(state, "customer")
        sound = audio(self.deployment, take["id"], TRAINING)
        assert frames_in(sound, self.said) > 0.9 * len(self.said)
        assert not [packet for packet in packets_in(self.deployment, take["id"], TRAINING) if self.marker in packet]


@contextmanager
def beside_a_call(deployment: Deployment) -> Iterator[Victim]:
    """What is done within happens while the caller speaks. The processes that were there at the start are there at the end."""
    processes = {name: deployment.pid(name) for name in ("web", "worker", "media", "signalling", "postgres")}
    victim = Victim(deployment)
    try:
        victim.line.call.say("caller", victim.said)
        yield victim
        victim.is_unharmed()
        assert {name: deployment.find_pid(name) for name in processes} == processes
    finally:
        victim.line.call.vanish()


class Stranger:
    """A UDP socket at an address, and what it is answered."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 0))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.address, self.port = self.socket.getsockname()

    def __enter__(self) -> "Stranger":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def final_answer(self, deployment: Deployment, message: bytes, seconds: float = 5.0) -> int | None:
        """The status of the final answer to `message`, None for silence."""
        self.socket.sendto(message, deployment.sip)
        self.socket.settimeout(seconds)
        while True:
            try:
                status = _status(self.socket.recv(65535))
            except TimeoutError:
                return None
            if status >= 200:
                return status

    def answers(self, seconds: float = 1.0) -> list[int]:
        self.socket.settimeout(seconds)
        found = []
        while True:
            try:
                found.append(_status(self.socket.recv(65535)))
            except TimeoutError:
                return found

    def invite(self, body: bytes | str, content_type: str, **changed: str) -> bytes:
        return invite_message(self.address, self.port, body.encode() if isinstance(body, str) else body, content_type, **changed)


def _status(answer: bytes) -> int:
    assert answer.startswith(b"SIP/2.0 "), answer[:40]
    return int(answer[8:11])


def _multipart(xml: str, sdp: str = GOOD_SDP) -> str:
    return f"--b\r\nContent-Type: {SDP}\r\n\r\n{sdp}\r\n--b\r\nContent-Type: {XML}\r\n\r\n{xml}\r\n--b--\r\n"


MULTIPART = "multipart/mixed;boundary=b"
BROKEN: dict[str, Callable[[Stranger], bytes]] = {
    "an entity bomb": lambda s: s.invite(_multipart(BOMB), MULTIPART),
    "an outside entity": lambda s: s.invite(_multipart(OUTSIDE), MULTIPART),
    "metadata nested 5,000 deep": lambda s: s.invite(_multipart(DEEP), MULTIPART),
    "metadata that ends in the middle": lambda s: s.invite(_multipart("<recording><session"), MULTIPART),
    "parts without an end": lambda s: s.invite("--b\r\n" * 2000, MULTIPART),
    "parts that are no parts": lambda s: s.invite("hello", MULTIPART),
    "SDP that is none": lambda s: s.invite("m=m=m=\r\n\x00\x01", SDP),
    "SDP with a port that is none": lambda s: s.invite(GOOD_SDP.replace("40000", "-7"), SDP),
    "SDP with 1,000 streams": lambda s: s.invite(GOOD_SDP + "m=audio 40000 RTP/AVP 0\r\n" * 1000, SDP),
    "no SDP at all": lambda s: s.invite("", SDP),
    "a content type that is none": lambda s: s.invite("hello", "text/plain"),
    "an extension nobody has": lambda s: s.invite(GOOD_SDP, SDP, Require="teleport"),
    "a CSeq of another method": lambda s: s.invite(GOOD_SDP, SDP, CSeq="1 BYE"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_invite_gets_a_clear_no(deployment: Deployment, on: Victim, what: str) -> None:
    """All of them beside one and the same call, whose sound is looked at when all were tried."""
    with Stranger("127.0.0.1") as stranger:
        status = stranger.final_answer(deployment, BROKEN[what](stranger))
    assert status is not None, "an INVITE of a known trunk got no answer"
    assert 400 <= status < 500, what


def test_none_of_them_became_a_call(deployment: Deployment, on: Victim) -> None:
    on.line.call.say("caller", on.said)
    assert _active(deployment) == {on.line.id}
    on.is_unharmed()


def _active(deployment: Deployment) -> set[str]:
    return {call["id"] for call in deployment.agent.get("/calls", active="true")["items"]}


@pytest.fixture(scope="module")
def on(deployment: Deployment) -> Iterator[Victim]:
    victim = Victim(deployment)
    yield victim
    victim.line.call.vanish()


def test_what_is_no_sip_is_met_with_silence_or_a_no(deployment: Deployment) -> None:
    noise_of = [secrets.token_bytes(size) for size in (1, 20, 400, 9000)]
    junk = [b"", b"\r\n\r\n", b"\0" * 1000, *noise_of, b"INVITE", b"INVITE sip:x SIP/2.0\r\n\r\n", b"SIP/2.0 200 OK\r\n\r\n"]
    with beside_a_call(deployment), Stranger("127.0.0.1") as stranger:
        long = stranger.invite("x" * 60_000, SDP)
        tall = stranger.invite(GOOD_SDP, SDP, **{f"X-{n}": "y" * 50 for n in range(900)})
        negative = stranger.invite(GOOD_SDP, SDP).replace(b"Content-Length: ", b"Content-Length: -", 1)
        for message in [*junk, long, tall, negative]:
            stranger.socket.sendto(message, deployment.sip)
        assert all(400 <= status < 600 for status in stranger.answers() if status >= 200)


def test_a_flood_of_a_strangers_calls(deployment: Deployment) -> None:
    """From an address that no trunk has: 403 or silence, no call, and nobody else waits."""
    with beside_a_call(deployment), Stranger(STRANGER) as stranger:
        before = _active(deployment)
        for _ in range(3000):
            stranger.socket.sendto(stranger.invite(GOOD_SDP, SDP), deployment.sip)
        answers = [status for status in stranger.answers(2.0) if status >= 200]
        assert set(answers) <= {403, 503}
        assert _active(deployment) <= before
        friend = Line(deployment, f"+{next(_numbers)}")
        friend.call.hang_up()


def test_sound_from_strangers(deployment: Deployment) -> None:
    """From another address, and from another port of the right one; with the caller's own SSRC and next number."""
    with beside_a_call(deployment) as victim:
        for address in (STRANGER, "127.0.0.1"):
            with Stranger(address) as stranger:
                for ahead in range(1, 100):
                    stranger.socket.sendto(victim.packet(ahead=ahead), victim.target)


def test_sound_of_another_source(deployment: Deployment) -> None:
    """From the caller's own socket, with an SSRC that is not the caller's, or a payload type that was never agreed, or none."""
    with beside_a_call(deployment) as victim:
        for number in range(60):
            victim.leg.socket.sendto(victim.packet(ssrc=victim.leg._ssrc + 1 + number), victim.target)
            victim.leg.socket.sendto(victim.packet(kind=96), victim.target)
            victim.leg.socket.sendto(b"\x80", victim.target)
            victim.leg.socket.sendto(b"\x00" + victim.packet()[1:], victim.target)
            victim.leg.socket.sendto(secrets.token_bytes(300), (victim.target[0], victim.target[1] + 1))


def test_replayed_sound_is_kept_once(deployment: Deployment) -> None:
    with beside_a_call(deployment) as victim:
        eventually(lambda: victim.leg.packets > 30, 10.0, "sound was sent")
        victim.line.call.let_them_finish()
        for back in range(1, 30):
            victim.leg.socket.sendto(victim.packet(sequence=victim.leg._sequence - back), victim.target)


def test_half_open_connections_keep_nobody_out(deployment: Deployment) -> None:
    host, _, port = deployment.http.rpartition(":")
    lines = [socket.create_connection((host, int(port))) for _ in range(200)]
    try:
        with beside_a_call(deployment):
            for line in lines:
                line.sendall(b"POST /api/v1/requests HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{")
            assert deployment.agent.get("/calls", active="true")["items"]
            large = deployment.request("agent", "POST", "/api/v1/requests", content=b"[" * (2 << 20))
            assert large.status_code == 413
    finally:
        for line in lines:
            line.close()


def test_no_port_is_left(tmp_path: Path) -> None:
    """With ports for two streams, a second call is turned away with a 503 that says so; the first goes on."""
    with deployed(tmp_path, rtp_ports="30100-30103") as small, beside_a_call(small):
        with pytest.raises(Refused) as caught:
            Line(small, f"+{next(_numbers)}")
        assert caught.value.response.status == 503
        assert caught.value.response.headers["retry-after"]
