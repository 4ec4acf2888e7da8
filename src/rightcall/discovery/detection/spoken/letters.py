"""Letters and digits spelled in speech: an IBAN ("d e eight nine …", "delta echo"), a national number with letters, a customer's
number of a given pattern."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations, islice

from rightcall.discovery.detection import cards, national
from rightcall.discovery.detection.context import known_words
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Page
from rightcall.discovery.detection.patterns import Pattern
from rightcall.discovery.detection.spoken.asked import Asked
from rightcall.discovery.detection.spoken.chains import Chain, asks_else
from rightcall.discovery.detection.spoken.floor import Floor
from rightcall.discovery.detection.spoken.gaps import neutral, thought_aloud
from rightcall.discovery.detection.spoken.judging import heard, hetu
from rightcall.discovery.detection.spoken.numerals import Sort, alphabet, anyones, runs, vocabulary
from rightcall.discovery.detection.spoken.own import own_number
from rightcall.discovery.detection.spoken.reading import Part, parts, stretches, tokens
from rightcall.discovery.detection.spoken.small_words import beside_letters, fillers
from rightcall.discovery.detection.spoken.stretches import without_a_moment

_WORD = re.compile(r"[^\W\d_]+|\d+")
_RAY = ("x", "ray")
"""The one letter of an alphabet that is often heard as two words."""
_AS_IN = 3
"""Words of "c for charlie"."""
_BACK, _LONGEST, _MOST_TURNS, _MOST_PROMPT, _MOST_HEARD = 60, 40, 30, 3, 6
_COUNTRY = re.compile(r"(?<![^\W_])([A-Za-z]{2})[ ,]{1,2}$")
_MOST_READINGS = 64
_MOST_LED = 8
"""Letters and digits that may lead into an account: those of its name, and some of a sentence's."""
_BANK = 4
"""Letters of a bank behind the two check digits, as one word."""
_MOST_CORRECTED, _MOST_TAKEN_BACK = 2, 8
_O_BESIDE = 3
"""So near to a number the letter o may be a zero of it."""
_LONGEST_NATIONAL, _NATIONAL, _MOST_AHEAD = 14, 9, 5
"""Of the letters before it some may be its name: "n i e x five …"."""
_NAME_OF_DNI = "DNI"
_SURE = 0.99
"""So that what passes as a card within an account is not taken for one."""
_OF_HETU = range(4, 12)
"""Parts that say a Finnish number: from four compounds to each letter and digit by itself."""
_LETTERED = (
    (Kind.UK_NINO, re.compile(r"[A-Z]{2}[0-9]{6}[A-D]"), 2, national.uk_nino),
    (Kind.ES_DNI, re.compile(r"[0-9]{8}[A-Z]"), 0, national.es_dni),
    (Kind.ES_NIE, re.compile(r"[XYZ][0-9]{7}[A-Z]"), 1, national.es_nie),
)


def spelled(floor: Floor, chain: Chain, lead: Sequence[Part], asked: Asked, patterns: Sequence[Pattern]) -> Iterator[Finding]:
    """What begins with the letters before a number (`lead`), or at the number itself."""
    country = [] if lead else country_before(floor.text, chain)
    if not lead and not country and not patterns and not _has_letter_behind(floor.text, chain):
        return
    heard_all = stream(floor, chain)
    said = [*lead, *(part for part in heard_all if part.readings[0])]
    if not country and not patterns and not any(part.readings[0].isalpha() for part in said):
        return
    for whole in put_right([*(lead or country), *heard_all]):
        if found := _iban(floor.text, whole, asked):
            yield found
            return
    if not patterns and not _may_be_national(said, is_corrected=bool(chain.corrected)):
        return
    for whole in put_right([*lead, *heard_all]):
        for reading in readings(whole[:24]):
            if found := _national(floor.text, reading, asked) or own_number(floor.text, reading, patterns):
                yield found
                return


