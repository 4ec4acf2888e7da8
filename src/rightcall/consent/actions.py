"""Asking, choosing, withdrawing: each in one transaction with its grant key and its statement in the ledger.

Whoever decides about a party holds the party's row, so that two answers at once come one after the other. A no needs no key: its
grant is destroyed, and it is written down, while the key service is away too.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rightcall.actors import Actor, Role
from rightcall.calls import actions as calls
from rightcall.calls.model import Party
from rightcall.canonical import sha256
from rightcall.clock import Clock
from rightcall.consent import rules, store
from rightcall.consent.evidence import Bound, bind
from rightcall.consent.model import (
    Answer,
    Ask,
    AskId,
    Channel,
    Choice,
    Evidence,
    EvidenceKind,
    GrantOutcome,
    NewChoice,
    OpenKeys,
    Told,
)
from rightcall.consent.quality import actions as quality
from rightcall.consent.quality import rules as quality_rules
from rightcall.consent.statements import Asked, GrantOpened, choice_made, grant_changed, grant_ended
from rightcall.database.connection import Transaction
from rightcall.errors import Breach, Conflict, KeysGone, Malformed, NotConfigured, NotFound
from rightcall.ids import CallId, ChoiceId, GrantId, NoticeId, PartyId, PurposeId, StatementId, SubjectId, new_id
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Digest
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, Notice, Purpose
from rightcall.vault.actions import Vault
from rightcall.vault.quarantine import actions as quarantine

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answered:
    """An answer with all that was looked up about it, before anything is written."""

    new: NewChoice
    party: Party
    purpose: Purpose
    last: Choice | None
    answer: Answer
    notice: Notice | None
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settled:
    """What became of the grants. `besides`: others that ended with it."""

    grant: GrantId | None
    outcome: GrantOutcome | None
    besides: tuple[GrantId, ...] = ()


def ask(
    tx: Transaction,
    clock: Clock,
    *,
    call: CallId,
    party: PartyId,
    notice: NoticeId,
    by: Actor,
    beside_basis: bool = False,
    told: Told | None = None,
    shown_at: datetime | None = None,
) -> Ask:
    """The notice was put to the party, and an answer counts from now. Conflict where asking would be a fake: the purpose does
    not rest on consent, has ended, or the party has left. `beside_basis`: a law needs this party's yes beside whatever their
    data rests on. `told`: what else is known of the question, for the weighing of the answer.
    `shown_at`: a page of ours showed the words then, to the person themselves, who may do so after they left as well."""
    who = _locked_party(tx, party, call)
    if who.left_at is not None and shown_at is None:
        raise Conflict("This party has left the call, so it cannot be asked.")
    words = purposes.notice(tx, notice)
    purpose = purposes.get(tx, words.purpose)
    if not beside_basis:
        rules.check_basis(purpose, who.role)
    rules.check_active(purpose)
    if words.retired_at is not None:
        raise Conflict("These words were retired: nobody is asked with them any more. Ask with those that the purpose has now.")
    at = clock.now() if shown_at is None else rules.checked_shown(shown_at, clock.now())
    known = quality_rules.checked_told(told or Told(), at)
    return _ask(tx, who, words, by, at, known, on_page=shown_at is not None)


def choose(tx: Transaction, vault: Vault, clock: Clock, new: NewChoice, *, beside_basis: bool = False) -> Choice:
    """Write the answer down, open or end its grant, weigh it where it is a yes, and say so in the ledger.

    A refusal where a yes stands is written down as a withdrawal, a withdrawal where none stands as a refusal. Conflict for a yes
    that answers no open ask. `beside_basis`: see `ask`.
    KeysGone for a yes while the key service is away; a no is written down then too, without its evidence.
    """
    party = _locked_party(tx, new.party, new.call)
    key = None if new.idempotency is None else sha256(rules.idempotency_bytes(new.idempotency))
    earlier = None if key is None else store.choice_by_idempotency(tx, key)
    if earlier is not None:
        return _same(earlier, new)
    answered = _looked_up(tx, new, party, beside_basis)
    at, id, statement = clock.now(), ChoiceId(new_id()), StatementId(new_id())
    asked = _ask_answered(tx, answered, at)
    settled = _settle_grant(tx, vault, answered, at)
    bound = _bound(tx, vault, answered, id, statement)
    choice = _choice(answered, id, statement, asked=asked, settled=settled, bound=bound, at=at)
    store.insert_choice(tx, choice, None if bound is None else bound.sealed, key)
    ledger.append(tx, choice_made(tx.of, choice, party.role), id=choice.statement)
    about_grant = grant_changed(tx.of, choice, answered.purpose.basis_for(party.role))
    if about_grant is not None:
        ledger.append(tx, about_grant)
    ledger.append_all(tx, [grant_ended(tx.of, choice, each) for each in settled.besides])
    quality.weigh_new(tx, vault, clock, choice)
    return choice


def keypress(
    tx: Transaction, vault: Vault, clock: Clock, *, call: CallId, party: PartyId, digit: str, at: datetime
) -> Choice | None:
    """What a key pressed at `at` meant, however late it is told. None, and nothing is kept of the digit, unless an ask that
    counted then gives it a meaning. A yes is nothing where the ask was answered since; a no takes such an answer back, and a yes
    that was pressed shortly before it too."""
    who = _locked_party(tx, party, call)
    if who.left_at is not None and who.left_at < at:
        return None
    asks = store.asks_of_party(tx, party)
    meaning = rules.meant(rules.counting(asks, _latest(tx, party), at), digit)
    if meaning is None:
        return None
    asked, answer = meaning
    if answer is Answer.GRANTED and ((asked, True) not in asks or purposes.get(tx, asked.purpose).ended_at is not None):
        return None
    new = NewChoice(
        call=call,
        party=party,
        purpose=asked.purpose,
        answer=answer,
        notice=asked.notice,
        channel=Channel.KEYPAD,
        # In a call a subject acts as its party: the ledger then does not tie its calls together.
        by=Actor(id=party, role=Role.SUBJECT),
        evidence=Evidence(kind=EvidenceKind.KEY_PRESSED, detail=Personal(digit)),
        ask=asked.id,
        language=purposes.notice(tx, asked.notice).language,
        made_at=at,
    )
    return choose(tx, vault, clock, new)


def stand_on_basis(tx: Transaction, vault: Vault, clock: Clock, *, call: CallId, party: PartyId, purpose: PurposeId) -> None:
    """For a party whose basis is not consent: open a grant on it. Open already is fine; Conflict where only a yes will do."""
    who = _locked_party(tx, party, call)
    why = purposes.get(tx, purpose)
    basis = why.basis_for(who.role)
    rules.check_active(why)
    if basis is LawfulBasis.CONSENT:
        raise Conflict("For this party the purpose rests on consent, so only its own yes opens anything. Ask the party.")
    if store.living_grants(tx, party, purpose):
        return
    at = clock.now()
    grant = vault.open_grant(tx, subject=who.subject, party=party, purpose=purpose)
    store.insert_grant(tx, grant, party, purpose, basis, at)
    statement = GrantOpened(
        at=at, controller=tx.of, grant=grant, call=call, party=party, purpose=purpose, basis=basis, choice=None
    )
    ledger.append(tx, statement)


def choice(tx: Transaction, choice: ChoiceId) -> Choice:
    found = store.choice_by_id(tx, choice)
    if found is None:
        raise NotFound("There is no such choice. Look at the call or the subject to see the choices made.")
    return found


def history(tx: Transaction, party: PartyId, purpose: PurposeId) -> list[Choice]:
    """All of one party's choices about one purpose, in order."""
    return store.choices_of_party(tx, party, purpose)


