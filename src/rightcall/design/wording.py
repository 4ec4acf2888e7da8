"""What is written in letters and packages, in plain words: one file a language in a room's own `words/`, each text by its path.

A language that is not written is answered in English.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from rightcall.design.tongues import ENGLISH, NAMES, Tongue
from rightcall.errors import Breach


@dataclass(frozen=True, slots=True)
class Words:
    """All that is said in one language, by its path."""

    language: str
    texts: Mapping[str, str]

    def day(self, on: date) -> str:
        return Tongue(self.language).day(on)

    def law(self, cite: str) -> str:
        """A citation with the name that the law has in this language."""
        return cite.replace("GDPR", self.say("gdpr"))

    def say(self, *path: str, **named: object) -> str:
        """Breach where nothing is written there: a test holds that everything is."""
        text = self.texts.get(".".join(path))
        if text is None:
            raise Breach("There are no words for this in this language. Stop, and write them.")
        return text.format(**named)

    def has(self, *path: str) -> bool:
        return ".".join(path) in self.texts


def language_of(asked: str) -> str:
    """The written language for a BCP 47 tag: `da-DK` is answered in `da`."""
    main = asked.partition("-")[0].lower()
    return main if main in NAMES else ENGLISH


@cache
def words_in(folder: Path, language: str) -> Words:
    document = tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))
    return Words(language, dict(_walk(document, "")))


def _walk(part: Mapping[str, object], path: str) -> list[tuple[str, str]]:
    found = []
    for name, value in part.items():
        found += _walk(value, f"{path}{name}.") if isinstance(value, dict) else [(f"{path}{name}", str(value))]
    return found
