"""Writing down beside the keys what was destroyed, as the ledger tells it, and telling a restored database (docs/adr/0009).

Each process writes down what it destroys itself, before (`adapters.destroying`). What the ledger says besides is what those on
other machines destroyed.

A backup of the present epoch brings back keys that were destroyed after it was made. What was written down here is destroyed
again, and what was put into quarantine is shut again, before anything is done with such a database. Deliberately elsewhere:
terms, which end again by the clock.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from rightcall.activities.processors import registering as processors
from rightcall.activities.telling import actions as telling
from rightcall.actors import SYSTEM
from rightcall.adapters.destroyed import Destroyed, DestroyedKind, DestroyedList
from rightcall.adapters.destroying import DESTROYING, lines_of
from rightcall.clock import Clock
from rightcall.concerns import raiser
from rightcall.consent.quality import actions as quality
from rightcall.database.connection import Database, Said, Transaction
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.systems import actions as systems
from rightcall.erasure import actions as erasures
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.errors import Breach, NotFound
from rightcall.holdings.holds import actions as holds
from rightcall.ids import ErasureId, GrantId, HoldId, MemberId, OverrideId, SubjectId, SystemId
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Sequenced
from rightcall.policy import overriding
from rightcall.procedures import actions as procedures
from rightcall.staff import leaving
from rightcall.vault.actions import Vault

_CURSOR = "destroyed"
_PAGE = 1000
_log = logging.getLogger(__name__)


def write_down(database: Database, vault: Vault, kept: DestroyedList) -> bool:
    """The next statements' part of the list; True where there may be more. The place in the ledger moves once it is on the disk.

    The epoch is read after the statements were committed: no backup with these keys lies in a later one.
    """
    with database.system() as tx:
        index = procedures.next_index(tx, _CURSOR)
        page = ledger.sequenced_after(tx, index, _PAGE)
        if page:
            lines = [line for entry in page if entry.kind in DESTROYING for line in _lines(database, entry)]
            kept.add(vault.epoch(database).key, lines)
            procedures.advance(tx, _CURSOR, page[-1].index + 1)
    return len(page) == _PAGE


def is_written_down(database: Database) -> bool:
    """Whether the list says all that the database has done."""
    with database.system() as tx:
        return not ledger.waiting(tx) and not ledger.sequenced_after(tx, procedures.next_index(tx, _CURSOR), 1)


def take_up(database: Database, vault: Vault, kept: DestroyedList, at: datetime) -> None:
    """The list lay in another folder before: the data folder was carried here by hand, maybe while somebody worked on it; or it
    was only begun, by a machine that came to others. What the ledger says is written down anew, all of it, so that the list is
    one that is worked on."""
    index = 0
    while page := _page_of(database, index):
        kept.add(
            vault.epoch(database).key, [line for entry in page if entry.kind in DESTROYING for line in _lines(database, entry)]
        )
        index = page[-1].index + 1
    if is_written_down(database):
        kept.is_complete(at)


def _page_of(database: Database, index: int) -> list[Sequenced]:
    with database.system() as tx:
        return ledger.sequenced_after(tx, index, _PAGE)


def is_behind(database: Database, kept: DestroyedList) -> bool:
    """Whether the database knows less than the list: it was restored, or the last lines were written just before a crash."""
    with database.system() as tx:
        return procedures.next_index(tx, _CURSOR) <= kept.last_index()


def tell_restored(database: Database, vault: Vault, clock: Clock, kept: DestroyedList) -> None:
    """Before anything else is done with a database that may have been restored: what it does not know of is destroyed again. What
    was written down and whose transaction was cut off just before its end is destroyed too: somebody wanted it."""
    if is_behind(database, kept):
        destroy_again(database, vault, clock, kept.read())
    unplaced = kept.unplaced()
    with database.system() as tx:
        known = ledger.known_of(tx, [line.statement for line in unplaced if line.statement is not None])
    unknown = [line for line in unplaced if line.statement not in known]
    if unknown:
        destroy_again(database, vault, clock, unknown)
        kept.settle(vault.epoch(database).key, unknown)


def destroy_again(database: Database, vault: Vault, clock: Clock, lines: Iterable[Destroyed]) -> int:
    """Whatever of this the database still has a key for is destroyed, as it was. How many keys that were. Again finds none."""
    again = 0
    for line in lines:
        with database.transaction(line.controller) as tx:
            try:
                again += _DEEDS[line.kind](tx, vault, clock, line)
            except NotFound:
                continue  # came after the backup
    if again:
        _log.warning("keys that a restored backup had brought back were destroyed again", extra={"keys": again})
    return again


def _subject(tx: Transaction, vault: Vault, clock: Clock, line: Destroyed) -> bool:
    if line.erasure is None:
        raise Breach("A line of what was destroyed names no erasure. Stop, and tell the DPO.")
    had_key = vault.subject_exists(tx, SubjectId(line.id))
    erasures.begin(tx, clock, erasure=ErasureId(line.erasure), subject=SubjectId(line.id))
    erasures.destroy(tx, vault, clock, erasure=ErasureId(line.erasure))
    return had_key


def _grant(tx: Transaction, vault: Vault, _: Clock, line: Destroyed) -> bool:
    lived = vault.grant_lives(tx, GrantId(line.id))
    vault.destroy_grant(tx, GrantId(line.id))
    return lived


def _hold(tx: Transaction, vault: Vault, clock: Clock, line: Destroyed) -> bool:
    stood = holds.get(tx, HoldId(line.id)).lifted_at is None
    holds.lift(tx, vault, clock, HoldId(line.id), by=SYSTEM)
    return stood


def _withheld(tx: Transaction, vault: Vault, clock: Clock, line: Destroyed) -> bool:
    """A list only ever shuts: what the DPO released after the backup is released again by the DPO."""
    return quality.withhold_again(tx, vault, clock, GrantId(line.id))


def _consent(tx: Transaction, vault: Vault, _: Clock, line: Destroyed) -> bool:
    """A raiser no longer lets it be shown who they are."""
    return raiser.end_consent(tx, vault, SubjectId(line.id))


def _override(tx: Transaction, vault: Vault, _: Clock, line: Destroyed) -> bool:
    """Who answered for it, and why, is forgotten."""
    return overriding.forget_again(tx, vault, OverrideId(line.id))


def _concern(tx: Transaction, _: Vault, clock: Clock, line: Destroyed) -> bool:
    """A raiser wants it gone. It goes with the worker's next round, once it is closed."""
    return raiser.forget_again(tx, clock, SubjectId(line.id))


