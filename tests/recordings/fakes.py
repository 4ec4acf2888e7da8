"""Stand-ins for the ports of this room: an object store in memory, and a recorder that writes what the gates let through."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from rightcall.canonical import sha256
from rightcall.database.connection import Transaction
from rightcall.errors import NotFound
from rightcall.ids import CallId, ControllerId, HoldingId, StreamId
from rightcall.recordings import actions
from rightcall.recordings.model import Gate
from rightcall.recordings.packets import pack
from rightcall.recordings.ports import Settled
from rightcall.recordings.tools import Tools
from rightcall.vault.sealing import Sealer, content_context


class FakeObjects:
    """`holdings.ports.Objects` in memory. `fetched` are the stretches that were asked for."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.fetched: list[tuple[int, int]] = []

    def put_file(self, key: str, path: Path) -> None:
        self.kept[key] = path.read_bytes()

    def get_range(self, key: str, start: int, length: int) -> bytes:
        if key not in self.kept:
            raise NotFound("There is no such object.")
        self.fetched.append((start, length))
        return self.kept[key][start : start + length]

    def size(self, key: str) -> int:
        return len(self.kept[key])

    def delete(self, key: str) -> None:
        self.kept.pop(key, None)

    def delete_all(self, keys: Sequence[str]) -> list[str]:
        for key in keys:
            self.delete(key)
        return list(keys)

    def delete_together(self, places: Mapping[str, Collection[HoldingId]]) -> list[HoldingId]:
        self.delete_all([f"{place}/{id}" for place, ids in places.items() for id in ids])
        return [id for ids in places.values() for id in ids]

    def list(self, prefix: str) -> Iterator[str]:
        return (key for key in self.kept if key.startswith(prefix))


class FakeRecorder:
    """The media process as this room knows it: applies gates, keeps what passes, finishes what was cut."""

    def __init__(self, tools: Tools, objects: FakeObjects) -> None:
        self.tools, self.objects = tools, objects
        self.open: dict[StreamId, tuple[HoldingId, str, Sealer, bytearray]] = {}
        self.kept: dict[HoldingId, int] = {}
        self.last_packet_at: datetime | None = None

    def settle(self, tx: Transaction, call: CallId) -> Settled:
        settlement = actions.settle(tx, self.tools, call)
        opened = closed = 0
        for gate in settlement.gates:
            current = self.open.get(gate.stream)
            if current is not None and current[0] != gate.take:
                self._finish(tx, gate.stream)
                closed += 1
            if gate.take is not None and (current is None or current[0] != gate.take):
                self._begin(tx.of, gate)
                opened += 1
        return Settled(
            at=self.tools.clock.now(),
            version=settlement.version,
            opened=opened,
            closed=closed,
            last_packet_at=self.last_packet_at,
        )

    def hear(self, stream: StreamId, milliseconds: int, packet: bytes) -> bool:
        """A packet arrives: kept where the gate is open."""
        if stream not in self.open:
            return False
        take, _, sealer, sealed = self.open[stream]
        sealed += sealer.seal(pack(milliseconds, packet))
        self.kept[take] = self.kept.get(take, 0) + 1
        self.last_packet_at = self.tools.clock.now() + timedelta(milliseconds=milliseconds)
        return True

    def finish_all(self, tx: Transaction) -> None:
        for stream in list(self.open):
            self._finish(tx, stream)

    def _begin(self, controller: ControllerId, gate: Gate) -> None:
        assert gate.key is not None
        assert gate.take is not None
        assert gate.object_key is not None
        sealer = Sealer(gate.key.secret, content_context(controller, gate.take))
        self.open[gate.stream] = (gate.take, gate.object_key, sealer, bytearray(sealer.header()))

    def _finish(self, tx: Transaction, stream: StreamId) -> None:
        take, key, sealer, sealed = self.open.pop(stream)
        sealed += sealer.finish()
        self.objects.kept[key] = bytes(sealed)
        at = self.tools.clock.now() if self.kept.get(take) else None
        actions.finish_take(
            tx,
            self.tools,
            take,
            sealed_length=len(sealed),
            packets=self.kept.get(take, 0),
            first_at=at,
            last_at=at,
            complete=True,
            digest=sha256(bytes(sealed)),
        )
