"""The pure scanner: a part of a source in, findings with their places out. Nothing is read, written or asked elsewhere, and no
value that was found leaves it but as a clue, where clues are asked for.

A text's findings count characters in the whole text; those of a table in their cell; those of a conversation in their turn.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import chain

from rightcall.canonical import Json, canonical_json
from rightcall.discovery import tables
from rightcall.discovery.detection import dialogue, unnamed
from rightcall.discovery.detection.context import Columns, headed
from rightcall.discovery.detection.entries import Told, entries, entry_at
from rightcall.discovery.detection.file_names import told_by_name
from rightcall.discovery.detection.letters import Letter, says_own_name
from rightcall.discovery.detection.model import LEAST, SPECIAL, Finding, Kind
from rightcall.discovery.detection.others import OF_KIN, is_of_kin
from rightcall.discovery.detection.patterns import Pattern
from rightcall.discovery.detection.roles import is_staff, of_staff
from rightcall.discovery.detection.rules import REACH, detect
from rightcall.discovery.detection.sides import Lines, is_answered_with, is_own_name, is_written_talk
from rightcall.discovery.detection.talk import Talk, conversations, talk_in, together, without
from rightcall.discovery.model import Clue, Clues, Dated, Found, Read, RulesGone
from rightcall.discovery.naming import named_again, named_beside
from rightcall.discovery.parts import IN_NAME, Cell, Part, Prose, Row, Rows, Turns
from rightcall.discovery.reading import WINDOW, Window, windows
from rightcall.discovery.writers import IN_ANOTHER_ROLE, names_writer

SHORT_TEXT = 2000
"""Characters up to which a text is one record, unless it is a list of several people."""
_HEAD = "headers"
"""Of a message, which is one record whoever else it went to."""
_QUOTED = "quoted from what somebody wrote before, so it says nothing of who writes now"
_GIVEN = "given_name"
_OPENING = 1
"""Turns before that with which the side that works there begins: whoever is called says hello first."""
_TRIAL = "The card is 4111 1111 1111 1111, write to ada@caller.example or call +45 32 12 34 56."
_KNOWN = (Kind.PAYMENT_CARD, Kind.EMAIL, Kind.PHONE)
_IN_MEASURED = frozenset((Kind.DATE_OF_BIRTH, *SPECIAL))
"""Of all types, these alone may be a date, a truth or a fraction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What is looked for, and how sure one has to be. `regions` (ISO 3166): where numbers in national form belong. `dated` tells
    what a term counts from, by `dated_by`, which says so in words. `looks_at_names`: of objects, which in a database are those of
    tables."""

    patterns: Sequence[Pattern] = ()
    regions: tuple[str, ...] = ()
    least: float = LEAST
    window: int = WINDOW
    clues: Clues | None = None
    dated: Dated | None = None
    dated_by: tuple[str, ...] = ()
    looks_at_names: bool = True


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
    digest, house = hashlib.sha256(), resources.files(__package__)
    alone = [(name, house / name) for name in ("looking.py", "naming.py")]
    for path, file in sorted(chain(alone, *(_files(house / room, room) for room in ("detection", "linking")))):
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
    elif isinstance(part, Cell):
        yield from _cell_in_pieces(part, rules)
    else:
        yield from _turns(part, rules)
        yield Read(object=part.object, bytes=part.bytes, is_whole=False)


def look_at_name(object: str, rules: Rules) -> Iterator[Found]:
    """One's own numbers, and telephone numbers, in the name of an object that is no table: whoever a file is named after, it is
    theirs."""
    for finding in told_by_name(object, rules.patterns, rules.regions) if rules.looks_at_names else ():
        told = replace(finding, why=f"{finding.why}; in the name of its file or folder")
        yield Found(object=object, finding=told, field=IN_NAME, clues=_clues(rules, finding, object, IN_NAME))


def _prose(part: Prose, rules: Rules) -> Iterator[Found | Read]:
    """A text whose lines say who speaks is one record, however long it is."""
    is_talk = False
    for window in windows(part.pieces, reach=REACH, size=rules.window):
        is_talk = is_talk or (window.offset == 0 and is_written_talk(window.text))
        is_short = window.offset == 0 and window.first == 0 and window.last == len(window.text) <= SHORT_TEXT
        letter = Letter(window.text) if is_short and not is_talk else None
        heard = list(_roles(part, window, rules, letter, is_talk=is_talk))
        begins = _entries(window.text, heard) if letter is not None and part.field != _HEAD else []
        found = (
            Found(
                object=part.object,
                finding=each.finding.moved(window.offset),
                field=part.field,
                record=_record(window, each.finding.start, begins, is_one=is_short or is_talk),
                clues=each.clues,
                of_staff=each.of_staff,
                of_another=each.of_another,
                of_writer=names_writer(part, window.text, each.finding.start),
            )
            for each in heard
        )
        yield from found if letter is None else named_again((each, _said(window.text, each.finding)) for each in found)
        yield Read(object=part.object, bytes=window.bytes, is_whole=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """What is found, what it tells of whose it is, and whether it is of somebody who works there, or of somebody else still."""

    finding: Finding
    clues: Sequence[Clue] = ()
    of_staff: bool = False
    of_another: bool = False


def _entries(text: str, heard: Sequence[_Heard]) -> list[int]:
    told = [(each.finding, [(clue.kind, clue.value) for clue in each.clues]) for each in heard if not each.of_staff]
    return entries(text, [Told(*each) for each in told])


def _roles(part: Prose, window: Window, rules: Rules, letter: Letter | None, *, is_talk: bool) -> Iterator[_Heard]:
    found = list(_in_window(window, rules, None))
    if part.field is not None and is_staff(part.field):
        yield from (_Heard(finding=_in_role(each, True), of_staff=True) for each in found)
    elif letter is not None:
        yield from _written(part, window.text, rules, letter, found)
    else:
        lines = Lines(window.text if is_talk else "")
        told = _Told(rules, part.field, [(each, window.text, lines.side_at(each.start)) for each in found])
        yield from (told.of(each, window.text, lines.side_at(each.start)) for each in found)


def _written(part: Prose, text: str, rules: Rules, letter: Letter, found: list[Finding]) -> Iterator[_Heard]:
    """Of one writer: what is quoted is told of somebody else."""
    if letter.is_answer or (part.field or "").startswith("body"):
        found = sorted([*found, *letter.signed(found)], key=lambda each: each.start)
    yield from (_in_letter(rules, each, text, part.field, letter) for each in found)


def _in_letter(rules: Rules, finding: Finding, text: str, field: str | None, letter: Letter) -> _Heard:
    if letter.is_quoted(finding.start):
        return _of_another(finding, _QUOTED)
    is_own = letter.is_own_name(finding.start, finding.end)
    return _told_of(finding, text, _clues(rules, finding, text, field, is_own_name=is_own))


def _of_another(finding: Finding, why: str, clues: Sequence[Clue] = ()) -> _Heard:
    return _Heard(finding=replace(finding, why=f"{finding.why}; {why}"), clues=clues, of_another=True)


def _told_of(finding: Finding, text: str, clues: Sequence[Clue]) -> _Heard:
    """With what it tells: also of kin, for a record that tells of several waits."""
    return _of_another(finding, OF_KIN, clues) if is_of_kin(finding, text) else _Heard(finding=finding, clues=clues)


def _in_window(window: Window, rules: Rules, columns: Columns | None) -> Iterator[Finding]:
    for finding in _detected(window.text, rules, columns):
        if window.first <= finding.start < window.last:
            yield finding


def _record(window: Window, start: int, begins: Sequence[int], *, is_one: bool) -> str:
    """The entry or the line that a place stands on, by where it begins."""
    if begins:
        return f"@{window.offset + entry_at(begins, start)}"
    return "" if is_one else f"@{window.offset + window.text.rfind(chr(10), 0, start) + 1}"


def _rows(part: Rows, rules: Rules) -> Iterator[Found]:
    talk = talk_in(part)
    if talk is None:
        yield from _cells(part, rules)
        return
    part = together(part, talk)
    said = list(conversations(part, talk))
    staff = frozenset(row.key for rows, turns in said for row, turn in zip(rows, turns.turns, strict=True) if turn.is_of_staff)
    yield from _cells(without(part, talk), rules, by=talk.by, staff_rows=staff)
    for rows, turns in said:
        yield from _turned(part, talk, rows, turns, rules)


def _turned(part: Rows, talk: Talk, rows: Sequence[Row], turns: Turns, rules: Rules) -> Iterator[Found]:
    """Of a conversation whose turns are rows."""
    field = part.heads[talk.said]
    for each, said in _heard(turns, rules, field):
        row = rows[said.turn]
        yield Found(
            object=part.object,
            finding=each.finding,
            row=row.key,
            field=field,
            record=row.record,
            clues=each.clues,
            dated_on=_dated(part, row, rules, each.finding, field),
            of_staff=each.of_staff,
            of_another=each.of_another,
        )


def _cells(part: Rows, rules: Rules, *, by: int | None = None, staff_rows: frozenset[str] = frozenset()) -> Iterator[Found]:
    """`by`: the column that says who speaks; in `staff_rows` that is somebody who works there."""
    told_of: set[tuple[str, int]] = set()
    for sheet in tables.sheets(part):
        cells: dict[tuple[int, int], list[tuple[Found, str]]] = {}
        for row, column, each in _in_sheet(part, sheet, rules, by=by, staff_rows=staff_rows):
            cells.setdefault((row, column), []).append((each, _said(sheet.rows[row].cells[column] or "", each.finding)))
        for row, column, each in _beside(part, sheet, rules, cells):
            cells.setdefault((row, column), []).append((each, _said(sheet.rows[row].cells[column] or "", each.finding)))
        for found in cells.values():
            yield from named_again(sorted(found, key=lambda each: each[0].finding.start))
        told_of |= {(sheet.rows[row].key, column) for row, column in cells}
    yield from _unnamed(part, rules, told_of)
    for one, column, cell in tables.long_cells(part):
        yield from named_again((each, _said(cell, each.finding)) for each in _long_cell(part, rules, one, column, cell))


def _beside(
    part: Rows, sheet: tables.Sheet, rules: Rules, cells: Mapping[tuple[int, int], Sequence[tuple[Found, str]]]
) -> list[tuple[int, int, Found]]:
    """Names that stand in another field of their row as well."""
    left_out, by_row = part.measured | of_staff(part.heads), dict[int, dict[int, Sequence[tuple[Found, str]]]]()
    for (row, column), found in cells.items():
        by_row.setdefault(row, {})[column] = found
    return [
        (row, column, replace(each, dated_on=_dated(part, sheet.rows[row], rules, each.finding, part.heads[column])))
        for row, found_in in by_row.items()
        for column, each in named_beside(found_in, sheet.rows[row].cells, part.heads, left_out)
    ]


def _said(text: str, finding: Finding) -> str:
    return text[finding.start : finding.end]


def _in_sheet(
    part: Rows, sheet: tables.Sheet, rules: Rules, *, by: int | None, staff_rows: frozenset[str]
) -> Iterator[tuple[int, int, Found]]:
    """Each with its row in the sheet, and its column."""
    columns, staff = headed(part.heads, tables.DELIMITER), of_staff(part.heads)
    for finding in _detected(sheet.text, rules, columns):
        spans = [each for start, end in finding.stretches for each in sheet.spans(start, end)]
        if part.measured and finding.type not in _IN_MEASURED and any(each[1] in part.measured for each in spans):
            continue
        roles = [column in staff or (column == by and sheet.rows[row].key in staff_rows) for row, column, _, _ in spans]
        told = _in_cell(part, sheet, spans[0], rules, finding) if spans and not roles[0] else _Heard(finding=finding)
        for (row, column, first, last), is_of_staff in zip(spans, roles, strict=True):
            yield (
                row,
                column,
                Found(
                    object=part.object,
                    finding=_in_role(replace(told.finding, start=first, end=last, parts=()), is_of_staff),
                    row=sheet.rows[row].key,
                    field=part.heads[column],
                    record=sheet.rows[row].record,
                    clues=told.clues,
                    dated_on=_dated(part, sheet.rows[row], rules, finding, part.heads[column]),
                    of_staff=is_of_staff,
                    of_another=told.of_another and not is_of_staff,
                ),
            )


def _unnamed(part: Rows, rules: Rules, told_of: Set[tuple[str, int]]) -> Iterator[Found]:
    """Of columns whose heads say nothing, what is told by the column alone. `told_of`: rows' keys and columns of cells in which
    something is found already."""
    if rules.least > unnamed.CONFIDENCE:
        return
    columns, left_out = headed(part.heads, tables.DELIMITER), part.measured | of_staff(part.heads)
    for (number, column), finding in unnamed.phones(columns, [row.cells for row in part.rows], rules.regions).items():
        row, field = part.rows[number], part.heads[column]
        if (row.key, column) not in told_of and column not in left_out:
            yield Found(
                object=part.object,
                finding=finding,
                row=row.key,
                field=field,
                record=row.record,
                clues=_clues(rules, finding, row.cells[column] or "", field),
                dated_on=_dated(part, row, rules, finding, field),
            )


def _in_cell(part: Rows, sheet: tables.Sheet, span: tuple[int, int, int, int], rules: Rules, finding: Finding) -> _Heard:
    """A cell may hold a letter."""
    row, column, first, last = span
    cell = sheet.rows[row].cells[column] or ""
    letter = Letter(cell) if "\n" in cell else None
    if letter is not None and letter.is_quoted(first):
        return _of_another(finding, _QUOTED)
    is_own = says_own_name(cell, first, last) if letter is None else letter.is_own_name(first, last)
    clues = _clues(rules, finding, sheet.text, part.heads[column], is_own_name=is_own)
    return _told_of(finding, sheet.text, clues)


def _in_role(finding: Finding, is_of_staff: bool) -> Finding:
    return replace(finding, why=f"{finding.why}; {IN_ANOTHER_ROLE}") if is_of_staff else finding


def _dated(part: Rows | Cell, row: Row, rules: Rules, finding: Finding, field: str) -> date | None:
    if rules.dated is None:
        return None
    return rules.dated(part.object, finding.type, field, dict(zip(part.heads, row.cells, strict=True)))


def _long_cell(part: Rows, rules: Rules, row: Row, column: int, cell: str) -> Iterator[Found]:
    for window in windows(iter([(0, f"{part.heads[column]}\n{cell}")]), reach=REACH, size=rules.window):
        yield from _under_its_head(part, rules, row, column, window)


def _cell_in_pieces(part: Cell, rules: Rules) -> Iterator[Found | Read]:
    title = f"{part.heads[part.column]}\n"
    for window in windows(chain([(0, title)], part.pieces), reach=REACH, size=rules.window):
        begins = window.offset - len(title)
        found = _under_its_head(part, rules, part.row, part.column, window)
        yield from named_again((each, _said(window.text, each.finding.moved(-begins))) for each in found)
        yield Read(object=part.object, bytes=window.bytes, is_whole=False)


def _under_its_head(part: Rows | Cell, rules: Rules, row: Row, column: int, window: Window) -> Iterator[Found]:
    """As a text under its head, which stands above it as a title would."""
    head, is_of_staff = part.heads[column], column in of_staff(part.heads)
    title, letter = len(head) + 1, Letter(window.text)
    for finding in _in_window(window, rules, None):
        if window.offset + finding.start >= title:
            told = _Heard(finding=finding) if is_of_staff else _in_letter(rules, finding, window.text, head, letter)
            yield Found(
                object=part.object,
                finding=_in_role(told.finding.moved(window.offset - title), is_of_staff),
                row=row.key,
                field=head,
                record=row.record,
                clues=told.clues,
                of_staff=is_of_staff,
                of_another=told.of_another,
                dated_on=_dated(part, row, rules, finding, head),
            )


def _turns(part: Turns, rules: Rules) -> Iterator[Found]:
    """A number may be said over several turns: then each of these has its piece of it."""
    for each, said in _heard(part, rules, part.field):
        yield Found(
            object=part.object,
            finding=each.finding,
            row=str(part.first + said.turn),
            field=part.field,
            at=said.at,
            clues=each.clues,
            of_staff=each.of_staff,
            of_another=each.of_another,
        )


def _heard(turns: Turns, rules: Rules, field: str | None) -> Iterator[tuple[_Heard, dialogue.Said]]:
    """Each piece of each finding with what the whole tells, and where it was said."""
    text = dialogue.text_of(turns)
    found = dialogue.detect_turns(turns, patterns=rules.patterns, regions=rules.regions, least=rules.least)
    pieces = [(finding, dialogue.said(turns, finding)) for finding in found]
    heard = [(finding, said, turns.turns[said[0].turn].is_of_staff) for finding, said in pieces if said]
    told = _Told(rules, field, [(finding, text, side) for finding, _, side in heard])
    for finding, said, side in heard:
        whole = told.of(finding, text, side)
        for each in said:
            yield replace(whole, finding=replace(whole.finding, start=each.start, end=each.end, parts=())), each


class _Told:
    """What each side of a conversation tells of whose it is: the customer's side all that it says; the other only what the
    customer's says too, since it may speak of itself or of the company. A name by which it calls itself is its own."""

    def __init__(self, rules: Rules, field: str | None, heard: Sequence[tuple[Finding, str, bool | None]]) -> None:
        self._rules, self._field = rules, field
        customers = [(finding, text) for finding, text, side in heard if not side]
        if len(customers) == len(heard):
            customers = []
        self._said = {
            (clue.kind, clue.value.reveal("compare clues"))
            for each, text in customers
            for clue in _clues(rules, each, text, field)
        }
        self._own = {word for finding, text in _introduced(heard) for word in _words(finding, text)} - {
            word for finding, text in customers if finding.type == Kind.PERSON_NAME for word in _words(finding, text)
        }

    def of(self, finding: Finding, text: str, side: bool | None) -> _Heard:
        is_name = finding.type == Kind.PERSON_NAME
        if is_name and side is not None and self._own and _words(finding, text) <= self._own:
            return _Heard(finding=_in_role(finding, True), of_staff=True)
        is_own = side is False and says_own_name(text, finding.start, finding.end)
        clues = _clues(self._rules, finding, text, self._field, is_own_name=is_own)
        if side:
            clues = [each for each in clues if (each.kind, each.value.reveal("compare clues")) in self._said]
        return _told_of(finding, text, clues)


