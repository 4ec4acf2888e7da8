"""Keys that were heard and are not written down yet, on the recorder's own disk: one small file a key.

A key may be a person's no. It is noted as soon as it is heard and forgotten once the house has it, so that the next start of a
killed process finds it. A note holds ids, an instant, and which of the keys that the notice named was pressed: no more than
the choice that comes of it. There are at most two for each question, its yes key and then its no key, once each: of a card
number that somebody keys in meanwhile those two digits may get here, and never another or one of them twice.
"""

import logging
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from rightcall.adapters.files import flush
from rightcall.ids import CallId, ControllerId, PartyId
from rightcall.recorder.media_ports import Pressed

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedKey:
    controller: ControllerId
    call: CallId
    key: Pressed


class KeyJournal:
    """One process at a time. Every method raises OSError where the disk fails."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder

    def note(self, noted: NotedKey) -> None:
        """Outlives the process when it returns, and a power loss once it was made `safe`."""
        key = noted.key
        draft = self._folder / f".{key.id}"
        draft.touch(mode=0o600)
        draft.write_text(f"{noted.controller} {noted.call} {key.party} {key.digit} {key.at.isoformat()}", encoding="ascii")
        os.replace(draft, self._path(key))

    def safe(self, key: Pressed) -> None:
        for path in (self._path(key), self._folder):
            flush(path)

    def forget(self, key: Pressed) -> None:
        self._path(key).unlink(missing_ok=True)

    def left(self) -> list[NotedKey]:
        """What a process before this one had, in the order in which it was pressed. A note that a power loss cut off is named in
        the log and left out; one that was never finished was never acted on."""
        for draft in self._folder.glob(".*"):
            draft.unlink()
        found = []
        for file in sorted(self._folder.glob("[!.]*")):
            try:
                found.append(_read(file))
            except ValueError:
                _log.critical("the note of a key cannot be read: an answer may be lost", extra={"note": file.name})
        return found

    def _path(self, key: Pressed) -> Path:
        return self._folder / str(key.id)


def _read(file: Path) -> NotedKey:
    controller, call, party, digit, at = file.read_text(encoding="ascii").split(" ")
    return NotedKey(
        controller=ControllerId(UUID(controller)),
        call=CallId(UUID(call)),
        key=Pressed(id=UUID(file.name), party=PartyId(UUID(party)), digit=digit, at=datetime.fromisoformat(at)),
    )
