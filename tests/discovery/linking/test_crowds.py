"""The company's own mailbox stands in everybody's letters, and is nobody's."""

import random

import psycopg
import pytest

from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.clues import ClueKind
from rightcall.discovery.linking.crowds import mailboxes
from rightcall.discovery.linking.model import LinkState, Record, Tally
from rightcall.ids import ControllerId, SubjectId, SystemId, new_id
from rightcall.personal import Personal
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.vault.actions import Vault
from tests.discovery.linking.scene import NAME, Estate, estate

OURS = (Kind.EMAIL, "office@havblik.example")
GUESTS = ("Karl Holm", "Lise Bach", "Mads Dahl", "Nora Friis", "Otto Krag", "Pia Lund", "Rune Vang")


def letter(*addresses: str, name: str | None = None) -> Record:
    clues = {ClueKind.EMAIL: frozenset(each.encode() for each in addresses)}
    if name is not None:
        clues |= {ClueKind.NAME_FULL: frozenset({name.encode()}), ClueKind.NAME_GIVEN: frozenset({name.encode()})}
    return Record(id=new_id(), system=SystemId(new_id()), ours=True, clues=clues)


def test_an_address_in_letters_of_many_people_is_a_mailbox_and_theirs_are_not() -> None:
    assert mailboxes([letter("office", name, name=name) for name in GUESTS]) == {b"office"}
    assert mailboxes([letter("office", name) for name in GUESTS]) == {b"office"}


def test_who_writes_to_many_offices_of_ours_keeps_their_address() -> None:
    written = [letter(office, name) for office in ("care", "sales", "bills", "press") for name in ("karl", *GUESTS)]
    assert mailboxes(written) == {b"care", b"sales", b"bills", b"press"}


def test_a_familys_address_is_no_mailbox_and_a_list_of_people_tells_of_none() -> None:
    assert mailboxes([letter("family", name=name) for name in GUESTS[:3]]) == frozenset()
    assert mailboxes([letter(*GUESTS)]) == frozenset()


def _linked(mail: Estate) -> None:
    linking.link_next(mail.tx, mail.vault, mail.clock, Tally())


def _by_address(mail: Estate, address: str) -> list[SubjectId]:
    return subjects.find(mail.tx, mail.vault, normalise(IdentifierKind.EMAIL, Personal(address), "ZZ"))


@pytest.mark.parametrize("seed", range(3))
def test_nobody_has_the_companys_mailbox_whatever_order_the_letters_lie_in(
    tx: Transaction, vault: Vault, clock: Clock, seed: int
) -> None:
    mail = estate(tx, vault, clock)
    fields = [((NAME, who), (Kind.EMAIL, f"{who.split()[0]}@caller.example"), OURS) for who in GUESTS for _ in range(2)]
    random.Random(seed).shuffle(fields)  # noqa: S311 - an order
    records = [(each[0][1], mail.record(*each)) for each in fields]
    _linked(mail)
    whose = {(name, mail.subject_of(record)) for name, record in records}
    assert len(whose) == len(GUESTS) == len({subject for _, subject in whose})
    assert _by_address(mail, OURS[1]) == []
    assert len(_by_address(mail, "karl@caller.example")) == 1


@pytest.fixture
def contact(database_url: str, controller: ControllerId) -> str:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE controllers SET contact = 'ask@havblik.example' WHERE controller = %s", (controller,))
    return "ask@havblik.example"


def test_where_people_turn_to_us_is_nobodys_address(contact: str, tx: Transaction, vault: Vault, clock: Clock) -> None:
    mail = estate(tx, vault, clock)
    record = mail.record((NAME, "Karl Holm"), (Kind.EMAIL, "karl@caller.example"), (Kind.EMAIL, contact))
    other = mail.record((Kind.EMAIL, contact))
    _linked(mail)
    rows = tx.connection.execute(
        "SELECT subject, of_staff FROM findings WHERE record = %s ORDER BY finding", (record,)
    ).fetchall()
    assert [(row["subject"] is None, row["of_staff"]) for row in rows] == [(False, False), (False, False), (True, True)]
    assert mail.subject_of(other) is None
    assert _by_address(mail, contact) == []
    assert linking.page_of_links(tx, state=LinkState.DOUBTFUL) == []
