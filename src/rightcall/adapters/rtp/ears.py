"""What a tone detector listens to: the sound of one stream at 8,000 samples a second, whatever codec it came in.

G.711 is looked up in a table. G.722 and Opus need decoders that remember what came before, FFmpeg's; each stream has its own, and
only while a question is pending. Of other codecs nothing is heard, so nobody can say that no key is in it.
"""

from collections.abc import Mapping

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from rightcall.errors import Breach

RATE = 8000
_DECODERS = {"G722": ("g722", 16_000), "OPUS": ("libopus", 48_000)}
# How far behind the decoders are, as measured: 13 samples and 52.
_LATE = {"G722": 16, "OPUS": 64}


def _mu_law() -> NDArray[np.float32]:
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    magnitude = (((code & 0x0F) << 3) + 0x84 << ((code & 0x70) >> 4)) - 0x84
    return (np.where(code & 0x80, -magnitude, magnitude) / 32768).astype(np.float32)


def _a_law() -> NDArray[np.float32]:
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent, mantissa = (code & 0x70) >> 4, (code & 0x0F) << 4
    magnitude = np.where(exponent == 0, mantissa + 8, (mantissa + 0x108) << np.maximum(exponent - 1, 0))
    return (np.where(code & 0x80, magnitude, -magnitude) / 32768).astype(np.float32)


_TABLES = {"PCMU": _mu_law(), "PCMA": _a_law()}
# By name, with the clock rate that SDP says. That of G.722 is 8,000 for historical reasons (RFC 3551, section 4.5.2).
HEARD = frozenset({("PCMU", 8_000), ("PCMA", 8_000), ("G722", 8_000), ("OPUS", 48_000)})


class Ears:
    """One stream's. `codecs` are the names of those that can be heard, by payload type."""

    __slots__ = ("_codecs", "_decoders")

    def __init__(self, codecs: Mapping[int, str]) -> None:
        self._codecs = codecs
        self._decoders: dict[int, av.AudioCodecContext] = {}

    def hear(self, payload_type: int, payload: bytes | bytearray | memoryview) -> NDArray[np.float32] | None:
        """Samples between -1 and 1. None where nobody can hear what is in it."""
        codec = self._codecs.get(payload_type)
        if codec is None:
            return None
        table = _TABLES.get(codec)
        if table is not None:
            return table[np.frombuffer(payload, dtype=np.uint8)]
        try:
            frames = self._decoder(payload_type, codec).decode(av.Packet(bytes(payload)))
        except FFmpegError:
            return None
        parts = [_narrowed(frame, _DECODERS[codec][1]) for frame in frames]
        return np.concatenate(parts) if parts else None

    def late(self, payload_type: int) -> int:
        """So many samples after it was said, at most, a sound comes out of `hear`."""
        return _LATE.get(self._codecs.get(payload_type, ""), 0)

    def _decoder(self, payload_type: int, codec: str) -> av.AudioCodecContext:
        decoder = self._decoders.get(payload_type)
        if decoder is None:
            decoder = self._decoders[payload_type] = _made(*_DECODERS[codec])
        return decoder


def _made(name: str, rate: int) -> av.AudioCodecContext:
    decoder = av.CodecContext.create(name, "r")
    if not isinstance(decoder, av.AudioCodecContext):
        raise Breach("A decoder of sound is none. Stop, and check the installation of PyAV.")
    decoder.sample_rate, decoder.layout = rate, "mono"
    return decoder


def _narrowed(frame: av.AudioFrame, rate: int) -> NDArray[np.float32]:
    """Each group of samples becomes their mean: coarse, and good enough for tones below 1,700 Hz."""
    samples = frame.to_ndarray().reshape(-1)
    loudest = np.float32(32768 if samples.dtype == np.int16 else 1)
    group = rate // RATE
    whole = len(samples) // group * group
    narrowed: NDArray[np.float32] = samples[:whole].reshape(-1, group).mean(axis=1, dtype=np.float32) / loudest
    return narrowed
