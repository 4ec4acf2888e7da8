"""One text while it is looked at: as it is, without escapes, in its plain form too, and what the words around a place say."""

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field

from rightcall.discovery.detection.context import REACH, Columns, Label, Stance, kinds_mentioned, label_at, mentions
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.plain import plain, without_escapes

_LONGEST_LABEL = 60
_STRONG = 0.8
"""What is as sure as this by itself stays so beside a word for another type."""
_LIFT, _FALL, _SIDESTEP, _MOST = 0.25, 0.4, 0.2, 0.99
_NUMBERED = re.compile(r"[A-Za-z]{2,6}[-#:/]$")
_CLOCK = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
_HOURS = "[+-](?:0[0-9]|1[0-4])"
_ZONE = rf"(?:(?:Z|{_HOURS}(?::?[0-9]{{2}})?| {_HOURS}:?[0-9]{{2}})(?![0-9]))?"
_YEAR, _MONTH, _DAY = "(?:19|20)[0-9]{2}", "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
_MOMENT = re.compile(
    rf"(?<![\w./+-])(?:(?:{_YEAR}([-./]){_MONTH}\1{_DAY}|[0-9]{{1,2}}([-./])[0-9]{{1,2}}\2{_YEAR})(?![0-9]|[-./][0-9])"
    rf"(?:[T ,]{{1,2}}(?:{_CLOCK}|[0-2][0-9](?:\.[0-5][0-9]){{1,2}}(?!\.?[0-9])){_ZONE})?"
    rf"|{_YEAR}{_MONTH}{_DAY}[T ]?[0-2][0-9](?:[0-5][0-9]){{2}}(?:[.,]?[0-9]{{3,9}})?Z?(?![0-9])"
    rf"|{_CLOCK}{_ZONE}(?!:))"
)
"""A date and a time of day, or one of them, as computers and people write them."""
_LONGEST_MOMENT = 40
_NEVER_TAKEN_FOR = {
    Kind.PHONE: frozenset((Kind.DATE_OF_BIRTH,)),
    Kind.VEHICLE_PLATE: frozenset((Kind.DATE_OF_BIRTH,)),
    Kind.PAYMENT_CARD: frozenset((Kind.PHONE,)),
}
"""Hardly anybody takes them for a day of birth, nor a card for a telephone, over which one pays."""
_NO_NUMBERS = frozenset((Kind.DATE_OF_BIRTH, Kind.POSTAL_ADDRESS, Kind.IP_ADDRESS))


