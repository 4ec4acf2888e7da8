"""Reading the objects of a scan: one after another, each for a while its reader's alone, what was found put down in stretches.

Cut off anywhere, the object is read again from its beginning by whoever takes it next, and the same findings are the same: none
is lost and none doubled.
"""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rightcall.clock import Clock
from rightcall.database.connection import Database, Transaction
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.findings.model import Batch
from rightcall.discovery.findings.sealing import open_names
from rightcall.discovery.looking.model import Rules
from rightcall.discovery.looking.rules import look_at_name
from rightcall.discovery.mapping import actions as mapping
from rightcall.discovery.model import Event, Found, NotRead, PassedOver, Read, Reason, SourceGone
from rightcall.discovery.ports import TOIL, Listed, Load, System, Toil
from rightcall.discovery.scanning import read_object
from rightcall.discovery.scans import rules as scan_rules
from rightcall.discovery.scans.actions import inside_context
from rightcall.discovery.scans.listing import FINGERPRINT
from rightcall.discovery.scans.model import Amount, Scan, Taken
from rightcall.discovery.scans.objects import store as object_store
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.errors import Breach, Outage
from rightcall.ids import ControllerId
from rightcall.telemetry import described
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

STRETCH = 1000
LEASE_SECONDS = 120.0
_RENEW_SECONDS = 5.0
_MOST_INSIDE = 10_000
_AGAIN = frozenset({Reason.TOO_SLOW, Reason.CHANGED})
_CUT_OFF = frozenset({Reason.TOO_SLOW, Reason.BOMB, Reason.STOPS_READERS})
"""What followed in the object was not looked at, so that it is not known to be gone."""
_log = logging.getLogger(__name__)


class NotMine(Exception):
    """Another reader has the object meanwhile, or the scan is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What reading works with. `reader` tells this run of this process from every other."""

    database: Database
    vault: Vault
    clock: Clock
    controller: ControllerId
    scan: Scan
    system: RegisteredSystem
    rules: Rules
    digest: bytes
    reader: str
    toil: Toil = TOIL
    lease: float = LEASE_SECONDS
    wait: Callable[[float], None] = time.sleep
    watch: Callable[[], float] = time.monotonic

    @property
    def load(self) -> Load:
        """What of the source's work is this reader's."""
        return self.scan.how.load.shared(self.scan.how.workers)

    def run(self, deed: Callable[[Transaction], None]) -> None:
        self.database.run(self.controller, deed)


@dataclass(slots=True, kw_only=True)
class _Sheet:
    """What is known of one object so far."""

    taken: Taken
    name: str
    sign: "bytes | None"
    bytes: int = 0
    rows: int = 0
    findings: int = 0
    found: list[Found] = field(default_factory=list)
    inside: list[PassedOver] = field(default_factory=list)
    is_read: bool = False
    why_not: Reason | None = None
    passed_over: int = 0
    is_cut_off: bool = False
    is_to_be_read_again: bool = False
    began: float
    renewed: float = field(default_factory=time.monotonic)


def read_some(desk: Desk, source: System, *, objects: int, seconds: float) -> int:
    """Reads up to so many objects, and begins none after so many seconds. How many it took: 0 where there is none to take."""
    until, done = time.monotonic() + seconds, 0
    while done < objects and time.monotonic() < until:
        taken = _take(desk)
        for each, name in taken:
            try:
                _read(desk, source, each, name)
            except NotMine:
                _log.info("an object of a scan is another reader's meanwhile, or the scan is over")
            except SourceGone:
                desk.run(lambda tx: object_store.give_back(tx, desk.scan.id, desk.reader))
                raise
            done += 1
        if not taken:
            break
    return done


def _take(desk: Desk) -> list[tuple[Taken, str]]:
    """The next object, as long as no more than the scan's number of workers read."""
    with desk.database.transaction(desk.controller) as tx:
        if object_store.other_readers(tx, desk.scan.id, desk.reader) >= desk.scan.how.workers:
            return []
        taken = object_store.take(tx, desk.scan.id, desk.reader, objects=1, seconds=desk.lease)
        names = open_names(tx, desk.vault, desk.system.key, [(each.object, each.sealed_name) for each in taken])
        return [] if isinstance(names, Dark) else list(zip(taken, names, strict=True))


def _read(desk: Desk, source: System, taken: Taken, name: str) -> None:
    if taken.takes > scan_rules.MOST_TAKES:
        _skip(desk, taken, name, Reason.STOPS_READERS)
        return
    sheet = _Sheet(taken=taken, name=name, sign=_sign(desk, source, taken, name), began=desk.watch())
    if sheet.sign is not None and taken.read_as == (sheet.sign, desk.digest):
        desk.run(lambda tx: object_store.was_unchanged(tx, desk.scan.id, taken.object))
        return
    try:
        for event in _events(desk, source, sheet):
            _note(desk, sheet, event)
    except NotRead as why:
        _skip(desk, taken, name, why.reason)
        return
    if sheet.why_not is not None and not sheet.is_read:
        _skip(desk, taken, name, sheet.why_not)
        return
    if sheet.sign is not None and _sign(desk, source, taken, name) != sheet.sign:
        _note(desk, sheet, PassedOver(object=name, reason=Reason.CHANGED))
    desk.run(lambda tx: _finish(tx, desk, sheet))


