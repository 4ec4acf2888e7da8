"""What an answer means, given what was answered before. Pure.

A no always lands: refusing where a yes stands is a withdrawal, and needs neither evidence nor an ask. A yes lands only as the
answer to an ask, with evidence of more than somebody's word, where the purpose rests on consent at all.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rightcall.actors import PartyRole
from rightcall.canonical import canonical_json
from rightcall.consent.model import Answer, Ask, Channel, Evidence, EvidenceKind, GrantOutcome
from rightcall.errors import Conflict, Malformed
from rightcall.personal import Personal
from rightcall.purposes.model import LawfulBasis, Notice, OnWithdrawal, Purpose
from rightcall.purposes.rules import canonical_language

KEYPAD_COUNTS_FOR = timedelta(minutes=2)
LONGEST_EVIDENCE = 4_000
LONGEST_IDEMPOTENCY_KEY = 255


def check_basis(purpose: Purpose, role: PartyRole) -> None:
    """Asking is honest only where the answer decides. Conflict otherwise."""
    basis = purpose.basis_for(role)
    if basis is not LawfulBasis.CONSENT:
        raise Conflict(
            f"For this party the purpose rests on {basis.value.replace('_', ' ')}, so asking for consent would be a fake. "
            "Tell the party about that basis; an objection to it is a request."
        )


def check_active(purpose: Purpose) -> None:
    if purpose.ended_at is not None:
        raise Conflict("This purpose has ended, so nobody is asked about it and nothing is captured for it any more.")


def settled(last: Answer | None, given: Answer) -> Answer:
    """The answer as it is written down. Conflict where there is nothing to withdraw."""
    if given is Answer.WITHDRAWN and last is not Answer.GRANTED:
        raise Conflict(
            f"There is no yes to withdraw: this party's standing for this purpose is {last.value if last else 'unasked'}, "
            "and nothing is captured for it."
        )
    if given is Answer.REFUSED and last is Answer.GRANTED:
        return Answer.WITHDRAWN
    return given


def check_notice(notice: Notice, purpose: Purpose, channel: Channel, language: str | None) -> None:
    """That these are words about this purpose, in the language and by the channel that the choice says."""
    if notice.purpose != purpose.id:
        raise Conflict("This notice is about another purpose. Name the notice that was played for this one.")
    if language is not None and canonical_language(language) != notice.language:
        raise Conflict(
            f"This notice is in {notice.language}, and the choice says {canonical_language(language)}. "
            "Name the notice that was played, in its own language."
        )
    if channel is Channel.KEYPAD and notice.keypad is None:
        raise Conflict("This notice gives no keys to press, so its answer cannot have come by keypad.")


def evidence_for(answer: Answer, channel: Channel, given: Evidence | None) -> Evidence:
    """The evidence that is kept. Only a yes must bring some."""
    if answer is Answer.GRANTED and channel is Channel.SIPREC_PREFERENCE:
        raise Conflict("A recording client's preference is no consent. Ask the party.")
    if given is None or given.kind is EvidenceKind.WORD_OF_ACTOR:
        if answer is Answer.GRANTED:
            raise Conflict("A yes needs evidence: the key pressed, the words heard, the form sent, or a reference to them.")
        return given or Evidence(kind=EvidenceKind.WORD_OF_ACTOR, detail=Personal(""))
    detail = given.detail.reveal("check evidence")
    if len(detail) > LONGEST_EVIDENCE:
        raise Malformed(f"Evidence is at most {LONGEST_EVIDENCE} characters. Keep the rest elsewhere and give a reference to it.")
    if answer is Answer.GRANTED and not detail.strip():
        raise Conflict("A yes needs evidence, and this evidence is empty. Say which key, which words, which form.")
    return given


def evidence_bytes(evidence: Evidence) -> bytes:
    """What is sealed, and committed to in the ledger. A receipt shows the same bytes."""
    return canonical_json({"kind": evidence.kind.value, "detail": evidence.detail.reveal("commit to evidence")})


def idempotency_bytes(key: str) -> bytes:
    if not 1 <= len(key) <= LONGEST_IDEMPOTENCY_KEY:
        raise Malformed(f"An idempotency key has 1 to {LONGEST_IDEMPOTENCY_KEY} characters.")
    return key.encode()


def outcome_of(answer: Answer, *, living: bool, on_withdrawal: OnWithdrawal) -> GrantOutcome | None:
    """What the answer does to the grant; `living`: one is open now."""
    match answer:
        case Answer.GRANTED:
            return GrantOutcome.RENEWED if living else GrantOutcome.OPENED
        case Answer.WITHDRAWN:
            return GrantOutcome.KEPT if on_withdrawal is OnWithdrawal.KEEP else GrantOutcome.DESTROYED
        case Answer.REFUSED:
            return None


def counting(asks: Sequence[tuple[Ask, bool]], at: datetime) -> list[Ask]:
    """Those of a party's asks whose keys mean something at `at`; with each comes whether it is still open.

    A later ask overtakes earlier ones that share a key with it, even once it is answered: people answer the last thing they were
    asked, and silence is no answer to the one before.
    """
    counts: list[Ask] = []
    taken: set[str] = set()
    for ask, is_open in sorted(asks, key=lambda each: (each[0].asked_at, each[0].id), reverse=True):
        if ask.keypad is None or ask.asked_at > at:
            continue
        keys = {ask.keypad.yes, ask.keypad.no}
        if is_open and not keys & taken and at < ask.expires_at:
            counts.append(ask)
        taken |= keys
    return counts[::-1]


def meant(asks: Sequence[Ask], digit: str) -> tuple[Ask, Answer] | None:
    """What a key answers among asks that count; None for every other key."""
    for ask in asks:
        if ask.keypad is not None and digit == ask.keypad.yes:
            return ask, Answer.GRANTED
        if ask.keypad is not None and digit == ask.keypad.no:
            return ask, Answer.REFUSED
    return None
