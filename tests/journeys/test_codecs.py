"""Every codec that calls are made of, plain and under each suite of SRTP: kept as received after a yes, nowhere after a no."""

import io
import itertools
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import av
import numpy as np
import pytest

from rightcall.testcall.call import DeskOfCall
from rightcall.testcall.model import Leg
from tests.journeys.codecs import KINDS, SUITES, CodecCall, Voice, sealer, speak
from tests.journeys.deployment import Deployment
from tests.journeys.line import AGENT, LANGUAGE, PROOF, TRAINING, audio, caller, packets_of, takes_of, wait_finished

PACKETS = 40
_numbers = itertools.count(4532300000)
every_way = pytest.mark.parametrize("suite", [None, *SUITES], ids=lambda suite: suite or "plain")


class OnTheLine:
    """One call, both of whose sides speak one codec."""

    def __init__(self, deployment: Deployment, codec: str, suite: str | None) -> None:
        tel = f"+{next(_numbers)}"
        legs = (Leg(label="1", person=caller(tel)), Leg(label="2", person=AGENT))
        self.kind = KINDS[codec]
        self.call = CodecCall(deployment.sip, legs, self.kind, suite)
        self.customer, self.agent = self.call.voices
        self.desk = DeskOfCall(deployment.agent, tel)

    def choose(self, purpose: str, answer: str) -> None:
        party = self.desk.party("customer")
        assert self.desk.choose(purpose, answer, LANGUAGE, party=party, heard="as the caller said it")["held"]["held_at"]


@contextmanager
def on_the_line(deployment: Deployment, suite: str | None) -> Iterator[list[OnTheLine]]:
    """A call in each codec, all at the same time."""
    with ExitStack() as ends:
        lines = []
        for codec in KINDS:
            lines.append(OnTheLine(deployment, codec, suite))
            ends.callback(lines[-1].call.hang_up)
        yield lines


def speak_on_all(lines: list[OnTheLine], packets: int = PACKETS) -> dict[Voice, tuple[list[bytes], list[bytes]]]:
    """Both sides of every call. Returns the RTP packets of each voice, plain and as they were on the wire."""
    voices = [voice for line in lines for voice in line.call.voices]
    plain = {voice: voice.packets(voice.kind.sound(packets)) for voice in voices}
    wire = {voice: voice.sealed(packets) for voice, packets in plain.items()}
    speak(wire)
    return {voice: (plain[voice], wire[voice]) for voice in voices}


@every_way
def test_what_was_said_after_a_yes_is_kept_as_it_was_received(deployment: Deployment, suite: str | None) -> None:
    """Of both sides, packet by packet; nothing from before the yes, and under SRTP nothing by another key or none."""
    with on_the_line(deployment, suite) as lines:
        speak_on_all(lines, 3)
        for line in lines:
            line.choose(TRAINING, "granted")
        said = speak_on_all(lines)
        if suite:
            speak({voice: _forged(voice, suite) for voice in said})
    states = [wait_finished(deployment, line.desk.id) for line in lines]
    takes = {line.customer: takes_of(state, "customer") for line, state in zip(lines, states, strict=True)}
    takes |= {line.agent: takes_of(state, "agent") for line, state in zip(lines, states, strict=True)}
    stored = packets_of(deployment, [take["id"] for each in takes.values() for take in each], TRAINING)
    for line, state in zip(lines, states, strict=True):
        described = line.call.answer.body
        assert {tuple(stream["codecs"]) for stream in state["streams"]} == {(line.kind.named, "telephone-event/8000")}
        assert described.count(f"a=rtpmap:{line.kind.payload_type} {line.kind.mapping}") == 2
        assert described.count(f"a=crypto:1 {suite} inline:") == (2 if suite else 0)
    for voice, (plain, _) in said.items():
        (take,) = takes[voice]
        assert take["packets"] == PACKETS
        assert stored[take["id"]] == plain
        assert_heard(voice.kind.mapping, audio(deployment, take["id"], TRAINING), [packet[12:] for packet in plain])


@every_way
def test_what_was_said_around_a_no_is_nowhere(deployment: Deployment, suite: str | None) -> None:
    before = deployment.kept_files()
    with on_the_line(deployment, suite) as lines:
        said = [speak_on_all(lines)]
        for line in lines:
            for purpose in (TRAINING, PROOF):
                line.choose(purpose, "refused")
        said.append(speak_on_all(lines))
        assert not deployment.appeared_since(before)
    states = [wait_finished(deployment, line.desk.id) for line in lines]
    assert [state["takes"] for state in states] == [[]] * len(lines)
    assert not deployment.appeared_since(before)
    needles = {sent[way][-1][12:] for each in said for sent in each.values() for way in (0, 1)}
    assert not deployment.files_with(*needles)


def _forged(voice: Voice, suite: str) -> list[bytes]:
    """Packets that follow on, under another key and under none."""
    seal = sealer(suite, secrets.token_bytes(30))
    packets = voice.packets(voice.kind.sound(6))
    return [*(seal(packet) for packet in packets[:3]), *packets[3:]]


def assert_heard(codec: str, played: bytes, said: list[bytes]) -> None:
    """G.711 and Opus are played with the very bytes that were sent; G.722 as a decoder makes samples of them."""
    if codec.startswith("PCM"):
        assert b"".join(said) in played
        assert _codec_of(played) == {"PCMU/8000": "pcm_mulaw", "PCMA/8000": "pcm_alaw"}[codec]
    elif codec.startswith("opus"):
        with av.open(io.BytesIO(played), "r") as file:
            packets = [bytes(packet) for packet in file.demux(audio=0) if packet.size]
        assert [packet for packet in packets if packet in said] == said
        assert _codec_of(played) == "opus"
    else:
        assert _decoded(said).tobytes() in played
        assert _codec_of(played) == "pcm_s16le"


def _codec_of(played: bytes) -> str:
    with av.open(io.BytesIO(played), "r") as file:
        return file.streams.audio[0].codec_context.name


def _decoded(said: list[bytes]) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    decoder = av.CodecContext.create("g722", "r")
    assert isinstance(decoder, av.AudioCodecContext)
    decoder.sample_rate, decoder.layout = 16_000, "mono"
    frames = [frame for body in said for frame in decoder.decode(av.Packet(body))]
    return np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames])
