"""From stored packets to a file that plays anywhere, in memory: the adapter behind `recordings.ports.Audio`.
Most calls are G.711 or Opus, and neither is decoded: the decoders are in linear.py, and loaded when they are needed.

| what the stretch holds | what comes out |
|---|---|
| G.711 in one law, and nothing else | WAV with the bytes as received (audio/x-wav; tag 7 or 6), silence in the gaps |
| Opus, and nothing else | Ogg with the packets as received (audio/ogg), silent packets in the gaps |
| G.722, or several codecs | WAV with linear samples (audio/x-wav), at the highest rate of the codecs in it |
| nothing that is sound | a WAV of silence as long as the stretch, if its end is known; else Malformed |
"""

from collections.abc import Callable, Sequence
from itertools import chain

from rightcall.adapters.audio.opus import ogg_opus
from rightcall.adapters.audio.placing import Run, runs
from rightcall.adapters.audio.wav import ALAW, MULAW, Wave, samples_in, wav
from rightcall.errors import Malformed
from rightcall.later import later
from rightcall.recordings.model import Recorded, Sound

WAV_TYPE, OGG_TYPE = "audio/x-wav", "audio/ogg"
_G711 = {"PCMU": (MULAW, b"\xff"), "PCMA": (ALAW, b"\xd5")}
_G711_RATE = 8_000
_LONGEST_MS = 24 * 3600 * 1000
_linear: Callable[[Sequence[Run], int | None], Wave] = later("rightcall.adapters.audio.linear:linear")


class PyAvAudio:
    """`recordings.ports.Audio` with FFmpeg's decoders."""

    def render(self, recorded: Recorded) -> Sound:
        placed = runs(recorded)
        codecs = {run.codec for run in placed}
        length = None if recorded.end_ms is None else recorded.end_ms - recorded.start_ms
        if placed and max(run.pieces[-1].at_ms for run in placed) > _LONGEST_MS:
            raise Malformed("This stretch claims to last more than a day. Ask for a shorter stretch.")
        if not codecs:
            return _silence(length)
        if codecs == {"OPUS"}:
            return _opus(placed)
        if len(codecs) == 1 and codecs <= set(_G711):
            return _g711(placed, *_G711[placed[0].codec], length)
        return _sound(_linear(placed, length))


def _silence(length_ms: int | None) -> Sound:
    if length_ms is None:
        raise Malformed("Nothing in this stretch is sound in a codec that can be played. Ask for another stretch.")
    samples = b"\xff" * min(samples_in(length_ms, _G711_RATE), _LONGEST_MS * 8)
    return _sound(Wave(tag=MULAW, rate=_G711_RATE, samples=samples))


def _opus(placed: Sequence[Run]) -> Sound:
    made = ogg_opus(chain.from_iterable(run.pieces for run in placed), placed[0].channels)
    return Sound(mediatype=OGG_TYPE, body=made.body, duration_ms=made.samples // 48)


def _g711(placed: Sequence[Run], tag: int, silence: bytes, length_ms: int | None) -> Sound:
    """Each payload byte is a sample; it is copied to its place, and never beyond the end of the stretch."""
    pieces = [piece for run in placed for piece in run.pieces]
    places = [samples_in(piece.at_ms, _G711_RATE) for piece in pieces]
    total = max(place + len(piece.payload) for place, piece in zip(places, pieces, strict=True))
    samples = bytearray(silence * (total if length_ms is None else samples_in(length_ms, _G711_RATE)))
    for place, piece in zip(places, pieces, strict=True):
        room = max(0, len(samples) - place)
        samples[place : place + len(piece.payload[:room])] = piece.payload[:room]
    return _sound(Wave(tag=tag, rate=_G711_RATE, samples=bytes(samples)))


def _sound(wave: Wave) -> Sound:
    duration = len(wave.samples) * 1000 // (wave.rate * wave.width)
    return Sound(mediatype=WAV_TYPE, body=wav(wave), duration_ms=duration)
