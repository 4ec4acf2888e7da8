"""Signing in by the word of an OpenID provider (OpenID Connect Core 1.0). An account is a member's by issuer and subject once it
was linked; it is linked the first time, by a verified address that an administrator entered here. No member comes about by it.
"""

from rightcall.actors import SYSTEM
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.design.tongues import marked
from rightcall.errors import Malformed, NotSignedIn
from rightcall.ids import MemberId
from rightcall.ledger import actions as ledger
from rightcall.staff.members import actions as members
from rightcall.staff.members.model import Member
from rightcall.staff.openid import rules, store
from rightcall.staff.openid.model import GroupRoles, Identity
from rightcall.staff.openid.statements import AccountLinked
from rightcall.staff.sessions import actions as sessions
from rightcall.staff.sessions.model import Limits, NewSession, Way
from rightcall.vault.actions import Vault

UNKNOWN = marked("Nobody is let in here by this account. Ask an administrator whether you were entered, and under which address.")


def member_of(tx: Transaction, vault: Vault, identity: Identity) -> Member | None:
    """Whoever this is at this controller, suspended or not. Changes nothing."""
    whose = store.whose(tx, _blind(tx, vault, identity))
    if whose is not None:
        return members.get(tx, whose)
    if identity.address is None:
        return None
    try:
        found = members.by_address(tx, vault, identity.address)
    except Malformed:
        return None
    return None if found is None or is_linked(tx, found.id) else found


def sign_in(
    tx: Transaction, vault: Vault, clock: Clock, identity: Identity, *, limits: Limits, mapping: GroupRoles | None
) -> NewSession:
    """Links the account the first time. `mapping`: where roles are the provider's word, the member has that role from now on.
    NotSignedIn, always in the same words, where nobody is known by it or the member is suspended."""
    found = member_of(tx, vault, identity)
    if found is None or not found.is_active or not members.has_key(tx, vault, found):
        raise NotSignedIn(UNKNOWN)
    members.check_agreed(found)
    if not is_linked(tx, found.id):
        _link(tx, vault, clock, identity, found)
    if mapping is not None:
        members.change_role(tx, clock, found.id, rules.role_of(mapping, identity.groups), by=SYSTEM)
    return sessions.begin(tx, clock, found.id, Way.OPENID, limits)


def is_linked(tx: Transaction, member: MemberId) -> bool:
    return member in store.linked(tx)


def linked(tx: Transaction) -> set[MemberId]:
    """Those that have an account at the provider."""
    return store.linked(tx)


def unlink(tx: Transaction, member: MemberId) -> None:
    store.delete(tx, member)


def _link(tx: Transaction, vault: Vault, clock: Clock, identity: Identity, member: Member) -> None:
    at = clock.now()
    store.insert(tx, _blind(tx, vault, identity), member.id, at)
    ledger.append(tx, AccountLinked(at=at, controller=tx.of, member=member.id, actor=member.id, role=member.role))


def _blind(tx: Transaction, vault: Vault, identity: Identity) -> bytes:
    return vault.blind(tx, f"staff.openid:{identity.issuer}", identity.subject.reveal("blind an account at the provider"))
