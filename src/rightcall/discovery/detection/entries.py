"""Where a short text is a list of several people: a log, addresses line by line, cards with blank lines between. Each of its
entries is a record of its own then, as each row of a table is, so that nobody is given what stands of all the others.

It is one where lines that repeat tell different people, or two customers' or national ids stand on lines of their own. What a
letter says of its writer in several lines stays one record: two addresses under two words, three numbers of one signature.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rightcall.discovery.detection.model import Finding
from rightcall.personal import Personal

_OWN, _EMAIL, _TEL = frozenset(("customer_id", "national_id")), "email", "tel"
_TELLING = _OWN | {_EMAIL, _TEL}
_BREAK = re.compile(r"(?:^[^\w\n]*$\n?)+|^BEGIN:VCARD[ \t\r]*$\n?", re.M | re.I)
_DATED = re.compile(
    r"[\s\[(<\"']*(?:\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d\d:\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d)"
)
_DIGITS, _BLANK = re.compile(r"\d+"), re.compile(r"\s+")
_MANY = 3
"""Addresses of so many lines are of several people, whatever else stands there."""


@dataclass(frozen=True, slots=True)
class Told:
    """A finding of the text, with what it tells of whose it is: each by its kind, in the form that is compared."""

    finding: Finding
    clues: Sequence[tuple[str, Personal[str]]]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """`form`: what it says with each value left out, so that it is the same where entries repeat."""

    form: str
    is_dated: bool
    values: Mapping[str, frozenset[str]]


def entries(text: str, told: Sequence[Told]) -> list[int]:
    """Where each entry begins, in order; none where the text is one record."""
    lines = [0, *(match.end() for match in re.finditer(r"\n(?=.)", text))]
    by_line = _stretches(text, lines, told)
    if not _is_of_several(list(by_line.values())):
        return []
    blocks = sorted({0, *(match.end() for match in _BREAK.finditer(text) if match.end() < len(text))})
    return blocks if _are_people(list(_stretches(text, blocks, told).values())) else lines


def entry_at(begins: Sequence[int], place: int) -> int:
    return begins[bisect_right(begins, place) - 1]


def _stretches(text: str, begins: Sequence[int], told: Sequence[Told]) -> dict[int, _Stretch]:
    """Those that tell of somebody, by where they begin."""
    ends = dict(zip(begins, [*begins[1:], len(text)], strict=True))
    inside: dict[int, list[Told]] = defaultdict(list)
    for each in told:
        inside[entry_at(begins, each.finding.start)].append(each)
    return {
        begin: _Stretch(_form(text, begin, ends[begin], found), _DATED.match(text, begin) is not None, values)
        for begin, found in inside.items()
        if (values := _values(found))
    }


def _values(found: Iterable[Told]) -> dict[str, frozenset[str]]:
    """Ids of one sort differ as values of that sort alone: two countries' ids may be one person's."""
    by_sort: dict[str, set[str]] = defaultdict(set)
    for each in found:
        for kind, value in each.clues:
            if kind in _TELLING:
                by_sort[f"{kind}:{each.finding.type}" if kind in _OWN else kind].add(value.reveal("compare clues"))
    return {sort: frozenset(values) for sort, values in by_sort.items()}


def _form(text: str, begin: int, end: int, found: Sequence[Told]) -> str:
    parts, place = list[str](), begin
    for each in sorted(found, key=lambda each: each.finding.start):
        if each.finding.start >= place:
            parts += [text[place : each.finding.start], f"<{each.finding.type}>"]
            place = min(each.finding.end, end)
    form = _DIGITS.sub("0", "".join([*parts, text[place:end]]))
    return _BLANK.sub(" ", form).strip()


def _is_of_several(lines: Sequence[_Stretch]) -> bool:
    """Days of one customer are a log too: then their id stands above them."""
    of_one = any(_is_own(sort) for line in lines if not line.is_dated for sort in line.values)
    for sort in {sort for line in lines for sort in line.values}:
        telling = [line for line in lines if sort in line.values]
        if _is_own(sort):
            if _differ(telling, sort, 2):
                return True
            continue
        apart = [line for line in telling if not (of_one and line.is_dated)]
        if any(_repeats(alike, sort) for alike in _alike(apart)):
            return True
        if sort == _EMAIL and (_differ(apart, sort, _MANY) or _differ([each for each in apart if each.is_dated], sort, 2)):
            return True
    return False


def _is_own(sort: str) -> bool:
    return sort.partition(":")[0] in _OWN


def _alike(lines: Sequence[_Stretch]) -> Iterator[list[_Stretch]]:
    by_form: dict[str, list[_Stretch]] = defaultdict(list)
    for line in lines:
        by_form[line.form].append(line)
    yield from by_form.values()


def _repeats(alike: Sequence[_Stretch], sort: str) -> bool:
    """A telephone number alone on each line may be one of several that somebody has."""
    is_enough = sort == _EMAIL or alike[0].form.count("<") > 1
    return _differ(alike, sort, 2 if is_enough else _MANY)


def _differ(lines: Sequence[_Stretch], sort: str, number: int) -> bool:
    """Whether so many of them tell something that none of the others does."""
    return len({line.values[sort] for line in lines}) >= number


def _are_people(blocks: Sequence[_Stretch]) -> bool:
    """Each tells of one, and no two of the same."""
    for sort in {sort for block in blocks for sort in block.values}:
        values = [block.values[sort] for block in blocks if sort in block.values]
        if len(values) > 1 and len(values) == len(blocks) and all(len(each) == 1 for each in values):
            return len(set(values)) == len(values)
    return False
