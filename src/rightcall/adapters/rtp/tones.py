"""Keypad tones inside the sound itself (ITU-T Q.23, Q.24): a Goertzel detector, for callers without RFC 4733 events.

Sound goes in, digits come out; nothing of the sound is kept.
"""

import numpy as np
from numpy.typing import NDArray

from rightcall.adapters.rtp.ears import RATE
from rightcall.adapters.rtp.events import DIGITS

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


_ANGLES = 2 * np.pi * np.outer(np.array(_LOW + _HIGH), np.arange(_BLOCK)) / RATE
_PROBES = np.concatenate([np.cos(_ANGLES), np.sin(_ANGLES)]).astype(np.float32)


class ToneReader:
    """Hears one stream. A digit is told once, when its tone has lasted for two blocks (51 ms)."""

    __slots__ = ("_candidate", "_held", "_rest", "_told", "sounding")

    def __init__(self) -> None:
        self._rest: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        self._candidate = ""
        self._held = 0
        self._told = False
        self.sounding = False

    def hear(self, heard: NDArray[np.float32]) -> str | None:
        """The digit whose tone became certain with these samples. `sounding` says whether a tone is in any block that they
        completed; where they completed none, in the last one."""
        samples = np.concatenate([self._rest, heard])
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
