"""A folder of vCon files as a source: plain, signed by whomever, or packed with gzip. An encrypted one is passed over: it is for
others. A vCon goes as a whole: it cannot be changed without making its signature worthless."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from rightcall.adapters.systems.folder.opening import folder_of, opened
from rightcall.adapters.systems.folder.system import Folder
from rightcall.adapters.systems.pace import Pace
from rightcall.canonical import Json
from rightcall.discovery.model import NotRead, PassedOver, Reason, SourceGone
from rightcall.discovery.parts import Part
from rightcall.discovery.ports import Ability, Gone, Listed, Seen, Spot, System
from rightcall.discovery.vcons.rules import parts_of
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound
from rightcall.recordings.envelope import MOST_BYTES, payload_of, unpacked
from rightcall.recordings.unsealing import is_encrypted

_WHOLE = "A vCon is let go of as a whole, since its signature covers all of it. Name it without a row or a field."


def open_vcons(url: str, *, writable: bool = False, pace: Pace | None = None) -> System:
    """`url`: vcons:PATH of a folder or a file. NotFound or SourceGone where it cannot be looked at."""
    del pace  # a file is read in one go
    path = url.partition(":")[2].removeprefix("//")
    if not path:
        raise Malformed("An address of vCons is vcons:PATH of a folder that they lie in.")
    if not Path(path).exists():
        raise NotFound("There is no such folder of vCons. Give one that is there.")
    return Vcons(Path(path), writable=writable)


class Vcons:
    """Implements `discovery.ports.System`."""

    def __init__(self, source: Path, *, writable: bool) -> None:
        self._source = source
        self._folder = Folder(source)
        self._writable = writable

    @property
    def abilities(self) -> frozenset[Ability]:
        reading = {Ability.FIND, Ability.EXPORT, Ability.CONFIRM}
        return frozenset(reading | {Ability.ERASE} if self._writable else reading)

    def objects(self) -> Iterator[Listed | PassedOver]:
        return self._folder.objects()

    def read(self, object: Listed, *, sample: float = 1.0) -> Iterator[Part | PassedOver]:
        del sample
        return parts_of(object.name, vcon_in(self._content(object.name)))

    def safety(self) -> Iterator[Seen]:
        return self._folder.safety()

    def export(self, spot: Spot) -> bytes:
        """The whole vCon as it lies there, whatever of it is asked for: its parts mean nothing without each other."""
        try:
            return self._content(spot.object)
        except NotRead:
            raise NotFound("There is no such vCon (any more), or it cannot be read.") from None

    def erase(self, spots: Sequence[Spot]) -> None:
        if not self._writable:
            raise NotAllowed("These vCons were opened for reading. Open them writable to let go of them.")
        if any(spot.row is not None or spot.field is not None for spot in spots):
            raise Conflict(_WHOLE)
        for spot in spots:
            self._remove(spot.object)

    def confirm(self, spots: Sequence[Spot]) -> Mapping[Spot, Gone]:
        return {spot: self._looked_for(spot.object) for spot in spots}

    def close(self) -> None:
        self._folder.close()

    def _content(self, name: str) -> bytes:
        with opened(os.fspath(self._source), name) as file:
            if file.size > MOST_BYTES:
                raise NotRead(Reason.TOO_LARGE)
            content = bytearray()
            while piece := file.read(1 << 20):
                content += piece
            if file.has_changed():
                raise NotRead(Reason.CHANGED)
            return bytes(content)

    def _remove(self, name: str) -> None:
        if self._source.is_file():
            raise Conflict("A single file was opened. Open the folder that it lies in to let go of it.")
        try:
            with folder_of(os.fspath(self._source), name) as (folder, last), suppress(FileNotFoundError):
                os.unlink(last, dir_fd=folder)
                os.fsync(folder)
        except FileNotFoundError:
            return
        except OSError as error:
            raise SourceGone(f"The vCon could not be removed ({error.strerror}). See to the rights of its folder.") from None

    def _looked_for(self, name: str) -> Gone:
        try:
            with opened(os.fspath(self._source), name):
                return Gone.THERE
        except NotRead as why:
            return Gone.GONE if why.reason is Reason.VANISHED and self._source.is_dir() else Gone.UNKNOWN


def vcon_in(content: bytes) -> Json:
    """What is in a vCon as it comes, whoever signed it. NotRead where it is encrypted, or none."""
    try:
        document = unpacked(content)
        if is_encrypted(document):
            raise NotRead(Reason.ENCRYPTED)
        is_signed = isinstance(document, dict) and {"payload", "signatures"} <= document.keys()
        return payload_of(document) if is_signed else document
    except Malformed:
        broken = NotRead(Reason.BROKEN)
    raise broken
