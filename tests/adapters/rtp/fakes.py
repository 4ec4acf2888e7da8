"""RTP as a phone would send it, and sound as it would sound."""

import math
import struct
from collections.abc import Iterator, Sequence

import av
import numpy as np

TONES = dict(
    zip(
        "123A456B789C*0#D",
        [(low, high) for low in (697, 770, 852, 941) for high in (1209, 1336, 1477, 1633)],
        strict=True,
    )
)


def rtp(
    sequence: int,
    *,
    ssrc: int = 0x1234,
    payload_type: int = 0,
    payload: bytes = b"\xff" * 160,
    timestamp: int | None = None,
    marker: bool = False,
) -> bytes:
    second = payload_type | (0x80 if marker else 0)
    at = sequence * 160 if timestamp is None else timestamp
    return struct.pack("!BBHII", 0x80, second, sequence & 0xFFFF, at & 0xFFFFFFFF, ssrc) + payload


def event(digit: str, *, ended: bool = False, duration: int = 400) -> bytes:
    return struct.pack("!BBH", "0123456789*#ABCD".index(digit), (0x80 if ended else 0) | 10, duration)


def _mu(code: int) -> float:
    code = ~code & 0xFF
    magnitude = (((code & 0x0F) << 3) + 0x84 << ((code & 0x70) >> 4)) - 0x84
    return (-magnitude if code & 0x80 else magnitude) / 32768


_MU = np.array([_mu(code) for code in range(256)])


def mu_law(samples: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> bytes:
    return bytes(np.abs(_MU[None, :] - samples[:, None]).argmin(axis=1).astype(np.uint8))


def tone(digit: str, milliseconds: int = 100, level: float = 0.3) -> bytes:
    low, high = TONES[digit]
    at = np.arange(milliseconds * 8) / 8000
    return mu_law(level * (np.sin(2 * math.pi * low * at) + np.sin(2 * math.pi * high * at)) / 2)


def silence(milliseconds: int) -> bytes:
    return b"\xff" * (8 * milliseconds)


def packets_of(sound: bytes) -> Iterator[bytes]:
    for at in range(0, len(sound), 160):
        yield sound[at : at + 160]


_ENCODERS = {"G722": ("g722", 16_000), "OPUS": ("libopus", 48_000)}


def encoded(codec: str, said: Sequence[tuple[str, int]], level: float = 0.3) -> list[bytes]:
    """Payloads of 20 ms: tones, or nothing where the key is "", each for so many milliseconds."""
    name, rate = _ENCODERS[codec]
    sound = np.concatenate([_said(key, milliseconds, rate, level) for key, milliseconds in said])
    encoder = av.CodecContext.create(name, "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = rate, "mono", "s16"
    encoder.open()
    each = rate // 50
    payloads = []
    for at in range(0, len(sound) - each + 1, each):
        frame = av.AudioFrame.from_ndarray(sound[at : at + each].reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts = rate, at
        payloads += [bytes(packet) for packet in encoder.encode(frame)]
    return payloads


def _said(key: str, milliseconds: int, rate: int, level: float) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    at = np.arange(milliseconds * rate // 1000) / rate
    parts = [np.sin(2 * math.pi * frequency * at) for frequency in TONES.get(key, ())]
    return (32767 * level / 2 * sum(parts, np.zeros(len(at)))).astype(np.int16)
