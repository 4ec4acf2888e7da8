"""What a concern's words and its raiser are sealed with.

    words      under the concern's own key in the vault, whoever raised it
    identity   a staff raiser's under a key of its own in the vault, a customer's under the subject key; and under an inner key
               that no table has as it is: sealed under the case code, and under the token
    subject    whose subject key that is, for a customer: beside the inner key, under the case code

So the words go dark when the concern is forgotten and at no other time: were they to go with the person, an erasure would tell
whoever reads them whose they were. What an erasure destroys is the identity. It opens for nobody without code or token, the
vault and the whole database notwithstanding. A consent of the raiser puts what is under the code under a third key, made for
that consent; taking the consent back destroys it.

Of a customer's concern from before migration 0039 the subject lies under the concern's key, and the words lay under the
subject's inside that; the worker has laid them under the concern's alone.
"""

from dataclasses import dataclass
from uuid import UUID

from rightcall.canonical import canonical_json, parse_json
from rightcall.concerns.codes import key_of_code, key_of_token, random_id, tag_of_token
from rightcall.concerns.model import Customer, Identity, RaisedAs, SealedRaiser, SealedWords, Staff
from rightcall.database.connection import Transaction
from rightcall.errors import Breach, Tampered
from rightcall.ids import ConcernId, SubjectId
from rightcall.personal import Personal
from rightcall.vault.actions import Vault
from rightcall.vault.model import KEY_BYTES, Dark, DarkReason
from rightcall.vault.wrapping import context, new_secret, unwrap, wrap

_ALONE, _OF_SUBJECT = b"\x00", b"\x01"
_SUBJECT = "concerns.subject"
_IDENTITY = "concerns.identity"
_CONSENT = "concerns.consent"
NOBODY = SealedRaiser(key=None, identity=None, tag=None, by_code=None, by_token=None)


def new_key(tx: Transaction, vault: Vault) -> SubjectId:
    """A key of the vault that belongs to no subject of the register. It is re-wrapped each epoch and destroyed as theirs are."""
    key = SubjectId(random_id())
    vault.create_subject(tx, key)
    return key


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Where the words of one concern are sealed. `subject`: the customer, where the concern is from before migration 0039."""

    key: SubjectId
    subject: SubjectId | None = None

    def seal(self, tx: Transaction, vault: Vault, words: Personal[str], context: str) -> bytes:
        """`context` is a constant of the code, such as `concerns.words`."""
        return vault.seal_value(tx, self.key, _ALONE + words.reveal("seal words of a concern").encode(), context)

    def open(self, tx: Transaction, vault: Vault, sealed: bytes, context: str) -> Personal[str] | Dark:
        opened = vault.open_value(tx, self.key, sealed, context)
        if not isinstance(opened, Dark) and opened[:1] == _OF_SUBJECT:
            if self.subject is None:
                raise Tampered("Words of a concern are sealed for a customer, and the concern names none. Tell the DPO.")
            opened = vault.open_value(tx, self.subject, opened[1:], context)
            return opened if isinstance(opened, Dark) else Personal(opened.decode())
        return opened if isinstance(opened, Dark) else Personal(opened[1:].decode())


def envelope_of(tx: Transaction, vault: Vault, sealed: SealedWords) -> Envelope | Dark:
    """Dark once the concern is forgotten."""
    if not vault.subject_exists(tx, sealed.key):
        return Dark(reason=DarkReason.SUBJECT_ERASED)
    if sealed.subject is None:
        return Envelope(key=sealed.key)
    subject = vault.open_value(tx, sealed.key, sealed.subject, _SUBJECT)
    return subject if isinstance(subject, Dark) else Envelope(key=sealed.key, subject=SubjectId(UUID(bytes=subject)))


def seal_staff(tx: Transaction, vault: Vault, concern: ConcernId, staff: Staff, code: Personal[str]) -> SealedRaiser:
    key, inner = new_key(tx, vault), new_secret()
    said = _said(staff.bearer.actor.id, staff.bearer.actor.role.value, staff.name)
    return SealedRaiser(
        key=key,
        identity=vault.seal_value(tx, key, wrap(inner, said, _boxed_in(tx, concern)), _IDENTITY),
        tag=tag_of_token(staff.bearer.secret, tx.of, concern),
        by_code=wrap(key_of_code(code, tx.of, concern), inner, _inner(tx, concern)),
        by_token=wrap(key_of_token(staff.bearer.secret, tx.of, concern), inner, _inner(tx, concern)),
    )


def seal_customer(tx: Transaction, vault: Vault, concern: ConcernId, customer: Customer, code: Personal[str]) -> SealedRaiser:
    """The inner key is the outer one here: so nobody finds the customer by trying each subject's key in turn."""
    inner, said = new_secret(), _said(customer.subject, None, customer.name)
    under_subject = vault.seal_value(tx, customer.subject, said, _IDENTITY)
    return SealedRaiser(
        key=None,
        identity=wrap(inner, under_subject, _boxed_in(tx, concern)),
        tag=None,
        by_code=wrap(key_of_code(code, tx.of, concern), inner + customer.subject.bytes, _inner(tx, concern)),
        by_token=None,
    )


