"""Stand-ins for what the media process needs: decisions, and an object store, each with both kinds of failure.

`before` fails and nothing was done; `after` fails although it was done. Each failure happens `times` times.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from rightcall.adapters.rtp.spool import SealedFile
from rightcall.errors import DatabaseGone, KeysGone, Mistake, NotFound, ObjectsGone, Outage
from rightcall.ids import CallId, ControllerId, HoldingId, PartyId, RecorderId, StreamId, new_id
from rightcall.recorder.media_ports import Decision, Pending, Pressed, Written
from rightcall.recordings.model import Changed, Gate, Settlement, Unfinished, Why
from rightcall.recordings.ports import Settled
from rightcall.vault.model import ContentKey
from tests.recordings import fakes as recordings

When = Literal["before", "after"]


@dataclass
class Trouble:
    when: When = "before"
    times: int = 0

    @contextmanager
    def around(self, outage: Outage) -> Iterator[None]:
        failing = self.times > 0
        self.times -= failing
        if failing and self.when == "before":
            raise outage
        yield
        if failing:
            raise outage


@dataclass
class FakeTake:
    stream: StreamId
    key: ContentKey
    cut: bool = False
    file: SealedFile | None = None
    written: Written | None = None
    lost: bool = False


@dataclass
class FakeCall:
    controller: ControllerId
    version: int = 1
    wanted: set[StreamId] = field(default_factory=set)
    streams: list[StreamId] = field(default_factory=list)
    pending: dict[StreamId, Pending] = field(default_factory=dict)
    why: Why = Why.NO_YES
    over: bool = False


class FakeDecisions:
    """The recordings room in memory. `want` is what a face would have changed."""

    def __init__(self) -> None:
        self.calls: dict[CallId, FakeCall] = {}
        self.takes: dict[HoldingId, FakeTake] = {}
        self.trouble, self.key_trouble = Trouble(), Trouble()
        self.key_wait = threading.Event()
        self.key_wait.set()
        self.pressed_at: list[datetime] = []
        self.shut_at: list[datetime | None] = []
        self.refusal: Mistake | None = None
        self.let_through = threading.Event()
        self.let_through.set()
        self.reports: list[Settled] = []
        self.pressed: list[tuple[PartyId, str]] = []
        self.left: list[Unfinished] = []
        self.beats = 0
        self.gone = False
        self._lock = threading.Lock()

    def want(self, call: CallId, *streams: StreamId, why: Why = Why.NO_YES) -> None:
        known = self.calls[call]
        known.wanted, known.why = set(streams), why
        known.version += 1

    def settle(self, controller: ControllerId, call: CallId) -> Decision:
        self.let_through.wait(10)
        with self._lock, self.trouble.around(DatabaseGone("The database cannot be reached.")):
            known = self.calls.get(call)
            if known is None:
                raise NotFound("This call has no recording session.")
            gates = tuple(self._gate(known, stream) for stream in known.streams)
            settlement = Settlement(call=call, version=known.version, gates=gates, over=known.over)
            return Decision(settlement=settlement, pending=dict(known.pending))
        raise AssertionError("unreachable")

    def _gate(self, known: FakeCall, stream: StreamId) -> Gate:
        take = next((id for id, take in self.takes.items() if take.stream == stream and not take.cut), None)
        if stream not in known.wanted:
            if take is not None:
                self.takes[take].cut = True
            return Gate(stream=stream, take=None, why=known.why)
        if take is not None:
            return Gate(stream=stream, take=take, object_key=str(take))
        take = HoldingId(new_id())
        key = ContentKey(holding=take, secret=os.urandom(32))
        self.takes[take] = FakeTake(stream, key)
        return Gate(stream=stream, take=take, key=key, object_key=str(take), opened_at=datetime.now(UTC))

    def version(self, controller: ControllerId, call: CallId) -> int:
        with self.trouble.around(DatabaseGone("The database cannot be reached.")):
            return self.calls[call].version if call in self.calls else 0
        raise AssertionError("unreachable")

    def report(self, controller: ControllerId, call: CallId, settled: Settled) -> None:
        self.reports.append(settled)

    def press(self, controller: ControllerId, call: CallId, key: Pressed, *, shut_at: Callable[[], datetime | None]) -> None:
        """ "2" is a no, "1" a yes to nothing more. A key that is told again has no meaning any more."""
        self.key_wait.wait(10)
        if self.refusal is not None:
            raise self.refusal
        with self._lock, self.key_trouble.around(KeysGone("The key service cannot be reached.")):
            self.pressed_at.append(key.at)
            asked = {stream: each for stream, each in self.calls[call].pending.items() if each.party == key.party}
            left = {stream: after for stream, each in asked.items() if (after := each.after(key.digit, key.at)) is not None}
            if left:
                self.pressed.append((key.party, key.digit))
                self.shut_at.append(shut_at())
                self.calls[call].pending.update(left)
                if key.digit == "2":
                    self.want(call)

    def finish(self, controller: ControllerId, take: HoldingId, file: SealedFile, written: Written) -> None:
        with self._lock, self.trouble.around(DatabaseGone("The database cannot be reached.")):
            assert self.takes[take].cut or written.abandoned
            self.takes[take].cut = True
            self.takes[take].file, self.takes[take].written = file, written

    def abandon(self, controller: ControllerId, take: HoldingId, *, found: bool) -> None:
        with self._lock, self.trouble.around(DatabaseGone("The database cannot be reached.")):
            if take in self.takes:
                self.takes[take].cut = True
                self.takes[take].lost = not found

    def beat(self, address: str) -> list[Changed]:
        with self.trouble.around(DatabaseGone("The database cannot be reached.")):
            self.beats += 1
            live = [(call, known) for call, known in self.calls.items() if not known.over]
            return [Changed(controller=known.controller, call=call, version=known.version) for call, known in live]
        raise AssertionError("unreachable")

    def unfinished(self) -> list[Unfinished]:
        with self.trouble.around(DatabaseGone("The database cannot be reached.")):
            return self.left
        raise AssertionError("unreachable")

    def leave(self) -> None:
        self.gone = True


def unfinished(take: HoldingId, recorder: RecorderId) -> Unfinished:
    return Unfinished(
        controller=ControllerId(new_id()),
        call=CallId(new_id()),
        take=take,
        recorder=recorder,
        object_key=str(take),
        opened_at=datetime.now(UTC),
        cut_at=None,
    )


class FakeObjects(recordings.FakeObjects):
    """Putting something there may fail."""

    def __init__(self) -> None:
        super().__init__()
        self.trouble = Trouble()

    def put_file(self, key: str, path: Path) -> None:
        with self.trouble.around(ObjectsGone("The object store cannot be reached.")):
            super().put_file(key, path)
