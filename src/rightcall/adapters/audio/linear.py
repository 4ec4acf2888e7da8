"""Packets of any codec as linear samples: FFmpeg's decoders, by PyAV."""

from collections.abc import Sequence

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.error import FFmpegError

from rightcall.adapters.audio.placing import Run
from rightcall.adapters.audio.wav import PCM, Wave, samples_in
from rightcall.errors import Breach

_DECODERS = {"PCMU": "pcm_mulaw", "PCMA": "pcm_alaw", "G722": "g722", "OPUS": "libopus"}
_RATES = {"PCMU": 8_000, "PCMA": 8_000, "G722": 16_000, "OPUS": 48_000}


def linear(placed: Sequence[Run], length_ms: int | None) -> Wave:
    """The runs on one track, silence in the gaps, at the highest rate among them."""
    rate = max(_RATES[run.codec] for run in placed)
    decoded = [piece for run in placed for piece in _decode(run, rate)]
    total = max((place + len(samples) for place, samples in decoded), default=0)
    track = np.zeros(total if length_ms is None else samples_in(length_ms, rate), dtype="<i2")
    for place, samples in decoded:
        room = max(0, len(track) - place)
        track[place : place + len(samples[:room])] = samples[:room]
    return Wave(tag=PCM, rate=rate, samples=track.tobytes())


def _decode(run: Run, rate: int) -> list[tuple[int, np.ndarray[tuple[int], np.dtype[np.int16]]]]:
    """Each packet's samples with their place. A packet that does not decode leaves a gap, as one that never came."""
    decoder = av.CodecContext.create(_DECODERS[run.codec], "r")
    if not isinstance(decoder, av.AudioCodecContext):
        raise Breach("A decoder of sound is none. Stop, and check the installation of PyAV.")
    decoder.sample_rate, decoder.layout = _RATES[run.codec], "stereo" if run.codec == "OPUS" else "mono"
    resampler = AudioResampler(format="s16", layout="mono", rate=rate)
    decoded = []
    for piece in run.pieces:
        try:
            frames = [out for frame in decoder.decode(av.Packet(piece.payload)) for out in resampler.resample(frame)]
        except FFmpegError:
            continue
        if frames:
            samples = np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames])
            decoded.append((samples_in(piece.at_ms, rate), samples))
    return decoded