def inner_by_code(tx: Transaction, concern: ConcernId, raiser: SealedRaiser, code: Personal[str]) -> bytes:
    """The inner key, a customer's subject behind it. Ask only with the code that the concern was found by."""
    if raiser.by_code is None:
        raise Breach("A concern without a raiser was asked for the raiser's key. Stop, and tell the DPO.")
    return unwrap(key_of_code(code, tx.of, concern), raiser.by_code, _inner(tx, concern))


def inner_by_token(tx: Transaction, concern: ConcernId, raiser: SealedRaiser, secret: Personal[str]) -> bytes:
    """Ask only where the token's tag is the raiser's."""
    if raiser.by_token is None:
        raise Breach("A concern without a raiser's token was asked for the raiser's key. Stop, and tell the DPO.")
    return unwrap(key_of_token(secret, tx.of, concern), raiser.by_token, _inner(tx, concern))


def is_erased(tx: Transaction, vault: Vault, inner: bytes, envelope: Envelope) -> bool:
    """Whether it was a customer who was erased."""
    subject = _subject_in(inner) or envelope.subject
    return subject is not None and not vault.subject_exists(tx, subject)


def seal_consent(tx: Transaction, vault: Vault, inner: bytes) -> tuple[SubjectId, bytes]:
    """The key of this consent, and the inner key under it."""
    key = new_key(tx, vault)
    return key, vault.seal_value(tx, key, inner, _CONSENT)


def open_identity(
    tx: Transaction, vault: Vault, concern: ConcernId, raised_as: RaisedAs, raiser: SealedRaiser, envelope: Envelope
) -> Identity | Dark:
    """Who it was, while the consent stands. Dark once the customer was erased or the concern forgotten."""
    if raiser.consent_key is None or raiser.consent is None or raiser.identity is None:
        raise Breach("An identity was to be opened without the raiser's consent. Stop, and tell the DPO.")
    inner = vault.open_value(tx, raiser.consent_key, raiser.consent, _CONSENT)
    if isinstance(inner, Dark):
        return inner
    said = _opened(tx, vault, concern, raiser, envelope, inner, raiser.identity)
    if isinstance(said, Dark):
        return said
    found = parse_json(said)
    if not isinstance(found, dict):
        raise Tampered("The identity in a concern has no valid form. Stop, and tell the DPO.")
    role, name = found["role"], found["name"]
    return Identity(
        raised_as=raised_as,
        id=UUID(str(found["id"])),
        role=None if role is None else str(role),
        name=None if name is None else Personal(str(name)),
    )


def _opened(
    tx: Transaction,
    vault: Vault,
    concern: ConcernId,
    raiser: SealedRaiser,
    envelope: Envelope,
    inner: bytes,
    identity: bytes,
) -> bytes | Dark:
    """The two layers of an identity, in the order of how it was sealed."""
    subject, bound = _subject_in(inner), _boxed_in(tx, concern)
    if subject is not None:
        return vault.open_value(tx, subject, unwrap(inner[:KEY_BYTES], identity, bound), _IDENTITY)
    key = raiser.key or envelope.subject
    if key is None:
        raise Tampered("A concern of a customer names none. Stop, and tell the DPO.")
    boxed = vault.open_value(tx, key, identity, _IDENTITY)
    return boxed if isinstance(boxed, Dark) else unwrap(inner, boxed, bound)


def _subject_in(inner: bytes) -> SubjectId | None:
    return SubjectId(UUID(bytes=inner[KEY_BYTES:])) if len(inner) > KEY_BYTES else None


def _said(id: UUID, role: str | None, name: Personal[str] | None) -> bytes:
    given = None if name is None else name.reveal("seal name of a raiser")
    return canonical_json({"id": str(id), "role": role, "name": given})


def _boxed_in(tx: Transaction, concern: ConcernId) -> bytes:
    return context("concern identity", tx.of, concern)


def _inner(tx: Transaction, concern: ConcernId) -> bytes:
    return context("concern inner key", tx.of, concern)
