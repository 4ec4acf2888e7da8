"""Why a yes is worth less than it could be, in the few sorts that somebody in mid-call can do something about. Pure."""

from collections.abc import Iterable
from enum import StrEnum

from rightcall.consent.quality.model import Finding


class Doubt(StrEnum):
    EARLY = "early"
    LANGUAGE = "language"
    TOGETHER = "together"
    AGAIN = "again"
    WORDS = "words"
    OTHER = "other"


MENDED_BY_ASKING = frozenset({Doubt.EARLY, Doubt.LANGUAGE, Doubt.TOGETHER})
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
    Finding.WORDING_VOID: Doubt.WORDS,
    Finding.WORDING_WRONG: Doubt.WORDS,
    Finding.WORDING_WEAK: Doubt.WORDS,
    Finding.WORDING_NOT_READ: Doubt.WORDS,
}


def doubts(findings: Iterable[Finding]) -> tuple[Doubt, ...]:
    found = {_OF.get(each, Doubt.OTHER) for each in findings}
    return tuple(each for each in Doubt if each in found)


def may_mend(found: Iterable[Doubt]) -> bool:
    """Whether to ask once more is fair and helps: never where somebody was asked too often as it is."""
    return Doubt.AGAIN not in found and not MENDED_BY_ASKING.isdisjoint(found)
