"""A recorder without a telephone line: it does what the gates say with sound that it is given, and seals it as the real one does.

Between what it is given both murmur now and then, so that whoever plays a call hears that it goes on. Nothing is sent in between,
as telephones do it that spare the line: the packets say when each was spoken, and the last one comes as the line closes. So a
take lasts as long as its gate was open, and a quarter of a year of it takes little room: the older a call, the rarer the murmurs.

Implements `recordings.ports.Gates`. Deliberately elsewhere: sockets, packets that come late, and a process that is killed; those
are the real recorder's (`recorder`).
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from rightcall.canonical import sha256
from rightcall.clock import Clock
from rightcall.database.connection import Database, Transaction
from rightcall.holdings.ports import Objects
from rightcall.ids import CallId, ControllerId, HoldingId, StreamId
from rightcall.recordings import actions as recordings
from rightcall.recordings.model import Gate
from rightcall.recordings.packets import pack
from rightcall.recordings.ports import Settled
from rightcall.recordings.tools import Tools
from rightcall.testcall.sound import FRAME, SILENCE, murmurs
from rightcall.vault.sealing import Sealer, content_context

_FRAME_MS = 20
_RESTS_MS, _LONG_RESTS_MS = 1500, 20_000
"""Between one murmur and the next."""


@dataclass(slots=True, kw_only=True)
class _Running:
    take: HoldingId
    call: CallId
    object_key: str
    opened_at: datetime
    rests_ms: int
    sealer: Sealer
    sealed: bytearray
    packets: int = 0
    ends_ms: int = 0

    @property
    def ends_at(self) -> datetime:
        return self.opened_at + timedelta(milliseconds=self.ends_ms)

    def keep(self, at_ms: int, frame: bytes) -> None:
        self.sealed += self.sealer.seal(pack(at_ms, _packet(self.packets, at_ms, frame)))
        self.packets += 1
        self.ends_ms = at_ms + _FRAME_MS

    def murmur_until(self, until_ms: int) -> None:
        """What is heard between what was given, with rests."""
        said, nth = murmurs(), self.take.int
        while self.ends_ms + self.rests_ms + _FRAME_MS * len(said[nth % len(said)]) < until_ms:
            at_ms = self.ends_ms + self.rests_ms
            for frame in said[nth % len(said)]:
                self.keep(at_ms, frame)
                at_ms += _FRAME_MS
            nth += 1

    def end(self, now: datetime) -> None:
        """The last packet, as the line closes; nothing where nobody was heard at all."""
        last_ms = _since(self.opened_at, now) - _FRAME_MS
        if self.packets:
            self.murmur_until(last_ms)
            if last_ms >= self.ends_ms:
                self.keep(last_ms, SILENCE)


@dataclass(slots=True, kw_only=True)
class Tape:
    """`newest`: of calls from then on more is heard."""

    database: Database
    tools: Tools
    objects: Objects
    clock: Clock
    newest: datetime
    _open: dict[StreamId, _Running] = field(default_factory=dict)

    def settle(self, controller: ControllerId, call: CallId) -> Settled:
        with self.database.transaction(controller) as tx:
            return self.settle_in(tx, call)

    def settle_in(self, tx: Transaction, call: CallId) -> Settled:
        """What is cut is in the object store when this returns."""
        settlement = recordings.settle(tx, self.tools, call)
        last = self._last_packet_at(call)
        closed = sum(self._close_unless(tx, gate) for gate in settlement.gates)
        opened = sum(self._begin(tx.of, call, gate) for gate in settlement.gates)
        return Settled(at=self.clock.now(), version=settlement.version, opened=opened, closed=closed, last_packet_at=last)

    def hear(self, stream: StreamId, frames: Sequence[bytes]) -> int:
        """How many of these frames of 20 ms were kept, from now on: none where the gate is closed."""
        running = self._open.get(stream)
        if running is None:
            return 0
        since = _since(running.opened_at, self.clock.now())
        running.murmur_until(since)
        for nth, frame in enumerate(frames):
            running.keep(since + _FRAME_MS * nth, frame)
        return len(frames)

    def _last_packet_at(self, call: CallId) -> datetime | None:
        ends = [running.ends_at for running in self._open.values() if running.call == call and running.packets]
        return min(max(ends), self.clock.now()) if ends else None

    def _close_unless(self, tx: Transaction, gate: Gate) -> bool:
        running = self._open.get(gate.stream)
        if running is None or running.take == gate.take:
            return False
        self._put_away(tx, gate.stream)
        return True

    def _begin(self, controller: ControllerId, call: CallId, gate: Gate) -> bool:
        if gate.take is None or gate.key is None or gate.object_key is None:
            return False
        sealer = Sealer(gate.key.secret, content_context(controller, gate.take))
        self._open[gate.stream] = _Running(
            take=gate.take,
            call=call,
            object_key=gate.object_key,
            opened_at=self.clock.now(),
            rests_ms=_RESTS_MS if self.clock.now() >= self.newest else _LONG_RESTS_MS,
            sealer=sealer,
            sealed=bytearray(sealer.header()),
        )
        return True

    def _put_away(self, tx: Transaction, stream: StreamId) -> None:
        running = self._open.pop(stream)
        running.end(self.clock.now())
        running.sealed += running.sealer.finish()
        with tempfile.NamedTemporaryFile(prefix="rightcall-tape-") as file:
            file.write(running.sealed)
            file.flush()
            self.objects.put_file(running.object_key, Path(file.name))
        heard = running.packets > 0
        recordings.finish_take(
            tx,
            self.tools,
            running.take,
            sealed_length=len(running.sealed),
            packets=running.packets,
            first_at=running.opened_at if heard else None,
            last_at=running.ends_at if heard else None,
            complete=True,
            digest=sha256(bytes(running.sealed)),
        )


def _since(opened_at: datetime, now: datetime) -> int:
    """In milliseconds."""
    return (now - opened_at) // timedelta(milliseconds=1)


def _packet(nth: int, at_ms: int, frame: bytes) -> bytes:
    """An RTP packet (RFC 3550, section 5.1) of G.711 µ-law."""
    timestamp = (at_ms * FRAME // _FRAME_MS) & 0xFFFFFFFF
    return bytes([0x80, 0]) + (nth & 0xFFFF).to_bytes(2, "big") + timestamp.to_bytes(4, "big") + bytes(4) + frame
