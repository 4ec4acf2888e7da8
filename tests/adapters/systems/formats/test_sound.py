"""Sound by what it says about itself, captions and transcripts beside it as conversations."""

import io

import av
import numpy as np
import pytest

from rightcall.discovery.model import Reason
from rightcall.discovery.parts import Turn
from tests.adapters.systems.formats.reading import read


def sound(kind: str, codec: str, layout: str = "mono") -> bytes:
    written = io.BytesIO()
    with av.open(written, "w", format=kind) as made:
        made.metadata["artist"] = "Zoë Lovelace"
        made.metadata["comment"] = "from +45 32 12 34 56"
        stream = made.add_stream(codec, rate=48000)
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 960), dtype=np.int16), format="s16", layout=layout)
        frame.rate = 48000
        made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    return written.getvalue()


@pytest.mark.parametrize(("kind", "codec"), [("wav", "pcm_s16le"), ("flac", "flac"), ("mp4", "aac")])
def test_tags_are_read_and_that_nothing_was_heard_is_told(kind: str, codec: str) -> None:
    shown = read(f"a.{kind}", sound(kind, codec))
    tags = shown.texts[f"a.{kind}", "tags"]
    assert "Zoë Lovelace" in tags
    assert "+45 32 12 34 56" in tags
    assert shown.passed == [(f"a.{kind}", Reason.SOUND)]


def test_a_broken_sound_is_told_and_one_that_claims_to_be_a_table_is_a_sound() -> None:
    assert read("a.wav", b"RIFF\x10\x00\x00\x00WAVEnonsense").passed == [("a.wav", Reason.BROKEN)]
    assert ("a.csv", "tags") in read("a.csv", sound("wav", "pcm_s16le")).texts


def test_captions_are_turns_with_their_speakers() -> None:
    content = (
        "WEBVTT - call\n\nNOTE typed by Eva\n\nintro\n00:01.000 --> 00:02.500 align:start\n<v Zoë>Hello &amp; <i>hi</i></v>\n\n"
        "01:00:03.250 --> 01:00:04.000\nAgent: four one\none one\n\n"
    )
    shown = read("a.vtt", content.encode())
    assert shown.turns == [Turn(0, "Hello & hi", 1.0, is_of_staff=False), Turn(1, "four one\none one", 3603.25, is_of_staff=True)]
    assert (shown.texts["a.vtt", "speakers"], shown.texts["a.vtt", "agents"]) == ("Zoë", "Agent")
    assert "typed by Eva" in shown.texts["a.vtt", "notes"]
    assert shown.bytes == len(content.encode())


def test_srt_with_carriage_returns() -> None:
    content = "1\r\n00:00:01,000 --> 00:00:02,500\r\nMy number is 32 12\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nThanks\r\n"
    shown = read("call.txt", content.encode())
    assert shown.turns == [Turn(0, "My number is 32 12", 1.0), Turn(0, "Thanks", 3.0)]
    assert shown.texts == {}
