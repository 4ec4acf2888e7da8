"""The pure scanner: a part of a source in, findings with their places out. Nothing is read, written or asked elsewhere, and no
value that was found leaves it but as a clue, where clues are asked for.

A text's findings count characters in the whole text; those of a table in their cell; those of a conversation in their turn.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from rightcall.canonical import Json, canonical_json
from rightcall.discovery import tables
from rightcall.discovery.detection import dialogue
from rightcall.discovery.detection.context import Columns, headed
from rightcall.discovery.detection.model import LEAST, Finding, Kind
from rightcall.discovery.detection.patterns import Pattern
from rightcall.discovery.detection.roles import of_staff
from rightcall.discovery.detection.rules import REACH, detect
from rightcall.discovery.detection.talk import Talk, conversations, talk_of, without
from rightcall.discovery.detection.written import special
from rightcall.discovery.model import Clue, Clues, Dated, Found, Read, RulesGone
from rightcall.discovery.parts import Part, Prose, Row, Rows, Turns
from rightcall.discovery.reading import WINDOW, Window, windows

SHORT_TEXT = 2000
"""Characters up to which a text is one record."""
_OF_STAFF = "somebody in another role, so not whom the record is about"
_TRIAL = "The card is 4111 1111 1111 1111, write to ada@caller.example or call +45 32 12 34 56."
_KNOWN = (Kind.PAYMENT_CARD, Kind.EMAIL, Kind.PHONE)
_IN_MEASURED = frozenset((Kind.DATE_OF_BIRTH, *special.KINDS))
"""Of all types, these alone may be a date, a truth or a fraction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What is looked for, and how sure one has to be. `regions` (ISO 3166): where numbers in national form belong. `dated` tells
    what a term counts from, by `dated_by`, which says so in words."""

    patterns: Sequence[Pattern] = ()
    regions: tuple[str, ...] = ()
    least: float = LEAST
    window: int = WINDOW
    clues: Clues | None = None
    dated: Dated | None = None
    dated_by: tuple[str, ...] = ()


def try_rules() -> None:
    """Raises RulesGone where the detectors miss what stands in a sentence that is known. Before anything is read."""
    found = [each.type for each in detect(_TRIAL)]
    if found != [*_KNOWN]:
        raise RulesGone(
            "The detectors do not find what they must find in a sentence that is known, so nothing was read. Install Rightcall"
            " again."
        )


@cache
def _detectors() -> bytes:
    """A digest of the rooms that say what is found and what it tells: they are what a scan looked with."""
    digest = hashlib.sha256()
    for room in ("detection", "linking"):
        for path, file in sorted(_files(resources.files(__package__) / room, room)):
            digest.update(path.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.digest()


def _files(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    """Each with its path, so that their order is not that of a disk."""
    for each in folder.iterdir():
        if each.is_dir() and each.name != "__pycache__":
            yield from _files(each, f"{path}/{each.name}")
        elif each.is_file():
            yield f"{path}/{each.name}", each


def digest_of(rules: Rules) -> bytes:
    """32 bytes that differ whenever the same text may be found to hold something else."""
    patterns = [[each.name, str(each.expression.pattern)] for each in rules.patterns]
    looked_for: list[Json] = [_detectors().hex(), sorted(patterns), sorted(rules.regions)]
    told = canonical_json([*looked_for, str(rules.least), rules.clues is not None, *rules.dated_by])
    return hashlib.sha256(told).digest()


def look(part: Part, rules: Rules) -> Iterator[Found | Read]:
    """Its findings, and how much was read so far. Memory stays as bounded as the part is."""
    if isinstance(part, Prose):
        yield from _prose(part, rules)
    elif isinstance(part, Rows):
        yield from _rows(part, rules)
        yield Read(object=part.object, bytes=part.bytes, is_whole=False, rows=len(part.rows))
    else:
        yield from _turns(part, rules)
        yield Read(object=part.object, bytes=part.bytes, is_whole=False)


def _prose(part: Prose, rules: Rules) -> Iterator[Found | Read]:
    for window in windows(part.pieces, reach=REACH, size=rules.window):
        is_short = window.offset == 0 and window.first == 0 and window.last == len(window.text) <= SHORT_TEXT
        for finding in _in_window(window, rules, None):
            yield Found(
                object=part.object,
                finding=finding.moved(window.offset),
                field=part.field,
                record="" if is_short else _line(window, finding.start),
                clues=_clues(rules, finding, window.text, part.field),
            )
        yield Read(object=part.object, bytes=window.bytes, is_whole=False)


def _in_window(window: Window, rules: Rules, columns: Columns | None) -> Iterator[Finding]:
    for finding in _detected(window.text, rules, columns):
        if window.first <= finding.start < window.last:
            yield finding


def _line(window: Window, start: int) -> str:
    """The line that a place stands on, by where it begins."""
    return f"@{window.offset + window.text.rfind(chr(10), 0, start) + 1}"


def _rows(part: Rows, rules: Rules) -> Iterator[Found]:
    talk = talk_of(part.heads)
    if talk is None:
        yield from _cells(part, rules)
    else:
        yield from _cells(without(part, talk), rules)
        for rows, turns in conversations(part, talk):
            yield from _said(part, talk, rows, turns, rules)


def _said(part: Rows, talk: Talk, rows: Sequence[Row], turns: Turns, rules: Rules) -> Iterator[Found]:
    """Of a conversation whose turns are rows."""
    field = part.heads[talk.said]
    for finding, said, clues in _heard(turns, rules, field):
        row = rows[said.turn]
        yield Found(
            object=part.object,
            finding=finding,
            row=row.key,
            field=field,
            record=row.record,
            clues=clues,
            dated_on=_dated(part, row, rules, finding, field),
        )


def _cells(part: Rows, rules: Rules) -> Iterator[Found]:
    columns, staff = headed(part.heads, tables.DELIMITER), of_staff(part.heads)
    for sheet in tables.sheets(part):
        for finding in _detected(sheet.text, rules, columns):
            spans = [each for start, end in finding.stretches for each in sheet.spans(start, end)]
            if part.measured and finding.type not in _IN_MEASURED and any(each[1] in part.measured for each in spans):
                continue
            is_told = bool(spans) and spans[0][1] not in staff
            clues = _clues(rules, finding, sheet.text, part.heads[spans[0][1]]) if is_told else ()
            for row, column, first, last in spans:
                yield Found(
                    object=part.object,
                    finding=_in_role(replace(finding, start=first, end=last, parts=()), column in staff),
                    row=sheet.rows[row].key,
                    field=part.heads[column],
                    record=sheet.rows[row].record,
                    clues=clues,
                    of_staff=column in staff,
                    dated_on=_dated(part, sheet.rows[row], rules, finding, part.heads[column]),
                )
    for one, column, cell in tables.long_cells(part):
        yield from _long_cell(part, rules, one, column, cell)


def _in_role(finding: Finding, is_of_staff: bool) -> Finding:
    return replace(finding, why=f"{finding.why}; {_OF_STAFF}") if is_of_staff else finding


def _dated(part: Rows, row: Row, rules: Rules, finding: Finding, field: str) -> date | None:
    if rules.dated is None:
        return None
    return rules.dated(part.object, finding.type, field, dict(zip(part.heads, row.cells, strict=True)))


def _long_cell(part: Rows, rules: Rules, row: Row, column: int, cell: str) -> Iterator[Found]:
    """As a text under its head, which stands above it as a title would."""
    head, is_of_staff = part.heads[column], column in of_staff(part.heads)
    title = len(head) + 1
    for window in windows(iter([(0, f"{head}\n{cell}")]), reach=REACH, size=rules.window):
        for finding in _in_window(window, rules, None):
            if window.offset + finding.start >= title:
                yield Found(
                    object=part.object,
                    finding=_in_role(finding.moved(window.offset - title), is_of_staff),
                    row=row.key,
                    field=head,
                    record=row.record,
                    clues=() if is_of_staff else _clues(rules, finding, window.text, head),
                    of_staff=is_of_staff,
                    dated_on=_dated(part, row, rules, finding, head),
                )


def _turns(part: Turns, rules: Rules) -> Iterator[Found]:
    """A number may be said over several turns: then each of these has its piece of it."""
    for finding, said, clues in _heard(part, rules, part.field):
        row = str(part.first + said.turn)
        yield Found(object=part.object, finding=finding, row=row, field=part.field, at=said.at, clues=clues)


def _heard(turns: Turns, rules: Rules, field: str | None) -> Iterator[tuple[Finding, dialogue.Said, Sequence[Clue]]]:
    """Each piece of each finding, where it was said, and what the whole tells."""
    text = dialogue.text_of(turns)
    for finding in dialogue.detect_turns(turns, patterns=rules.patterns, regions=rules.regions, least=rules.least):
        clues = _clues(rules, finding, text, field)
        for said in dialogue.said(turns, finding):
            yield replace(finding, start=said.start, end=said.end, parts=()), said, clues


def _detected(text: str, rules: Rules, columns: Columns | None) -> list[Finding]:
    return detect(text, patterns=rules.patterns, regions=rules.regions, columns=columns, least=rules.least)


def _clues(rules: Rules, finding: Finding, text: str, field: str | None) -> Sequence[Clue]:
    if rules.clues is None:
        return ()
    if finding.written is not None:
        return rules.clues(finding.type, finding.written.reveal("tell whose it is"), field)
    return rules.clues(finding.type, " ".join(text[start:end] for start, end in finding.stretches), field)
