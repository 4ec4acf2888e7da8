"""Puts texts together from templates, by chance with a seed: the same seed makes the same texts. Labels count characters.

Conversations come in two forms: as a recogniser of speech writes them (small letters, no marks, all values said in words), and as
people write them down (with marks, most values in digits). Notes and mails are written.
"""

import random
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from rightcall.bench._corpora import saying
from rightcall.bench._corpora.pages import Document, Label
from rightcall.bench._corpora.values import Maker, Value

PARTS = ("seen", "held_out")
LANGUAGES = ("en", "de", "fr", "da", "sv")
_SHARES = {"en": 0.6, "de": 0.1, "fr": 0.1, "da": 0.1, "sv": 0.1}
_PLACE = re.compile(r"\{([a-z]+)(?::([a-z]+)|=([^}]+))?\}")
"""A value by chance; said in a way; or the words that stand there."""
_TURN = re.compile(r"(?m)^([AC]): ")
_YESES = {
    "en": ("yes", "mm", "go on", "okay", "uh huh", "got it", "right"),
    "de": ("ja", "mhm", "weiter", "okay", "genau"),
    "fr": ("oui", "d'accord", "mm", "je vous écoute", "très bien"),
    "da": ("ja", "okay", "mm", "og så", "ja tak"),
    "sv": ("ja", "okej", "mm", "och sen", "precis"),
}
_MARKS = re.compile(r"[.,!?;:](?=\s|$)|[\"“”]")
_AS_THEY_STAND = {"name": "person_name"}
_ECHO, _FILLER, _SAID_IN_WRITING = 0.3, 0.12, 0.25


@cache
def _templates(part: str) -> Mapping[str, Any]:
    return tomllib.loads((resources.files(__package__) / f"{part}.toml").read_text(encoding="utf-8"))


def documents(part: str, many: int, seed: int, *, language: str | None = None) -> Iterator[Document]:
    """Of one of `PARTS`."""
    chance = random.Random(f"{part} {seed}")  # noqa: S311  # sample text, not a secret
    for _ in range(many):
        spoken = language or chance.choices(LANGUAGES, [_SHARES[each] for each in LANGUAGES])[0]
        sort = chance.choices(("call_heard", "call_written", "note", "mail"), (5, 3, 1, 1))[0]
        yield _document(part, spoken, sort, chance)


def cards_calls(part: str, many: int, seed: int) -> Iterator[Document]:
    """Conversations in which a card is paid with, each with its code."""
    chance = random.Random(f"cards {part} {seed}")  # noqa: S311  # sample text, not a secret
    for _ in range(many):
        language = chance.choices(LANGUAGES, [_SHARES[each] for each in LANGUAGES])[0]
        yield _document(part, language, chance.choice(("call_heard", "call_heard", "call_written")), chance, is_about_cards=True)


def _document(part: str, language: str, sort: str, chance: random.Random, *, is_about_cards: bool = False) -> Document:
    templates = _templates(part)
    maker = Maker(chance, language, templates["names"])
    writer = _Writer(maker, sort, chance.choice(templates["names"]["speakers"]))
    if sort.startswith("call"):
        lists = templates[language]["calls"]
        writer.write(_call(lists, chance, is_about_cards=is_about_cards))
    else:
        lists = templates[language]["notes"]
        lines = "\n".join(chance.choices(lists["lines"], k=chance.randrange(2, 6)))
        writer.write(lines if sort == "note" else chance.choice(lists["mails"]))
    return Document(writer.text, tuple(writer.labels), language, sort)


def _call(lists: Mapping[str, list[str]], chance: random.Random, *, is_about_cards: bool) -> str:
    """An opening, what is asked with talk between, a closing. In a call about a card, the card is asked for before its code."""
    asks = lists["asks"]
    if is_about_cards:
        chosen = [
            chance.choice([each for each in asks if "{card" in each]),
            chance.choice([each for each in asks if "{code" in each]),
        ]
        if chance.random() < 0.2:
            chosen.reverse()
    else:
        chosen = chance.sample(asks, min(len(asks), chance.randrange(2, 5)))
    lines = [chance.choice(lists["openings"])]
    for each in chosen:
        lines += chance.choices(lists["talk"], k=chance.randrange(1, 4))
        if chance.random() < 0.4:
            lines.append(chance.choice(lists["alike"]))
        lines.append(each)
    return "\n".join([*lines, *chance.choices(lists["talk"], k=2), chance.choice(lists["closings"])])


class _Writer:
    def __init__(self, maker: Maker, sort: str, speakers: list[str]) -> None:
        self.text = ""
        self.labels: list[Label] = []
        self._maker, self._sort, self._speakers = maker, sort, dict(zip("AC", speakers, strict=True))
        self._speaker = "C"

    def write(self, template: str) -> None:
        place = 0
        for match in _PLACE.finditer(template):
            self._plain(template[place : match.start()])
            if match[3]:
                self.labels.append(Label(_AS_THEY_STAND[match[1]], (self._piece(match[3]),), is_said=False))
            else:
                self._value(match[1], match[2])
            place = match.end()
        self._plain(template[place:])
        self.text = self.text.rstrip() + "\n"

    def _plain(self, words: str) -> None:
        turns = _TURN.split(words)
        self._put(turns[0])
        for speaker, said in zip(turns[1::2], turns[2::2], strict=True):
            self._turn(speaker)
            self._put(said)

    def _turn(self, speaker: str) -> None:
        self._speaker = speaker
        self.text += f"{self._speakers[speaker]}: "

    def _put(self, words: str) -> None:
        if self._sort == "call_heard":
            words = _MARKS.sub("", words.lower())
        self.text += words

    def _value(self, name: str, way: str | None) -> None:
        chance = self._maker.chance
        if way == "again":
            value = Value("card_code", self._maker.last_code, (saying.code(self._maker.last_code, self._maker.language, chance),))
        else:
            value = self._maker.make(name)
        is_said = self._sort == "call_heard" or (self._sort == "call_written" and chance.random() < _SAID_IN_WRITING)
        if value.kind in ("person_name", "postal_address", "ip_address"):
            is_said = False
        parts = self._turns(value, is_said=is_said) if way == "turns" else [self._piece(self._groups(value, is_said=is_said))]
        if value.kind is not None:
            self.labels.append(Label(value.kind, tuple(parts), is_said))

    def _groups(self, value: Value, *, is_said: bool) -> str:
        if not is_said:
            return value.written
        between = f" {saying.filler(self._maker.language, self._maker.chance)} " if self._maker.chance.random() < _FILLER else " "
        return between.join(value.groups)

    def _piece(self, words: str) -> tuple[int, int]:
        start = len(self.text)
        self.text += words.lower() if self._sort == "call_heard" else words
        return start, len(self.text)

    def _turns(self, value: Value, *, is_said: bool) -> list[tuple[int, int]]:
        """Each group a turn, the other party's yes or echo between."""
        chance = self._maker.chance
        groups = list(value.groups) if is_said else value.written.replace("-", " ").split()
        parts = []
        for number, group in enumerate(groups):
            if number:
                echo = groups[number - 1] + " " if chance.random() < _ECHO else ""
                self.text += "\n"
                self._turn("A")
                self._put(echo + chance.choice(_YESES[self._maker.language]))
                self.text += "\n"
                self._turn("C")
            parts.append(self._piece(group))
        return parts
