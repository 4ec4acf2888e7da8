"""What a person is told of their request, in plain words and in their language: one file a language in `words/`.

A language that is not written here is answered in English, and the request shows which it asked for.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from rightcall.design.tongues import Tongue
from rightcall.errors import Breach
from rightcall.personal import Personal

_FOLDER = Path(__file__).parent / "words"
_DEFAULT = "en"


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
            raise Breach("There are no words for this in requests/words. Stop, and write them.")
        return text.format(**named)

    def has(self, *path: str) -> bool:
        return ".".join(path) in self.texts


def languages() -> list[str]:
    return sorted(file.stem for file in _FOLDER.glob("*.toml"))


def language_of(asked: str) -> str:
    """The written language for a BCP 47 tag: `da-DK` is answered in `da`."""
    main = asked.partition("-")[0].lower()
    return main if main in languages() else _DEFAULT


def code_words(language: str, *, digits: Personal[str], controller: str) -> Personal[str]:
    """What is sent with a one-time code."""
    shown = _in_groups(digits.reveal("write a one-time code"))
    return Personal(words_of(language_of(language)).say("code", digits=shown, controller=controller))


def words_of(language: str) -> Words:
    return words_in(_FOLDER, language)


@cache
def words_in(folder: Path, language: str) -> Words:
    document = tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))
    return Words(language, dict(_walk(document, "")))


def _walk(part: Mapping[str, object], path: str) -> list[tuple[str, str]]:
    found = []
    for name, value in part.items():
        found += _walk(value, f"{path}{name}.") if isinstance(value, dict) else [(f"{path}{name}", str(value))]
    return found


def _in_groups(digits: str) -> str:
    """Four and four, as one reads them out."""
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))
