"""The desk of the media process: takes orders, has decisions made, and closes gates whenever no decision can be had.

Everything here runs on the loop, so nothing happens to a gate between the lines of a method. Decisions are made in threads. An
order to settle is answered only when its gates have been applied; where that cannot be, the gates of the call close first.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar, assert_never

from rightcall.adapters.control.messages import (
    Allocate,
    Allocated,
    Answer,
    Hello,
    Order,
    Release,
    Released,
    Settle,
    Settled,
    Status,
    StatusReport,
    StreamPorts,
    Update,
    Updated,
    Welcome,
)
from rightcall.adapters.rtp.receiver import Receiver, monotonic_ms
from rightcall.clock import Clock
from rightcall.errors import Conflict, Malformed, NotFound, RightcallError
from rightcall.ids import CallId, ControllerId, HoldingId, StreamId
from rightcall.recorder.media_calls import Begun, Gatekeeper, MediaCall, MediaStream
from rightcall.recorder.media_journal import KeyJournal
from rightcall.recorder.media_keys import Keypad
from rightcall.recorder.media_offers import opener_of, own_key_for, terms_of
from rightcall.recorder.media_ports import Decision, Decisions
from rightcall.recorder.media_takes import Finisher
from rightcall.recordings.model import Changed
from rightcall.recordings.ports import Settled as Held

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
_MOST_STREAMS = 32
_AT_ONCE = 4


class Desk:
    """`patience_seconds`: how long a decision may take before the gates of its call close."""

    def __init__(
        self,
        welcome: Welcome,
        decisions: Decisions,
        gates: Gatekeeper,
        finisher: Finisher,
        journal: KeyJournal,
        clock: Clock,
        *,
        public_address: str,
        patience_seconds: float = 2.0,
    ) -> None:
        self.calls: dict[CallId, MediaCall] = {}
        self.database_answers = True
        self._welcome, self._decisions, self._gates, self._finisher, self._clock = welcome, decisions, gates, finisher, clock
        self._public_address = public_address
        self._patience = patience_seconds
        self._threads = ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="decision")
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self._call_of: dict[StreamId, MediaCall] = {}
        self._work: set[asyncio.Task[Any]] = set()
        self._keypad = Keypad(
            decisions,
            gates,
            journal,
            clock,
            patience_seconds=patience_seconds,
            run=self._run,
            spawn=self._spawn,
            told=self._told,
        )

    @property
    def _receiver(self) -> Receiver:
        return self._gates.receiver

    async def answer(self, order: Order) -> Answer:
        match order:
            case Settle():
                return await self.settle(ControllerId(order.controller), CallId(order.call))
            case Allocate():
                return self._allocate(order)
            case Update():
                return self._update(order)
            case Release():
                return self._release(CallId(order.call))
            case Status():
                return self._status()
            case Hello():
                raise Malformed("The control line was greeted twice.")
            case _:
                assert_never(order)

    async def settle(self, controller: ControllerId, call: CallId) -> Settled:
        """Holds when it returns. A call without streams here has no gate here: that holds too."""
        media = self.calls.get(call)
        if media is None:
            return await self._nothing_here(controller, call)
        if media.controller != controller:
            raise NotFound("The media recorder has no such call of this controller.")
        try:
            async with asyncio.timeout(self._patience):
                return await asyncio.shield(self._spawn(self._settle_now(media)))
        except TimeoutError:
            self._gates.shut(media, "slow")
            return self._does_not_hold(media, "The database is too slow.")
        except RightcallError as error:
            return self._does_not_hold(media, str(error))

    def database_is_silent(self) -> None:
        """No decision can be had at all: everything closes, and stays closed until the database is heard again."""
        self.database_answers = False
        self._gates.locked = True
        for media in self.calls.values():
            self._gates.shut(media, "database")

    def database_is_heard(self) -> None:
        self.database_answers = True
        self._gates.locked = False

    def catch_up(self, changed: list[Changed]) -> None:
        """Settles every call whose version is not the one applied here, and every call that is over."""
        versions = {each.call: each.version for each in changed}
        now = monotonic_ms()
        for media in self.calls.values():
            version = versions.get(media.call)
            if media.key_waits or media.catching_up or now < media.rests_until or (version is None and media.version < 0):
                continue
            if media.stale or version != media.version:
                media.catching_up = True
                self._spawn(self._catch_up(media, over=version is None))

    def heard(self, stream: StreamId, digit: str) -> None:
        """A key, while a question is pending for the party."""
        media = self._call_of.get(stream)
        if media is not None:
            self._keypad.heard(media, media.streams[stream], digit)

    def tell_again(self) -> None:
        self._keypad.tell_again()

    def disk_failed(self, stream: StreamId) -> None:
        media = self._call_of.get(stream)
        if media is not None:
            self._gates.disk_failed(media, media.streams[stream])

    def expire_questions(self) -> None:
        now = self._clock.now()
        for media in self.calls.values():
            for stream in media.streams.values():
                if stream.pending is not None and stream.pending.is_over(now):
                    stream.pending = None
                    stream.line.listen(False)

    def silent(self, after_seconds: float) -> tuple[CallId, ...]:
        """Calls none of whose streams sent anything for so long, those on hold aside."""
        before = monotonic_ms() - int(after_seconds * 1000)
        return tuple(call for call, media in self.calls.items() if _is_silent(media, before))

    async def close(self) -> None:
        """Every take is cut. The calls themselves go on without us."""
        for call in list(self.calls):
            self._release(call)
        for work in list(self._work):
            work.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _nothing_here(self, controller: ControllerId, call: CallId) -> Settled:
        version = await self._run(partial(self._decisions.version, controller, call))
        return Settled(at=self._clock.now(), version=version, opened=0, closed=0, holds=True)

    async def _settle_now(self, media: MediaCall) -> Settled:
        decided = False
        try:
            async with media.lock:
                settled = await self._decide(media)
                decided = True
                return settled
        finally:
            if not decided:
                self._gates.shut(media, "undecided")

    async def _decide(self, media: MediaCall) -> Settled:
        opened = closed = 0
        if media.key_waits:
            return await self._closed_for_a_key(media)
        for _ in range(2):
            decision, begun = await self._run(partial(self._decision, media))
            applied = self._gates.apply(media, decision, begun)
            if begun:
                await self._run(partial(self._gates.discard, begun))
            opened, closed = opened + applied.opened, closed + applied.closed
            for take in applied.orphans:
                await self._abandon(media, take)
            if not applied.orphans or media.stale:
                break
        settled = self._holds(media, opened, closed)
        if applied.paused:
            self._spawn(self._report(media, settled))
        return settled

    async def _closed_for_a_key(self, media: MediaCall) -> Settled:
        """Nothing is kept, whatever was decided: so everything that closes a gate holds, and what opens one waits."""
        closed = self._gates.shut(media, "keypad")
        version = await self._run(partial(self._decisions.version, media.controller, media.call))
        return Settled(
            at=self._clock.now(), version=version, opened=0, closed=closed, holds=True, last_packet_at=media.last_packet_at
        )

    def _decision(self, media: MediaCall) -> tuple[Decision, Begun]:
        """In a thread: files are made there too, since a disk can be slow."""
        decision = self._decisions.settle(media.controller, media.call)
        return decision, self._gates.begin(media.controller, decision)

    async def _abandon(self, media: MediaCall, take: HoldingId) -> None:
        _log.warning("a take is open in the database and not here: it is cut", extra={"call": media.call, "take": take})
        found = self._finisher.has(take)
        await self._run(partial(self._decisions.abandon, media.controller, take, found=found))

    async def _report(self, media: MediaCall, settled: Settled) -> None:
        held = Held(
            at=settled.at,
            version=settled.version,
            opened=settled.opened,
            closed=settled.closed,
            last_packet_at=settled.last_packet_at,
        )
        await self._quietly(partial(self._decisions.report, media.controller, media.call, held), "pause_report")

    async def _told(self, media: MediaCall) -> None:
        """Its keys are known to the house: what they mean counts from now."""
        if media.call in self.calls:
            await self.settle(media.controller, media.call)

    async def _catch_up(self, media: MediaCall, *, over: bool) -> None:
        try:
            async with self._at_once:
                said = await self.settle(media.controller, media.call)
            if over and said.holds:
                media.version = -1
        finally:
            media.catching_up = False

    async def _quietly(self, deed: Callable[[], object], what: str) -> bool:
        try:
            await self._run(deed)
        except RightcallError as error:
            _log.warning("the media process could not report", extra={"what": what, "reason": str(error)})
            return False
        return True

    async def _run(self, deed: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, deed)

    def _spawn(self, work: Coroutine[Any, Any, _T]) -> "asyncio.Task[_T]":
        task = asyncio.get_running_loop().create_task(work)
        self._work.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: "asyncio.Task[Any]") -> None:
        self._work.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, RightcallError):
            _log.critical("work of the media process ended with an error that nobody expected", exc_info=error)

    def _allocate(self, order: Allocate) -> Allocated:
        call = CallId(order.call)
        known = self.calls.get(call) or self._keypad.waiting.get(call)
        media = known or MediaCall(controller=ControllerId(order.controller), call=call)
        if media.controller != order.controller:
            raise Conflict("This call belongs to another controller.")
        if len(order.streams) + len(media.streams) > _MOST_STREAMS:
            raise Malformed(f"A call has at most {_MOST_STREAMS} streams.")
        added: list[StreamId] = []
        try:
            for offer in order.streams:
                identity = StreamId(offer.stream)
                if self._call_of.get(identity, media) is not media:
                    raise Conflict("This stream belongs to another call.")
                if identity not in media.streams:
                    line = self._receiver.add(identity, terms_of(offer), opener_of(offer.srtp))
                    media.streams[identity] = MediaStream(line=line, remote_key=offer.srtp, own_key=own_key_for(offer.srtp))
                    self._call_of[identity] = media
                    added.append(identity)
        except RightcallError:
            for identity in added:
                self._forget(media, identity)
            raise
        self.calls[call] = media
        ports = tuple(_ports(media, StreamId(each.stream)) for each in order.streams)
        return Allocated(address=self._public_address, since=self._welcome.started_at, streams=ports)

    def _update(self, order: Update) -> Updated:
        media = self.calls.get(CallId(order.call))
        if media is None or any(StreamId(offer.stream) not in media.streams for offer in order.streams):
            raise NotFound("The media recorder has no such stream. Allocate it first.")
        agreed = [(offer, terms_of(offer), opener_of(offer.srtp)) for offer in order.streams]
        for offer, terms, opener in agreed:
            stream = media.streams[StreamId(offer.stream)]
            stream.line.agree(terms)
            if offer.srtp != stream.remote_key:
                stream.line.rekey(opener)
                stream.remote_key = offer.srtp
        return Updated()

    def _release(self, call: CallId) -> Released:
        media = self.calls.pop(call, None)
        if media is not None:
            for identity in media.streams:
                self._call_of.pop(identity, None)
            self._gates.release(media)
        return Released()

    def _forget(self, media: MediaCall, identity: StreamId) -> None:
        self._receiver.remove(media.streams.pop(identity).line)
        self._call_of.pop(identity, None)

    def _status(self) -> StatusReport:
        lines = self._receiver.streams.values()
        return StatusReport(
            recorder=self._welcome.recorder,
            started_at=self._welcome.started_at,
            calls=len(self.calls),
            streams=len(lines),
            open=sum(line.take is not None for line in lines),
            free_ports=self._receiver.pool.free,
            packets=sum(line.seen + (line.take.packets if line.take else 0) for line in lines),
            stored=sum(line.take.packets for line in lines if line.take),
            refused=sum(line.refused.total() for line in lines),
            database_answers=self.database_answers,
            silent=self.silent(self._receiver.silent_after_seconds),
        )

    def _holds(self, media: MediaCall, opened: int, closed: int) -> Settled:
        return Settled(
            at=self._clock.now(),
            version=media.version,
            opened=opened,
            closed=closed,
            holds=not media.stale,
            last_packet_at=media.last_packet_at,
            reason="Its gates are closed until a decision can be kept." if media.stale else None,
        )

    def _does_not_hold(self, media: MediaCall, reason: str) -> Settled:
        return Settled(
            at=self._clock.now(),
            version=media.version,
            opened=0,
            closed=len(media.streams),
            holds=False,
            last_packet_at=media.last_packet_at,
            reason=reason,
        )


def _is_silent(media: MediaCall, before: int) -> bool:
    lines = [stream.line for stream in media.streams.values() if not stream.line.terms.held]
    return bool(lines) and all(0 <= line.lively_at < before for line in lines)


def _ports(media: MediaCall, identity: StreamId) -> StreamPorts:
    stream = media.streams[identity]
    return StreamPorts(stream=identity, rtp=stream.line.port, rtcp=stream.line.port + 1, srtp=stream.own_key)
