"""A person's word on a processor that could find whoever was erased by nothing but what records of other systems tell: what would
be sent, from which records and how sure, and then the word. Who is to be asked is asked like any other."""

from collections.abc import Collection
from dataclasses import dataclass, field

from rightcall.activities.model import Recipient
from rightcall.activities.processors import registering, rules
from rightcall.activities.processors.model import OrderKind, Processor
from rightcall.activities.processors.ordering import place
from rightcall.activities.telling import actions as telling
from rightcall.activities.telling import by_records
from rightcall.activities.telling.model import Notice, Told, WhyNot, Word
from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.erasure import actions as erasures
from rightcall.errors import Conflict, Malformed
from rightcall.ids import ErasureId, RecipientId
from rightcall.vault.actions import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One thing that records tell. `number`: by which it is chosen. `sent_as`: the type and the form in which the processor takes
    it; None where it does not."""

    number: int
    told: Told = field(repr=False)
    sent_as: tuple[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whether one processor is asked. `unread`: so many places could not be read before the person's key went. `processor` None:
    it was retired meanwhile, and can be told by letter alone."""

    recipient: Recipient
    notice: Notice
    processor: Processor | None
    candidates: tuple[Candidate, ...]
    unread: int


def question(tx: Transaction, vault: Vault, *, erasure: ErasureId, recipient: RecipientId) -> Question:
    """Conflict where nobody has to say anything of this recipient. Without candidates once every recipient was told: then what
    records told is destroyed."""
    to, notice = telling.notice_of(tx, erasure, recipient)
    if notice.in_doubt_at is None:
        raise Conflict(
            "There is nothing to say of this recipient: it is told by letter, or asked by what the person gave themselves."
        )
    processor = registering.standing(tx, recipient)
    told = by_records.told_of(tx, vault, erasure=erasure)
    return Question(
        recipient=to,
        notice=notice,
        processor=processor,
        candidates=tuple(
            Candidate(number=number, told=each, sent_as=_sent_as(processor, each)) for number, each in enumerate(told, 1)
        ),
        unread=by_records.unread(tx, erasure),
    )


def decide(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    *,
    erasure: ErasureId,
    recipient: RecipientId,
    word: Word,
    why_not: WhyNot | None = None,
    chosen: Collection[int] = (),
    by: Actor,
) -> Notice:
    """Ask it by the `chosen` ones, or do not, and why. Malformed where one is chosen that is not there, or that the processor
    does not take. The same again changes nothing."""
    found = question(tx, vault, erasure=erasure, recipient=recipient)
    if found.notice.said is None and word is Word.ASK:
        _check(found, chosen)
    _, notice = by_records.say(tx, clock, erasure=erasure, recipient=recipient, word=word, why_not=why_not, chosen=chosen, by=by)
    if found.notice.said is None and word is Word.ASK and found.processor is not None:
        at = erasures.get(tx, erasure).begun_at
        place(tx, clock, found.processor, OrderKind.ERASURE, notice.erasure, subject=None, at=at)
    return notice


def _check(question: Question, chosen: Collection[int]) -> None:
    if question.processor is None or OrderKind.ERASURE not in question.processor.offer.kinds:
        raise Conflict("This processor was retired, and nobody knows any more how to get in. Send it the letter.")
    takes = {each.number for each in question.candidates if each.sent_as is not None}
    if not set(chosen) <= takes:
        raise Malformed("The processor takes only some of what the records tell. Choose by the numbers that it takes.")


def _sent_as(processor: Processor | None, told: Told) -> tuple[str, str] | None:
    return None if processor is None else rules.taken_as(told.identifier.kind, processor.offer.identities)
