"""Writes a text from its template, in which chance picks among turns of phrase, makes the values, and says or writes them.

In a template: `{phone}` is a value, the same wherever it is named again; `{phone:a}` another, known by its key; `{phone/}` is
said over several turns; `{phone~}` with a slip of the tongue that is corrected; `{phone!}` always written. `[this|that]` is a
choice. `<health:asthma>` labels words that stand in the text, and `<+:words>` goes on with the label before it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rightcall.bench._corpora.making.kinds import Kinds
from rightcall.bench._corpora.making.values import Maker, Value
from rightcall.bench._corpora.pages import Label

_CHOICE = re.compile(r"\[([^\[\]\n]*\|[^\[\]\n]*)\]")
_PIECE = re.compile(r"\{([a-z]+)(?::([a-z]))?([/~!]?)\}|<([a-z_]+|\+):([^>]+)>")
_WORD = re.compile(r"[^\W\d]{2}")
_TURN = re.compile(r"(?m)^([AC]): ")
_IN_LETTERS = ("person_name", "postal_address")


def turned_round(groups: Sequence[str], which: int) -> str:
    return " ".join(reversed(groups[which].split()))


def taken_from_beside(groups: Sequence[str], which: int) -> str:
    """The next group too early, or the last one again."""
    return groups[which + 1] if which + 1 < len(groups) else groups[which - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How the texts of a part are written. `in_digits`: by the sorts in which people are heard, how often a value is in digits
    all the same; of other sorts all are written. `breaks_digits`: a written value that goes over several turns is broken where it
    has gaps. `slip`: what is said by mistake in the place of a group. `told`: types of which words that stand in a heard text
    count as said."""

    kinds: Kinds
    speakers: Sequence[tuple[str, str]]
    in_digits: Mapping[str, float]
    pauses: float
    echoes: float
    stamped: float = 0.25
    breaks_digits: bool = False
    slip: Callable[[Sequence[str], int], str] = turned_round
    told: frozenset[str] = frozenset()


class Writer:
    """Writes one text. `values`: what each label lies on, None for words of the template."""

    def __init__(self, maker: Maker, sort: str, manner: Manner, talk: Mapping[str, Sequence[str]]) -> None:
        self.text, self.labels, self.values = "", list[Label](), list[Value | None]()
        self._maker, self._chance, self._manner, self._talk = maker, maker.chance, manner, talk
        self._is_heard, self._in_digits = sort == "heard", manner.in_digits.get(sort)
        self._speakers = dict(zip("AC", self._chance.choice(manner.speakers), strict=True))
        self._seconds = self._chance.randrange(4, 60) if self._chance.random() < manner.stamped else None
        self._speaker = "C"

    def write(self, template: str) -> None:
        while _CHOICE.search(template):
            template = _CHOICE.sub(lambda found: self._chance.choice(found[1].split("|")), template)
        place = 0
        for found in _PIECE.finditer(template):
            self._plain(template[place : found.start()])
            if found[4]:
                self._words(found[4], found[5])
            else:
                self._value(self._manner.kinds.make(self._maker, found[1], found[2] or ""), found[3])
            place = found.end()
        self._plain(template[place:])
        self.text = self.text.rstrip() + "\n"

    def _words(self, kind: str, words: str) -> None:
        part = self._put(words)
        if kind == "+":
            begun = self.labels[-1]
            self.labels[-1] = Label(begun.type, (*begun.parts, part), begun.is_said)
        else:
            is_said = self._is_heard and kind in self._manner.told and _WORD.search(words) is not None
            self._label(kind, [part], None, is_said=is_said)

    def _plain(self, template: str) -> None:
        said, *turns = _TURN.split(template)
        self.text += said
        for speaker, after in zip(turns[::2], turns[1::2], strict=True):
            self._turn(speaker)
            self.text += after

    def _turn(self, speaker: str) -> None:
        self._speaker = speaker
        if self._seconds is not None:
            self._seconds += self._chance.randrange(2, 19)
            self.text += f"[{self._seconds // 60:02}:{self._seconds % 60:02}] "
        self.text += f"{self._speakers[speaker]}: "

    def _put(self, piece: str) -> tuple[int, int]:
        start = len(self.text)
        self.text += piece
        return start, len(self.text)

    def _label(self, kind: str, parts: Sequence[tuple[int, int]], value: Value | None, *, is_said: bool = False) -> None:
        self.labels.append(Label(kind, tuple(parts), is_said))
        self.values.append(value)

    def _value(self, value: Value, way: str) -> None:
        is_said = self._is_to_be_said(value, way)
        if not is_said:
            parts = self._written(value, way)
        elif way == "/":
            parts = self._over_turns([each.lower() for each in value.groups])
        elif way == "~" and len(value.groups) > 1:
            parts = self._with_a_slip(value)
        else:
            parts = [self._breath(value)]
        if value.kind is not None:
            self._label(value.kind, parts, value, is_said=is_said and value.kind != "person_name")

    def _is_to_be_said(self, value: Value, way: str) -> bool:
        if self._in_digits is None or way == "!" or (value.kind in _IN_LETTERS and not self._is_heard):
            return False
        return self._chance.random() >= self._in_digits

    def _written(self, value: Value, way: str) -> list[tuple[int, int]]:
        written = value.written.lower().replace(", ", " ") if self._is_heard else value.written
        if way == "/" and self._manner.breaks_digits:
            return self._over_turns(written.split())
        return [self._put(written)]

    def _breath(self, value: Value) -> tuple[int, int]:
        said = value.groups[0]
        for each in value.groups[1:]:
            pause = f"{self._chance.choice(self._talk['pauses'])} " if self._chance.random() < self._manner.pauses else ""
            said += f" {pause}{each}"
        return self._put(said.lower().replace(",", ""))

    def _over_turns(self, groups: Sequence[str]) -> list[tuple[int, int]]:
        """Some groups a turn, with the other party's yes or echo between."""
        parts = [self._put(groups[0])]
        teller, hearer = self._speaker, "A" if self._speaker == "C" else "C"
        for before, group in pairwise(groups):
            if self._chance.random() < 0.7:
                self.text += "\n"
                self._turn(hearer)
                self.text += f"{before} " if self._chance.random() < self._manner.echoes else ""
                self.text += f"{self._chance.choice(self._talk['yeses'])}\n"
                self._turn(teller)
            else:
                self.text += " "
            parts.append(self._put(group))
        return parts

    def _with_a_slip(self, value: Value) -> list[tuple[int, int]]:
        """One group is begun with another, then mended."""
        which = self._chance.randrange(1, len(value.groups))
        parts = [self._put(" ".join(value.groups[:which]).lower())]
        wrong = self._manner.slip(value.groups, which)
        self.text += f" {wrong.lower()} {self._chance.choice(self._talk['slips'])} "
        parts.append(self._put(" ".join(value.groups[which:]).lower()))
        return parts
