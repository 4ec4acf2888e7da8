"""What every open desk of this process is told from: one thread that reads the versions of the calls on desks, twenty times a
second in one query, and has the recorder confirm each that changed, and every other one every few seconds. A desk that waits for
news holds neither a thread nor a connection."""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncGenerator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from rightcall.errors import Outage, RightcallError
from rightcall.house import House
from rightcall.ids import CallId, ControllerId
from rightcall.recordings import actions as recordings
from rightcall.recordings.confirming import hold

CONFIRMED_EVERY_SECONDS = 3.0
"""Also where nothing changed: a recorder that went away confirms nothing any more."""
STALE_SECONDS = 7.0
"""What was confirmed longer ago, nobody can be sure of."""
_EVERY_SECONDS = 0.05
_AFTER_OUTAGE_SECONDS = 1.0
_AT_ONCE = 4
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Of a call: the version of its session, None where no recorder has it now, and whether the recorder confirmed that one. `at`
    is when, on the clock of `time.monotonic`."""

    version: int | None
    is_confirmed: bool
    at: float


_NOTHING = Known(version=None, is_confirmed=False, at=float("-inf"))


@dataclass(slots=True, eq=False)
class _Reader:
    loop: asyncio.AbstractEventLoop
    news: asyncio.Event

    def wake(self) -> None:
        with suppress(RuntimeError):  # its loop has been closed meanwhile: nobody waits any more
            self.loop.call_soon_threadsafe(self.news.set)


@dataclass(slots=True, eq=False)
class _Watched:
    """One call, or all calls of a controller (`call` None): those who wait for one to come."""

    controller: ControllerId
    call: CallId | None
    readers: set[_Reader] = field(default_factory=set)
    known: Known = _NOTHING
    newest: CallId | None = None
    is_being_asked: bool = False


class Watch:
    """One for each process, in the application's state. It runs only while somebody reads."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._tools = house.tools
        self._lock = threading.Lock()
        self._watched: dict[tuple[ControllerId, CallId | None], _Watched] = {}
        self._thread: threading.Thread | None = None
        self._asking = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="desk")
        self._is_over = False

    def end(self) -> None:
        """Whoever reads is told nothing more, so that a server that stops need not wait for them. Their browsers ask again."""
        self._is_over = True
        with self._lock:
            readers = [reader for watched in self._watched.values() for reader in watched.readers]
        for reader in readers:
            reader.wake()

    def known(self, controller: ControllerId, call: CallId) -> Known | None:
        """What was last confirmed of a call that is on some desk, if that is not long ago."""
        with self._lock:
            found = self._watched.get((controller, call))
        fresh = found is not None and time.monotonic() - found.known.at < CONFIRMED_EVERY_SECONDS
        return found.known if found is not None and fresh else None

    async def of_call(self, controller: ControllerId, call: CallId, *, at_least_every: float) -> AsyncGenerator[Known, None]:
        """What is known of it, whenever that changes, and `at_least_every` so many seconds."""
        with self._reading(controller, call) as (watched, reader):
            while not self._is_over:
                await _news(reader, at_least_every)
                if watched.known is not _NOTHING:
                    yield watched.known

    async def of_calls(self, controller: ControllerId, *, at_least_every: float) -> AsyncGenerator[CallId | None, None]:
        """The newest call of the controller, likewise."""
        with self._reading(controller, None) as (watched, reader):
            while not self._is_over:
                await _news(reader, at_least_every)
                yield watched.newest

    @contextmanager
    def _reading(self, controller: ControllerId, call: CallId | None) -> Iterator[tuple[_Watched, _Reader]]:
        reader = _Reader(asyncio.get_running_loop(), asyncio.Event())
        key = (controller, call)
        with self._lock:
            watched = self._watched.setdefault(key, _Watched(controller, call))
            watched.readers.add(reader)
            if watched.known is not _NOTHING:
                reader.news.set()
            if self._thread is None or not self._thread.is_alive():  # what nobody expected may have ended it
                self._thread = threading.Thread(target=self._run, name="desk-watch", daemon=True)
                self._thread.start()
        try:
            yield watched, reader
        finally:
            with self._lock:
                watched.readers.discard(reader)
                if not watched.readers:
                    self._watched.pop(key, None)

    def _run(self) -> None:
        while True:
            with self._lock:
                watched = list(self._watched.values())
                if not watched:
                    self._thread = None
                    return
            try:
                self._look(watched)
                time.sleep(_EVERY_SECONDS)
            except Outage as error:
                _log.warning("the database could not be asked about calls on desks", extra={"reason": str(error)})
                self._nobody_knows(watched)
                time.sleep(_AFTER_OUTAGE_SECONDS)

    def _look(self, watched: Iterable[_Watched]) -> None:
        on = [(each, each.call) for each in watched if each.call is not None]
        waiting = [each for each in watched if each.call is None]
        with self._house.database.system() as tx:
            versions = recordings.live_versions(tx, [(each.controller, call) for each, call in on])
            newest = recordings.newest(tx, [each.controller for each in waiting]) if waiting else {}
        for each, call in on:
            self._weigh(each, call, versions.get(call))
        for each in waiting:
            if newest.get(each.controller) != each.newest:
                each.newest = newest.get(each.controller)
                self._wake(each)

    def _weigh(self, watched: _Watched, call: CallId, version: int | None) -> None:
        known, now = watched.known, time.monotonic()
        is_due = version != known.version or now - known.at > CONFIRMED_EVERY_SECONDS
        if not is_due or watched.is_being_asked:
            return
        if version is None:
            watched.known = Known(version=None, is_confirmed=True, at=now)
            self._wake(watched)
            return
        watched.is_being_asked = True
        self._asking.submit(self._confirm, watched, call, version).add_done_callback(_tell_broken)

    def _confirm(self, watched: _Watched, call: CallId, version: int) -> None:
        house, is_confirmed = self._house, False
        try:
            held = hold(house.database, house.gates, self._tools, controller=watched.controller, call=call, version=version)
            version, is_confirmed = held.version, True
        except RightcallError as error:
            _log.warning("a recorder did not confirm its gates to a desk", extra={"call": call, "reason": str(error)})
        finally:
            watched.known = Known(version=version, is_confirmed=is_confirmed, at=time.monotonic())
            watched.is_being_asked = False
            self._wake(watched)

    def _nobody_knows(self, watched: Iterable[_Watched]) -> None:
        for each in watched:
            if each.call is not None and not each.is_being_asked:
                each.known = Known(version=each.known.version, is_confirmed=False, at=time.monotonic())
                self._wake(each)

    def _wake(self, watched: _Watched) -> None:
        with self._lock:
            readers = list(watched.readers)
        for each in readers:
            each.wake()


async def _news(reader: _Reader, at_least_every: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(reader.news.wait(), at_least_every)
    reader.news.clear()


def _tell_broken(asked: "Future[None]") -> None:
    error = asked.exception()
    if error is not None:
        _log.critical("asking a recorder for a desk failed in a way that nobody expected", exc_info=error)