def choices_of_party(tx: Transaction, party: PartyId) -> list[Choice]:
    """By purpose, then in order."""
    return store.choices_of_party(tx, party)


def choices_of_subject(tx: Transaction, subject: SubjectId) -> list[Choice]:
    return store.choices_of_subject(tx, subject)


def parties_with_yes(tx: Transaction, subjects: Sequence[SubjectId]) -> list[PartyId]:
    """Who these were in the calls in which a yes of theirs to any purpose stands."""
    return store.parties_with_yes(tx, subjects)


def latest_of_subject(tx: Transaction, subject: SubjectId, purpose: PurposeId) -> Choice | None:
    """What this person chose last about the purpose, in any call. Of several at one instant a no counts."""
    choices = [each for each in store.choices_of_subject(tx, subject) if each.purpose == purpose]
    return max(choices, key=lambda each: (each.made_at, each.answer is not Answer.GRANTED, each.sequence), default=None)


def choices_of_call(tx: Transaction, call: CallId) -> list[Choice]:
    return store.choices_of_call(tx, call)


def asks_of_call(tx: Transaction, call: CallId) -> list[Ask]:
    """Every notice that was put to a party of the call, answered or not, oldest first."""
    return store.asks_of_call(tx, call)


def pending(tx: Transaction, party: PartyId, at: datetime) -> list[tuple[Ask, OpenKeys]]:
    """The asks whose keypad counts at `at`, oldest first, and which of its keys."""
    return rules.counting(store.asks_of_party(tx, party), _latest(tx, party), at)


