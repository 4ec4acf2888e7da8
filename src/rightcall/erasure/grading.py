"""Which copies there are of what an erasure destroyed, and how far each of them went: the reasoning behind a certificate.

* The rows of the database and the sealed objects lost their key. The objects were deleted besides, and looked for again.
* The database's dead rows, its log, an archive of it, its replicas and the slots that keep it for one, and each backup of the
data hold
  the destroyed key as it was: wrapped by the key of its epoch. They open until that is destroyed, and never after.
* What the object store keeps or copies by itself are sealed bytes, and never a key: they are dark with it.
* A backup of the keys is the key of its epoch, so it has to be gone before anything is called destroyed for good.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rightcall.clock import day_of
from rightcall.copies import actions as copies
from rightcall.copies.model import Backup, BackupKind, Look
from rightcall.database.connection import Transaction
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.elsewhere.model import Remains
from rightcall.erasure.model import Erasure
from rightcall.evidence.graded import ALWAYS, Copy, CopyGrade, CopyKind, Graded, Residual, Sanitisation, copy_of, of_remains
from rightcall.evidence.model import Erasure as Facts
from rightcall.evidence.model import Ground, Remainder
from rightcall.ids import SystemId

_NAMED_ONE_BY_ONE = 50
_ELSEWHERE = frozenset({Ground.OUTSIDE_REACH, Ground.UNCONFIRMED, Ground.OTHER_PERSON})
"""What remains on these is told system by system."""


def graded_of(tx: Transaction, whole: Sequence[Erasure], facts: Facts, away: Sequence[Remains]) -> Graded:
    """Of all subjects of the person: the first has the last epoch of them all. `away`: what other systems kept of each."""
    erasure = replace(whole[0], disposed=sum(each.disposed for each in whole))
    look = copies.last_look(tx)
    found = [*_ours(erasure, facts, look), *_backups(tx, erasure, facts.backups_until), *_key_backups(tx, erasure, facts)]
    silent = look is not None and None in (look.store.versions, look.store.replicates)
    is_elsewhere = any(elsewhere.books_of(tx, each.subject) for each in whole)
    unasked = {residual for each in whole for residual in each.unasked}
    also = {
        Residual.NOT_LOOKED: look is None,
        Residual.STORE_SILENT: silent,
        Residual.NOT_FOUND: is_elsewhere,
        **{each: True for each in Residual if each in unasked},
    }
    here = [each for each in facts.remains if each.ground not in _ELSEWHERE]
    return Graded(
        copies=(*found, *_in_systems(away), *of_remains(here)),
        residuals=(*ALWAYS, *(residual for residual, holds in also.items() if holds)),
        looked_at=None if look is None else look.looked_at,
    )


def remaining_elsewhere(away: Remains) -> list[tuple[SystemId, Remainder]]:
    """What each other system keeps, and on which ground."""
    outside = [
        (system, Remainder(ground=Ground.OUTSIDE_REACH, count=count, told_on=None if told is None else day_of(told)))
        for system, (count, told) in away.outside.items()
    ]
    unconfirmed = [(system, Remainder(ground=Ground.UNCONFIRMED, count=count)) for system, count in away.unconfirmed.items()]
    another = [(system, Remainder(ground=Ground.OTHER_PERSON, count=count)) for system, count in away.of_another.items()]
    return [*outside, *unconfirmed, *another]


def _in_systems(away: Sequence[Remains]) -> list[Copy]:
    """One entry for each system and how it stands there, by ids that say nothing to a stranger."""
    gone = Counter[SystemId]()
    left = Counter[tuple[SystemId, Remainder]]()
    for each in away:
        for (system, _), count in each.gone.items():
            gone[system] += count
        for system, remainder in remaining_elsewhere(each):
            left[system, replace(remainder, count=1)] += remainder.count
    return [
        *(Copy(kind=CopyKind.SYSTEM, grade=CopyGrade.BYTES_GONE, count=count, system=each) for each, count in gone.items()),
        *(copy_of(replace(remainder, count=count), system=system) for (system, remainder), count in left.items()),
    ]


def _ours(erasure: Erasure, facts: Facts, look: Look | None) -> list[Copy]:
    until, method = facts.backups_until, _method(facts)
    found = [Copy(kind=CopyKind.ROWS, grade=CopyGrade.KEY_DESTROYED, sanitisation=method)]
    if erasure.disposed:
        found.append(Copy(kind=CopyKind.OBJECTS, grade=CopyGrade.BYTES_GONE, count=erasure.disposed, sanitisation=method))
    found.append(_wrapped(CopyKind.LOG, erasure, until))
    if look is None:
        return found
    if look.database.archives:
        found.append(_wrapped(CopyKind.LOG_ARCHIVE, erasure, until))
    found += [_wrapped(CopyKind.REPLICA, erasure, until, look.database.replicas)] if look.database.replicas else []
    found += [_wrapped(CopyKind.SLOT, erasure, until, look.database.slots)] if look.database.slots else []
    kept = {CopyKind.VERSIONS: look.store.versions or look.store.locks, CopyKind.OBJECT_REPLICA: look.store.replicates}
    found += [Copy(kind=kind, grade=CopyGrade.KEY_DESTROYED, sanitisation=method) for kind, is_there in kept.items() if is_there]
    return found


def _backups(tx: Transaction, erasure: Erasure, until: date | None) -> list[Copy]:
    """Of the data, from the epochs in which the person had a key; the newest by name, the rest by number."""
    standing = [
        each for each in copies.standing(tx, BackupKind.DATA) if erasure.epoch is not None and each.epoch <= erasure.epoch
    ]
    opening = [each for each in standing if until is not None and _may_open(tx, erasure, each)]
    named = [_wrapped(CopyKind.BACKUP, erasure, until, backup=each) for each in opening[-_NAMED_ONE_BY_ONE:]]
    if len(opening) > len(named):
        named.append(_wrapped(CopyKind.BACKUP, erasure, until, len(opening) - len(named)))
    dark = len(standing) - len(opening)
    method = Sanitisation.PURGE if until is None else None
    return [
        *named,
        *([Copy(kind=CopyKind.BACKUP, grade=CopyGrade.KEY_DESTROYED, count=dark, sanitisation=method)] if dark else []),
    ]


def _may_open(tx: Transaction, erasure: Erasure, backup: Backup) -> bool:
    """One from an epoch that is over does where a backup of that epoch's keys is left."""
    return backup.epoch == erasure.epoch or copies.old_keys(tx, backup.epoch + 1) > 0


