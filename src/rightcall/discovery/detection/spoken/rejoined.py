"""Numbers between whose pieces other words stand than are known ("oh one six one where are my glasses four nine six …"). There is
no end to what people say to themselves, so the number decides: only one that is complete and that was asked for is told."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rightcall.discovery.detection import numbering
from rightcall.discovery.detection.context import months
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.spoken.asked import Asked, Where
from rightcall.discovery.detection.spoken.asking import Cues
from rightcall.discovery.detection.spoken.chains import Chain, asks_else
from rightcall.discovery.detection.spoken.floor import Floor
from rightcall.discovery.detection.spoken.gaps import corrections, retractions
from rightcall.discovery.detection.spoken.judging import heard, how
from rightcall.discovery.detection.spoken.numerals import anyones, vocabulary
from rightcall.discovery.detection.spoken.phones import Ringing, is_behind_a_sign, is_in_use
from rightcall.discovery.detection.spoken.told import asked_for

_WORD = re.compile(r"[^\W\d_]+|\d+")
MOST, WIDEST, _MOST_OWN, _MOST_OTHERS, _MOST_LINES = 9, 190, 14, 14, 8
_LEAST, _MOST_DIGITS, _SURE, _WHOLE, _FEW_BESIDE = {Kind.PHONE: 7, Kind.BANK_ACCOUNT: 4}, 15, 0.75, 0.7, 3
_ACCOUNTS = {"en": (8,), "de": (10,), "fr": (11,), "da": (10,), "sv": (7, 9, 10)}
"""How many digits an account has where it has no other length."""
_BRITISH = ("en",)


def rejoined(
    floor: Floor, cues: Cues, found: Sequence[Chain], what: Asked, regions: tuple[str, ...], near: Sequence[Finding]
) -> list[Finding]:
    """Of the first number and those that follow it, the longest that is one."""
    kind = next((each for each in _LEAST if what.is_binding and what.is_for(each)), None)
    if kind is None or _is_asked_for_else(floor, found[0], what):
        return []
    pieces, ways = _pieces(floor, cues, found, kind)
    sought = _Sought(floor, kind, what, regions, near)
    return _longest(sought, pieces, ways) or _longest(sought, *_without_what_is_said_again(pieces, ways))


class _Sought(NamedTuple):
    floor: Floor
    kind: Kind
    what: Asked
    regions: tuple[str, ...]
    near: Sequence[Finding]


def _pieces(floor: Floor, cues: Cues, found: Sequence[Chain], kind: Kind) -> tuple[list[Chain], list[bool]]:
    """The first and those that may go on with it, and of each of these whether it takes something back."""
    pieces, ways = [found[0]], list[bool]()
    for each in found[1:]:
        if len(each.digits) == 1 and set(each.languages).isdisjoint(pieces[0].languages):
            continue
        if _is_prompt(pieces[-1], each):
            continue
        taken_back = _follows(floor, cues, pieces[-1], each, kind)
        if taken_back is None:
            break
        pieces.append(each)
        ways.append(taken_back)
    return pieces, ways


def _is_prompt(last: Chain, each: Chain) -> bool:
    """What the other party says again of the last piece, or asks for, as in "and the last three"."""
    if each.line.speaker in (None, last.line.speaker):
        return False
    return len(each.digits) == 1 or last.digits.endswith(each.digits)


def _without_what_is_said_again(pieces: Sequence[Chain], ways: Sequence[bool]) -> tuple[list[Chain], list[bool]]:
    """Less a piece that only says the last digits before it again, as to a question whether they are right."""
    kept, kept_ways = [pieces[0]], list[bool]()
    said = pieces[0].digits
    for each, way in zip(pieces[1:], ways, strict=True):
        if not said.endswith(each.digits):
            kept.append(each)
            kept_ways.append(way)
            said += each.digits
    return (kept, kept_ways) if len(kept) < len(pieces) else ([], [])


def _longest(sought: _Sought, pieces: Sequence[Chain], ways: Sequence[bool]) -> list[Finding]:
    for last in range(len(pieces), 1, -1):
        joined = _as_one(pieces[:last], ways)
        if len(joined.digits) < _LEAST[sought.kind]:
            break
        told = _phones(sought, joined, pieces[last - 1]) if sought.kind is Kind.PHONE else _accounts(sought, joined)
        if whole := [each for each in told if each.end > pieces[last - 1].start]:
            return whole
    return []


def may_go_on(found: Sequence[Chain], place: int, enough: int) -> bool:
    """Whether enough digits of the same speaker follow near enough; cheaply no for most numbers."""
    last = found[place]
    size = len(last.digits)
    for after in found[place + 1 : place + MOST] if size < _MOST_DIGITS else ():
        if after.languages != last.languages and set(last.languages).isdisjoint(after.languages):
            if len(after.digits) > 1:
                return False
            continue
        if _is_prompt(last, after):
            continue
        if after.start - last.end > WIDEST or after.line.speaker != last.stretches[-1].line.speaker:
            return False
        size += len(after.digits)
        if size >= enough:
            return True
        last = after
    return False


def needs_more(what: Asked, told: Sequence[Finding], languages: Sequence[str]) -> bool:
    """Whether a number was asked for whose pieces may stand apart, and none was told that is whole."""
    return what.is_binding and any(map(what.is_for, _LEAST)) and not any(_is_whole(each, languages) for each in told)


def _is_whole(told: Finding, languages: Sequence[str]) -> bool:
    """An account where it has no other length than it has in Great Britain."""
    if told.type not in _LEAST:
        return True
    said = told.written.reveal("see whether a number is in use") if told.written is not None else ""
    if told.type == Kind.BANK_ACCOUNT:
        return languages[:1] == _BRITISH and len(said) in _ACCOUNTS[_BRITISH[0]]
    return told.confidence >= _WHOLE and (said[:1] != "+" or numbering.is_in_use_abroad(said[1:]))


def _phones(sought: _Sought, joined: Chain, last: Chain) -> Iterator[Finding]:
    """The first reading of all its pieces that is a number in use; all of it before what is left once something is taken back."""
    floor, ring = sought.floor, Ringing(sought.floor, joined, sought.regions, sought.near)
    for said in sorted(joined.said(), key=lambda parts: -sum(len(part.readings[0]) for part in parts)):
        digits = "".join(part.readings[0] for part in said)
        begins = bool(said) and (said[0].start < joined.stretches[0].end or bool(joined.corrected))
        if not begins or not _LEAST[Kind.PHONE] <= len(digits) <= _MOST_DIGITS or said[-1].end <= last.start:
            continue
        is_signed = is_behind_a_sign(floor.text, said[0].start)
        if numbering.is_in_use_abroad(digits) if is_signed else is_in_use(digits, ring, is_asked=True):
            why = f"a number in national form that is in use{how(joined)}, with other words between{sought.what.in_words()}"
            yield heard(Kind.PHONE, said, floor.text, _SURE, why, f"+{digits}" if is_signed else digits)
            return


def _accounts(sought: _Sought, joined: Chain) -> Iterator[Finding]:
    sizes = [size for language in joined.languages[:1] for size in _ACCOUNTS[language]]
    for each in asked_for(sought.floor, joined, [], sought.what):
        said = each.written.reveal("see whether an account is complete") if each.written is not None else ""
        if each.type == Kind.BANK_CODE or (each.type == Kind.BANK_ACCOUNT and len(said) in sizes):
            yield each


def _is_asked_for_else(floor: Floor, chain: Chain, what: Asked) -> bool:
    """Whether the other party asked for another thing since."""
    if what.where is not Where.BEFORE:
        return False
    first = floor.line_at(what.at).number + 1
    lines = (floor.line(number) for number in range(first, chain.line.number))
    return any(asks_else(floor.text[each.start : each.end]) for each in lines if each.speaker != chain.line.speaker)


def _as_one(pieces: Sequence[Chain], ways: Sequence[bool]) -> Chain:
    """`ways`: for each but the first, whether it takes something back."""
    joined = Chain(pieces[0].stretches[0])
    for place, piece in enumerate(pieces):
        behind = len(joined.stretches)
        offset = 0 if not place else behind
        for each in piece.stretches[0 if place else 1 :]:
            joined.add(each)
        joined.corrected |= {offset + each for each in piece.corrected}
        joined.echoes += piece.echoes
        if place and ways[place - 1]:
            joined.corrected.add(behind)
    return joined


def _follows(floor: Floor, cues: Cues, before: Chain, after: Chain, kind: Kind) -> bool | None:
    """None: it does not. True: what stands between takes something back. The other party may name what was asked for again."""
    first, last = floor.line_at(before.end - 1), after.line
    if first.speaker != last.speaker or after.start - before.end > WIDEST or last.number - first.number > _MOST_LINES:
        return None
    if set(before.languages).isdisjoint(after.languages) or (first.number != last.number and not floor.is_talk(last)):
        return None
    own: list[str] = []
    for number in range(first.number, last.number + 1):
        line = floor.line(number)
        low, high = max(line.start, before.end), min(line.end, after.start)
        said = floor.text[low:high].lower()
        is_own = line.speaker == last.speaker
        if any(not each.meanings.isdisjoint(_CUES) and (is_own or each.meanings != {kind}) for each in cues.within(low, high)):
            return None
        words = _WORD.findall(said)
        if is_own:
            own += words
        elif len(words) > _MOST_OTHERS or (asks_else(said) and not _asks_again(words)):
            return None
    return _is_taken_back(own) if _is_aside(own) else None


def _asks_again(words: Sequence[str]) -> bool:
    """What was said, as in "was that four two"."""
    others = [word for word in words if word not in vocabulary() and not word.isdigit()]
    return len(others) <= _FEW_BESIDE < len(words)


_CUES = frozenset((*Kind, "against"))


def _is_aside(words: Sequence[str]) -> bool:
    """Few words, none of which makes a thing of the number before, or leads to another one."""
    if len(words) > _MOST_OWN or (words and words[0] in anyones("units")):
        return False
    return anyones("alternatives").isdisjoint(words) and not any(word.isdigit() or word in months() for word in words)


def _is_taken_back(words: Sequence[str]) -> bool:
    said = f" {' '.join(words)} "
    return not corrections().isdisjoint(words) or any(
        f" {' '.join(phrase)} " in said for word in words for phrase in retractions().get(word, ())
    )
