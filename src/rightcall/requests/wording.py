"""What a person is told of their request, in plain words and in their language: one file a language in `words/`.

A language that is not written here is answered in English, and the request shows which it asked for.
"""

from pathlib import Path

from rightcall.design.wording import Words, language_of, words_in
from rightcall.personal import Personal

_FOLDER = Path(__file__).parent / "words"


def code_words(language: str, *, digits: Personal[str], controller: str) -> Personal[str]:
    """What is sent with a one-time code."""
    shown = _in_groups(digits.reveal("write a one-time code"))
    return Personal(words_of(language_of(language)).say("code", digits=shown, controller=controller))


def words_of(language: str) -> Words:
    return words_in(_FOLDER, language)


def _in_groups(digits: str) -> str:
    """Four and four, as one reads them out."""
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))
