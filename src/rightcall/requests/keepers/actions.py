"""Those who look after a system in which we put nothing right ourselves are told what is wrong there and what is right (GDPR
Art. 16). Rightcall writes the letter; a person sends it, says so, and enters what they say. Then what stands there is read again
(`correcting_elsewhere`): their word alone does not make it right.
"""

from rightcall.activities.telling.letters import Letter
from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.discovery.systems import actions as systems
from rightcall.errors import Conflict, NotFound
from rightcall.holdings import actions as holdings
from rightcall.ledger.actions import append
from rightcall.personal import Personal
from rightcall.requests.corrections import store
from rightcall.requests.corrections.model import KeptCorrection, Task, ToKeepers
from rightcall.requests.corrections.places import places_in
from rightcall.requests.corrections.sealing import value_of, was_of
from rightcall.requests.corrections.standing import check_stands
from rightcall.requests.informing.model import Reply
from rightcall.requests.keepers import rules
from rightcall.requests.keepers.letters import letter_of
from rightcall.requests.keepers.statements import CorrectionKeeperReplied, CorrectionKeeperTold
from rightcall.requests.record import get
from rightcall.requests.rules import check_open
from rightcall.subjects.joining import actions as joining
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

_FOR = "write to those who look after a system"


def letter(tx: Transaction, vault: Vault, clock: Clock, to: ToKeepers) -> Letter:
    """Conflict where it is right there, where the worker has not looked yet, and once the person was erased."""
    kept, task = task_of(tx, to)
    rules.check_to_tell(task)
    value, was = value_of(tx, vault, kept), was_of(tx, vault, kept)
    known = joining.known_by(tx, vault, kept.subject)
    if isinstance(value, Dark) or isinstance(was, Dark) or isinstance(known, Dark):
        raise Conflict("The person was erased, so nobody knows any more what is right. The erasure has letters of its own.")
    return letter_of(
        controllers.get(tx),
        systems.get(tx, to.system),
        kept.id,
        holdings.get(tx, kept.holding).category,
        was.reveal(_FOR) if isinstance(was, Personal) else None,
        value.reveal(_FOR),
        [each.spot for each in places_in(tx, vault, kept, to.system)],
        [(each.kind.value, each.value.reveal(_FOR)) for each in known],
        clock.now(),
    )


def tell(tx: Transaction, clock: Clock, to: ToKeepers, *, by: Actor) -> None:
    """Somebody says that the letter went out. Again changes nothing. From now on it is not called right there before they have
    said what they did."""
    check_open(get(tx, to.request))
    kept, task = task_of(tx, to)
    check_stands(tx, kept)
    rules.check_to_tell(task)
    at = clock.now()
    if store.keepers_told(tx, kept.id, to.system, by, at):
        said = CorrectionKeeperTold(at=at, controller=tx.of, correction=kept.id, system=to.system, actor=by.id, role=by.role)
        append(tx, said)


def answer(tx: Transaction, clock: Clock, to: ToKeepers, answer: Reply, *, by: Actor) -> None:
    """What they said. Said again it is read there again: they have put right by now what they had not before. Conflict before
    they were told, and once it is right there."""
    check_open(get(tx, to.request))
    kept, task = task_of(tx, to)
    if task.told_at is None:
        raise Conflict(
            "Those who look after this system were not told yet. Send the letter, say so, and enter what they say then."
        )
    rules.check_to_tell(task)
    at = clock.now()
    store.keepers_said(tx, kept.id, to.system, answer, by, at)
    said = CorrectionKeeperReplied(
        at=at, controller=tx.of, correction=kept.id, system=to.system, answer=answer, actor=by.id, role=by.role
    )
    append(tx, said)


def task_of(tx: Transaction, to: ToKeepers) -> tuple[KeptCorrection, Task]:
    for kept in store.corrections_of_request(tx, get(tx, to.request).id):
        for task in store.tasks_of(tx, [kept.id]) if kept.id == to.correction else []:
            if task.system == to.system:
                return kept, task
    raise NotFound("There is no such correction of this request that this system waits for. List the corrections.")
