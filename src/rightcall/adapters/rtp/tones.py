"""Keypad tones inside the sound itself (ITU-T Q.23, Q.24): a Goertzel detector over G.711, for callers without RFC 4733 events.

Sound goes in, digits come out; nothing of the sound is kept. Only G.711 is heard: tones inside G.722 or Opus are not found.
"""

import numpy as np
from numpy.typing import NDArray

from rightcall.adapters.rtp.events import DIGITS

RATE = 8000
PCMU, PCMA = 0, 8
_BLOCK = 205
_LOW = (697, 770, 852, 941)
_HIGH = (1209, 1336, 1477, 1633)
_KEYS = ("123A", "456B", "789C", "*0#D")
_FLOOR = 1e-4
_SHARE = 0.80
_TWIST = 8.0
_ABOVE_NEXT = 6.0
_ENOUGH_BLOCKS = 2
# So many samples after a tone began, or ended, a whole block of it, or one without it, has been judged.
LATEST_FOUND = 2 * _BLOCK


def _mu_law() -> NDArray[np.float32]:
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    magnitude = (((code & 0x0F) << 3) + 0x84 << ((code & 0x70) >> 4)) - 0x84
    return (np.where(code & 0x80, -magnitude, magnitude) / 32768).astype(np.float32)


def _a_law() -> NDArray[np.float32]:
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent, mantissa = (code & 0x70) >> 4, (code & 0x0F) << 4
    magnitude = np.where(exponent == 0, mantissa + 8, (mantissa + 0x108) << np.maximum(exponent - 1, 0))
    return (np.where(code & 0x80, magnitude, -magnitude) / 32768).astype(np.float32)


_TABLES = {PCMU: _mu_law(), PCMA: _a_law()}
_ANGLES = 2 * np.pi * np.outer(np.array(_LOW + _HIGH), np.arange(_BLOCK)) / RATE
_PROBES = np.concatenate([np.cos(_ANGLES), np.sin(_ANGLES)]).astype(np.float32)


def decode(payload_type: int, payload: bytes | bytearray | memoryview) -> NDArray[np.float32]:
    """Samples between -1 and 1. G.711 only: payload type 0 is the mu-law, 8 the A-law."""
    return _TABLES[payload_type][np.frombuffer(payload, dtype=np.uint8)]


class ToneReader:
    """Hears one stream. A digit is told once, when its tone has lasted for two blocks (51 ms)."""

    __slots__ = ("_candidate", "_held", "_rest", "_told", "sounding")

    def __init__(self) -> None:
        self._rest: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        self._candidate = ""
        self._held = 0
        self._told = False
        self.sounding = False

    def hear(self, payload_type: int, payload: bytes | bytearray | memoryview) -> str | None:
        """The digit whose tone became certain with this packet. `sounding` says whether a tone is in any block that this packet
        completed; where it completed none, in the last one."""
        samples = np.concatenate([self._rest, decode(payload_type, payload)])
        blocks = len(samples) // _BLOCK
        digit = None
        if blocks:
            self.sounding = False
        for block in range(blocks):
            digit = self._step(_tone_in(samples[block * _BLOCK : (block + 1) * _BLOCK])) or digit
        self._rest[:] = 0
        self._rest = samples[blocks * _BLOCK :].copy()
        samples[:] = 0
        return digit

    def _step(self, tone: str) -> str | None:
        self.sounding = self.sounding or tone != ""
        if tone != self._candidate:
            self._candidate, self._held, self._told = tone, 0, False
        self._held += 1
        if tone == "" or self._told or self._held < _ENOUGH_BLOCKS:
            return None
        self._told = True
        return tone


def _tone_in(block: NDArray[np.float32]) -> str:
    """The key whose two tones, and hardly anything else, are in the block; else nothing."""
    energy = float(np.mean(block * block))
    if energy < _FLOOR:
        return ""
    parts = _PROBES @ block * (2 / _BLOCK)
    power = parts[:8] ** 2 + parts[8:] ** 2
    low, high = power[:4], power[4:]
    row, column = int(low.argmax()), int(high.argmax())
    strongest = (float(low[row]), float(high[column]))
    if sum(strongest) / 2 < _SHARE * energy or max(strongest) > _TWIST * min(strongest):
        return ""
    if _next(low) * _ABOVE_NEXT > strongest[0] or _next(high) * _ABOVE_NEXT > strongest[1]:
        return ""
    key = _KEYS[row][column]
    return key if key in DIGITS else ""


def _next(group: NDArray[np.float32]) -> float:
    return float(np.sort(group)[-2])
