"""Conversations in data: records that are a speaker, what was said and when become turns; all else stays a row."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby, islice

from rightcall.adapters.systems.formats.records import OUTSIDE, Record, sheets
from rightcall.discovery.detection.sides import side_of, sided, staff_in
from rightcall.discovery.detection.talk import BY, SAID
from rightcall.discovery.parts import Part, Prose, Turn, Turns

_AT = ("start", "start_time", "starttime", "begin", "offset", "at", "timestamp")
_BESIDE = (
    "end",
    "end_time",
    "endtime",
    "duration",
    "confidence",
    "id",
    "index",
    "seek",
    "language",
    "avg_logprob",
    "no_speech_prob",
)
_WORDS = ("words", "word", "tokens", "alternatives", "items")
_MOST_TURNS = 200
_MOST_PATHS = 100


@dataclass(slots=True)
class Speakers:
    """Counted from 0 in the order in which they first speak. `staff`: those of them who are told to work there."""

    names: dict[str, int] = field(default_factory=dict)
    staff: set[int] = field(default_factory=set)

    def number(self, name: str) -> int:
        return self.names.setdefault(name, len(self.names))

    def prose(self, object: str) -> Iterator[Prose]:
        """The names, which may be those of people; those of staff apart."""
        for part, is_of_staff in (("speakers", False), ("agents", True)):
            if names := [name for name, number in self.names.items() if name and (number in self.staff) is is_of_staff]:
                yield Prose(object=object, pieces=iter([(0, "\n".join(names))]), field=part)

    def sided(self, turns: list[Turn]) -> tuple[Turn, ...]:
        """With their sides, by what was said so far."""
        found = sided(turns, self.staff)
        self.staff |= staff_in(found)
        return found


@dataclass(frozen=True, slots=True)
class Said:
    """`field`: where in its record it stands."""

    speaker: str
    text: str
    at: float | None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class _Shape:
    """Under which paths the parts of a turn stand."""

    text: str
    by: str | None
    at: str | None


def said(record: Record) -> Said | None:
    """None where the record is more than a turn, or less."""
    shape = _shape(tuple(record.cells)) if len(record.cells) <= _MOST_PATHS else None
    if shape is None:
        return None
    at = None if shape.at is None else _seconds(record.cells[shape.at][0])
    if shape.by is None and at is None:
        return None
    speaker = "" if shape.by is None else " ".join(record.cells[shape.by])
    return Said(speaker, " ".join(record.cells[shape.text]), at, shape.text)


@lru_cache(maxsize=256)
def _shape(paths: tuple[str, ...]) -> _Shape | None:
    """None where these are no turn's."""
    found: dict[str, str] = {}
    for path in paths:
        steps = [step.removesuffix("[]").lower() for step in path.split(".")]
        if not any(step in _WORDS for step in steps):
            found.setdefault(steps[-1], path)
    texts = [found[word] for word in SAID if word in found]
    if len(texts) != 1 or not found.keys() <= {*SAID, *BY, *_AT, *_BESIDE}:
        return None
    by, at = (next((found[word] for word in words if word in found), None) for words in (BY, _AT))
    return _Shape(texts[0], by, at)


def read(object: str, records: Iterable[Record], columns: int, taken: Callable[[], int]) -> Iterator[Part]:
    """Rows and turns, as the records come. What stands around the turns of a conversation is told of the conversation."""
    speakers, first = Speakers(), 0
    for is_said, group in groupby(((said(record), record) for record in records), key=lambda one: one[0] is not None):
        if not is_said:
            around = "" if first else None
            yield from sheets(object, (_around(record, around) for _, record in group), columns, taken)
            continue
        for part in turns(object, (one for one, _ in group if one is not None), speakers, taken, first):
            first += len(part.turns)
            yield part
    yield from speakers.prose(object)


def _around(record: Record, known_by: str | None) -> Record:
    if known_by is not None and record.key == OUTSIDE:
        record.known_by = known_by
    return record


def turns(object: str, given: Iterable[Said], speakers: Speakers, taken: Callable[[], int], first: int = 0) -> Iterator[Turns]:
    """What stands in one field at a stretch, in pieces."""
    for where, group in groupby(given, key=lambda each: each.field):
        turns = (Turn(speakers.number(each.speaker), each.text, each.at, side_of(each.speaker)) for each in group)
        while piece := list(islice(turns, _MOST_TURNS)):
            yield Turns(object=object, turns=speakers.sided(piece), bytes=taken(), field=where, first=first)
            first += len(piece)


def _seconds(text: str) -> float | None:
    with suppress(ValueError):
        return float(text)
    return None
