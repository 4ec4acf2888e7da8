"""How well a detector does on labelled texts, by type. A value counts as found where at least half of its characters lie in
findings of its type; a finding is right where it touches a value of its type."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from rightcall.bench._corpora.pages import Document, Label

Span = tuple[int, int]
Detector = Callable[[str], list[tuple[str, tuple[Span, ...]]]]
"""From a text to types and stretches."""


@dataclass(slots=True)
class Tally:
    """`there` and `found` count values; `told` and `right` count findings."""

    there: int = 0
    found: int = 0
    told: int = 0
    right: int = 0

    @property
    def recall(self) -> float | None:
        return round(self.found / self.there, 4) if self.there else None

    @property
    def precision(self) -> float | None:
        return round(self.right / self.told, 4) if self.told else None


@dataclass(frozen=True, slots=True)
class Miss:
    document: Document
    label: Label


@dataclass(frozen=True, slots=True)
class Weighed:
    """By type; `said` and `written` count values only."""

    by_type: Mapping[str, Tally]
    said: Mapping[str, Tally]
    missed: tuple[Miss, ...]
    wrong: tuple[tuple[Document, str, Span], ...]


def weigh(documents: Iterable[Document], detector: Detector, *, forgive: frozenset[str] = frozenset()) -> Weighed:
    """`forgive`: types of which a finding that touches no value is not counted."""
    by_type: dict[str, Tally] = {}
    said: dict[str, Tally] = {}
    missed: list[Miss] = []
    wrong: list[tuple[Document, str, Span]] = []
    for document in documents:
        told = detector(document.text)
        for label in document.labels:
            is_found = _covered(label, told) * 2 >= _size(label.parts)
            for tallies in (by_type, said) if label.is_said else (by_type,):
                tally = tallies.setdefault(label.type, Tally())
                tally.there += 1
                tally.found += is_found
            if not is_found:
                missed.append(Miss(document, label))
        for kind, stretches in told:
            is_right = any(label.type == kind and _touch(label.parts, stretches) for label in document.labels)
            if is_right or kind not in forgive:
                tally = by_type.setdefault(kind, Tally())
                tally.told += 1
                tally.right += is_right
            if not is_right:
                wrong.append((document, kind, (stretches[0][0], stretches[-1][1])))
    return Weighed(by_type, said, tuple(missed), tuple(wrong))


def _size(parts: Iterable[Span]) -> int:
    return sum(end - start for start, end in parts)


def _covered(label: Label, told: list[tuple[str, tuple[Span, ...]]]) -> int:
    """So many characters of the value lie in findings of its type."""
    return sum(
        max(0, min(end, last) - max(start, first))
        for kind, stretches in told
        if kind == label.type
        for first, last in stretches
        for start, end in label.parts
    )


def _touch(parts: Iterable[Span], stretches: Iterable[Span]) -> bool:
    return any(start < last and first < end for start, end in parts for first, last in stretches)
