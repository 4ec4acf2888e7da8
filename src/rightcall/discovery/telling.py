"""A finding as one flat line that programs read: `rightcall scan --json` prints it, and machines of a cluster send it."""

from typing import Any

from rightcall.discovery.detection.model import Finding
from rightcall.discovery.model import Found


def line_of(event: Found) -> dict[str, object]:
    """`object` of a row is that of its table with the row's key. `start` and `end` count in the cell then, or in the turn."""
    finding = event.finding
    line: dict[str, object] = {
        "object": event.object if event.row is None else f"{event.object}/{event.row}",
        "start": finding.start,
        "end": finding.end,
        "type": finding.type,
        "confidence": finding.confidence,
        "why": finding.why,
    }
    if event.field is not None:
        line["field"] = event.field
    if event.at is not None:
        line["at"] = event.at
    return line


def found_of(line: dict[str, Any], row: str | None, record: str) -> Found:
    """The same back, `row` being the key that stands behind the slash, and `record` what it is one with."""
    object = line["object"] if row is None else line["object"].removesuffix(f"/{row}")
    finding = Finding(start=line["start"], end=line["end"], type=line["type"], confidence=line["confidence"], why=line["why"])
    return Found(object=object, finding=finding, row=row, field=line.get("field"), at=line.get("at"), record=record)
