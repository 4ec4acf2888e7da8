"""Forgetting a member who left: name and address are destroyed with the key that they were sealed under, and so are their ways to
sign in. Their id stays in what was done under it, and names nobody any more.
"""

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.ids import MemberId
from rightcall.ledger import actions as ledger
from rightcall.staff.members import actions as members
from rightcall.staff.members import store
from rightcall.staff.members.statements import MemberForgotten
from rightcall.staff.openid import actions as openid
from rightcall.staff.passkeys import actions as passkeys
from rightcall.vault.actions import Vault


def forget(tx: Transaction, vault: Vault, clock: Clock, member: MemberId, *, by: Actor) -> None:
    """For good. Conflict where they are not suspended. Again is fine."""
    found = members.get(tx, member)
    if found.is_active:
        raise Conflict("Suspend this member first. Only who has left is forgotten.")
    if found.forgotten_at is not None:
        return
    at = clock.now()
    passkeys.remove_all(tx, clock, member, by=by)
    openid.unlink(tx, member)
    store.forget(tx, member, at)
    vault.destroy_subject(tx, found.key)
    ledger.append(tx, MemberForgotten(at=at, controller=tx.of, member=member, actor=by.id, role=by.role))
