"""Which calls the signalling process has, on its own disk: ids and nothing else, one small file a call.

A SIP dialog lives in memory. When the process is killed its dialogs are gone, nobody would ever hear their BYE, and their gates
would stand open as long as sound comes. The next start reads here which calls those are, and ends them as lost.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from rightcall.ids import CallId, ControllerId, RecorderId


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    controller: ControllerId
    recorder: RecorderId


class Journal:
    """One process at a time. A note is there before its call is, and goes after the call's end was written."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder

    def note(self, call: CallId, noted: Noted) -> None:
        draft = self._folder / f".{call}"
        draft.write_text(f"{noted.controller} {noted.recorder}", encoding="ascii")
        os.replace(draft, self._folder / str(call))

    def forget(self, call: CallId) -> None:
        (self._folder / str(call)).unlink(missing_ok=True)

    def left(self) -> dict[CallId, Noted]:
        """What a process before this one had."""
        found = {}
        for file in self._folder.glob("[!.]*"):
            controller, recorder = file.read_text(encoding="ascii").split(" ")
            found[CallId(UUID(file.name))] = Noted(controller=ControllerId(UUID(controller)), recorder=RecorderId(UUID(recorder)))
        return found
