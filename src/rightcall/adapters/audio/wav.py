"""WAV files in memory: G.711 as it was received (format tags 7 and 6), or linear 16-bit samples."""

import struct
from dataclasses import dataclass

PCM, ALAW, MULAW = 1, 6, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """`samples` are frames of one channel; their width follows from the tag."""

    tag: int
    rate: int
    samples: bytes

    @property
    def width(self) -> int:
        return 2 if self.tag == PCM else 1


def wav(wave: Wave) -> bytes:
    """The file. Formats other than PCM carry a `fact` chunk and an extension size, as the format asks."""
    body = struct.pack("<HHIIHH", wave.tag, 1, wave.rate, wave.rate * wave.width, wave.width, 8 * wave.width)
    chunks = _chunk(b"fmt ", body if wave.tag == PCM else body + struct.pack("<H", 0))
    if wave.tag != PCM:
        chunks += _chunk(b"fact", struct.pack("<I", len(wave.samples)))
    chunks += _chunk(b"data", wave.samples)
    return _chunk(b"RIFF", b"WAVE" + chunks)


def samples_in(milliseconds: float, rate: int) -> int:
    return round(milliseconds * rate / 1000)


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) % 2)
