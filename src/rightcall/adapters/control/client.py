"""Giving orders to a media process from ordinary threads: blocking, with a time-out, one connection for all threads.

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
        self._line: socket.socket | None = None

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
            self._hang_up()

    def _ask(self, order: Order, expected: type[_Said]) -> _Said:
        deadline = time.monotonic() + self._timeout
        if not self._lock.acquire(timeout=self._timeout):
            raise RecorderGone(f"The media recorder is too slow. {_ADVICE}")
        try:
            answer = self._exchange(order, deadline)
        finally:
            self._lock.release()
        if isinstance(answer, Refused):
            raise _error(answer)
        if not isinstance(answer, expected):
            raise RecorderGone(f"The media recorder gave an answer of the wrong kind. {_ADVICE}")
        return answer

    def _exchange(self, order: Order, deadline: float) -> Answer:
        had_line = self._line is not None
        try:
            return self._once(order, deadline)
        except TimeoutError as error:
            self._hang_up()
            raise RecorderGone(f"The media recorder did not answer in time. {_ADVICE}") from error
        except OSError as error:
            self._hang_up()
            if not had_line:
                raise RecorderGone(f"The media recorder cannot be reached. {_ADVICE}") from error
        try:
            return self._once(order, deadline)
        except OSError as error:
            self._hang_up()
            raise RecorderGone(f"The media recorder went away. {_ADVICE}") from error

    def _once(self, order: Order, deadline: float) -> Answer:
        try:
            if self._line is None:
                self._line = self._connect(deadline)
            return _say(self._line, order, deadline)
        except Malformed as error:
            self._hang_up()
            raise RecorderGone(f"The media recorder speaks another version of the control line. {_ADVICE}") from error

    def _connect(self, deadline: float) -> socket.socket:
        host, _, port = self._address().rpartition(":")
        line = socket.create_connection((host, int(port)), timeout=_left(deadline))
        try:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            welcome = _say(line, Hello(secret=self._secret), deadline)
        except BaseException:
            line.close()
            raise
        if not isinstance(welcome, Welcome):
            line.close()
            raise Malformed("The control line did not welcome us.")
        return line

    def _hang_up(self) -> None:
        if self._line is not None:
            with contextlib.suppress(OSError):
                self._line.close()
            self._line = None


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
