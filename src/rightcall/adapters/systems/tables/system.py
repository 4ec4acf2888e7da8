"""A database as a source: tables row by row, in batches along their keys, so that no transaction at the source stays open and
memory stays bounded; and letting go of a row, a field or a stretch of it.

What the database cannot be sure of is told: columns that are no text, what of a cell is beyond the limit, tables that change
meanwhile, rows without a key, which are read but cannot be pointed at again.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rightcall.adapters.systems.pace import Pace
from rightcall.adapters.systems.tables.model import (
    MOST_OF_CELL,
    Altered,
    Batch,
    Change,
    Column,
    Kind,
    Line,
    Place,
    Table,
    TooSlow,
)
from rightcall.adapters.systems.tables.ports import Source
from rightcall.adapters.systems.tables.sampling import is_chosen
from rightcall.discovery.model import NotRead, PassedOver, Reason, SourceGone
from rightcall.discovery.parts import Cell, Part, Row, Rows
from rightcall.discovery.ports import REFUSALS, Ability, Gone, Listed, Refusal, Seen, Spot
from rightcall.discovery.sealed import stands_in
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound

MOST_BYTES = 4 << 20
_MOST_KEYS = 10_000
_SAMPLED = 200
_FEWEST = 10
_WHOLE_AT_ONCE = 200
"""Rows with all that is in them that one question asks for."""
_CUT = "*"
_WITHOUT_KEY = "Its rows have no key, so they are read in the order in which they lie, and none can be let go of from here."

_Stretches = dict[tuple[Table, str, Column], tuple[str, str]]
"""A text as it was, and with its stretches overwritten."""
_Described = dict[str, Table | None]
"""Tables as they are now, by name; None where there is none."""
_Cells = Mapping[str, str | bytes | None]
_Wholes = dict[tuple[Table, str], _Cells | None]
"""Rows by table and key; None where there is none."""


class _Left:
    """What of long cells was not read: by column and why, how many bytes of it, where that is known."""

    def __init__(self) -> None:
        self._bytes: dict[tuple[str, Reason], int] = {}

    def add(self, field: str, reason: Reason, bytes: int = 0) -> None:
        self._bytes[field, reason] = self._bytes.get((field, reason), 0) + bytes

    def told(self, object: str) -> Iterator[PassedOver]:
        for (field, reason), bytes in self._bytes.items():
            yield PassedOver(object=object, reason=reason, field=field, bytes=bytes)


class TableSystem:
    """Implements `discovery.ports.System` over one database."""

    def __init__(self, source: Source, *, writable: bool = False, pace: Pace | None = None) -> None:
        self._source = source
        self._writable = writable
        self._pace = pace or Pace()

    @property
    def abilities(self) -> frozenset[Ability]:
        reading = {Ability.FIND, Ability.EXPORT, Ability.CONFIRM}
        return frozenset(reading | {Ability.ERASE, Ability.CORRECT} if self._writable else reading)

    def objects(self) -> Iterator[Listed | PassedOver]:
        try:
            for each in self._source.tables():
                yield each if isinstance(each, PassedOver) else _listed(each)
        except NotRead as why:
            raise SourceGone(f"The tables cannot be listed: {why}. See to the account's rights, then try again.") from None

    def read(self, object: Listed, *, sample: float = 1.0) -> Iterator[Part | PassedOver]:
        """An empty table gives one batch without rows: it was read. Told once for a column, however many cells it is true of."""
        first = self._described(object.name)
        told: set[PassedOver] = set()
        for column in first.columns:
            if column not in first.readable:
                why = Reason.BINARY if column.is_readable else Reason.NO_RIGHT
                told.add(PassedOver(object=first.name, reason=why, field=column.name))
        yield from sorted(told, key=lambda each: each.field or "")
        ends: tuple[Place, ...] = ()
        left = _Left()
        for table, batch in self._batches(first, sample):
            if batch.lines:
                ends = ((*ends, batch.lines[0].place)[0], batch.lines[-1].place)
            heads = tuple(column.name for column in table.readable)
            yield _rows(table, batch.lines)
            yield from self._long_cells(table, batch.lines, left)
            for news in _untold(table.name, heads, batch.lines):
                if news not in told:
                    told.add(news)
                    yield news
        yield from left.told(first.name)
        now = self._source.table(object.name)
        if _differs(first, now) or not self._are_there(first, ends):
            yield PassedOver(object=first.name, reason=Reason.CHANGED)

    def _long_cells(self, table: Table, lines: Sequence[Line], left: _Left) -> Iterator[Cell]:
        columns = table.readable
        heads = tuple(column.name for column in columns)
        for line in lines:
            for number in line.long:
                pieces = self._pieces(table, columns[number], line.place, left)
                yield Cell(object=table.name, heads=heads, row=Row(line.key, line.cells), column=number, pieces=pieces)

    def _pieces(self, table: Table, column: Column, place: Place, left: _Left) -> Iterator[tuple[int, str]]:
        """A cell that cannot be read to its end does not keep the rest of its table from being read."""
        read, began = 0, self._pace.now()
        try:
            for text, behind in self._source.pieces(table, column, place):
                self._pace.rest(1, self._pace.now() - began)
                if stands_in(text):
                    left.add(column.name, Reason.ENCRYPTED)
                yield len(text.encode("utf-8", "replace")), text
                read, began = read + len(text), self._pace.now()
                if behind and read >= MOST_OF_CELL:
                    left.add(column.name, Reason.TOO_LARGE, behind)
                    return
        except NotRead as why:
            left.add(column.name, why.reason)

    def _are_there(self, table: Table, ends: tuple[Place, ...]) -> bool:
        """Whether the first row that was read and the last one are there still: not so where the table was emptied meanwhile."""
        places = tuple(dict.fromkeys(ends))
        return not table.key or not places or len(self._source.these(table, (), places).lines) == len(places)

    def sign(self, object: Listed) -> str | None:
        """A digest of its rows and of how they are read (docs/adr/0023)."""
        if self._pace.is_limited:
            return None
        try:
            table = self._described(object.name)
            digest = self._source.digest(table)
        except NotRead:
            return None
        return None if digest is None else repr((table.columns, table.key, digest))

    def safety(self) -> Iterator[Seen]:
        return self._source.safety()

    def export(self, spot: Spot) -> bytes:
        """A row as a JSON object in UTF-8, what is no text in it as {"base64": …}; a field as its own bytes."""
        table, key = self._row_of(spot)
        return _handed_out(self._source.whole(table, key), spot)

    def exports(self, spots: Sequence[Spot]) -> Iterator[tuple[Spot, bytes | Refusal]]:
        """Row by row, so many rows by one question."""
        for spot, row in self._rows_of(spots):
            try:
                yield spot, row if isinstance(row, REFUSALS) else _handed_out(row, spot)
            except NotFound as refusal:
                yield spot, refusal

    def erase(self, spots: Sequence[Spot]) -> None:
        """A row is deleted; a field is emptied; a stretch of a text is overwritten by as many asterisks. All of them or none."""
        if not self._writable:
            raise NotAllowed("This system was opened for reading. Open it writable to let go of what lies in it.")
        stretches: _Stretches = {}
        changes: list[Change] = []
        described: _Described = {}
        rows = self._wholes([self._row_of(spot, described) for spot in spots if spot.start is not None])
        for spot in spots:
            table, key = self._row_of(spot, described)
            if spot.field is None:
                changes.append(Change(table=table, key=key))
            else:
                changes.extend(_emptied(table, key, spot, stretches, rows))
        cut = [
            Change(table=table, key=key, column=column, value=now, was=before)
            for (table, key, column), (before, now) in stretches.items()
        ]
        self._source.change(cut + changes)

    def correct(self, spot: Spot, value: str, *, was: str) -> None:
        """A text in a field of one row, and nothing else."""
        if not self._writable:
            raise NotAllowed("This system was opened for reading. Open it writable to put right what lies in it.")
        table, key = self._row_of(spot)
        column = table.column(spot.field or "")
        if column is None:
            raise NotFound("This table has no such column (any more).")
        if column.kind is not Kind.TEXT or column in table.key or spot.start is not None:
            raise Conflict("Only a whole text that its row is not known by is put right from here. Put it right in the system.")
        if self.export(spot) != value.encode():
            self._source.change([Change(table=table, key=key, column=column, value=value, was=was)])

    def confirm(self, spots: Sequence[Spot]) -> Mapping[Spot, Gone]:
        return {spot: Gone.UNKNOWN if isinstance(row, REFUSALS) else _looked_for(row, spot) for spot, row in self._rows_of(spots)}

    def close(self) -> None:
        self._source.close()

    def _described(self, name: str) -> Table:
        table = self._source.table(name)
        if table is None:
            raise NotRead(Reason.CHANGED)
        return table

    def _batches(self, table: Table, sample: float) -> Iterator[tuple[Table, Batch]]:
        place: Place | None = None
        most = self._pace.most_rows
        if sample < 1 and table.key and not self._pace.is_limited:
            most = min(_MOST_KEYS, max(_FEWEST, int(_SAMPLED / max(sample, 1e-9))))
        is_last = False
        while not is_last:
            began = self._pace.now()
            try:
                batch, asked = self._next(table, place, most, sample)
            except TooSlow:
                if most <= _FEWEST:
                    raise
                most //= 10
                continue
            except Altered:
                table = self._as_it_is_now(table)
                continue
            place, is_last = batch.place, batch.is_last
            if batch.lines or is_last:
                yield table, batch
            self._pace.rest(asked, self._pace.now() - began)

    def _next(self, table: Table, place: Place | None, most: int, sample: float) -> tuple[Batch, int]:
        """And how many rows the source was asked for; of a sample by key, those that it was asked for with their cells."""
        if sample >= 1:
            batch = self._source.batch(table, table.readable, after=place, most=most, most_bytes=MOST_BYTES)
            return batch, len(batch.lines)
        if not table.key:
            batch = self._source.batch(table, table.readable, after=place, most=most, most_bytes=MOST_BYTES)
            chosen = tuple(line for line in batch.lines if is_chosen(line.key, sample))
            return Batch(lines=chosen, place=batch.place, is_last=batch.is_last), len(batch.lines)
        keys = self._source.batch(table, (), after=place, most=most, most_bytes=MOST_BYTES)
        places = [line.place for line in keys.lines if is_chosen(line.key, sample)]
        lines = self._source.these(table, table.readable, places).lines if places else ()
        asked = len(keys.lines) if self._pace.is_limited else len(lines)
        return Batch(lines=lines, place=keys.place, is_last=keys.is_last), asked

    def _as_it_is_now(self, table: Table) -> Table:
        """To go on with, from the same place: that takes the same key, and something that did change."""
        now = self._source.table(table.name)
        if now is None or not now.key or now.key != table.key or now.columns == table.columns:
            raise NotRead(Reason.CHANGED)
        return now

    def _row_of(self, spot: Spot, described: _Described | None = None) -> tuple[Table, str]:
        """`described`: the tables that this call has asked for already."""
        if spot.row is None:
            raise Malformed("A table is handed out and let go of row by row. Name a row.")
        known = {} if described is None else described
        if spot.object not in known:
            known[spot.object] = self._source.table(spot.object)
        table = known[spot.object]
        if table is None:
            raise NotFound("There is no such table here, or it may not be seen.")
        if not table.key:
            raise Conflict("The rows of this table have no key, so none can be pointed at. Give the table a primary key.")
        return table, spot.row

    def _rows_of(self, spots: Sequence[Spot]) -> Iterator[tuple[Spot, _Cells | Refusal | None]]:
        """Each spot with its row; None where the row is not there; why not, where it cannot be told."""
        described: _Described = {}
        asked: dict[tuple[Table, str], list[Spot]] = {}
        for spot in spots:
            try:
                asked.setdefault(self._row_of(spot, described), []).append(spot)
            except REFUSALS as refusal:
                yield spot, refusal
        rows = list(asked)
        for start in range(0, len(rows), _WHOLE_AT_ONCE):
            some = rows[start : start + _WHOLE_AT_ONCE]
            try:
                found: _Wholes | Refusal = self._wholes(some)
            except REFUSALS as refusal:
                found = refusal
            for row in some:
                for spot in asked[row]:
                    yield spot, found[row] if isinstance(found, dict) else found

    def _wholes(self, rows: Iterable[tuple[Table, str]]) -> _Wholes:
        keys: dict[Table, list[str]] = {}
        for table, key in dict.fromkeys(rows):
            keys.setdefault(table, []).append(key)
        found: _Wholes = {}
        for table, wanted in keys.items():
            for start in range(0, len(wanted), _WHOLE_AT_ONCE):
                some = wanted[start : start + _WHOLE_AT_ONCE]
                there = self._source.wholes(table, some)
                found |= {(table, key): there[key] if key in there else self._source.whole(table, key) for key in some}
        return found


def _emptied(table: Table, key: str, spot: Spot, stretches: _Stretches, rows: _Wholes) -> Iterator[Change]:
    """The change that empties a field. Stretches are gathered in `stretches`: a field with several is written once."""
    column = table.column(spot.field or "")
    if column is None:
        raise NotFound("This table has no such column (any more).")
    if column in table.key:
        raise Conflict(
            "By this column its row is known from others: without it nobody would find the rest of the row again. Let go of"
            " the whole row, or give the table another key."
        )
    if spot.start is not None and column.kind in (Kind.TEXT, Kind.DOCUMENT):
        text = (rows[table, key] or {}).get(column.name)
        if isinstance(text, str):
            before, now = stretches.get((table, key, column), (text, text))
            stretches[table, key, column] = before, _overwritten(now, spot.start, spot.end)
    elif column.is_nullable:
        yield Change(table=table, key=key, column=column)
    elif column.kind is Kind.TEXT:
        yield Change(table=table, key=key, column=column, value="")
    else:
        raise Conflict("This column may not be empty and holds no text. Let go of the whole row, or allow it to be empty.")


def _handed_out(row: _Cells | None, spot: Spot) -> bytes:
    if row is None or (spot.field is not None and spot.field not in row):
        raise NotFound("Nothing lies there (any more).")
    if spot.field is None:
        return json.dumps({name: _json(value) for name, value in row.items()}, ensure_ascii=False).encode()
    value = row[spot.field]
    if value is None:
        raise NotFound("This field is empty.")
    return value if isinstance(value, bytes) else value[spot.start : spot.end].encode("utf-8", "surrogatepass")


def _looked_for(row: _Cells | None, spot: Spot) -> Gone:
    if row is None:
        return Gone.GONE
    if spot.field is None:
        return Gone.THERE
    if spot.field not in row:
        return Gone.UNKNOWN
    value = row[spot.field]
    if spot.start is not None and isinstance(value, str):
        value = value[spot.start : spot.end].strip(_CUT)
    return Gone.THERE if value else Gone.GONE


def _listed(table: Table) -> Listed:
    warning = None if table.key else _WITHOUT_KEY
    return Listed(name=table.name, fingerprint=table.fingerprint, size=table.size, warning=warning)


def _rows(table: Table, lines: Sequence[Line]) -> Rows:
    rows = tuple(Row(line.key, line.cells) for line in lines)
    took = sum(len(cell.encode("utf-8", "replace")) for line in lines for cell in line.cells if cell)
    heads = tuple(column.name for column in table.readable)
    measured = frozenset(number for number, column in enumerate(table.readable) if column.is_measured)
    return Rows(object=table.name, heads=heads, rows=rows, bytes=took, measured=measured)


def _untold(name: str, heads: tuple[str, ...], lines: Sequence[Line]) -> Iterator[PassedOver]:
    for line in lines:
        for number, reason in line.untold.items():
            yield PassedOver(object=name, reason=reason, field=heads[number])


def _differs(first: Table, now: Table | None) -> bool:
    return now is None or (now.columns, now.key) != (first.columns, first.key)


def _json(value: str | bytes | None) -> str | dict[str, str] | None:
    return {"base64": b64encode(value).decode()} if isinstance(value, bytes) else value


def _overwritten(text: str, start: int, end: int | None) -> str:
    last = len(text) if end is None else min(end, len(text))
    return text[:start] + _CUT * max(0, last - start) + text[last:]
