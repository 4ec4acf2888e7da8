"""A part of the corpora that is made of whole texts: one file of texts, names and ways of talking for each language."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from importlib import resources
from random import Random
from typing import Any

from rightcall.bench._corpora.making.values import Habits, Maker
from rightcall.bench._corpora.making.writing import Manner, Writer
from rightcall.bench._corpora.pages import Document

LANGUAGES = ("en", "de", "fr", "da", "sv")
_WEIGHTS = dict(zip(LANGUAGES, (60, 10, 10, 10, 10), strict=True))


class Corpus:
    """`package`: where its files lie, which are named by `languages`. `only`: which of their texts are of this part."""

    def __init__(
        self,
        name: str,
        package: str,
        manner: Manner,
        habits: Habits,
        only: Callable[[str], bool] = bool,
        languages: Sequence[str] = LANGUAGES,
    ) -> None:
        self._name, self._package, self._manner, self._habits, self._only = name, package, manner, habits, only
        self._weights = {each: weight for each, weight in _WEIGHTS.items() if each in languages}

    @cached_property
    def files(self) -> Mapping[str, Mapping[str, Any]]:
        return {
            each: tomllib.loads((resources.files(self._package) / f"{each}.toml").read_text(encoding="utf-8"))
            for each in self._weights
        }

    def texts(self, language: str) -> list[Mapping[str, str]]:
        return [each for each in self.files[language]["texts"] if self._only(each["text"])]

    def documents(self, many: int, seed: int, *, language: str | None = None) -> Iterator[Document]:
        """The texts of a language come in turn, in an order of the seed's, so that each is used as often as any other."""
        chance = Random(f"{self._name} {seed}")  # noqa: S311  # sample text, not a secret
        waiting: dict[str, list[Mapping[str, str]]] = {}
        for _ in range(many):
            spoken = language or chance.choices(list(self._weights), list(self._weights.values()))[0]
            if not waiting.get(spoken):
                texts = self.texts(spoken)
                waiting[spoken] = chance.sample(texts, len(texts))
            yield self._document(waiting[spoken].pop(), spoken, chance)

    def cards_calls(self, many: int, seed: int) -> Iterator[Document]:
        """Conversations in which a card is paid with, each with its code. None of a part that has none."""
        chance = Random(f"{self._name} cards {seed}")  # noqa: S311  # sample text, not a secret
        texts = {each: [text for text in self.texts(each) if _is_about_a_card(text)] for each in self._weights}
        weights = [weight if texts[each] else 0 for each, weight in self._weights.items()]
        for _ in range(many if any(weights) else 0):
            language = chance.choices(list(texts), weights)[0]
            yield self._document(chance.choice(texts[language]), language, chance)

    def written(self, text: Mapping[str, str], language: str, chance: Random) -> Writer:
        """A text with its values, as they were made this time."""
        file = self.files[language]
        writer = Writer(Maker(chance, language, file["names"], self._habits), text["sort"], self._manner, file["talk"])
        writer.write(text["text"])
        return writer

    def _document(self, text: Mapping[str, str], language: str, chance: Random) -> Document:
        writer = self.written(text, language, chance)
        return Document(writer.text, tuple(sorted(writer.labels, key=lambda each: each.parts)), language, text["sort"])


def _is_about_a_card(text: Mapping[str, str]) -> bool:
    return (
        text["sort"] in ("heard", "written", "chat")
        and ("{card" in text["text"] or "{amex" in text["text"])
        and "{code" in text["text"]
    )
