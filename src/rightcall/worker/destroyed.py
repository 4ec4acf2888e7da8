"""Writing down beside the keys what was destroyed, as the ledger tells it, and telling a restored database (docs/adr/0009).

A backup of the present epoch brings back keys that were destroyed after it was made. What was written down here is destroyed
again, and what was put into quarantine is shut again, before anything is done with such a database. Deliberately elsewhere:
terms, which end again by the clock.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from uuid import UUID

from rightcall.activities.processors import registering as processors
from rightcall.activities.processors.statements import ProcessorRetired
from rightcall.activities.telling import actions as telling
from rightcall.activities.telling.statements import LettersForgotten
from rightcall.actors import SYSTEM
from rightcall.adapters.destroyed import Destroyed, DestroyedKind, DestroyedList
from rightcall.calls import actions as calls
from rightcall.canonical import parse_json
from rightcall.clock import Clock
from rightcall.concerns import raiser
from rightcall.concerns.statements import ConsentWithdrawn, ForgettingAsked
from rightcall.consent.quality import actions as quality
from rightcall.consent.quality.statements import GrantWithheld
from rightcall.consent.statements import GrantDestroyed
from rightcall.database.connection import Database, Transaction
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.statements import SystemRetired
from rightcall.erasure import actions as erasures
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.elsewhere.statements import PlacesForgotten
from rightcall.erasure.statements import SubjectErased
from rightcall.errors import Breach, NotFound
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.statements import HoldLifted
from rightcall.ids import ErasureId, GrantId, HoldId, MemberId, OverrideId, SubjectId, SystemId
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Sequenced
from rightcall.policy import overriding
from rightcall.policy.overrides.statements import OverrideForgotten
from rightcall.procedures import actions as procedures
from rightcall.staff import leaving
from rightcall.staff.members.statements import MemberForgotten, MemberSuspended
from rightcall.vault.actions import Vault

_CURSOR = "destroyed"
_PAGE = 1000
_FIELDS: Mapping[str, tuple[DestroyedKind, str]] = {
    SubjectErased.KIND: (DestroyedKind.SUBJECT, "erasure"),
    GrantDestroyed.KIND: (DestroyedKind.GRANT, "grant"),
    HoldLifted.KIND: (DestroyedKind.HOLD, "hold"),
    GrantWithheld.KIND: (DestroyedKind.WITHHELD, "grant"),
    ConsentWithdrawn.KIND: (DestroyedKind.CONSENT, "key"),
    OverrideForgotten.KIND: (DestroyedKind.OVERRIDE, "override"),
    ForgettingAsked.KIND: (DestroyedKind.CONCERN, "key"),
    SystemRetired.KIND: (DestroyedKind.SYSTEM, "system"),
    PlacesForgotten.KIND: (DestroyedKind.PLACES, "erasure"),
    LettersForgotten.KIND: (DestroyedKind.LETTERS, "erasure"),
    ProcessorRetired.KIND: (DestroyedKind.PROCESSOR, "key"),
    MemberForgotten.KIND: (DestroyedKind.MEMBER, "member"),
    MemberSuspended.KIND: (DestroyedKind.SUSPENDED, "member"),
}
_log = logging.getLogger(__name__)


def write_down(database: Database, vault: Vault, kept: DestroyedList) -> bool:
    """The next statements' part of the list; True where there may be more. The place in the ledger moves once it is on the disk.

    The epoch is read after the statements were committed: no backup with these keys lies in a later one.
    """
    with database.system() as tx:
        index = procedures.next_index(tx, _CURSOR)
        page = ledger.sequenced_after(tx, index, _PAGE)
        if page:
            lines = [line for entry in page if entry.kind in _FIELDS for line in _lines(database, vault, entry)]
            kept.add(vault.epoch(database).key, lines)
            procedures.advance(tx, _CURSOR, page[-1].index + 1)
    return len(page) == _PAGE


def is_written_down(database: Database) -> bool:
    """Whether the list says all that the database has done."""
    with database.system() as tx:
        return not ledger.waiting(tx) and not ledger.sequenced_after(tx, procedures.next_index(tx, _CURSOR), 1)


def is_behind(database: Database, kept: DestroyedList) -> bool:
    """Whether the database knows less than the list: it was restored, or the last lines were written just before a crash."""
    with database.system() as tx:
        return procedures.next_index(tx, _CURSOR) <= kept.last_index()


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


def _lines(database: Database, vault: Vault, entry: Sequenced) -> list[Destroyed]:
    """The ledger names no person, so whose key an erasure destroyed is looked up. Grants that were another person's before are
    told one by one: a backup from before that has them under the other's key."""
    statement = parse_json(entry.leaf)
    if not isinstance(statement, Mapping):
        raise Breach("A leaf of the ledger is not a statement. Stop, and tell the DPO.")
    kind, field = _FIELDS[entry.kind]
    id = UUID(str(statement[field]))
    if kind is not DestroyedKind.SUBJECT:
        return [Destroyed(index=entry.index, controller=entry.controller, kind=kind, id=id)]
    with database.transaction(entry.controller) as tx:
        part = ErasureId(UUID(str(statement.get("part") or id)))
        subject = erasures.get(tx, part).subject
        grants = vault.grants_of(tx, calls.attributed_to(tx, subject))
    told = partial(Destroyed, index=entry.index, controller=entry.controller)
    return [told(kind=kind, id=subject, erasure=part), *(told(kind=DestroyedKind.GRANT, id=grant) for grant in grants)]
