"""Stretches of numbers that belong together: over fillers ("uh"), over the other party's "yes" and "go on", over an echo of what
was just said. What is between is none of the value."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise, product

from rightcall.discovery.detection.model import Kind
from rightcall.discovery.detection.spoken.asking import Cues
from rightcall.discovery.detection.spoken.floor import Floor, Line
from rightcall.discovery.detection.spoken.gaps import before_a_sign, between, neutral, phrases
from rightcall.discovery.detection.spoken.numerals import anyones, vocabulary
from rightcall.discovery.detection.spoken.reading import Part
from rightcall.discovery.detection.spoken.stretches import OTHER_WAY, Stretch, stretches_in

_WORD = re.compile(r"[^\W\d_]+")
_WIDEST, _MOST_WORDS, _MOST_LINES, _MOST_PROMPT, _MOST_HEARD = 260, 6, 7, 7, 16
_LONGEST_CHAIN = 60
_MOST_READINGS = 24
_MOST_TAKEN_BACK = 6
_WORD_OR_DIGITS = re.compile(r"[^\W_]+")
_FIRST = 3
_AGAINST = "against"
_CODE, _CODE_LINES = (3, 4), 2


class Chain:
    """What one speaker says of one number. `languages`: those that have all of it. `corrected`: places in `stretches` before
    which something was taken back. `echoes`: where the other party says the last of it again. `spelled`: with the letters
    behind it, once somebody asked."""

    def __init__(self, first: Stretch) -> None:
        self.stretches = [first]
        self.start, self.end, self.line = first.start, first.end, first.line
        self.has_words, self.languages, self.digits = first.has_words, first.languages, first.digits
        self.corrected: set[int] = set()
        self.echoes: list[Stretch] = []
        self.spelled: list[Part] | None = None
        self._known: list[tuple[Part, ...]] = []
        self._open: Iterator[tuple[Part, ...]] | None = None

    def add(self, stretch: Stretch) -> None:
        self.stretches.append(stretch)
        self.end = stretch.end
        self.has_words = self.has_words or stretch.has_words
        if stretch.languages != self.languages:
            self.languages = tuple([each for each in self.languages if each in stretch.languages])
        self.digits += stretch.digits

    def said(self) -> Iterator[tuple[Part, ...]]:
        """What it may say, the likeliest first, once all of it is there: worked out as far as anybody asks, and kept. Each part
        has one reading."""
        self._open = self._open or self._said()
        place = 0
        while True:
            if place == len(self._known):
                if (more := next(self._open, None)) is None:
                    return
                self._known.append(more)
            yield self._known[place]
            place += 1

    def _said(self) -> Iterator[tuple[Part, ...]]:
        seen: set[tuple[str, ...]] = set()
        for language in self._ways():
            for reading in self._readings(language):
                words = tuple([part.readings[0] for part in reading])
                if len(seen) >= _MOST_READINGS:
                    return
                if words not in seen:
                    seen.add(words)
                    yield reading

    def _readings(self, language: str) -> Iterator[tuple[Part, ...]]:
        """The first of each way to put it right, then the others."""
        kept = []
        for each in islice(self._kept(language), _MOST_READINGS):
            kept.append(each)
            yield tuple([part if len(part.readings) == 1 else _read(part, 0) for part in each])
        for each in kept:
            yield from islice(_readings(each), 1, None)

    def _ways(self) -> Iterator[str]:
        for language in self.languages[:2]:
            yield language
            if language == "fr" and any(token.text.startswith("vingt") for each in self.stretches for token in each.tokens):
                yield language + OTHER_WAY

    def _kept(self, language: str) -> Iterator[list[Part]]:
        """All; without what was taken back; without what was said twice; without "one" as in "my mobile one"."""
        pieces = [list(each.parts(language)) for each in self.stretches]
        for place in sorted(self.corrected):
            yield from _put_right(pieces, place)
        whole = _flat(pieces)
        yield whole
        if self.stretches[0].tokens[0].text in anyones("pronouns"):
            yield whole[1:]
        half = len(whole) // 2
        if half > 1 and [part.readings for part in whole[:half]] == [part.readings for part in whole[half:]]:
            yield whole[half:]
        if doubled := self._doubled():
            yield _flat([piece for place, piece in enumerate(pieces) if place not in doubled])

    def _doubled(self) -> list[int]:
        """Places of stretches that say the one before them again, or in another turn the end of all that was said."""
        doubled, said = list[int](), self.stretches[0].digits
        for place, (before, each) in enumerate(pairwise(self.stretches), 1):
            is_anew = each.line.number != before.line.number and len(each.digits) > 1
            if each.digits == before.digits or (is_anew and said.endswith(each.digits)):
                doubled.append(place)
            else:
                said += each.digits
        return doubled


def _put_right(pieces: list[list[Part]], place: int) -> Iterator[list[Part]]:
    """Less as many groups as are said anew, or figures as many as those behind; in the end less all that was said before,
    or less what a number is not: "twenty eight, not thirty eight, forty …"."""
    anew, before = len(pieces[place]), sum(map(len, pieces[:place]))
    last, first = pieces[place - 1][-1:], pieces[place][:1]
    many = [anew, 1]
    if last and first and 1 < len(last[0].readings[0]) == len(first[0].readings[0]):
        many.reverse()
    yield from (_flat(_without_last(pieces, place, each)) for each in many if each < before)
    yield from _from_what_comes_again(pieces, place)
    yield _flat(pieces[: place - 1] + pieces[place:])
    if anew == before:
        yield _flat(pieces[place:])
    fewer = range(2, min(anew, _MOST_TAKEN_BACK + 1))
    more = range(anew + 1, _MOST_TAKEN_BACK + 1)
    yield from (_flat(_without_last(pieces, place, each)) for each in (*fewer, *more) if each < before)
    yield _flat(pieces[place:])
    again = len(pieces[place - 1])
    yield [*_flat(pieces[:place]), *_flat(pieces[place:])[again:]]


def _from_what_comes_again(pieces: list[list[Part]], place: int) -> Iterator[list[Part]]:
    """As in "oh one six one, not oh one five one, oh one six one four nine …"."""
    before, after = pieces[place - 1], _flat(pieces[place:])
    said = [part.readings[0] for part in before]
    for first in range(1, len(after) - len(before)):
        if [part.readings[0] for part in after[first : first + len(before)]] == said:
            yield _flat(pieces[: place - 1]) + after[first:]


def _without_last(pieces: list[list[Part]], place: int, many: int) -> list[list[Part]]:
    """Less the last parts before a place, as many as are said anew."""
    before = _flat(pieces[:place])
    return [before[: max(0, len(before) - many)], *pieces[place:]]


def _flat(pieces: Sequence[Sequence[Part]]) -> list[Part]:
    return [part for piece in pieces for part in piece]


def _readings(said: Sequence[Part]) -> Iterator[tuple[Part, ...]]:
    """The first reading of each; then the second of all that have one; then of each by itself, or of all combinations where these
    are few. No more of them than anybody asks for: a stretch may be endless."""
    yield tuple([_read(each, 0) for each in said])
    open_places = [place for place, each in enumerate(said) if len(each.readings) > 1]
    if not open_places:
        return
    if len(open_places) <= 3:
        choices: list[dict[int, int]] = [
            dict(zip(open_places, chosen, strict=True))
            for chosen in product(*(range(len(said[place].readings)) for place in open_places))
        ]
    else:
        choices = [dict.fromkeys(open_places, 1), *({place: 1} for place in open_places[:_MOST_READINGS])]
    for chosen in choices:
        yield tuple(_read(each, chosen.get(place, 0)) for place, each in enumerate(said))


def _read(part: Part, choice: int) -> Part:
    return part if len(part.readings) == 1 else Part(part.start, part.end, (part.readings[choice],))


def chains(floor: Floor, cues: Cues) -> list[Chain]:
    """In the order of their beginnings."""
    found: list[Chain] = []
    current: Chain | None = None
    behind: Stretch | None = None
    for each in stretches_in(floor, cues):
        link = _link(floor, cues, behind, each) if behind is not None and current is not None else None
        if (
            link is not None
            and current is not None
            and _goes_on(current, each)
            and not _is_whole_code(floor, cues, current, each)
        ):
            if link:
                current.corrected.add(len(current.stretches))
            current.add(each)
        elif link is not None and current is not None and each.line.speaker != current.line.speaker and _is_echo(current, each):
            current.echoes.append(each)
        elif current is not None and _asks_for_more(floor.text, current, each):
            continue
        else:
            current = Chain(each)
            found.append(current)
        behind = each
    return found


def _asks_for_more(text: str, chain: Chain, each: Stretch) -> bool:
    """As in "and the last four?" of the other party, or a small word that is a number in another language."""
    if len(each.digits) != 1 or len(chain.digits) == 1 or each.line.speaker in (None, chain.line.speaker):
        return False
    is_foreign = not any(language in each.languages for language in chain.languages)
    if is_foreign and text[each.start : each.end].lower() in anyones("and", "pronouns"):
        return True
    words = _WORD.findall(text[each.line.start : each.line.end].lower())
    return len(words) <= _MOST_PROMPT and not anyones("more").isdisjoint(words)


def _goes_on(chain: Chain, each: Stretch) -> bool:
    """The same speaker, in a language that all of it is in."""
    if each.line.speaker != chain.line.speaker or len(chain.stretches) >= _LONGEST_CHAIN:
        return False
    return not set(chain.languages).isdisjoint(each.languages)


def _is_whole_code(floor: Floor, cues: Cues, chain: Chain, each: Stretch) -> bool:
    """A card's code that was asked for is said with its third or fourth digit: what follows in another turn is something else."""
    size = len(chain.digits)
    if not _CODE[0] <= size <= _CODE[-1] or size + len(each.digits) <= _CODE[-1] or each.line.number == chain.line.number:
        return False
    low = floor.line(max(0, chain.line.number - _CODE_LINES)).start
    asked = [kind for cue in cues.within(low, chain.start) for kind in cue.meanings]
    return Kind.CARD_CODE in asked and Kind.PAYMENT_CARD not in asked


