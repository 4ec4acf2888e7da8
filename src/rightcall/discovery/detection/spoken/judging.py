"""A number that was said, judged as if it were written: its digits go to the judges of cards, telephone numbers and national
numbers, with the word for what was asked before them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from operator import attrgetter
from typing import NamedTuple

from rightcall.discovery.detection import cards, national, numbering
from rightcall.discovery.detection.context import words_of
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Page
from rightcall.discovery.detection.spoken.asked import Asked, Where, has_unit
from rightcall.discovery.detection.spoken.chains import Chain
from rightcall.discovery.detection.spoken.dates import birth
from rightcall.discovery.detection.spoken.floor import Floor
from rightcall.discovery.detection.spoken.numerals import anyones, vocabulary
from rightcall.discovery.detection.spoken.phones import Ringing, is_behind_a_sign, is_in_use, parted
from rightcall.discovery.detection.spoken.reading import Part
from rightcall.personal import Personal

_CARD_LENGTHS = (16, 15, 19, 14, 13, 18, 17)
_LEAST_CARD = 13
NUMBERED = {
    9: (Kind.US_SSN, Kind.NL_BSN),
    10: (Kind.DK_CPR, Kind.SE_PERSONNUMMER, Kind.UK_NHS),
    11: (Kind.DE_STEUER_ID,),
    12: (Kind.SE_PERSONNUMMER,),
    15: (Kind.FR_NIR,),
}
BY_ITSELF = frozenset((Kind.DE_STEUER_ID, Kind.FR_NIR))
"""The others are told only where a word for them was said."""
_LANGUAGE_OF = {
    Kind.US_SSN: "en",
    Kind.NL_BSN: "nl",
    Kind.UK_NHS: "en",
    Kind.DK_CPR: "da",
    Kind.SE_PERSONNUMMER: "sv",
    Kind.DE_STEUER_ID: "de",
    Kind.FR_NIR: "fr",
}
_ALIKE = (Kind.DK_CPR, Kind.SE_PERSONNUMMER)
_WITH_CENTURY = 12
_LEAST_PHONE, _MOST_PHONE = 7, 15
_TRUNKED, _LONGEST_NATIONAL, _LEAST_DIALLED = (10, 11), 11, 11
_OTHER_ANSWERS = frozenset((Kind.EMAIL, Kind.DATE_OF_BIRTH))
"""No telephone number answers a question for these."""
_COUNTED = ("1234567", "2345678")
"""Somebody counts."""
_TOO_FEW = 3
"""However it is read, such a number has fewer digits than a telephone number."""
_MOST, _SURE, _FALL = 0.99, 0.75, 0.42
_DANISH, _PAIRED = ("da",), 8
_READ_BACK = 0.12
"""So much surer is what the other party says again as a whole."""
_PART_OF_CORRECTED = 0.7
"""What was taken back is told by the reading of which all is the card."""
_LED_INTO = re.compile(r"[£$€] ?$|(?<![A-Za-z])[A-Za-z]{2}[0-9]{2}[ -]?(?:[A-Za-z0-9]{4}[ -]?){0,7}$")
"""The sign of a currency, or the beginning of an account."""
_LED_REACH = 40
_DATES = re.compile(r"[0-9]{1,2}([ ./-])[0-9]{1,2}\1(?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}([ ./-])[0-9]{1,2}\2[0-9]{1,2}")
_HETU = re.compile("[0-9]{6}A?[0-9]{3}[0-9A-Z]")
_HETU_WITH_CENTURY = re.compile("([0-9]{4})(19|20)([0-9]{5}[0-9A-Z])")
_YEARS = re.compile(r"(?:19[0-9]{2}|20[0-3][0-9])(?:[ ,–-]{1,3}(?:19[0-9]{2}|20[0-3][0-9]))+")
_MONEY, _AHEAD = re.compile("[€$£%]"), 32
_ZERO_IN_FRONT = re.compile(
    r"[ ,]{1,2}(?:\w+[ ,]{1,2}){0,3}?(?:oh|zero|nought|0|null|zéro|nul|noll|nolla) "
    r"(?:in front|before (?:it|that)|at the (?:front|start|beginning)|davor"
    r"|vorneweg|vorweg|vorne|devant|au début|foran|framför|i början)",
    re.IGNORECASE,
)
"""As in "… sorry with an oh in front"."""
_START = attrgetter("start")
_HOUSE = re.compile(r"[1-9][0-9]{0,2}[, ]{1,2}[0-9]{4,5} [^\W\d_]")


class Spelled(NamedTuple):
    """What a finding says once it is written: digits, and the parts that said them."""

    digits: str
    parts: tuple[Part, ...]


def heard(kind: str, parts: Sequence[Part], text: str, confidence: float, why: str, written: str) -> Finding:
    spans = spans_of(parts, text)
    return Finding(
        start=spans[0][0],
        end=spans[-1][1],
        type=kind,
        confidence=round(max(0.0, min(confidence, _MOST)), 2),
        why=why,
        parts=spans if len(spans) > 1 else (),
        written=Personal(written),
    )


def spans_of(parts: Sequence[Part], text: str) -> tuple[tuple[int, int], ...]:
    """What is only parted by spaces and the like is one."""
    spans: list[tuple[int, int]] = []
    for each in sorted(parts, key=_START):
        if spans and not text[spans[-1][1] : each.start].strip(" ,.-") and "\n" not in text[spans[-1][1] : each.start]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], each.end))
        else:
            spans.append((each.start, each.end))
    return tuple(spans)


def with_echoes(finding: Finding, chain: Chain) -> Finding:
    """An echo says a piece of the value again, so it is a part of it."""
    if not chain.echoes:
        return finding
    echoed = []
    for echo in chain.echoes:
        said = [each for each in chain.stretches if each.end <= echo.start]
        if said and said[-1].start < finding.end and finding.start < said[-1].end:
            echoed.append((echo.start, echo.end))
    if not echoed:
        return finding
    parts = tuple(sorted({*finding.stretches, *echoed}))
    is_all = any(each.digits == chain.digits for each in chain.echoes)
    sure = min(_MOST, round(finding.confidence + _READ_BACK, 2)) if is_all else finding.confidence
    return replace(finding, end=max(finding.end, parts[-1][1]), parts=parts, confidence=sure)


def spelled(reading: Sequence[Part]) -> Spelled:
    return Spelled("".join([part.readings[0] for part in reading]), tuple(reading))


def numbers(floor: Floor, chain: Chain, asked: Asked, ring: Ringing) -> list[Finding]:
    """The surest of each kind, over what the chain may say; else the telephone numbers that stand in it one behind another."""
    best: dict[str, Finding] = {}
    if len(chain.digits) <= _TOO_FEW and not asked.is_for(Kind.DATE_OF_BIRTH):
        return []
    is_account = asked.is_for(Kind.BANK_ACCOUNT) or asked.is_for(Kind.IBAN)
    is_day, may_be_card = False, asked.is_for(Kind.PAYMENT_CARD) and len(chain.digits) >= _LEAST_CARD
    for place, reading in enumerate(chain.said()):
        is_day = is_day or (place == 0 and chain.has_words and not asked.is_for(Kind.PHONE) and birth(reading) is not None)
        for found in _judged(floor.text, chain, spelled(reading), asked, ring):
            if found.type == Kind.PHONE and is_day:
                continue
            if found.type == Kind.PAYMENT_CARD and place and not may_be_card and (Kind.PHONE in best or is_account):
                continue
            sure = round(found.confidence - 0.01 * min(place, 5), 2)
            if found.type not in best or best[found.type].confidence < sure:
                best[found.type] = replace(found, confidence=sure) if place else found
        wanted = [each for each in best.values() if each.type == Kind.PAYMENT_CARD] if may_be_card else best.values()
        if any(found.confidence >= _SURE for found in wanted):
            break
    is_open = not may_be_card and not any(found.confidence >= _SURE for found in best.values())
    is_twice = Kind.PHONE in best and len(chain.digits) >= 2 * len(_written(best[Kind.PHONE]))
    if len(chain.digits) > _LONGEST_NATIONAL and (is_open or is_twice):
        several = list(_one_by_one(floor.text, chain, asked, ring))
        if several and (is_open or len({_written(each) for each in several}) == 1):
            return several
    return list(best.values())


def _written(finding: Finding) -> str:
    return finding.written.reveal("compare numbers") if finding.written is not None else ""


def _one_by_one(text: str, chain: Chain, asked: Asked, ring: Ringing) -> Iterator[Finding]:
    """Telephone numbers, and a day of birth before the first."""
    if asked.meanings and asked.is_binding and asked.meanings.isdisjoint((Kind.PHONE, Kind.DATE_OF_BIRTH)):
        return
    pieces = parted(text, chain, asked, ring)
    why = f"a number that is in use, said beside another{how(chain)}{asked.in_words()}"
    for piece in pieces:
        yield heard(Kind.PHONE, piece, text, 0.8 if asked.is_for(Kind.PHONE) else 0.5, why, _digits(piece))
    before = [part for part in next(chain.said()) if pieces and part.end <= pieces[0][0].start]
    if asked.is_for(Kind.DATE_OF_BIRTH) and before and (day := birth(before)):
        yield heard(Kind.DATE_OF_BIRTH, before, text, 0.94, f"a date{how(chain)}{asked.in_words()}", day)


def _digits(said: Sequence[Part]) -> str:
    return "".join(part.readings[0] for part in said)


def _judged(text: str, chain: Chain, said: Spelled, asked: Asked, ring: Ringing) -> Iterator[Finding]:
    size = len(said.digits)
    is_abroad = _is_signed(text, chain) or _is_dialled(said.digits)
    if size >= _LEAST_CARD and not (is_abroad and not asked.is_for(Kind.PAYMENT_CARD)):
        yield from _cards(text, chain, said, asked)
    for kind in NUMBERED.get(size, ()):
        if _is_asked_or_plain(kind, size, chain, asked) and _is_at_home(kind, chain, asked):
            yield from _national(text, chain, said, kind, asked)
    if asked.is_for(Kind.FI_HETU) and (found := hetu(text, said.digits, said.parts, asked)) is not None:
        yield found
    if _LEAST_PHONE <= size <= _MOST_PHONE:
        yield from _phone(text, chain, said, asked, ring)
    is_asked = asked.is_for(Kind.DATE_OF_BIRTH) and (asked.is_binding or ring.is_answer) and not has_unit(text, chain)
    if is_asked and (day := birth(said.parts)):
        yield heard(Kind.DATE_OF_BIRTH, said.parts, text, 0.94, f"a date{how(chain)}{asked.in_words()}", day)


def _is_asked_or_plain(kind: Kind, size: int, chain: Chain, asked: Asked) -> bool:
    """A Swedish number with its century has a day and a check: whoever says one in Swedish says nothing else."""
    is_whole = kind == Kind.SE_PERSONNUMMER and size == _WITH_CENTURY and chain.has_words and chain.languages[:1] == ("sv",)
    return asked.is_for(kind) or kind in BY_ITSELF or (is_whole and not asked.is_against)


def _is_at_home(kind: Kind, chain: Chain, asked: Asked) -> bool:
    """Neighbours' numbers have the same form and some the same name: whoever says his in words says it in his own language, or in
    English, unless a name for it was said that no other has."""
    if not chain.has_words or "en" in chain.languages or _LANGUAGE_OF[kind] in chain.languages:
        return True
    return asked.is_for(kind) and not asked.is_for_several(_ALIKE)


def how(chain: Chain) -> str:
    """In what way it was said."""
    turns = len({each.line.number for each in chain.stretches})
    way = ", said in words" if chain.has_words else ""
    return f"{way}, over {turns} turns" if turns > 1 else way


def _cards(text: str, chain: Chain, said: Spelled, asked: Asked) -> Iterator[Finding]:
    """Any stretch of whole parts that passes; else all of it, where a card's number was asked for."""
    place = 0
    while place < len(said.parts):
        found = _card_from(said.parts, place)
        if found is None:
            place += 1
            continue
        last, digits = found
        parts = said.parts[place:last]
        why = f"{len(digits)} digits{how(chain)}, passes Luhn, issuer range of {cards.issuer_of(digits)}"
        sure = _weighed(0.8, asked, Kind.PAYMENT_CARD) - (_FALL if _is_by_chance(digits, asked) else 0)
        if chain.corrected and len(parts) < len(said.parts):
            sure = min(sure, _PART_OF_CORRECTED)
        yield heard(Kind.PAYMENT_CARD, parts, text, sure, why + asked.in_words(), digits)
        place = last
    is_asked = asked.is_for(Kind.PAYMENT_CARD) and cards.issuer_of(said.digits) is not None
    if is_asked and not cards.passes_luhn(said.digits):
        why = f"{len(said.digits)} digits{how(chain)}, a card's range and length, though the check fails{asked.in_words()}"
        yield heard(Kind.PAYMENT_CARD, said.parts, text, 0.5, why, said.digits)


