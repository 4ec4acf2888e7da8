"""A name stands once more. One word of it in the same text, `Eve Marlowe asks … Eve rings again`: it is of whom the whole name is
of, where no other name there has that word, and tells what that tells. And all of it in another field of the row in which it is a
field of its own: also where nothing but that field tells that it is a name. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from rightcall.discovery.detection.model import Kind
from rightcall.discovery.linking.clues import ClueKind
from rightcall.discovery.model import Found


def named_again(found: Iterable[tuple[Found, str]]) -> Iterator[Found]:
    """Of one text or cell, each with its value, in their order: of those of one record. What stands in another role tells
    nothing."""
    every = list(found)
    whole = {(each.record, *_words(said)): each for each, said in every if _is_whole(each) and not each.of_staff}
    for each, said in every:
        words = _words(said)
        if not _is_name(each) or _is_whole(each) or each.of_staff or len(words) != 1:
            yield each
            continue
        among = [other for (record, *name), other in whole.items() if record == each.record and words[0] in name]
        yield _as(each, among[0]) if len(among) == 1 else each


def named_beside(
    found: Mapping[int, Sequence[tuple[Found, str]]], cells: Sequence[str | None], heads: Sequence[str], left_out: Set[int]
) -> Iterator[tuple[int, Found]]:
    """Of one row, what is found in each of its columns; with the column in which the name stands as well. What is found there
    already is left as it is."""
    named = [(each, said) for column, told in found.items() for each, said in told if _is_field(each, said, cells[column])]
    for each, said in named:
        for column, cell in enumerate(cells):
            if column in left_out or cell is None or cell == said:
                continue
            for place in re.finditer(rf"(?<![\w-]){re.escape(said)}(?![\w-])", cell):
                start, end = place.span()
                if all(other.finding.end <= start or end <= other.finding.start for other, _ in found.get(column, ())):
                    why = f"{each.finding.why}; it is a field of its own in the same row"
                    yield column, replace(each, finding=replace(each.finding, start=start, end=end, why=why), field=heads[column])


def _is_field(found: Found, said: str, cell: str | None) -> bool:
    """One word alone may be a word of any text."""
    is_of_other = found.of_staff or found.of_another
    return _is_name(found) and not is_of_other and len(_words(said)) > 1 and said == (cell or "").strip()


def _as(each: Found, whole: Found) -> Found:
    return replace(each, clues=whole.clues, of_another=each.of_another or whole.of_another)


def _is_name(found: Found) -> bool:
    return found.finding.type == Kind.PERSON_NAME


def _is_whole(found: Found) -> bool:
    """It tells more than a word of a name."""
    return _is_name(found) and any(clue.kind != ClueKind.NAME_WORD for clue in found.clues)


def _words(said: str) -> Sequence[str]:
    return said.casefold().split()
