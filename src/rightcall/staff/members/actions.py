"""Members: taken in, given another role, suspended, restored, and the links that they sign up with.

Whoever changes a member ends their sessions: nobody goes on with a role that they lost. Deliberately elsewhere: forgetting one
(`staff.leaving`), and how they sign in (`staff.passkeys`, `staff.openid`).
"""

import secrets

from rightcall.actors import Actor, Role
from rightcall.canonical import sha256
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.design.tongues import marked
from rightcall.errors import Conflict, NotFound, NotSignedIn
from rightcall.ids import ControllerId, MemberId, SubjectId, new_id
from rightcall.ledger import actions as ledger
from rightcall.personal import Personal
from rightcall.staff.actions import require
from rightcall.staff.members import rules, store
from rightcall.staff.members.model import Known, Member, NewMember, SignUpLink
from rightcall.staff.members.statements import MemberAgreed, MemberCreated, MemberRestored, MemberRoleChanged, MemberSuspended
from rightcall.staff.model import Deed
from rightcall.staff.sessions import actions as sessions
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

NAME = "staff.members.name"
ADDRESS = "staff.members.address"
_SECRET_BYTES = 32
_LINK_OVER = marked("This link is used up, too old, or not one of ours. Ask an administrator for a new one.")
_WAITS = marked(
    "A DPO has to agree before you come in, since you will read what is held of people. Ask one of them to look under Staff."
)


def create(tx: Transaction, vault: Vault, clock: Clock, new: NewMember, *, by: Actor) -> Member:
    """Conflict where somebody here has this address already."""
    whole, at = rules.checked(new), clock.now()
    member = Member(
        id=MemberId(new_id()),
        controller=tx.of,
        key=SubjectId(new_id()),
        role=whole.role,
        created_at=at,
        suspended_at=None,
        forgotten_at=None,
        waits=rules.is_to_wait(whole.role, by),
    )
    vault.create_subject(tx, member.key)
    name = vault.seal_value(tx, member.key, whole.name.reveal("seal a member's name").encode(), NAME)
    address = blind = None
    if whole.address is not None:
        address = vault.seal_value(tx, member.key, whole.address.reveal("seal a member's address").encode(), ADDRESS)
        blind = _blind(tx, vault, whole.address)
    if store.insert(tx, member, name=name, address=address, blind=blind) != 1:
        raise Conflict("Somebody here has this address already. Look among the members, the suspended ones too.")
    said = MemberCreated(at=at, controller=tx.of, member=member.id, member_role=member.role, actor=by.id, role=by.role)
    ledger.append(tx, said)
    return member


def get(tx: Transaction, member: MemberId) -> Member:
    """Held until the transaction ends."""
    found = store.get(tx, member)
    if found is None:
        raise NotFound("There is no such member of this controller. `rightcall staff list` shows those there are.")
    return found


def members(tx: Transaction) -> list[Member]:
    """All of them, oldest first."""
    return store.all_of(tx)


def has_key(tx: Transaction, vault: Vault, member: Member) -> bool:
    """False once they were forgotten, also where a restored database does not know that yet."""
    return bool(vault.living_among(tx, [member.key]))


def known(tx: Transaction, vault: Vault) -> list[Known]:
    """All of them, with their names: many at the price of a few."""
    everybody, sealed = store.all_of(tx), store.sealed(tx)
    living = vault.living_among(tx, [each.key for each in everybody])
    named = [each for each in everybody if each.id in sealed and each.key in living]
    reached = [(each, address) for each in named if (address := sealed[each.id][1]) is not None]
    names = vault.open_of_many(tx, [(each.key, sealed[each.id][0]) for each in named], NAME)
    addresses = vault.open_of_many(tx, [(each.key, address) for each, address in reached], ADDRESS)
    name_of = {each.id: Personal(name.decode()) for each, name in zip(named, names, strict=True)}
    address_of = {each.id: Personal(found.decode()) for (each, _), found in zip(reached, addresses, strict=True)}
    return [Known(member=each, name=name_of.get(each.id), address=address_of.get(each.id)) for each in everybody]


def name_of(tx: Transaction, vault: Vault, member: MemberId) -> Known:
    """One, with their name."""
    found, sealed = get(tx, member), store.sealed_of(tx, member)
    if sealed is None:
        return Known(member=found, name=None, address=None)
    name, address = sealed
    opened = vault.open_values(tx, found.key, [(name, NAME), *([] if address is None else [(address, ADDRESS)])])
    if isinstance(opened, Dark):
        return Known(member=found, name=None, address=None)
    words = [Personal(each.decode()) for each in opened]
    return Known(member=found, name=words[0], address=words[1] if len(words) > 1 else None)


