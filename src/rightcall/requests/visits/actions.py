"""A customer's visit to their own page: it begins with a proof, and ends by itself.

It ends when nothing was asked for some time, after an hour whatever was asked, when its bearer signs out, when the person is
erased, and when it turns out that two people were one, or one two: then nobody knows whose page it was. Whoever bears its secret
is the person; what the secret is, nobody here can read.
"""

import hmac
import secrets

from rightcall.canonical import canonical_json, sha256
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.evidence.receipt_holder import holder_of
from rightcall.ids import SubjectId, new_id
from rightcall.personal import Personal
from rightcall.requests.codes.actions import spend
from rightcall.requests.codes.model import CodeId
from rightcall.requests.model import ProofKind
from rightcall.requests.visits import rules, store
from rightcall.requests.visits.model import Begun, Visit, VisitId
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.vault.actions import Vault

_SECRET_BYTES = 32
_FORM = b"rightcall.portal.form"


def begin_by_code(tx: Transaction, vault: Vault, clock: Clock, *, code: CodeId, digits: Personal[str]) -> Begun | None:
    """Somebody reads back what went to a number or an address on file. None where it is not right, whatever the reason. Let the
    transaction commit all the same: it was a try."""
    whose = spend(tx, vault, clock, code, digits)
    return None if whose is None else _begin(tx, vault, clock, whose, ProofKind.CODE)


def begin_by_receipt(tx: Transaction, vault: Vault, clock: Clock, *, file: bytes, key: str) -> Begun | None:
    """Somebody shows the receipt of a choice, as it was given to them. None where it is none of this controller's that holds;
    Conflict where it holds and opens nothing, in the same words whether the person was erased or is not told apart."""
    whose = holder_of(file, key, tx.of)
    if whose is None:
        return None
    if not vault.subject_exists(tx, whose) or subjects.get(tx, whose).ambiguous:
        raise Conflict("This receipt opens no page any more, or not by itself. Prove in another way who you are.")
    return _begin(tx, vault, clock, whose, ProofKind.RECEIPT)


def enter(tx: Transaction, vault: Vault, clock: Clock, secret: Personal[str]) -> Visit | None:
    """Whose page is open to whoever bears this secret. None where none is, or not any more."""
    now, visit = clock.now(), store.by_digest(tx, _digest(secret))
    if visit is None or not rules.is_open(visit, now):
        return None
    if not vault.subject_exists(tx, visit.subject) or _standing(tx, visit.subject) != visit.standing:
        store.set_ended(tx, visit.id, now)
        return None
    if rules.is_worth_writing(visit, now):
        store.set_seen(tx, visit.id, now)
    return visit


def was_erased(tx: Transaction, vault: Vault, secret: Personal[str]) -> bool:
    """Whether it was the secret of a visit whose person was erased since."""
    visit = store.by_digest(tx, _digest(secret))
    return visit is not None and not vault.subject_exists(tx, visit.subject)


def of_form(tx: Transaction, vault: Vault, token: str) -> Visit | None:
    """The visit that a form was made in, be it over or not: it opens nothing. None where nobody knows it any more, or whose page
    that was."""
    visit = store.by_form(tx, _form_digest(token))
    if visit is None or not vault.subject_exists(tx, visit.subject) or _standing(tx, visit.subject) != visit.standing:
        return None
    return visit


def form_token(secret: Personal[str]) -> str:
    """What each form of a visit carries, the same for a whole visit. Its digest is kept, to know whose form came too late."""
    return hmac.digest(secret.reveal("make a form's token").encode(), _FORM, "sha256").hex()


def end(tx: Transaction, clock: Clock, visit: VisitId) -> None:
    """Its bearer signs out. Again is fine."""
    store.set_ended(tx, visit, clock.now())


def end_all(tx: Transaction, clock: Clock) -> int:
    """After a restore: those of before it may have ended since, so none of them counts. How many there were."""
    return store.end_all(tx, clock.now())


def forget_old(tx: Transaction, clock: Clock) -> int:
    """Those that were over long ago."""
    return store.delete_begun_before(tx, clock.now() - rules.KEPT)


def _begin(tx: Transaction, vault: Vault, clock: Clock, whose: SubjectId, proof: ProofKind) -> Begun | None:
    if not vault.subject_exists(tx, whose):
        return None
    if subjects.get(tx, whose).ambiguous:
        raise Conflict("It is not known yet whose calls these are. Ask the company in another way.")
    subject, at = joining.standing_for(tx, whose), clock.now()
    visit = Visit(
        id=VisitId(new_id()),
        subject=subject,
        standing=_standing(tx, subject),
        proof=proof,
        begun_at=at,
        seen_at=at,
        ended_at=None,
    )
    secret = Personal(secrets.token_urlsafe(_SECRET_BYTES))
    store.insert_visit(tx, visit, _digest(secret), _form_digest(form_token(secret)))
    return Begun(visit=visit, secret=secret)


def _standing(tx: Transaction, subject: SubjectId) -> bytes:
    """Changes with who the person is."""
    person = joining.person(tx, subject)
    apart = [f"{one} {other}" for one, others in joining.told_apart(tx, person).items() for other in others]
    return sha256(canonical_json([sorted(map(str, person)), sorted(apart)]))


def _digest(secret: Personal[str]) -> bytes:
    return sha256(secret.reveal("find a visit").encode())


def _form_digest(token: str) -> bytes:
    return sha256(token.encode())
