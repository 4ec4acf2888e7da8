"""Sixteen of sixteen keys by their tones; speech-like sound and noise are no keys."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rightcall.adapters.rtp.ears import Ears
from rightcall.adapters.rtp.tones import ToneReader
from tests.adapters.rtp.fakes import TONES, mu_law, packets_of, silence, tone

PCMU, PCMA = 0, 8
CODECS = {PCMU: "PCMU", PCMA: "PCMA"}


def _decoded(payload_type: int, payload: bytes) -> NDArray[np.float32]:
    sound = Ears(CODECS).hear(payload_type, payload)
    assert sound is not None
    return sound


def _heard(sound: bytes) -> str:
    reader = ToneReader()
    return "".join(filter(None, (reader.hear(_decoded(PCMU, packet)) for packet in packets_of(sound))))


@pytest.mark.parametrize("level", [0.03, 0.3, 0.9])
def test_all_sixteen_keys_in_a_row(level: float) -> None:
    keys = "".join(TONES)
    assert _heard(b"".join(tone(key, 100, level) + silence(80) for key in keys)) == keys


def test_the_same_key_twice_is_two_presses() -> None:
    assert _heard(tone("5", 80) + silence(60) + tone("5", 80)) == "55"


def test_a_long_press_is_one() -> None:
    assert _heard(tone("9", 1500)) == "9"


def test_a_tone_in_noise_is_heard() -> None:
    noise = np.random.default_rng(1).normal(0, 0.01, 800)
    low, high = TONES["7"]
    at = np.arange(800) / 8000
    assert _heard(mu_law(0.15 * (np.sin(2 * math.pi * low * at) + np.sin(2 * math.pi * high * at)) + noise)) == "7"


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 0.4))
@settings(max_examples=20, deadline=None)
def test_noise_is_no_key(seed: int, level: float) -> None:
    assert _heard(mu_law(np.clip(np.random.default_rng(seed).normal(0, level, 8000), -1, 1))) == ""


@given(st.floats(80, 300), st.lists(st.floats(0.05, 1.0), min_size=8, max_size=20))
@settings(max_examples=20, deadline=None)
def test_a_voice_is_no_key(pitch: float, weights: list[float]) -> None:
    at = np.arange(8000) / 8000
    voice = sum((w * np.sin(2 * math.pi * pitch * (k + 1) * at) for k, w in enumerate(weights)), np.zeros(8000))
    assert _heard(mu_law(0.5 * voice / np.abs(voice).max())) == ""


def test_both_laws_mean_what_the_recommendation_says() -> None:
    mu = _decoded(PCMU, bytes([0xFF, 0x7F, 0x00, 0x80, 0xF0]))
    assert (mu * 32768).round().astype(int).tolist() == [0, 0, -32124, 32124, 120]
    a = _decoded(PCMA, bytes([0xD5, 0x55, 0x2A, 0xAA]))
    assert (a * 32768).round().astype(int).tolist() == [8, -8, -32256, 32256]


@given(st.binary(max_size=400))
@settings(max_examples=50)
def test_any_bytes_are_sound(payload: bytes) -> None:
    ToneReader().hear(_decoded(PCMA, payload))
