"""Codes of cards in speech. Missing one is worse than telling one too many: whatever may answer the question for it is told."""

import re
from collections.abc import Iterator, Sequence

from rightcall.discovery.detection.context import months
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.spoken.asked import Asked, Where, has_unit, is_answer, is_bare
from rightcall.discovery.detection.spoken.asked import asked as asked_before
from rightcall.discovery.detection.spoken.asking import Cue, Cues
from rightcall.discovery.detection.spoken.chains import Chain
from rightcall.discovery.detection.spoken.floor import Floor
from rightcall.discovery.detection.spoken.judging import heard, how
from rightcall.discovery.detection.spoken.numerals import Sort, vocabulary
from rightcall.discovery.detection.spoken.reading import Part

_FAR, _ABOUT, _BESIDE = 4000, 2500, 60
_SHORT, _LONG = 3, 4
_MANY_WORDS = 30
_MONTHS = 12
_AGAINST = "against"
_DATE_NEAR, _LEADS_IN, _SOON = 300, 32, 3
_SURE, _LIKELY, _FAR_ONE, _BESIDE_CARD = 0.93, 0.85, 0.5, 0.45
_WORD, _LAST_WORD, _WORD_REACH = re.compile(r"[^\W_]+"), re.compile(r"([^\W\d_]+)[ ,.]*$"), 16
_EARLIEST, _CENTURY = "20", "20"


def codes(floor: Floor, cues: Cues, chain: Chain, asked: Asked, near: Sequence[Finding]) -> Iterator[Finding]:
    """`near`: what was found shortly before."""
    cards = [each for each in near if each.type == Kind.PAYMENT_CARD]
    sure, why = _how_sure(floor, cues, chain, asked, near)
    if not sure or has_unit(floor.text, chain):
        return
    dated = any(_AGAINST in cue.meanings for cue in cues.within(chain.start - _DATE_NEAR, chain.start))
    first = _behind_a_year(floor, chain)
    for said in chain.said():
        reading = [part for part in said if part.start >= first]
        found = _code(reading, asked, cards, with_date=dated)
        if found and not (len(found) == 1 and chain.has_words and len(found[0].readings[0]) > _SHORT):
            yield _told(floor, chain, found, sure, why)
            yield from _taken_back(floor, chain, found, sure)
            return


def _behind_a_year(floor: Floor, chain: Chain) -> int:
    """Where the code may begin behind the year of an expiry: a month's name leads into it, as in "july twenty six, and 470"."""
    led = _LAST_WORD.search(floor.text, max(chain.line.start, chain.start - _WORD_REACH), chain.start)
    if led is None or led[1].lower() not in months():
        return chain.start
    year, *more = next(chain.said())
    if year.readings[0] == _CENTURY and more and _is_year(more[0].readings[0]):
        return more[0].end
    return year.end if _is_year(year.readings[0].removeprefix(_CENTURY) or _CENTURY) else chain.start


def _is_year(digits: str) -> bool:
    return len(digits) == len(_EARLIEST) and digits >= _EARLIEST


def misheard(floor: Floor, cues: Cues, chain: Chain) -> Iterator[Finding]:
    """A code of which one word at either end was heard for another, as in "for seven one": an answer of nothing but numbers and
    such words, which has as many digits as codes have with them alone."""
    if len(chain.digits) != _SHORT - 1 or not chain.languages or not floor.is_talk(chain.line):
        return
    line, known = chain.line, vocabulary()
    words = list(_WORD.finditer(floor.text, line.start, line.end))
    meanings = [known.get(word[0].lower(), {}).get(chain.languages[0]) for word in words]
    if len(words) != _SHORT or any(each is None or each.sort not in (Sort.DIGIT, Sort.ALIKE) for each in meanings):
        return
    question = asked_before(floor, cues, chain.start, chain.end)
    if question.is_for(Kind.CARD_CODE) and question.where is Where.BEFORE and question.is_binding:
        said = [Part(*word.span(), (str(each.value),)) for word, each in zip(words, meanings, strict=True) if each is not None]
        yield _told(floor, chain, said, _LIKELY, question.in_words())


def _told(floor: Floor, chain: Chain, found: Sequence[Part], sure: float, why: str) -> Finding:
    digits = "".join(part.readings[0] for part in found)
    return heard(Kind.CARD_CODE, found, floor.text, sure, f"{len(digits)} digits{how(chain)}{why}", digits)


def _taken_back(floor: Floor, chain: Chain, found: Sequence[Part], sure: float) -> Iterator[Finding]:
    """What was said first has most of the code's digits too."""
    for place in sorted(chain.corrected):
        for each in chain.stretches[:place]:
            if each.end <= found[0].start and len(each.digits) in (_SHORT, _LONG):
                part = Part(each.start, each.end, (each.digits,))
                yield _told(floor, chain, [part], sure, "; put right in the next words")


