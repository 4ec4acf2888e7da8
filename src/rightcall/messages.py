"""What others send as JSON, read member by member: each is what it has to be, or nothing was said. Whoever sent it may be
anybody, so nothing in it is a fault of ours."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

LONGEST_INSTANT = 64


def object_in(message: bytes) -> Mapping[str, object] | None:
    """A JSON object, or None. One that says something twice says nothing, since each reader takes another (RFC 8259, 4)."""
    try:
        document = json.loads(message.decode("utf-8"), object_pairs_hook=_distinct)
    except (UnicodeDecodeError, ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a name appears twice")
    return document


def text_in(document: Mapping[str, object], name: str, most: int) -> str | None:
    """What can be written down and read: no half of a character, and no sign that steers something."""
    value = document.get(name)
    return value if isinstance(value, str) and 0 < len(value) <= most and value.isprintable() else None


def instant_in(document: Mapping[str, object], name: str) -> datetime | None:
    """One without a zone says no instant."""
    text = text_in(document, name, LONGEST_INSTANT)
    try:
        found = None if text is None else datetime.fromisoformat(text)
        return None if found is None or found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