def _sign(desk: Desk, source: System, taken: Taken, name: str) -> bytes | None:
    """Where the list told nothing of its state: what the source says of it, before it is read, so that it is never newer than
    what was read."""
    if taken.fingerprint is not None or desk.scan.how.sample is not None:
        return None
    sign = source.sign(Listed(name=name, fingerprint=None, size=taken.size))
    if sign is None:
        return None
    with desk.database.transaction(desk.controller) as tx:
        return desk.vault.blind(tx, FINGERPRINT, sign)


def _events(desk: Desk, source: System, sheet: _Sheet) -> Iterator[Event]:
    """What the object holds. A reader that breaks on it, a parser say, has not read it; what it broke on is told to nobody."""
    listed = Listed(name=sheet.name, fingerprint=None, size=sheet.taken.size)
    events = read_object(source, listed, desk.rules, sample=desk.scan.how.sample or 1.0, toil=desk.toil)
    while True:
        try:
            event = next(events, None)
        except (NotRead, Outage, Breach):
            raise
        except Exception as error:  # noqa: BLE001 - like a worker's top loop: one object must not end the scan of all others
            told = described(error)
            _log.error("an object could not be read and is skipped", extra={"class": told["class"], "where": told["where"]})
            raise NotRead(Reason.UNREADABLE) from None
        if event is None:
            return
        yield event


def _note(desk: Desk, sheet: _Sheet, event: Event) -> None:
    if isinstance(event, Found):
        sheet.found.append(event)
        sheet.findings += 1
    elif isinstance(event, PassedOver):
        sheet.passed_over += 1
        sheet.why_not = event.reason
        sheet.is_cut_off = sheet.is_cut_off or event.reason in _CUT_OFF
        sheet.is_to_be_read_again = sheet.is_to_be_read_again or event.reason in _AGAIN
        sheet.inside.append(event)
    elif isinstance(event, Read):
        sheet.is_read = True
        sheet.bytes += event.bytes
        sheet.rows += event.rows
        _keep_pace(desk, sheet)
    is_long = time.monotonic() - sheet.renewed > min(_RENEW_SECONDS, desk.lease / 2)
    if len(sheet.found) >= STRETCH or len(sheet.inside) >= STRETCH or is_long:
        _put_aside(desk, sheet)


def _keep_pace(desk: Desk, sheet: _Sheet) -> None:
    """Waits in pieces, between which the object stays this reader's."""
    left = desk.load.pause(bytes=sheet.bytes, rows=sheet.rows, seconds=desk.watch() - sheet.began)
    while left > 0:
        piece = min(left, desk.lease / 4)
        desk.wait(piece)
        _put_aside(desk, sheet)
        left -= piece


def _put_aside(desk: Desk, sheet: _Sheet) -> None:
    desk.run(lambda tx: _put_down(tx, desk, sheet))
    sheet.found, sheet.inside, sheet.renewed = [], [], time.monotonic()


def _put_down(tx: Transaction, desk: Desk, sheet: _Sheet) -> None:
    """Raises NotMine, and nothing is written, where the object is no longer this reader's."""
    object = sheet.taken.object
    so_far = Amount(bytes=sheet.bytes, rows=sheet.rows, findings=sheet.findings, seconds=desk.watch() - sheet.began)
    if not object_store.still_mine(tx, desk.scan.id, object, desk.reader, so_far=so_far, lease=desk.lease):
        raise NotMine
    batch = Batch(
        system=desk.system.id,
        key=desk.system.key,
        object=object,
        name=sheet.name,
        scan=desk.scan.id,
        reading=sheet.taken.reading,
        found=sheet.found,
        is_dated=desk.rules.dated is not None,
    )
    mapping.redate(tx, desk.vault, desk.clock, desk.system, findings.keep(tx, desk.vault, desk.clock, batch))
    first = sheet.passed_over - len(sheet.inside) + 1
    rows = [(nth, each) for nth, each in enumerate(sheet.inside, first) if nth <= _MOST_INSIDE]
    names = [(each.place.encode(), inside_context(object, nth)) for nth, each in rows]
    sealed = desk.vault.seal_values(tx, desk.system.key, names) if rows else []
    object_store.pass_over(
        tx, desk.scan.id, object, [(n, blob, e.reason.value) for (n, e), blob in zip(rows, sealed, strict=True)]
    )


def _finish(tx: Transaction, desk: Desk, sheet: _Sheet) -> None:
    _put_down(tx, desk, sheet)
    object, scan, is_all = sheet.taken.object, desk.scan.id, desk.scan.how.sample is None
    if is_all and not sheet.is_cut_off:
        seen = findings.seen_whole(tx, desk.clock, object, scan, sheet.taken.reading)
    else:
        seen = findings.seen(tx, object, scan)
    seconds = desk.watch() - sheet.began
    object_store.was_read(tx, scan, object, bytes=sheet.bytes, rows=sheet.rows, findings=seen, seconds=seconds)
    if is_all:
        object_store.object_read(
            tx,
            object,
            scan=scan,
            fingerprint=None if sheet.is_to_be_read_again else sheet.taken.fingerprint or sheet.sign,
            rules=desk.digest,
            bytes=sheet.bytes,
            at=desk.clock.now(),
        )


def _skip(desk: Desk, taken: Taken, name: str, reason: Reason) -> None:
    """What was known of it stays: that it could not be read does not mean that it is gone. After whom it is named is told all the
    same."""
    found = list(look_at_name(name, desk.rules))
    sheet = _Sheet(taken=taken, name=name, sign=None, findings=len(found), found=found, began=desk.watch())

    def deed(tx: Transaction) -> None:
        if found:
            _put_down(tx, desk, sheet)
        object_store.was_skipped(tx, desk.scan.id, taken.object, reason.value)

    desk.run(deed)
