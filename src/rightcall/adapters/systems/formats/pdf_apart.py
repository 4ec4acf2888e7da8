"""A PDF, read by a process of its own (`pdf_child`), which is ended where it takes too long or asks for too much. It is kept for
the next one where it came to its end in good order.
"""

import atexit
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import cache
from typing import IO

from rightcall.adapters.systems.formats.frames import Ended, Line, TooLate
from rightcall.adapters.systems.formats.model import Told, Within
from rightcall.adapters.systems.formats.stream import Stream
from rightcall.discovery.model import NotRead, PassedOver, Reason
from rightcall.discovery.parts import Prose

_CHILD = "rightcall.adapters.systems.formats.pdf_child"
_TAKEN_ALONG = ("PATH", "PYTHONPATH", "LANG")
"""Of our environment, which holds secrets."""


class _Refused(NotRead):
    """By the reader itself, in good order."""


class _Child:
    def __init__(self) -> None:
        environment = {name: os.environ[name] for name in _TAKEN_ALONG if name in os.environ}
        heard, its_out = os.pipe()
        its_in, said = os.pipe()
        try:
            words = [sys.executable, "-m", _CHILD]
            self._process = subprocess.Popen(  # noqa: S603 - a module of ours
                words, stdin=its_in, stdout=its_out, stderr=subprocess.DEVNULL, env=environment
            )
        finally:
            os.close(its_out)
            os.close(its_in)
        self.line = Line(heard, said)
        self.is_ready = False

    def wait(self, seconds: float) -> None:
        """Until it has started, however long that takes; from then on it has so many seconds."""
        if not self.is_ready:
            self.line.left = None
            self.is_ready = self.line.told() is not None
        self.line.left = seconds

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self.line.close()


class _Children:
    """Those that wait for something to read."""

    def __init__(self) -> None:
        self._idle: list[_Child] = []

    @contextmanager
    def one(self) -> Iterator[_Child]:
        try:
            child = self._idle.pop()
        except IndexError:
            child = _Child()
        try:
            yield child
        except _Refused:
            self._idle.append(child)
            raise
        except BaseException:
            child.end()
            raise
        self._idle.append(child)

    def end(self) -> None:
        with suppress(IndexError):
            while True:
                self._idle.pop().end()


@cache
def _children() -> _Children:
    children = _Children()
    atexit.register(children.end)
    return children


def parts(name: str, stream: Stream, within: Within) -> Told:
    """What came before it was ended is given out; then it is told why it was. Raises NotRead where nothing came."""
    file = stream.sought()
    size = file.seek(0, os.SEEK_END)
    limits, spent = within.limits, within.spent
    job = {"name": name, "size": size, "limits": asdict(limits), "packed": spent.packed, "unpacked": spent.unpacked}
    try:
        with _children().one() as child:
            child.wait(float(limits.seconds))
            child.line.tell(job)
            yield from _heard(child.line, name, file, within)
    except TooLate:
        raise NotRead(Reason.TOO_SLOW) from None
    except Ended:
        raise NotRead(Reason.STOPS_READERS) from None


def _heard(line: Line, name: str, file: IO[bytes], within: Within) -> Told:
    while (said := line.told()) is not None:
        within.spent.unpack(max(0, int(said.get("unpacked", 0)) - within.spent.unpacked))
        if "at" in said:
            file.seek(int(said["at"]))
            line.send(file.read(int(said["most"])))
        elif "text" in said:
            yield Prose(object=name, pieces=iter([(int(said["amount"]), str(said["text"]))]), field=str(said["field"]))
        elif "inner" in said:
            content = line.content()
            yield from within.inner(str(said["inner"]), io.BytesIO(content))
        elif "passed_over" in said:
            yield PassedOver(object=name, reason=Reason(said["passed_over"]))
        elif "not_read" in said:
            raise _Refused(Reason(said["not_read"]))
        else:
            return
    raise Ended
