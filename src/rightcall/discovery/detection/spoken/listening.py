"""All that is said in words in a text, or over the turns of a conversation."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest

import re2

from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.patterns import Pattern
from rightcall.discovery.detection.spoken.asked import Asked, Where, asked
from rightcall.discovery.detection.spoken.asking import Cues, numbered
from rightcall.discovery.detection.spoken.british import code_before
from rightcall.discovery.detection.spoken.chains import Chain, chains
from rightcall.discovery.detection.spoken.codes import codes, misheard
from rightcall.discovery.detection.spoken.dates import months_named, named, two_ordinals
from rightcall.discovery.detection.spoken.floor import Floor
from rightcall.discovery.detection.spoken.hosts import dot, hosts
from rightcall.discovery.detection.spoken.ibans import among_words, spoken_of
from rightcall.discovery.detection.spoken.judging import heard, numbers, with_echoes
from rightcall.discovery.detection.spoken.letters import country_before, letters_before, spelled
from rightcall.discovery.detection.spoken.mails import ending, mails
from rightcall.discovery.detection.spoken.numerals import anyones
from rightcall.discovery.detection.spoken.own import typed
from rightcall.discovery.detection.spoken.phones import Ringing
from rightcall.discovery.detection.spoken.reading import Part
from rightcall.discovery.detection.spoken.rejoined import MOST, WIDEST, may_go_on, needs_more, rejoined
from rightcall.discovery.detection.spoken.told import again, asked_for, plates

_FEWEST, _FEWEST_LETTERED = 3, 2
_LATEST, _NEAR, _LETTERED = 12, 4000, 2
_NEAR_BIRTH, _SOON = 300, 3
_MOST_OR = 6
_ALSO_WORDS = frozenset(("a", "i", "y", "à", "å"))
"""Letters that are words too: "y a le zéro six …"."""
_ENOUGH, _ENOUGH_OF_A_CODE = 8, 4
"""So many digits may make a number whose pieces stand apart."""
_O_BESIDE = re2.compile(rb"[0-9][oO][0-9oO]|[0-9oO][oO][0-9]|[^0-9A-Za-z][oO][1-9][0-9]{2}")
_WITH_O = re.compile(r"(?<![\w.@-])(?=[0-9oO]*[0-9][oO]*[0-9])[0-9oO]{4,}(?![\w@-])")


def listen(
    text: str,
    there: frozenset[object],
    *,
    patterns: Sequence[Pattern] = (),
    regions: tuple[str, ...] = (),
    speakers: tuple[int, ...] | None = None,
    is_table: bool = False,
) -> list[Finding]:
    """`there`: of which signs something stands in the text. `speakers`: who says each line, where that is known. `is_table`:
    lines are rows, each by itself."""
    floor = Floor(text, speakers, is_table=is_table)
    cues = Cues(text, has_numbered=Cues.around in there)
    found = _Listening(floor, cues, there, patterns, regions).through()
    if Kind.VEHICLE_PLATE in there:
        found.extend(plates(floor, cues))
    found.extend(typed(floor, patterns))
    return [*found, *(each for detector in _WITH_A_SIGN if detector in there for each in detector(floor, cues))]


class _Listening:
    """To the numbers of one text, one chain after the other. `behind`: where the last one ended that is long enough; `until`:
    what was put together of several reaches so far."""

    def __init__(
        self, floor: Floor, cues: Cues, there: frozenset[object], patterns: Sequence[Pattern], regions: tuple[str, ...]
    ) -> None:
        self._floor, self._cues, self._patterns, self._regions = floor, cues, patterns, regions
        self._has_iban, self._has_account = spoken_of in there, Kind.BANK_ACCOUNT in there
        self._said = chains(floor, cues)
        self._found: list[Finding] = []
        self._behind, self._until = 0, 0

    def through(self) -> list[Finding]:
        for place, (chain, after) in enumerate(zip_longest(self._said, self._said[1:])):
            if chain.start >= self._until and (chain.has_words or self._floor.is_talk(chain.line)):
                self._hear(place, chain, after)
            self._behind = chain.end if len(chain.digits) >= _FEWEST else self._behind
        return self._found

    def _hear(self, place: int, chain: Chain, after: Chain | None) -> None:
        size = len(chain.digits)
        lead = letters_before(self._floor, chain) if size >= _FEWEST_LETTERED else []
        if lead and self._has_account:
            lead = _without_a_word(lead, self._cues, chain.start)
        is_long, goes_on = size >= _FEWEST or bool(lead), self._goes_on(place, chain, after)
        if is_long or goes_on or (self._has_iban and size >= _FEWEST_LETTERED):
            self._tell(place, chain, lead, is_long=is_long, goes_on=goes_on)
        if chain.start >= self._until and not is_long and size >= _FEWEST_LETTERED:
            if country_before(self._floor.text, chain):
                what = asked(self._floor, self._cues, chain.start, chain.end, self._behind)
                self._found.extend(spelled(self._floor, chain, lead, what, ()))
            else:
                self._found.extend(misheard(self._floor, self._cues, chain))

    def _goes_on(self, place: int, chain: Chain, after: Chain | None) -> bool:
        if after is None or after.start - chain.end > WIDEST:
            return False
        if self._floor.text[chain.start : chain.end].lower() in anyones("cries"):
            return False
        return may_go_on(self._said, place, _ENOUGH_OF_A_CODE if self._has_account else _ENOUGH)

    def _tell(self, place: int, chain: Chain, lead: list[Part], *, is_long: bool, goes_on: bool) -> None:
        floor, cues = self._floor, self._cues
        near = [each for each in self._found[-_LATEST:] if chain.start - each.end < _NEAR]
        what = _or_another(floor, near, chain.start) or asked(floor, cues, chain.start, chain.end, self._behind)
        told = self._of_one(place, chain, lead, what, near) if is_long else []
        whole = _iban_among_words(floor, chain, lead, what, told, near) if self._has_iban or lead else []
        if not whole and goes_on and needs_more(what, told, chain.languages):
            whole = rejoined(floor, cues, self._said[place : place + MOST], what, self._regions, near)
        self._until = max((each.end for each in whole), default=self._until)
        self._found.extend(with_echoes(each, chain) for each in whole or told)

    def _of_one(self, place: int, chain: Chain, lead: list[Part], what: Asked, near: list[Finding]) -> list[Finding]:
        floor, cues = self._floor, self._cues
        led = what.nearer(chain.line.number - floor.line_at(lead[0].start).number) if lead else what
        told = [*spelled(floor, chain, lead, led, self._patterns), *asked_for(floor, chain, lead, led)]
        told += [*_numbers(floor, cues, chain, lead, what, near, self._regions), *again(floor, chain, lead, near)]
        return told + code_before(floor, self._said[place - 1], chain, told)


def _without_a_word(lead: list[Part], cues: Cues, start: int) -> list[Part]:
    """Letters right before a number, less those of a word for a bank's code, as in "b l z four four"."""
    for cue in cues.within(lead[0].start, start):
        if Kind.BANK_ACCOUNT in cue.meanings:
            lead = [each for each in lead if each.start >= cue.end]
    return lead


