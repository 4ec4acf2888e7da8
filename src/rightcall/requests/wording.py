"""What a person is told of their request, in plain words and in their language: one file a language in `words/`.

A language that is not written here is answered in English, and the request shows which it asked for.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from rightcall.personal import Personal

_FOLDER = Path(__file__).parent / "words"
_DEFAULT = "en"


def languages() -> list[str]:
    return sorted(file.stem for file in _FOLDER.glob("*.toml"))


def language_of(asked: str) -> str:
    """The written language for a BCP 47 tag: `da-DK` is answered in `da`."""
    main = asked.partition("-")[0].lower()
    return main if main in languages() else _DEFAULT


def code_words(language: str, *, digits: Personal[str], controller: str) -> Personal[str]:
    """What is sent with a one-time code."""
    said = str(_words(language_of(language))["code"])
    return Personal(said.format(digits=_in_groups(digits.reveal("write a one-time code")), controller=controller))


@cache
def _words(language: str) -> Mapping[str, object]:
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def _in_groups(digits: str) -> str:
    """Four and four, as one reads them out."""
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))
