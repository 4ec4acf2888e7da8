"""People who work here: sealed, found by a blind, never the last administrator, gone when they are forgotten."""

from datetime import timedelta
from functools import partial

import pytest

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.database.connection import Database, Transaction
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound, NotSignedIn
from rightcall.ids import ControllerId, MemberId, new_id
from rightcall.personal import Personal
from rightcall.staff import leaving
from rightcall.staff.members import actions as members
from rightcall.staff.members.model import NewMember
from rightcall.staff.members.rules import LINK_HOLDS
from rightcall.staff.openid import actions as openid
from rightcall.staff.openid.model import Identity
from rightcall.staff.passkeys import actions as passkeys
from rightcall.staff.sessions import actions as sessions
from rightcall.staff.sessions.model import Way
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.staff.scene import ADDRESS, LIMITS, House


@pytest.fixture
def house(tx: Transaction, vault: Vault, clock: FixedClock) -> House:
    return House(tx, vault, clock)


def test_a_member_is_found_by_their_address_however_it_is_spelled(house: House) -> None:
    ada = house.hire()
    assert members.by_address(house.tx, house.vault, Personal("ADA@Energy.example ")) == ada
    assert members.by_address(house.tx, house.vault, Personal("ben@energy.example")) is None
    [known] = members.known(house.tx, house.vault)
    assert (known.name, known.address) == (Personal("Ada Lind"), Personal(ADDRESS))
    with pytest.raises(Conflict, match="address already"):
        house.hire(Role.AGENT)


def test_no_column_and_no_statement_has_a_name_or_an_address(house: House) -> None:
    house.add_passkey(house.hire())
    rows = house.tx.connection.execute(
        "SELECT m::text AS m, p::text AS p FROM members m JOIN passkeys p USING (member)"
    ).fetchall()
    leaves = house.tx.connection.execute("SELECT leaf FROM statements WHERE controller = %s", (house.tx.of,)).fetchall()
    kept = "".join(f"{row['m']} {row['p']}" for row in rows) + "".join(bytes(row["leaf"]).decode() for row in leaves)
    assert len(rows) == 1
    for word in ("Ada", "Lind", "ada@", "energy", "phone"):
        assert word not in kept
        assert word.encode().hex() not in kept


@pytest.mark.parametrize(
    ("role", "name", "address"),
    [
        (Role.ENGINEER, "Ada", ADDRESS),
        (Role.SYSTEM, "Ada", ADDRESS),
        (Role.AGENT, " ", ADDRESS),
        (Role.AGENT, "A" * 101, ADDRESS),
        (Role.AGENT, "Ada\x00", ADDRESS),
        (Role.AGENT, "Ada", "ada"),
    ],
)
def test_what_is_no_member_is_refused(house: House, role: Role, name: str, address: str) -> None:
    with pytest.raises(Malformed):
        house.hire(role, address, name)


def test_the_last_administrator_stays(house: House) -> None:
    ada = house.hire()
    for leave in (members.suspend, partial(members.change_role, role=Role.DPO)):
        with pytest.raises(Conflict, match="somebody else an administrator"):
            leave(house.tx, house.clock, ada.id, by=SYSTEM)
    house.hire(address="ben@energy.example")
    members.change_role(house.tx, house.clock, ada.id, Role.DPO, by=SYSTEM)
    assert members.get(house.tx, ada.id).role is Role.DPO


def test_whoever_is_changed_or_suspended_is_signed_out(house: House) -> None:
    house.hire(address=None)
    ben = house.hire(Role.AGENT)
    for change in (partial(members.change_role, role=Role.SUPERVISOR), members.suspend):
        begun = sessions.begin(house.tx, house.clock, ben.id, Way.PASSKEY, LIMITS)
        change(house.tx, house.clock, ben.id, by=SYSTEM)
        assert {each.id: each.ended_at for each in sessions.of_member(house.tx, ben.id)}[begun.session.id] == house.clock.at
    with pytest.raises(Conflict, match="Restore"):
        members.make_link(house.tx, house.clock, ben.id, by=SYSTEM)
    members.restore(house.tx, house.clock, ben.id, by=SYSTEM)
    assert house.statements()[-3:] == ["staff.member_role_changed", "staff.member_suspended", "staff.member_restored"]


