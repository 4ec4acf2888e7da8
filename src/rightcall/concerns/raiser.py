"""The raiser's side: reading the answer, accepting it, appealing, saying whether it may be known who they are, and having it all
forgotten.

Whoever has the case code is the raiser, and so is whoever bears the token that it was raised with. Nobody else is let in, and
whoever is not is told no more than that there is no such concern.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from rightcall.canonical import parse_json
from rightcall.clock import Clock, day_of
from rightcall.concerns import actions, rules, sealing, store
from rightcall.concerns.codes import digest_of, is_code, random_id, tag_of_token
from rightcall.concerns.course import store as course
from rightcall.concerns.model import Bearer, Concern, Days, Look, RaisedAs, SealedLook, Step, Words
from rightcall.concerns.statements import ConsentWithdrawn, ForgettingAsked
from rightcall.concerns.states import Event, after
from rightcall.concerns.steps import begin_of, step_of_raiser
from rightcall.concerns.wording import APPEAL, LOOK, envelope_in, opened
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound, Tampered
from rightcall.ids import ConcernId, ControllerId, StatementId, SubjectId
from rightcall.ledger import actions as ledger
from rightcall.personal import Personal
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

_UNKNOWN = "There is no concern with this case code. Type it as it was shown: seven groups of four."
_NOT_YOURS = "This token raised no such concern. Use the case code that was shown when it was raised."


@dataclass(frozen=True, slots=True)
class ByCode:
    code: Personal[str]


Proof: TypeAlias = ByCode | Bearer
"""What shows that somebody is the raiser."""


def find(system_tx: Transaction, code: Personal[str]) -> tuple[ControllerId, ConcernId]:
    """Whose concern the code leads to. NotFound, in the same words, for a code that is none and for one that nobody has."""
    found = store.by_digest(system_tx, digest_of(code)) if is_code(code) else None
    if found is None:
        raise NotFound(_UNKNOWN)
    return found


def mine(tx: Transaction, bearer: Bearer) -> list[Concern]:
    """Those that this token raised by name, newest day first."""
    own = [id for id, tag in store.tags(tx) if hmac.compare_digest(tag, tag_of_token(bearer.secret, tx.of, id))]
    return [actions.get(tx, concern) for concern in own]


def has_raised(tx: Transaction, concern: ConcernId, bearer: Bearer) -> bool:
    """Whether it was raised by name with this very token."""
    tag = store.sealed_raiser(tx, concern).tag
    return tag is not None and hmac.compare_digest(tag, tag_of_token(bearer.secret, tx.of, concern))


def words(tx: Transaction, vault: Vault, concern: ConcernId, proof: Proof) -> Words:
    """What the raiser said and what they were answered."""
    _proven(tx, concern, proof)
    return opened(tx, vault, concern)


def looks(tx: Transaction, vault: Vault, concern: ConcernId, proof: Proof) -> list[Look]:
    """Each time that somebody was shown who the raiser is, with the reason and the case they gave."""
    _proven(tx, concern, proof)
    key = store.sealed_words(tx, concern).key
    found = [_look(tx, vault, key, look) for look in course.looks(tx, concern)]
    return [look for look in found if look is not None]


def accept(tx: Transaction, vault: Vault, clock: Clock, concern: ConcernId, proof: Proof) -> Concern:
    """The raiser is content with the answer, and the concern is closed."""
    found = _proven(tx, concern, proof)
    state = after(found.state, Event.ACCEPTED)
    course.set_closed(tx, concern, state, day_of(clock.now()))
    return _said(tx, vault, clock, found, Step.ACCEPTED)


def appeal(
    tx: Transaction, vault: Vault, clock: Clock, concern: ConcernId, proof: Proof, *, why: Personal[str], days: Days
) -> Concern:
    """A second person is to decide: once, and in time."""
    found = _proven(tx, concern, proof)
    state = after(found.state, Event.APPEALED)
    today, until = day_of(clock.now()), rules.appeal_until(found, days)
    if until is not None and until < today:
        raise Conflict("The time to appeal is over. Raise a new concern if there is more to say.")
    sealed = envelope_in(tx, vault, concern).seal(tx, vault, rules.checked_words(why), APPEAL)
    course.set_appeal(tx, concern, state, sealed, today, today + timedelta(days=days.answer))
    return _said(tx, vault, clock, found, Step.APPEALED)


def consent(tx: Transaction, vault: Vault, clock: Clock, concern: ConcernId, proof: Proof) -> Concern:
    """From now on it may be shown who the raiser is, each time with a reason and a case, until they take this back."""
    found = _proven(tx, concern, proof)
    raiser = store.sealed_raiser(tx, concern)
    if raiser.identity is None:
        raise Conflict(
            "This concern was raised anonymously: nothing is kept that could be shown, so there is nothing to consent to."
        )
    if found.forgotten_on is not None:
        raise Conflict("This concern is forgotten: its keys are destroyed, so there is nothing left that could be shown.")
    if raiser.consent_key is not None:
        return found
    inner = (
        sealing.inner_by_code(tx, concern, raiser, proof.code)
        if isinstance(proof, ByCode)
        else sealing.inner_by_token(tx, concern, raiser, proof.secret)
    )
    if sealing.is_erased(tx, vault, inner, envelope_in(tx, vault, concern)):
        raise Conflict("You were erased here, and with it who raised this concern: there is nothing left that could be shown.")
    key, sealed = sealing.seal_consent(tx, vault, inner)
    course.set_consent(tx, concern, key, sealed)
    return _said(tx, vault, clock, found, Step.CONSENTED)


def withdraw(tx: Transaction, vault: Vault, clock: Clock, concern: ConcernId, proof: Proof) -> Concern:
    """It may be shown no more: the key of the consent is destroyed. Again is fine."""
    found = _proven(tx, concern, proof)
    key = store.sealed_raiser(tx, concern).consent_key
    if key is None:
        return found
    end_consent(tx, vault, key)
    said = ConsentWithdrawn(at=begin_of(day_of(clock.now())), controller=tx.of, key=key)
    ledger.append(tx, said, id=StatementId(random_id()))
    return _said(tx, vault, clock, found, Step.WITHDRAWN)


def forget(tx: Transaction, clock: Clock, concern: ConcernId, proof: Proof) -> Concern:
    """The words, and who said them, are to go before their term: on the day after it is closed, and not today. Again is fine."""
    _proven(tx, concern, proof)
    key, today = store.sealed_words(tx, concern).key, day_of(clock.now())
    if course.set_forget_asked(tx, key, today):
        said = ForgettingAsked(at=begin_of(today), controller=tx.of, key=key)
        ledger.append(tx, said, id=StatementId(random_id()))
    return actions.get(tx, concern)


def forget_again(tx: Transaction, clock: Clock, key: SubjectId) -> bool:
    """The same after a restore, by the key of the words. Whether the database had forgotten that it was asked."""
    return course.set_forget_asked(tx, key, day_of(clock.now()) - timedelta(days=1))


def end_consent(tx: Transaction, vault: Vault, key: SubjectId) -> bool:
    """Destroys the key of a consent, and says whether the consent stood. NotFound where there never was one."""
    vault.destroy_subject(tx, key)
    return course.clear_consent(tx, key)


def _proven(tx: Transaction, concern: ConcernId, proof: Proof) -> Concern:
    """The concern, held until the transaction ends."""
    if isinstance(proof, ByCode):
        if not (is_code(proof.code) and course.has_code(tx, concern, digest_of(proof.code))):
            raise NotFound(_UNKNOWN)
        return actions.locked(tx, concern)
    found = actions.locked(tx, concern)
    if found.raised_as is not RaisedAs.STAFF or not has_raised(tx, concern, proof):
        raise NotFound(_NOT_YOURS)
    return found


def _said(tx: Transaction, vault: Vault, clock: Clock, concern: Concern, step: Step) -> Concern:
    step_of_raiser(tx, vault, clock, concern, store.sealed_words(tx, concern.id).key, step)
    return actions.get(tx, concern.id)


def _look(tx: Transaction, vault: Vault, key: SubjectId, look: SealedLook) -> Look | None:
    opened = vault.open_value(tx, key, look.why, LOOK)
    if isinstance(opened, Dark):
        return None
    why = parse_json(opened)
    if not isinstance(why, dict):
        raise Tampered("The reason of a look has no valid form. Stop, and tell the DPO.")
    return Look(at=look.at, by=look.by, reason=Personal(str(why["reason"])), case=Personal(str(why["case"])))
