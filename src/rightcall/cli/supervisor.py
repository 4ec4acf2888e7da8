"""Keeping the processes of one machine alive: started in order, started again when they die, ended in the opposite order.

A call is never harmed by any of this: recording clients go on without us, and gates are closed while nobody holds them.
What each process does is in `roles`; what they are and in which order is in `serve`.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Protocol

from prometheus_client.multiprocess import mark_process_dead

from rightcall.adapters.restarts import Restart
from rightcall.clock import SystemClock
from rightcall.database.embedded import EmbeddedServer, ensure_running
from rightcall.errors import NotConfigured, Outage

_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, prctl(2)
_POLL_SECONDS = 0.2
_STEADY_SECONDS = 15.0
_LONGEST_WAIT_SECONDS = 15.0
_GIVEN_UP = 2  # the exit code of a process that was asked for something it cannot do


class Child(Protocol):
    """A process that is kept alive."""

    @property
    def name(self) -> str: ...

    def start(self) -> None:
        """Start it. Returns as soon as the next one may be started."""
        ...

    def ended(self) -> int | None:
        """Its exit status once it has ended, else None."""
        ...

    def stop(self, patience_seconds: float) -> bool:
        """End it; returns when it has ended. False where it had to be killed."""
        ...


@dataclass(slots=True)
class RoleProcess:
    """One role of Rightcall in a process of its own, in a process group of its own: Ctrl-C reaches the supervisor only."""

    name: str
    environment: Mapping[str, str]
    metrics: Path
    command: Sequence[str] = ()
    _process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        command = self.command or [sys.executable, "-P", "-m", "rightcall", "role", self.name]
        self._process = subprocess.Popen(  # noqa: S603 - our own words
            [*command, "--parent", str(os.getpid())],
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def ended(self) -> int | None:
        status = None if self._process is None else self._process.poll()
        if status is not None and self._process is not None:
            mark_process_dead(self._process.pid, str(self.metrics))  # type: ignore[no-untyped-call]  # the library is untyped here
        return status

    def stop(self, patience_seconds: float) -> bool:
        if self._process is None or self._process.poll() is not None:
            return True
        self._process.terminate()
        try:
            self._process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return False
        return True


@dataclass(slots=True)
class EmbeddedDatabase:
    """The embedded PostgreSQL. Another process of ours may run it already, such as a command that began a moment before; it goes
    when that one ends, and is started again here."""

    folder: Path
    name: str = "database"
    _server: EmbeddedServer | None = None

    @property
    def url(self) -> str:
        """Known once it was started."""
        if self._server is None:
            raise NotConfigured("The embedded database was not started yet. Start it first.")
        return self._server.url

    def start(self) -> None:
        """Running already is fine: nothing is started twice."""
        if self._server is None or self.ended() is not None:
            self._server = ensure_running(self.folder)

    def ended(self) -> int | None:
        if self._server is None:
            return None
        if self._server.process is None:
            return None if self._server.is_there() else 0
        return self._server.process.poll()

    def stop(self, patience_seconds: float) -> bool:  # noqa: ARG002 - PostgreSQL has its own patience
        if self._server is not None:
            self._server.stop()
        return True


@dataclass(slots=True)
class _Watched:
    child: Child
    started: float = 0.0
    deaths: int = 0
    how: str = ""
    restart_at: float | None = None
    has_been_steady: bool = False


@dataclass(slots=True)
class Supervisor:
    """Keeps `children` alive until it is asked to stop. `say` gets a sentence for each thing that happens, `tell` what stands of
    those that ended unasked, each time that it is another. The first time one is started again after `first_wait_seconds`, then
    each time after twice as long; once it has run for `steady_seconds`, it begins anew."""

    children: Sequence[Child]
    say: Callable[[str], None]
    tell: Callable[[Sequence[Restart]], None] = lambda _: None
    patience_seconds: float = 15.0
    first_wait_seconds: float = 0.5
    steady_seconds: float = _STEADY_SECONDS
    now: Callable[[], float] = time.monotonic
    _watched: list[_Watched] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Raises NotConfigured where a process says, before it ever ran steadily, that it was asked for what it cannot do."""
        watched = self._watched = []
        self.tell([])
        try:
            for child in self.children:
                if self._stop.is_set():
                    return
                entry = _Watched(child)
                watched.append(entry)
                self._start(entry)
            while not self._stop.wait(_POLL_SECONDS):
                for entry in watched:
                    self._look_after(entry)
        finally:
            self._end(watched)
            self.tell([])

    def ask_to_stop(self) -> None:
        self._stop.set()

    def stop_on_signals(self) -> None:
        """From now on SIGTERM and SIGINT end everything in order. Call from the main thread."""

        def stop(_signal: int, _frame: FrameType | None) -> None:
            self.ask_to_stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)

    def _start(self, entry: _Watched) -> None:
        entry.child.start()
        entry.started, entry.restart_at = self.now(), None

    def _look_after(self, entry: _Watched) -> None:
        now = self.now()
        if entry.restart_at is not None:
            if now >= entry.restart_at:
                self._start_again(entry)
            return
        status = entry.child.ended()
        if status is None:
            if now - entry.started > self.steady_seconds:
                self._runs_well(entry)
            return
        if status == _GIVEN_UP and not entry.has_been_steady:
            raise NotConfigured(f"The process {entry.child.name} cannot run with these settings. Its own line above says why.")
        entry.how = _how(status)
        self._wait_before_restart(entry, f"ended unasked ({entry.how})")

    def _runs_well(self, entry: _Watched) -> None:
        entry.has_been_steady = True
        if entry.deaths:
            entry.deaths = 0
            self._tell()

    def _start_again(self, entry: _Watched) -> None:
        try:
            self._start(entry)
        except Outage as error:
            self._wait_before_restart(entry, f"could not be started. {error}")
        else:
            self.say(f"{entry.child.name} is started again.")
            self._tell()

    def _wait_before_restart(self, entry: _Watched, what: str) -> None:
        entry.deaths += 1
        wait = min(_LONGEST_WAIT_SECONDS, self.first_wait_seconds * 2 ** min(entry.deaths - 1, 10))
        entry.restart_at = self.now() + wait
        self.say(f"{entry.child.name} {what}; it is started again in {wait:g} s.")
        self._tell()

    def _tell(self) -> None:
        """One that ended once and runs again is no longer told of."""
        at, now = SystemClock().now(), self.now()
        self.tell(
            [
                Restart(
                    process=each.child.name,
                    deaths=each.deaths,
                    how=each.how,
                    again_at=None if each.restart_at is None else at + timedelta(seconds=each.restart_at - now),
                )
                for each in self._watched
                if each.restart_at is not None or each.deaths > 1
            ]
        )

    def _end(self, watched: Sequence[_Watched]) -> None:
        for entry in reversed(watched):
            if not entry.child.stop(self.patience_seconds):
                self.say(f"{entry.child.name} did not end within {self.patience_seconds:g} s and was killed.")


def die_with(parent: int) -> None:
    """For a role's own process: get SIGTERM when the process `parent` dies, however it dies; end now where it is dead already."""
    ctypes.CDLL(None, use_errno=True).prctl(_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(0)


def _how(status: int) -> str:
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit code {status}"