def _iban_among_words(
    floor: Floor, chain: Chain, lead: Sequence[Part], what: Asked, told: Sequence[Finding], near: Sequence[Finding]
) -> list[Finding]:
    """Where none was told without other words between."""
    if any(each.type == Kind.IBAN for each in told) or (near and near[-1].type == Kind.IBAN and near[-1].end > chain.start):
        return []
    if not what.is_for(Kind.IBAN) and (what.is_against or not lead):
        return []
    found = among_words(floor, chain, lead, what)
    return [found] if found is not None else []


def _or_another(floor: Floor, near: Sequence[Finding], start: int) -> Asked | None:
    """One more way to ring: a number in the line of another that "or" leads away from, as in "… or after six on …"."""
    if not near or near[-1].type != Kind.PHONE or floor.line_at(near[-1].end).number != floor.line_at(start).number:
        return None
    words = floor.text[near[-1].end : start].lower().replace(",", " ").split()
    if len(words) > _MOST_OR or not words or words[0] not in anyones("alternatives"):
        return None
    return Asked(frozenset((Kind.PHONE,)), words[0], Where.OWN, at=near[-1].end)


def signs() -> Mapping[Callable[..., object], bytes]:
    """What is only done where a text has a sign of it."""
    expressions: Mapping[Callable[..., object], Sequence[re2._Regexp[bytes]]] = {
        with_zeros: (_O_BESIDE,),
        Cues.around: (numbered(),),
        _births: (months_named(), two_ordinals()),
        mails: (ending(),),
        hosts: (dot(),),
        spoken_of: (spoken_of(),),
    }
    return {done: b"|".join(b"(?i:" + each.pattern + b")" for each in signs) for done, signs in expressions.items()}


