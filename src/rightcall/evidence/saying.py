"""What a check and a certificate say: sentences that stand in any language, with what is named in them.

Pure. English is what the words are written in; whoever has a catalogue says them in another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeAlias, Union


@dataclass(frozen=True, slots=True)
class Said:
    """`words` as catalogues know them, with places such as `%(count)s` for what is in `named`."""

    words: str
    named: Mapping[str, "Named"]


Named: TypeAlias = Union[str, int, date, datetime, Said]  # noqa: UP007 - of what is declared above and below


class Speech(Protocol):
    """A language, and how days and moments are written in it. What only a program asks for is in English."""

    @property
    def code(self) -> str: ...

    def say(self, words: str) -> str: ...

    def day(self, on: date) -> str: ...

    def moment(self, at: datetime) -> str: ...


class Plain:
    """English, with days and moments as a program reads them."""

    code = "en"

    def say(self, words: str) -> str:
        return words

    def day(self, on: date) -> str:
        return on.isoformat()

    def moment(self, at: datetime) -> str:
        return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


PLAIN = Plain()


def said(words: str, **named: Named) -> Said:
    return Said(words, named)


def told(sentence: Said, speech: Speech = PLAIN) -> str:
    """With its first letter as it is: a sentence may stand within another."""
    return speech.say(sentence.words) % {name: _named(each, speech) for name, each in sentence.named.items()}


def _named(each: Named, speech: Speech) -> str:
    match each:
        case Said():
            return told(each, speech)
        case datetime():
            return speech.moment(each)
        case date():
            return speech.day(each)
    return str(each)