def _is_by_chance(digits: str, asked: Asked) -> bool:
    """No card has had thirteen digits for long: they pass the check within a longer number that was asked for."""
    is_for_else = asked.is_binding and bool(asked.meanings) and not asked.is_for(Kind.PAYMENT_CARD)
    return len(digits) == _LEAST_CARD and is_for_else


def _card_from(parts: Sequence[Part], first: int) -> tuple[int, str] | None:
    digits = ""
    ends: dict[int, int] = {}
    for place in range(first, len(parts)):
        digits += parts[place].readings[0]
        if digits and digits[0] not in cards.FIRST_DIGITS:
            return None
        ends[len(digits)] = place + 1
        if len(digits) > max(_CARD_LENGTHS):
            break
    for size in _CARD_LENGTHS:
        one = digits[:size]
        if size in ends and len(set(one)) > 1 and cards.issuer_of(one) is not None and cards.passes_luhn(one):
            return ends[size], one
    return None


def _weighed(base: float, asked: Asked, kind: Kind) -> float:
    if asked.is_for(kind):
        return base + 0.19
    if asked.is_against and asked.is_binding:
        return base - 0.42
    return base - 0.1 if asked.where is Where.OWN and asked.meanings else base


def _national(text: str, chain: Chain, said: Spelled, kind: Kind, asked: Asked) -> Iterator[Finding]:
    is_named = asked.is_for(kind) or kind not in BY_ITSELF
    lead = f"{_word(kind)} " if is_named else "order " if asked.is_against else ""
    page = Page(lead + said.digits)
    for judge in national.SHAPES[str(len(said.digits))]:
        found = judge(page, len(lead), len(page.text))
        if found is not None and found.type == kind:
            why = found.why.partition(";")[0] + how(chain) + asked.in_words()
            yield heard(kind, said.parts, text, found.confidence, why, said.digits)


