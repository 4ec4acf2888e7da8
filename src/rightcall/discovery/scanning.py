"""A scan: every object of a source is opened, decoded, looked at window by window, and closed. What comes out are events, as
they happen.

Nothing is written anywhere, and no value that is found leaves `rules`.
"""

import errno
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rightcall.discovery.detection.context import Columns, columns_of
from rightcall.discovery.detection.model import LEAST
from rightcall.discovery.detection.patterns import Pattern
from rightcall.discovery.detection.rules import REACH, detect
from rightcall.discovery.folders import File, objects
from rightcall.discovery.looking import Rules, look, try_rules
from rightcall.discovery.model import Event, Found, NotRead, PassedOver, Read, Reason, SourceGone
from rightcall.discovery.ports import Listed, System
from rightcall.discovery.reading import WINDOW, Window, decoded, encoding_of, opened, windows

LARGEST = 4 << 30
_TABLES = (".csv", ".tsv", ".tab")
_LONGEST_HEAD = 1 << 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for, and how large a file may be in bytes."""

    patterns: Sequence[Pattern] = ()
    regions: tuple[str, ...] = ()
    least: float = LEAST
    largest: int = LARGEST
    window: int = WINDOW


def scan(source: Path, wanted: Wanted) -> Iterator[Event]:
    """Raises NotFound and SourceGone about the source itself. What is wrong with one object never ends the scan."""
    waiting = objects(source)
    is_alone = source.is_file()
    for each in waiting:
        if isinstance(each, PassedOver):
            yield each
            continue
        try:
            yield from _look_at(each, wanted)
        except NotRead as why:
            yield PassedOver(object=each.object, reason=why.reason)
        except OSError as error:
            if is_alone:
                raise SourceGone(f"The source cannot be read ({error.strerror}). See to its rights, and scan again.") from error
            is_link = error.errno == errno.ELOOP
            yield PassedOver(object=each.object, reason=Reason.LINK if is_link else Reason.UNREADABLE)


def read_object(system: System, listed: Listed, rules: Rules, *, sample: float = 1.0) -> Iterator[Event]:
    """One object of any source. Raises NotRead where it is not for reading, SourceGone where the source does not answer."""
    for part in system.read(listed, sample=sample):
        if isinstance(part, PassedOver):
            yield part
        else:
            yield from look(part, rules)
    yield Read(object=listed.name, bytes=0, is_whole=True)


def scan_system(system: System, rules: Rules, *, sample: float = 1.0) -> Iterator[Event]:
    """Every object of a source, in its order. Raises SourceGone; what is wrong with one object never ends the scan."""
    try_rules()
    for each in system.objects():
        if isinstance(each, PassedOver):
            yield each
            continue
        try:
            yield from read_object(system, each, rules, sample=sample)
        except NotRead as why:
            yield PassedOver(object=each.name, reason=why.reason)


def _look_at(file: File, wanted: Wanted) -> Iterator[Event]:
    with opened(file.path, wanted.largest) as readable:
        encoding = encoding_of(readable)
        columns: Columns | None = None
        for window in windows(decoded(readable, encoding), reach=REACH, size=wanted.window):
            if window.offset == 0 and window.first == 0 and file.object.lower().endswith(_TABLES):
                columns = columns_of(window.text[:_LONGEST_HEAD].partition("\n")[0])
            yield from _found(file, window, columns, wanted)
            yield Read(object=file.object, bytes=window.bytes, is_whole=False)
    yield Read(object=file.object, bytes=0, is_whole=True)


def _found(file: File, window: Window, columns: Columns | None, wanted: Wanted) -> Iterator[Found]:
    findings = detect(window.text, patterns=wanted.patterns, regions=wanted.regions, columns=columns, least=wanted.least)
    for finding in findings:
        if window.first <= finding.start < window.last:
            yield Found(object=file.object, finding=finding.moved(window.offset))
