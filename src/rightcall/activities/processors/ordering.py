"""What each processor is asked: of an erasure, whoever is to be told of it; for a copy, whoever receives the person's data.

Of somebody whom records of other systems alone tell of, a processor is asked by what those tell only on a person's word."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from rightcall.activities import actions as activities
from rightcall.activities.processors import rules, store
from rightcall.activities.processors.model import Order, OrderId, OrderKind, OrderState, Processor
from rightcall.activities.processors.statements import OrderPlaced
from rightcall.activities.telling import actions as telling
from rightcall.activities.telling import by_records
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.erasure import actions as erasures
from rightcall.ids import ErasureId, RecipientId, SubjectId
from rightcall.ledger.actions import append
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark


def order_erasure(tx: Transaction, vault: Vault, clock: Clock, *, erasure: ErasureId) -> int:
    """Each registered processor among the recipients that are not told yet is to be asked, where it can find the person by what
    they were known by. Where only records tell by what it could, a person has to say so. The others are told by letter. How many
    are to be asked; again changes nothing."""
    by_records.put_in_doubt(tx, clock, erasure=erasure, recipients=_in_doubt(tx, vault, erasure))
    known = telling.known_by(tx, vault, erasure=erasure)
    begun_at = erasures.get(tx, erasure).begun_at
    untold = {notice.recipient for _, notice in telling.notices(tx, erasure) if notice.told_at is None}
    return sum(
        place(tx, clock, each, OrderKind.ERASURE, erasure, subject=None, at=begun_at)
        for each in _asked(tx, OrderKind.ERASURE, known)
        if each.recipient in untold
    )


def order_copies(
    tx: Transaction, vault: Vault, clock: Clock, *, request: UUID, kind: OrderKind, subject: SubjectId, at: datetime
) -> int:
    """Each registered processor that receives data for a purpose that something of the person is held for."""
    person = joining.person(tx, subject)
    held = {purpose for each in person for purpose in telling.purposes_of(tx, each)}
    receives = {each.id for each in activities.recipients(tx) if held & set(each.purposes)}
    return sum(
        place(tx, clock, each, kind, request, subject=subject, at=at)
        for each in _asked(tx, kind, _known(tx, vault, subject))
        if each.recipient in receives
    )


def kinds_to_read(tx: Transaction, vault: Vault, *, erasure: ErasureId) -> frozenset[IdentifierKind]:
    """What of the records is to be read before the key goes: the sorts of identifiers by which processors that have
    something of theirs could find them, and could not by anything that they gave themselves. None: there is nothing to read."""
    if by_records.is_kept(tx, erasure):
        return frozenset()
    held = {purpose for each in erasures.whole(tx, erasure) for purpose in telling.purposes_of(tx, each.subject)}
    known = telling.known_by(tx, vault, erasure=erasure)
    receives = {each.id for each in activities.recipients(tx) if held & set(each.purposes)}
    takes = [each.offer.identities for each in _standing(tx, OrderKind.ERASURE) if each.recipient in receives]
    return frozenset(kind for each in takes if not rules.identities_of(known, each) for kind in rules.kinds_of(each))


def known_of(tx: Transaction, vault: Vault, order: Order) -> list[Identifier]:
    """By what the person is known whom it is about; nothing once nobody knows that any more."""
    if order.subject is None:
        erasure = ErasureId(order.asked_for)
        _, notice = telling.notice_of(tx, erasure, order.recipient)
        if notice.said is None:
            return telling.known_by(tx, vault, erasure=erasure)
        told = by_records.told_of(tx, vault, erasure=erasure)
        return [each.identifier for number, each in enumerate(told, 1) if number in notice.said.chosen]
    return _known(tx, vault, order.subject)


def was_told(tx: Transaction, order: Order) -> bool:
    """Of an erasure: the recipient was told of it, in whatever way."""
    if order.kind is not OrderKind.ERASURE:
        return False
    notices = [notice for _, notice in telling.notices(tx, ErasureId(order.asked_for)) if notice.recipient == order.recipient]
    return bool(notices) and all(notice.told_at is not None for notice in notices)


def place(
    tx: Transaction,
    clock: Clock,
    processor: Processor,
    kind: OrderKind,
    asked_for: UUID,
    *,
    subject: SubjectId | None,
    at: datetime,
) -> bool:
    """False where it is placed already."""
    order = Order(
        id=OrderId(uuid4()),
        recipient=processor.recipient,
        kind=kind,
        asked_for=asked_for,
        subject=subject,
        submitted_at=at,
        state=OrderState.TO_ASK,
        called_back=None,
        round=0,
        due_at=clock.now(),
        failures=0,
        failing_since=None,
        trouble=None,
        escalated_at=None,
        accepted_at=None,
        expected_at=None,
        settled_at=None,
    )
    if not store.insert_order(tx, order):
        return False
    said = OrderPlaced(
        at=clock.now(),
        controller=tx.of,
        order=order.id,
        recipient=processor.recipient,
        kind_of_order=kind,
        asked_for=asked_for,
    )
    append(tx, said)
    return True


def _in_doubt(tx: Transaction, vault: Vault, erasure: ErasureId) -> list[RecipientId]:
    """Recipients that could find the person by nothing but what records tell."""
    told = [each.identifier for each in by_records.told_of(tx, vault, erasure=erasure)]
    known = telling.known_by(tx, vault, erasure=erasure)
    by_themselves = {each.recipient for each in _asked(tx, OrderKind.ERASURE, known)}
    found = {each.recipient for each in _asked(tx, OrderKind.ERASURE, told)} - by_themselves
    return [notice.recipient for _, notice in telling.notices(tx, erasure) if notice.recipient in found]


def _asked(tx: Transaction, kind: OrderKind, known: Sequence[Identifier]) -> list[Processor]:
    """Those that take such a request, and one of these identities."""
    return [each for each in _standing(tx, kind) if rules.identities_of(known, each.offer.identities)]


def _standing(tx: Transaction, kind: OrderKind) -> list[Processor]:
    return [each for each in store.processors(tx) if each.retired_at is None and kind in each.offer.kinds]


def _known(tx: Transaction, vault: Vault, subject: SubjectId) -> list[Identifier]:
    """By what the whole person is known. Nothing once they were erased."""
    known = joining.known_by(tx, vault, subject)
    return [] if isinstance(known, Dark) else known
