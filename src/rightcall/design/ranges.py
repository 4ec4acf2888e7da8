"""The whole of something, or one range of its bytes: players ask for a stretch at a time (RFC 9110, section 14.2)."""

import re
from collections.abc import Mapping

from starlette.responses import Response

_RANGE = re.compile(r"bytes=([0-9]{1,15})-([0-9]{0,15})")


def ranged(body: bytes, asked: str | None, media_type: str, headers: Mapping[str, str] | None = None) -> Response | None:
    """None where the range lies outside of it. Anything else than one plain range gets the whole."""
    told = {**(headers or {}), "accept-ranges": "bytes"}
    match = None if asked is None else _RANGE.fullmatch(asked)
    if match is None:
        return Response(body, media_type=media_type, headers=told)
    first, last = int(match[1]), int(match[2]) if match[2] else len(body) - 1
    last = min(last, len(body) - 1)
    if first > last:
        return None
    told["content-range"] = f"bytes {first}-{last}/{len(body)}"
    return Response(body[first : last + 1], 206, media_type=media_type, headers=told)
