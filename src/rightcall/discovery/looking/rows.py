"""Looking through rows: short cells by the sheet under their heads, long ones as texts, turns as a conversation."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date
from itertools import chain

from rightcall.discovery.detection import unnamed
from rightcall.discovery.detection.context import headed
from rightcall.discovery.detection.letters import Letter, says_own_name
from rightcall.discovery.detection.model import SPECIAL, Finding, Kind
from rightcall.discovery.detection.roles import of_staff
from rightcall.discovery.detection.rules import REACH
from rightcall.discovery.detection.talk import Talk, conversations, talk_in, together, without
from rightcall.discovery.looking import tables
from rightcall.discovery.looking.model import Heard, Rules
from rightcall.discovery.looking.naming import named_again, named_beside
from rightcall.discovery.looking.reading import Window, windows
from rightcall.discovery.looking.turns import heard_in
from rightcall.discovery.looking.whose import (
    clues_of,
    detected,
    in_letter,
    in_role,
    in_window,
    quoted,
    said_in,
    told_of,
)
from rightcall.discovery.model import Found, Read
from rightcall.discovery.parts import Cell, Row, Rows, Turns

_IN_MEASURED = frozenset((Kind.DATE_OF_BIRTH, *SPECIAL))
"""Of all types, these alone may be a date, a truth or a fraction."""


def rows_in(part: Rows, rules: Rules) -> Iterator[Found]:
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
    for each, said in heard_in(turns, rules, field):
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
            cells.setdefault((row, column), []).append((each, said_in(sheet.rows[row].cells[column] or "", each.finding)))
        for row, column, each in _beside(part, sheet, rules, cells):
            cells.setdefault((row, column), []).append((each, said_in(sheet.rows[row].cells[column] or "", each.finding)))
        for found in cells.values():
            yield from named_again(sorted(found, key=lambda each: each[0].finding.start))
        told_of |= {(sheet.rows[row].key, column) for row, column in cells}
    yield from _unnamed(part, rules, told_of)
    for one, column, cell in tables.long_cells(part):
        yield from named_again((each, said_in(cell, each.finding)) for each in _long_cell(part, rules, one, column, cell))


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


def _in_sheet(
    part: Rows, sheet: tables.Sheet, rules: Rules, *, by: int | None, staff_rows: frozenset[str]
) -> Iterator[tuple[int, int, Found]]:
    """Each with its row in the sheet, and its column."""
    columns, staff = headed(part.heads, tables.DELIMITER), of_staff(part.heads)
    for finding in detected(sheet.text, rules, columns):
        spans = [each for start, end in finding.stretches for each in sheet.spans(start, end)]
        if part.measured and finding.type not in _IN_MEASURED and any(each[1] in part.measured for each in spans):
            continue
        roles = [column in staff or (column == by and sheet.rows[row].key in staff_rows) for row, column, _, _ in spans]
        told = _in_cell(part, sheet, spans[0], rules, finding) if spans and not roles[0] else Heard(finding=finding)
        for (row, column, first, last), is_of_staff in zip(spans, roles, strict=True):
            yield (
                row,
                column,
                Found(
                    object=part.object,
                    finding=in_role(replace(told.finding, start=first, end=last, parts=()), is_of_staff),
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
                clues=clues_of(rules, finding, row.cells[column] or "", field),
                dated_on=_dated(part, row, rules, finding, field),
            )


def _in_cell(part: Rows, sheet: tables.Sheet, span: tuple[int, int, int, int], rules: Rules, finding: Finding) -> Heard:
    """A cell may hold a letter."""
    row, column, first, last = span
    cell = sheet.rows[row].cells[column] or ""
    letter = Letter(cell) if "\n" in cell else None
    if letter is not None and letter.is_quoted(first):
        return quoted(finding)
    is_own = says_own_name(cell, first, last) if letter is None else letter.is_own_name(first, last)
    clues = clues_of(rules, finding, sheet.text, part.heads[column], is_own_name=is_own)
    return told_of(finding, sheet.text, clues)


def _dated(part: Rows | Cell, row: Row, rules: Rules, finding: Finding, field: str) -> date | None:
    if rules.dated is None:
        return None
    return rules.dated(part.object, finding.type, field, dict(zip(part.heads, row.cells, strict=True)))


def _long_cell(part: Rows, rules: Rules, row: Row, column: int, cell: str) -> Iterator[Found]:
    for window in windows(iter([(0, f"{part.heads[column]}\n{cell}")]), reach=REACH, size=rules.window):
        yield from _under_its_head(part, rules, row, column, window)


def long_cell(part: Cell, rules: Rules) -> Iterator[Found | Read]:
    title = f"{part.heads[part.column]}\n"
    for window in windows(chain([(0, title)], part.pieces), reach=REACH, size=rules.window):
        begins = window.offset - len(title)
        found = _under_its_head(part, rules, part.row, part.column, window)
        yield from named_again((each, said_in(window.text, each.finding.moved(-begins))) for each in found)
        yield Read(object=part.object, bytes=window.bytes, is_whole=False)


def _under_its_head(part: Rows | Cell, rules: Rules, row: Row, column: int, window: Window) -> Iterator[Found]:
    """As a text under its head, which stands above it as a title would."""
    head, is_of_staff = part.heads[column], column in of_staff(part.heads)
    title, letter = len(head) + 1, Letter(window.text)
    for finding in in_window(window, rules, None):
        if window.offset + finding.start >= title:
            told = Heard(finding=finding) if is_of_staff else in_letter(rules, finding, window.text, head, letter)
            yield Found(
                object=part.object,
                finding=in_role(told.finding.moved(window.offset - title), is_of_staff),
                row=row.key,
                field=head,
                record=row.record,
                clues=told.clues,
                of_staff=is_of_staff,
                of_another=told.of_another,
                dated_on=_dated(part, row, rules, finding, head),
            )
