"""What may be kept in plain form, and what makes two findings the same one."""

import re
from collections.abc import Callable, Sequence

from rightcall.canonical import Json, canonical_json
from rightcall.discovery.detection.context import headed
from rightcall.discovery.detection.model import Finding
from rightcall.discovery.model import Found
from rightcall.discovery.parts import steady
from rightcall.holdings.places import may_be_head
from rightcall.ids import ObjectId
from rightcall.later import later

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}")
_LONGEST = 60
_MOST_DIGITS = 4
_detect: Callable[[str], Sequence[Finding]] = later("rightcall.discovery.detection.rules:detect")


def plain_field(field: str | None) -> str | None:
    """The name where it looks like one out of a schema: an identifier, or words that heads of columns are known by. Names of
    fields come from other people's systems, and in some a person's address is a key."""
    if field is None or sum(map(str.isdigit, field)) > _MOST_DIGITS or _detect(field):
        return None
    if _IDENTIFIER.fullmatch(field):
        return field
    is_head = len(field) <= _LONGEST and may_be_head(field)
    return field if is_head and headed((field,), "\t").labels[0] is not None else None


def inner_name(found: Found, name: str) -> str | None:
    """What it is called within its object; None for the object itself."""
    return None if found.object == name else found.object


def sameness(object: ObjectId, name: str, found: Found) -> str:
    """What stays the same as long as it is the same finding: its place, its type, its clues and its role. A row of a file may
    have moved in it. From which day its term counts is said of it, and changes."""
    clues = sorted((clue.kind, clue.value.reveal("tell findings apart")) for clue in found.clues)
    finding = found.finding
    row = _row(found)
    place = [str(object), inner_name(found, name), row, found.field, finding.start, finding.end, finding.type]
    role = ["staff"] if found.of_staff else []
    return canonical_json([*place, *(list(each) for each in clues), *role]).decode()


def _row(found: Found) -> Json:
    """Where its number alone tells a row, another may stand there now, so what it is known by tells it too."""
    if found.row is None:
        return None
    row = steady(found.row)
    return row if found.record == row else [row, found.record]


def record_of(object: ObjectId, name: str, found: Found) -> str:
    return canonical_json([str(object), inner_name(found, name), found.record]).decode()
