"""E-mail addresses in speech: "jane dot doe at example dot com", letter by letter too."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import re2

from rightcall.discovery.detection.context import words_of
from rightcall.discovery.detection.looks import spans
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.spoken.asking import Cues
from rightcall.discovery.detection.spoken.floor import Floor, Line
from rightcall.discovery.detection.spoken.judging import heard
from rightcall.discovery.detection.spoken.numerals import LANGUAGES, LINKS, anyones, compiled, listed, vocabulary
from rightcall.discovery.detection.spoken.reading import Part, parts, stretches, tokens

_ENDINGS = "com|net|org|co|uk|de|fr|dk|se|eu|io|example|info|at|ch|nl|be|no|fi|es|it|ie|us|test|biz|me|ac|gov|edu|name"
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[._@-]")
_DOMAIN_REACH, _LOCAL_REACH = 70, 110
_MOST_DOMAIN, _MOST_LOOSE = 8, 2
_ASKED_BACK, _ASKED_LINES = 700, 6
_CUED, _JOINED, _BARE = 0.93, 0.8, 0.45


class _Piece(NamedTuple):
    start: int
    end: int
    written: str
    is_join: bool = False


def mails(floor: Floor, cues: Cues) -> Iterator[Finding]:
    behind = 0
    for start, end in spans(ending(), floor.text.encode("latin-1", "replace")):
        if start >= behind and (found := _address(floor, cues, start, end)):
            behind = found.end
            yield found


def _address(floor: Floor, cues: Cues, start: int, end: int) -> Finding | None:
    line = floor.line_at(start)
    end = _whole_ending(floor.text, end, line.end)
    at = _last_at(floor.text, max(line.start, start - _DOMAIN_REACH), start)
    if at is None:
        return None
    languages = _speaking(floor.text[at[0] : at[1]], floor.text[at[1] : end])
    domain = _joined(_pieces(floor.text, at[1], end))
    if not 2 <= len(domain) <= 2 * _MOST_DOMAIN:
        return None
    local = _local(floor, line, at[0], languages, is_cued=_is_cued(floor, cues, line, at[0]))
    if local is None:
        return None
    pieces, sure, why = local
    written = _written(pieces) + "@" + _written(domain)
    if not re.fullmatch(r"[^\s@]{1,64}@[^\s@]+\.[^\s@.]{2,}", written):
        return None
    office = written.partition("@")[0] in words_of("offices")
    parts_said = [Part(each.start, each.end, ("",)) for each in pieces] + [Part(at[0], end, ("",))]
    why = "an office's address and not a person's, said in words" if office else why
    return heard(Kind.EMAIL, parts_said, floor.text, 0.5 if office else sure, why, written)


def _is_cued(floor: Floor, cues: Cues, line: Line, place: int) -> bool:
    """In its own line, or in the few before it."""
    begin = floor.line(max(0, line.number - _ASKED_LINES)).start
    near = cues.within(max(0, begin, place - _ASKED_BACK), place)
    own = [cue for cue in near if cue.start >= line.start]
    return any(Kind.EMAIL in cue.meanings for cue in own or near)


def _last_at(text: str, low: int, high: int) -> tuple[int, int] | None:
    """Where the last word for @ stands."""
    found = None
    for match in _at().finditer(text[low:high].lower()):
        found = (low + match.start(), low + match.end())
    return found


def _whole_ending(text: str, end: int, high: int) -> int:
    """With a second ending: dot co dot uk."""
    match = _more().match(text[:high], end)
    return match.end() if match else end


def _pieces(text: str, low: int, high: int) -> list[_Piece]:
    return [_piece(match[0], match.start(), match.end()) for match in _WORD.finditer(text, low, high)]


def _piece(word: str, start: int, end: int) -> _Piece:
    lower = word.lower()
    written = _marks().get(lower)
    return _Piece(start, end, lower.replace("'", "").replace("’", "")) if written is None else _Piece(start, end, written, True)


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """Number words as digits."""
    joined: list[_Piece] = []
    run: list[_Piece] = []
    for each in [*pieces, _Piece(0, 0, "", True)]:
        if each.written in vocabulary() and not each.is_join:
            run.append(each)
            continue
        joined.extend(_digits(run))
        run = []
        joined.append(each)
    return joined[:-1]


def _digits(run: list[_Piece]) -> list[_Piece]:
    """A run of number words; words that are numbers only between others stay words."""
    if not run or [each.written for each in run] == ["o"]:
        return run
    said = " ".join(each.written for each in run)
    found = [part for words, languages in stretches(tokens(said, 0, len(said))) for part in parts(words, (*languages, "en")[0])]
    if not found:
        return run
    return [_Piece(run[0].start, run[-1].end, "".join(part.readings[0] for part in found))]


def _written(pieces: list[_Piece]) -> str:
    return "".join(each.written for each in pieces)


def _speaking(at: str, domain: str) -> tuple[str, ...]:
    """The languages that have these words for @ and for the dots; all where none has."""
    said = set(re.findall(r"[^\W_]+", domain.lower()))
    by_at = [each for each in LANGUAGES if at.lower() in listed(each, "at")] or list(LANGUAGES)
    return tuple(each for each in by_at if said & set(listed(each, "dot"))) or tuple(by_at)


def _local(
    floor: Floor, line: Line, at: int, languages: tuple[str, ...], *, is_cued: bool
) -> tuple[list[_Piece], float, str] | None:
    """The pieces before the @, how sure, and why."""
    low, high = _where(floor, line, at)
    pieces = _pieces(floor.text, max(low, high - _LOCAL_REACH), high)
    stops, counted = _stops(languages), _counted(pieces)
    first, loose = len(pieces), 0
    while first > 0:
        each = pieces[first - 1]
        behind = pieces[first] if first < len(pieces) else None
        if not each.is_join and not _is_small(each.written, languages):
            ahead = pieces[first - 2] if first > 1 else None
            is_tied = behind is None or behind.is_join or _is_small(behind.written, languages)
            is_inside = behind is not None and behind.is_join and ahead is not None and ahead.is_join
            if (each.written in stops or each.written in anyones("fillers")) and not (is_inside or each.start in counted):
                break
            loose += not is_tied
            if not is_tied and (not is_cued or loose > _MOST_LOOSE):
                break
        first -= 1
    while first < len(pieces) and pieces[first].is_join:
        first += 1
    local = _joined(pieces[first:])
    if not local or (local[-1].written in anyones("never") and not any(each.is_join for each in local)):
        return None
    if is_cued:
        return local, _CUED, "an e-mail address, said in words, and asked for or named as one"
    if len(local) > 1 or any(character.isdigit() for character in local[0].written):
        return local, _JOINED, "an e-mail address, said in words"
    return None if local[0].written in stops else (local, _BARE, "a word, an at and a domain, said in words")


def _counted(pieces: list[_Piece]) -> frozenset[int]:
    """Where small words begin that belong to a number before them, as in "vingt et un", "zéro un"."""
    found: set[int] = set()
    held: list[int] = []
    for each in pieces:
        means = vocabulary().get(each.written, {})
        is_link = bool(means) and all(word.sort in LINKS for word in means.values())
        held = [*held, each.start] if means and (held or not is_link) else []
        found.update(held[1:])
    return frozenset(found)


def _where(floor: Floor, line: Line, at: int) -> tuple[int, int]:
    """What stands before the @ in its turn; where nothing does, the turn of the same speaker before."""
    if floor.text[line.start : at].strip() or not floor.is_talk(line):
        return line.start, at
    for number in range(line.number - 1, max(-1, line.number - 4), -1):
        earlier = floor.line(number)
        if earlier.speaker == line.speaker:
            return earlier.start, earlier.end
    return line.start, at


def _is_small(written: str, languages: tuple[str, ...]) -> bool:
    """A letter, digits, or a word for a number that is nothing else."""
    return len(written) == 1 or written.isdigit() or written in _numbers(languages)


@cache
def _stops(languages: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for each in languages for word in listed(each, "stops"))


@cache
def _numbers(languages: tuple[str, ...]) -> frozenset[str]:
    """Those of the languages, and those that are no small word in any."""
    said: set[str] = set()
    others: set[str] = set()
    for word, meanings in vocabulary().items():
        if any(each.sort not in LINKS for each in meanings.values()):
            (
                said if any(language in languages and each.sort not in LINKS for language, each in meanings.items()) else others
            ).add(word)
    return frozenset((said - _stops(languages)) | (others - anyones("stops")))


@cache
def _marks() -> dict[str, str]:
    return {
        **dict.fromkeys((*anyones("dot"), "."), "."),
        **dict.fromkeys((*anyones("underscore"), "_"), "_"),
        **dict.fromkeys((*anyones("dash"), "-"), "-"),
    }


@cache
def _at() -> "re.Pattern[str]":
    words = "|".join(re.escape(word) for word in sorted(anyones("at"), reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])|@")


@cache
def _more() -> "re.Pattern[str]":
    dots = "|".join(re.escape(word) for word in anyones("dot"))
    return re.compile(rf"(?:[ ,]+(?:{dots})[ ,]+|\.)(?:{_ENDINGS})\b", re.IGNORECASE)


@cache
def ending() -> "re2._Regexp[bytes]":
    """Said, or written behind a word for @."""
    dots, ats = "|".join(sorted(anyones("dot"))), "|".join(sorted(anyones("at"), reverse=True))
    said = rf"\b(?:{dots})[ ,]+(?:{_ENDINGS})\b"
    return compiled(rf"{said}|\b(?:{ats})[ ]+[a-z0-9-]{{1,40}}\.(?:{_ENDINGS})\b")