def _is_echo(chain: Chain, each: Stretch) -> bool:
    return each.digits != "" and len(each.digits) <= len(chain.digits) and chain.digits.endswith(each.digits)


def _link(floor: Floor, cues: Cues, before: Stretch, after: Stretch) -> bool | None:
    """None: they do not belong together. True: the later takes something back."""
    if after.start - before.end > _WIDEST or after.line.number - before.line.number > _MOST_LINES:
        return None
    if after.line.number == before.line.number:
        gap = floor.text[before.end : after.start]
        taken_back = between(gap, _MOST_WORDS)
        if taken_back is None or before.has_words or after.has_words:
            return taken_back
        return None if gap.strip(" ,").lower() in anyones("not") else taken_back
    if floor.is_table or (not floor.is_talk(after.line) and not (before.has_words and after.has_words)):
        return None
    lead = floor.text[after.line.start : after.start]
    last = between(lead[: before_a_sign(lead, 0, len(lead))], _MOST_WORDS)
    if last is None or not _is_all(floor.text, after):
        return None
    rest = floor.text[before.end : before.line.end]
    first = between(rest, _MOST_WORDS)
    if first is None and not (before.line.speaker != after.line.speaker and _is_prompt(before.line, rest, after, cues)):
        return None
    for number in range(before.line.number + 1, after.line.number):
        line = floor.line(number)
        said = floor.text[line.start : line.end]
        if between(said, _MOST_PROMPT) is None and not _is_prompt(line, said, after, cues):
            return None
    return bool(first or last)


