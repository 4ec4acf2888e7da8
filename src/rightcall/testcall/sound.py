"""Sound files to G.711 frames of 20 ms, and keypad digits to RFC 4733 events."""

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import av
import numpy as np

from rightcall.errors import Malformed

RATE = 8000
FRAME = 160
SILENCE = b"\xff" * FRAME
_DIGITS = "0123456789*#ABCD"
_EVENT_FRAMES = 8
_VOLUME = 10


def frames_of(file: Path) -> list[bytes]:
    """The whole file as G.711 µ-law, 160 octets for each 20 ms, the last one filled up with silence."""
    try:
        with av.open(str(file)) as source:
            resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
            samples = [piece.to_ndarray().reshape(-1) for frame in source.decode(audio=0) for piece in resampler.resample(frame)]
    except (av.error.FFmpegError, OSError, IndexError) as error:
        raise Malformed("This sound file could not be read. Give a WAV, Ogg, FLAC or MP3 file with one sound track.") from error
    encoded = mu_law(np.concatenate(samples)) if samples else b""
    return [encoded[start : start + FRAME].ljust(FRAME, b"\xff") for start in range(0, len(encoded), FRAME)]


def tone(hertz: float, seconds: float) -> list[bytes]:
    """A quiet sine, for those who have no sound file at hand."""
    at = np.arange(int(RATE * seconds) // FRAME * FRAME) / RATE
    encoded = mu_law((6000 * np.sin(2 * np.pi * hertz * at)).astype(np.int16))
    return [encoded[start : start + FRAME] for start in range(0, len(encoded), FRAME)]


@cache
def murmurs() -> tuple[tuple[bytes, ...], ...]:
    """A few short ones, made up: a voice without words, each at another pitch, which rises or falls and swells and fades."""
    return tuple(tuple(_murmur(low, high)) for low, high in ((120, 150), (165, 125), (135, 175), (150, 110)))


def _murmur(low: float, high: float) -> list[bytes]:
    """Half a second of it."""
    count = RATE // 2 // FRAME * FRAME
    pitch = np.linspace(low, high, count)
    turn = 2 * np.pi * np.cumsum(pitch) / RATE
    voice = np.sin(turn) + 0.5 * np.sin(2 * turn) + 0.25 * np.sin(3 * turn)
    swell = np.sin(np.pi * np.arange(count) / count)
    encoded = mu_law((3500 * voice * swell).astype(np.int16))
    return [encoded[start : start + FRAME] for start in range(0, count, FRAME)]


def mu_law(samples: "np.ndarray[tuple[int], np.dtype[np.int16]]") -> bytes:
    """ITU-T G.711 µ-law, section 3: sign, three bits of segment, four of step, all inverted."""
    wide = samples.astype(np.int32)
    sign = np.where(wide < 0, 0x80, 0)
    level = np.minimum(np.abs(wide), 32635) + 132
    segment = np.floor(np.log2(level)).astype(np.int32) - 7
    step = (level >> (segment + 3)) & 0x0F
    encoded = (~(sign | segment << 4 | step)) & 0xFF
    return bytes(encoded.astype(np.uint8).tobytes())


def events_of(digit: str) -> Iterator[tuple[bytes, bool]]:
    """The payloads of one key press, one for each 20 ms, each with whether it is the first; the end is sent three times."""
    code = _DIGITS.find(digit.upper())
    if code < 0 or len(digit) != 1:
        raise Malformed("A key is one of 0 to 9, *, # and A to D.")
    for number in range(1, _EVENT_FRAMES + 1):
        yield struct.pack("!BBH", code, _VOLUME, number * FRAME), number == 1
    for _ in range(3):
        yield struct.pack("!BBH", code, 0x80 | _VOLUME, _EVENT_FRAMES * FRAME), False
