"""Stored packets become sound that plays: in order, in time, with silence where nothing was kept."""

import io
import random
import wave

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.adapters.audio.opus import samples_of
from rightcall.adapters.audio.render import OGG_TYPE, WAV_TYPE, PyAvAudio
from rightcall.errors import Malformed
from rightcall.recordings.model import Codec, Recorded, Sound
from rightcall.recordings.packets import StoredPacket

PCMU = Codec(payload_type=0, name="PCMU", clock_rate=8000)
PCMA = Codec(payload_type=8, name="PCMA", clock_rate=8000)
G722 = Codec(payload_type=9, name="G722", clock_rate=8000)
OPUS = Codec(payload_type=111, name="opus", clock_rate=48000, channels=2)
EVENTS = Codec(payload_type=101, name="telephone-event", clock_rate=8000)


def packet(codec: Codec, number: int, payload: bytes, *, step: int = 160, at: int | None = None, base: int = 0) -> StoredPacket:
    head = bytes([0x80, codec.payload_type]) + (number % 65536).to_bytes(2, "big")
    head += ((base + number * step) % 2**32).to_bytes(4, "big") + b"\x00\x00\x00\x07"
    return StoredPacket(milliseconds=20 * number if at is None else at, packet=head + payload)


def recorded(*packets: StoredPacket, start: int = 0, end: int | None = None) -> Recorded:
    codecs = (PCMU, PCMA, G722, OPUS, EVENTS)
    return Recorded(codecs=codecs, packets=packets, start_ms=start, end_ms=end, cut_short=False)


def render(*packets: StoredPacket, start: int = 0, end: int | None = None) -> Sound:
    return PyAvAudio().render(recorded(*packets, start=start, end=end))


def frame(number: int) -> bytes:
    return bytes([number + 1]) * 160


def data_of(sound: Sound) -> bytes:
    assert sound.mediatype == WAV_TYPE
    at = sound.body.index(b"data")
    length = int.from_bytes(sound.body[at + 4 : at + 8], "little")
    return sound.body[at + 8 : at + 8 + length]


def samples_by_ffmpeg(sound: Sound) -> tuple[int, "np.ndarray[tuple[int], np.dtype[np.int16]]"]:
    """What a player of somebody else's hears."""
    with av.open(io.BytesIO(sound.body), "r") as container:
        resampler = av.AudioResampler(format="s16", layout="mono")
        frames = [out for each in container.decode(audio=0) for out in resampler.resample(each)]
        return frames[0].sample_rate, np.concatenate([each.to_ndarray().reshape(-1) for each in frames])


@pytest.mark.parametrize(("codec", "tag"), [(PCMU, 7), (PCMA, 6)])
def test_g711_is_kept_as_it_was_received(codec: Codec, tag: int) -> None:
    sound = render(*(packet(codec, number, frame(number)) for number in range(50)))
    assert int.from_bytes(sound.body[20:22], "little") == tag
    assert data_of(sound) == b"".join(frame(number) for number in range(50))
    assert sound.duration_ms == 1000
    rate, samples = samples_by_ffmpeg(sound)
    assert (rate, len(samples)) == (8000, 8000)


