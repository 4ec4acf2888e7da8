"""Puts the fresh texts together. Each text is written whole, as one conversation, note, mail, form or chat; chance picks among
its turns of phrase, makes its values, and says or writes them.

In a text: `{phone}` is a value, the same wherever it is named again; `{phone:a}` another, known by its key; `{phone/}` is said
over several turns; `{phone~}` with a slip of the tongue that is corrected; `{phone!}` always written. `[this|that]` is a choice.
`<health:asthma>` labels words that stand in the text."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from random import Random
from typing import Any

from rightcall.bench._corpora.fresh.kinds import make
from rightcall.bench._corpora.fresh.saying import words
from rightcall.bench._corpora.fresh.values import Maker, Value
from rightcall.bench._corpora.pages import Document, Label

LANGUAGES = ("en", "de", "fr", "da", "sv")
_WEIGHTS = (60, 10, 10, 10, 10)
PATTERNS = ("customer_number=KX[0-9]{7}", "case_number=CAS-[0-9]{2}-[0-9]{5}")
"""The numbers of one's own that these texts hold, as they would be given to a scan."""
_CHOICE = re.compile(r"\[([^\[\]\n]*\|[^\[\]\n]*)\]")
_PIECE = re.compile(r"\{([a-z]+)(?::([a-z]))?([/~!]?)\}|<([a-z_]+):([^>]+)>")
_TURN = re.compile(r"(?m)^([AC]): ")
_SPEAKERS = (
    ("agent", "customer"), ("Agent", "Customer"), ("speaker 0", "speaker 1"), ("A", "C"), ("spk_0", "spk_1"),
    ("advisor", "caller"),
)  # fmt: skip
_PAUSES, _ECHOES, _IN_DIGITS = 0.15, 0.25, 0.2


def documents(many: int, seed: int, *, language: str | None = None) -> Iterator[Document]:
    """The texts of a language come in turn, in an order of the seed's, so that each is used as often as any other."""
    chance = Random(f"fresh {seed}")  # noqa: S311  # sample text, not a secret
    waiting: dict[str, list[Mapping[str, str]]] = {}
    for _ in range(many):
        spoken = language or chance.choices(LANGUAGES, _WEIGHTS)[0]
        if not waiting.get(spoken):
            waiting[spoken] = chance.sample(_texts(spoken)["texts"], len(_texts(spoken)["texts"]))
        yield _document(waiting[spoken].pop(), spoken, chance)


def cards_calls(many: int, seed: int) -> Iterator[Document]:
    """Conversations in which a card is paid with, each with its code."""
    chance = Random(f"fresh cards {seed}")  # noqa: S311  # sample text, not a secret
    for _ in range(many):
        language = chance.choices(LANGUAGES, _WEIGHTS)[0]
        yield _document(chance.choice([each for each in _texts(language)["texts"] if _is_about_a_card(each)]), language, chance)


def _is_about_a_card(text: Mapping[str, str]) -> bool:
    return (
        text["sort"] in ("heard", "written", "chat")
        and ("{card" in text["text"] or "{amex" in text["text"])
        and "{code" in text["text"]
    )


@cache
def _texts(language: str) -> Mapping[str, Any]:
    return tomllib.loads((resources.files(__package__) / f"{language}.toml").read_text(encoding="utf-8"))


def _document(text: Mapping[str, str], language: str, chance: Random) -> Document:
    writer = _Writer(Maker(chance, language, _texts(language)["names"]), text["sort"])
    writer.write(text["text"])
    return Document(writer.text, tuple(sorted(writer.labels, key=lambda each: each.parts)), language, text["sort"])


class _Writer:
    def __init__(self, maker: Maker, sort: str) -> None:
        self.text, self.labels = "", list[Label]()
        self._maker, self._chance, self._is_heard = maker, maker.chance, sort == "heard"
        self._speakers = dict(zip("AC", self._chance.choice(_SPEAKERS), strict=True))
        self._seconds = self._chance.randrange(4, 60) if self._chance.random() < 0.25 else None
        self._speaker = "C"

    def write(self, template: str) -> None:
        while _CHOICE.search(template):
            template = _CHOICE.sub(lambda found: self._chance.choice(found[1].split("|")), template)
        place = 0
        for found in _PIECE.finditer(template):
            self._plain(template[place : found.start()])
            if found[4]:
                self.labels.append(Label(found[4], (self._put(found[5]),), False))
            else:
                self._value(make(self._maker, found[1], found[2] or ""), found[3])
            place = found.end()
        self._plain(template[place:])
        self.text = self.text.rstrip() + "\n"

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

    def _value(self, value: Value, way: str) -> None:
        is_said = self._is_heard and way != "!" and self._chance.random() >= _IN_DIGITS
        if not is_said:
            written = value.written.lower().replace(", ", " ") if self._is_heard else value.written
            parts, is_said = [self._put(written)], False
        elif way == "/":
            parts = self._over_turns(value)
        elif way == "~" and len(value.groups) > 1:
            parts = self._with_a_slip(value)
        else:
            parts = [self._breath(value)]
        if value.kind is not None:
            self.labels.append(Label(value.kind, tuple(parts), is_said and value.kind != "person_name"))

    def _breath(self, value: Value) -> tuple[int, int]:
        said = value.groups[0]
        for each in value.groups[1:]:
            pause = f"{self._pause()} " if self._chance.random() < _PAUSES else ""
            said += f" {pause}{each}"
        return self._put(said.lower().replace(",", ""))

    def _pause(self) -> str:
        return str(self._chance.choice(words(self._maker.language)["pauses"]))

    def _over_turns(self, value: Value) -> list[tuple[int, int]]:
        """Some groups a turn, with the other party's yes or echo between."""
        parts = [self._put(value.groups[0].lower())]
        teller, hearer = self._speaker, "A" if self._speaker == "C" else "C"
        for before, group in zip(value.groups, value.groups[1:], strict=False):
            if self._chance.random() < 0.7:
                self.text += "\n"
                self._turn(hearer)
                self.text += f"{before.lower()} " if self._chance.random() < _ECHOES else ""
                self.text += f"{self._chance.choice(words(self._maker.language)['yeses'])}\n"
                self._turn(teller)
            else:
                self.text += " "
            parts.append(self._put(group.lower()))
        return parts

    def _with_a_slip(self, value: Value) -> list[tuple[int, int]]:
        """One group is begun with another, then mended."""
        which = self._chance.randrange(1, len(value.groups))
        parts = [self._put(" ".join(value.groups[:which]).lower())]
        wrong = " ".join(reversed(value.groups[which].split()))
        self.text += f" {wrong.lower()} {self._chance.choice(words(self._maker.language)['slips'])} "
        parts.append(self._put(" ".join(value.groups[which:]).lower()))
        return parts