def _is_all(text: str, after: Stretch) -> bool:
    """A single digit in a turn of its own has no other words behind it, as "one moment" has."""
    if len(after.digits) > 1:
        return True
    words = (match[0].lower() for match in islice(_WORD.finditer(text, after.end, after.line.end), 2))
    return all(word in neutral() or word in vocabulary() for word in words)


def _is_prompt(line: Line, said: str, after: Stretch, cues: Cues) -> bool:
    """A few words of the other party that ask for nothing else."""
    if line.speaker is None or line.speaker == after.line.speaker:
        return False
    words = _WORD.findall(said.lower())
    if len(words) > _MOST_HEARD or not anyones("units").isdisjoint(words) or asks_else(said):
        return False
    if len(words) > _MOST_PROMPT and sum(word not in neutral() and word not in vocabulary() for word in words) > _MOST_PROMPT:
        return False
    asks_for = {meaning for cue in cues.within(line.start, line.end) for meaning in cue.meanings}
    return not asks_for or (asks_for == {_AGAINST} and not anyones("more").isdisjoint(words))


def asks_else(said: str) -> bool:
    """A question that ends what the other party was saying."""
    words = _WORD.findall(said.lower())
    questions = anyones("questions")
    if not questions.isdisjoint(words):
        whole = " ".join(words)
        is_question = not questions.isdisjoint(words[:_FIRST]) and whole not in phrases()
        if is_question and not any(f" {phrase} " in f" {whole} " for phrase in anyones("goes_on")):
            return True
        if not anyones("things").isdisjoint(words) and anyones("more").isdisjoint(words):
            return True
    return not anyones("asks").isdisjoint(words) or asks_on(said)


def asks_on(said: str) -> bool:
    """The question before, of somebody or something else: "and for you", "et celle de l'autre". No more of the same number."""
    small = said.lower()
    first = _WORD_OR_DIGITS.search(small)
    if first is None or first[0] not in anyones("also"):
        return False
    words = _WORD_OR_DIGITS.findall(small)
    if not 1 < len(words) <= _MOST_PROMPT or " ".join(words[1:]) in phrases():
        return False
    if not anyones("questions", "more", "things").isdisjoint(words):
        return False
    return any(word not in phrases() and word not in vocabulary() and not word.isdigit() for word in words[1:])
