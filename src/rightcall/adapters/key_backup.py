"""Backups of keys: the key file and what it wraps, in a place of their own, never beside data and never longer than their epoch.

    PLACE/rightcall-key-backups        says that this place is there: a disk that is not mounted must not look like an empty one
    PLACE/<id>/keys, ledger-key, vcon-key, destroyed/…

The passphrase is not in it. Each is for us alone to read, on the disk when it is made, and overwritten before it is deleted.
What a disk keeps below its files (copies on write, snapshots, spare cells) is not reached by that: see docs/howto/backups.md.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from rightcall.adapters.destroyed import COMPLETE, DestroyedList
from rightcall.adapters.files import flush, is_draft, write_anew
from rightcall.errors import Conflict, KeysGone, NotConfigured, NotFound

_MARK = "rightcall-key-backups"
_FILES = ("keys", "ledger-key", "vcon-key")
_LIST = "destroyed"
_STRETCH = 1 << 20


class KeyBackups:
    """Those of one place. KeysGone where the place is not there or its disk fails."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def must_be_apart(self, other: Path) -> None:
        """Conflict where the place and `other` lie within each other: keys are never kept with what they open."""
        place, other = self._place.resolve(), other.resolve()
        if place == other or other in place.parents or place in other.parents:
            raise Conflict("Keys are kept apart from what they open. Give a folder for them outside of the other one.")

    def prepare(self, *, away_from: Path) -> None:
        """Make the place, apart from the data folder."""
        self.must_be_apart(away_from)
        try:
            self._place.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_anew(self._place / _MARK, b"Backups of keys. None is older than an epoch.\n")
        except OSError as error:
            raise NotConfigured("The folder for backups of keys cannot be made or written. Choose another.") from error

    def make(self, id: UUID, data: Path, at: datetime) -> None:
        """A copy of the keys of this data folder, as it is now."""
        self.must_be_there()
        if not (data / "keys").is_file():
            raise NotConfigured("The keys are in a token, not in a file: back them up by the token's own means, each epoch anew.")
        folder = self._place / str(id)
        try:
            folder.mkdir(mode=0o700)
            for name in _FILES:
                if (data / name).exists():
                    write_anew(folder / name, (data / name).read_bytes())
            self.freshen(id, data, at)
            flush(self._place)
        except OSError as error:
            raise KeysGone("The keys could not be backed up. Check the disk of their backups, then try again.") from error

    def freshen(self, id: UUID, data: Path, at: datetime) -> None:
        """The list of what was destroyed is as fresh in it as in the data folder is now, and says so."""
        self.must_be_there()
        known = DestroyedList(data / _LIST).complete()
        here, there = data / _LIST, self._place / str(id) / _LIST
        try:
            there.mkdir(mode=0o700, exist_ok=True)
            for file in here.iterdir() if here.exists() else ():
                copy = there / file.name
                if file.name == COMPLETE or is_draft(file):
                    continue
                if not copy.exists() or copy.stat().st_size != file.stat().st_size:
                    write_anew(copy, file.read_bytes())
            DestroyedList(there).is_complete(known.until if known is not None and known.is_copy else at, as_copy=True)
        except OSError as error:
            raise KeysGone("The list of what was destroyed could not be copied to the backup of the keys.") from error

    def destroy(self, id: UUID) -> None:
        """Overwritten, deleted, and looked for again. Again is fine."""
        self.must_be_there()
        folder = self._place / str(id)
        try:
            for file in sorted(folder.rglob("*")) if folder.exists() else ():
                if file.is_file():
                    _overwrite(file)
                    file.unlink()
            if folder.exists():
                shutil.rmtree(folder)
            flush(self._place)
        except OSError as error:
            raise KeysGone("An old backup of keys could not be deleted. Check its disk; it is tried again.") from error
        if folder.exists():
            raise KeysGone("An old backup of keys is still there after it was deleted. Check its disk; it is tried again.")

    def put_back(self, id: UUID, data: Path) -> None:
        """Into a data folder that has no keys yet. Again is fine: a command that was killed half-way goes on. A list that is
        there and is no copy knows more than the one here, and stays."""
        self.must_be_there()
        folder = self._place / str(id)
        if not (folder / "keys").is_file():
            raise NotFound("There is no such backup of keys in this place. `ls` it, and give the folder that is there.")
        if (data / "keys").exists() and (data / "keys").read_bytes() != (folder / "keys").read_bytes():
            raise Conflict("The data folder has keys already, and not those of this backup. Restore without --keys.")
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in _FILES:
            if (folder / name).exists():
                write_anew(data / name, (folder / name).read_bytes())
        (data / _LIST).mkdir(mode=0o700, exist_ok=True)
        known = DestroyedList(data / _LIST).complete()
        if known is None or known.is_copy:
            for file in (folder / _LIST).iterdir() if (folder / _LIST).exists() else ():
                if not is_draft(file):
                    write_anew(data / _LIST / file.name, file.read_bytes())

    def must_be_there(self) -> None:
        """KeysGone where its disk is not mounted."""
        if not (self._place / _MARK).is_file():
            raise KeysGone("The place of the backups of keys is not there. Mount its disk; it is tried again.")


def _overwrite(path: Path) -> None:
    with _opened(path) as descriptor:
        left = os.fstat(descriptor).st_size
        while left:
            left -= os.write(descriptor, bytes(min(left, _STRETCH)))
        os.fsync(descriptor)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
