"""Passkeys and accounts at a provider: added, used, removed; each says no in the same words whether a member exists or not."""

import pytest

from rightcall.actors import SYSTEM, Role
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, Malformed, NotConfigured, NotFound, NotSignedIn
from rightcall.ids import PasskeyId, new_id
from rightcall.personal import Personal
from rightcall.staff.members import actions as members
from rightcall.staff.members.model import Member
from rightcall.staff.openid import actions as openid
from rightcall.staff.openid.model import GroupRoles, Identity
from rightcall.staff.openid.rules import parse_roles, role_of
from rightcall.staff.passkeys import actions as passkeys
from rightcall.staff.sessions.model import NewSession, Way
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.staff.scene import ADDRESS, CHALLENGE, DEVICES, LIMITS, House

MAPPING = GroupRoles(claim="groups", roles={"privacy": Role.DPO, "desk": Role.AGENT})


@pytest.fixture
def house(tx: Transaction, vault: Vault, clock: FixedClock) -> House:
    return House(tx, vault, clock)


@pytest.fixture
def ada(house: House) -> Member:
    return house.hire()


def enter(house: House, answer: str, challenge: bytes = CHALLENGE) -> NewSession:
    return passkeys.sign_in(house.tx, house.vault, house.clock, DEVICES, answer=answer, challenge=challenge, limits=LIMITS)


def come_back(house: House, identity: Identity, mapping: GroupRoles | None = None) -> NewSession:
    return openid.sign_in(house.tx, house.vault, house.clock, identity, limits=LIMITS, mapping=mapping)


def identity(subject: str = "248289761001", address: str | None = ADDRESS, *groups: str) -> Identity:
    verified = None if address is None else Personal(address)
    return Identity(issuer="https://login.example", subject=Personal(subject), address=verified, groups=frozenset(groups))


def test_a_passkey_lets_its_member_in_and_counts(house: House, ada: Member) -> None:
    added = house.add_passkey(ada)
    entered = enter(house, f"aa {CHALLENGE.hex()} 2")
    assert (entered.session.member, entered.session.way) == (ada.id, Way.PASSKEY)
    [known] = passkeys.of_member(house.tx, house.vault, ada.id)
    assert (known.passkey.id, known.passkey.credential.sign_count, known.passkey.used_at) == (added.id, 2, house.clock.at)
    assert known.label == Personal("My phone")
    for wrong in (f"aa {CHALLENGE.hex()} 2", f"aa {'00' * 32} 3", f"bb {CHALLENGE.hex()} 3"):
        with pytest.raises(NotSignedIn):
            enter(house, wrong)


def test_the_same_credential_is_added_once(house: House, ada: Member) -> None:
    house.add_passkey(ada)
    assert "aa" in passkeys.options_to_add(house.tx, house.vault, DEVICES, ada.id, CHALLENGE)
    with pytest.raises(Malformed, match="word or two"):
        house.add_passkey(ada, "bb", label="x" * 61)


def test_a_suspended_member_is_refused_in_the_words_for_nobody(house: House, ada: Member) -> None:
    ben = house.hire(Role.AGENT, address="ben@energy.example")
    house.add_passkey(ben, "bb")
    come_back(house, identity("ben", "ben@energy.example"))
    members.suspend(house.tx, house.clock, ben.id, by=SYSTEM)
    with pytest.raises(NotSignedIn) as of_ben:
        enter(house, f"bb {CHALLENGE.hex()} 2")
    with pytest.raises(NotSignedIn) as of_nobody:
        enter(house, f"cc {CHALLENGE.hex()} 2")
    assert str(of_ben.value) == str(of_nobody.value)
    with pytest.raises(NotSignedIn) as of_ben:
        come_back(house, identity("ben", "ben@energy.example"))
    with pytest.raises(NotSignedIn) as of_nobody:
        come_back(house, identity("nobody", "nobody@energy.example"))
    assert str(of_ben.value) == str(of_nobody.value)


def test_the_only_way_to_sign_in_is_not_removed(house: House, ada: Member) -> None:
    first = house.add_passkey(ada)
    with pytest.raises(Conflict, match="Add another"):
        passkeys.remove(house.tx, house.clock, member=ada.id, passkey=first.id, by=ada.actor)
    second = house.add_passkey(ada, "bb")
    passkeys.remove(house.tx, house.clock, member=ada.id, passkey=first.id, by=ada.actor)
    come_back(house, identity())
    passkeys.remove(house.tx, house.clock, member=ada.id, passkey=second.id, by=ada.actor)
    with pytest.raises(NotFound):
        passkeys.remove(house.tx, house.clock, member=ada.id, passkey=PasskeyId(new_id()), by=ada.actor)
    assert house.statements()[-4:] == [
        "staff.passkey_added",
        "staff.passkey_removed",
        "staff.account_linked",
        "staff.passkey_removed",
    ]


def test_an_account_is_linked_by_a_verified_address_and_then_known_for_good(house: House, ada: Member) -> None:
    assert come_back(house, identity()).session.member == ada.id
    assert come_back(house, identity(address=None)).session.way is Way.OPENID
    assert come_back(house, identity(address="new@energy.example")).session.member == ada.id
    for another in (identity("another"), identity("another", None)):
        with pytest.raises(NotSignedIn, match="administrator"):
            come_back(house, another)


def test_an_address_that_is_not_verified_links_nothing(house: House, ada: Member) -> None:
    with pytest.raises(NotSignedIn):
        come_back(house, identity(address=None))
    assert not openid.is_linked(house.tx, ada.id)


def test_a_role_is_the_providers_word_only_where_it_is_asked_for(house: House, ada: Member) -> None:
    house.hire(address="carl@energy.example")
    come_back(house, identity("248289761001", ADDRESS, "privacy"))
    assert members.get(house.tx, ada.id).role is Role.ADMINISTRATOR
    come_back(house, identity("248289761001", ADDRESS, "privacy", "all"), MAPPING)
    assert members.get(house.tx, ada.id).role is Role.DPO
    for groups in ((), ("all",), ("privacy", "desk")):
        with pytest.raises(NotSignedIn, match="group"):
            come_back(house, identity("248289761001", ADDRESS, *groups), MAPPING)


def test_roles_are_read_as_they_are_written() -> None:
    assert parse_roles(" ") is None
    assert parse_roles("groups:privacy=dpo, desk=agent") == MAPPING
    assert role_of(MAPPING, frozenset({"desk", "all"})) is Role.AGENT
    for wrong in ("groups", "groups:", ":a=dpo", "groups:a", "groups:a=engineer", "groups:=dpo"):
        with pytest.raises(NotConfigured, match="RIGHTCALL_OPENID_ROLES"):
            parse_roles(wrong)
