"""Tables that are sorted, filtered, paged and taken along as a file, all in one way.

Columns are a closed list, and the address holds the whole state, so each view can be kept, sent on and loaded again, and nothing
needs a script. What is known to be few rows is picked here (`Table.of`); what may be millions is picked by the database, along
an index, and comes a page at a time from behind a cursor (`Table.behind`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from rightcall.clock import day_of
from rightcall.errors import Malformed

Row = TypeVar("Row")
Value = str | int | float | date | datetime | None
"""What a row has in one column; an enum of ours is a str, a yes or no an int."""
_A_FILE_PAGE = 1000
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """`name`: in addresses and files. `head`: in English, as catalogues know it. `value`: what a row has there, for order and
    files; None: a column of what can be done. `is_picked`: it has few values, and one of them is picked; `options`: which, where
    the rows at hand do not tell. `is_typed`: it has many, ids of ours, and one of them is typed in whole. `is_period`: rows of a
    stretch of days by it. `is_sorted`: False where no index has its order. `is_shown`: False where it is told in another one's
    place, and only files and filters have it. `is_filed`: False where it stays on the page. `is_own`: its values are words of the
    company's own. `words`: how what is not told as it is written is told, by value or by enum of ours; addresses and files have
    the value. `groups`: under which heading each of many options stands, in whose order the options come."""

    name: str
    head: str
    value: Callable[[Row], Value] | None = None
    is_number: bool = field(default=False, kw_only=True)
    is_picked: bool = field(default=False, kw_only=True)
    is_typed: bool = field(default=False, kw_only=True)
    is_period: bool = field(default=False, kw_only=True)
    is_sorted: bool = field(default=True, kw_only=True)
    is_shown: bool = field(default=True, kw_only=True)
    options: tuple[str, ...] = field(default=(), kw_only=True)
    is_filed: bool = field(default=True, kw_only=True)
    is_own: bool = field(default=False, kw_only=True)
    words: Mapping[Any, str] = field(default_factory=dict, kw_only=True)
    groups: Mapping[str, str] = field(default_factory=dict, kw_only=True)

    def of(self, row: Row) -> Value:
        return None if self.value is None else self.value(row)

    def says(self, value: Value) -> str:
        """As people read it: in a filter as in a cell."""
        return self.words.get(_text(value)) or said(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What an address asks of one table. `sort` names a column, or nothing; `after` says where the page begins."""

    sort: str = ""
    down: bool = False
    find: str = ""
    picked: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    after: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.find or self.picked or self.since or self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown(Generic[Row]):
    """One page of a table. `many`: how many rows are like what was asked, None where nobody counts them. `every`: all of these
    rows, for a file. `options`: the values of each column of which one is picked, with how each is told. `address`: that of
    the page, as it was asked. `most`: so many rows were looked through, and there may be more."""

    table: "Table[Row]"
    asked: View
    address: Mapping[str, str]
    rows: Sequence[Row]
    many: int | None
    following: str
    options: Mapping[str, Mapping[str, str]]
    every: Callable[[], Iterator[Row]]
    most: int | None = None

    def __bool__(self) -> bool:
        """Whether there is anything to show, or to ask for in another way."""
        return bool(self.rows) or self.asked.is_narrowed or bool(self.asked.after)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    @property
    def not_an_order(self) -> str:
        """What the address asks to sort by, where that is no order of this table: it is said, and another one stands."""
        sort = self.address.get(self.table.word("sort"), "").strip()
        return "" if sort.removeprefix("-") in {"", *(each.name for each in self.table.sortable)} else sort

    @property
    def not_known(self) -> list[str]:
        """What was asked for in vain."""
        return [*filter(None, [self.not_an_order]), *(value for _, value in self.no_such)]

    @property
    def no_such(self) -> Sequence[tuple[Column[Row], str]]:
        """Values that the address picks and that no row has: they are said, so that nobody takes an empty table for an answer."""
        picked = self.asked.picked
        columns = [each for each in self.table.picking if each.name in picked and not each.is_typed]
        return [(each, picked[each.name]) for each in columns if picked[each.name] not in self.options[each.name]]

    @property
    def is_asked(self) -> bool:
        """Whether the address says anything of this table: then it is looked at, and stands open."""
        return any(self.address.get(word) for word in self.table.words)

    @property
    def anchor(self) -> str:
        return f"table-{self.table.name}" if self.table.name else ""

    @property
    def kept(self) -> dict[str, str]:
        """Of the address what is not this table's: it stays as it is."""
        own = self.table.words
        return {name: value for name, value in self.address.items() if name not in own and name not in ("as", "of")}

    @property
    def first(self) -> int:
        """The place of the first row of this page among all, from 1; only where rows are counted."""
        return int(self.asked.after or 0) + 1

    def sorting(self, column: Column[Row]) -> str:
        """Where its order is asked for: the highest and the newest first, words from A; and the other way when it stands so."""
        down = not self.asked.down if self.asked.sort == column.name else column.is_number or column.is_period
        return self._place(sort=("-" if down else "") + column.name, after="")

    def stands(self, column: Column[Row]) -> str:
        """As `aria-sort` says it; empty where another order stands."""
        return "" if self.asked.sort != column.name else "descending" if self.asked.down else "ascending"

    def grouped(self, column: Column[Row]) -> dict[str, dict[str, str]]:
        """What is picked from in this column, under its headings; under none where it has none."""
        found: dict[str, dict[str, str]] = {}
        for value, words in self.options[column.name].items():
            found.setdefault(column.groups.get(value, ""), {})[value] = words
        return found

    def onward(self) -> str:
        return self._place(after=self.following)

    def back(self) -> str:
        return self._place(after="")

    def whole(self) -> str:
        """Without what was asked for, in the same order."""
        own = {self.table.word(name): "" for name in self.table.names if name != "sort"}
        return self._to({**self.address, **own})

    def file(self, kind: str) -> str:
        return self._to({**self.address, self.table.word("after"): "", "as": kind, "of": self.table.name})

    def _place(self, **changed: str) -> str:
        return self._to({**self.address, **{self.table.word(name): value for name, value in changed.items()}})

    def _to(self, address: Mapping[str, str]) -> str:
        query = urlencode({name: value for name, value in address.items() if value})
        return f"?{query}{'#' if self.anchor else ''}{self.anchor}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Generic[Row]):
    """`name`: of one of several in a page, and empty for the one that a page is about. `file`: what a file of it is called.
    `order`: the column whose order stands where none is asked for, with a minus for downwards; empty: as the rows come. `finds`:
    rows can be found by words in them; False where such words would be somebody's, for an address is kept."""

    file: str
    columns: tuple[Column[Row], ...]
    name: str = ""
    order: str = ""
    finds: bool = True
    page: int = 50

    @property
    def heads(self) -> tuple[Column[Row], ...]:
        return tuple(each for each in self.columns if each.is_shown)

    @property
    def told(self) -> tuple[Column[Row], ...]:
        """Those that a file has too."""
        return tuple(each for each in self.columns if each.value is not None and each.is_filed)

    @property
    def sortable(self) -> tuple[Column[Row], ...]:
        return tuple(each for each in self.columns if each.value is not None and each.is_sorted)

    @property
    def picking(self) -> tuple[Column[Row], ...]:
        return tuple(each for each in self.columns if each.is_picked or each.is_typed)

    @property
    def period(self) -> Column[Row] | None:
        return next((each for each in self.columns if each.is_period), None)

    @property
    def names(self) -> tuple[str, ...]:
        return ("sort", "find", "since", "until", "after", *(each.name for each in self.picking))

    @property
    def words(self) -> frozenset[str]:
        """What an address may say of this table."""
        return frozenset(self.word(each) for each in self.names)

    def word(self, name: str) -> str:
        return f"{self.name}.{name}" if self.name else name

    def asked(self, address: Mapping[str, str]) -> View:
        """A column that is not one of ours is not sorted by."""
        given = {name: address.get(self.word(name), "").strip()[:_LONGEST] for name in self.names}
        known = {each.name for each in self.sortable}
        sort = given["sort"] if given["sort"].removeprefix("-") in known else self.order
        return View(
            sort=sort.removeprefix("-"),
            down=sort.startswith("-"),
            find=given["find"].casefold() if self.finds else "",
            picked={each.name: given[each.name] for each in self.picking if given[each.name]},
            since=_day(given["since"]),
            until=_day(given["until"]),
            after=given["after"],
        )

    def of(self, rows: Sequence[Row], address: Mapping[str, str], most: int | None = None) -> Shown[Row]:
        """Of rows that are few enough to be at hand. `most`: how many were fetched at most, None where it is all of them."""
        asked = self.asked(address)
        first = _count(asked.after)
        alike = self._sorted([each for each in rows if self._is_asked(each, asked)], asked)
        return Shown(
            table=self,
            asked=replace(asked, after=str(first) if first else ""),
            address=address,
            rows=alike[first : first + self.page],
            many=len(alike),
            following=str(first + self.page) if len(alike) > first + self.page else "",
            options={each.name: _told(each, each.options) or _values(each, rows) for each in self.picking},
            every=lambda: iter(alike),
            most=most if most is not None and len(rows) >= most else None,
        )

    def behind(
        self, fetch: Callable[[View, int], Sequence[Row]], cursor: Callable[[Row], object], address: Mapping[str, str]
    ) -> Shown[Row]:
        """`fetch`: so many rows at most, as they are asked for, from behind `after`; `cursor`: what `after` says of one."""
        asked = self.asked(address)
        rows = fetch(asked, self.page + 1)

        def every() -> Iterator[Row]:
            after = ""
            while found := fetch(replace(asked, after=after), _A_FILE_PAGE):
                yield from found
                if len(found) < _A_FILE_PAGE:
                    return
                after = str(cursor(found[-1]))

        return Shown(
            table=self,
            asked=asked,
            address=address,
            rows=rows[: self.page],
            many=None,
            following=str(cursor(rows[self.page - 1])) if len(rows) > self.page else "",
            options={each.name: _told(each, each.options) for each in self.picking},
            every=every,
        )

    def _is_asked(self, row: Row, asked: View) -> bool:
        by_name = {each.name: each for each in self.picking}
        if any(_text(by_name[name].of(row)) != value for name, value in asked.picked.items()):
            return False
        if self.period is not None and (asked.since or asked.until) and not _within(self.period.of(row), asked):
            return False
        return not asked.find or any(asked.find in each.says(each.of(row)).casefold() for each in self.told)

    def _sorted(self, rows: list[Row], asked: View) -> list[Row]:
        """What has nothing in the column comes last, either way."""
        column = next((each for each in self.sortable if each.name == asked.sort), None)
        if column is None:
            return rows
        some = [each for each in rows if column.of(each) is not None]
        none = [each for each in rows if column.of(each) is None]
        return sorted(some, key=lambda each: _rank(column.of(each)), reverse=asked.down) + none


