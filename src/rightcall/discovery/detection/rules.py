"""What in a text is about a person: text in, findings out. Nothing is read, written or asked elsewhere.

1. Digits are found, group by group. The lengths of neighbouring groups and what stands between them make a shape (`3-2-4`).
2. Each shape has judges, which check structure, dates and check digits, and weigh the words around it.
3. Of findings that overlap, the surest stays, then the longest; but see `rivals` for what is never told so.

What is found depends on the `REACH` characters around it and on the heads of the table's columns, on nothing else. So a long text
may be looked at in windows that overlap by as much.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

from rightcall.discovery.detection import (
    banks,
    births,
    cards,
    danish,
    emails,
    ip_addresses,
    labelled,
    national,
    nulls,
    papers,
    phones,
    rivals,
)
from rightcall.discovery.detection.context import Columns, mentioning, pasted
from rightcall.discovery.detection.looks import Looks
from rightcall.discovery.detection.model import LEAST, Finding, Kind
from rightcall.discovery.detection.page import Judge, Page
from rightcall.discovery.detection.patterns import Pattern
from rightcall.discovery.detection.plain import plain
from rightcall.discovery.detection.spoken.listening import listen, signs, with_zeros
from rightcall.discovery.detection.written import placed, special
from rightcall.discovery.detection.written.addresses_said import street_and_number, streets
from rightcall.discovery.detection.written.telling import tell

REACH = 6144
_RUN = re.compile(r"[0-9](?<![0-9a-z][0-9])[0-9]*(?![0-9a-z])")
"""None of the numbers that are looked for have small letters beside them; hexadecimal digits do. What is before is looked at
behind the first digit, since a text is searched for digits faster than for places."""
_LETTERED_MARKS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ-+ ")
_LETTERED_SIZES = frozenset(
    size for judges in (national.LETTERED, papers.LETTERED, papers.DASHED, placed.LETTERED) for size in judges
)
_Detector = Callable[[Page], Iterator[Finding]]
_BEGINNINGS: Mapping[_Detector, bytes] = {
    cards.parted: cards.PARTED.pattern,
    cards.typed: cards.TYPED.pattern,
    cards.with_letter_o: cards.WITH_O.pattern,
    emails.emails: emails.AT.pattern.encode(),
    emails.spelled_out: emails.BRACKETED.pattern.encode(),
    ip_addresses.ipv6s: ip_addresses.PAIR.pattern.encode(),
    banks.pairs: banks.PAIR,
    banks.in_fields: banks.FIELDS,
    banks.nordic: banks.NORDIC,
    danish.numbers: danish.OF_EIGHT,
    labelled.ninos_beside_pay: labelled.NINO,
    papers.gb_loose: papers.GB_LOOSE,
}
"""What looks for more, by what a text in its plain form must have for it."""
_MARKS, _NULL = " -./+", "\x00"
_OCTET, _PHONE_START = 3, 15
_YEARS, _BEFORE_YEARS = frozenset((2, 4)), frozenset(" -'’")


@dataclass(slots=True)
class _Step:
    """One more group of digits: who judges what ends here, and what may follow."""

    judges: tuple[Judge, ...] = ()
    then: dict[tuple[str, int], "_Step"] = field(default_factory=dict)


def detect(
    text: str,
    *,
    patterns: Sequence[Pattern] = (),
    regions: tuple[str, ...] = (),
    columns: Columns | None = None,
    least: float = LEAST,
    speakers: tuple[int, ...] | None = None,
) -> list[Finding]:
    """Findings in their order in the text, none overlapping another, none less sure than `least`.

    `regions` (ISO 3166) say where telephone numbers in national form belong. `speakers`: who says each line, where the text is a
    conversation (see `dialogue`).
    """
    if _NULL in text:
        again = partial(detect, patterns=patterns, regions=regions, columns=columns, least=least, speakers=speakers)
        joined = nulls.around(text, again(text.replace(_NULL, "")))
        return apart([*joined, *nulls.between(text, again(text.replace(_NULL, " ")))]) if nulls.may_part(text) else joined
    there = _look(text)
    if columns is None and speakers is None and len(text) <= REACH:
        columns = pasted(text)
    read = with_zeros(text) if with_zeros in there else text
    if read != text:
        there = _look(read)
    page = Page(read, columns, regions, there)
    there_plainly = there if page.plain == text else _look(page.plain)
    found = _written(page, there_plainly)
    plainly = plain(text)
    for pattern in patterns:
        found += [*pattern.findings(text, plainly), *pattern.in_groups(plainly)]
    found.extend(tell(page, there_plainly))
    if streets in there:
        found.extend(streets(page))
    is_table = columns is not None
    said = plainly if read == text else plain(read)
    found.extend(listen(said, there, patterns=patterns, regions=regions, speakers=speakers, is_table=is_table))
    found.extend(_codes(page, [each for each in found if each.type == Kind.PAYMENT_CARD and each.confidence >= LEAST]))
    own = frozenset(each.name for each in patterns)
    return apart(rivals.meant(page, [each for each in found if each.confidence >= least], own))


def _written(page: Page, there_plainly: frozenset[object]) -> list[Finding]:
    """What is told by how it is written, or by a label."""
    return [
        *_numbers(page),
        *_begun(page, there_plainly),
        *cards.in_odd_groups(page),
        *births.stamped(page),
        *papers.named(page),
        *labelled.small(page),
    ]


def _begun(page: Page, there: frozenset[object]) -> Iterator[Finding]:
    for detector in _BEGINNINGS:
        if detector in there:
            yield from detector(page)


def _look(text: str) -> frozenset[object]:
    """What it may have, of all that is only looked for where there is a sign of it."""
    return _looks().over(text.encode("latin-1", "replace"))


@cache
def _looks() -> Looks:
    said_streets: Mapping[_Detector, bytes] = {streets: b"(?i:" + street_and_number().pattern + b")"}
    letters: Mapping[_Detector, bytes] = {special.spelled: "|".join(special.SPELLED).encode()}
    return Looks({**mentioning(), **_BEGINNINGS, **said_streets, **letters, **signs()})


def apart(found: Iterable[Finding]) -> list[Finding]:
    """Of those that overlap, the surest, then the longest, then the first."""
    kept: list[Finding] = []
    group: list[Finding] = []
    behind = 0
    for each in sorted(found, key=lambda one: (one.start, one.end)):
        if group and each.start >= behind:
            kept.extend(_surest(group))
            group = []
        group.append(each)
        behind = max(behind, each.end) if len(group) > 1 else each.end
    return kept + _surest(group)


def _surest(group: list[Finding]) -> list[Finding]:
    if len(group) < 2:
        return group
    kept: list[Finding] = []
    for each in sorted(group, key=lambda one: (-one.confidence, one.start - one.end, one.start, one.type)):
        if not any(_overlap(each, other) for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda one: one.start)


def _overlap(one: Finding, other: Finding) -> bool:
    if one.end <= other.start or one.start >= other.end:
        return False
    return any(start < last and first < end for start, end in one.stretches for first, last in other.stretches)


def _numbers(page: Page) -> Iterator[Finding]:
    """The inner loop of every scan: it sorts out cheaply what no judge could want."""
    text, firsts = page.plain, _shapes(with_accounts=page.mentions_at_all(Kind.BANK_ACCOUNT)).then
    runs = [match.span() for match in _RUN.finditer(text)]
    runs.append((len(text) + 2, len(text) + 2))
    for index in range(len(runs) - 1):
        start, end = runs[index]
        is_inside_word = text[start - 1 : start].isalnum()
        step = None if is_inside_word else firsts.get(("", end - start))
        if step is not None and (step.judges or runs[index + 1][0] == end + 1):
            for judge, last in _candidates(text, runs, index, step):
                if page.stands_alone(start, last) and (found := judge(page, start, last)) is not None:
                    yield found
        if (end - start in _LETTERED_SIZES or text[end - 1] == "2") and text[end : end + 1] in _LETTERED_MARKS:
            for judge in _lettered(text, start, end):
                if (found := judge(page, start, end)) is not None:
                    yield found
        if (found := _other(page, start, end)) is not None:
            yield found


def _candidates(text: str, runs: list[tuple[int, int]], index: int, first: _Step) -> Iterator[tuple[Judge, int]]:
    """The judges of every shape that begins with this group of digits, and where the shape ends."""
    end = runs[index][1]
    step: _Step | None = first
    while step is not None:
        for judge in step.judges:
            yield judge, end
        index += 1
        if not step.then or runs[index][0] != end + 1:
            return
        step = step.then.get((text[end], runs[index][1] - runs[index][0]))
        end = runs[index][1]


def _lettered(text: str, start: int, end: int) -> Iterator[Judge]:
    """The judges of shapes in which letters belong to the number."""
    yield from national.LETTERED.get(end - start, ())
    before = text[start - 1 : start]
    if "A" <= before <= "Z" or before == " ":
        yield from papers.LETTERED.get(end - start, ())
        if before != " ":
            yield from placed.LETTERED.get(end - start, ())
    elif before == "-" and text[end] == "-":
        yield from papers.DASHED.get(end - start, ())
    if text[end - 1] == "2" and text[end : end + 1] in ("A", "B"):
        yield national.fr_nir_of_corsica


def _other(page: Page, start: int, end: int) -> Finding | None:
    text, size = page.plain, end - start
    before = text[start - 1 : start]
    if "A" <= before <= "Z":
        return cards.account(page, start - 2) if start >= 2 and size >= 2 and "A" <= text[start - 2] <= "Z" else None
    if before.isalnum():
        return None
    if size in _YEARS and before in _BEFORE_YEARS and (born := births.date_with_month(page, start, end)):
        return born
    if size > _PHONE_START or not phones.has_enough_digits(text, start):
        return None
    if phones.may_be_phone(page, start, end, before) and not phones.leads_to_a_field(text, end, before):
        return phones.phone(page, start)
    return None


def _codes(page: Page, found_cards: list[Finding]) -> Iterator[Finding]:
    """Only where one of their words stands at all: three digits are everywhere."""
    yield from cards.codes_behind(page, found_cards)
    if not page.mentions_at_all(Kind.CARD_CODE):
        return
    for match in cards.CODE.finditer(page.plain):
        if page.mentions(Kind.CARD_CODE, match.start()):
            found = cards.code(page, match.start(), match.end(), found_cards)
            if found is not None:
                yield found


@cache
def _shapes(*, with_accounts: bool) -> _Step:
    """All shapes as one tree: reading a text group by group walks it. Account numbers have nearly every shape there is, and are
    looked for only where one of their words stands at all."""
    root = _Step()
    accounts = ((shape, (judge,)) for shape, judge in banks.ACCOUNT_SHAPES.items())
    for shape, judges in (*_all_shapes(), *(accounts if with_accounts else ())):
        step = root
        for mark, size in re.findall(rf"([{re.escape(_MARKS)}]?)([0-9]+)", shape):
            step = step.then.setdefault((mark, int(size)), _Step())
        step.judges = (*step.judges, *judges)
    return root


def _all_shapes() -> Iterator[tuple[str, tuple[Judge, ...]]]:
    yield from national.SHAPES.items()
    yield from banks.PAIR_SHAPES.items()
    for shape, judge in (
        *cards.CARD_SHAPES.items(),
        *births.BIRTH_SHAPES.items(),
        *banks.RIB_SHAPES.items(),
        *placed.US_SHAPES.items(),
    ):
        yield shape, (judge,)
    yield from placed.PLACED_SHAPES.items()
    sizes = range(1, _OCTET + 1)
    for first, second, third, fourth in ((a, b, c, d) for a in sizes for b in sizes for c in sizes for d in sizes):
        yield f"{first}.{second}.{third}.{fourth}", (ip_addresses.ipv4,)