def hetu(text: str, said: str, parts: Sequence[Part], asked: Asked) -> Finding | None:
    """A Finnish one, whose mark of the century is hardly ever said: that of the last century goes before that of this one."""
    with_century = _HETU_WITH_CENTURY.fullmatch(said)
    if with_century is not None:
        said = with_century[1] + with_century[3]
    elif _HETU.fullmatch(said) is None:
        return None
    for mark in "-A" if with_century is None else "-" if with_century[2] == "19" else "A":
        written = f"{said[:6]}{mark}{said[-4:]}"
        if (found := national.fi_hetu(Page(written), 0, len(written))) is not None:
            why = found.why.partition(";")[0] + ", said in words" + asked.in_words()
            return heard(Kind.FI_HETU, parts, text, found.confidence + 0.1, why, written)
    return None


@cache
def _word(kind: Kind) -> str:
    """A word for it, as it is written before a number."""
    return min(words_of(kind), key=lambda word: (len(word) < 3, len(word), word))


def _phone(text: str, chain: Chain, said: Spelled, asked: Asked, ring: Ringing) -> Iterator[Finding]:
    is_signed = _is_signed(text, chain)
    if said.digits.startswith(_COUNTED) or (ring.is_labelled and not is_signed):
        return
    is_asked = asked.is_for(Kind.PHONE)
    if said.digits[0] != "0" and _ZERO_IN_FRONT.match(text, chain.end):
        said, is_asked = Spelled(f"0{said.digits}", said.parts), True
    is_trunked = said.digits[0] == "0" and len(said.digits) in _TRUNKED
    is_extended = is_trunked and _is_extended(text, chain.end)
    is_next = (asked.is_binding or is_trunked or ring.is_answer) and not asked.ends_against
    is_spoken_of = asked.is_against and not asked.is_for_a_number() and ring.is_led and not ring.is_named_else(asked)
    is_plainly = is_spoken_of and is_in_use(said.digits, ring, is_asked=False)
    is_named_else = (
        asked.is_binding and asked.meanings - _OTHER_ANSWERS and not (is_asked or is_signed or is_plainly or is_extended)
    )
    is_plain = not chain.has_words and len(chain.stretches) == 1
    if is_named_else or _is_other(text, chain, said, is_asked=is_asked) or (is_plain and _is_loose(chain, said, asked, ring)):
        return
    if is_signed and (is_asked or ring.is_answer or numbering.is_in_use_abroad(said.digits)):
        why = f"plus, a country's code, and a number{how(chain)}{asked.in_words()}"
        yield heard(Kind.PHONE, said.parts, text, 0.9, why, f"+{said.digits}")
        return
    if _is_dialled(said.digits) and not is_plain:
        why = f"two zeros, a country's code, and a number{how(chain)}{asked.in_words()}"
        yield heard(Kind.PHONE, said.parts, text, 0.85 if is_asked else 0.7, why, f"+{said.digits[2:]}")
        return
    if ("en" in chain.languages or not _is_loose(chain, said, asked, ring)) and is_in_use(said.digits, ring, is_asked=is_asked):
        base = 0.85 if is_asked else 0.7 if (ring.is_led or is_extended) and is_trunked else 0.5
        why = f"a number in national form that is in use{how(chain)}{asked.in_words()}"
    elif is_asked and is_next and len(set(said.digits)) > 2 and not luhn_card(said.digits):
        base, why = 0.6, f"as many digits as telephone numbers have{how(chain)}{asked.in_words()}"
    elif ring.is_answer and is_trunked:
        base, named = 0.45, "an answer that is named as nothing else"
        why = f"as many digits as telephone numbers have, the first a 0{how(chain)}; {named}"
    else:
        return
    yield heard(Kind.PHONE, said.parts, text, base, why, said.digits)


