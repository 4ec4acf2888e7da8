"""What a process and the one that it started say to each other: facts as JSON, and bytes, each behind its length."""

import json
import os
import select
import time
from typing import Any

_LARGEST = 1 << 30


class TooLate(Exception):
    """The other one has not said anything for longer than it had."""


class Ended(Exception):
    """The other one is not there any more, or says what it cannot mean."""


class Line:
    """`left`: how many seconds may yet be spent waiting for the other; None for as many as it takes."""

    def __init__(self, heard: int, said: int) -> None:
        self._heard, self._said = heard, said
        self.left: float | None = None

    def tell(self, facts: dict[str, Any]) -> None:
        self.send(json.dumps(facts).encode("utf-8", "surrogatepass"))

    def send(self, content: bytes) -> None:
        whole = memoryview(len(content).to_bytes(8) + content)
        while whole:
            try:
                whole = whole[os.write(self._said, whole) :]
            except OSError as error:
                raise Ended from error

    def told(self) -> dict[str, Any] | None:
        """None where the other one ended in between."""
        head = self._take(8, may_end=True)
        if not head:
            return None
        try:
            found = json.loads(self._take(self._length(head)))
        except ValueError as error:
            raise Ended from error
        if not isinstance(found, dict):
            raise Ended
        return found

    def content(self) -> bytes:
        return self._take(self._length(self._take(8)))

    def close(self) -> None:
        os.close(self._heard)
        os.close(self._said)

    def _length(self, head: bytes) -> int:
        length = int.from_bytes(head)
        if length > _LARGEST:
            raise Ended
        return length

    def _take(self, amount: int, *, may_end: bool = False) -> bytes:
        taken = bytearray()
        while len(taken) < amount:
            self._wait()
            piece = os.read(self._heard, min(amount - len(taken), 1 << 20))
            if not piece and may_end and not taken:
                return b""
            if not piece:
                raise Ended
            taken += piece
        return bytes(taken)

    def _wait(self) -> None:
        if self.left is None:
            return
        began = time.monotonic()
        poll = select.poll()
        poll.register(self._heard, select.POLLIN)
        is_ready = poll.poll(max(0.0, self.left) * 1000)
        self.left -= time.monotonic() - began
        if not is_ready:
            raise TooLate
