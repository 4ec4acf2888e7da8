"""Writing to the spool without ever keeping the receiver waiting.

A write can take seconds while another program's fsync holds the file system, and packets come a hundred thousand a second. So the
receiver hands sealed bytes over, and one thread writes them. What waits is ciphertext, and bounded: a disk that does not keep up
counts as one that failed.
"""

import os
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from rightcall.adapters.rtp.tally import SUFFIX
from rightcall.errors import Conflict, NotConfigured, Outage, RightcallError

FULL = "The recorder's disk is full or failing. Nothing more is recorded there: make room."
MOST_WAITING_BYTES = 128 << 20
_PAUSE_SECONDS = 0.02


class SpoolFailed(Outage):
    """The disk is full, failing or too slow. The take that met it is over."""


@dataclass(slots=True)
class SpoolFile:
    """`whole` is False from the first write that failed; nothing is written after it. `count_fd` is its tally's."""

    path: Path
    fd: int
    count_fd: int
    whole: bool = True
    _ended: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def create(cls, path: Path) -> "SpoolFile":
        """A new file, ours alone, and its tally."""
        fd = cls._open(path)
        try:
            return cls(path, fd, cls._open(path.with_suffix(SUFFIX)))
        except RightcallError:
            os.close(fd)
            path.unlink()
            raise

    @staticmethod
    def _open(path: Path) -> int:
        try:
            return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except FileExistsError as error:
            raise Conflict("This take has a spool file already. It is not opened twice.") from error
        except PermissionError as error:
            raise NotConfigured(f"The recorder may not write in {path.parent}. Give it the right to.") from error
        except OSError as error:
            raise SpoolFailed(FULL) from error

    def wait(self, seconds: float) -> None:
        """Until everything that was handed over is written."""
        if not self._ended.wait(seconds):
            raise SpoolFailed(FULL)

    def write(self, sealed: bytes) -> None:
        """By whoever made the file, until it is handed over; then by the writing thread alone."""
        at = 0
        try:
            while self.whole and at < len(sealed):
                at += os.write(self.fd, sealed[at:] if at else sealed)
        except OSError:
            self.whole = False

    def count(self, entry: bytes) -> None:
        """Of the chunk that is written next."""
        try:
            self.whole = self.whole and os.write(self.count_fd, entry) == len(entry)
        except OSError:
            self.whole = False

    def end(self) -> None:
        self._ended.set()

    def close(self) -> None:
        os.close(self.fd)
        os.close(self.count_fd)


class SpoolWriter:
    """`write` and `end` are called by one thread, in order; what they hand over is written in that order."""

    def __init__(self) -> None:
        self._jobs: deque[tuple[SpoolFile | None, bytes, bytes | None]] = deque()
        self._handed_over = self._done = 0
        self._thread = threading.Thread(target=self._run, name="spool", daemon=True)
        self._thread.start()

    def write(self, file: SpoolFile, sealed: bytes, entry: bytes = b"") -> None:
        """`entry` is what the tally says of the chunk, where it is a whole one. SpoolFailed where an earlier write of this file
        failed, or too much waits."""
        if not file.whole or self._handed_over - self._done + len(sealed) > MOST_WAITING_BYTES:
            file.whole = False
            raise SpoolFailed(FULL)
        self._handed_over += len(sealed)
        self._jobs.append((file, entry, sealed))

    def end(self, file: SpoolFile) -> None:
        """Nothing more comes for this file."""
        self._jobs.append((file, b"", None))

    def close(self) -> None:
        """What was handed over is written first."""
        self._jobs.append((None, b"", None))
        self._thread.join(5)

    def _run(self) -> None:
        while True:
            while not self._jobs:
                time.sleep(_PAUSE_SECONDS)
            file, entry, sealed = self._jobs.popleft()
            if file is None:
                return
            if sealed is None:
                file.end()
            else:
                if entry:
                    file.count(entry)
                file.write(sealed)
                self._done += len(sealed)
