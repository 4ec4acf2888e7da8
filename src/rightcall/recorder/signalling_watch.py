"""Once a second, beside the calls: is one over elsewhere, did a yes come for one that waits, has one fallen silent, has the media
process of one started anew?

A thread of its own. It reads; what follows it leaves to the user agent. When the database does not answer it tries again.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from rightcall.adapters.control import registry
from rightcall.adapters.control.model import RecorderRole
from rightcall.adapters.sip.agent import Counts
from rightcall.adapters.sip.ports import Why
from rightcall.calls.model import Undecided
from rightcall.database.connection import Database
from rightcall.errors import Mistake, Outage
from rightcall.ids import CallId, RecorderId
from rightcall.recorder.signalling_calls import Held, RecordedCalls
from rightcall.recorder.signalling_figures import SignallingFigures
from rightcall.recorder.signalling_ports import Media
from rightcall.recordings import actions as recordings

_log = logging.getLogger(__name__)
_SILENCE_SECONDS = 45.0


class Agent(Protocol):
    """What the watch may ask of the user agent."""

    counts: Counts

    def reoffer(self, call: CallId, wanted: Mapping[int, bool]) -> None: ...
    def move(self, call: CallId, address: str, ports: Mapping[int, int]) -> None: ...
    def hang_up(self, call: CallId, why: Why) -> None: ...
    def suspect(self, call: CallId) -> None: ...


class Watch:
    """`address` is how this process is known in the registry of recorders."""

    def __init__(
        self,
        database: Database,
        calls: RecordedCalls,
        media: Media,
        agent: Agent,
        *,
        recorder: RecorderId,
        address: str,
        every_seconds: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._calls, self._media, self._agent = database, calls, media, agent
        self._recorder = recorder
        self._address = address
        self._every = every_seconds
        self._clock = clock
        self._figures = SignallingFigures()
        self._seen: dict[CallId, int] = {}
        self._silent_since: dict[CallId, float] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="signalling-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(timeout=10)
        try:
            with self._database.system() as tx:
                registry.leave(tx, self._recorder)
        except Outage:
            _log.info("the registry of recorders could not be told that signalling ends")

    def look(self) -> None:
        """One round. Raises Outage where the database or a media process does not answer."""
        with self._database.system() as tx:
            registry.beat(tx, self._recorder, RecorderRole.SIGNALLING, self._address)
        self._calls.let_go()
        held = self._calls.held()
        self._figures.tell(self._agent.counts, len(held))
        self._forget_all_but(held)
        for recorder in {each.recorder for each in held.values()}:
            own = {call: each for call, each in held.items() if each.recorder == recorder}
            self._look_at(recorder, own)
            self._listen_to(recorder, own)

    def _run(self) -> None:
        answering = True
        while not self._stopped.wait(self._every):
            try:
                self.look()
            except Outage:
                if answering:
                    _log.warning("signalling's watch cannot reach the database or a media recorder; it goes on trying")
                answering = False
            else:
                answering = True

    def _look_at(self, recorder: RecorderId, held: Mapping[CallId, Held]) -> None:
        with self._database.system() as tx:
            versions = {each.call: each.version for each in recordings.changed_since(tx, recorder)}
        for call, each in held.items():
            version = versions.get(call)
            if version is None:
                self._agent.hang_up(call, Why.UNREACHABLE)
            elif each.trunk.undecided is Undecided.INACTIVE and self._seen.get(call) != version:
                self._open(call, each)
                self._seen[call] = version

    def _open(self, call: CallId, held: Held) -> None:
        try:
            opened = self._calls.open_streams(call, held)
        except Mistake:
            return
        if opened:
            self._agent.reoffer(call, dict.fromkeys(opened, True))

    def _listen_to(self, recorder: RecorderId, held: Mapping[CallId, Held]) -> None:
        media, now = self._media.state(recorder), self._clock()
        for call, each in held.items():
            if each.given.since != media.since:
                self._restore(call, each)
            if call not in media.silent:
                self._silent_since.pop(call, None)
            elif now - self._silent_since.setdefault(call, now) >= _SILENCE_SECONDS:
                self._silent_since[call] = now
                self._agent.suspect(call)

    def _restore(self, call: CallId, held: Held) -> None:
        try:
            moved = self._calls.restore(call, held)
        except Mistake as error:
            _log.error("a call gets no ports from a media process that started anew", extra={"call": call, "reason": str(error)})
            return
        _log.warning(
            "a call got its ports from a media process that started anew", extra={"call": call, "moved": moved is not None}
        )
        if moved is not None:
            self._agent.move(call, moved.given.address, moved.ports)

    def _forget_all_but(self, held: Mapping[CallId, Held]) -> None:
        for call in [call for call in self._seen if call not in held]:
            del self._seen[call]
        for call in [call for call in self._silent_since if call not in held]:
            del self._silent_since[call]
