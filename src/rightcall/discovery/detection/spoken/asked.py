"""What a spoken value was asked for as: the cue in its own turn, else the question of a turn before."""

from dataclasses import dataclass
from enum import Enum

from rightcall.discovery.detection.spoken.asking import Cue, Cues
from rightcall.discovery.detection.spoken.chains import Chain
from rightcall.discovery.detection.spoken.floor import Floor, Line

_AGAINST = "against"
_TURNS_BACK, _BACK, _BEHIND, _FEW_WORDS, _FEW_BEHIND = 8, 900, 48, 7, 3


class Where(Enum):
    OWN = "stands before it"
    AFTER = "stands behind it"
    BEFORE = "was said in a turn before"
    NOWHERE = ""


@dataclass(frozen=True, slots=True)
class Asked:
    meanings: frozenset[str]
    phrase: str
    where: Where
    turns_back: int = 0

    def is_for(self, kind: str) -> bool:
        return kind in self.meanings

    @property
    def is_against(self) -> bool:
        return self.meanings == frozenset((_AGAINST,))

    @property
    def is_binding(self) -> bool:
        """A question of some turns ago may have been answered since."""
        return self.where in (Where.OWN, Where.AFTER) or self.turns_back <= 1

    def in_words(self) -> str:
        return f"; “{self.phrase}” {self.where.value}" if self.phrase else ""


_NOT = Asked(frozenset(), "", Where.NOWHERE)


def is_answer(floor: Floor, chain: Chain, *, words_before: int = _FEW_WORDS) -> bool:
    """In a conversation, a number that is nearly all of its turn, after a turn of somebody else."""
    line = chain.line
    if not floor.is_talk(line) or line.number == 0 or floor.line(line.number - 1).speaker == line.speaker:
        return False
    behind = floor.text[min(chain.end, line.end) : line.end].split()
    return len(behind) <= _FEW_BEHIND and len(floor.text[line.start : chain.start].split()) <= words_before


def asked(floor: Floor, cues: Cues, chain: Chain, before: Chain | None) -> Asked:
    """`before`: the number before it, which takes the cues before itself, where both stand in one turn."""
    line = chain.line
    start = before.end if before is not None and before.end > line.start and len(before.digits) > 2 else line.start
    if own := cues.within(max(start, chain.start - _BACK), chain.start):
        return _of([own[-1]], Where.OWN)
    end = floor.line_at(max(chain.end - 1, 0)).end
    if after := cues.within(chain.end, min(end, chain.end + _BEHIND)):
        return _of([after[0]], Where.AFTER)
    if start == line.start:
        return _before(floor, cues, line, chain.start)
    return _NOT


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
    return Asked(meanings, cues[-1].phrase, where, turns_back)