def _may_be_national(said: Sequence[Part], *, is_corrected: bool) -> bool:
    """All have a letter, and none is long, less what is taken back."""
    size = sum(len(part.readings[0]) for part in said)
    return size <= _LONGEST_NATIONAL * (1 + is_corrected) and any(reading.isalpha() for part in said for reading in part.readings)


def put_right(said: Sequence[Part]) -> Iterator[list[Part]]:
    """All of it; then without the last few parts before each place where something was taken back."""
    yield [part for part in said if part.readings[0]]
    places = [place for place, part in enumerate(said) if not part.readings[0]]
    for place in places[:_MOST_CORRECTED]:
        for many in range(1, min(place, _MOST_TAKEN_BACK) + 1):
            yield [part for part in (*said[: place - many], *said[place:]) if part.readings[0]]


def letters_before(floor: Floor, chain: Chain) -> list[Part]:
    """Letters that lead straight to the number, in its turn or in one of the same speaker shortly before."""
    high = _before_thoughts(floor.text, chain.line.start, chain.start)
    found, is_all = _letters_ending(floor.text, max(chain.line.start, high - _BACK), high)
    if is_all and chain.start - chain.line.start < _BACK and floor.is_talk(chain.line):
        return [*_letters_of_a_turn(floor, chain), *found]
    return found


def _before_thoughts(text: str, low: int, high: int) -> int:
    """Where what is said to oneself begins, as in "s e what is it six eight"."""
    low = max(low, high - _BACK)
    before = text[low:high].rstrip(" ,").lower()
    phrases = _thoughts_by_their_ends().get(before.rpartition(" ")[2], ())
    longest = max((len(phrase) for phrase in phrases if before.endswith(f" {phrase}")), default=0)
    return low + len(before) - longest if longest else high


