"""A recording client for each codec and suite: two people whose sound is known packet by packet, plain or under SRTP (SDES)."""

import base64
import secrets
import socket
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import av
import numpy as np
from pylibsrtp import Policy, Session

from rightcall.testcall.bodies import CONTENT_TYPE, answered_targets, fresh_id, metadata, multipart
from rightcall.testcall.model import Leg
from rightcall.testcall.sip import Dialog, Response

SUITES = {
    "AES_CM_128_HMAC_SHA1_80": Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
    "AES_CM_128_HMAC_SHA1_32": Policy.SRTP_PROFILE_AES128_CM_SHA1_32,
}
_KEY_BYTES = 30
_TICK = 0.02
_ARRIVES_SECONDS = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A codec as it is offered. `step`: how far the timestamp goes in 20 ms; `sound`: so many packets that no other call has."""

    payload_type: int
    mapping: str
    named: str
    step: int
    sound: Callable[[int], list[bytes]]


def _g711(packets: int) -> list[bytes]:
    return [secrets.token_bytes(160) for _ in range(packets)]


def _encoded(codec: str, rate: int) -> Callable[[int], list[bytes]]:
    def sound(packets: int) -> list[bytes]:
        encoder = av.CodecContext.create(codec, "w")
        assert isinstance(encoder, av.AudioCodecContext)
        encoder.sample_rate, encoder.layout, encoder.format = rate, "mono", "s16"
        said: list[bytes] = []
        while len(said) < packets:
            noise = np.frombuffer(secrets.token_bytes(rate // 25), dtype="<i2").reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(noise, format="s16", layout="mono")
            frame.sample_rate = rate
            said += [bytes(packet) for packet in encoder.encode(frame)]
        return said[:packets]

    return sound


KINDS = {
    "PCMU": Kind(payload_type=0, mapping="PCMU/8000", named="PCMU/8000", step=160, sound=_g711),
    "PCMA": Kind(payload_type=8, mapping="PCMA/8000", named="PCMA/8000", step=160, sound=_g711),
    "G722": Kind(payload_type=9, mapping="G722/8000", named="G722/8000", step=160, sound=_encoded("g722", 16_000)),
    "opus": Kind(payload_type=96, mapping="opus/48000/2", named="opus/48000", step=960, sound=_encoded("libopus", 48_000)),
}


class Voice:
    """What one person sends: RTP in one codec, sealed where there is a suite."""

    def __init__(self, leg: Leg, host: str, kind: Kind, suite: str | None) -> None:
        self.leg, self.kind, self.suite = leg, kind, suite
        self.key = secrets.token_bytes(_KEY_BYTES)
        self._seal = sealer(suite, self.key)
        self._line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._line.bind((host, 0))
        self.port: int = self._line.getsockname()[1]
        self.target: tuple[str, int] | None = None
        self._ssrc, self._sequence = secrets.randbits(32), secrets.randbits(15)
        self._timestamp = secrets.randbits(31)

    def packets(self, payloads: Sequence[bytes]) -> list[bytes]:
        """The RTP packets of the next so many times 20 ms."""
        made = []
        for payload in payloads:
            self._sequence = (self._sequence + 1) & 0xFFFF
            self._timestamp += self.kind.step
            head = struct.pack("!BBHII", 0x80, self.kind.payload_type, self._sequence, self._timestamp & 0xFFFFFFFF, self._ssrc)
            made.append(head + payload)
        return made

    def sealed(self, packets: Sequence[bytes]) -> list[bytes]:
        return [self._seal(packet) for packet in packets]

    def send(self, packet: bytes) -> None:
        assert self.target is not None
        self._line.sendto(packet, self.target)

    def described(self) -> list[str]:
        protocol = "RTP/SAVP" if self.suite else "RTP/AVP"
        lines = [f"m=audio {self.port} {protocol} {self.kind.payload_type} 101", f"a=label:{self.leg.label}"]
        lines += [f"a=rtpmap:{self.kind.payload_type} {self.kind.mapping}", "a=rtpmap:101 telephone-event/8000", "a=ptime:20"]
        if self.suite:
            lines.append(f"a=crypto:1 {self.suite} inline:{base64.b64encode(self.key).decode()}")
        return [*lines, "a=sendonly"]

    def close(self) -> None:
        self._line.close()


def speak(what: Mapping[Voice, Sequence[bytes]]) -> None:
    """All at once, a packet each 20 ms. Returns when the last has had time to arrive."""
    due = time.monotonic()
    for packets in zip_longest(*what.values()):
        for voice, packet in zip(what, packets, strict=True):
            if packet is not None:
                voice.send(packet)
        due += _TICK
        time.sleep(max(0.0, due - time.monotonic()))
    time.sleep(_ARRIVES_SECONDS)


def sealer(suite: str | None, key: bytes) -> Callable[[bytes], bytes]:
    if suite is None:
        return bytes
    session = Session(Policy(key=key, ssrc_type=Policy.SSRC_ANY_OUTBOUND, srtp_profile=SUITES[suite]))
    return lambda packet: bytes(session.protect(packet))


class CodecCall:
    """One recording session, from INVITE on."""

    def __init__(self, sip: tuple[str, int], legs: Sequence[Leg], kind: Kind, suite: str | None) -> None:
        self._dialog = Dialog(sip)
        self.voices = [Voice(leg, self._dialog.host, kind, suite) for leg in legs]
        lines = ["v=0", f"o=- 1 1 IN IP4 {self._dialog.host}", "s=-", f"c=IN IP4 {self._dialog.host}", "t=0 0"]
        description = "\r\n".join([*lines, *(line for voice in self.voices for line in voice.described())]) + "\r\n"
        body = multipart(description, metadata(fresh_id(), fresh_id(), legs))
        try:
            self.answer: Response = self._dialog.invite(body, CONTENT_TYPE)
        except BaseException:
            self._dialog.close()
            raise
        targets = answered_targets(self.answer.body)
        for voice in self.voices:
            voice.target = targets[voice.leg.label]

    def hang_up(self) -> None:
        for voice in self.voices:
            voice.close()
        self._dialog.bye()
