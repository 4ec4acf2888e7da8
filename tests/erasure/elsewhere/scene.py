"""Ada's things in other systems: registered and scanned as in life, then erased there in rounds. Sources are real; what stands
before one may lie, be away, or die half-way."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from rightcall.actors import SYSTEM
from rightcall.adapters.systems.opening import open_system
from rightcall.discovery.model import PassedOver, SourceGone
from rightcall.discovery.parts import Part
from rightcall.discovery.ports import UNLIMITED, Ability, Correctable, Gone, Listed, Load, Refusal, Seen, Spot, System
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.scans.model import How, Outcome
from rightcall.discovery.scans.procedure import Scanning
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import Erases, NewSystem, OwnNumber, RegisteredSystem, SystemName, SystemUse
from rightcall.discovery.systems.ways import Way, abilities_by
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.elsewhere.model import Errand, PlaceState
from rightcall.erasure.letting_go import LettingGo
from rightcall.erasure.returned import Returned
from rightcall.errors import NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Holding
from rightcall.ids import ErasureId, PurposeId, SubjectId
from rightcall.personal import Personal
from rightcall.requests.model import Request
from rightcall.requests.procedure import ErasedElsewhere
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Identifier, IdentifierKind
from tests.erasure.fakes import World
from tests.procedures.fakes import InlineSteps

NUMBER = "KD-204711"
ANOTHERS = "KD-300000"
AFTER = timedelta(days=3)


class Died(BaseException):
    """As `kill -9` is to whoever is killed."""


@dataclass(slots=True)
class Before:
    """A source as it is, unless it is told otherwise. `is_away`: it does not answer. `lies`: it lets nothing go, and says that
    all is gone; `hides`: and hands nothing out; `hides_rows`: it hands out no row, only what stands in a field. `is_mute`: it
    cannot hand out anything. `dies_after`: after so many erasures are done, the process dies before anybody is told."""

    source: System
    is_away: bool = False
    lies: bool = False
    hides: bool = False
    hides_rows: bool = False
    is_mute: bool = False
    dies_after: int | None = None
    gone_after: int | None = None
    erased: list[Spot] = field(default_factory=list)

    @property
    def abilities(self) -> frozenset[Ability]:
        return self.source.abilities - ({Ability.EXPORT} if self.is_mute else set())

    def objects(self) -> Iterator[Listed | PassedOver]:
        return self.source.objects()

    def read(self, object: Listed, *, sample: float = 1.0) -> Iterator[Part | PassedOver]:
        return self.source.read(object, sample=sample)

    def sign(self, object: Listed) -> str | None:
        return self.source.sign(object)

    def safety(self) -> Iterator[Seen]:
        return self.source.safety()

    def export(self, spot: Spot) -> bytes:
        return self.source.export(spot)

    def exports(self, spots: Sequence[Spot]) -> Iterator[tuple[Spot, bytes | Refusal]]:
        if self.hides:
            return ((spot, NotFound("It is not there.")) for spot in spots)
        if self.hides_rows and any(spot.field is None for spot in spots):
            return ((spot, NotFound("It is not there.")) for spot in spots)
        return self.source.exports(spots)

    def erase(self, spots: Sequence[Spot]) -> None:
        self.erased.extend(spots)
        if self.lies:
            return
        if self.gone_after is not None:
            self.source.erase(spots[: self.gone_after])
            raise SourceGone("It went away in the midst of it.")
        self.source.erase(spots)
        if self.dies_after is not None:
            self.dies_after -= 1
            if self.dies_after < 0:
                self.dies_after = None
                raise Died

    def correct(self, spot: Spot, value: str, *, was: str) -> None:
        assert isinstance(self.source, Correctable)
        self.source.correct(spot, value, was=was)

    def confirm(self, spots: Sequence[Spot]) -> Mapping[Spot, Gone]:
        return dict.fromkeys(spots, Gone.GONE) if self.lies else self.source.confirm(spots)

    def close(self) -> None:
        self.source.close()


@dataclass(slots=True, kw_only=True)
class Away:
    """`before`: what is done to a system's source, by the system's name, each time that it is opened."""

    world: World
    before: dict[str, Callable[[Before], None]] = field(default_factory=dict)
    opens: dict[str, Callable[..., System]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    erased: dict[str, list[Spot]] = field(default_factory=dict)

    # -- the systems

    def open(self, address: Personal[str], /, *, writable: bool = False, load: Load = UNLIMITED) -> System:
        given = address.reveal("open in a test")
        name = self.names.get(given, "")
        opened = self.opens[name](writable=writable) if name in self.opens else open_system(address, writable=writable, load=load)
        before = Before(opened, erased=self.erased.setdefault(name, []))
        if name in self.before:
            self.before[name](before)
        if before.is_away:
            opened.close()
            raise SourceGone("It does not answer.")
        return before

    def register(
        self,
        name: str,
        address: str = "",
        *,
        opens: Callable[..., System] | None = None,
        erases: Erases | None = Erases.PARTS,
        corrects: bool = False,
        purpose: PurposeId | None = None,
    ) -> RegisteredSystem:
        """By an address, or with what opens it. `purpose`: what lies there is for."""
        given = Personal(address or f"/given by the fixture of {name}")
        self.names[given.reveal("open in a test")] = name
        if opens is not None:
            self.opens[name] = opens
        abilities = abilities_by(self.open, Way(address=given, erases=erases, corrects=corrects))
        number = OwnNumber(name="customer_id", expression="KD-[0-9]{6}")
        uses = () if purpose is None else (SystemUse(purpose=purpose),)
        new = NewSystem(
            name=SystemName(text=name),
            address=given,
            regions=("DK",),
            uses=uses,
            numbers=(number,),
            erases=erases,
            corrects=corrects,
        )
        with self.world.deed() as tx:
            return systems.register(tx, self.world.vault, self.world.clock, new, abilities=abilities, by=SYSTEM)

    def scan(self, system: RegisteredSystem) -> None:
        with self.world.deed() as tx:
            started = scans.start(tx, self.world.clock, system, How(), by=SYSTEM)
        work = Scanning(
            database=self.world.database,
            vault=self.world.vault,
            clock=self.world.clock,
            open_system=self.open,
            wait=lambda _: None,
        )
        assert work(InlineSteps(), str(self.world.controller), str(started.id)) == Outcome.DONE
        Returned(database=self.world.database, clock=self.world.clock)(InlineSteps(), str(self.world.controller), str(system.id))

    def check(self, system: RegisteredSystem) -> RegisteredSystem:
        with self.world.deed() as tx:
            return systems.get(tx, system.id)

    # -- the person

    def customer(self, number: str = NUMBER) -> SubjectId:
        """Known by her number, before anything is scanned."""
        with self.world.deed() as tx:
            given = Identifier(kind=IdentifierKind.CUSTOMER_ID, value=Personal(number))
            return subjects.identify(tx, self.world.vault, self.world.clock, [given])

    def held(self, subject: SubjectId) -> list[Holding]:
        with self.world.deed() as tx:
            return holdings.of_subject(tx, subject)

    # -- the erasure

    @property
    def letting_go(self) -> LettingGo:
        return LettingGo(eraser=self.world.eraser, open_system=self.open, after=AFTER)

    def round(self, steps: InlineSteps | None = None) -> int:
        """What the worker begins because it is due; how many rounds that were."""
        with self.world.deed() as tx:
            due = elsewhere.due(tx, self.world.clock.at, 100)
        for erasure, number in due:
            self.letting_go(steps or InlineSteps(), str(self.world.controller), str(erasure), str(number))
        self.react()
        return len(due)

    def react(self) -> None:
        """What follows from what is in the ledger."""
        for leaf in self.world.leaves("erasure.elsewhere_confirmed"):
            work = ErasedElsewhere(database=self.world.database, clock=self.world.clock)
            work(InlineSteps(), str(self.world.controller), str(leaf["erasure"]))

    def errands(self, request: Request) -> dict[str, Errand]:
        """By the name of the system."""
        with self.world.deed() as tx:
            found = elsewhere.errands(tx, ErasureId(request.id))
            return {systems.get(tx, each.system).name.text: each for each in found}

    def places(self, request: Request, system: str) -> Mapping[PlaceState, int]:
        return self.errands(request)[system].places

    def wait(self, **time: float) -> None:
        self.world.clock.at += timedelta(**time)
