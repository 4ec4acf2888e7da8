"""Adding passkeys, signing in by one, removing one. What a device answers is checked by `ports.Authenticators`, for a challenge
that was kept here (`staff.ceremonies`); a passkey that is not known here is answered like one whose member is suspended.
"""

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.design.tongues import marked
from rightcall.errors import Breach, Conflict, Malformed, NotFound, NotSignedIn
from rightcall.ids import ControllerId, MemberId, PasskeyId, new_id
from rightcall.ledger import actions as ledger
from rightcall.personal import Personal
from rightcall.staff.members import actions as members
from rightcall.staff.members.model import Member
from rightcall.staff.openid import actions as openid
from rightcall.staff.passkeys import store
from rightcall.staff.passkeys.model import Labelled, Passkey
from rightcall.staff.passkeys.ports import Authenticators
from rightcall.staff.passkeys.statements import PasskeyAdded, PasskeyRemoved
from rightcall.staff.sessions import actions as sessions
from rightcall.staff.sessions.model import Limits, NewSession, Way
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

MOST = 10
MOST_LETTERS = 60
_LABEL = "staff.passkeys.label"
_UNKNOWN = marked("This passkey lets nobody in here. Choose another, or ask an administrator for a new link.")


def options_to_add(tx: Transaction, vault: Vault, authenticators: Authenticators, member: MemberId, challenge: bytes) -> str:
    """For the browser of a member who is let in already, by a link or a session."""
    known = members.name_of(tx, vault, member)
    if known.name is None:
        raise Conflict("This member was forgotten. Take them in anew.")
    have = [passkey.credential.id for passkey, _ in store.of_member(tx, member)]
    return authenticators.options_to_add(handle=member.bytes, name=known.name, challenge=challenge, known=have)


def add(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    authenticators: Authenticators,
    *,
    member: MemberId,
    answer: str,
    challenge: bytes,
    label: Personal[str],
) -> Passkey:
    """One more for this member. Conflict where there are many, or the credential is known."""
    found = _active(tx, member)
    if len(store.of_member(tx, member)) >= MOST:
        raise Conflict(f"There are {MOST} passkeys already. Remove one that is not used any more.")
    passkey = Passkey(
        id=PasskeyId(new_id()),
        member=member,
        credential=authenticators.added(answer, challenge),
        added_at=clock.now(),
        used_at=None,
    )
    store.insert(tx, passkey, vault.seal_value(tx, found.key, _checked(label).encode(), _LABEL))
    said = PasskeyAdded(at=passkey.added_at, controller=tx.of, member=member, passkey=passkey.id, actor=member, role=found.role)
    ledger.append(tx, said)
    return passkey


def whose(system_tx: Transaction, authenticators: Authenticators, answer: str) -> ControllerId:
    """Which controller's passkey claims to answer. Takes a system transaction, since only then it is known who follows."""
    found = store.whose(system_tx, authenticators.credential_of(answer))
    if found is None:
        raise NotSignedIn(_UNKNOWN)
    return found


def sign_in(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    authenticators: Authenticators,
    *,
    answer: str,
    challenge: bytes,
    limits: Limits,
) -> NewSession:
    """NotSignedIn where the answer does not hold, and for a member that is suspended."""
    passkey = store.hold(tx, authenticators.credential_of(answer))
    if passkey is None:
        raise NotSignedIn(_UNKNOWN)
    count = authenticators.signed(answer, challenge, passkey.credential)
    member = members.get(tx, passkey.member)
    if not member.is_active or not members.has_key(tx, vault, member):
        raise NotSignedIn(_UNKNOWN)
    members.check_agreed(member)
    store.set_used(tx, passkey.id, count, clock.now())
    return sessions.begin(tx, clock, passkey.member, Way.PASSKEY, limits)


def of_member(tx: Transaction, vault: Vault, member: MemberId) -> list[Labelled]:
    """Oldest first."""
    key, found = members.get(tx, member).key, store.of_member(tx, member)
    opened = vault.open_values(tx, key, [(label, _LABEL) for _, label in found]) if found else []
    if isinstance(opened, Dark):
        raise Breach("A member who was forgotten has passkeys still. Stop, and tell the DPO.")
    return [Labelled(passkey=passkey, label=Personal(label.decode())) for (passkey, _), label in zip(found, opened, strict=True)]


def counts(tx: Transaction) -> dict[MemberId, int]:
    """How many each member has who has any."""
    return store.counts(tx)


def remove(tx: Transaction, clock: Clock, *, member: MemberId, passkey: PasskeyId, by: Actor) -> None:
    """It lets nobody in any more. Conflict for the last of somebody who cannot sign in otherwise."""
    members.get(tx, member)
    have = [each.id for each, _ in store.of_member(tx, member)]
    if passkey not in have:
        raise NotFound("There is no such passkey of yours. Look at the list again.")
    if len(have) == 1 and not openid.is_linked(tx, member):
        raise Conflict("This is your only way to sign in. Add another passkey first, then remove this one.")
    _remove(tx, clock, member, passkey, by)


def remove_all(tx: Transaction, clock: Clock, member: MemberId, *, by: Actor) -> None:
    for passkey, _ in store.of_member(tx, member):
        _remove(tx, clock, member, passkey.id, by)


def _remove(tx: Transaction, clock: Clock, member: MemberId, passkey: PasskeyId, by: Actor) -> None:
    store.delete(tx, passkey)
    said = PasskeyRemoved(at=clock.now(), controller=tx.of, member=member, passkey=passkey, actor=by.id, role=by.role)
    ledger.append(tx, said)


def _active(tx: Transaction, member: MemberId) -> Member:
    found = members.get(tx, member)
    if not found.is_active:
        raise NotSignedIn(_UNKNOWN)
    return found


def _checked(label: Personal[str]) -> str:
    word = " ".join(label.reveal("check a passkey's label").split()) or "Passkey"
    if len(word) > MOST_LETTERS or not word.isprintable():
        raise Malformed(f"Call the passkey by a word or two, in at most {MOST_LETTERS} letters.")
    return word
