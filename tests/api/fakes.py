"""A house for the API's tests: everything in it is real but the recorder and the object store."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from rightcall.adapters.audio.render import PyAvAudio
from rightcall.api.ports import House
from rightcall.clock import Clock
from rightcall.database.connection import Database
from rightcall.errors import NotFound, RecorderGone
from rightcall.ids import CallId, ControllerId
from rightcall.ledger.ports import Signer
from rightcall.policy.model import RuleSet
from rightcall.recordings.ports import Audio, Settled
from rightcall.settings import Settings
from rightcall.vault.actions import Vault
from rightcall.vault.ports import KeyService


class Fault(Enum):
    """How a recorder can fail to answer."""

    NOT_DONE = auto()
    DONE_BUT_UNSAID = auto()


class FakeGates:
    """Implements `recordings.ports.Gates`. `applied` is what a recorder would have done; `fault` makes it fail either way."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.fault: Fault | None = None
        self.asked: list[tuple[ControllerId, CallId]] = []
        self.applied: list[CallId] = []

    def settle(self, controller: ControllerId, call: CallId) -> Settled:
        self.asked.append((controller, call))
        if self.fault is Fault.NOT_DONE:
            raise RecorderGone("The recorder of this call does not answer. Start it again.")
        self.applied.append(call)
        if self.fault is Fault.DONE_BUT_UNSAID:
            raise RecorderGone("The recorder of this call does not answer. Start it again.")
        now = self._clock.now()
        return Settled(at=now, version=len(self.applied), opened=0, closed=1, last_packet_at=now)


class FakeObjects:
    """Implements `holdings.ports.Objects` in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put_file(self, key: str, path: Path) -> None:
        self.kept[key] = path.read_bytes()

    def get_range(self, key: str, start: int, length: int) -> bytes:
        return self._found(key)[start : start + length]

    def size(self, key: str) -> int:
        return len(self._found(key))

    def delete(self, key: str) -> None:
        self.kept.pop(key, None)

    def list(self, prefix: str) -> Iterator[str]:
        return (key for key in list(self.kept) if key.startswith(prefix))

    def _found(self, key: str) -> bytes:
        if key not in self.kept:
            raise NotFound("There is no such object.")
        return self.kept[key]


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
    objects: FakeObjects = field(default_factory=FakeObjects)
    audio: Audio = field(default_factory=PyAvAudio)


def as_house(house: RealHouse) -> House:
    """Checked by mypy: the test's house is one that the API can stand in front of."""
    return house
