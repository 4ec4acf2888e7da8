"""What a spoken value was asked for as: the cue in its own turn, else the question of a turn before."""

import re
from collections.abc import Iterable
from enum import Enum
from functools import cache
from typing import NamedTuple

from rightcall.discovery.detection.context import words_of
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.detection.spoken.asking import Cue, Cues
from rightcall.discovery.detection.spoken.chains import Chain, asks_on
from rightcall.discovery.detection.spoken.floor import Floor, Line
from rightcall.discovery.detection.spoken.numerals import Sort, anyones, vocabulary

_AGAINST = "against"
_NO_KIND = frozenset((_AGAINST,))
_TURNS_BACK, _BACK, _BEHIND, _FEW_WORDS, _FEW_BEHIND = 8, 900, 48, 7, 3
_LINES_OF_A_TURN = 3
_WORD = re.compile(r"[^\W_]+")
_COUNTED = ("units", "alternatives")
_LINKS = frozenset(("s", "is", "was", "ist", "war", "est", "er", "var", "är"))


_CALLED = frozenset(("nr", "no", "number", "nummer", "nummeret", "numret", "numéro", "id", "ref", "reference"))


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
    is_place: bool = False
    """Nothing but where the number stands was asked."""
    is_open: bool = False
    """No number was said since, or the question was asked anew of somebody else."""

    def is_for(self, kind: str) -> bool:
        return kind in self.meanings

    def is_for_several(self, kinds: Iterable[str]) -> bool:
        return sum(kind in self.meanings for kind in kinds) > 1

    @property
    def is_against(self) -> bool:
        return self.meanings == _NO_KIND

    @property
    def is_binding(self) -> bool:
        """A question of some turns ago may have been answered since."""
        if self.where is Where.BEFORE:
            return self.turns_back <= 1 or (self.is_open and _AGAINST not in self.meanings)
        return self.where is not Where.NOWHERE

    def is_for_a_number(self) -> bool:
        """What was asked for last is a number or a code of another sort, and not just spoken of."""
        words = self.phrase.split()
        last = next((word for word in reversed(words) if word not in _LINKS), "")
        return (
            self.is_place
            or last in anyones("things")
            or last in ("no", "nr")
            or last.endswith(("nummer", "nummeret", "numret", "kode", "koden", "code"))
        )

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
    behind = _WORD.findall(floor.text[min(chain.end, chain.line.end) : chain.line.end].lower())
    return all(word in _small() for word in behind)


@cache
def _small() -> frozenset[str]:
    phrases = anyones("fillers", "backchannels", "corrections", "closers")
    return frozenset(word for phrase in phrases for word in _WORD.findall(phrase))


def asked(floor: Floor, cues: Cues, start: int, end: int, behind: int = 0) -> Asked:
    """For what stands between two places. `behind`: where the number before it ends, which takes the cues before itself, where
    both stand in one turn, and answers the question before both."""
    line = floor.line_at(start)
    low, high = max(behind, line.start, start - _BACK), min(floor.line_at(max(end - 1, 0)).end, end + _BEHIND)
    beside = cues.within(min(low, end), high)
    own = [cue for cue in beside if low <= cue.start < start and not _has_its_own(floor.text[cue.end : start], cue)]
    after = [cue for cue in beside if cue.start >= end and _is_said_of(floor.text[end : cue.start], cue)]
    own = _with_its_card(floor.text, own)
    if own and not (after and _is_named(floor.text[end : after[0].start], after[0])):
        return _of([own[-1]], Where.OWN)
    if after and not _leads_on(floor.text, after[0], high, is_anew=_is_blank(floor.text[end : after[0].start])):
        return _of([after[0]], Where.AFTER)
    question = _NOT if behind > line.start else _before(floor, cues, line, start, behind)
    if question.is_binding:
        return question
    if place := cues.place(low, start):
        return _placed(place, Where.OWN)
    return _placed(place, Where.AFTER) if (place := cues.place(end, high)) else question


def _with_its_card(text: str, own: list[Cue]) -> list[Cue]:
    """Less a card that only says what the code is on, as in "the last three digits on the back of your card"."""
    if len(own) < 2 or Kind.PAYMENT_CARD not in own[-1].meanings or Kind.CARD_CODE not in own[-2].meanings:
        return own
    between = re.findall(r"[^\W_]+", text[own[-2].end : own[-1].start].lower())
    return own[:-1] if between and _OF_IT.issuperset(between) else own


_OF_IT = frozenset(
    (
        "on",
        "of",
        "from",
        "the",
        "your",
        "my",
        "that",
        "this",
        "de",
        "du",
        "sur",
        "la",
        "le",
        "votre",
        "ma",
        "der",
        "ihrer",
        "meiner",
        "auf",
        "von",
        "af",
        "på",
        "dit",
        "mit",
        "av",
        "ditt",
        "mitt",
    )
)


def _is_named(gap: str, cue: Cue) -> bool:
    """What a number was is said behind it, and sooner than by what stands before it: "… that's the sort code"."""
    if Kind.BANK_ACCOUNT not in cue.meanings or cue.phrase not in words_of(Kind.BANK_ACCOUNT, "code"):
        return False
    said = f"{gap}{cue.phrase}".lower().replace("’", " ").replace("'", " ").split()
    return any(tuple(said[: len(words)]) == words for words in _NAMING) and len(said) <= _FEW_WORDS


