"""Making a one-time code and spending it. Whoever asks for one learns nothing of who is known here.

A code is made and written down in the same way, by the same statements, whether anybody is known by the identifier; only then it
is sent, after the answer. One that goes to nobody is never right; one that is for anyone only shows that they have the identifier
in hand. Where several people are known by one number, none is sent: it would not tell them apart. Deliberately elsewhere: sending
it (`adapters.codes`), and what it proves (`requests.proving`).
"""

import hmac
import logging
import secrets

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed
from rightcall.ids import SubjectId, new_id
from rightcall.personal import Personal
from rightcall.requests.codes import rules, store
from rightcall.requests.codes.model import Code, CodeId, Delivery, Made, TooMany
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.vault.actions import Vault

_log = logging.getLogger(__name__)
_REACHABLE = frozenset({IdentifierKind.TEL, IdentifierKind.EMAIL})


def make(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    identifier: Identifier,
    *,
    asker: Personal[str] | None,
    by: Actor,
    most_sent: int | None = None,
) -> Made | TooMany:
    """A code for whoever is known by this number or address. `asker`: whatever tells the bearer's own callers apart, such as a
    network address; the bearer of the token counts as well. Malformed for what nothing can be sent to.

    `most_sent`: where everybody comes as one, at the customer's page. Then nobody is turned away for what others asked; only what
    is really sent is counted, and over so many in an hour nothing is sent, with the same answer."""
    counted = _counted(tx, vault, clock, identifier, asker=asker, by=by, as_one=most_sent is not None)
    if isinstance(counted, TooMany):
        return counted
    subject = subjects.only_person(tx, vault, identifier)
    if most_sent is not None and store.sent_since(tx, clock.now() - rules.HOUR, by=by) >= most_sent:
        _log.error("one-time codes are not sent any more in this hour: RIGHTCALL_CODES_PER_HOUR is reached")
        subject = None
    id, digits = _fresh()
    code = _code(clock, id, _digest(tx, vault, id, digits), subject)
    store.insert_code(tx, code, blind=counted[0], asker=counted[1], by=by, at=clock.now())
    delivery = None if subject is None else Delivery(to=identifier, digits=digits)
    return Made(id=id, expires_at=code.expires_at, delivery=delivery)


def make_for_anyone(
    tx: Transaction, vault: Vault, clock: Clock, identifier: Identifier, *, asker: Personal[str] | None, by: Actor
) -> Made | TooMany:
    """A code that is sent whether anybody is known by this number or address: it shows whose it is, and opens no request. Bound
    to the identifier, so that it shows nothing of another. The limits are those of every code."""
    counted = _counted(tx, vault, clock, identifier, asker=asker, by=by)
    if isinstance(counted, TooMany):
        return counted
    id, digits = _fresh()
    code = _code(clock, id, _digest_for(tx, vault, id, digits, identifier), None)
    store.insert_code(tx, code, blind=counted[0], asker=counted[1], by=by, at=clock.now())
    return Made(id=id, expires_at=code.expires_at, delivery=Delivery(to=identifier, digits=digits))


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


def shows(tx: Transaction, vault: Vault, clock: Clock, code: CodeId, digits: Personal[str], identifier: Identifier) -> bool:
    """Whether whoever reads the code back has the identifier in hand. Once; each time counts as a try, so let it commit."""
    found = store.code_for_update(tx, code)
    if found is None or not rules.is_spendable(found, clock.now()):
        return False
    store.set_tried(tx, code)
    if not hmac.compare_digest(found.digest, _digest_for(tx, vault, code, _plain(digits), identifier)):
        return False
    store.set_used(tx, code, clock.now())
    return True


def _digest_for(tx: Transaction, vault: Vault, code: CodeId, digits: Personal[str], identifier: Identifier) -> bytes:
    value = identifier.value.reveal("bind a code to an identifier")
    return vault.blind(tx, f"requests.code:{code}:{identifier.kind}:{value}", digits.reveal("weigh a one-time code"))


def forget_old(tx: Transaction, clock: Clock) -> int:
    """Those that no limit counts any more."""
    return store.delete_made_before(tx, clock.now() - rules.KEPT)


def _counted(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    identifier: Identifier,
    *,
    asker: Personal[str] | None,
    by: Actor,
    as_one: bool = False,
) -> tuple[bytes, bytes | None] | TooMany:
    """Where the code goes and who asks, blindly, where no limit is reached."""
    if identifier.kind not in _REACHABLE:
        raise Malformed("A code is sent to a telephone number or an e-mail address. Give one of these.")
    blind = vault.blind(tx, f"requests.code.{identifier.kind}", identifier.value.reveal("blind where a code goes"))
    seen = None if asker is None else vault.blind(tx, "requests.asker", asker.reveal("blind who asks for a code"))
    store.lock(tx)
    made = store.made_since(tx, clock.now() - rules.HOUR, blind=blind, asker=seen, by=by)
    by_token = 0 if as_one else made.by_token
    is_too_many = rules.is_too_many(
        for_identifier=made.for_identifier,
        for_it_by_asker=made.for_it_by_asker,
        by_asker=made.by_asker,
        by_token=by_token,
    )
    return TooMany() if is_too_many else (blind, seen)


def _fresh() -> tuple[CodeId, Personal[str]]:
    return CodeId(new_id()), Personal(f"{secrets.randbelow(10**rules.DIGITS):0{rules.DIGITS}}")


def _code(clock: Clock, id: CodeId, digest: bytes, subject: SubjectId | None) -> Code:
    return Code(id=id, subject=subject, digest=digest, expires_at=clock.now() + rules.HOLDS, tries=0, used_at=None)


def _digest(tx: Transaction, vault: Vault, code: CodeId, digits: Personal[str]) -> bytes:
    return vault.blind(tx, f"requests.code:{code}", digits.reveal("weigh a one-time code"))


def _plain(digits: Personal[str]) -> Personal[str]:
    """As it was read out or typed: without the gaps."""
    return Personal("".join(each for each in digits.reveal("read a one-time code") if each.isascii() and each.isdigit()))
