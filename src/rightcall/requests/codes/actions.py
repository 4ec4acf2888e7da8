"""Making a one-time code and spending it. Whoever asks for one learns nothing of who is known here.

A code is made and written down in the same way whether anybody is known by the identifier; only then it is sent, after the
answer. One that goes to nobody is never right. Where several people are known by one number, none is sent: it would not tell them
apart. Deliberately elsewhere: sending it (`adapters.codes`), and what it proves (`requests.proving`).
"""

import hmac
import secrets
from datetime import datetime

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed
from rightcall.ids import SubjectId, new_id
from rightcall.personal import Personal
from rightcall.requests.codes import rules, store
from rightcall.requests.codes.model import Code, CodeId, Delivery, Made, TooMany
from rightcall.subjects import actions as subjects
from rightcall.subjects import joining
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.vault.actions import Vault

_REACHABLE = frozenset({IdentifierKind.TEL, IdentifierKind.EMAIL})


def make(
    tx: Transaction, vault: Vault, clock: Clock, identifier: Identifier, *, asker: Personal[str] | None, by: Actor
) -> Made | TooMany:
    """A code for whoever is known by this number or address. `asker`: whatever tells the bearer's own callers apart, such as a
    network address; the bearer of the token counts as well. Malformed for what nothing can be sent to."""
    if identifier.kind not in _REACHABLE:
        raise Malformed("A code is sent to a telephone number or an e-mail address. Give one of these.")
    now = clock.now()
    blind = vault.blind(tx, f"requests.code.{identifier.kind}", identifier.value.reveal("blind where a code goes"))
    seen = None if asker is None else vault.blind(tx, "requests.asker", asker.reveal("blind who asks for a code"))
    if _is_too_many(tx, blind, seen, by, now):
        return TooMany()
    subject = _only_one(tx, subjects.find(tx, vault, identifier))
    id = CodeId(new_id())
    digits = Personal(f"{secrets.randbelow(10**rules.DIGITS):0{rules.DIGITS}}")
    code = Code(
        id=id,
        subject=subject,
        digest=_digest(tx, vault, id, digits),
        expires_at=now + rules.HOLDS,
        tries=0,
        used_at=None,
    )
    store.insert_code(tx, code, blind=blind, asker=seen, by=by, at=now)
    delivery = None if subject is None else Delivery(to=identifier, digits=digits)
    return Made(id=id, expires_at=code.expires_at, delivery=delivery)


def spend(tx: Transaction, vault: Vault, clock: Clock, code: CodeId, digits: Personal[str]) -> SubjectId | None:
    """Whose it is, once. None where it is wrong, too old, used, tried too often, or went to nobody: all alike. Each time counts
    as a try, so let the transaction commit."""
    found = store.code_for_update(tx, code)
    if found is None or not rules.is_spendable(found, clock.now()):
        return None
    store.set_tried(tx, code)
    is_right = hmac.compare_digest(found.digest, _digest(tx, vault, code, _plain(digits)))
    if not is_right or found.subject is None:
        return None
    store.set_used(tx, code, clock.now())
    return found.subject


def forget_old(tx: Transaction, clock: Clock) -> int:
    """Those that no limit counts any more."""
    return store.delete_made_before(tx, clock.now() - rules.KEPT)


def _is_too_many(tx: Transaction, blind: bytes, asker: bytes | None, by: Actor, now: datetime) -> bool:
    since = now - rules.HOUR
    return rules.is_too_many(
        for_identifier=store.made_for(tx, blind, since),
        by_asker=0 if asker is None else store.made_by_asker(tx, asker, since),
        by_token=store.made_by_token(tx, by, since),
    )


def _only_one(tx: Transaction, found: list[SubjectId]) -> SubjectId | None:
    people = {joining.standing_for(tx, each) for each in found if not subjects.get(tx, each).ambiguous}
    return people.pop() if len(people) == 1 else None


def _digest(tx: Transaction, vault: Vault, code: CodeId, digits: Personal[str]) -> bytes:
    return vault.blind(tx, f"requests.code:{code}", digits.reveal("weigh a one-time code"))


def _plain(digits: Personal[str]) -> Personal[str]:
    """As it was read out or typed: without the gaps."""
    return Personal("".join(each for each in digits.reveal("read a one-time code") if each.isascii() and each.isdigit()))
