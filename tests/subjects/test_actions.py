"""Knowing people on a real database, with a real vault."""

import threading
from datetime import timedelta

import psycopg
import pytest

from rightcall.actors import Actor, Role
from rightcall.database.connection import Database, Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.ids import ControllerId, SubjectId, new_id
from rightcall.personal import Personal
from rightcall.subjects import actions
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark, DarkReason
from tests.cast import ADA_EMAIL, ADA_NAME, ADA_TEL, BEN_TEL
from tests.conftest import FixedClock

DPO = Actor(id=new_id(), role=Role.DPO)


def tel(raw: str) -> Identifier:
    return normalise(IdentifierKind.TEL, Personal(raw), "DK")


def email(raw: str) -> Identifier:
    return normalise(IdentifierKind.EMAIL, Personal(raw), "DK")


def customer(raw: str) -> Identifier:
    return normalise(IdentifierKind.CUSTOMER_ID, Personal(raw), "DK")


class Desk:
    """The deeds, with their tools at hand."""

    def __init__(self, tx: Transaction, vault: Vault, clock: FixedClock) -> None:
        self.tx, self.vault, self.clock = tx, vault, clock

    def identify(self, *identifiers: Identifier, name: str | None = None) -> SubjectId:
        self.clock.at += timedelta(seconds=1)
        known_as = None if name is None else Personal(name)
        return actions.identify(self.tx, self.vault, self.clock, identifiers, name=known_as)

    def find(self, identifier: Identifier) -> list[SubjectId]:
        return actions.find(self.tx, self.vault, identifier)

    def known_by(self, subject: SubjectId) -> set[str]:
        found = actions.identifiers_of(self.tx, self.vault, subject)
        assert not isinstance(found, Dark)
        return {each.value.reveal("test") for each in found}

    def split(self, subject: SubjectId, moved: list[Identifier], shared: list[Identifier] | None = None) -> SubjectId:
        return actions.split(self.tx, self.vault, self.clock, subject, moved=moved, shared=shared or [], by=DPO)


@pytest.fixture
def desk(tx: Transaction, vault: Vault, clock: FixedClock) -> Desk:
    return Desk(tx, vault, clock)


def test_the_same_number_written_five_ways_is_one_person(desk: Desk) -> None:
    written = ["+45 32 12 34 56", "004532123456", "32123456", "tel:+45-32-12-34-56", "sip:+4532123456@sbc.example"]
    assert len({desk.identify(tel(each)) for each in written}) == 1


def test_different_numbers_are_different_people(desk: Desk) -> None:
    assert desk.identify(tel(ADA_TEL)) != desk.identify(tel(BEN_TEL))


def test_whoever_withholds_a_number_is_a_new_person_each_time(desk: Desk) -> None:
    assert desk.identify() != desk.identify()


def test_the_same_value_of_another_kind_is_something_else(desk: Desk) -> None:
    assert desk.identify(customer(ADA_TEL)) != desk.identify(tel(ADA_TEL))


def test_identifiers_and_name_come_back_as_they_went_in(desk: Desk) -> None:
    ada = desk.identify(tel(ADA_TEL), name=ADA_NAME)
    assert desk.identify(tel(ADA_TEL), email(ADA_EMAIL), name="Somebody Else") == ada
    assert desk.known_by(ada) == {ADA_TEL, ADA_EMAIL}
    assert actions.name_of(desk.tx, desk.vault, ada) == Personal(ADA_NAME)
    assert desk.identify(email(ADA_EMAIL)) == ada


def test_nothing_personal_is_stored_in_the_clear(desk: Desk) -> None:
    desk.identify(tel(ADA_TEL), email(ADA_EMAIL), name=ADA_NAME)
    stored = ""
    for query in ("SELECT * FROM subjects", "SELECT * FROM identifiers", "SELECT * FROM blinds"):
        for row in desk.tx.connection.execute(query).fetchall():
            stored += "|".join(value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in row.values())
    assert stored
    assert not any(word in stored for word in (ADA_TEL, ADA_TEL[3:], ADA_EMAIL, ADA_NAME))


def test_two_who_share_a_number_are_told_apart_by_customer_id(desk: Desk) -> None:
    ada, ben = desk.identify(tel(ADA_TEL), customer("A")), desk.identify(tel(ADA_TEL), customer("B"))
    assert ada != ben
    assert desk.find(tel(ADA_TEL)) == [ada, ben]
    assert desk.identify(tel(ADA_TEL), customer("A")) == ada
    assert desk.identify(customer("B")) == ben


def test_an_ambiguous_call_mixes_nobody(desk: Desk) -> None:
    ada, ben = desk.identify(tel(ADA_TEL), customer("A")), desk.identify(tel(ADA_TEL), customer("B"))
    somebody = desk.identify(tel(ADA_TEL))
    again = desk.identify(tel(ADA_TEL))
    assert somebody == again
    assert somebody not in (ada, ben)
    assert actions.get(desk.tx, somebody).ambiguous
    assert not actions.get(desk.tx, ben).ambiguous
    assert desk.known_by(ada) == {ADA_TEL, "A"}
    assert set(desk.find(tel(ADA_TEL))) == {ada, ben, somebody}


