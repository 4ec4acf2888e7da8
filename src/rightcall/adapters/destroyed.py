"""What was destroyed in each epoch, kept beside the keys and never in a backup: so that a restored backup can be told.

    FOLDER/<name of the epoch's key>     one line of JSON each: which key was destroyed, by which statement, and where in the
                                         ledger that stands; a line without a place was written before the deed was committed
    FOLDER/complete                      until when the list is known to be complete, whether it is a copy, and which folder it
                                         was written in: a folder that was copied by hand is another one

A backup opens only while the key of its epoch exists, so a list is needed exactly as long as that key and is deleted with it.
Lines hold ids that lead to nobody. They are only ever added, and are on the disk when `add` returns.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from rightcall.adapters.files import add_line, flush, is_draft, write_anew
from rightcall.errors import KeysGone, Tampered
from rightcall.ids import ControllerId, StatementId

DESTROYED = "destroyed"
COMPLETE = "complete"
_BEGUN = "begun"
_ANYWAY = "opened-anyway"
_NO_LISTS = frozenset({COMPLETE, _BEGUN, _ANYWAY})


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
    """One key that must not come back. `erasure` names the erasure of a subject, and nothing else has one. `index`: where the
    ledger says it; None where that was not known yet, or the deed was never committed."""

    index: int | None
    controller: ControllerId
    kind: DestroyedKind
    id: UUID
    erasure: UUID | None = None
    statement: StatementId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete:
    """Whatever was confirmed until then by those who work on the folder is on its list. A copy knows of nothing after it was
    made; the list itself is complete for as long as anybody worked on its folder, which was at least until `until`. `is_moved`:
    it is a copy because it lies in another folder than the one it was written in."""

    until: datetime
    is_copy: bool
    is_moved: bool = False


class DestroyedList:
    """The files of one folder. Several processes may read and add."""

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
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                out.write(_mending(descriptor) + text.encode())
                os.fsync(descriptor)
            if is_new:
                flush(self._folder)
        except OSError as error:
            raise KeysGone("The list of what was destroyed cannot be written. Check the disk of the data folder.") from error

    def take(self, other: "DestroyedList") -> None:
        """What another list says is on this one too, epoch by epoch. Again is fine."""
        for file in other._files():
            self.add(file.name, list(_lines(file.read_bytes())))

    def read(self) -> Iterator[Destroyed]:
        """Every line. A last line that a power loss cut off is left out: nobody was told that it is written."""
        try:
            for file in self._files():
                yield from _lines(file.read_bytes())
        except OSError as error:
            raise KeysGone("The list of what was destroyed cannot be read. Check the disk of the data folder.") from error

    def has(self, epoch_key: str) -> bool:
        """Whether anybody kept a list in that epoch."""
        return (self._folder / epoch_key).exists()

    def last_index(self) -> int:
        """How far in the ledger the list reaches; -1 where it is empty."""
        return max((line.index for line in self.read() if line.index is not None), default=-1)

    def unplaced(self) -> list[Destroyed]:
        """What was written before it was committed, and nobody has seen in the ledger since."""
        lines = list(self.read())
        placed = {line.statement for line in lines if line.index is not None}
        return [line for line in lines if line.index is None and line.statement not in placed]

    def settle(self, epoch_key: str, lines: Sequence[Destroyed]) -> None:
        """What was written before it was committed, and never was, is done now: it is not looked for in the ledger any more."""
        self.add(epoch_key, [replace(line, index=-1) for line in lines])

    def keep_only(self, epoch_key: str) -> None:
        """Deletes the lists of epochs whose keys exist no more. What nobody has seen in the ledger yet goes over to this one: it
        may be committed only now."""
        old = [file for file in self._files() if file.name != epoch_key]
        if not old:
            return
        carried = self.unplaced()
        self.add(epoch_key, carried)
        try:
            for file in old:
                file.unlink(missing_ok=True)
        except OSError as error:
            raise KeysGone("A list of what was destroyed cannot be deleted. Check the disk of the data folder.") from error

    def is_begun(self) -> bool:
        """Whether this folder ever had one, and has it still. A line that somebody adds to a list that was lost begins none."""
        return any((self._folder / name).exists() for name in (COMPLETE, _BEGUN))

    def begin(self) -> None:
        """Of a machine that comes to others: it says nothing of what these destroyed."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_anew(self._folder / _BEGUN, b"")
        except OSError as error:
            raise KeysGone("The list of what was destroyed cannot be written. Check the disk of the data folder.") from error

    def complete(self) -> Complete | None:
        """None where nobody ever said."""
        try:
            read = json.loads((self._folder / COMPLETE).read_bytes())
            is_moved = read.get("folder") != self._own_name()
            return Complete(
                until=datetime.fromisoformat(read["until"]),
                is_copy=bool(read["copy"]) or is_moved,
                is_moved=is_moved and not read["copy"],
            )
        except FileNotFoundError:
            return None
        except OSError as error:
            raise KeysGone("The list of what was destroyed cannot be read. Check the disk of the data folder.") from error
        except (ValueError, KeyError, TypeError):
            raise Tampered("The list of what was destroyed was changed by something else. Stop, and tell the DPO.") from None

    def is_complete(self, until: datetime, *, as_copy: bool = False) -> None:
        """Or a copy of what was there at that instant."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            text = json.dumps({"until": until.isoformat(), "copy": as_copy, "folder": self._own_name()})
            write_anew(self._folder / COMPLETE, text.encode())
        except OSError as error:
            raise KeysGone("The list of what was destroyed cannot be written. Check the disk of the data folder.") from error

    def is_moved(self) -> bool:
        """Whether it was worked on in another folder than this one."""
        known = self.complete()
        return known is not None and known.is_moved

    def is_worked_on(self, at: datetime) -> None:
        """To be said by who works on the folder. A copy stays one: what came after it does not come by working on."""
        known = self.complete()
        if known is None or not known.is_copy:
            self.is_complete(at)

    def lacks(self, other: "DestroyedList") -> bool:
        """Whether the other one has a line of an epoch that both have lists of, and this one does not have it."""
        known = set(map(_what, self.read()))
        both = [file for file in other._files() if self.has(file.name)]
        return any(_what(line) not in known for file in both for line in _lines(file.read_bytes()))

    def opened_anyway(self, at: datetime, reason: str) -> None:
        """A backup was opened though the list may lack something: when, until when it was complete, and why."""
        known = self.complete()
        line = {"at": at.isoformat(), "complete": None if known is None else known.until.isoformat(), "reason": reason}
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            add_line(self._folder / _ANYWAY, json.dumps(line))
        except OSError as error:
            raise KeysGone("The list of what was destroyed cannot be written. Check the disk of the data folder.") from error

    def _own_name(self) -> int:
        """What tells this folder from a copy of it, on this disk or, mounted elsewhere, from it."""
        return self._folder.stat().st_ino

    def _files(self) -> list[Path]:
        """Of the lists alone."""
        found = sorted(self._folder.iterdir()) if self._folder.exists() else []
        return [file for file in found if file.name not in _NO_LISTS and not is_draft(file)]


def _what(line: Destroyed) -> tuple[ControllerId, DestroyedKind, UUID]:
    return line.controller, line.kind, line.id


def _plain(line: Destroyed) -> dict[str, str | int]:
    plain: dict[str, str | int] = {"controller": str(line.controller), "kind": line.kind.value, "id": str(line.id)}
    if line.index is not None:
        plain["index"] = line.index
    for name, value in (("erasure", line.erasure), ("statement", line.statement)):
        if value is not None:
            plain[name] = str(value)
    return plain


def _lines(data: bytes) -> Iterator[Destroyed]:
    *whole, _ = data.split(b"\n")
    for line in whole:
        if not line.endswith(b"}"):  # cut off by a power loss, and ended by whoever wrote next
            continue
        try:
            read = json.loads(line)
            yield Destroyed(
                index=int(read["index"]) if "index" in read else None,
                controller=ControllerId(UUID(read["controller"])),
                kind=DestroyedKind(read["kind"]),
                id=UUID(read["id"]),
                erasure=UUID(read["erasure"]) if "erasure" in read else None,
                statement=StatementId(UUID(read["statement"])) if "statement" in read else None,
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Tampered("The list of what was destroyed was changed by something else. Stop, and tell the DPO.") from None


def _mending(descriptor: int) -> bytes:
    """A newline, where a power loss cut the last line off."""
    end = os.lseek(descriptor, 0, os.SEEK_END)
    return b"" if end == 0 or os.pread(descriptor, 1, end - 1) == b"\n" else b"\n"
