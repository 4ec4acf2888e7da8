"""The procedures of a scan: `scan_system` lists, reads and settles, step by step; `share_scan` lets another worker read along.

A source that does not answer is said on the scan and asked again in growing pauses; after an hour the scan has failed. Other
scans are other procedures, and go on.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from uuid import UUID

from rightcall.canonical import Json
from rightcall.clock import Clock
from rightcall.database.connection import Database, Transaction
from rightcall.discovery.detection.patterns import read_pattern
from rightcall.discovery.joins import actions as joins
from rightcall.discovery.linking.clues import clues
from rightcall.discovery.linking.model import Tally
from rightcall.discovery.looking.detectors import digest_of, try_rules
from rightcall.discovery.looking.model import Rules
from rightcall.discovery.mapping import actions as mapping
from rightcall.discovery.model import Clue, PassedOver, SourceGone
from rightcall.discovery.ports import TOIL, Listed, Opener, System, Toil
from rightcall.discovery.revisiting import actions as revisiting
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.scans import listing, store
from rightcall.discovery.scans.model import Outcome, Scan, Stage
from rightcall.discovery.scans.objects import store as object_store
from rightcall.discovery.scans.reading import LEASE_SECONDS, Desk, read_some
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.fitting import DATABASES
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.discovery.systems.rules import dated_on, in_words
from rightcall.discovery.vcons.sent import source_of
from rightcall.errors import Mistake, Outage
from rightcall.ids import ControllerId, LinkId, ScanId, new_id
from rightcall.procedures.model import Reached
from rightcall.procedures.ports import Steps
from rightcall.vault.actions import Vault

PATIENCE = timedelta(hours=1)
OBJECTS_A_STEP = 64
SECONDS_A_STEP = 20.0
_PAUSE_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanning:
    """What scanning works with."""

    database: Database
    vault: Vault
    clock: Clock
    open_system: Opener
    toil: Toil = TOIL
    lease: float = LEASE_SECONDS
    objects_a_step: int = OBJECTS_A_STEP
    wait: Callable[[float], None] = time.sleep
    watch: Callable[[], float] = time.monotonic
    _reading: dict[ScanId, object] = field(default_factory=dict)
    """What this process reads just now: of one scan one object at a time, so that a scan's workers are processes."""

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        """`scan_system`, of one controller and scan. Its outcome. Begun again once it is over, it follows up what it found."""
        controller, scan = ControllerId(UUID(arguments[0])), ScanId(UUID(arguments[1]))
        if steps.run("list", partial(self._list, controller, scan)):
            self._read_all(steps, controller, scan)
        outcome = steps.run("settle", partial(self._settle, controller, scan))
        if outcome == Outcome.DONE:
            self._follow(steps, controller, scan)
        return outcome

    def _follow(self, steps: Steps, controller: ControllerId, scan: ScanId) -> None:
        """What was found goes to whose it is, first in records that are somebody's already; what is somebody's goes on the data
        map, what is gone goes from there, and what came from another system says so."""
        for name, deed in (("link", partial(self._link, controller)), ("map", partial(self._map, controller))):
            after: str | None = steps.run(name, partial(deed, None))
            while after is not None:
                after = steps.run(name, partial(deed, after))
        while steps.run("vanish", partial(self._vanish, controller, scan)) > 0:
            pass
        copied: str | None = steps.run("tell copies", partial(self._tell_copies, controller, scan, None))
        while copied is not None:
            copied = steps.run("tell copies", partial(self._tell_copies, controller, scan, copied))
        last: str | None = steps.run("since", partial(self._since, controller, scan))
        while last is not None:
            last = steps.run("propose joins", partial(self._propose, controller, last))
        steps.run("followed", partial(self._followed, controller, scan))

    def share(self, steps: Steps, *arguments: str) -> Json:
        """`share_scan`: reads along until there is nothing more to take."""
        controller, scan = ControllerId(UUID(arguments[0])), ScanId(UUID(arguments[1]))
        read = 0
        while (did := steps.run("read along", partial(self._read, controller, scan))) > 0:
            read += did
        return read

    def _read_all(self, steps: Steps, controller: ControllerId, scan: ScanId) -> None:
        """Until every object was read or skipped, by whoever. What another took and does not read is free after a while."""
        while steps.run("left", partial(self._left, controller, scan)) > 0:
            steps.reached(partial(self._reached, controller, scan))
            if steps.run("read", partial(self._read, controller, scan)) == 0:
                steps.sleep(min(_PAUSE_SECONDS, self.lease))
        steps.reached(partial(self._reached, controller, scan))

    def _reached(self, controller: ControllerId, scan: ScanId) -> Reached:
        return self.database.run(controller, lambda tx: scans.reached(tx, scan))

    # Steps

    def _list(self, controller: ControllerId, scan: ScanId) -> bool:
        """Whether there is something to go on with. Cut off, it begins anew."""
        found, system = self._scan(controller, scan)
        if found.stage is not Stage.LISTING:
            return found.stage is not Stage.OVER
        lister = new_id()
        try:
            try_rules()
            digest = digest_of(rules_of(system))
            with self._opened(controller, found, system) as source:
                self._alone(controller, scan, lister, lambda tx: object_store.forget_listed(tx, scan))
                for batch in listing.batches(source.objects()):
                    self._alone(controller, scan, lister, partial(self._put_down, found, system, batch, digest))
            self._alone(controller, scan, lister, lambda tx: listing.begin_reading(tx, self.clock, found, digest))
        except SourceGone as error:
            return self._wait(controller, found, error)
        except Mistake as error:
            return self._fail(controller, found, str(error))
        finally:
            self.database.run(controller, lambda tx: store.leave_list(tx, scan, lister))
        self.database.run(controller, lambda tx: store.go_on(tx, scan))
        return True

    def _alone(self, controller: ControllerId, scan: ScanId, lister: UUID, deed: Callable[[Transaction], None]) -> None:
        """As the one who makes the list. Where another makes it, the step waits and looks again."""

        def run(tx: Transaction) -> None:
            if not store.take_list(tx, scan, lister, self.lease):
                raise Outage("Another worker lists what this scan is to read. It goes on from there.")
            deed(tx)

        self.database.run(controller, run)

    def _put_down(
        self, scan: Scan, system: RegisteredSystem, batch: Sequence[Listed | PassedOver], digest: bytes, tx: Transaction
    ) -> None:
        listing.put_down(tx, self.vault, self.clock, scan, system, batch, digest)

    def _left(self, controller: ControllerId, scan: ScanId) -> int:
        """Objects that are not read yet; 0 too once the scan is over."""

        def deed(tx: Transaction) -> int:
            found = scans.get(tx, scan)
            if found.stage is not Stage.READING:
                return 0
            store.take_stock(tx, scan)
            return scans.progress(tx, found).left.objects

        return self.database.run(controller, deed)

    def _read(self, controller: ControllerId, scan: ScanId) -> int:
        """How many objects were taken and read: 0 where there is none to take, or this process reads for the scan already."""
        mine = object()
        if self._reading.setdefault(scan, mine) is not mine:
            return 0
        try:
            return self._read_alone(controller, scan)
        finally:
            del self._reading[scan]

    def _read_alone(self, controller: ControllerId, scan: ScanId) -> int:
        found, system = self._scan(controller, scan)
        if found.stage is not Stage.READING:
            return 0
        rules = rules_of(system)
        try:
            with self._opened(controller, found, system) as source:
                desk = self._desk(controller, found, system, rules)
                read = read_some(desk, source, objects=self.objects_a_step, seconds=SECONDS_A_STEP)
        except SourceGone as error:
            return int(self._wait(controller, found, error))
        except Mistake as error:
            return int(self._fail(controller, found, str(error)))
        self.database.run(controller, lambda tx: store.go_on(tx, scan))
        return read

    def _desk(self, controller: ControllerId, scan: Scan, system: RegisteredSystem, rules: Rules) -> Desk:
        return Desk(
            database=self.database,
            vault=self.vault,
            clock=self.clock,
            controller=controller,
            scan=scan,
            system=system,
            rules=rules,
            digest=digest_of(rules),
            reader=str(new_id()),
            toil=self.toil,
            lease=self.lease,
            wait=self.wait,
            watch=self.watch,
        )

    def _settle(self, controller: ControllerId, scan: ScanId) -> str:
        def settle(tx: Transaction) -> str:
            return scans.settle(tx, self.clock, scans.get(tx, scan)).value

        return self.database.run(controller, settle)

    def _link(self, controller: ControllerId, after: str | None) -> str | None:
        def deed(tx: Transaction) -> str | None:
            store.hold_followed(tx)
            return revisiting.link_next(tx, self.vault, self.clock, Tally(), after=after)

        return self.database.run(controller, deed)

    def _since(self, controller: ControllerId, scan: ScanId) -> str:
        with self.database.transaction(controller) as tx:
            return str(joins.first_link_of(scans.get(tx, scan).started_at))

    def _propose(self, controller: ControllerId, after: str) -> str | None:
        """Whoever got a record since the scan began may turn out to be somebody else as well."""

        def deed(tx: Transaction) -> str | None:
            store.hold_followed(tx)
            last = joins.propose_next(tx, self.vault, self.clock, after=LinkId(UUID(after)))
            return None if last is None else str(last)

        return self.database.run(controller, deed)

    def _map(self, controller: ControllerId, after: str | None) -> str | None:
        def deed(tx: Transaction) -> str | None:
            store.hold_followed(tx)
            return mapping.map_everywhere_next(tx, self.vault, self.clock, after=after)

        return self.database.run(controller, deed)

    def _tell_copies(self, controller: ControllerId, scan: ScanId, after: str | None) -> str | None:
        def deed(tx: Transaction) -> str | None:
            return mapping.tell_copies_next(tx, self.clock, scans.get(tx, scan).system, after=after)

        return self.database.run(controller, deed)

    def _vanish(self, controller: ControllerId, scan: ScanId) -> int:
        def deed(tx: Transaction) -> int:
            return mapping.vanish_next(tx, self.clock, systems.get(tx, scans.get(tx, scan).system))

        return self.database.run(controller, deed)

    def _followed(self, controller: ControllerId, scan: ScanId) -> None:
        self.database.run(controller, lambda tx: scans.followed(tx, self.clock, scans.get(tx, scan)))

    # What steps share

    @contextmanager
    def _opened(self, controller: ControllerId, scan: Scan, system: RegisteredSystem) -> Iterator[System]:
        source = self._source(controller, scan, system)
        try:
            yield source
        finally:
            source.close()

    def _source(self, controller: ControllerId, scan: Scan, system: RegisteredSystem) -> System:
        with self.database.transaction(controller) as tx:
            address = systems.address_of(tx, self.vault, system)
        load = scan.how.load.shared(scan.how.workers)
        return source_of(self.database, self.vault, controller, self.open_system, system, address, load=load)

    def _scan(self, controller: ControllerId, scan: ScanId) -> tuple[Scan, RegisteredSystem]:
        with self.database.transaction(controller) as tx:
            found = scans.get(tx, scan)
            return found, systems.get(tx, found.system)

    def _wait(self, controller: ControllerId, scan: Scan, error: SourceGone) -> bool:
        """Says why on the scan and lets the step be tried again; False once that has gone on for too long."""
        now = self.clock.now()
        since = self.database.run(controller, lambda tx: store.wait(tx, scan.id, str(error), now))
        if since is not None and now - since <= PATIENCE:
            raise error
        return self._fail(controller, scan, str(error))

    def _fail(self, controller: ControllerId, scan: Scan, why: str) -> bool:
        self.database.run(controller, lambda tx: scans.end(tx, self.clock, scan, Outcome.FAILED, why))
        return False


def rules_of(system: RegisteredSystem) -> Rules:
    """What is looked for in it, and what that tells of whose it is."""

    def told(type: str, value: str, field: str | None, /) -> list[Clue]:
        found = clues(type, value, regions=system.regions, field=field)
        return [Clue(kind=each.kind.value, context=each.kind.context, value=each.value) for each in found]

    patterns = [read_pattern(f"{each.name}={each.expression}") for each in system.numbers]
    dated_by = in_words(system.uses)
    return Rules(
        patterns=patterns,
        regions=system.regions,
        clues=told,
        dated=partial(dated_on, system.uses, system.kind) if dated_by else None,
        dated_by=dated_by,
        looks_at_names=system.kind not in DATABASES,
    )