@given(st.randoms(use_true_random=False), st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_order_doubles_and_the_turn_of_the_timestamp_do_not_matter(shuffle: random.Random, base: int) -> None:
    packets = [packet(PCMU, number, frame(number), base=base) for number in range(40)]
    jittered = sorted(packets + packets[5:9], key=lambda each: each.milliseconds + shuffle.uniform(0, 60))
    assert data_of(render(*jittered)) == b"".join(frame(number) for number in range(40))


@pytest.mark.parametrize(("codec", "silence"), [(PCMU, b"\xff"), (PCMA, b"\xd5")])
def test_a_gap_is_silence_of_its_own_length(codec: Codec, silence: bytes) -> None:
    sound = render(packet(codec, 0, frame(0)), packet(codec, 5, frame(5)))
    assert data_of(sound) == frame(0) + silence * 640 + frame(5)


def test_a_timestamp_that_jumps_does_not_make_hours_of_silence() -> None:
    sound = render(packet(PCMU, 0, frame(0)), packet(PCMU, 1, frame(1), base=3_000_000_000))
    assert sound.duration_ms == 40


def test_a_stretch_is_as_long_as_it_was_asked_for() -> None:
    packets = [packet(PCMU, number, frame(number)) for number in range(10, 20)]
    assert data_of(render(*packets, start=200, end=300)) == b"".join(frame(number) for number in range(10, 15))
    assert data_of(render(packets[0], start=150, end=300)) == b"\xff" * 400 + frame(10) + b"\xff" * 640


def test_keys_and_noise_carry_no_sound() -> None:
    sound = render(packet(PCMU, 0, frame(0)), packet(EVENTS, 1, b"\x05\x0a\x00\xa0"), packet(PCMU, 2, frame(2)))
    assert data_of(sound) == frame(0) + b"\xff" * 160 + frame(2)


def tone(rate: int, seconds: float = 1.0) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    return (np.sin(np.arange(int(rate * seconds)) * 2 * np.pi * 440 / rate) * 12000).astype(np.int16)


def encoded(codec: str, rate: int, size: int) -> list[bytes]:
    encoder = av.CodecContext.create(codec, "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = rate, "mono", "s16"
    samples, packets = tone(rate), []
    for at in range(0, len(samples) - size + 1, size):
        each = av.AudioFrame.from_ndarray(samples[at : at + size].reshape(1, -1), format="s16", layout="mono")
        each.sample_rate, each.pts = rate, at
        packets += [bytes(out) for out in encoder.encode(each)]
    return packets


def pitch(rate: int, samples: "np.ndarray[tuple[int], np.dtype[np.int16]]") -> float:
    return float(np.argmax(np.abs(np.fft.rfft(samples.astype(float)))) * rate / len(samples))


def test_g722_is_decoded_to_sixteen_kilohertz() -> None:
    sound = render(*(packet(G722, number, body) for number, body in enumerate(encoded("g722", 16000, 320))))
    rate, samples = samples_by_ffmpeg(sound)
    assert rate == 16000
    assert abs(len(samples) - 16000) <= 320
    assert abs(pitch(rate, samples) - 440) < 3


def test_opus_is_copied_into_ogg_and_gaps_are_silent() -> None:
    bodies = encoded("libopus", 48000, 960)
    kept = [packet(OPUS, n, body, step=960) for n, body in enumerate(bodies) if not 20 <= n < 30]
    sound = render(*kept)
    assert sound.mediatype == OGG_TYPE
    assert all(body in sound.body for body in bodies[:20])
    rate, samples = samples_by_ffmpeg(sound)
    assert rate == 48000
    assert abs(len(samples) - sound.duration_ms * 48) <= 960
    assert abs(sound.duration_ms - 20 * len(bodies)) <= 20
    assert np.abs(samples[23 * 960 : 29 * 960]).max() < 200
    assert abs(pitch(rate, samples[960 : 19 * 960]) - 440) < 3


def test_a_change_of_codec_in_mid_take_is_heard_in_one_file() -> None:
    early = [packet(PCMU, n, body) for n, body in enumerate(encoded("pcm_mulaw", 8000, 160)[:25])]
    late = [packet(G722, n, body) for n, body in enumerate(encoded("g722", 16000, 320)) if n >= 25]
    rate, samples = samples_by_ffmpeg(render(*early, *late))
    assert rate == 16000
    assert abs(pitch(rate, samples[:7000]) - 440) < 5
    assert abs(pitch(rate, samples[9000:]) - 440) < 5


def test_what_is_no_sound_is_said() -> None:
    with pytest.raises(Malformed):
        render(packet(EVENTS, 0, b"\x05\x0a\x00\xa0"))
    assert data_of(render(end=20)) == b"\xff" * 160


@given(st.lists(st.tuples(st.integers(0, 2000), st.sampled_from([0, 8, 9, 111, 13]), st.binary(max_size=40)), max_size=12))
@settings(max_examples=60, deadline=None)
def test_any_stored_packets_render_or_are_refused(shape: list[tuple[int, int, bytes]]) -> None:
    packets, now = [], 0
    for later, payload_type, rest in shape:
        now += later
        packets.append(StoredPacket(milliseconds=now, packet=(bytes([0x80, payload_type]) + rest).ljust(12, b"\x00")))
    try:
        sound = render(*packets)
    except Malformed:
        return
    assert sound.body[:4] in (b"RIFF", b"OggS")


@pytest.mark.parametrize(
    ("head", "samples"), [(b"\xf8", 960), (b"\x18", 2880), (b"\x79", 1920), (b"\xfb\x02", 1920), (b"\xfb\x00", None)]
)
def test_opus_packets_say_how_long_they_last(head: bytes, samples: int | None) -> None:
    assert samples_of(head) == samples


def test_the_wave_module_reads_linear_files() -> None:
    sound = render(*(packet(G722, number, body) for number, body in enumerate(encoded("g722", 16000, 320))))
    with wave.open(io.BytesIO(sound.body)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (16000, 2, 1)