def with_zeros(text: str) -> str:
    """The letter o within digits is a zero: `51o5`."""
    return _WITH_O.sub(lambda match: match[0].replace("o", "0").replace("O", "0"), text)


def _numbers(
    floor: Floor, cues: Cues, chain: Chain, lead: Sequence[Part], what: Asked, near: Sequence[Finding], regions: tuple[str, ...]
) -> Iterator[Finding]:
    """`lead`: letters right before, which no telephone number has. `near`: what was found shortly before."""
    if len(chain.digits) < _FEWEST:
        return
    told = numbers(floor, chain, what, Ringing(floor, chain, regions, near))
    is_led = len(lead) >= _LETTERED and not what.is_for(Kind.PHONE) and _is_lettered(floor, chain, lead)
    yield from [each for each in told if each.type != Kind.PHONE] if is_led else told
    if not any(each.type == Kind.PAYMENT_CARD for each in told):
        yield from codes(floor, cues, chain, what, near)


def _is_lettered(floor: Floor, chain: Chain, lead: Sequence[Part]) -> bool:
    """Whether letters are spelled before a number, none of which is only a word."""
    words = {floor.text[each.start : each.end].lower() for each in lead}
    return not words <= _ALSO_WORDS and chain.stretches[0].tokens[0].text not in anyones("pronouns")


def _births(floor: Floor, cues: Cues) -> Iterator[Finding]:
    """Dates whose month is named, behind a word for a day of birth or right before it, or that answer for one more person."""
    if floor.is_table or not any(Kind.DATE_OF_BIRTH in cue.meanings for cue in cues.within(0, len(floor.text))):
        return
    behind = 0
    for parts, iso in named(floor, 0, len(floor.text)):
        start, end = parts[0].start, parts[-1].end
        if why := _why_a_birth(floor, cues, start, end, behind):
            behind = end
            yield heard(Kind.DATE_OF_BIRTH, parts, floor.text, 0.94, f"a date, its month by name; {why}", iso)


def _why_a_birth(floor: Floor, cues: Cues, start: int, end: int, behind: int) -> str:
    for cue in reversed(cues.within(start - _NEAR_BIRTH, start)):
        if Kind.DATE_OF_BIRTH in cue.meanings and floor.line_at(start).number - floor.line_at(cue.start).number <= _SOON:
            return f"“{cue.phrase}” was said before it"
    for cue in cues.within(end, end + _SOON):
        if Kind.DATE_OF_BIRTH in cue.meanings:
            return f"“{cue.phrase}” stands behind it"
    question = asked(floor, cues, start, end, behind)
    return f"“{question.phrase}” was asked before" if question.is_for(Kind.DATE_OF_BIRTH) and question.is_binding else ""


_WITH_A_SIGN: tuple[Callable[[Floor, Cues], Iterator[Finding]], ...] = (_births, mails, hosts)
