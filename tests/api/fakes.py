"""A house for the API's tests: everything in it is real but the recorder and the object store."""

from dataclasses import dataclass, field
from enum import Enum, auto
from threading import Condition

from rightcall.activities.processors.ports import Outbound
from rightcall.adapters.audio.render import PyAvAudio
from rightcall.adapters.identity.origin import origin_of
from rightcall.adapters.identity.passkeys import WebAuthn
from rightcall.adapters.opendsr import dial
from rightcall.adapters.systems.opening import open_system
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Database
from rightcall.discovery.ports import Opener
from rightcall.errors import RecorderGone, SenderGone
from rightcall.house import House
from rightcall.ids import CallId, ControllerId
from rightcall.ledger.ports import Signer
from rightcall.personal import Personal
from rightcall.policy.model import RuleSet
from rightcall.recordings.envelope import VconSigner
from rightcall.recordings.ports import Audio, Settled
from rightcall.recordings.tools import Tools
from rightcall.settings import Settings
from rightcall.staff.openid.ports import Provider
from rightcall.staff.passkeys.ports import Authenticators
from rightcall.subjects.model import Identifier
from rightcall.vault.actions import Vault
from rightcall.vault.ports import KeyService
from tests.recordings.fakes import FakeObjects, FakeRecorder


class Fault(Enum):
    """How a recorder can fail to confirm."""

    NOT_DONE = auto()
    DONE_BUT_UNSAID = auto()
    OUT_OF_DATE = auto()


class FakeGates:
    """Implements `recordings.ports.Gates` with a recorder in memory. `fault` makes it fail in one way or another."""

    def __init__(self, database: Database, recorder: FakeRecorder) -> None:
        self._database = database
        self.recorder = recorder
        self.fault: Fault | None = None
        self.asked = 0

    def settle(self, controller: ControllerId, call: CallId) -> Settled:
        self.asked += 1
        if self.fault is Fault.NOT_DONE:
            raise RecorderGone("The recorder of this call does not answer. Start it again.")
        with self._database.transaction(controller) as tx:
            settled = self.recorder.settle(tx, call)
        if self.fault is Fault.DONE_BUT_UNSAID:
            raise RecorderGone("The recorder of this call does not answer. Start it again.")
        if self.fault is Fault.OUT_OF_DATE:
            return Settled(at=settled.at, version=0, opened=0, closed=0, last_packet_at=None)
        return settled


class FakeSender:
    """Implements `requests.codes.ports.Sender`: keeps what was handed over, or is away."""

    def __init__(self) -> None:
        self.sent: list[tuple[Identifier, str, str]] = []
        self.away = False
        self._told = Condition()

    def close(self) -> None:
        self.away = True

    def send(self, to: Identifier, words: Personal[str], language: str) -> None:
        if self.away:
            raise SenderGone("What sends codes does not take them.")
        with self._told:
            self.sent.append((to, words.reveal("look at what was sent in a test"), language))
            self._told.notify_all()

    def digits(self, at_least: int = 1) -> str:
        """Those that were sent last, once so many were: what is sent comes after the answer."""
        with self._told:
            assert self._told.wait_for(lambda: len(self.sent) >= at_least, timeout=20)
        return self.sent[-1][1][:9]


@dataclass(frozen=True, slots=True, kw_only=True)
class RealHouse:
    settings: Settings
    clock: Clock
    database: Database
    keys: KeyService
    vault: Vault
    rules: RuleSet
    gates: FakeGates
    signer: Signer
    vcon_signer: VconSigner
    objects: FakeObjects
    audio: Audio = field(default_factory=PyAvAudio)
    open_system: Opener = open_system
    codes: FakeSender = field(default_factory=FakeSender)
    processors: Outbound = field(default_factory=lambda: Outbound(dial=dial, roots=b"", public_url=None))
    authenticators: Authenticators = field(default_factory=lambda: WebAuthn(origin_of("http://localhost:8740")))
    provider: Provider | None = None

    @property
    def tools(self) -> Tools:
        return Tools(vault=self.vault, clock=self.clock, rules=self.rules)

    def controllers(self) -> list[ControllerId]:
        with self.database.system() as tx:
            return controllers.all_ids(tx)

    def opener_for(self, controller: ControllerId) -> Opener:
        del controller
        return self.open_system


def as_house(house: RealHouse) -> House:
    """Checked by mypy: the test's house is one that the API can stand in front of."""
    return house
