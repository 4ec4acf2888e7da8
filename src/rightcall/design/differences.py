"""What was written anew: two texts side by side, with the words that are gone and the words that came. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORD = re.compile(r"\s*\S+|\s+$")


class Sort(StrEnum):
    SAME = "same"
    GONE = "gone"
    CAME = "came"


@dataclass(frozen=True, slots=True)
class Piece:
    sort: Sort
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`about`: what both say something of. Empty where one of them says nothing."""

    about: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[Difference]:
    """Of what stands under each heading: where it is not the same. In the order of the new one, and then what is gone."""
    headings = dict.fromkeys([*new, *old])
    return [_between(each, old.get(each, ""), new.get(each, "")) for each in headings if old.get(each, "") != new.get(each, "")]


def _between(about: str, old: str, new: str) -> Difference:
    before, after = _WORD.findall(old), _WORD.findall(new)
    matched = SequenceMatcher(None, [each.strip() for each in before], [each.strip() for each in after], autojunk=False)
    gone, came = list[Piece](), list[Piece]()
    for step, i, j, k, m in matched.get_opcodes():
        is_same = step == "equal"
        gone += _piece(Sort.SAME if is_same else Sort.GONE, before[i:j])
        came += _piece(Sort.SAME if is_same else Sort.CAME, after[k:m])
    return Difference(about=about, old=tuple(gone), new=tuple(came))


def _piece(sort: Sort, words: Sequence[str]) -> Iterator[Piece]:
    if words:
        yield Piece(sort, "".join(words))
