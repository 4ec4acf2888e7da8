"""Scans: starting and cancelling one, how far it is, what it did not read, and what a sample says of the whole.

Reading itself is `reading`, in durable steps (`procedure`). A scan that nobody could read anything of has failed: it is no clean
bill.
"""

from collections.abc import Sequence
from dataclasses import replace

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.database.walk import Walk
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.findings.sealing import name_context, open_names
from rightcall.discovery.mapping import actions as mapping
from rightcall.discovery.model import Reason
from rightcall.discovery.scans import rules, store
from rightcall.discovery.scans.figures import store as figure_store
from rightcall.discovery.scans.model import (
    Amount,
    Estimate,
    How,
    ObjectState,
    Outcome,
    Progress,
    Scan,
    SkippedObject,
    Stage,
    Unit,
)
from rightcall.discovery.scans.objects import store as object_store
from rightcall.discovery.scans.statements import ScanEnded, ScanFollowed, ScanStarted
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.fitting import DATABASES
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.errors import Conflict, NotFound
from rightcall.ids import ObjectId, ScanId, SystemId, new_id
from rightcall.ledger import actions as ledger
from rightcall.procedures.model import Reached
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

_MOST_LISTED = 1000


def start(tx: Transaction, clock: Clock, system: RegisteredSystem, how: How, *, by: Actor) -> Scan:
    """From now on, and no harder than the system may be worked; a worker begins as soon as the ledger has it. Conflict while
    another scan of the system goes on."""
    if system.retired_at is not None:
        raise Conflict("This system was retired, so it is not looked at any more. Register it anew under another name.")
    running = [each for each in store.scans(tx, system.id, None, 1) if each.stage is not Stage.OVER]
    if running:
        raise Conflict(f"The scan {running[0].id} of this system goes on. Wait for its end, or cancel it.")
    id, at = ScanId(new_id()), clock.now()
    how = replace(how, load=how.load.within(system.load))
    said = ScanStarted(
        at=at,
        controller=tx.of,
        scan=id,
        system=system.id,
        sample_per_mille=None if how.sample is None else max(1, round(1000 * how.sample)),
        actor=by.id,
        role=by.role,
    )
    scan = Scan(
        id=id,
        system=system.id,
        stage=Stage.LISTING,
        outcome=None,
        why=None,
        how=how,
        rules=None,
        started_by=by,
        started_at=at,
        reading_since=None,
        waiting_since=None,
        waiting_why=None,
        ended_at=None,
        statement=ledger.append(tx, said),
    )
    store.insert(tx, scan)
    return scan


def get(tx: Transaction, scan: ScanId) -> Scan:
    found = store.scans(tx, None, scan, 1)
    if not found:
        raise NotFound("There is no such scan here. `rightcall system show` shows those of a system.")
    return found[0]


def of_system(tx: Transaction, system: SystemId, *, limit: int = 50) -> list[Scan]:
    """Newest first."""
    return store.scans(tx, system, None, limit)


def cancel(tx: Transaction, clock: Clock, scan: ScanId) -> Scan:
    """What it found so far stays. Whoever reads for it stops at the next object. Again is fine."""
    end(tx, clock, get(tx, scan), Outcome.CANCELLED)
    return get(tx, scan)


def end(tx: Transaction, clock: Clock, scan: Scan, outcome: Outcome, why: str | None = None) -> None:
    """Once: a second end changes nothing."""
    if not store.end(tx, scan.id, outcome, why, clock.now()):
        return
    store.take_stock(tx, scan.id)
    amounts = figure_store.amounts(tx, scan.id)
    number = {state: amounts[state].objects if state in amounts else 0 for state in ObjectState}
    said = ScanEnded(
        at=clock.now(),
        controller=tx.of,
        scan=scan.id,
        system=scan.system,
        outcome=outcome,
        read=number[ObjectState.READ],
        unchanged=number[ObjectState.UNCHANGED],
        skipped=number[ObjectState.SKIPPED],
        findings=sum(each.findings for each in amounts.values()),
    )
    ledger.append(tx, said)


def followed(tx: Transaction, clock: Clock, scan: Scan) -> None:
    """All that it found was followed up. Said each time, for each time more may have come of it."""
    store.followed(tx, scan.id, clock.now())
    ledger.append(tx, ScanFollowed(at=clock.now(), controller=tx.of, scan=scan.id, system=scan.system))


def settle(tx: Transaction, clock: Clock, scan: Scan) -> Outcome:
    """What is not there any more is gone, where all was listed. Then it is over, and failed where nothing could be read."""
    if store.hold(tx, scan.id) is Stage.OVER:
        return get(tx, scan.id).outcome or Outcome.CANCELLED
    store.to_settling(tx, scan.id)
    why = rules.says_nothing(progress(tx, scan))
    if why is None and object_store.was_listed_whole(tx, scan.id, [Reason.UNREADABLE.value, Reason.NO_RIGHT.value]):
        object_store.objects_gone(tx, scan.id, scan.system, clock.now())
        findings.gone_with_objects(tx, clock, scan.system)
    outcome = Outcome.DONE if why is None else Outcome.FAILED
    end(tx, clock, scan, outcome, why)
    return outcome


