"""Putting right what is wrong (GDPR Art. 16): the right value stands beside the holding, with who entered it.

What was held stays what it was: a recording is not changed, and the wrong value is part of how a thing came to be. The right one
is sealed under the person's key. Each other system that holds data of the same category about the person is an open task: we put
it right there ourselves where the system lets us (`correcting_elsewhere`), else those who look after it do (`keepers`); the
request is fulfilled only when it is right in each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rightcall.activities.model import Recipient
from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.systems import actions as systems
from rightcall.errors import Conflict, NotFound
from rightcall.holdings import actions as holdings
from rightcall.ids import CorrectionId, HoldingId, RequestId, StatementId, SystemId, new_id
from rightcall.ledger.actions import append
from rightcall.personal import Personal
from rightcall.requests import proving
from rightcall.requests.corrections import store
from rightcall.requests.corrections.model import KeptCorrection, Task, ToKeepers
from rightcall.requests.corrections.rules import check_value
from rightcall.requests.corrections.sealing import seal, value_of, was_of
from rightcall.requests.corrections.standing import check_stands, correction_of
from rightcall.requests.informing import actions as informing
from rightcall.requests.informing.model import Informed
from rightcall.requests.keepers import actions as keepers
from rightcall.requests.keepers.rules import why_not_by_hand
from rightcall.requests.model import Request, RequestKind, Step
from rightcall.requests.record import get, step
from rightcall.requests.rules import check_open
from rightcall.requests.statements import CorrectedElsewhere, CorrectionEntered, CorrectionTakenBack
from rightcall.subjects.joining import actions as joining
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """`value`: Dark once the person was erased. `was`: what stood in its place in the other system, where that was read.
    `replaces`: the correction of the same holding before it; `is_replaced`: another was entered in its place. `tasks`: the other
    systems that hold the same sort of data about the person. `recipients`: who is told what is right."""

    id: CorrectionId
    request: RequestId
    holding: HoldingId
    value: Personal[str] | Dark = field(repr=False)
    was: Personal[str] | Dark | None = field(repr=False)
    replaces: CorrectionId | None
    by: Actor
    entered_at: datetime
    is_replaced: bool
    taken_back_at: datetime | None
    tasks: tuple[Task, ...]
    recipients: tuple[tuple[Recipient, Informed], ...]

    @property
    def stands(self) -> bool:
        return not self.is_replaced and self.taken_back_at is None

    @property
    def is_used(self) -> bool:
        """It was put right by it somewhere, or somebody was told: then it is taken back no more."""
        return any(each.done_at or each.told_at for each in self.tasks) or any(each.told_at for _, each in self.recipients)


def correct(
    tx: Transaction, vault: Vault, clock: Clock, request: RequestId, holding: HoldingId, value: Personal[str], *, by: Actor
) -> CorrectionId:
    """The right value of what is held, in the place of any that was entered for it before. Conflict where the request asks for
    something else, waits for something or is answered; Malformed where it is no value of its kind; NotFound where the holding is
    not about its person."""
    found = _rectification(tx, clock, request)
    person = joining.person(tx, found.subject)
    held = holdings.get(tx, holding)
    if held.subject not in person:
        raise NotFound("This holding is not about the person who asks. List the person's holdings to find its id.")
    check_value(held.category, value)
    kept = KeptCorrection(
        id=CorrectionId(new_id()),
        request=request,
        subject=held.subject,
        holding=holding,
        sealed=b"",
        replaces=store.latest_correction(tx, holding),
        by=by,
        entered_at=clock.now(),
    )
    elsewhere = holdings.systems_with(tx, person, held.category)
    store.insert_correction(tx, kept, seal(tx, vault, held.subject, kept.id, value))
    store.insert_tasks(tx, kept.id, elsewhere)
    informing.plan(tx, kept.id, held, held.subject)
    said = CorrectionEntered(
        at=kept.entered_at,
        controller=tx.of,
        request=request,
        correction=kept.id,
        holding=holding,
        replaces=kept.replaces,
        systems=len(elsewhere),
        actor=by.id,
        role=by.role,
    )
    step(tx, clock, request, Step.CORRECTED, by, said=said)
    return kept.id


def take_back(tx: Transaction, vault: Vault, clock: Clock, request: RequestId, correction: CorrectionId, *, by: Actor) -> None:
    """It was entered by mistake; what it had replaced counts again. A second time changes nothing. Conflict where something was
    put right by it, or somebody was told of it: enter what is right then."""
    check_open(get(tx, request))
    kept = correction_of(tx, request, correction)
    [found] = _opened(tx, vault, [kept])
    if found.is_used:
        raise Conflict("Somebody was told of this, or it was put right by it already. Enter what is right instead.")
    if store.take_back(tx, kept.id, clock.now()):
        append(
            tx,
            CorrectionTakenBack(at=clock.now(), controller=tx.of, request=request, correction=kept.id, actor=by.id, role=by.role),
        )


def put_right_in(
    tx: Transaction, clock: Clock, request: RequestId, correction: CorrectionId, system: SystemId, *, by: Actor
) -> None:
    """Somebody put it right in that system, and looked. A second time changes nothing. Conflict where those who look after it
    have to be told first, or were and have not answered, and where what is wrong was read there since."""
    check_open(get(tx, request))
    kept, task = keepers.task_of(tx, ToKeepers(request=request, correction=correction, system=system))
    if task.done_at is None:
        check_stands(tx, kept)
        why = why_not_by_hand(task, is_read_only=system in _read_only(tx))
        if why is not None:
            raise Conflict(why)
        was_put_right(tx, clock, correction, system, by=by)


def by_hand(tx: Transaction, tasks: Sequence[Task]) -> list[Task]:
    """Those that are open, and of which somebody may say by their own word that they are done."""
    read_only = _read_only(tx)
    return [each for each in tasks if not each.done_at and why_not_by_hand(each, is_read_only=each.system in read_only) is None]


def _read_only(tx: Transaction) -> set[SystemId]:
    """Where nothing is put right from here."""
    return {each.id for each in systems.systems(tx) if not each.corrects or each.retired_at is not None}


def was_put_right(tx: Transaction, clock: Clock, correction: CorrectionId, system: SystemId, *, by: Actor) -> None:
    """Of a task that is open."""
    at, id = clock.now(), StatementId(new_id())
    said = CorrectedElsewhere(at=at, controller=tx.of, correction=correction, system=system, actor=by.id, role=by.role)
    append(tx, said, id=id)
    store.set_task_done(tx, correction, system, by, at)


def of_request(tx: Transaction, vault: Vault, request: RequestId) -> list[Correction]:
    """In their order."""
    return _opened(tx, vault, store.corrections_of_request(tx, get(tx, request).id))


def of_holding(tx: Transaction, vault: Vault, holding: HoldingId) -> list[Correction]:
    """All that were entered for it, the one that counts last."""
    return _opened(tx, vault, store.corrections_of_holding(tx, holdings.get(tx, holding).id))


def check_put_right(tx: Transaction, request: Request) -> None:
    """Conflict while nothing was put right, a system waits, or a recipient is to be told. Where another correction took the place
    of one, that one counts."""
    if request.kind is not RequestKind.RECTIFICATION:
        return
    entered = [each.id for each in store.corrections_of_request(tx, request.id) if each.taken_back_at is None]
    kept = sorted(set(entered) - store.replaced(tx, entered))
    if not entered and holdings.count_of_person(tx, joining.person(tx, request.subject)):
        raise Conflict(
            "Nothing was put right yet. Enter what is right beside what is wrong; where you looked and nothing is wrong, deny the"
            " request as accurate and lawful."
        )
    waiting = sum(each.done_at is None for each in store.tasks_of(tx, kept))
    if waiting:
        raise Conflict(f"It is not put right everywhere: {waiting} open in other systems. List the corrections, and say of each.")
    untold = informing.untold(tx, kept)
    if untold:
        raise Conflict(
            f"Not everybody who received it was told what is right (GDPR Art. 19): {untold} open. List the corrections, send each"
            " letter, and say so."
        )


def _rectification(tx: Transaction, clock: Clock, request: RequestId) -> Request:
    found = get(tx, request)
    check_open(found)
    if found.kind is not RequestKind.RECTIFICATION:
        raise Conflict("This request asks for something else. Enter one for rectification, then correct what is wrong.")
    proving.check_ready(tx, clock, found)
    return found


def _opened(tx: Transaction, vault: Vault, found: Sequence[KeptCorrection]) -> list[Correction]:
    ids = [each.id for each in found]
    tasks, notices, replaced = store.tasks_of(tx, ids), informing.notices(tx, ids), store.replaced(tx, ids)
    return [
        Correction(
            id=each.id,
            request=each.request,
            holding=each.holding,
            value=value_of(tx, vault, each),
            was=was_of(tx, vault, each),
            replaces=each.replaces,
            by=each.by,
            entered_at=each.entered_at,
            is_replaced=each.id in replaced,
            taken_back_at=each.taken_back_at,
            tasks=tuple(task for task in tasks if task.correction == each.id),
            recipients=tuple((to, notice) for to, notice in notices if notice.correction == each.id),
        )
        for each in found
    ]
