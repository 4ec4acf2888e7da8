"""Why a yes is worth less than it could be, in the few sorts that somebody in mid-call can do something about; and the one thing
that they do then. Pure."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from rightcall.consent.quality.model import Finding


class Doubt(StrEnum):
    EARLY = "early"
    LANGUAGE = "language"
    TOGETHER = "together"
    AGAIN = "again"
    WORDS = "words"
    OTHER = "other"


class Order(StrEnum):
    """`ask`: once more, and how. `leave`: nobody asks, and it stays as it is unless they withdraw."""

    ASK = "ask"
    LEAVE = "leave"


_MENDED_BY_ASKING = frozenset({Doubt.EARLY, Doubt.LANGUAGE, Doubt.TOGETHER})
_FAIR_TO_ASK = _MENDED_BY_ASKING | {Doubt.WORDS}
_OF = {
    Finding.TOO_FAST: Doubt.EARLY,
    Finding.BEFORE_THE_END: Doubt.EARLY,
    Finding.TIME_NOT_KNOWN: Doubt.EARLY,
    Finding.LANGUAGE_NOT_OF_CALL: Doubt.LANGUAGE,
    Finding.LANGUAGE_NOT_KNOWN: Doubt.LANGUAGE,
    Finding.BUNDLED_AT_ONCE: Doubt.TOGETHER,
    Finding.ASKED_AGAIN: Doubt.AGAIN,
    Finding.WORN_DOWN: Doubt.AGAIN,
    Finding.ASKED_AGAIN_SOON: Doubt.AGAIN,
    Finding.ASKED_AGAIN_OFTEN: Doubt.AGAIN,
    Finding.WORDING_WRONG: Doubt.WORDS,
    Finding.WORDING_WEAK: Doubt.WORDS,
    Finding.WORDING_NOT_READ: Doubt.WORDS,
}


def doubts(findings: Iterable[Finding]) -> tuple[Doubt, ...]:
    found = {_OF.get(each, Doubt.OTHER) for each in findings}
    return tuple(each for each in Doubt if each in found)


def order(found: Sequence[Doubt]) -> Order:
    """To ask once more is fair where that mends what was done wrong. Never where somebody was asked too often as it is, nor where
    something else speaks against it: that may be of the person, or leave the next yes worth no more. Words that could be better
    forbid no asking."""
    return Order.ASK if not _MENDED_BY_ASKING.isdisjoint(found) and _FAIR_TO_ASK.issuperset(found) else Order.LEAVE