_NAMING = tuple(
    tuple(words.split())
    for words in ("that s", "which is", "das ist", "das war", "ça c est", "c est", "det er", "det var", "det är")
)


def _is_said_of(gap: str, cue: Cue) -> bool:
    """What a number is not is told of it in a few words, as in "is your order number"; more of them speak of something else."""
    return cue.meanings != _NO_KIND or len(gap.split()) < _FEW_BEHIND


def _has_its_own(gap: str, cue: Cue) -> bool:
    """A word that a small number of its own follows, as in "option two or me on …"."""
    words = _WORD.findall(gap.lower()) if cue.meanings == _NO_KIND else []
    return len(words) > 1 and _is_number(words[0]) and not _is_number(words[1])


def _is_number(word: str) -> bool:
    return word[0].isdigit() or any(each.sort < Sort.HUNDRED for each in vocabulary().get(word, {}).values())


def names(floor: Floor, asked: Asked, start: int) -> bool:
    """Whether nothing but "is" and the like stands between the word for what was asked and a place."""
    words = _WORD.findall(floor.text[asked.at : start].lower())
    return asked.where is Where.OWN and all(word in _LINKS for word in words[len(asked.phrase.split()) :])


def leads(floor: Floor, start: int) -> bool:
    """Whether the last word before a place, small ones left out, is one that a number follows which may be rung, or somebody is
    told to ring."""
    line = floor.line_at(start)
    words = _WORD.findall(floor.text[max(line.start, start - _BEHIND) : start].lower())
    if not anyones("rings").isdisjoint(words):
        return True
    while words and words[-1] in _passed_over():
        words.pop()
    return bool(words) and words[-1] in anyones("leads")


def is_labelled(floor: Floor, start: int, *, has_zero: bool) -> bool:
    """Whether right before a place stands what the number there is of, as in "ärende 20251187", whatever was asked before. One
    with a zero in front, as those that are rung have it (`has_zero`), is of that only where it is called its number."""
    line = floor.line_at(start)
    words = _WORD.findall(floor.text[max(line.start, start - _BEHIND) : start].lower())
    is_called = False
    while words and words[-1] in _LINKS | _CALLED:
        is_called = words.pop() in _CALLED or is_called
    return words[-1:] != [] and words[-1] in anyones("labels") and words[-2:] != ["in", "case"] and (is_called or not has_zero)


@cache
def _passed_over() -> frozenset[str]:
    return (_small() | anyones("also", "whose") | {"is", "s", "it", "ist", "er", "är", "est", "c"}) - anyones("leads")


def _leads_on(text: str, cue: Cue, end: int, *, is_anew: bool) -> bool:
    """A word that a number of its own follows, as in "expiry oh nine", "extension two one four"; one for a type only where it
    begins anew, and is not what was told, as in "two three four is the code". A bank's code stands before the account or behind
    it, so a word for one of them goes with the number behind it."""
    is_of_a_kind = cue.meanings != _NO_KIND and not is_anew
    if is_of_a_kind and cue.meanings.isdisjoint((Kind.BANK_ACCOUNT, Kind.PHONE)):
        return False
    words = _WORD.findall(text[cue.end : min(end, cue.end + _BEHIND)].lower())
    if is_of_a_kind and not anyones("also").isdisjoint(words[:1]):
        return False
    return any(word[0].isdigit() or word in vocabulary() for word in words[:_FEW_BEHIND])


def _is_blank(gap: str) -> bool:
    return all(word in anyones("fillers", "also", "whose") for word in _WORD.findall(gap.lower()))


def _before(floor: Floor, cues: Cues, line: Line, place: int, behind: int) -> Asked:
    """The last question that asks for something, or for a place; a question may go on ("and for you") or wait for its answer."""
    goes_on = False
    for number in range(line.number - 1, max(-1, line.number - 1 - _TURNS_BACK), -1):
        earlier, turns = floor.line(number), line.number - number
        if place - earlier.end > _BACK or (not floor.is_talk(line) and turns > 1):
            break
        if found := cues.within(earlier.start, earlier.end):
            is_open = goes_on or (floor.is_talk(line) and behind <= found[-1].start)
            return _of(found, Where.BEFORE, turns)._replace(is_open=is_open)
        if stood := cues.place(earlier.start, earlier.end):
            return _placed(stood, Where.BEFORE)._replace(turns_back=turns)
        goes_on = goes_on or (turns == 1 and earlier.speaker != line.speaker and asks_on(floor.text[earlier.start : earlier.end]))
    return _NOT


def _of(cues: list[Cue], where: Where, turns_back: int = 0) -> Asked:
    meanings = frozenset(meaning for cue in cues for meaning in cue.meanings)
    last = cues[-1]
    return Asked(meanings, last.phrase, where, turns_back, last.start, last.meanings == _NO_KIND)


def _placed(place: Cue, where: Where) -> Asked:
    """A number that nothing but its place is known of is none of a person's."""
    return Asked(_NO_KIND, place.phrase, where, at=place.start, ends_against=True, is_place=True)


def has_unit(text: str, chain: Chain, *, is_long: bool = False) -> bool:
    """Of money, time or the like: then it is a number of something. Behind a long one, "or" leads to another way to ring."""
    words = text[chain.end : chain.end + 24].lower().split()
    return (
        bool(words)
        and text[chain.end : chain.end + 1] != "\n"
        and words[0].strip(".,!?") in anyones(*_COUNTED[: 1 if is_long else 2])
    )
