"""JSON lines: each line a record, its nested values under their paths; a conversation where the lines are its turns.

A line that is broken or nested too deep is read as the text that it is, and told once. A row's key is the number of its line and
a digest of it.
"""

import json
from collections.abc import Iterator

from rightcall.adapters.systems.formats import transcript
from rightcall.adapters.systems.formats.breaking import Break
from rightcall.adapters.systems.formats.decoding import decoded, encoding_of, text_of
from rightcall.adapters.systems.formats.keys import Equals, Known
from rightcall.adapters.systems.formats.lines import Lines
from rightcall.adapters.systems.formats.model import Format, Head, Told, Within
from rightcall.adapters.systems.formats.records import Pairs, Record, flatten, id_of
from rightcall.adapters.systems.formats.rows import digest, is_sampled
from rightcall.adapters.systems.formats.stream import Stream
from rightcall.discovery.model import PassedOver, Reason

ENDINGS = (".jsonl", ".ndjson", ".jsonlines")
_LINE = "line"
_READER = json.JSONDecoder(object_pairs_hook=Pairs)


def fits(head: Head) -> bool:
    if encoding_of(head.bytes) is None:
        return False
    lines = [line for line in text_of(head.bytes[: 1 << 15]).split("\n")[:3] if line.strip()]
    if not lines or not lines[0].lstrip().startswith("{"):
        return False
    return head.ending in ENDINGS or (len(lines) > 1 and lines[1].lstrip().startswith("{") and _is_whole(lines[0]))


def _is_whole(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def parts(name: str, stream: Stream, within: Within) -> Told:
    lines = Lines(decoded(stream), within.limits.cell)
    told: set[Reason] = set()
    broken = Break()
    records = broken.before(_records(lines, within, told))
    yield from transcript.read(name, records, within.limits.columns, lines.taken)
    if lines.is_cut:
        told.add(Reason.TOO_LONG)
    for reason in sorted(told):
        yield PassedOver(object=name, reason=reason)
    broken.tell()


def _records(lines: Lines, within: Within, told: set[Reason]) -> Iterator[Record]:
    equals, known = Equals(), Known()
    for number, line in enumerate(lines, 1):
        bare = line.strip()
        mark = digest([bare])
        if not bare or not is_sampled(mark, within.sample):
            continue
        record = Record(f"{number}#{equals.told(mark)}")
        try:
            flatten(_READER.decode(bare), record, within.limits.nesting)
            record.known_by = known.by(id_of(record))
        except RecursionError:
            told.add(Reason.TOO_DEEP)
            record = Record(record.key, {_LINE: [bare]}, len(bare))
        except ValueError:
            told.add(Reason.BROKEN)
            record = Record(record.key, {_LINE: [bare]}, len(bare))
        yield record


FORMAT = Format(
    name="JSON lines",
    fits=fits,
    parts=parts,
    endings=ENDINGS,
    reads="Each line as a row, nested values under their paths; lines that are turns of a conversation as such",
    leaves="A line that is broken or nested too deep is read as text, and told",
)
