"""Sound and keys of a test call, held against decoders that are not ours."""

import socket
from pathlib import Path

import av
import numpy as np
import pytest

from rightcall.adapters.rtp.events import KeypadReader
from rightcall.errors import Malformed
from rightcall.testcall.model import Leg, Person
from rightcall.testcall.rtp import EVENTS, PCMU, LegSender
from rightcall.testcall.sound import FRAME, SILENCE, events_of, frames_of, mu_law, tone

CALLER = Leg(label="1", person=Person(ref="caller", aor="tel:+4532123456", name="Ada"))


def test_mu_law_agrees_with_ffmpeg() -> None:
    samples = np.arange(-32768, 32768, 7).astype(np.int16)
    decoder = av.CodecContext.create("pcm_mulaw", "r")
    assert isinstance(decoder, av.AudioCodecContext)
    decoder.sample_rate, decoder.layout = 8000, "mono"
    decoded = np.concatenate([frame.to_ndarray().reshape(-1) for frame in decoder.decode(av.Packet(mu_law(samples)))])
    error = np.abs(decoded.astype(np.int32) - samples)
    loud = np.abs(samples.astype(np.int32))
    assert np.all(error[loud < 32000] <= 8 + loud[loud < 32000] / 16)


def test_a_tone_lasts_as_long_as_asked() -> None:
    frames = tone(440, 0.5)
    assert len(frames) == 25
    assert {len(frame) for frame in frames} == {FRAME}


def test_what_is_no_sound_is_said(tmp_path: Path) -> None:
    file = tmp_path / "sound.wav"
    file.write_bytes(b"no sound at all")
    with pytest.raises(Malformed, match="Give a WAV"):
        frames_of(file)


@pytest.mark.parametrize("digit", "0123456789*#A")
def test_the_recorder_hears_each_key_once(digit: str) -> None:
    reader = KeypadReader()
    heard = [reader.hear(1, 1000, memoryview(payload)) for payload, _ in events_of(digit)]
    assert [each for each in heard if each] == [digit]


@pytest.mark.parametrize("wrong", ["", "x", "12", " "])
def test_what_is_no_key_is_said(wrong: str) -> None:
    with pytest.raises(Malformed):
        list(events_of(wrong))


def test_a_leg_sends_packets_in_order_and_silence_between() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        line.settimeout(5)
        sender = LegSender(CALLER, "127.0.0.1")
        try:
            sender.tick()
            assert sender.packets == 0, "nothing is sent before there is a target"
            sender.aim(line.getsockname())
            sender.say([b"\x11" * FRAME])
            sender.key("5")
            for _ in range(16):
                sender.tick()
            packets = [line.recv(2048) for _ in range(16)]
        finally:
            sender.close()
    numbers = [int.from_bytes(packet[2:4], "big") for packet in packets]
    assert numbers == list(range(numbers[0], numbers[0] + 16))
    kinds = [packet[1] & 0x7F for packet in packets]
    assert kinds == [PCMU] + [EVENTS] * 11 + [PCMU] * 4
    assert len({packet[4:8] for packet in packets if packet[1] & 0x7F == EVENTS}) == 1
    assert [packet[12:] for packet in packets[-4:]] == [SILENCE] * 4
    assert sender.sent().digits == 1
