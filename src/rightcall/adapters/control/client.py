"""Giving orders to a media process from ordinary threads: blocking, with a time-out, one connection for each order under way.

An order that was not answered may have been carried out: `Allocate`, `Update`, `Settle` and `Release` are all safe to repeat, and
are repeated once, on a fresh connection, to the address that the registry then names.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from rightcall import errors
from rightcall.adapters.control.frames import LENGTH, answer_in, frame, length_of
from rightcall.adapters.control.messages import (
    Allocate,
    Allocated,
    Answer,
    Hello,
    Order,
    Refused,
    Release,
    Released,
    Settle,
    Settled,
    Status,
    StatusReport,
    Update,
    Updated,
    Welcome,
)
from rightcall.errors import Malformed, RecorderGone

_Said = TypeVar("_Said")
_ADVICE = "Nothing is confirmed. Check that the media recorder runs, then try again."


class ControlClient:
    """`address` answers HOST:PORT, and is asked anew whenever a connection has to be made."""

    def __init__(self, address: Callable[[], str], secret: bytes, *, timeout_seconds: float = 5.0) -> None:
        self._address = address
        self._secret = secret
        self._timeout = timeout_seconds
        self._lock = threading.Lock()
        self._idle: list[socket.socket] = []

    def allocate(self, order: Allocate) -> Allocated:
        return self._ask(order, Allocated)

    def update(self, order: Update) -> Updated:
        return self._ask(order, Updated)

    def settle(self, order: Settle) -> Settled:
        return self._ask(order, Settled)

    def release(self, order: Release) -> Released:
        return self._ask(order, Released)

    def status(self) -> StatusReport:
        return self._ask(Status(), StatusReport)

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for line in idle:
            _hang_up(line)

    def _ask(self, order: Order, expected: type[_Said]) -> _Said:
        try:
            answer = self._exchange(order, time.monotonic() + self._timeout)
        except TimeoutError as error:
            raise RecorderGone(f"The media recorder did not answer in time. {_ADVICE}") from error
        except OSError as error:
            raise RecorderGone(f"The media recorder cannot be reached. {_ADVICE}") from error
        except Malformed as error:
            raise RecorderGone(f"The media recorder speaks another version of the control line. {_ADVICE}") from error
        if isinstance(answer, Refused):
            raise _error(answer)
        if not isinstance(answer, expected):
            raise RecorderGone(f"The media recorder gave an answer of the wrong kind. {_ADVICE}")
        return answer

    def _exchange(self, order: Order, deadline: float) -> Answer:
        """On a line that was kept; where that has broken meanwhile, once more on a fresh one."""
        kept = self._kept()
        if kept is not None:
            try:
                return self._on(kept, order, deadline)
            except TimeoutError:
                raise
            except OSError:
                self.close()
        return self._on(self._connect(deadline), order, deadline)

    def _on(self, line: socket.socket, order: Order, deadline: float) -> Answer:
        try:
            answer = _say(line, order, deadline)
        except BaseException:
            _hang_up(line)
            raise
        with self._lock:
            self._idle.append(line)
        return answer

    def _kept(self) -> socket.socket | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _connect(self, deadline: float) -> socket.socket:
        host, _, port = self._address().rpartition(":")
        line = socket.create_connection((host, int(port)), timeout=_left(deadline))
        try:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if not isinstance(_say(line, Hello(secret=self._secret), deadline), Welcome):
                raise Malformed("The control line did not welcome us.")
        except BaseException:
            _hang_up(line)
            raise
        return line


def _hang_up(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.close()


def _say(line: socket.socket, order: Order, deadline: float) -> Answer:
    line.settimeout(_left(deadline))
    line.sendall(frame(order))
    length = length_of(_read(line, LENGTH.size, deadline))
    return answer_in(_read(line, length, deadline))


def _read(line: socket.socket, count: int, deadline: float) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        line.settimeout(_left(deadline))
        part = line.recv(count - len(parts))
        if not part:
            raise ConnectionResetError("the control line was closed")
        parts += part
    return bytes(parts)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the control line is too slow")
    return left


def _error(refused: Refused) -> errors.RightcallError:
    kinds: dict[str, type[errors.RightcallError]] = {
        kind.__name__: kind for kind in (errors.Malformed, errors.NotFound, errors.Conflict, errors.DatabaseGone)
    }
    return kinds.get(refused.kind, RecorderGone)(refused.message)