@dataclass(slots=True)
class Page:
    text: str
    columns: Columns | None = None
    regions: tuple[str, ...] = ()
    there: frozenset[object] | None = None
    """The types that may be mentioned anywhere, where that is known."""
    phone_end: int = field(init=False, default=-(1 << 20))
    """Where the last telephone number that was found ends."""
    is_danish: bool | None = field(init=False, default=None)
    """Once somebody asked."""
    written: str = field(init=False)
    plain: str = field(init=False)
    _mentions: dict[Kind, list[int] | None] = field(init=False, default_factory=dict)
    _encoded: bytes | None = field(init=False, default=None)
    _labels: dict[tuple[int, int], Label | None] = field(init=False, default_factory=dict)
    _in_moments: dict[tuple[int, int], bool] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.written = without_escapes(self.text)
        self.plain = plain(self.written)

    def label(self, start: int, end: int) -> Label | None:
        place = (start, end)
        if place not in self._labels:
            self._labels[place] = label_at(self.text, start, end, self.columns)
        return self._labels[place]

    def mentions(self, kind: Kind, start: int, *, behind: int = 0) -> bool:
        """Whether a word for `kind` may stand before `start`, or so far behind it, or over its column.

        Quick, and never a no where one does.
        """
        places = self._mentions[kind] if kind in self._mentions else self._places(kind)
        if not places:
            return places is None
        nearest = bisect_left(places, start - REACH - _LONGEST_LABEL)
        return nearest < len(places) and places[nearest] < start + behind

    def mentioned(self, kind: Kind) -> list[int]:
        """Where words for `kind` may begin, the heads of columns left out."""
        return self._places(kind) or []

    def mentions_at_all(self, kind: Kind) -> bool:
        return kind in self._anywhere() or (self.columns is not None and self.columns.has(kind))

    def mentions_any(self, kinds: tuple[Kind, ...]) -> bool:
        """Whether a word for one of them may stand anywhere, or head a column."""
        return (self.columns is not None and any(map(self.columns.has, kinds))) or not self._anywhere().isdisjoint(kinds)

    def _anywhere(self) -> frozenset[object]:
        if self.there is None:
            self.there = kinds_mentioned(self.latin())
        return self.there

    def latin(self) -> bytes:
        if self._encoded is None:
            self._encoded = self.text.encode("latin-1", "replace")
        return self._encoded

    def _places(self, kind: Kind) -> list[int] | None:
        """Where words for `kind` may begin; None where one heads a column."""
        if kind not in self._mentions:
            is_headed = self.columns is not None and self.columns.has(kind)
            places = mentions(self.latin(), kind) if not is_headed and kind in self._anywhere() else []
            self._mentions[kind] = None if is_headed else places
        return self._mentions[kind]

    def stands_alone(self, start: int, end: int) -> bool:
        """Not a part of a longer word, number, decimal or chain of numbers."""
        before, after = self.plain[max(0, start - 2) : start], self.plain[end : end + 2]
        if before[-1:].isalnum() or after[:1].isalnum():
            return False
        if before[-1:] == "." and before[0].isdigit():
            return False
        return not (after[:1] == "." and after[1:].isdigit())

    def is_in_chain(self, start: int, end: int) -> bool:
        """Joined by a dash to more digits, as the parts of a UUID are."""
        before, after = self.plain[max(0, start - 2) : start], self.plain[end : end + 2]
        return (before[1:] == "-" and before[0].isdigit()) or (after[:1] == "-" and after[1:].isdigit())

    def is_in_moment(self, start: int, end: int) -> bool:
        """A number never begins or ends within a date or a time of day. One with a + may have groups that look like a date."""
        place = (start, end)
        if place not in self._in_moments:
            self._in_moments[place] = self._lies_in_moment(start, end)
        return self._in_moments[place]

    def _lies_in_moment(self, start: int, end: int) -> bool:
        is_signed = self.plain.startswith("+", start)
        for match in _MOMENT.finditer(self.plain, max(0, start - _LONGEST_MOMENT), end + _LONGEST_MOMENT):
            if match.start() < end and start < match.end():
                return not (is_signed and start < match.start() and end >= match.end())
        return False

    def is_numbered(self, start: int) -> bool:
        """Behind letters and a dash, as an order's number is: `ORD-…`."""
        return _NUMBERED.search(self.plain, max(0, start - 7), start) is not None

    def weighed(self, kind: Kind, start: int, end: int, base: float, why: str, *, needs_word: bool = False) -> Finding | None:
        """The finding, its confidence raised or lowered by the words around it; None where it needs such a word and has none."""
        label = self.label(start, end)
        stance = label.stance(kind) if label else Stance.NONE
        if kind not in _NO_NUMBERS and self.is_in_moment(start, end):
            return None
        if stance is Stance.FOR and label is not None:
            return _finding(kind, start, end, base + _LIFT, f"{why}; {label.in_words()}")
        if needs_word:
            return None
        if stance is Stance.AGAINST and label is not None and label.is_near:
            return _finding(kind, start, end, base - _FALL, f"{why}; but {label.in_words()}")
        if kind is not Kind.IP_ADDRESS and self.is_numbered(start):
            return _finding(kind, start, end, base - _FALL, f"{why}; but letters and a dash lead into it")
        is_anothers = stance is Stance.OTHER and kind is not Kind.IP_ADDRESS  # its four numbers are no other sort of number
        if label is not None and kind in _NEVER_TAKEN_FOR and label.meanings <= _NEVER_TAKEN_FOR[kind]:
            is_anothers = False
        if is_anothers and label is not None and label.is_near and not label.is_behind and base < _STRONG:
            return _finding(kind, start, end, base - _SIDESTEP, f"{why}; but {label.in_words()}")
        return _finding(kind, start, end, base, why)


def _finding(kind: Kind, start: int, end: int, confidence: float, why: str) -> Finding:
    return Finding(start=start, end=end, type=kind, confidence=round(max(0.0, min(confidence, _MOST)), 2), why=why)


Judge = Callable[[Page, int, int], Finding | None]
