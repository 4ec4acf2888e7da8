"""IP addresses in speech: "eighty one dot two dot sixty nine dot one forty two"."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache

import re2

from rightcall.discovery.detection.looks import spans
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.spoken.asking import Cues
from rightcall.discovery.detection.spoken.floor import Floor
from rightcall.discovery.detection.spoken.judging import heard
from rightcall.discovery.detection.spoken.numerals import anyones, compiled, runs, vocabulary
from rightcall.discovery.detection.spoken.reading import Part, parts, stretches, tokens

_WORD = re.compile(
    r"(?<![^\W_])(?:i ?p(?:v4|[ -]?ad+ress?[a-z]{0,3})?|browsers?|browseren|navigateurs?|webbläsaren?|gateways?|passerelle"
    r"|routers?|routere?n|servers?|servere?n|serveur|host|netmask|subnet|d ?n ?s|ping|adresse?feltet|adressfältet)(?![^\W_])",
    re.IGNORECASE,
)
"""An address by name, or what is reached by one."""
_VERSION = re.compile(r"(?<![^\W_])(?:version(?:en)?|app|build|release|firmware)(?![^\W_])", re.IGNORECASE)
_WORDS, _SPEAKER = re.compile(r"[^\W\d_]+"), re.compile(r"\n(?:\[[0-9:.]{4,12}\] ?)?[^:\n]{1,24}:")
_WORD_BEHIND = re.compile(r"[^\w\n]*([^\W\d_]+)")
_LETTER_O = re.compile(r"(?<![\w'’])o(?![\w'’])", re.IGNORECASE)
_PRIVATE = re.compile(r"192\.168\.|10\.|172\.(?:1[6-9]|2[0-9]|3[01])\.|127\.0\.0\.|169\.254\.")
"""Blocks that routers and offices use (RFC 1918, RFC 1122, RFC 3927)."""
_BACK, _REACH, _ABOUT, _OCTETS, _MOST, _SMALL = 60, 480, 400, 4, 255, 20
_SURE, _LIKELY = 0.85, 0.6


def hosts(floor: Floor, _cues: Cues) -> Iterator[Finding]:
    """Three words for a dot with numbers behind them are few enough to look closer at each."""
    dots = list(spans(dot(), floor.text.encode("latin-1", "replace")))
    leading = [start for start, end in dots if _may_lead_to_a_number(floor.text, end)]
    behind = 0
    for place, _ in dots if len(leading) >= _OCTETS - 1 else ():
        low = max(behind, place - _BACK)
        if place < behind or bisect_left(leading, low + _REACH) - bisect_left(leading, low) < _OCTETS - 1:
            continue
        said = _address(floor.text, low)
        if said is not None and said[-1].end > place:
            behind = said[-1].end
            if found := _told(floor, said):
                yield found


def _may_lead_to_a_number(text: str, end: int) -> bool:
    """Whether a word behind that for a dot says a number, or may stand between both; one of the next line may be a speaker's."""
    word = _WORD_BEHIND.match(text, end)
    return word is None or (said := word[1].lower()) in vocabulary() or said in _beside_dots() or said == "o"


def _told(floor: Floor, said: Sequence[Part]) -> Finding | None:
    text, start = floor.text, said[0].start
    word = _last(_WORD, text, max(0, start - _ABOUT), start)
    address = ".".join(part.readings[0] for part in said)
    is_known = word is not None or _PRIVATE.match(address) is not None
    if _is_version(floor, start, word.start() if word else -1):
        return None
    if not is_known and sum(int(part.readings[0]) >= _SMALL for part in said) < _OCTETS // 2:
        return None
    why = f"four numbers up to {_MOST}, dots between them said in words" + (f"; “{word[0]}” was said before them" if word else "")
    whole = Part(start, said[-1].end, (address,))
    return heard(Kind.IP_ADDRESS, [whole], text, _SURE if is_known else _LIKELY, why, address)


def _is_version(floor: Floor, start: int, word: int) -> bool:
    """Named as one in its turn, or asked for in the turn before; one that has its own number there was told already."""
    line = floor.line_at(start)
    if (own := _last(_VERSION, floor.text, line.start, start)) is not None:
        return word < own.start()
    earlier = floor.line(line.number - 1) if line.number else None
    asked = _last(_VERSION, floor.text, earlier.start, earlier.end) if earlier is not None else None
    if earlier is None or asked is None or word > line.start:
        return False
    return next(runs(floor.text, asked.end(), earlier.end), None) is None


def _last(form: re.Pattern[str], text: str, low: int, high: int) -> re.Match[str] | None:
    return max(form.finditer(text, low, high), key=lambda match: match.start(), default=None)


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
    return not anyones("dot").isdisjoint(words) and all(word in _beside_dots() for word in words)


def _numbers(text: str, low: int, high: int) -> Iterator[Part]:
    """Each as one: "one forty two" is 142, and a letter o by itself is a zero."""
    behind = low
    for first, last in runs(text, low, high):
        yield from _zeros(text, behind, first)
        behind = last
        for words, languages in stretches(tokens(text, first, last)):
            said = next((read for language in languages if (read := parts(words, language))), ())
            if octet := _octet(said) or _octet(said[:-1] if _ends_in_a_small_word(text, said) else ()):
                yield octet
    yield from _zeros(text, behind, high)


def _octet(said: Sequence[Part]) -> Part | None:
    value = "".join(part.readings[0] for part in said)
    is_one = bool(value) and len(value) <= len(str(_MOST)) and int(value) <= _MOST
    return Part(said[0].start, said[-1].end, (value,)) if is_one else None


def _ends_in_a_small_word(text: str, said: Sequence[Part]) -> bool:
    """As in "geben sie … ein"."""
    return bool(said) and text[said[-1].start : said[-1].end].lower() in anyones("pronouns")


def _zeros(text: str, low: int, high: int) -> Iterator[Part]:
    return (Part(*match.span(), ("0",)) for match in _LETTER_O.finditer(text, low, high))


@cache
def _beside_dots() -> frozenset[str]:
    return frozenset(word for phrase in anyones("dot", "fillers", "backchannels") for word in _WORDS.findall(phrase))


@cache
def dot() -> "re2._Regexp[bytes]":
    words = "|".join(sorted(anyones("dot")))
    return compiled(rf"\b(?:{words})\b")
