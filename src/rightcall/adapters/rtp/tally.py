"""How many packets are in the chunks of a take, beside its sealed file: what a process that was killed cannot say any more, and
nobody could count without opening what was sealed.

One entry for each whole chunk, in order: how many packets have ended with it, and when the first and the last of these came, in
milliseconds since the take was opened. An entry is written before its chunk, so every chunk on the disk has one.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

SUFFIX = ".count"
_ENTRY = struct.Struct("!III")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """`first_ms` and `last_ms` say nothing where there is no packet."""

    packets: int
    first_ms: int
    last_ms: int


NOTHING = Counted(packets=0, first_ms=0, last_ms=0)


def entry(packets: int, first_ms: int, last_ms: int) -> bytes:
    return _ENTRY.pack(packets, first_ms, last_ms)


def count(sealed: Path, chunks: int) -> Counted:
    """What is in the first `chunks` whole chunks of that file; nothing where nobody noted it."""
    try:
        noted = sealed.with_suffix(SUFFIX).read_bytes()
    except FileNotFoundError:
        return NOTHING
    if chunks == 0 or len(noted) < chunks * _ENTRY.size:
        return NOTHING
    packets, first_ms, last_ms = _ENTRY.unpack_from(noted, (chunks - 1) * _ENTRY.size)
    return Counted(packets=packets, first_ms=first_ms, last_ms=last_ms)
