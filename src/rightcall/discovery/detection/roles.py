"""In which role somebody stands in a table: under a head like `agent` or `handled_by` is who works there, and not the customer
whom the row is about. Where a table tells of nobody else its staff are whom it is about."""

import re
from collections.abc import Sequence
from functools import lru_cache

from rightcall.discovery.detection.context import headed, tokens_of, words_of
from rightcall.discovery.detection.model import Kind

_PERSONAL = frozenset(
    {Kind.PERSON_NAME, Kind.EMAIL, Kind.PHONE, Kind.DATE_OF_BIRTH, Kind.POSTAL_ADDRESS, Kind.IBAN, Kind.BANK_ACCOUNT}
)
_CUSTOMERS = ("customer", "client", "kund", "klant", "caller", "anrufer", "member", "asiakas", "appelant")
_WRITERS = re.compile(r"author|(?:initial)?creator|last(?:modifiedby|author)|manager|printedby|displayname|userid|initials")
"""Heads of properties that files have of who wrote, saved or answers for them, without their marks."""
_LANGUAGES = ("en", "de", "fr", "da", "sv")
_LONGEST = 4


@lru_cache(maxsize=1024)
def of_staff(heads: tuple[str, ...]) -> frozenset[int]:
    """The columns, by number, in which staff stand; none where nobody else stands in the others."""
    staff = frozenset(number for number, head in enumerate(heads) if is_staff(head))
    others = [head for number, head in enumerate(heads) if number not in staff]
    return staff if staff and _tell_of_somebody(others) else frozenset()


def is_staff(head: str) -> bool:
    """Whether what stands under that head, or what is called that, works there: `agent_name`, `handledBy`, `Sachbearbeiter`."""
    words = tokens_of(head)
    runs = {" ".join(words[at : at + size]) for size in range(1, _LONGEST + 1) for at in range(len(words) - size + 1)}
    if " ".join(words) in words_of("staff", "whole"):
        return True
    return not runs.isdisjoint(_words()) and runs.isdisjoint(words_of("staff", "none"))


def is_writer(label: str) -> bool:
    """Whether a document's property of that name tells who wrote it: `creator`, `lastModifiedBy`, `Author`."""
    return _WRITERS.fullmatch("".join(each for each in label.casefold() if each.isalpha())) is not None


def is_customer(name: str) -> bool:
    """Whether somebody who is called that is a customer: `Customer`, `Caller`, `Kunde`."""
    return any(word.startswith(_CUSTOMERS) for word in tokens_of(name))


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    return frozenset(word for language in _LANGUAGES for word in words_of("staff", language))


def _tell_of_somebody(heads: Sequence[str]) -> bool:
    labels = headed(heads, "\t").labels
    return any(
        is_customer(head) or (label is not None and not _PERSONAL.isdisjoint(label.meanings))
        for head, label in zip(heads, labels, strict=True)
    )
