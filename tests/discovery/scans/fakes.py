"""A source in memory, with what can go wrong with one; and a scan of it in steps that run at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from rightcall.actors import Actor, Role
from rightcall.database.connection import Database, Transaction
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.findings.model import KeptFinding, Wanted
from rightcall.discovery.model import NotRead, PassedOver, Reason, SourceGone
from rightcall.discovery.parts import Part, Prose, Row, Rows
from rightcall.discovery.picking import one_by_one
from rightcall.discovery.ports import UNLIMITED, Ability, Gone, Listed, Load, Refusal, Seen, Spot, System
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.scans.model import How, Progress, Scan
from rightcall.discovery.scans.procedure import Scanning
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import Change, NewSystem, OwnNumber, RegisteredSystem, SystemName, SystemUse
from rightcall.ids import ControllerId, PurposeId, ScanId, new_id
from rightcall.personal import Personal
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.procedures.fakes import InlineSteps

BY = Actor(id=new_id(), role=Role.DPO)
Content = str | Sequence[tuple[str | None, ...]] | Reason


class Died(BaseException):
    """As `kill -9` is to whoever is killed: nothing of what stands after it runs."""


@dataclass(slots=True)
class FakeSource:
    """Objects by name: a text, rows under their heads, or the reason why one cannot be read. `gone_for`: how often it does not
    answer. `dies_at`: in which reading of an object, counted from 1, this process dies half-way. `tells_nothing`: its list has no
    fingerprints; `signs` are then what it says of its objects. `inside`: why parts of an object cannot be read."""

    content: dict[str, Content]
    listed: list[PassedOver] = field(default_factory=list)
    gone_for: int = 0
    dies_at: int | None = None
    crashes: str | None = None
    reads: list[str] = field(default_factory=list)
    tells_nothing: bool = False
    signs: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    inside: dict[str, Sequence[Reason]] = field(default_factory=dict)

    @property
    def abilities(self) -> frozenset[Ability]:
        return frozenset({Ability.FIND})

    def objects(self) -> Iterator[Listed | PassedOver]:
        self._answer()
        yield from self.listed
        for name, content in sorted(self.content.items()):
            print = None if self.tells_nothing else str(hash(repr(content)))
            yield Listed(name=name, fingerprint=print, size=len(repr(content)))

    def read(self, object: Listed, *, sample: float = 1.0) -> Iterator[Part | PassedOver]:
        self._answer()
        self.reads.append(object.name)
        content = self.content[object.name]
        if isinstance(content, Reason):
            raise NotRead(content)
        yield from self._parts(object.name, content)
        for nth, reason in enumerate(self.inside.get(object.name, ())):
            yield PassedOver(object=f"{object.name}!/inner{nth or ''}", reason=reason)
        if object.name == self.crashes:
            raise ZeroDivisionError("planted in a reader")

    def _parts(self, name: str, content: str | Sequence[tuple[str | None, ...]]) -> Iterator[Part | PassedOver]:
        if isinstance(content, str):
            yield Prose(object=name, pieces=iter([(len(content), content)]))
            self._may_die()
            return
        heads = tuple(head or "" for head in content[0])
        if not content[1:]:
            yield Rows(object=name, heads=heads, rows=(), bytes=0)
        for number, cells in enumerate(content[1:], 1):
            yield Rows(object=name, heads=heads, rows=(Row(f"row-{number}", cells),), bytes=10)
            self._may_die()

    def _may_die(self) -> None:
        if self.dies_at is not None and len(self.reads) == self.dies_at:
            self.dies_at = None
            raise Died

    def _answer(self) -> None:
        if self.gone_for:
            self.gone_for -= 1
            raise SourceGone("The source does not answer.")

    def sign(self, object: Listed) -> str | None:
        self.asked.append(object.name)
        return self.signs.get(object.name)

    def safety(self) -> Iterator[Seen]:
        return iter(())

    def export(self, spot: Spot) -> bytes:
        raise NotImplementedError

    def exports(self, spots: Sequence[Spot]) -> Iterator[tuple[Spot, bytes | Refusal]]:
        return one_by_one(self.export, spots)

    def erase(self, spots: Sequence[Spot]) -> None:
        raise NotImplementedError

    def confirm(self, spots: Sequence[Spot]) -> Mapping[Spot, Gone]:
        raise NotImplementedError

    def close(self) -> None:
        pass


@dataclass(slots=True)
class Site:
    """A controller with one system, and a worker that scans it."""

    database: Database
    controller: ControllerId
    vault: Vault
    clock: FixedClock
    source: FakeSource
    system: RegisteredSystem
    scanning: Scanning

    def serve_care(self) -> None:
        """The system is used to look after customers."""
        with self.database.transaction(self.controller) as tx:
            change = Change(uses=(SystemUse(purpose=care(tx, "pd:Name")),))
            abilities = self.system.abilities
            self.system = systems.checked(tx, self.vault, self.clock, self.system, change, abilities=abilities, by=BY)

    def start(self, **how: object) -> Scan:
        with self.database.transaction(self.controller) as tx:
            return scans.start(tx, self.clock, self.system, replace(How(), **how), by=BY)  # type: ignore[arg-type]

    def run(self, scan: Scan, steps: InlineSteps | None = None) -> str:
        return str(self.scanning(steps or InlineSteps(), str(self.controller), str(scan.id)))

    def scanned(self, **how: object) -> Scan:
        scan = self.start(**how)
        self.run(scan)
        return self.scan(scan.id)

    def scan(self, id: ScanId) -> Scan:
        with self.database.transaction(self.controller) as tx:
            return scans.get(tx, id)

    def progress(self, id: ScanId) -> Progress:
        with self.database.transaction(self.controller) as tx:
            return scans.progress(tx, scans.get(tx, id))

    def findings(self, *, also_gone: bool = False) -> list[KeptFinding]:
        with self.database.transaction(self.controller) as tx:
            wanted = Wanted(system=self.system.id, also_gone=also_gone)
            return findings.page(tx, self.vault, self.system, wanted, after=None, limit=1000)

    def places(self) -> list[tuple[str, str | None, str]]:
        """Object, row and type of all that lies there, in order."""
        found = [(each.spot.object, each.spot.row, each.type) for each in self.findings() if each.spot is not None]
        return sorted(found, key=lambda place: (place[0], place[1] or "", place[2]))


def care(tx: Transaction, category: str) -> PurposeId:
    """A purpose that rests on a contract."""
    purpose = PurposeId(new_id())
    tx.connection.execute(
        "INSERT INTO purposes (controller, purpose, key, title, justification, lawful_basis, staff_basis, data_categories,"
        " may_use, term_days, dpv_purpose, on_withdrawal, created_at) VALUES (%s, %s, 'care', 'Care', 'Why', 'contract',"
        " 'contract', %s, '{}', 90, 'dpv:CustomerCare', 'keep', now())",
        (tx.of, purpose, [category]),
    )
    return purpose


def site_of(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, source: FakeSource) -> Site:
    number = OwnNumber(name="customer_id", expression="KD-[0-9]{6}")
    new = NewSystem(name=SystemName(text="crm"), address=Personal("fake://crm"), regions=("DK",), numbers=(number,))
    with database.transaction(controller) as tx:
        system = systems.register(tx, vault, clock, new, abilities=source.abilities, by=BY)

    def opened(address: Personal[str], /, *, writable: bool = False, load: Load = UNLIMITED) -> System:
        del address, load
        assert not writable, "a scan changes nothing"
        return source

    scanning = Scanning(
        database=database,
        vault=vault,
        clock=clock,
        open_system=opened,
        lease=0.0,
        wait=lambda _: None,
    )
    return Site(
        database=database,
        controller=controller,
        vault=vault,
        clock=clock,
        source=source,
        system=system,
        scanning=scanning,
    )


def ids(found: Sequence[KeptFinding]) -> set[UUID]:
    return {each.id for each in found}
