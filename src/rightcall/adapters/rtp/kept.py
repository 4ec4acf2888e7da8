"""Which port each stream has, on the recorder's own disk, so that the calls that a killed process had get theirs back.

One empty file a stream, whose name is its id and its port: an id and a number, and nothing to be torn. Sound goes on arriving at
these ports, so no other call gets one of them before its own stream had time to ask for it.
"""

import logging
import re
from pathlib import Path
from uuid import UUID

from rightcall.ids import StreamId

_log = logging.getLogger(__name__)
_NAME = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([0-9]{1,5})", re.ASCII)


class KeptPorts:
    """One process at a time. A disk that fails costs a call its port at the next start and nothing more, so it is only told."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._left = {StreamId(UUID(name[1])): int(name[2]) for name in map(_NAME.fullmatch, _names(folder)) if name}
        self._leaving = False

    @property
    def left(self) -> frozenset[int]:
        """The ports that a process before this one had and that nobody has asked for yet."""
        return frozenset(self._left.values())

    def of(self, stream: StreamId) -> int | None:
        """The port that the stream had; asked once."""
        port = self._left.pop(stream, None)
        if port is not None:
            self._forget(stream, port)
        return port

    def note(self, stream: StreamId, port: int) -> None:
        try:
            self._file(stream, port).touch(mode=0o600)
        except OSError:
            _log.warning("a port could not be noted; its call gets another if this process is killed", extra={"stream": stream})

    def forget(self, stream: StreamId, port: int) -> None:
        """The call is over."""
        if not self._leaving:
            self._forget(stream, port)

    def give_up(self) -> None:
        """What nobody asked for belongs to calls that are over."""
        for stream in list(self._left):
            self.of(stream)

    def leave(self) -> None:
        """This process ends in order, and the calls go on: the next start finds what is noted now."""
        self._leaving = True

    def _forget(self, stream: StreamId, port: int) -> None:
        try:
            self._file(stream, port).unlink(missing_ok=True)
        except OSError:
            _log.warning("the note of a port could not be removed", extra={"stream": stream})

    def _file(self, stream: StreamId, port: int) -> Path:
        return self._folder / f"{stream}.{port}"


def _names(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]