def test_a_link_works_once_within_a_day(house: House, database: Database, controller: ControllerId) -> None:
    with database.transaction(controller) as tx:
        there = House(tx, house.vault, house.clock)
        ada = there.hire()
        first, link = (members.make_link(tx, house.clock, ada.id, by=SYSTEM) for _ in range(2))
    assert link.secret not in repr(link)
    with database.system() as system:
        assert members.whose_link(system, house.clock, link.secret) == (controller, ada.id)
        with pytest.raises(NotSignedIn):
            members.whose_link(system, house.clock, first.secret)
    house.clock.at += LINK_HOLDS
    with database.system() as system, pytest.raises(NotSignedIn):
        members.whose_link(system, house.clock, link.secret)
    house.clock.at -= timedelta(seconds=1)
    with database.transaction(controller) as tx:
        members.spend_link(tx, house.clock, link.secret)
        with pytest.raises(NotSignedIn):
            members.spend_link(tx, house.clock, link.secret)


def test_a_member_of_another_controller_is_not_there(house: House, database: Database) -> None:
    ada = house.hire()
    with database.transaction(ControllerId(new_id())) as other, pytest.raises(NotFound):
        members.suspend(other, house.clock, ada.id, by=SYSTEM)
    with pytest.raises(NotFound, match="staff list"):
        members.get(house.tx, MemberId(new_id()))


def test_whoever_left_is_forgotten_and_the_id_stays(house: House) -> None:
    house.hire(address=None)
    ben = house.hire(Role.AGENT, name="Ben Holm")
    house.add_passkey(ben)
    with pytest.raises(Conflict, match="Suspend"):
        leaving.forget(house.tx, house.vault, house.clock, ben.id, by=SYSTEM)
    members.suspend(house.tx, house.clock, ben.id, by=SYSTEM)
    for _ in range(2):
        leaving.forget(house.tx, house.vault, house.clock, ben.id, by=SYSTEM)
    known = members.name_of(house.tx, house.vault, ben.id)
    assert (known.name, known.address, passkeys.counts(house.tx)) == (None, None, {})
    assert members.by_address(house.tx, house.vault, Personal(ADDRESS)) is None
    assert not house.vault.subject_exists(house.tx, ben.key)
    with pytest.raises(Conflict, match="anew"):
        members.restore(house.tx, house.clock, ben.id, by=SYSTEM)
    assert house.statements()[-2:] == ["staff.passkey_removed", "staff.member_forgotten"]


def test_a_member_who_waits_comes_in_by_nothing_and_the_machine_lets_them_in(house: House) -> None:
    tx, vault, clock = house.tx, house.vault, house.clock
    boss = Actor(id=new_id(), role=Role.ADMINISTRATOR)
    new = NewMember(role=Role.DPO, name=Personal("Eve Lund"), address=Personal("eve@northwind.example"))
    eve = members.create(tx, vault, clock, new, by=boss)
    me = Identity(issuer="https://login.example", subject=Personal("1"), address=new.address, groups=frozenset())
    with pytest.raises(NotSignedIn, match="A DPO has to agree"):
        openid.sign_in(tx, vault, clock, me, limits=LIMITS, mapping=None)
    members.make_link(tx, clock, eve.id, by=SYSTEM)
    assert openid.sign_in(tx, vault, clock, me, limits=LIMITS, mapping=None).session.member == eve.id
    members.change_role(tx, clock, eve.id, Role.AGENT, by=boss)
    assert not members.get(tx, eve.id).waits
    members.change_role(tx, clock, eve.id, Role.AUDITOR, by=boss)
    assert members.get(tx, eve.id).waits
    with pytest.raises(NotAllowed):
        members.agree(tx, clock, eve.id, by=boss)
