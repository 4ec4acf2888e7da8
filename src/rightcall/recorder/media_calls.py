"""The calls of a media process and their gates: what a decision means for sockets and files. Decides nothing itself."""

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import TypeAlias
from uuid import UUID

from rightcall.adapters.control.messages import SrtpKey
from rightcall.adapters.rtp.receiver import Receiver, monotonic_ms
from rightcall.adapters.rtp.spool import SealedTake, Spool
from rightcall.adapters.rtp.stream import RtpStream
from rightcall.adapters.rtp.writing import SpoolFailed
from rightcall.clock import Clock
from rightcall.ids import CallId, ControllerId, HoldingId, StreamId
from rightcall.recorder.media_figures import MediaFigures
from rightcall.recorder.media_ports import Decision, Pending, Pressed
from rightcall.recorder.media_takes import Finisher
from rightcall.recordings.model import Gate, Why

_log = logging.getLogger(__name__)
_DISK_REST_MS = 5000
_LONGEST_BEFORE = timedelta(seconds=10)


@dataclass(slots=True, kw_only=True)
class MediaStream:
    """`remote_key` is what the other side seals with, `own_key` what our answer said."""

    line: RtpStream
    remote_key: SrtpKey | None
    own_key: SrtpKey | None
    object_key: str = ""
    pending: Pending | None = None


