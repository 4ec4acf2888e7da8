"""Whom a document's properties name as its writer. Who typed a letter is not whom it is about: what stands there is of staff,
unless the rest of the document says the same of its own. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rightcall.discovery.detection.roles import is_writer
from rightcall.discovery.model import Event, Found
from rightcall.discovery.parts import Prose

IN_ANOTHER_ROLE = "somebody in another role, so not whom the record is about"
_PROPERTIES = "properties"
_MOST = 5000
"""Different things of one object that are remembered; behind them nobody is told to be the same."""


def names_writer(part: Prose, text: str, start: int) -> bool:
    """Whether what begins there stands on a line of properties that names who wrote, typed or saved the document."""
    if part.field is None or part.field.partition(" ")[0] != _PROPERTIES:
        return False
    label, colon, _ = text[text.rfind("\n", 0, start) + 1 : start + 1].partition(":")
    return bool(colon) and is_writer(label)


class Writers:
    """Of one object, its parts in their order: properties come behind all else."""

    def __init__(self) -> None:
        self._told = set[tuple[str, str]]()
        self._object = ""

    def settled(self, events: Iterable[Event]) -> Iterator[Event]:
        for each in events:
            yield self._settled(each) if isinstance(each, Found) else each

    def _settled(self, found: Found) -> Found:
        if found.object != self._object:
            self._object, self._told = found.object, set()
        clues = {(each.kind, each.value.reveal("compare clues")) for each in found.clues}
        if not found.of_writer:
            self._told |= clues if len(self._told) < _MOST else set()
            return found
        if clues and clues <= self._told:
            return found
        why = f"{found.finding.why}; {IN_ANOTHER_ROLE}"
        return replace(found, clues=(), of_staff=True, finding=replace(found.finding, why=why))
