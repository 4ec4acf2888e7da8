"""The first step of a scan: which objects there are, and which of them need not be read again."""

from collections.abc import Iterator, Sequence
from itertools import islice

from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.findings.sealing import name_context
from rightcall.discovery.model import PassedOver
from rightcall.discovery.ports import Listed
from rightcall.discovery.scans import rules, store
from rightcall.discovery.scans.model import ObjectState, Scan
from rightcall.discovery.scans.objects import store as object_store
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.ids import ObjectId, new_id
from rightcall.vault.actions import Vault

BATCH = 500
FINGERPRINT = "discovery.fingerprint"
"""What a keyed hash of a fingerprint is bound to."""
_OBJECT = "discovery.object"
_Row = tuple[ObjectId, ObjectState, str | None, bytes | None, int | None]


def batches(objects: Iterator[Listed | PassedOver]) -> Iterator[list[Listed | PassedOver]]:
    while batch := list(islice(objects, BATCH)):
        yield batch


def put_down(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    scan: Scan,
    system: RegisteredSystem,
    batch: Sequence[Listed | PassedOver],
    digest: bytes,
) -> None:
    """Each as waiting, as unchanged since it was last read with the same rules, or as skipped with its reason."""
    names = [each.object if isinstance(each, PassedOver) else each.name for each in batch]
    marks = vault.blinds(tx, [(_OBJECT, f"{system.id} {name}") for name in names])
    known = object_store.objects_by_mark(tx, system.id, marks)
    fresh = {mark: (ObjectId(new_id()), name) for mark, name in zip(marks, names, strict=True) if mark not in known}
    sealed = vault.seal_values(tx, system.key, [(name.encode(), name_context(id)) for id, name in fresh.values()])
    rows = [(id, mark, blob) for (mark, (id, _)), blob in zip(fresh.items(), sealed, strict=True)]
    object_store.insert_objects(tx, system.id, rows, clock.now())
    known = object_store.objects_by_mark(tx, system.id, marks)
    prints = vault.blinds(tx, [(FINGERPRINT, _fingerprint(each)) for each in batch])
    listed: list[_Row] = []
    for each, mark, print in zip(batch, marks, prints, strict=True):
        object, before, read_with = known[mark]
        if isinstance(each, PassedOver):
            listed.append((object, ObjectState.SKIPPED, each.reason.value, None, None))
            continue
        now = None if each.fingerprint is None else print
        same = scan.how.sample is None and now is not None and (before, read_with) == (now, digest)
        state = ObjectState.UNCHANGED if same else ObjectState.WAITING
        listed.append((object, state, None, now, each.size))
    object_store.insert_listed(tx, scan.id, listed)


def begin_reading(tx: Transaction, clock: Clock, scan: Scan, digest: bytes) -> None:
    """The list is whole. Of a sample, the rest is left out."""
    if scan.how.sample is not None:
        object_store.leave_out(tx, scan.id, rules.sample_size(object_store.count_waiting(tx, scan.id), scan.how.sample))
    store.to_reading(tx, scan.id, digest, clock.now())
    store.take_stock(tx, scan.id)


def _fingerprint(each: Listed | PassedOver) -> str:
    return "" if isinstance(each, PassedOver) else each.fingerprint or ""
