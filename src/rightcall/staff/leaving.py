"""Forgetting a member who left: name and address are destroyed with the key that they were sealed under, and so are their ways to
sign in. Their id stays in what was done under it, and names nobody any more.
"""

from rightcall.actors import SYSTEM, Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.ids import MemberId
from rightcall.ledger import actions as ledger
from rightcall.staff.members import actions as members
from rightcall.staff.members import store
from rightcall.staff.members.model import Member
from rightcall.staff.members.statements import MemberForgotten
from rightcall.staff.openid import actions as openid
from rightcall.staff.passkeys import actions as passkeys
from rightcall.vault.actions import Vault


def forget(tx: Transaction, vault: Vault, clock: Clock, member: MemberId, *, by: Actor) -> None:
    """For good. Conflict where they are not suspended. Again is fine."""
    found = members.get(tx, member)
    if found.is_active:
        raise Conflict("Suspend this member first. Only who has left is forgotten.")
    if found.forgotten_at is None:
        _forget(tx, vault, clock, found, by)


def suspend_again(tx: Transaction, clock: Clock, member: MemberId) -> bool:
    """A restored database knows less: whoever was suspended after its backup is shut out again. Whether that was to do."""
    found = members.get(tx, member)
    if found.is_active:
        members.shut_out(tx, clock, member, by=SYSTEM)
    return found.is_active


def forget_again(tx: Transaction, vault: Vault, clock: Clock, member: MemberId) -> bool:
    """The same for whoever was forgotten."""
    suspend_again(tx, clock, member)
    found = members.get(tx, member)
    if found.forgotten_at is None:
        _forget(tx, vault, clock, found, SYSTEM)
    return found.forgotten_at is None


def sign_everybody_out(tx: Transaction, clock: Clock) -> int:
    """Sessions and links of before a restore may have ended since: none of them counts. How many people are out."""
    everybody = members.members(tx)
    for member in everybody:
        members.end_ways(tx, clock, member.id)
    return len(everybody)


def _forget(tx: Transaction, vault: Vault, clock: Clock, member: Member, by: Actor) -> None:
    passkeys.remove_all(tx, clock, member.id, by=by)
    openid.unlink(tx, member.id)
    at = clock.now()
    store.forget(tx, member.id, at)
    vault.destroy_subject(tx, member.key)
    ledger.append(tx, MemberForgotten(at=at, controller=tx.of, member=member.id, actor=by.id, role=by.role))
