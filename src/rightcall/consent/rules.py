"""What an answer means, given what was asked and answered before. Pure.

A no always lands: refusing where a yes stands is a withdrawal, withdrawing where none stands is a refusal, and neither needs
evidence or an ask. A yes lands only as the answer to an open ask, with the evidence that its channel leaves, where the purpose
rests on consent at all.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from rightcall.actors import PartyRole
from rightcall.canonical import canonical_json
from rightcall.consent.model import (
    EVIDENCE_OF,
    Answer,
    Ask,
    AskId,
    Channel,
    Choice,
    Evidence,
    EvidenceKind,
    GrantOutcome,
    OpenKeys,
)
from rightcall.errors import Conflict, Malformed
from rightcall.ids import PurposeId
from rightcall.languages import canonical_language
from rightcall.personal import Personal
from rightcall.purposes.model import Keypad, LawfulBasis, Notice, OnWithdrawal, Purpose

KEYPAD_COUNTS_FOR = timedelta(minutes=2)
WORDS_COUNT_FOR = timedelta(minutes=15)
"""How long an ask waits for its answer. A key means something else soon; words, or a form that somebody reads, take longer."""
LONGEST_EVIDENCE = 4_000
LONGEST_IDEMPOTENCY_KEY = 255


def check_basis(purpose: Purpose, role: PartyRole) -> None:
    """Asking is honest only where the answer decides. Conflict otherwise."""
    basis = purpose.basis_for(role)
    if basis is not LawfulBasis.CONSENT:
        raise Conflict(no_need_to_ask(basis))


def no_need_to_ask(basis: LawfulBasis) -> str:
    """Why asking would be a fake, and what to do instead."""
    instead = "they are told, and are not asked" if basis is LawfulBasis.LEGAL_OBLIGATION else "an objection to it is a request"
    return (
        f"For this party the purpose rests on {basis.value.replace('_', ' ')}, so asking for consent would be a fake. "
        f"Tell the party about that basis; {instead}."
    )


def check_active(purpose: Purpose) -> None:
    if purpose.ended_at is not None:
        raise Conflict("This purpose has ended, so nobody is asked about it and nothing is captured for it any more.")


def settled(last: Answer | None, given: Answer) -> Answer:
    """The answer as it is written down: a no takes back the yes that stands, and is a refusal where none does."""
    if given is Answer.GRANTED:
        return given
    return Answer.WITHDRAWN if last is Answer.GRANTED else Answer.REFUSED


def checked_shown(shown_at: datetime, now: datetime) -> datetime:
    """Conflict where words were shown so long ago that a yes is none to them any more."""
    if not now - WORDS_COUNT_FOR < shown_at <= now:
        raise Conflict("These words were shown too long ago. Open the page again, read them, and choose.")
    return shown_at


def counts_for(notice: Notice) -> timedelta:
    """How long an ask with these words is open."""
    return WORDS_COUNT_FOR if notice.keypad is None else KEYPAD_COUNTS_FOR


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


def evidence_for(answer: Answer, channel: Channel, given: Evidence | None, keypad: Keypad | None) -> Evidence:
    """The evidence that is kept. A yes must bring what its channel leaves; a no needs none, and none that it brings stops it."""
    if answer is Answer.GRANTED:
        return _evidence_of_yes(channel, given, keypad)
    if given is None or len(given.detail.reveal("check evidence")) > LONGEST_EVIDENCE:
        return Evidence(kind=EvidenceKind.WORD_OF_ACTOR, detail=Personal(""))
    return given


def _evidence_of_yes(channel: Channel, given: Evidence | None, keypad: Keypad | None) -> Evidence:
    kind = EVIDENCE_OF.get(channel)
    if kind is None:
        raise Conflict("A recording client's preference is no consent. Ask the party.")
    if given is None or given.kind is EvidenceKind.WORD_OF_ACTOR:
        raise Conflict("A yes needs evidence: the key pressed, the words heard, the form sent, or a reference to them.")
    if given.kind is not kind:
        raise Conflict(
            f"A yes by the channel {channel.value} has evidence of the kind {kind.value}, and this is {given.kind.value}. "
            "Name the channel by which the answer came, and the evidence of it."
        )
    detail = given.detail.reveal("check evidence")
    if len(detail) > LONGEST_EVIDENCE:
        raise Malformed(f"Evidence is at most {LONGEST_EVIDENCE} characters. Keep the rest elsewhere and give a reference to it.")
    if kind is EvidenceKind.KEY_PRESSED:
        _check_key(detail, keypad)
    elif not _says_something(kind, detail):
        raise Conflict("A yes needs evidence, and this evidence says nothing. Give the words that were heard, or which form.")
    return given


def _check_key(pressed: str, keypad: Keypad | None) -> None:
    if keypad is not None and pressed == keypad.no:
        raise Conflict("The key that was pressed is this notice's key for a no. Record a refusal.")
    if keypad is None or pressed != keypad.yes:
        raise Conflict(
            "The evidence of a yes by keypad is the key that was pressed, alone, and this is not the key that this notice gives "
            "a yes. Send the key that was pressed; where it was another, nothing was answered: ask again."
        )


def _says_something(kind: EvidenceKind, detail: str) -> bool:
    """Words have letters; the name of a form or a reference has letters or digits."""
    return any(each.isalpha() if kind is EvidenceKind.WORDS_HEARD else each.isalnum() for each in detail)


def ask_of_yes(asks: Sequence[tuple[Ask, bool]], notice: Notice, *, channel: Channel, named: AskId | None, at: datetime) -> Ask:
    """The ask that a yes said at `at` answers: the latest open one with these words. Conflict where there is none: no ask is
    made up. `asks`: all of the party's; with each comes whether it is unanswered."""
    about = [(ask, is_open) for ask, is_open in asks if ask.notice == notice.id and ask.asked_at <= at]
    same = [(ask, is_open) for ask, is_open in about if named in (None, ask.id)]
    if not same:
        raise Conflict(
            "This party was not asked with this notice, so there is nothing that a yes answers. Put the notice to the party, "
            "record that as an ask (POST …/asks), then record the answer."
        )
    unanswered = [ask for ask, is_open in same if is_open]
    if not unanswered:
        raise Conflict("This ask was answered already. After an answer only a fresh ask makes a yes: ask again, then record it.")
    waiting = [ask for ask, _ in counting(asks, {}, at)] if channel is Channel.KEYPAD else unanswered
    found = [ask for ask in unanswered if ask in waiting and at < ask.expires_at]
    if not found:
        raise Conflict(
            "This ask has expired, or another one that came later has the same keys. Ask again, then record the answer to that."
        )
    return found[-1]


