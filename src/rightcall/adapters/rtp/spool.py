"""Sealed takes on their way to the object store: DATA/spool/<holding>.sealed, ciphertext from the first byte on.

Plaintext is in memory only, at most two chunks a take, and overwritten as soon as it is sealed. A chunk is written as soon as it
is full, so a killed process loses at most what it held in memory; what was written stays readable up to the last whole chunk.
"""

import fcntl
import hashlib
import os
import re
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from rightcall.adapters.rtp.packet import LARGEST
from rightcall.errors import Conflict, NotConfigured, Outage
from rightcall.ids import ControllerId, HoldingId
from rightcall.vault.model import ContentKey
from rightcall.vault.sealing import CHUNK_BYTES, HEADER_BYTES, SEALED_CHUNK_BYTES, Sealer, content_context

_SUFFIX = ".sealed"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FULL = "The recorder's disk is full or failing. Nothing more is recorded there: make room."
LEAST_FREE_BYTES = 32 << 20
# The head of a record of `recordings.packets`, written in place.
RECORD = struct.Struct("!IH")
RECORD_BYTES = RECORD.size
_ROOM = CHUNK_BYTES + RECORD_BYTES + LARGEST + 1
_NOTHING = bytes(_ROOM)


class SpoolFailed(Outage):
    """The disk is full or failing. The take that met it is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFile:
    """A finished spool file. `complete` False: it ends at a whole chunk, short of what was said."""

    path: Path
    length: int
    digest: bytes
    complete: bool


class SealedTake:
    """One take being written. The receiver puts each packet right into `buffer` behind `filled`; see `Receiver.drain`.

    `last` and `first` are monotonic milliseconds; `moment` turns them into instants that a stepped clock does not move."""

    __slots__ = (
        "_opened_at",
        "_sealer",
        "buffer",
        "fd",
        "filled",
        "first",
        "holding",
        "last",
        "opened",
        "packets",
        "path",
        "view",
        "whole",
    )

    def __init__(self, path: Path, controller: ControllerId, key: ContentKey, *, opened: int, opened_at: datetime) -> None:
        self.path = path
        self.holding = key.holding
        self.opened = opened
        self._opened_at = opened_at
        self.first = self.last = -1
        self.packets = 0
        self.whole = True
        self.filled = 0
        self.buffer = bytearray(_ROOM)
        self.view = memoryview(self.buffer)
        self._sealer: Sealer | None = Sealer(key.secret, content_context(controller, key.holding))
        self.fd = _create(path)
        self._write(self._sealer.header())

    def took(self, filled: int, now: int) -> None:
        """A record was put in, up to `filled`."""
        self.filled = filled
        self.packets += 1
        self.last = now
        if self.first < 0:
            self.first = now
        if filled >= CHUNK_BYTES:
            self._flush()

    def put(self, now: int, packet: bytes) -> None:
        """A packet that was read elsewhere."""
        start = self.filled + RECORD_BYTES
        RECORD.pack_into(self.buffer, self.filled, now - self.opened, len(packet))
        self.buffer[start : start + len(packet)] = packet
        self.took(start + len(packet), now)

    def _flush(self) -> None:
        """Seals and writes the chunk that is full, and moves what is left to the front."""
        if self._sealer is None:
            return
        sealed = self._sealer.seal(self.view[:CHUNK_BYTES])
        rest = self.filled - CHUNK_BYTES
        self.buffer[:rest] = self.buffer[CHUNK_BYTES : self.filled]
        self.buffer[rest : self.filled] = _NOTHING[: self.filled - rest]
        self.filled = rest
        if sealed:
            self._write(sealed)

    def finish(self) -> None:
        """No packet comes any more. Never raises: where the disk fails, the take ends short, and says so."""
        if self._sealer is None:
            return
        try:
            if self.whole:
                self._write(self._sealer.seal(self.view[: self.filled]) + self._sealer.finish())
        except SpoolFailed:
            self.whole = False
        finally:
            self.buffer[:] = _NOTHING
            self.filled = 0
            self._sealer = None

    def moment(self, monotonic: int) -> datetime | None:
        """The instant of a monotonic millisecond; None for one that never was."""
        return None if monotonic < 0 else self._opened_at + timedelta(milliseconds=monotonic - self.opened)

    def store(self) -> SealedFile:
        """Durable on this disk, measured and hashed. Slow: call it in a thread, once, after `finish`."""
        try:
            os.fsync(self.fd)
            _sync_folder(self.path.parent)
        except OSError:
            self.whole = False
        finally:
            os.close(self.fd)
        return measure(self.path, complete=self.whole)

    def _write(self, sealed: bytes) -> None:
        at = 0
        try:
            while at < len(sealed):
                at += os.write(self.fd, sealed[at:] if at else sealed)
        except OSError as error:
            self.whole = False
            raise SpoolFailed(_FULL) from error


def measure(path: Path, *, complete: bool) -> SealedFile:
    """Length and hash of a spool file. One that is not complete is first cut back to its last whole chunk."""
    with path.open("r+b") as file:
        length = os.fstat(file.fileno()).st_size
        if not complete:
            length = _whole_chunks(length)
            file.truncate(length)
            os.fsync(file.fileno())
            file.seek(0)
        digest = hashlib.file_digest(file, "sha256").digest()
    return SealedFile(path=path, length=length, digest=digest, complete=complete)


class Spool:
    """The folder. One process at a time, so that nobody takes a living process's files for a dead one's."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        self.folder = folder
        self._lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            raise Conflict("Another media recorder uses this data folder. Give each its own: --data DIR.") from error

    def begin(self, controller: ControllerId, key: ContentKey, *, opened: int, opened_at: datetime) -> SealedTake:
        """A new take. SpoolFailed where the disk has hardly any room left: a take that starts should be able to go on."""
        if _free_bytes(self.folder) < LEAST_FREE_BYTES:
            raise SpoolFailed(_FULL)
        return SealedTake(self.path_of(key.holding), controller, key, opened=opened, opened_at=opened_at)

    def path_of(self, holding: HoldingId) -> Path:
        return self.folder / f"{holding}{_SUFFIX}"

    def holdings(self) -> list[HoldingId]:
        """The takes that have a file here."""
        return [HoldingId(UUID(path.stem)) for path in self.folder.glob(f"*{_SUFFIX}") if _UUID.fullmatch(path.stem)]

    def drop(self, holding: HoldingId) -> None:
        """Its bytes are in the object store."""
        self.path_of(holding).unlink(missing_ok=True)

    def close(self) -> None:
        os.close(self._lock)


def _create(path: Path) -> int:
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError as error:
        raise Conflict("This take has a spool file already. It is not opened twice.") from error
    except PermissionError as error:
        raise NotConfigured(f"The recorder may not write in {path.parent}. Give it the right to.") from error
    except OSError as error:
        raise SpoolFailed(_FULL) from error


def _whole_chunks(length: int) -> int:
    if length < HEADER_BYTES:
        return 0
    return HEADER_BYTES + (length - HEADER_BYTES) // SEALED_CHUNK_BYTES * SEALED_CHUNK_BYTES


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _free_bytes(folder: Path) -> int:
    room = os.statvfs(folder)
    return room.f_bavail * room.f_frsize