def _is_extended(text: str, end: int) -> bool:
    """Whether an extension stands right behind it."""
    words = re.findall(r"[^\W_]+", text[end : end + _AHEAD].lower())[:2]
    is_one = not anyones("extensions").isdisjoint(words[:1])
    return is_one and len(words) > 1 and (words[1][0].isdigit() or words[1] in vocabulary())


def _is_loose(chain: Chain, said: Spelled, asked: Asked, ring: Ringing) -> bool:
    """Nothing but its digits tells of it. Eight that are said in Danish, and called nothing, are few other things."""
    is_danish = chain.has_words and chain.languages == _DANISH and len(chain.digits) == _PAIRED and asked.where is Where.NOWHERE
    return not is_danish and not (asked.is_for(Kind.PHONE) or said.digits[0] == "0" or ring.is_led or ring.is_answer)


def _is_signed(text: str, chain: Chain) -> bool:
    return is_behind_a_sign(text, chain.start)


def _is_dialled(digits: str) -> bool:
    """Two zeros, a country's code and a number that is in use there, as long as most are."""
    return digits.startswith("00") and len(digits) >= _LEAST_DIALLED and numbering.is_in_use_abroad(digits[2:])


def _is_other(text: str, chain: Chain, said: Spelled, *, is_asked: bool) -> bool:
    """A price, a date, years, a house and its post code, the rest of an account in small letters."""
    if (has_unit(text, chain, is_long=True) and not is_asked) or _LED_INTO.search(
        text, max(0, chain.start - _LED_REACH), chain.start
    ):
        return True
    written = text[chain.start : chain.end]
    if _MONEY.search(written) is not None:
        return True
    if chain.has_words:
        return not is_asked and birth(said.parts) is not None
    if not is_asked and _YEARS.fullmatch(written) is not None:
        return True
    return _DATES.fullmatch(written) is not None or _HOUSE.match(text, chain.start, chain.end + 3) is not None


def luhn_card(digits: str) -> bool:
    return cards.issuer_of(digits) is not None and cards.passes_luhn(digits)
