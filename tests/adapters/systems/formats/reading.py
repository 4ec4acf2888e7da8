"""A content read to its end, as tests look at it."""

import io
from dataclasses import dataclass, field

from rightcall.adapters.systems.formats.limits import Limits
from rightcall.adapters.systems.formats.table import parts
from rightcall.discovery.model import NotRead, PassedOver, Reason
from rightcall.discovery.parts import Part, Prose, Rows, Turn, Turns


@dataclass(slots=True)
class Content:
    """`texts` by object and field; `rows` by object, each by head; `passed`: what was not read, and why; `unsure`: of how many
    bytes that is said; `keys` of the rows."""

    texts: dict[tuple[str, str | None], str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, str | None]]] = field(default_factory=dict)
    turns: list[Turn] = field(default_factory=list)
    passed: list[tuple[str, Reason]] = field(default_factory=list)
    unsure: dict[Reason, int] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    bytes: int = 0


def read(name: str, content: bytes, limits: Limits | None = None, sample: float = 1.0) -> Content:
    """A content that is not read at all is passed over by its own name."""
    shown = Content()
    try:
        for part in parts(name, io.BytesIO(content), size=len(content), limits=limits or Limits(), sample=sample):
            _add(part, shown)
    except NotRead as why:
        assert shown == Content()
        shown.passed.append((name, why.reason))
    return shown


def _add(part: Part | PassedOver, shown: Content) -> None:
    if isinstance(part, PassedOver):
        shown.passed.append((part.object, part.reason))
        if part.bytes:
            shown.unsure[part.reason] = part.bytes
    elif isinstance(part, Prose):
        pieces = list(part.pieces)
        assert (part.object, part.field) not in shown.texts, "a place must be one place"
        shown.texts[part.object, part.field] = "".join(text for _, text in pieces)
        shown.bytes += sum(amount for amount, _ in pieces)
    elif isinstance(part, Rows):
        named = shown.rows.setdefault(part.object, [])
        named.extend(dict(zip(part.heads, row.cells, strict=True)) for row in part.rows)
        shown.keys.extend(row.key for row in part.rows)
        shown.bytes += part.bytes
    else:
        assert isinstance(part, Turns), "long cells are of databases"
        shown.turns.extend(part.turns)
        shown.bytes += part.bytes