def by_address(tx: Transaction, vault: Vault, address: Personal[str]) -> Member | None:
    """Whoever an administrator entered under this address, suspended or not."""
    return store.by_blind(tx, _blind(tx, vault, rules.normal(address)))


def change_role(tx: Transaction, clock: Clock, member: MemberId, role: Role, *, by: Actor) -> None:
    """From now on; their sessions end. The same role changes nothing."""
    rules.check_role(role)
    found = _held(tx, member)
    if found.role is role:
        return
    if found.role is Role.ADMINISTRATOR:
        rules.check_not_last(store.hold_all(tx), member)
    store.set_role(tx, member, role)
    store.set_waits(tx, member, rules.is_to_wait(role, by))
    sessions.end_all(tx, clock, member)
    at = clock.now()
    ledger.append(tx, MemberRoleChanged(at=at, controller=tx.of, member=member, member_role=role, actor=by.id, role=by.role))


def suspend(tx: Transaction, clock: Clock, member: MemberId, *, by: Actor) -> None:
    """Lets them in no more, at once, by nothing. Again is fine."""
    found = get(tx, member)
    if not found.is_active:
        return
    rules.check_not_last(store.hold_all(tx), member)
    shut_out(tx, clock, member, by=by)


def shut_out(tx: Transaction, clock: Clock, member: MemberId, *, by: Actor) -> None:
    """Suspends, whoever is left."""
    at = clock.now()
    store.set_suspended(tx, member, at)
    end_ways(tx, clock, member)
    ledger.append(tx, MemberSuspended(at=at, controller=tx.of, member=member, actor=by.id, role=by.role))


def end_ways(tx: Transaction, clock: Clock, member: MemberId) -> None:
    """Their sessions, and the links that they did not use."""
    store.delete_links(tx, member)
    sessions.end_all(tx, clock, member)


def restore(tx: Transaction, clock: Clock, member: MemberId, *, by: Actor) -> None:
    """They sign in again with what they signed in with before. Conflict for one that was forgotten."""
    found = get(tx, member)
    if found.forgotten_at is not None:
        raise Conflict("This member was forgotten. Take them in anew.")
    if found.is_active:
        return
    store.set_suspended(tx, member, None)
    ledger.append(tx, MemberRestored(at=clock.now(), controller=tx.of, member=member, actor=by.id, role=by.role))


def make_link(tx: Transaction, clock: Clock, member: MemberId, *, by: Actor) -> SignUpLink:
    """For a passkey, once, within a day. Those made before, and not used, end. Whoever has a link is that member: so where an
    administrator could read by it what is held of people, the member waits for a DPO; one made on the machine lets in."""
    found = _held(tx, member)
    store.set_waits(tx, member, rules.is_to_wait(found.role, by))
    store.delete_links(tx, member)
    at, secret = clock.now(), secrets.token_urlsafe(_SECRET_BYTES)
    expires_at = at + rules.LINK_HOLDS
    store.insert_link(tx, new_id(), member, sha256(secret.encode()), made_at=at, expires_at=expires_at)
    return SignUpLink(member=member, expires_at=expires_at, secret=secret)


def check_agreed(member: Member) -> None:
    """NotSignedIn while a DPO has not agreed to what an administrator gave them."""
    if member.waits:
        raise NotSignedIn(_WAITS)


def agree(tx: Transaction, clock: Clock, member: MemberId, *, by: Actor) -> None:
    """They may come in from now on. Again is fine."""
    require(by, Deed.AGREE_TO_ACCESS)
    found = _held(tx, member)
    if found.waits:
        store.set_waits(tx, member, False)
        said = MemberAgreed(at=clock.now(), controller=tx.of, member=member, member_role=found.role, actor=by.id, role=by.role)
        ledger.append(tx, said)


def whose_link(system_tx: Transaction, clock: Clock, secret: str) -> tuple[ControllerId, MemberId]:
    """Takes a system transaction, since the link itself says which controller follows. Spends nothing."""
    found = store.whose_link(system_tx, sha256(secret.encode()), clock.now())
    if found is None:
        raise NotSignedIn(_LINK_OVER)
    return found


def spend_link(tx: Transaction, clock: Clock, secret: str) -> None:
    """Once: whoever comes second is refused."""
    if store.spend_link(tx, sha256(secret.encode()), clock.now()) != 1:
        raise NotSignedIn(_LINK_OVER)


def _held(tx: Transaction, member: MemberId) -> Member:
    found = get(tx, member)
    if not found.is_active:
        raise Conflict("This member is suspended. Restore them first.")
    return found


def _blind(tx: Transaction, vault: Vault, address: Personal[str]) -> bytes:
    return vault.blind(tx, "staff.address", address.reveal("blind a member's address"))
