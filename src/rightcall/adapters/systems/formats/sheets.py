"""Listeners to the parts of an Excel file: the book (sheets, links, which styles are dates), the shared texts, one sheet."""

import re
from contextlib import suppress
from datetime import datetime, timedelta

from rightcall.adapters.systems.formats.limits import Limits, Spent
from rightcall.adapters.systems.formats.markup import local
from rightcall.discovery.model import NotRead, Reason
from rightcall.discovery.parts import Row

_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_DATE_FORMAT = re.compile(r"[dmyhs]", re.IGNORECASE)
_NO_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|General', re.IGNORECASE)
_FIRST_DAY, _FIRST_DAY_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001  # a sheet's dates have no zone
_MARGINS = {"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"}
_LAST_DAY = 2_958_465
_OF_A_STRING = 64


class Book:
    def __init__(self) -> None:
        self._sheets: list[tuple[str, str]] = []
        self._targets: dict[str, str] = {}
        self._dates: set[str] = set()
        self._styles: list[bool] = []
        self._is_in_styles = False
        self.first_day = _FIRST_DAY

    def sheets(self) -> list[tuple[str, str]]:
        """Title and member of each."""
        found = [(title, self._targets.get(link, "")) for title, link in self._sheets]
        return [(title, target.lstrip("/") if target.startswith("/") else f"xl/{target}") for title, target in found if target]

    def is_date(self, style: str | None) -> bool:
        return style is not None and style.isdecimal() and int(style) < len(self._styles) and self._styles[int(style)]

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "sheet":
            link = next((value for key, value in attributes.items() if key.endswith("}id")), "")
            self._sheets.append((attributes.get("name", ""), link))
        elif name == "Relationship" and attributes.get("TargetMode") != "External":
            self._targets[attributes.get("Id", "")] = attributes.get("Target", "")
        elif name == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
            self.first_day = _FIRST_DAY_1904
        elif name == "numFmt" and _DATE_FORMAT.search(_NO_FORMAT.sub("", attributes.get("formatCode", ""))):
            self._dates.add(attributes.get("numFmtId", ""))
        elif name == "cellXfs":
            self._is_in_styles = True
        elif name == "xf" and self._is_in_styles:
            number = attributes.get("numFmtId", "0")
            self._styles.append(number in self._dates or (number.isdecimal() and int(number) in _DATES))

    def end(self, tag: str) -> None:
        if local(tag) == "cellXfs":
            self._is_in_styles = False

    def data(self, text: str) -> None:
        """Nothing is said between the tags."""


class Strings:
    """Texts that cells share; what is said of their pronunciation is no part of them."""

    def __init__(self, spent: Spent) -> None:
        self._spent, self._all = spent, list[str]()
        self._parts: list[str] = []
        self._is_text, self._is_beside = False, False

    def __getitem__(self, number: str) -> str | None:
        return self._all[int(number)] if number.isdecimal() and int(number) < len(self._all) else None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        del attributes
        name = local(tag)
        self._is_text = name == "t" and not self._is_beside
        self._is_beside = self._is_beside or name == "rPh"

    def end(self, tag: str) -> None:
        name = local(tag)
        self._is_text = False
        if name == "rPh":
            self._is_beside = False
        elif name == "si":
            text, self._parts = "".join(self._parts), []
            self._spent.hold(len(text) + _OF_A_STRING)
            self._all.append(text)

    def data(self, text: str) -> None:
        if self._is_text:
            self._parts.append(text)


class Sheet:
    """Rows that hold something, as they end."""

    def __init__(self, book: Book, shared: Strings, limits: Limits) -> None:
        self._book, self._shared, self._limits = book, shared, limits
        self._rows: list[Row] = []
        self._cells: dict[int, str] = {}
        self._number, self._column, self._size = 0, 0, 0
        self._type, self._style = "n", None  # type: str, str | None
        self._said: list[str] = []
        self._is_said, self._bytes = False, 0
        self.margins: list[str] = []

    def drained(self) -> list[Row]:
        rows, self._rows = self._rows, []
        return rows

    def count(self, amount: int) -> None:
        self._bytes += amount

    def taken(self) -> int:
        taken, self._bytes = self._bytes, 0
        return taken

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "row":
            given = attributes.get("r", "")
            self._number = int(given) if given.isdecimal() and len(given) < 9 else self._number + 1
            self._cells, self._column, self._size = {}, 0, 0
        elif name == "c":
            self._column = column_of(attributes.get("r", "")) or self._column + 1
            self._type, self._style, self._said = attributes.get("t", "n"), attributes.get("s"), []
        self._is_said = name in {"v", "t"} or name in _MARGINS

    def end(self, tag: str) -> None:
        name = local(tag)
        self._is_said = False
        if name == "row" and self._cells:
            width = max(self._cells)
            self._rows.append(Row(str(self._number), tuple(self._cells.get(column) for column in range(1, width + 1))))
        elif name == "c" and self._said:
            value = self._value("".join(self._said))
            if value:
                self._put(min(self._column, self._limits.columns), value)
            self._said = []
        elif name in _MARGINS:
            self.margins.append("".join(self._said))
            self._said = []

    def data(self, text: str) -> None:
        if self._is_said:
            self._size += len(text)
            if self._size > self._limits.cell * 4:
                raise NotRead(Reason.TOO_LONG)
            self._said.append(text)

    def _put(self, column: int, value: str) -> None:
        """Beyond the columns that there may be, it is put to the last."""
        before = self._cells.get(column)
        self._cells[column] = value if before is None else f"{before}\n{value}"

    def _value(self, text: str) -> str | None:
        if self._type == "s":
            return self._shared[text.strip()]
        if self._type == "b":
            return "true" if text == "1" else "false"
        if self._type != "n":
            return text
        if self._book.is_date(self._style):
            return date_of(text, self._book.first_day)
        return number_of(text)


def column_of(reference: str) -> int:
    """28 of `AB12`; 0 where there is no column."""
    column = 0
    for letter in reference[:3]:
        if not ("A" <= letter <= "Z"):
            break
        column = column * 26 + ord(letter) - 64
    return column


def date_of(text: str, first_day: datetime) -> str:
    with suppress(ValueError, OverflowError):
        days = float(text)
        if 0 <= days <= _LAST_DAY:
            at = first_day + timedelta(seconds=round(days * 86400))
            return at.date().isoformat() if days == int(days) else at.isoformat(sep=" ")
    return text


def number_of(text: str) -> str:
    """Long numbers without an exponent, as a person would see them."""
    with suppress(ValueError, OverflowError):
        if ("E" in text or "e" in text or text.endswith(".0")) and float(text) == int(float(text)) and abs(float(text)) < 1e18:
            return str(int(float(text)))
    return text