def _latest(tx: Transaction, party: PartyId) -> dict[PurposeId, Choice]:
    return {each.purpose: each for each in store.choices_of_party(tx, party)}


def _locked_party(tx: Transaction, party: PartyId, call: CallId | None) -> Party:
    found = calls.locked_party(tx, party)
    if call is not None and found.call != call:
        raise Conflict("This party is in another call. Look at the call to see who takes part.")
    return found


def _same(earlier: Choice, new: NewChoice) -> Choice:
    is_yes = new.answer is Answer.GRANTED
    same = (earlier.party, earlier.purpose, earlier.channel) == (new.party, new.purpose, new.channel)
    if not same or (earlier.answer is Answer.GRANTED) != is_yes or (is_yes and new.notice not in (None, earlier.notice)):
        raise Conflict("This idempotency key was used for another choice. Use a new key for each choice.")
    return earlier


def _looked_up(tx: Transaction, new: NewChoice, party: Party, beside_basis: bool) -> _Answered:
    purpose = purposes.get(tx, new.purpose)
    if not beside_basis and not any(each.purpose == purpose.id for each, _ in store.asks_of_party(tx, party.id)):
        rules.check_basis(purpose, party.role)
    if new.answer is Answer.GRANTED:
        rules.check_active(purpose)
    past = store.choices_of_party(tx, party.id, purpose.id)
    last = past[-1] if past else None
    answer = rules.settled(None if last is None else last.answer, new.answer)
    notice = _words_of_yes(tx, new, purpose) if answer is Answer.GRANTED else _words_of_no(tx, new, answer, last, purpose)
    return _Answered(
        new=new,
        party=party,
        purpose=purpose,
        last=last,
        answer=answer,
        notice=notice,
        evidence=rules.evidence_for(answer, new.channel, new.evidence, None if notice is None else notice.keypad),
    )


def _words_of_yes(tx: Transaction, new: NewChoice, purpose: Purpose) -> Notice:
    if new.notice is None:
        raise Malformed("A yes needs the notice that was played and its language. Name both.")
    if new.language is None:
        raise Malformed("A yes needs the language in which the notice was played. Name it.")
    notice = purposes.notice(tx, new.notice)
    rules.check_notice(notice, purpose, new.channel, new.language)
    return notice


def _words_of_no(tx: Transaction, new: NewChoice, answer: Answer, last: Choice | None, purpose: Purpose) -> Notice | None:
    """The words that it names; where those are not about this purpose, those it was asked with, or those of the yes it ends."""
    named = next((each for each in purposes.notices(tx, purpose.id) if each.id == new.notice), None)
    if named is not None:
        return named
    unnamed = _last_words(tx, new, last if answer is Answer.WITHDRAWN else None)
    return None if unnamed is None else purposes.notice(tx, unnamed)


def _last_words(tx: Transaction, new: NewChoice, ended: Choice | None) -> NoticeId | None:
    if ended is not None:
        return ended.notice
    asks = [each for each, is_open in store.asks_of_party(tx, new.party) if is_open and each.purpose == new.purpose]
    # A recording client's preference was stated before anybody asked; it answers nothing.
    return asks[-1].notice if asks and new.channel is not Channel.SIPREC_PREFERENCE else None


def _ask_answered(tx: Transaction, answered: _Answered, at: datetime) -> Ask | None:
    notice, new = answered.notice, answered.new
    if notice is None:
        return None
    asks = store.asks_of_party(tx, answered.party.id)
    if answered.answer is not Answer.GRANTED:
        return rules.ask_of_no(asks, notice, named=new.ask)
    return rules.ask_of_yes(asks, notice, channel=new.channel, named=new.ask, at=_said_at(new, at))


