"""Sealed takes on their way to the object store: DATA/spool/<holding>.sealed, ciphertext from the first byte on. Beside each lies
its `tally`.

Plaintext is in memory only, at most two chunks a take, and overwritten as soon as it is sealed. A chunk is handed to the writing
thread as soon as it is full, so a killed process loses at most what it held in memory; what was written stays readable up to the
last whole chunk.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from rightcall.adapters.files import flush
from rightcall.adapters.rtp.packet import LARGEST
from rightcall.adapters.rtp.tally import SUFFIX, Counted, count, entry
from rightcall.adapters.rtp.writing import FULL, SpoolFailed, SpoolFile, SpoolWriter
from rightcall.errors import Breach, Conflict
from rightcall.ids import ControllerId, HoldingId
from rightcall.vault.model import ContentKey
from rightcall.vault.sealing import CHUNK_BYTES, HEADER_BYTES, SEALED_CHUNK_BYTES, Sealer, content_context

_SUFFIX = ".sealed"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LEAST_FREE_BYTES = 256 << 20
_PATIENCE_SECONDS = 30.0
# The head of a record of `recordings.packets`, written in place.
RECORD = struct.Struct("!IH")
RECORD_BYTES = RECORD.size
_ROOM = CHUNK_BYTES + RECORD_BYTES + LARGEST + 1
_NOTHING = bytes(_ROOM)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFile:
    """A finished spool file. `complete` False: it ends at a whole chunk, short of what was said; `counted` is what it holds."""

    path: Path
    length: int
    digest: bytes
    complete: bool
    counted: Counted | None = None


class SealedTake:
    """One take being written. The receiver puts each packet right into `buffer` behind `filled`; see `Receiver.drain`.

    `last` and `first` are monotonic milliseconds; `moment` turns them into instants that a stepped clock does not move."""

    __slots__ = (
        "_sealer",
        "_writer",
        "buffer",
        "file",
        "filled",
        "first",
        "holding",
        "last",
        "opened",
        "opened_at",
        "packets",
        "view",
    )

    def __init__(
        self,
        file: SpoolFile,
        writer: SpoolWriter,
        controller: ControllerId,
        key: ContentKey,
        *,
        opened: int,
        opened_at: datetime,
    ) -> None:
        self.file, self._writer = file, writer
        self.holding = key.holding
        self.opened = opened
        self.opened_at = opened_at
        self.first = self.last = -1
        self.packets = 0
        self.filled = 0
        self.buffer = bytearray(_ROOM)
        self.view = memoryview(self.buffer)
        self._sealer: Sealer | None = Sealer(key.secret, content_context(controller, key.holding))
        file.write(self._sealer.header())

    def took(self, filled: int, now: int) -> None:
        """A record was put in, up to `filled`."""
        self.filled = filled
        if self.first < 0:
            self.first = now
        counted = b"" if filled < CHUNK_BYTES else self._entry(now)
        self.packets += 1
        self.last = now
        if counted:
            self._flush(counted)

    def put(self, now: int, packet: bytes) -> None:
        """A packet that was read elsewhere. Breach where it came before the take was opened: nobody had said yes to it."""
        if now < self.opened:
            raise Breach("A packet from before a gate was opened was about to be stored. Stop, and report this.")
        start = self.filled + RECORD_BYTES
        RECORD.pack_into(self.buffer, self.filled, now - self.opened, len(packet))
        self.buffer[start : start + len(packet)] = packet
        self.took(start + len(packet), now)

    def _entry(self, now: int) -> bytes:
        """What the chunk that is full ends with: the record that was put in last, or the one before."""
        ends = self.filled == CHUNK_BYTES
        return entry(self.packets + ends, self.first - self.opened, (now if ends else self.last) - self.opened)

    def _flush(self, counted: bytes) -> None:
        """Seals and writes the chunk that is full, and moves what is left to the front."""
        if self._sealer is None:
            return
        sealed = self._sealer.seal(self.view[:CHUNK_BYTES])
        rest = self.filled - CHUNK_BYTES
        self.buffer[:rest] = self.buffer[CHUNK_BYTES : self.filled]
        self.buffer[rest : self.filled] = _NOTHING[: self.filled - rest]
        self.filled = rest
        if sealed:
            self._writer.write(self.file, sealed, counted)

    def finish(self) -> None:
        """No packet comes any more. Never raises: where the disk fails, the take ends short, and says so."""
        if self._sealer is None:
            return
        sealed = self._sealer.seal(self.view[: self.filled]) + self._sealer.finish()
        self.buffer[:] = _NOTHING
        self.filled, self._sealer = 0, None
        with contextlib.suppress(SpoolFailed):
            self._writer.write(self.file, sealed)
        self._writer.end(self.file)

    def moment(self, monotonic: int) -> datetime | None:
        """The instant of a monotonic millisecond; None for one that never was."""
        return None if monotonic < 0 else moment(self.opened_at, monotonic - self.opened)

    def store(self) -> SealedFile:
        """Durable on this disk, measured and hashed. Slow: call it in a thread, after `finish`, until it has returned once."""
        self.file.wait(_PATIENCE_SECONDS)
        try:
            os.fsync(self.file.fd)
            flush(self.file.path.parent)
        except OSError:
            self.file.whole = False
        finally:
            self.file.close()
        return measure(self.file.path, complete=self.file.whole)


def moment(opened_at: datetime, milliseconds: int) -> datetime:
    """So long after a take was opened. Rounded down, so that it is never later than the clock's own: a pause is confirmed after
    the last packet, not before."""
    return opened_at + timedelta(milliseconds=max(0, milliseconds - 1))


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
    counted = None if complete else count(path, max(0, length - HEADER_BYTES) // SEALED_CHUNK_BYTES)
    return SealedFile(path=path, length=length, digest=digest, complete=complete, counted=counted)


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
        self._writer = SpoolWriter()

    def begin(self, controller: ControllerId, key: ContentKey, *, opened: int, opened_at: datetime) -> SealedTake:
        """A new take. SpoolFailed where the disk has hardly any room left: a take that starts should be able to go on."""
        if _free_bytes(self.folder) < LEAST_FREE_BYTES:
            raise SpoolFailed(FULL)
        file = SpoolFile.create(self.path_of(key.holding))
        take = SealedTake(file, self._writer, controller, key, opened=opened, opened_at=opened_at)
        if not file.whole:
            self.discard(take)
            raise SpoolFailed(FULL)
        return take

    def discard(self, take: SealedTake) -> None:
        """A take that was begun and never opened: nothing of it is with the writing thread."""
        take.file.close()
        self.drop(take.holding)

    def path_of(self, holding: HoldingId) -> Path:
        return self.folder / f"{holding}{_SUFFIX}"

    def holdings(self) -> list[HoldingId]:
        """The takes that have a file here."""
        return [HoldingId(UUID(path.stem)) for path in self.folder.glob(f"*{_SUFFIX}") if _UUID.fullmatch(path.stem)]

    def drop(self, holding: HoldingId) -> None:
        """Its bytes are in the object store."""
        path = self.path_of(holding)
        path.with_suffix(SUFFIX).unlink(missing_ok=True)
        path.unlink(missing_ok=True)

    def close(self) -> None:
        self._writer.close()
        os.close(self._lock)


def _whole_chunks(length: int) -> int:
    if length < HEADER_BYTES:
        return 0
    return HEADER_BYTES + (length - HEADER_BYTES) // SEALED_CHUNK_BYTES * SEALED_CHUNK_BYTES


def _free_bytes(folder: Path) -> int:
    room = os.statvfs(folder)
    return room.f_bavail * room.f_frsize