@cache
def _thoughts_by_their_ends() -> Mapping[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    for phrase in anyones("aloud"):
        last = phrase.rpartition(" ")[2]
        known[last] = (*known.get(last, ()), phrase)
    return known


def _letters_of_a_turn(floor: Floor, chain: Chain) -> list[Part]:
    """Of the last turn of the same speaker, if it is all letters and few words of the other party stand between."""
    for number in range(chain.line.number - 1, max(-1, chain.line.number - 1 - _MOST_PROMPT), -1):
        earlier = floor.line(number)
        if earlier.speaker == chain.line.speaker:
            found, is_all = _letters_ending(floor.text, earlier.start, earlier.end)
            return found if is_all else []
        if _is_more_than_a_prompt(floor.text[earlier.start : earlier.end]):
            return []
    return []


def _letters_ending(text: str, low: int, high: int) -> tuple[list[Part], bool]:
    """Those right before a place, and whether nothing but small words stands beside them."""
    back = _words_back(text, low, high)
    ahead = list(islice(back, _AS_IN))
    found: list[Part] = []
    while ahead:
        (start, end, word), *others = ahead
        if len(others) > 1 and f"{others[1][2]} {others[0][2]}".lower() in anyones("as_in"):
            others = [*others[1:], *islice(back, 1)]
        taken, as_in = 1, others[0][2].lower() if others else ""
        if as_in in _as_in() and len(others) > 1 and len(others[1][2]) == 1 and others[1][2].lower() == word[0].lower():
            taken, (start, _, named) = _AS_IN, others[1]
            found.insert(0, Part(start, end, (named.upper(),)))
        elif word.lower() == _RAY[1] and as_in == _RAY[0]:
            taken = len(_RAY)
            found.insert(0, Part(others[0][0], end, (_RAY[0].upper(),)))
        elif (letter := letter_of(word)) is not None and not is_cut_off(text, start, end):
            is_zero = letter == "O" and not found and end > high - _O_BESIDE
            found.insert(0, Part(start, end, (letter, "0") if is_zero else (letter,)))
        elif word.lower() not in beside_letters():
            return found, False
        ahead = [*others[taken - 1 :], *islice(back, taken)]
    return found, True


def is_cut_off(text: str, start: int, end: int) -> bool:
    """As the letters of "it's" and "c'est"."""
    return text[start - 1 : start] in ("'", "’") or text[end : end + 1] in ("'", "’")


def _words_back(text: str, low: int, high: int) -> Iterator[tuple[int, int, str]]:
    """The words between two places, the last first."""
    for match in _WORD.finditer(text[low:high][::-1]):
        yield high - match.end(), high - match.start(), match[0][::-1]


def country_before(text: str, chain: Chain) -> list[Part]:
    """As one word, “gb twenty nine”."""
    if text[chain.start - 1 : chain.start] not in (" ", ","):
        return []
    match = _COUNTRY.search(text, max(chain.line.start, chain.start - _BACK), chain.start)
    if match is None or cards.iban_length(match[1].upper()) is None:
        return []
    return [Part(*match.span(1), (match[1].upper(),))]


def _has_letter_behind(text: str, chain: Chain) -> bool:
    word = _WORD.search(text, chain.stretches[-1].end)
    return word is not None and word.start() - chain.end < 4 and letter_of(word[0]) is not None


def letter_of(word: str) -> str | None:
    if len(word) == 1 and word.isalpha():
        return word.upper()
    if len(word) in (2, 4) and word.isupper():
        return word
    return alphabet().get(word.lower())


def stream(floor: Floor, chain: Chain) -> list[Part]:
    """From a number on: digits and letters of one speaker, over the other party's few words, until another word comes."""
    if chain.spelled is None:
        chain.spelled = _stream(floor, chain)
    return chain.spelled


def _stream(floor: Floor, chain: Chain) -> list[Part]:
    found: list[Part] = []
    start, line = chain.start, floor.line_at(chain.start)
    for number in range(line.number, line.number + _MOST_TURNS):
        try:
            each = floor.line(number)
        except IndexError:
            break
        if each.speaker != line.speaker:
            if _is_more_than_a_prompt(floor.text[each.start : each.end]):
                break
            continue
        more, is_over = units(floor.text, max(each.start, start), each.end, chain.languages)
        found.extend(more)
        if is_over or len(found) > _LONGEST or not floor.is_talk(line):
            break
    return found


def _is_more_than_a_prompt(said: str) -> bool:
    """A question, or many words of the other party; a few if one of them may ask for another thing."""
    numbers = vocabulary()
    words = [word for word in _WORD.findall(said.lower()) if len(word) > 1 and word not in numbers and not word.isdigit()]
    if len(words) <= _MOST_PROMPT:
        return asks_else(said)
    own = [word for word in words if word not in neutral() and word not in alphabet()]
    return len(own) > _MOST_HEARD or asks_else(said) or any(word in known_words() or word in anyones("things") for word in own)


def units(text: str, low: int, high: int, languages: Sequence[str]) -> tuple[list[Part], bool]:
    """Of one turn, and whether another word ends it."""
    found: list[Part] = []
    numbers = numbers_in(text, low, high, languages)
    place = low
    while place < high:
        match = _WORD.search(text, place, high)
        if match is None:
            break
        place = match.end()
        if said := numbers.get(match.start()):
            found.extend(said)
            place = max(place, said[-1].end)
        elif (letter := _one_letter(text, match, high, found) or _repeated(text, match, high)) is not None:
            found.append(letter)
            place = letter.end
        elif match[0].lower() in _as_in() and found and (named := as_in_name(text, match)) and _same(found[-1], named[0]):
            found[-1] = Part(found[-1].start, named.end(), found[-1].readings)
            place = named.end()
        elif match[0].lower() == _RAY[1] and found and found[-1].readings[0].lower() == _RAY[0]:
            found[-1] = Part(found[-1].start, match.end(), found[-1].readings)
        elif len(found) == 1 and len(match[0]) == len(found[0].readings[0]) + 2 == _BANK and match[0].isalpha():
            found.append(Part(match.start(), match.end(), (match[0].upper(),)))
        elif match[0].lower() in corrections():
            found.append(Part(match.start(), match.end(), ("",)))
        else:
            place = _passed_over(text, match, high)
            if place == 0:
                return found, True
    return found, False


def as_in_name(text: str, match: re.Match[str]) -> re.Match[str] | None:
    """The name in "c for charlie", "d som i dorte"."""
    named = _WORD.match(text, match.end() + 1)
    is_longer = named is not None and f"{match[0]} {named[0]}".lower() in anyones("as_in")
    return _WORD.match(text, named.end() + 1) if named is not None and is_longer else named


def _passed_over(text: str, match: re.Match[str], high: int) -> int:
    """Where a small word ends, or a phrase that is said to oneself, as in "what is it"; 0 where it is another word."""
    for phrase in thought_aloud().get(match[0].lower(), ()):
        words = list(islice(_WORD.finditer(text, match.start(), high), len(phrase)))
        if tuple(word[0].lower() for word in words) == phrase:
            return words[-1].end()
    return match.end() if match[0].lower() in fillers() or times_said(match[0]) else 0


def _one_letter(text: str, match: re.Match[str], high: int, found: Sequence[Part]) -> Part | None:
    """Not that of "it's"; the letter o among digits may be a zero."""
    letter = letter_of(match[0])
    if letter is None or text[match.start() - 1 : match.start()] in ("'", "’"):
        return None
    is_zero = letter == "O" and _is_among_digits(text, match.end(), high, found)
    return Part(match.start(), match.end(), ("0", letter) if is_zero else (letter,))


def _repeated(text: str, match: re.Match[str], high: int) -> Part | None:
    """As in "double n"."""
    times = times_said(match[0])
    named = _WORD.match(text, match.end() + 1, high) if times else None
    letter = letter_of(named[0]) if named is not None else None
    return Part(match.start(), named.end(), (letter * times,)) if named is not None and letter is not None else None


def times_said(word: str) -> int:
    """2 of "double", 0 of what is no such word."""
    return next((each.value for each in vocabulary().get(word.lower(), {}).values() if each.sort is Sort.REPEAT), 0)


def _is_among_digits(text: str, end: int, high: int, found: Sequence[Part]) -> bool:
    after = _WORD.search(text, end, high)
    is_behind_one = bool(found) and found[-1].readings[0].isdigit()
    if after is not None and after[0].lower() in _as_in():
        named = _WORD.search(text, after.end(), high)
        if named is not None and alphabet().get(named[0].lower()) == "O":
            return False
    return is_behind_one or (after is not None and (after[0].lower() in vocabulary() or after[0].isdigit()))


def _same(letter: Part, word: str) -> bool:
    return len(letter.readings[0]) == 1 and word[0].upper() == letter.readings[0]


def numbers_in(
    text: str, low: int, high: int, languages: Sequence[str], *, others: bool = True
) -> Mapping[int, tuple[Part, ...]]:
    """By where they begin. `others`: also those that are numbers in another language alone."""
    found: dict[int, tuple[Part, ...]] = {}
    for first, last in runs(text, low, high):
        last = without_a_moment(text, first, last)
        for words, known in stretches(tokens(text, first, last)) if last > first else ():
            spoken = next((each for each in languages if each in known), known[0] if known and others else None)
            if spoken and (said := parts(words, spoken)):
                found[said[0].start] = said
    return found


def readings(said: Sequence[Part]) -> Iterator[tuple[Part, ...]]:
    """Each part in one of its two likeliest readings: all the likeliest first, then those in which one differs, then two …"""
    yield from islice(_readings(said), _MOST_READINGS)


def _readings(said: Sequence[Part]) -> Iterator[tuple[Part, ...]]:
    first = tuple(Part(part.start, part.end, part.readings[:1]) for part in said)
    yield first
    others = [place for place, part in enumerate(said) if len(part.readings) > 1]
    for many in range(1, len(others) + 1):
        for places in combinations(others, many):
            reading = list(first)
            for place in places:
                reading[place] = Part(said[place].start, said[place].end, said[place].readings[1:2])
            yield tuple(reading)


def _iban(text: str, said: Sequence[Part], asked: Asked) -> Finding | None:
    for first in range(min(len(said), _MOST_LED)):
        if said[first].readings[0][:1].isalpha():
            begin = "".join([part.readings[0] for part in said[first : first + 2]])[:2]
            if begin.isalpha() and len(begin) == 2 and (found := iban_of(text, said[first:], begin, asked)):
                return found
    return None


def iban_of(text: str, said: Sequence[Part], country: str, asked: Asked, *, is_said: bool = True) -> Finding | None:
    """The one that this begins with. `is_said`: the letters of the country are in it."""
    length = cards.iban_length(country)
    without = "" if is_said else country
    size = (length or 0) - len(without)
    if length is None or _most(said[:size]) < size:
        return None
    for reading in readings(said[:size]):
        if (parts_said := _so_many(reading, size)) and cards.is_iban(without + _text(parts_said)):
            why = f"{length} letters and digits, said in words, the length of its country, passes mod 97{asked.in_words()}"
            return heard(Kind.IBAN, parts_said, text, _SURE, why, without + _text(parts_said))
    return None


def _most(said: Sequence[Part]) -> int:
    """So many letters and digits at most."""
    return sum(max(map(len, part.readings)) for part in said)


def _so_many(reading: Sequence[Part], length: int) -> list[Part] | None:
    size, found = 0, []
    for part in reading:
        size += len(part.readings[0])
        found.append(part)
        if size >= length:
            return found if size == length else None
    return None


def _text(said: Sequence[Part]) -> str:
    return "".join([part.readings[0] for part in said])


def _national(text: str, reading: Sequence[Part], asked: Asked) -> Finding | None:
    if asked.is_for(Kind.FI_HETU):
        return next((found for size in _OF_HETU if (found := hetu(text, _text(reading[:size]), reading[:size], asked))), None)
    ahead = next((place for place, part in enumerate(reading) if not part.readings[0].isalpha()), 0)
    firsts = range(max(2, min(ahead, _MOST_AHEAD) + 1))
    pieces = [(first, *piece) for first in firsts if (piece := _of_nine(reading, first)) is not None]
    for kind, form, digits_at, judge in _LETTERED if pieces else ():
        for first, written, parts_said in pieces:
            if first > 1 and not digits_at and not (asked.is_for(kind) or _text(reading[:first]) == _NAME_OF_DNI):
                continue
            if form.fullmatch(written) and (found := judge(Page(written), digits_at, len(written) - 1)):
                sure = found.confidence + (0.2 if asked.is_for(kind) else 0)
                why = found.why.partition(";")[0] + ", said in words" + asked.in_words()
                return heard(kind, parts_said, text, sure, why, written)
    return None


def _of_nine(reading: Sequence[Part], first: int) -> tuple[str, Sequence[Part]] | None:
    """All these numbers have nine letters and digits."""
    written = ""
    for place in range(first, len(reading)):
        written += reading[place].readings[0]
        if len(written) >= _NATIONAL:
            return (written, reading[first : place + 1]) if len(written) == _NATIONAL else None
    return None


def is_as_in(word: str) -> bool:
    return word in _as_in()


@cache
def _as_in() -> frozenset[str]:
    return frozenset(word.split()[0] for word in anyones("as_in"))


@cache
def corrections() -> frozenset[str]:
    """Where something is taken back, a part stands that says nothing."""
    held = frozenset(("wait", "vent", "vänta", "moment", "attendez"))
    return frozenset(word for phrase in anyones("corrections") for word in phrase.split()) - fillers() | held
