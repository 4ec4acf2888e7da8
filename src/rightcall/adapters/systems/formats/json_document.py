"""JSON: the objects of its outermost lists are its records; what lies outside of these is one more. Read forward, whatever its
size; a conversation where the records are its turns."""

import re
from collections.abc import Iterator
from decimal import Decimal

import ijson

from rightcall.adapters.systems.formats import transcript
from rightcall.adapters.systems.formats.breaking import Break
from rightcall.adapters.systems.formats.decoding import decoded, encoding_of, text_of
from rightcall.adapters.systems.formats.model import FOREIGN, Format, Head, Told, Within
from rightcall.adapters.systems.formats.not_numbers import as_nulls
from rightcall.adapters.systems.formats.records import OUTSIDE, Record, known, place
from rightcall.adapters.systems.formats.rows import is_sampled
from rightcall.adapters.systems.formats.stream import Stream
from rightcall.discovery.model import NotRead, Reason

ENDINGS = (".json", ".geojson", ".vcon")
_LIKELY = re.compile(r'\s*(?:\{\s*["}]|\[\s*[{\["\]])')
_POSSIBLE = re.compile(r"\s*[\[{]")


def fits(head: Head) -> bool:
    if encoding_of(head.bytes) is None:
        return False
    begins = _POSSIBLE if head.ending in ENDINGS else _LIKELY
    return begins.match(text_of(head.bytes[:1024])) is not None


def parts(name: str, stream: Stream, within: Within) -> Told:
    source = _Utf8(stream, within.limits.held)
    broken = Break()
    records = (record for record in broken.before(_records(source, within)) if is_sampled(record.mark(), within.sample))
    yield from transcript.read(name, known(records), within.limits.columns, source.taken)
    broken.tell()


def _records(source: "_Utf8", within: Within) -> Iterator[Record]:
    walk = _Walk(within)
    events = iter(ijson.basic_parse(source, buf_size=1 << 16, multiple_values=True))
    while True:
        try:
            event, value = next(events)
            source.unheard = 0
        except StopIteration:
            break
        except NotRead:
            yield from walk.left()
            raise
        except (ijson.JSONError, *FOREIGN) as error:
            yield from walk.left()
            raise NotRead(Reason.BROKEN) from error
        if (record := walk.step(event, value)) is not None:
            yield record
    yield from walk.left()


class _Walk:
    """Where we are in the document: the paths of all that is open, and the record that values go to."""

    def __init__(self, within: Within) -> None:
        self._limits = within.limits
        self._open: list[tuple[str, bool]] = []
        self._key_path = ""
        self._began: int | None = None
        self._number = 0
        self._outside, self._record = Record(OUTSIDE), Record(OUTSIDE)

    def step(self, event: str, value: object) -> Record | None:
        """A record that is whole, or as large as one may be."""
        if event == "map_key":
            self._key_path = place(self._open[-1][0], str(value), self._current())
            return None
        if event in {"start_map", "start_array"}:
            self._begin(event == "start_array")
            return None
        if event in {"end_map", "end_array"}:
            return self._end()
        if value is not None:
            self._current().add(self._path(), _text(value))
        return self._full()

    def left(self) -> Iterator[Record]:
        for record in (self._record, self._outside):
            if record.cells:
                yield record

    def _begin(self, is_list: bool) -> None:
        if len(self._open) >= self._limits.nesting:
            raise NotRead(Reason.TOO_DEEP)
        if self._began is None and not is_list and self._open and self._open[-1][1]:
            self._began = len(self._open)
            self._number += 1
            self._record = Record(str(self._number))
        self._open.append((self._path(), is_list))

    def _end(self) -> Record | None:
        self._open.pop()
        if self._began != len(self._open):
            return None
        done, self._began, self._record = self._record, None, Record(OUTSIDE)
        return done if done.cells else None

    def _full(self) -> Record | None:
        full = self._current()
        if full.characters <= self._limits.cell:
            return None
        if full is self._outside:
            self._outside = Record(OUTSIDE)
        else:
            self._record = Record(full.key)
        return full

    def _current(self) -> Record:
        return self._outside if self._began is None else self._record

    def _path(self) -> str:
        if not self._open:
            return ""
        path, is_list = self._open[-1]
        return f"{path}[]" if is_list else self._key_path


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) and abs(value.adjusted()) < 30 else str(value)


class _Utf8:
    """The text in UTF-8, as the parser wants it, whatever it was written in. `unheard`: bytes since the parser last told
    anything, which it keeps in memory."""

    def __init__(self, stream: Stream, longest: int) -> None:
        self._pieces = as_nulls(decoded(stream))
        self._longest, self.unheard = longest, 0
        self._waiting = b""
        self._bytes = 0

    def read(self, amount: int) -> bytes:
        while not self._waiting:
            count, piece = next(self._pieces, (0, None))
            if piece is None:
                return b""
            self._bytes += count
            self._waiting = piece.encode("utf-8", "replace")
        given, self._waiting = self._waiting[:amount], self._waiting[amount:]
        self.unheard += len(given)
        if self.unheard > self._longest:
            raise NotRead(Reason.TOO_LONG)
        return given

    def taken(self) -> int:
        taken, self._bytes = self._bytes, 0
        return taken


FORMAT = Format(
    name="JSON",
    fits=fits,
    parts=parts,
    endings=ENDINGS,
    reads=(
        "One document or more; the objects of their outermost lists as rows, nested values under their paths; turns of a"
        " conversation as such"
    ),
    leaves=(
        "What follows the place where it is broken or nested too deep; words with times of their own beside the turn they are of"
    ),
)