def _how_sure(floor: Floor, cues: Cues, chain: Chain, asked: Asked, near: Sequence[Finding]) -> tuple[float, str]:
    told = [each for each in near if each.type == Kind.CARD_CODE]
    if asked.is_for(Kind.CARD_CODE):
        if asked.where is Where.BEFORE and not _is_open(floor, chain, told, asked.at):
            return 0.0, ""
        return (_SURE if asked.where in (Where.OWN, Where.BEFORE) else _LIKELY), asked.in_words()
    if _AGAINST in asked.meanings and asked.is_binding:
        return 0.0, ""
    if asked.where is Where.OWN and Kind.PAYMENT_CARD not in asked.meanings and chain.start - asked.at < _LEADS_IN:
        return 0.0, ""
    if cue := _earlier(floor, cues, chain):
        if _may_answer(floor, chain) and _is_open(floor, chain, told, cue.start):
            return _FAR_ONE, f"; “{cue.phrase}” was said earlier in the conversation"
        return 0.0, ""
    if any(each.type == Kind.PAYMENT_CARD and -1 <= chain.start - each.end < _BESIDE for each in near):
        return _BESIDE_CARD, "; a card's number stands right before it"
    if (not told or _is_again(chain, told[-1])) and _may_answer(floor, chain) and _is_about_cards(cues, chain):
        return _BESIDE_CARD, "; an answer that is named as nothing else, where a card is spoken of"
    return 0.0, ""


def _may_answer(floor: Floor, chain: Chain) -> bool:
    return is_answer(floor, chain, words_before=_MANY_WORDS) and is_bare(floor, chain)


def _is_open(floor: Floor, chain: Chain, told: Sequence[Finding], asked_at: int) -> bool:
    """Whether the question that begins there may still be answered: no code was told since, or this is it again, or it is put
    right in a few words soon after."""
    since = [each for each in told if each.start > asked_at and each.confidence > _FAR_ONE]
    if not since or _is_again(chain, since[-1]):
        return True
    lines = chain.line.number - floor.line_at(since[-1].start).number
    return lines <= _SOON and is_answer(floor, chain, words_before=_SOON) and is_bare(floor, chain)


def _is_about_cards(cues: Cues, chain: Chain) -> bool:
    return any(Kind.PAYMENT_CARD in cue.meanings for cue in cues.within(chain.start - _ABOUT, chain.end + _ABOUT))


def _is_again(chain: Chain, told: Finding) -> bool:
    return told.written is not None and told.written.reveal("hear a code again") == chain.digits


def _earlier(floor: Floor, cues: Cues, chain: Chain) -> Cue | None:
    if not floor.is_talk(chain.line):
        return None
    for cue in reversed(cues.within(chain.start - _FAR, chain.start)):
        if Kind.CARD_CODE in cue.meanings:
            return cue
    return None


def _code(reading: Sequence[Part], asked: Asked, cards: Sequence[Finding], *, with_date: bool) -> Sequence[Part] | None:
    digits = "".join(part.readings[0] for part in reading)
    is_direct = asked.is_for(Kind.CARD_CODE)
    if len(digits) == _SHORT:
        return reading
    has_long = is_direct or any(
        card.written is not None and len(card.written.reveal("tell a card's issuer")) == 15 for card in cards
    )
    if len(digits) == _LONG and has_long and not (_AGAINST in asked.meanings and _is_expiry(digits)):
        return reading
    if not is_direct:
        return None
    return _within(reading, digits, with_date=with_date)


def _within(reading: Sequence[Part], digits: str, *, with_date: bool) -> Sequence[Part] | None:
    """Said twice, or with a day of expiry before or behind it, where something was asked for that is no code."""
    for size in (_SHORT, _LONG):
        if digits == digits[:size] * (len(digits) // size) and len(digits) % size == 0 and len(digits) > size:
            return reading
    if not with_date or len(digits) not in (5, 6, 7, 8, 9):
        return None
    for dated in (4, 6, 3):
        rest = len(digits) - dated
        if rest in (_SHORT, _LONG) and _is_expiry(digits[:dated]) and (found := _cut(reading, dated, len(digits))):
            return found
        if rest in (_SHORT, _LONG) and _is_expiry(digits[rest:]) and (found := _cut(reading, 0, rest)):
            return found
    return None


def _is_expiry(digits: str) -> bool:
    """Month and year."""
    month = digits[: len(digits) - (4 if len(digits) > _LONG else 2)]
    return 1 <= int(month) <= _MONTHS and digits[-2:] >= "20"


def _cut(reading: Sequence[Part], first: int, last: int) -> list[Part] | None:
    """The parts that say the digits from one place to another; None where a part lies across."""
    found, place = [], 0
    for part in reading:
        behind = place + len(part.readings[0])
        if place < first < behind or place < last < behind:
            return None
        if first <= place and behind <= last:
            found.append(part)
        place = behind
    return found
