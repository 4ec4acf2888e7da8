"""What was destroyed in each epoch, kept beside the keys and never in a backup: so that a restored backup can be told.

    FOLDER/<name of the epoch's key>     one line of JSON each: where in the ledger it was said, and which key was destroyed

A backup opens only while the key of its epoch exists, so a list is needed exactly as long as that key and is deleted with it.
Lines hold ids that lead to nobody. They are only ever added, and are on the disk when `add` returns.
"""

import json
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from rightcall.errors import KeysGone, Tampered
from rightcall.ids import ControllerId


class DestroyedKind(StrEnum):
    """A person's key, one party's grant, the key of a hold, that of a raiser's consent to be known, that of who answered for an
    override; `withheld` is a grant that was not destroyed but shut; `concern` is the key of words that their raiser wants gone;
    `system` is a system that was retired, with the key of all that was known of it; `places` is what opened where an erased
    person's things lay elsewhere, and `letters` what recipients of their data were written by, both by the erasure's id;
    `processor` is how to get in to one that was retired; `member` is who worked here and was forgotten, and `suspended` who is to
    be let in no more."""

    SUBJECT = "subject"
    GRANT = "grant"
    HOLD = "hold"
    WITHHELD = "withheld"
    CONSENT = "consent"
    OVERRIDE = "override"
    CONCERN = "concern"
    SYSTEM = "system"
    PLACES = "places"
    LETTERS = "letters"
    PROCESSOR = "processor"
    MEMBER = "member"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destroyed:
    """One key that must not come back. `erasure` names the erasure of a subject, and nothing else has one."""

    index: int
    controller: ControllerId
    kind: DestroyedKind
    id: UUID
    erasure: UUID | None = None


class DestroyedList:
    """The files of one folder. Several processes may read; one adds at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, epoch_key: str, lines: Sequence[Destroyed]) -> None:
        """On the disk when it returns, with an empty list too: then it is known that nothing was destroyed. Twice is fine."""
        text = "".join(json.dumps(_plain(line), separators=(",", ":")) + "\n" for line in lines)
        path = self._folder / epoch_key
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            is_new = not path.exists()
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "r+b", buffering=0) as out:
                out.write(_mending(descriptor) + text.encode())
                os.fsync(descriptor)
            if is_new:
                _fsync(self._folder)
        except OSError as error:
            raise KeysGone("The list of what was destroyed cannot be written. Check the disk of the data folder.") from error

    def read(self) -> Iterator[Destroyed]:
        """Every line. A last line that a power loss cut off is left out: nobody was told that it is written."""
        try:
            files = sorted(self._folder.iterdir()) if self._folder.exists() else []
            for file in files:
                yield from _lines(file.read_bytes())
        except OSError as error:
            raise KeysGone("The list of what was destroyed cannot be read. Check the disk of the data folder.") from error

    def has(self, epoch_key: str) -> bool:
        """Whether anybody kept a list in that epoch."""
        return (self._folder / epoch_key).exists()

    def last_index(self) -> int:
        """How far in the ledger the list reaches; -1 where it is empty."""
        return max((line.index for line in self.read()), default=-1)

    def keep_only(self, epoch_keys: Collection[str]) -> None:
        """Deletes the lists of epochs whose keys exist no more."""
        try:
            for file in self._folder.iterdir() if self._folder.exists() else []:
                if file.name not in epoch_keys:
                    file.unlink(missing_ok=True)
        except OSError as error:
            raise KeysGone("A list of what was destroyed cannot be deleted. Check the disk of the data folder.") from error


def _plain(line: Destroyed) -> dict[str, str | int]:
    plain: dict[str, str | int] = {
        "index": line.index,
        "controller": str(line.controller),
        "kind": line.kind.value,
        "id": str(line.id),
    }
    return plain if line.erasure is None else {**plain, "erasure": str(line.erasure)}


def _lines(data: bytes) -> Iterator[Destroyed]:
    *whole, _ = data.split(b"\n")
    for line in whole:
        if not line.endswith(b"}"):  # cut off by a power loss, and ended by whoever wrote next
            continue
        try:
            read = json.loads(line)
            yield Destroyed(
                index=int(read["index"]),
                controller=ControllerId(UUID(read["controller"])),
                kind=DestroyedKind(read["kind"]),
                id=UUID(read["id"]),
                erasure=UUID(read["erasure"]) if "erasure" in read else None,
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Tampered("The list of what was destroyed was changed by something else. Stop, and tell the DPO.") from None


def _mending(descriptor: int) -> bytes:
    """A newline, where a power loss cut the last line off."""
    end = os.lseek(descriptor, 0, os.SEEK_END)
    return b"" if end == 0 or os.pread(descriptor, 1, end - 1) == b"\n" else b"\n"


def _fsync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