def test_one_subject_becomes_two(desk: Desk) -> None:
    couple = desk.identify(tel(ADA_TEL), email(ADA_EMAIL), customer("A"))
    actions.add_identifier(desk.tx, desk.vault, desk.clock, couple, customer("B"), by=DPO)
    ben = desk.split(couple, [customer("B")], [tel(ADA_TEL)])
    assert desk.known_by(couple) == {ADA_TEL, ADA_EMAIL, "A"}
    assert desk.known_by(ben) == {ADA_TEL, "B"}
    assert actions.get(desk.tx, ben).split_from == couple
    assert desk.identify(customer("B"), tel(ADA_TEL)) == ben
    assert desk.identify(email(ADA_EMAIL)) == couple
    rows = desk.tx.connection.execute("SELECT leaf FROM statements WHERE kind = 'subjects.split'").fetchall()
    assert len(rows) == 1
    assert ADA_TEL[3:] not in bytes(rows[0]["leaf"]).decode()


def test_a_split_takes_only_what_is_there(desk: Desk) -> None:
    ada = desk.identify(tel(ADA_TEL))
    with pytest.raises(NotFound):
        desk.split(ada, [tel(BEN_TEL)])
    with pytest.raises(Conflict):
        desk.split(ada, [], [tel(ADA_TEL)])
    with pytest.raises(NotFound):
        desk.split(SubjectId(new_id()), [tel(ADA_TEL)])
    assert desk.find(tel(ADA_TEL)) == [ada]


def test_forgetting_takes_the_blinds_and_the_sealed_values(desk: Desk) -> None:
    ada = desk.identify(tel(ADA_TEL), email(ADA_EMAIL), name=ADA_NAME)
    ben = desk.identify(customer("B"))
    assert actions.forget_identifiers(desk.tx, ada) == 3
    assert actions.forget_identifiers(desk.tx, ada) == 0
    assert desk.find(tel(ADA_TEL)) == desk.find(email(ADA_EMAIL)) == []
    assert actions.identifiers_of(desk.tx, desk.vault, ada) == []
    assert actions.name_of(desk.tx, desk.vault, ada) is None
    row = desk.tx.connection.execute("SELECT count(*) AS n FROM blinds").fetchone()
    assert row is not None
    assert row["n"] == 1
    assert desk.known_by(ben) == {"B"}
    assert desk.identify(tel(ADA_TEL)) != ada


def test_forgetting_one_leaves_the_other_who_shares(desk: Desk) -> None:
    ada, ben = desk.identify(tel(ADA_TEL), customer("A")), desk.identify(tel(ADA_TEL), customer("B"))
    assert actions.forget_identifiers(desk.tx, ada) == 2
    assert desk.find(tel(ADA_TEL)) == [ben]


def test_an_erased_person_is_dark(desk: Desk) -> None:
    ada = desk.identify(tel(ADA_TEL), name=ADA_NAME)
    desk.vault.destroy_subject(desk.tx, ada)
    dark = Dark(reason=DarkReason.SUBJECT_ERASED)
    assert actions.identifiers_of(desk.tx, desk.vault, ada) == dark
    assert actions.name_of(desk.tx, desk.vault, ada) == dark


def test_controllers_do_not_share_people(
    desk: Desk, database: Database, vault: Vault, clock: FixedClock, database_url: str
) -> None:
    ada = desk.identify(tel(ADA_TEL))
    other = ControllerId(new_id())
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO controllers (controller, name, address, contact, jurisdictions, created_at)"
            " VALUES (%s, 'Other', '', 'c', '{EU}', now())",
            (other,),
        )
    with database.transaction(other) as tx:
        assert actions.find(tx, vault, tel(ADA_TEL)) == []
        assert actions.identify(tx, vault, clock, [tel(ADA_TEL)]) != ada
        with pytest.raises(NotFound):
            actions.get(tx, ada)


def test_two_calls_at_once_from_one_number_are_one_person(
    database: Database, controller: ControllerId, vault: Vault, clock: FixedClock
) -> None:
    found: list[SubjectId] = []
    gate = threading.Barrier(4)

    def ring() -> None:
        gate.wait()
        found.append(database.run(controller, lambda tx: actions.identify(tx, vault, clock, [tel(ADA_TEL), email(ADA_EMAIL)])))

    threads = [threading.Thread(target=ring) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


def test_whoever_lacks_the_secret_key_of_the_index_finds_nobody(desk: Desk) -> None:
    """The same number under another key is another place in the index: it hangs on a secret, not on the number."""
    person = desk.identify(tel(ADA_TEL))
    assert desk.find(tel(ADA_TEL)) == [person]
    desk.tx.connection.execute("RESET ROLE")
    assert desk.tx.connection.execute("DELETE FROM blind_keys WHERE controller = %s", (desk.tx.of,)).rowcount == 1
    desk.tx.connection.execute("SET LOCAL ROLE rightcall_app")
    assert desk.find(tel(ADA_TEL)) == []