def progress(tx: Transaction, scan: Scan) -> Progress:
    amounts = figure_store.amounts(tx, scan.id)
    figures = Progress(
        amounts=amounts,
        skipped=figure_store.skipped_by_reason(tx, scan.id),
        inside=figure_store.inside_by_reason(tx, scan.id),
        still=figure_store.still_by_reason(tx, scan.id),
    )
    if scan.stage is not Stage.READING or scan.waiting_since is not None:
        return figures
    return replace(figures, seconds_left=rules.seconds_left(figures))


def reached(tx: Transaction, scan: ScanId) -> Reached:
    """How many objects were looked at, of those that are to be."""
    amounts = figure_store.amounts(tx, scan)
    done = (ObjectState.READ, ObjectState.UNCHANGED, ObjectState.SKIPPED)
    return Reached(
        sum(each.objects for state, each in amounts.items() if state in done),
        sum(each.objects for state, each in amounts.items() if state is not ObjectState.LEFT_OUT),
    )


def estimates(tx: Transaction, scan: Scan) -> list[Estimate]:
    """What a sample says of the whole, by type: of objects where some were left out, and of the rows of tables. Of a scan of
    everything there is nothing to estimate."""
    if scan.how.sample is None:
        return []
    amounts = figure_store.amounts(tx, scan.id)
    read, found = amounts.get(ObjectState.READ, Amount()), list[Estimate]()
    if read.objects and ObjectState.LEFT_OUT in amounts:
        seen = findings.objects_by_type(tx, scan.system, scan.id)
        found += rules.estimates(Unit.OBJECTS, read.objects, {type: objects for type, (_, objects) in seen.items()})
    if read.rows:
        found += rules.estimates(Unit.ROWS, read.rows, figure_store.rows_by_type(tx, scan.id, scan.system))
    return found


def skipped(
    tx: Transaction,
    vault: Vault,
    system: RegisteredSystem,
    scan: ScanId,
    *,
    after: ObjectId | None,
    limit: int,
    oldest_first: bool = True,
    reason: str | None = None,
) -> list[SkippedObject]:
    """Objects that were not read, each with its reason; for all reasons, or for one. What may be named after a person who was
    erased has no name, nor what has a customer's or a telephone number in it."""
    rows = figure_store.skipped(tx, scan, Walk(id=after, oldest_first=oldest_first), reason, limit)
    names = open_names(tx, vault, system.key, [(object, name) for object, name, _ in rows])
    found = [SkippedObject(object=object, name=None, reason=reason) for object, _, reason in rows]
    return found if isinstance(names, Dark) else _named(tx, system, found, names)


def passed_over_inside(tx: Transaction, vault: Vault, system: RegisteredSystem, scan: ScanId) -> list[SkippedObject]:
    """What was passed over within objects that were read, or are unchanged since they were: the first thousand."""
    rows = figure_store.passed_over_inside(tx, scan, _MOST_LISTED)
    opened = vault.open_values(tx, system.key, [(name, inside_context(object, nth)) for object, nth, name, _, _ in rows])
    found = [SkippedObject(object=object, name=None, reason=reason, since=since) for object, _, _, reason, since in rows]
    return found if isinstance(opened, Dark) else _named(tx, system, found, [each.decode() for each in opened])


def _named(
    tx: Transaction, system: RegisteredSystem, found: Sequence[SkippedObject], names: Sequence[str]
) -> list[SkippedObject]:
    few = findings.few_people(tx, system, {each.object for each in found})
    dark = {object for object, people in few.items() if people.has_erased}
    telling = set() if system.kind in DATABASES else findings.named_after_somebody(tx, system, names)
    return [
        each if each.object in dark or name in telling else replace(each, name=name)
        for each, name in zip(found, names, strict=True)
    ]


def inside_context(object: ObjectId, nth: int) -> str:
    return f"{name_context(object)}.inside.{nth}"


def retire_system(tx: Transaction, vault: Vault, clock: Clock, system: RegisteredSystem, *, by: Actor) -> RegisteredSystem:
    """Nobody looks there any more: its scan is cancelled, and all that was sealed of it is dark. What was found there is taken to
    lie there still: nothing is gone because nobody looks."""
    for scan in store.scans(tx, system.id, None, 1):
        end(tx, clock, scan, Outcome.CANCELLED)
    while mapping.vanish_next(tx, clock, system) > 0:
        pass
    return systems.retire(tx, vault, clock, system, by=by)


shared = store.shared
