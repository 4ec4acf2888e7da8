"""Whom a person is asked about: never two of one household without something that they hardly share."""

import hashlib

import pytest

from rightcall.discovery.detection.model import Kind
from rightcall.discovery.joins.rules import may_be
from rightcall.discovery.linking.clues import ClueKind, clues
from rightcall.discovery.linking.known import Known
from rightcall.discovery.linking.model import Blinds
from rightcall.ids import SubjectId, new_id

HOME = ("postal_address", "12 Mill Road, Leeds LS1 4AB")
ADA, BEN = ("person_name", "Ada Planted-Lovelace"), ("person_name", "Ben Planted-Lovelace")
BORN, LATER = (Kind.DATE_OF_BIRTH, "1985-12-10"), (Kind.DATE_OF_BIRTH, "2011-02-01")
TEL, MAIL, ACCOUNT = (Kind.PHONE, "+442079460958"), (Kind.EMAIL, "ada@caller.example"), (Kind.IBAN, "DK5000400440116243")
CPR = (Kind.DK_CPR, "101285-1232")


def told(*fields: tuple[str, str]) -> Blinds:
    found: dict[ClueKind, set[bytes]] = {}
    for type, value in fields:
        for clue in clues(type, value, regions=("GB",)):
            blind = hashlib.sha256(f"{clue.kind.context}\0{clue.value.reveal('test')}".encode()).digest()
            found.setdefault(clue.kind, set()).add(blind)
    return {kind: frozenset(blinds) for kind, blinds in found.items()}


def customer(number: str) -> tuple[str, str]:
    return "customer_id", number


def proposed(one: list[tuple[str, str]], other: list[tuple[str, str]]) -> bool:
    """Among a thousand people, both ways round: the answer is the same."""
    known, subject, mine, theirs = Known(), SubjectId(new_id()), told(*one), told(*other)
    known.add(subject, theirs)
    known.add(SubjectId(new_id()), mine)
    for nth in range(1000):
        known.add(SubjectId(new_id()), told(("person_name", f"Given{nth} Family{nth}")))
    return bool(may_be(mine, {subject: theirs}, known.frequencies()))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param([customer("C-1"), ADA, BORN, HOME, TEL], [customer("C-2"), BEN, BORN, HOME, TEL], id="twins"),
        pytest.param([customer("C-1"), ADA, MAIL, HOME, TEL, ACCOUNT], [BEN, MAIL, HOME, TEL, ACCOUNT], id="couple"),
        pytest.param([customer("C-1"), ADA, HOME, TEL, ACCOUNT], [ADA, HOME, TEL, ACCOUNT], id="father and son of one name"),
        pytest.param([customer("C-1"), ADA, HOME, MAIL, BORN], [ADA, HOME, MAIL, LATER], id="of one name, born otherwise"),
        pytest.param(
            [customer("C-1"), ADA, HOME, MAIL, TEL], [customer("C-2"), ADA, HOME, MAIL, TEL], id="of one name, two customers"
        ),
        pytest.param([ADA, MAIL, HOME], [("person_name", "Ada Planted-Lovelace Jr"), MAIL, HOME], id="junior"),
        pytest.param([customer("C-1"), TEL, MAIL], [TEL, MAIL], id="nothing but what is shared"),
        pytest.param([ADA, MAIL], [("person_name", "A. Planted-Lovelace"), MAIL], id="an initial"),
        pytest.param([ADA, BORN, CPR, TEL], [ADA, BORN, (Kind.DK_CPR, "101285-1240"), TEL], id="two national ids"),
    ],
)
def test_two_of_one_household_are_not_proposed(one: list[tuple[str, str]], other: list[tuple[str, str]]) -> None:
    assert not proposed(one, other)
    assert not proposed(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param([customer("C-1"), CPR, ADA], [customer("C-2"), CPR, TEL], id="one national id"),
        pytest.param([customer("C-1"), ADA, BORN, HOME, MAIL], [customer("C-2"), ADA, BORN, TEL, MAIL], id="entered twice"),
        pytest.param([customer("C-1"), ADA, MAIL, HOME], [ADA, MAIL, TEL], id="mailbox and whole name"),
        pytest.param([ADA, BORN, TEL], [("person_name", "Ada Jensen"), BORN, TEL], id="married"),
    ],
)
def test_one_person_is_proposed(one: list[tuple[str, str]], other: list[tuple[str, str]]) -> None:
    assert proposed(one, other)
    assert proposed(other, one)