def _said_at(new: NewChoice, now: datetime) -> datetime:
    """No choice is of the future, whatever a clock said."""
    return now if new.made_at is None else min(new.made_at, now)


def _ask(tx: Transaction, party: Party, notice: Notice, by: Actor, at: datetime, told: Told, *, on_page: bool) -> Ask:
    made = Ask(
        id=AskId(new_id()),
        call=party.call,
        party=party.id,
        purpose=notice.purpose,
        notice=notice.id,
        keypad=notice.keypad,
        by=by,
        asked_at=at,
        expires_at=at + (rules.WORDS_COUNT_FOR if on_page else rules.counts_for(notice)),
    )
    statement = Asked(
        at=at,
        controller=tx.of,
        ask=made.id,
        call=made.call,
        party=made.party,
        purpose=made.purpose,
        notice=made.notice,
        digest=Digest(notice.digest),
        actor=by.id,
        role=by.role,
    )
    store.insert_ask(
        tx,
        made,
        subject=party.subject,
        notice=notice,
        after_sequence=store.latest_sequence(tx, party.id, notice.purpose),
        statement=ledger.append(tx, statement),
        told=told,
    )
    return made


def _settle_grant(tx: Transaction, vault: Vault, answered: _Answered, at: datetime) -> _Settled:
    """A yes opens a grant of its own; a withdrawal ends every grant that lives, those in quarantine too."""
    party, purpose = answered.party, answered.purpose
    outcome = rules.outcome_of(answered.answer, purpose.on_withdrawal)
    if outcome is None:
        return _Settled(grant=None, outcome=None)
    if outcome is GrantOutcome.OPENED:
        grant = vault.open_grant(tx, subject=party.subject, party=party.id, purpose=purpose.id)
        store.insert_grant(tx, grant, party.id, purpose.id, purpose.basis_for(party.role), at)
        return _Settled(grant=grant, outcome=outcome)
    living = store.living_grants(tx, party.id, purpose.id)
    if not living:
        raise Breach("A yes stands without its grant. Stop, and tell the DPO.")
    if outcome is GrantOutcome.DESTROYED:
        for each in living:
            vault.destroy_grant(tx, each)
    ended = _named(tx, living)
    return _Settled(grant=ended, outcome=outcome, besides=tuple(each for each in living if each != ended))


def _named(tx: Transaction, living: Sequence[GrantId]) -> GrantId:
    """The grant that a withdrawal names. One that stands on another basis ends only where it is named; else the newest that was
    of use."""
    shut = quarantine.shut(tx, living)
    return (store.on_basis(tx, living) or [each for each in living if each not in shut] or living)[-1]


def _bound(tx: Transaction, vault: Vault, answered: _Answered, choice: ChoiceId, statement: StatementId) -> Bound | None:
    """None for a no while the key service is away: what a person takes back does not wait for a key."""
    try:
        return bind(tx, vault, answered.evidence, choice=choice, of=answered.party.subject, statement=statement)
    except (KeysGone, NotConfigured) as error:
        if answered.answer is Answer.GRANTED:
            raise
        _log.warning("a no is written down without evidence", extra={"choice": choice, "reason": str(error)})
        return None


def _choice(
    answered: _Answered,
    id: ChoiceId,
    statement: StatementId,
    *,
    asked: Ask | None,
    settled: _Settled,
    bound: Bound | None,
    at: datetime,
) -> Choice:
    party, notice = answered.party, answered.notice
    return Choice(
        id=id,
        call=party.call,
        party=party.id,
        subject=party.subject,
        purpose=answered.purpose.id,
        sequence=1 if answered.last is None else answered.last.sequence + 1,
        answer=answered.answer,
        notice=None if notice is None else notice.id,
        notice_digest=None if notice is None else notice.digest,
        language=None if notice is None else notice.language,
        channel=answered.new.channel,
        by=answered.new.by,
        ask=None if asked is None else asked.id,
        asked_by=None if asked is None else asked.by,
        evidence_kind=EvidenceKind.WORD_OF_ACTOR if bound is None else answered.evidence.kind,
        evidence_commitment=None if bound is None else bound.evidence,
        subject_commitment=None if bound is None else bound.subject,
        grant=settled.grant,
        outcome=settled.outcome,
        made_at=_said_at(answered.new, at),
        written_at=at,
        statement=statement,
    )