def _system(tx: Transaction, vault: Vault, clock: Clock, line: Destroyed) -> bool:
    """It was retired: how to get in, and what was known of its places, is dark again."""
    system = systems.get(tx, SystemId(line.id))
    scans.retire_system(tx, vault, clock, system, by=SYSTEM)
    return system.retired_at is None


def _places(tx: Transaction, vault: Vault, clock: Clock, line: Destroyed) -> bool:
    """All that was to go elsewhere was confirmed gone: it is so again, and where it lay is dark again."""
    again = elsewhere.forget_again(tx, vault, clock, erasure=ErasureId(line.id))
    if again:
        erasures.settled_elsewhere(tx, vault, erasure=ErasureId(line.id))
        elsewhere.go_on(tx, clock, erasure=ErasureId(line.id))
    return again


def _letters(tx: Transaction, vault: Vault, clock: Clock, line: Destroyed) -> bool:
    """Every recipient was told: by what, is dark again."""
    return telling.forget_again(tx, vault, clock, line.id)


def _processor(tx: Transaction, vault: Vault, clock: Clock, line: Destroyed) -> bool:
    """It was retired: how to get in is dark again."""
    return processors.retire_key(tx, vault, clock, SubjectId(line.id), by=SYSTEM)


def _member(tx: Transaction, vault: Vault, clock: Clock, line: Destroyed) -> bool:
    """Who worked here and was forgotten is so again."""
    return leaving.forget_again(tx, vault, clock, MemberId(line.id))


def _suspended(tx: Transaction, _: Vault, clock: Clock, line: Destroyed) -> bool:
    """A list only ever shuts: whom an administrator let in again after that, they let in once more."""
    return leaving.suspend_again(tx, clock, MemberId(line.id))


_DEEDS: Mapping[DestroyedKind, Callable[[Transaction, Vault, Clock, Destroyed], bool]] = {
    DestroyedKind.SUBJECT: _subject,
    DestroyedKind.GRANT: _grant,
    DestroyedKind.HOLD: _hold,
    DestroyedKind.WITHHELD: _withheld,
    DestroyedKind.CONSENT: _consent,
    DestroyedKind.OVERRIDE: _override,
    DestroyedKind.CONCERN: _concern,
    DestroyedKind.SYSTEM: _system,
    DestroyedKind.PLACES: _places,
    DestroyedKind.LETTERS: _letters,
    DestroyedKind.PROCESSOR: _processor,
    DestroyedKind.MEMBER: _member,
    DestroyedKind.SUSPENDED: _suspended,
}


def _lines(database: Database, entry: Sequenced) -> list[Destroyed]:
    with database.transaction(entry.controller) as tx:
        return lines_of(tx, Said(id=entry.statement, kind=entry.kind, leaf=entry.leaf), index=entry.index)