def said(value: Value) -> str:
    """As people read it."""
    return spelt(value.value) if isinstance(value, StrEnum) else _text(value)


def spelt(name: str) -> str:
    """A name of ours, as people write it."""
    return " ".join(_CAPITALS.get(each, each) for each in name.split("_"))


_CAPITALS = {"dpo": "DPO", "api": "API", "gdpr": "GDPR"}


def _text(value: Value) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _rank(value: Value) -> Any:
    return value.casefold() if isinstance(value, str) else value


def spaced(names: Iterable[str]) -> dict[str, str]:
    """The words of a column whose values are names of ours, though no enum has them."""
    return {each: spelt(each) for each in names}


def _told(column: Column[Row], values: Iterable[Value]) -> dict[str, str]:
    return {_text(each): column.says(each) for each in values if _text(each)}


def _values(column: Column[Row], rows: Sequence[Row]) -> dict[str, str]:
    """By their words, as they stand in a list."""
    found = _told(column, (column.of(each) for each in rows))
    return dict(sorted(found.items(), key=lambda each: each[1].casefold()))


def _within(value: Value, asked: View) -> bool:
    if not isinstance(value, date):
        return False
    on = day_of(value) if isinstance(value, datetime) else value
    return (asked.since is None or asked.since <= on) and (asked.until is None or on <= asked.until)


def _day(given: str) -> date | None:
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise Malformed("A day is written as 2026-11-26.") from error


def _count(given: str) -> int:
    if not given:
        return 0
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Malformed("This page of the table is not one of ours. Open the table anew.")
    return int(given)