def _introduced(heard: Sequence[tuple[Finding, str, bool | None]]) -> list[tuple[Finding, str]]:
    """Names by which the side that works there calls itself: where it says so, else in the turn with which it answers."""
    names = [(finding, text) for finding, text, side in heard if side and finding.type == Kind.PERSON_NAME]
    said = [(each, text) for each, text in names if is_own_name(text, each.start, each.end)]
    first = [(each, text) for each, text in names if text.count("\n", 0, each.start) <= _OPENING]
    return said or [(each, text) for each, text in first if is_answered_with(text, each.start, each.end)]


def _words(finding: Finding, text: str) -> set[str]:
    return set(" ".join(text[start:end] for start, end in finding.stretches).casefold().split())


def _detected(text: str, rules: Rules, columns: Columns | None) -> list[Finding]:
    return detect(text, patterns=rules.patterns, regions=rules.regions, columns=columns, least=rules.least)


def _clues(rules: Rules, finding: Finding, text: str, field: str | None, *, is_own_name: bool = False) -> Sequence[Clue]:
    """`is_own_name`: somebody calls themselves so, and one word alone is their given name then."""
    if rules.clues is None or not finding.is_whole:
        return ()
    if finding.written is not None:
        return rules.clues(finding.type, finding.written.reveal("tell whose it is"), field)
    said = " ".join(text[start:end] for start, end in finding.stretches)
    found = rules.clues(finding.type, said, field)
    if found or not is_own_name or finding.type != Kind.PERSON_NAME:
        return found
    return rules.clues(finding.type, said, _GIVEN)
