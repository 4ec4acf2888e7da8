"""A scan of any source: every object is read part by part and looked at. What comes out are events, as they happen.

Nothing is written anywhere, and no value that is found leaves `detection`.
"""

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace

from rightcall.discovery.looking.detectors import try_rules
from rightcall.discovery.looking.model import Rules
from rightcall.discovery.looking.rules import look, look_at_name
from rightcall.discovery.model import REPAIRED, Event, NotRead, PassedOver, Read, Reason
from rightcall.discovery.parts import Cell, Part, Prose, Rows, Turns
from rightcall.discovery.ports import TOIL, Listed, System, Toil
from rightcall.discovery.sealed import stands_in
from rightcall.discovery.writers import Writers

_NULL = "\x00"


def scan_system(system: System, rules: Rules, *, sample: float = 1.0, toil: Toil = TOIL) -> Iterator[Event]:
    """Every object of a source, in its order. Raises RulesGone before anything is read, NotFound and SourceGone about the source
    itself; what is wrong with one object never ends the scan."""
    try_rules()
    for each in system.objects():
        if isinstance(each, PassedOver):
            yield each
            continue
        try:
            yield from read_object(system, each, rules, sample=sample, toil=toil)
        except NotRead as why:
            yield PassedOver(object=each.name, reason=why.reason)


def read_object(
    system: System,
    listed: Listed,
    rules: Rules,
    *,
    sample: float = 1.0,
    toil: Toil = TOIL,
    clock: Callable[[], float] = time.thread_time,
) -> Iterator[Event]:
    """One object of any source. Raises NotRead where it is not for reading, SourceGone where the source does not answer. What was
    passed over in all its parts was not read: a packed file in which all is broken, say. What takes more than it may is put
    aside where it stands."""
    looked_at = passed_over = False
    for event in _within(toil, clock, listed, _looked_at(system, listed, rules, sample)):
        looked_at = looked_at or not isinstance(event, PassedOver)
        passed_over = passed_over or (isinstance(event, PassedOver) and event.reason not in REPAIRED)
        yield event
    if looked_at or not passed_over:
        yield Read(object=listed.name, bytes=0, is_whole=True)


def _looked_at(system: System, listed: Listed, rules: Rules, sample: float) -> Generator[Event, None, None]:
    nulls, sealed, named, writers = _Nulls(), set[PassedOver](), set[str](), Writers()
    for part in system.read(listed, sample=sample):
        if isinstance(part, PassedOver):
            yield part
        else:
            if part.object not in named:
                yield from _named(part.object, named, rules)
            yield from writers.settled(look(nulls.watched(part), rules))
            yield from nulls.told(part.object)
            yield from _sealed(part, sealed)


def _named(object: str, named: set[str], rules: Rules) -> Iterator[Event]:
    """Told once of an object, however many parts it has. Those whose name tells nothing are not remembered."""
    for each in look_at_name(object, rules):
        named.add(object)
        yield each


def _sealed(part: Part, told: set[PassedOver]) -> Iterator[PassedOver]:
    """Columns and fields in which something encrypted stands, each told once of an object. Of a text its reader tells."""
    for field, cell in _fields(part):
        if stands_in(cell):
            note = PassedOver(object=part.object, reason=Reason.ENCRYPTED, field=field)
            if note not in told:
                told.add(note)
                yield note


def _fields(part: Part) -> Iterator[tuple[str | None, str]]:
    if isinstance(part, Rows):
        for row in part.rows:
            yield from ((head, cell) for head, cell in zip(part.heads, row.cells, strict=True) if cell)
    elif isinstance(part, Turns):
        yield from ((part.field, turn.text) for turn in part.turns)


class _Nulls:
    """Which objects have nulls in their text, each told once. Its parts come one after another, so the last is enough to know."""

    def __init__(self) -> None:
        self._seen, self._told = False, ""

    def watched(self, part: Part) -> Part:
        """The same part. A text is seen as its pieces are taken."""
        if isinstance(part, Prose | Cell):
            return replace(part, pieces=self._pieces(part.pieces))
        self._seen = self._seen or any(_NULL in each for each in _texts(part))
        return part

    def told(self, object: str) -> Iterator[PassedOver]:
        if self._seen and object != self._told:
            self._told = object
            yield PassedOver(object=object, reason=Reason.NULLS)
        self._seen = False

    def _pieces(self, pieces: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        for amount, piece in pieces:
            self._seen = self._seen or _NULL in piece
            yield amount, piece


def _texts(part: Rows | Turns) -> Iterator[str]:
    if isinstance(part, Rows):
        return (cell for row in part.rows for cell in row.cells if cell)
    return (turn.text for turn in part.turns)


def _within(toil: Toil, clock: Callable[[], float], listed: Listed, events: Generator[Event, None, None]) -> Iterator[Event]:
    """The processor time of this thread alone is counted, and only while it works on the object: not what its source, a limit on
    the load or another process took."""
    spent, read = 0.0, 0
    while toil.allows(spent, bytes=read):
        began = clock()
        event = next(events, None)
        spent += clock() - began
        if event is None:
            return
        read += event.bytes if isinstance(event, Read) else 0
        yield event
    events.close()
    yield PassedOver(object=listed.name, reason=Reason.TOO_SLOW)
