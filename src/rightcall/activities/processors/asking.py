"""One round with a processor: what is sent, what came back, and what that makes of the order.

What a processor says is its word: signed by the certificate of its domain, and seen by nobody here. It is never called done
unless it says completed when it is asked.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from rightcall.activities.processors import registering, rules, store
from rightcall.activities.processors.model import (
    Address,
    Heard,
    Order,
    OrderId,
    OrderKind,
    OrderState,
    Processor,
    ProcessorGone,
    Reply,
    Trouble,
)
from rightcall.activities.processors.ordering import known_of, was_told
from rightcall.activities.processors.orders import RESULTS, get
from rightcall.activities.processors.ports import Line, Outbound
from rightcall.activities.processors.statements import OrderEscalated, OrderSettled, OrderTaken
from rightcall.activities.telling import actions as telling
from rightcall.activities.telling.model import Answer
from rightcall.actors import SYSTEM
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.erasure.elsewhere.rules import pause
from rightcall.errors import Malformed
from rightcall.ids import ErasureId
from rightcall.ledger.actions import append
from rightcall.vault.actions import Vault

_NO_WAY = frozenset({Trouble.NOBODY, Trouble.RETIRED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """All that one round needs, read in one transaction: nothing is open while somebody else's machine is waited for. `body`: to
    be sent where it is not taken yet; None where nobody knows any more whom it is about."""

    order: Order
    processor: Processor
    address: Address
    body: bytes | None = field(repr=False)


def prepare(tx: Transaction, vault: Vault, outbound: Outbound, order: OrderId, round: int) -> Call | Order | None:
    """None where this round was ended; the order alone where its processor was retired."""
    found = get(tx, order)
    if found.round != round or found.settled_at is not None:
        return None
    processor = registering.standing(tx, found.recipient)
    if processor is None:
        return found
    known = [] if found.accepted_at is None and was_told(tx, found) else known_of(tx, vault, found)
    identities = rules.identities_of(known, processor.offer.identities)
    return Call(
        order=found,
        processor=processor,
        address=registering.address_of(tx, vault, processor),
        body=None if not identities else _body(tx, outbound, found, processor, identities),
    )


def _body(
    tx: Transaction, outbound: Outbound, order: Order, processor: Processor, identities: Sequence[Mapping[str, str]]
) -> bytes:
    return rules.body_of(
        order,
        identities,
        version=processor.offer.version,
        regulation=rules.regulation_of(controllers.get(tx).jurisdictions),
        callback=outbound.callback_url(tx.of),
    )


def converse(outbound: Outbound, call: Call) -> Heard | Trouble:
    """One round on the line: asks, or asks how far it is. Nothing is written down."""
    try:
        with closing(outbound.dial(call.address)) as line:
            reply, is_new = _reply(line, call)
    except ProcessorGone:
        return Trouble.UNREACHABLE
    if reply is None:
        return Trouble.NOBODY
    domain, certificate = call.processor.domain, call.processor.certificate
    if is_new and call.body is not None:
        return rules.taken(reply, call.order.id, domain=domain, certificate=certificate, sent=call.body)
    return rules.status(reply, call.order.id, domain=domain, certificate=certificate)


def _reply(line: Line, call: Call) -> tuple[Reply | None, bool]:
    """And whether it is the answer to the request itself. Asked again after a crash, a processor may say that it has it: then it
    is asked how far it is."""
    if call.order.accepted_at is not None:
        return line.status(call.order.id), False
    if call.body is None:
        return None, False
    reply = line.ask(call.body)
    if reply.status not in rules.HAS_IT:
        return reply, True
    return line.status(call.order.id), False


def certificate_again(outbound: Outbound, clock: Clock, call: Call) -> bytes | None:
    """The processor may have a new certificate. It is taken only if it holds for the same domain as the one before."""
    try:
        with closing(outbound.dial(call.address)) as line:
            found = line.certificate(call.processor.offer.certificate_url)
        rules.check_certificate(found, domain=call.processor.domain, roots=outbound.roots, now=clock.now())
    except (ProcessorGone, Malformed):
        return None
    return None if found == call.processor.certificate else found


def is_certificate_over(outbound: Outbound, clock: Clock, call: Call) -> bool:
    """It was good when it was registered, and is not any more."""
    try:
        rules.check_certificate(call.processor.certificate, domain=call.processor.domain, roots=outbound.roots, now=clock.now())
    except Malformed:
        return True
    return False


def renew(tx: Transaction, clock: Clock, processor: Processor, certificate: bytes) -> None:
    store.renew_certificate(tx, processor.key, certificate, clock.now())


def end_round(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    asked: Order,
    said: Heard | Trouble,
    *,
    after: timedelta,
) -> bool:
    """Writes down what came of a round, in which the order was as `asked`. False where that was done before."""
    before = get(tx, asked.id)
    if before.round != asked.round or before.settled_at is not None:
        return False
    if before.accepted_at is None and said in _NO_WAY and was_told(tx, before):
        return _settle(tx, clock, replace(before, state=OrderState.BY_LETTER))
    now = clock.now()
    trouble = said if isinstance(said, Trouble) else rules.trouble_of(asked, said, now)
    moved = before if isinstance(said, Trouble) else _moved(before, said, now)
    if isinstance(said, Heard):
        _taken(tx, vault, clock, before, said)
    done = _troubled(tx, clock, moved, trouble, after)
    if done.state not in rules.OPEN:
        return _settle(tx, clock, done)
    has_called = before.called_back is not asked.called_back
    return store.end_round(tx, replace(done, due_at=now) if has_called else done)


def _moved(before: Order, said: Heard, now: datetime) -> Order:
    over = said.state not in rules.OPEN
    return replace(
        before,
        state=said.state,
        accepted_at=before.accepted_at or now,
        expected_at=before.expected_at or said.expected_at,
        settled_at=now if over else None,
        due_at=None if over else before.due_at,
    )


def _troubled(tx: Transaction, clock: Clock, order: Order, trouble: Trouble | None, after: timedelta) -> Order:
    """When it is asked again, and whether a person has to look."""
    now, failures = clock.now(), 0 if trouble is None else order.failures + 1
    since = None if trouble is None else order.failing_since or now
    needs = trouble is not None and (trouble in rules.AT_ONCE or (since is not None and now - since >= after))
    escalated = (order.escalated_at or now) if needs else None
    if needs and order.escalated_at is None and trouble is not None:
        append(tx, OrderEscalated(at=now, controller=tx.of, order=order.id, why=trouble))
    again = now + pause(failures or order.round + 1, is_escalated=needs)
    return replace(
        order,
        failures=failures,
        failing_since=since,
        trouble=trouble,
        escalated_at=escalated,
        due_at=None if order.settled_at is not None else again,
    )


def _taken(tx: Transaction, vault: Vault, clock: Clock, order: Order, said: Heard) -> None:
    """It has it: it is told, by its signature. Where it put a copy is sealed under the person's key."""
    if order.accepted_at is None:
        append(tx, OrderTaken(at=clock.now(), controller=tx.of, order=order.id))
        if order.kind is OrderKind.ERASURE and not was_told(tx, order):
            telling.tell(tx, vault, clock, erasure=ErasureId(order.asked_for), recipient=order.recipient, by=SYSTEM)
    if said.results is not None and order.subject is not None and vault.subject_exists(tx, order.subject):
        url = said.results.reveal("seal where a processor put a copy").encode()
        store.set_results(tx, order.id, vault.seal_value(tx, order.subject, url, RESULTS))


def _settle(tx: Transaction, clock: Clock, order: Order) -> bool:
    done = replace(order, settled_at=order.settled_at or clock.now(), due_at=None)
    if not store.end_round(tx, done):
        return False
    append(tx, OrderSettled(at=clock.now(), controller=tx.of, order=order.id, state=order.state))
    if order.state is OrderState.COMPLETED and was_told(tx, order):
        erasure = ErasureId(order.asked_for)
        telling.answer(tx, clock, erasure=erasure, recipient=order.recipient, answer=Answer.LET_GO, by=SYSTEM)
    return True
