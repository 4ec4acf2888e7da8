"""IP addresses in speech: "eighty one dot two dot sixty nine dot one forty two"."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

import re2

from rightcall.discovery.detection.looks import spans
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.spoken.asking import Cues
from rightcall.discovery.detection.spoken.floor import Floor
from rightcall.discovery.detection.spoken.judging import heard
from rightcall.discovery.detection.spoken.numerals import anyones, compiled, runs
from rightcall.discovery.detection.spoken.reading import Part, parts, stretches, tokens

_WORD = re.compile(r"(?<![^\W_])i ?p(?![^\W_])|(?<![^\W_])ipv4|(?<![^\W_])ip-?adress?", re.IGNORECASE)
_VERSION = re.compile(r"\b(?:version|app|build|release|firmware)", re.IGNORECASE)
_WORDS, _SPEAKER = re.compile(r"[^\W\d_]+"), re.compile(r"\n[^:\n]{1,24}:")
_BACK, _REACH, _ABOUT, _OCTETS, _MOST, _SMALL = 60, 320, 400, 4, 255, 20
_SURE, _LIKELY = 0.85, 0.6


def hosts(floor: Floor, _cues: Cues) -> Iterator[Finding]:
    """Three words for a dot are few enough to look closer at each."""
    dots = [start for start, _ in spans(dot(), floor.text.encode("latin-1", "replace"))]
    behind = 0
    for place in dots if len(dots) >= _OCTETS - 1 else ():
        if place < behind:
            continue
        said = _address(floor.text, max(behind, place - _BACK))
        if said is not None and said[-1].end > place:
            behind = said[-1].end
            if found := _told(floor.text, said):
                yield found


def _told(text: str, said: Sequence[Part]) -> Finding | None:
    before = text[max(0, said[0].start - _ABOUT) : said[0].start]
    word, version = (next(iter(reversed(list(each.finditer(before)))), None) for each in (_WORD, _VERSION))
    if version is not None and (word is None or word.start() < version.start()):
        return None
    if word is None and sum(int(part.readings[0]) >= _SMALL for part in said) < _OCTETS // 2:
        return None
    address = ".".join(part.readings[0] for part in said)
    why = f"four numbers up to {_MOST}, dots between them said in words" + (f"; “{word[0]}” was said before them" if word else "")
    whole = Part(said[0].start, said[-1].end, (address,))
    return heard(Kind.IP_ADDRESS, [whole], text, _SURE if word else _LIKELY, why, address)


def _address(text: str, low: int) -> list[Part] | None:
    """The first four numbers with words for a dot between them."""
    held: list[Part] = []
    for octet in _numbers(text, low, min(len(text), low + _REACH)):
        if held and not _is_dot(text[held[-1].end : octet.start]):
            held = []
        held.append(octet)
        if len(held) == _OCTETS:
            return held
    return None


def _is_dot(gap: str) -> bool:
    """A word for a dot, beside which the other party may say yes."""
    words = _WORDS.findall(_SPEAKER.sub(" ", gap.lower()))
    return not anyones("dot").isdisjoint(words) and all(word in anyones("dot", "fillers", "backchannels") for word in words)


def _numbers(text: str, low: int, high: int) -> Iterator[Part]:
    """Each as one: "one forty two" is 142."""
    for first, last in runs(text, low, high):
        for words, languages in stretches(tokens(text, first, last)):
            said = next((read for language in languages if (read := parts(words, language))), ())
            value = "".join(part.readings[0] for part in said)
            if value and len(value) <= len(str(_MOST)) and int(value) <= _MOST:
                yield Part(said[0].start, said[-1].end, (value,))


@cache
def dot() -> "re2._Regexp[bytes]":
    words = "|".join(sorted(anyones("dot")))
    return compiled(rf"\b(?:{words})\b")
