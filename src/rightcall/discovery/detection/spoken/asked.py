"""What a spoken value was asked for as: the cue in its own turn, else the question of a turn before."""

import re
from enum import Enum
from functools import cache
from typing import NamedTuple

from rightcall.discovery.detection.model import Kind
from rightcall.discovery.detection.spoken.asking import Cue, Cues
from rightcall.discovery.detection.spoken.chains import Chain
from rightcall.discovery.detection.spoken.floor import Floor, Line
from rightcall.discovery.detection.spoken.numerals import anyones, vocabulary

_AGAINST = "against"
_CHECKED = frozenset((Kind.UK_NHS, Kind.NL_BSN, Kind.ES_DNI, Kind.ES_NIE, Kind.FR_NIR, Kind.DE_STEUER_ID))
_TURNS_BACK, _BACK, _BEHIND, _FEW_WORDS, _FEW_BEHIND = 8, 900, 48, 7, 3
_LINES_OF_A_TURN = 3
_COUNTED = ("units", "alternatives")


class Where(Enum):
    OWN = "stands before it"
    AFTER = "stands behind it"
    BEFORE = "was said in a turn before"
    NOWHERE = ""


class Asked(NamedTuple):
    meanings: frozenset[str]
    phrase: str
    where: Where
    turns_back: int = 0
    at: int = -1
    """Where the cue begins."""
    ends_against: bool = False
    """The last of several words in the question is for another thing."""

    def is_for(self, kind: str) -> bool:
        return kind in self.meanings

    @property
    def is_against(self) -> bool:
        return self.meanings == frozenset((_AGAINST,))

    @property
    def is_binding(self) -> bool:
        """A question of some turns ago may have been answered since."""
        return self.where in (Where.OWN, Where.AFTER) or self.turns_back <= 1

    def nearer(self, turns: int) -> "Asked":
        """As seen from so many turns before."""
        return self._replace(turns_back=max(0, self.turns_back - turns))

    def in_words(self) -> str:
        return f"; “{self.phrase}” {self.where.value}" if self.phrase else ""


_NOT = Asked(frozenset(), "", Where.NOWHERE)


def is_answer(floor: Floor, chain: Chain, *, words_before: int = _FEW_WORDS) -> bool:
    """In a conversation, a number that is nearly all of its line, where somebody else spoke shortly before."""
    line = chain.line
    earlier = range(max(0, line.number - _LINES_OF_A_TURN), line.number)
    if not floor.is_talk(line) or all(floor.line(number).speaker == line.speaker for number in earlier):
        return False
    behind = floor.text[min(chain.end, line.end) : line.end].split()
    return len(behind) <= _FEW_BEHIND and len(floor.text[line.start : chain.start].split()) <= words_before


def is_bare(floor: Floor, chain: Chain) -> bool:
    """Nothing but small words behind it in its line."""
    behind = re.findall(r"[^\W_]+", floor.text[min(chain.end, chain.line.end) : chain.line.end].lower())
    return all(word in _small() for word in behind)


@cache
def _small() -> frozenset[str]:
    phrases = anyones("fillers", "backchannels", "corrections", "closers")
    return frozenset(word for phrase in phrases for word in re.findall(r"[^\W_]+", phrase))


def asked(floor: Floor, cues: Cues, chain: Chain, before: Chain | None) -> Asked:
    """`before`: the number before it, which takes the cues before itself, where both stand in one turn."""
    line = chain.line
    start = before.end if before is not None and before.end > line.start and len(before.digits) > 2 else line.start
    if own := cues.within(max(start, chain.start - _BACK), chain.start):
        return _of([_naming(own)], Where.OWN)
    end = floor.line_at(max(chain.end - 1, 0)).end
    after = cues.within(chain.end, min(end, chain.end + _BEHIND))
    if after and not _leads_on(floor.text, after[0], end):
        return _of([after[0]], Where.AFTER)
    if start == line.start:
        return _before(floor, cues, line, chain.start)
    return _NOT


def _naming(own: list[Cue]) -> Cue:
    """The last; but where a number stands ("on the letter") does not change what it was called before, if that has a checksum."""
    if len(own) > 1 and own[-1].meanings == frozenset((_AGAINST,)) and _CHECKED & own[-2].meanings:
        return own[-2]
    return own[-1]


def _leads_on(text: str, cue: Cue, end: int) -> bool:
    """A word for another thing that a number of its own follows, as in "expiry oh nine", "extension two one four"."""
    if cue.meanings != frozenset((_AGAINST,)):
        return False
    words = re.findall(r"[^\W_]+", text[cue.end : min(end, cue.end + _BEHIND)].lower())
    return any(word[0].isdigit() or word in vocabulary() for word in words[:_FEW_BEHIND])


def _before(floor: Floor, cues: Cues, line: Line, place: int) -> Asked:
    for number in range(line.number - 1, max(-1, line.number - 1 - _TURNS_BACK), -1):
        earlier = floor.line(number)
        if place - earlier.end > _BACK:
            break
        if not floor.is_talk(line) and number < line.number - 1:
            break
        if found := cues.within(earlier.start, earlier.end):
            return _of(found, Where.BEFORE, line.number - number)
    return _NOT


def _of(cues: list[Cue], where: Where, turns_back: int = 0) -> Asked:
    meanings = frozenset(meaning for cue in cues for meaning in cue.meanings)
    last = _naming(cues)
    return Asked(meanings, last.phrase, where, turns_back, last.start, last.meanings == frozenset((_AGAINST,)))


def has_unit(text: str, chain: Chain, *, is_long: bool = False) -> bool:
    """Of money, time or the like: then it is a number of something. Behind a long one, "or" leads to another way to ring."""
    words = text[chain.end : chain.end + 24].lower().split()
    return (
        bool(words)
        and text[chain.end : chain.end + 1] != "\n"
        and words[0].strip(".,!?") in anyones(*_COUNTED[: 1 if is_long else 2])
    )