def _key_backups(tx: Transaction, erasure: Erasure, facts: Facts) -> list[Copy]:
    """While they may be there they go with their epoch; what is confirmed gone was overwritten and deleted."""
    standing, gone = copies.keys_until(tx, erasure.epoch or 0)
    found = [_wrapped(CopyKind.KEY_BACKUP, erasure, facts.backups_until, standing)] if standing else []
    if gone:
        method = Sanitisation.CLEAR
        found.append(Copy(kind=CopyKind.KEY_BACKUP, grade=CopyGrade.BYTES_GONE, count=gone, sanitisation=method))
    return found


def _wrapped(
    kind: CopyKind, erasure: Erasure, until: date | None, count: int | None = None, *, backup: Backup | None = None
) -> Copy:
    """What holds the key as it was, wrapped by its epoch's."""
    if until is None:
        return Copy(kind=kind, grade=CopyGrade.KEY_DESTROYED, count=count, sanitisation=Sanitisation.PURGE)
    id = None if backup is None else backup.id
    return Copy(kind=kind, grade=CopyGrade.GOES_ON, count=count, until=until, epoch=erasure.epoch, backup=id)


def _method(facts: Facts) -> Sanitisation:
    """The standard counts a destroyed key as a purge once no copy of it is left."""
    return Sanitisation.CLEAR if facts.backups_until is not None else Sanitisation.PURGE