@dataclass(slots=True, kw_only=True)
class MediaCall:
    """`stale`: its gates were closed here without a decision, so the next one has to be asked for, not before `rests_until`.
    `keys` were heard and are not reported yet. `key_waits`: one of them could not be and may be a no, so nothing opens."""

    controller: ControllerId
    call: CallId
    streams: dict[StreamId, MediaStream] = field(default_factory=dict)
    version: int = 0
    stale: bool = False
    rests_until: int = 0
    catching_up: bool = False
    keys: list[Pressed] = field(default_factory=list)
    telling: bool = False
    key_waits: bool = False
    last_packet_at: datetime | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def open(self) -> int:
        return sum(stream.line.take is not None for stream in self.streams.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """`orphans` are takes that a decision says are open, and that this process cannot write: it has no key, or no disk."""

    opened: int
    closed: int
    orphans: tuple[HoldingId, ...]
    paused: bool


Begun: TypeAlias = dict[HoldingId, SealedTake]


class _Opening(Enum):
    OPENED = auto()
    WAS_OPEN = auto()


class Gatekeeper:
    def __init__(self, receiver: Receiver, spool: Spool, finisher: Finisher, clock: Clock, figures: MediaFigures) -> None:
        self.receiver = receiver
        self._spool, self._finisher, self._clock, self._figures = spool, finisher, clock, figures
        self.locked = False

    def begin(self, controller: ControllerId, decision: Decision) -> Begun:
        """In a thread: the files of the takes that a decision has just opened. A take is missing where the disk failed."""
        begun: Begun = {}
        for gate in decision.settlement.gates:
            if gate.key is None:
                continue
            opened, opened_at = self._moment(gate)
            with contextlib.suppress(SpoolFailed):
                begun[gate.key.holding] = self._spool.begin(controller, gate.key, opened=opened, opened_at=opened_at)
        return begun

    def discard(self, begun: Begun) -> None:
        """In a thread: what was begun and not opened."""
        for take in begun.values():
            self._spool.discard(take)

    def apply(self, call: MediaCall, decision: Decision, begun: Begun) -> Applied:
        """Everything that closes is closed before anything opens. An older decision than the one in force is not applied. What is
        opened is taken out of `begun`."""
        settlement = decision.settlement
        if settlement.version < call.version:
            call.stale = True
            return Applied(opened=0, closed=0, orphans=(), paused=False)
        gates = {gate.stream: gate for gate in settlement.gates}
        closed = sum(self._close_unless(call, stream, gates.get(stream.line.id)) for stream in call.streams.values())
        for identity, stream in call.streams.items():
            if not self.locked:
                stream.pending = _not_answered(call, decision.pending.get(identity))
                stream.line.listen(stream.pending is not None)
        if self.locked:
            call.stale = True
            return Applied(opened=0, closed=closed, orphans=(), paused=False)
        if call.key_waits:
            call.stale = True
            unheard = tuple(gate.take for gate in settlement.gates if gate.take is not None)
            return Applied(opened=0, closed=closed, orphans=unheard, paused=False)
        call.version, call.stale = settlement.version, False
        outcomes = [self._open(call, gate, begun) for gate in settlement.gates if gate.take is not None]
        return Applied(
            opened=outcomes.count(_Opening.OPENED),
            closed=closed,
            orphans=tuple(outcome for outcome in outcomes if isinstance(outcome, UUID)),
            paused=any(gate.why is Why.PAUSED for gate in settlement.gates),
        )

    def shut(self, call: MediaCall, what: str) -> int:
        """No decision can be had: every gate of the call closes now. A pending question stays pending: a no is still heard."""
        closed = sum(self._close(call, stream, abandoned=True) for stream in call.streams.values())
        call.stale = True
        if closed:
            self._figures.failures.labels(what).inc()
            _log.error("gates closed without a decision", extra={"call": call.call, "reason": what, "closed": closed})
        return closed

    def key_waits(self, call: MediaCall) -> None:
        """A key that cannot be reported may be a no: it is obeyed until the house knows what it means."""
        if not call.key_waits:
            call.key_waits = True
            self._figures.failures.labels("key_unreported").inc()
            _log.error("a key cannot be reported: the call's gates are closed until it is", extra={"call": call.call})
        self.shut(call, "keypad")

    def disk_failed(self, call: MediaCall, stream: MediaStream) -> None:
        """The take that met it ends short. The call is asked about again after a rest."""
        self._close(call, stream, abandoned=True)
        self._rest(call)

    def release(self, call: MediaCall) -> None:
        for stream in call.streams.values():
            self._close(call, stream, abandoned=True)
            self.receiver.remove(stream.line)
        call.streams.clear()

    def _close_unless(self, call: MediaCall, stream: MediaStream, gate: Gate | None) -> bool:
        take = stream.line.take
        if take is None or (gate is not None and gate.take == take.holding):
            return False
        return self._close(call, stream, abandoned=gate is None)

    def _close(self, call: MediaCall, stream: MediaStream, *, abandoned: bool) -> bool:
        take = stream.line.close()
        if take is None:
            return False
        last = take.moment(take.last)
        if last is not None and (call.last_packet_at is None or last > call.last_packet_at):
            call.last_packet_at = last
        self._figures.stored.inc(take.packets)
        self._finisher.take_over(call.controller, take, stream.object_key, abandoned=abandoned)
        return True

    def _open(self, call: MediaCall, gate: Gate, begun: Begun) -> "HoldingId | _Opening | None":
        """What became of an open gate; else the take that cannot be written."""
        stream = call.streams.get(gate.stream)
        if stream is not None and stream.line.take is not None:
            return _Opening.WAS_OPEN
        if stream is None or gate.take is None or gate.key is None or gate.object_key is None:
            return gate.take
        take = begun.pop(gate.take, None)
        if take is None:
            self._rest(call)
            return gate.take
        stream.object_key = gate.object_key
        stream.line.open(take)
        return _Opening.OPENED

    def _rest(self, call: MediaCall) -> None:
        call.stale, call.rests_until = True, monotonic_ms() + _DISK_REST_MS
        self._figures.failures.labels("disk").inc()
        _log.error("the recorder's disk is full or failing: a gate is closed", extra={"call": call.call})

    def _moment(self, gate: Gate) -> tuple[int, datetime]:
        """Packets count their milliseconds from when the take was decided, a moment ago; a stepped clock does not move that."""
        now = self._clock.now()
        ago = timedelta(0) if gate.opened_at is None else now - gate.opened_at
        if not timedelta(0) <= ago <= _LONGEST_BEFORE:
            ago = timedelta(0)
        return monotonic_ms() - int(ago.total_seconds() * 1000), now - ago


def _not_answered(call: MediaCall, pending: Pending | None) -> Pending | None:
    """A decision made before a key was reported still has its question: it is answered all the same."""
    for key in call.keys:
        if pending is not None and key.party == pending.party:
            pending = pending.after(key.digit, key.at) or pending
    return pending
