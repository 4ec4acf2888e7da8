"""The whole of something, or one range of its bytes: players ask for a stretch at a time, browsers for the rest of what was cut
off (RFC 9110, section 14.2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

_RANGE = re.compile(r"bytes=([0-9]{1,18})-([0-9]{0,18})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """From `start` to before `end`, of so many bytes; `is_range`: a range was asked for."""

    start: int
    end: int
    of: int
    is_range: bool

    @property
    def status(self) -> int:
        return 206 if self.is_range else 200

    @property
    def headers(self) -> dict[str, str]:
        told = {"accept-ranges": "bytes"}
        return told | {"content-range": f"bytes {self.start}-{self.end - 1}/{self.of}"} if self.is_range else told


def whole(length: int) -> Stretch:
    return Stretch(start=0, end=length, of=length, is_range=False)


def stretch(asked: str | None, length: int) -> Stretch | None:
    """None where the range lies outside. Anything else than one plain range gets the whole."""
    match = None if asked is None else _RANGE.fullmatch(asked.strip())
    if match is None:
        return whole(length)
    start, end = int(match[1]), min(int(match[2]) + 1, length) if match[2] else length
    return Stretch(start=start, end=end, of=length, is_range=True) if start < end else None


def ranged(body: bytes, asked: str | None, media_type: str, headers: Mapping[str, str] | None = None) -> Response | None:
    """None where the range lies outside of it."""
    found = stretch(asked, len(body))
    if found is None:
        return None
    told = {**(headers or {}), **found.headers}
    return Response(body[found.start : found.end], found.status, media_type=media_type, headers=told)
