"""Of a name that was told: where its parts stand once more, and where it is spelled letter by letter."""

import re
from collections.abc import Iterable, Iterator

from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Page
from rightcall.discovery.detection.written.addressed import is_spoken_to
from rightcall.discovery.detection.written.lexicon import Role, fold
from rightcall.discovery.detection.written.names import is_place
from rightcall.discovery.detection.written.read import Name, is_free
from rightcall.discovery.detection.written.resources import role_of, words

LEAST_SURE = 0.5
_FAR, _SPELLED_WITHIN = 2500, 120
"""What a finding depends on lies within the reach of `rules`."""
_PART = re.compile(r"[^\W\d_]{3,}")
_LETTERS = re.compile(r"(?<![\w'’])(?:[^\W\d_](?:[ ]?[-.,][ ]?|[ ])){2,}[^\W\d_](?![\w'’])")
_SHORTEST_UNKNOWN = 4
_LONGEST_GIVEN = 24
_CAPITAL_BEFORE = re.compile(r"(?<=[a-zà-ÿ,] )([A-ZÀ-Þ][^\W\d_]+(?:-[A-ZÀ-Þ][^\W\d_]+)?) $")
_INTRODUCED = ("introduces it", "asks for it", "the title", "leads into it")
_VERB = re.compile(r"(?:ing|ed|ly|tion|lich|lig|isch|isk|ment|ous|ful|less)$")


def again(page: Page, names: Iterable[Finding]) -> Iterator[Finding]:
    """In order of `names`; each part is looked for once in each stretch."""
    text, searched = page.written, dict[str, int]()
    for name in names:
        yield from _spelled(text, name)
        for part in _parts(text, name):
            high = name.end + _FAR
            low = max(0, name.start - _FAR, searched.get(part, 0))
            searched[part] = high
            for start in _places(text, part, low, high):
                if role_of(part) & Role.GIVEN and not is_spoken_to(text, start):
                    continue
                confidence = 0.45 if part[0].isupper() else 0.42
                first = _given_before(text, start) if part[0].isupper() else start
                yield _told(first, start + len(part), confidence, "a part of a name that stands elsewhere in the text")


def _parts(text: str, name: Finding) -> Iterator[str]:
    """Those that are told by themselves: family names that are no words, and what nobody knows where something introduced it."""
    is_introduced = any(phrase in name.why for phrase in _INTRODUCED)
    for number, match in enumerate(_PART.finditer(text, name.start, name.end)):
        part = match[0]
        roles = role_of(part)
        if roles & Role.GIVEN_WORD and part in words("kin", "names"):
            yield part
        if part.lower() in words("not_a_name") or roles & ~Role.FAMILY:
            continue
        if roles or (is_introduced and number < 2 and len(part) >= _SHORTEST_UNKNOWN and _VERB.search(part) is None):
            yield part


def _given_before(text: str, start: int) -> int:
    """Where `Perpetua` begins in `to Perpetua Haddock`, of whose family somebody was named: a word with a capital in the middle
    of a sentence that is nothing else."""
    match = _CAPITAL_BEFORE.search(text, max(0, start - _LONGEST_GIVEN), start)
    if match is None or match[1].lower() in words("not_a_name") or role_of(match[1]) & ~(Role.GIVEN | Role.FAMILY):
        return start
    return match.start(1)


def _places(text: str, part: str, low: int, high: int) -> Iterator[int]:
    start = text.find(part, low, high)
    while start >= 0:
        end = start + len(part)
        is_word = not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum()
        if is_word and is_free(text, start, end) and not is_place(text, Name(start, end, known=1, is_capital=part[0].isupper())):
            yield start
        start = text.find(part, end, high)


def _spelled(text: str, name: Finding) -> Iterator[Finding]:
    known = [fold(part) for part in _PART.findall(text[name.start : name.end])]
    known += [b"".join(known[first:]) for first in range(1, len(known) - 1)]
    for match in _LETTERS.finditer(text, name.end, name.end + _SPELLED_WITHIN):
        letters = fold(match[0])
        if any(letters == part or (len(letters) > len(part) // 2 and part.startswith(letters)) for part in known):
            yield _told(match.start(), match.end(), 0.7, "letters that spell the name before them")


def _told(start: int, end: int, confidence: float, why: str) -> Finding:
    return Finding(start=start, end=end, type=Kind.PERSON_NAME, confidence=confidence, why=why)