def ask_of_no(asks: Sequence[tuple[Ask, bool]], notice: Notice, *, named: AskId | None) -> Ask | None:
    """The open ask with these words that a no answers: the one that it names, else the latest. It needs none."""
    waiting = [ask for ask, is_open in asks if is_open and ask.notice == notice.id]
    answers = [ask for ask in waiting if ask.id == named] or waiting
    return answers[-1] if answers else None


def evidence_bytes(evidence: Evidence) -> bytes:
    """What is sealed, and committed to in the ledger. A receipt shows the same bytes."""
    return canonical_json({"kind": evidence.kind.value, "detail": evidence.detail.reveal("commit to evidence")})


def idempotency_bytes(key: str) -> bytes:
    if not 1 <= len(key) <= LONGEST_IDEMPOTENCY_KEY:
        raise Malformed(f"An idempotency key has 1 to {LONGEST_IDEMPOTENCY_KEY} characters.")
    return key.encode()


def outcome_of(answer: Answer, on_withdrawal: OnWithdrawal) -> GrantOutcome | None:
    """What the answer does to the grant. Each yes has a grant of its own, so that what a later one is worth says nothing about
    what was kept on an earlier one."""
    match answer:
        case Answer.GRANTED:
            return GrantOutcome.OPENED
        case Answer.WITHDRAWN:
            return GrantOutcome.KEPT if on_withdrawal is OnWithdrawal.KEEP else GrantOutcome.DESTROYED
        case Answer.REFUSED:
            return None


def counting(asks: Sequence[tuple[Ask, bool]], latest: Mapping[PurposeId, Choice], at: datetime) -> list[tuple[Ask, OpenKeys]]:
    """Those of a party's asks whose keys mean something at `at`, and which keys; with each comes whether it is still open.
    `latest`: where the party stands now.

    A later ask overtakes earlier ones that share a key with it, even once it is answered: people answer the last thing they were
    asked, and silence is no answer to the one before.
    """
    counts: list[tuple[Ask, OpenKeys]] = []
    taken: set[str] = set()
    for ask, is_open in sorted(asks, key=lambda each: (each[0].asked_at, each[0].id), reverse=True):
        if ask.keypad is None or ask.asked_at > at:
            continue
        shared = {ask.keypad.yes, ask.keypad.no} & taken
        keys = _keys_at(ask, ask.keypad, is_open, latest.get(ask.purpose), at)
        if keys is not None and not shared and at < keys.until:
            counts.append((ask, keys))
        taken |= {ask.keypad.yes, ask.keypad.no}
    return counts[::-1]


def _keys_at(ask: Ask, keypad: Keypad, is_open: bool, last: Choice | None, at: datetime) -> OpenKeys | None:
    """As they were when a key was pressed at `at`. A yes that was entered since does not take its ask away from a key that was
    pressed before it; a yes that was pressed before leaves the no key."""
    both = OpenKeys(yes=keypad.yes, no=keypad.no, until=ask.expires_at)
    if is_open:
        return both
    if last is None or last.ask != ask.id or last.answer is not Answer.GRANTED:
        return None
    if last.made_at > at:
        return both
    return both.after_yes(last.made_at) if last.channel is Channel.KEYPAD else None


def meant(asks: Sequence[tuple[Ask, OpenKeys]], digit: str) -> tuple[Ask, Answer] | None:
    """What a key answers among asks that count; None for every other key."""
    for ask, keys in asks:
        answer = keys.meaning(digit)
        if answer is not None:
            return ask, answer
    return None
