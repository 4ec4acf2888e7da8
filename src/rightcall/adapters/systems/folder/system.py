"""A folder or a file as a source: its files are found, read and handed out; let go of only where it was opened for that."""

import io
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rightcall.adapters.systems.folder import rights
from rightcall.adapters.systems.folder.opening import fingerprint, opened
from rightcall.adapters.systems.formats.limits import Limits
from rightcall.adapters.systems.formats.stream import PIECE
from rightcall.adapters.systems.formats.table import parts
from rightcall.discovery import folders
from rightcall.discovery.model import NotRead, PassedOver, Reason
from rightcall.discovery.parts import Part
from rightcall.discovery.ports import Ability, Gone, Listed, Seen, Spot
from rightcall.errors import NotAllowed

_NOT_ABLE = "This source is open for reading alone. Ask for its abilities first."


class Folder:
    """Implements `discovery.ports.System`. `source` is a folder or a single file; links in it are not followed."""

    def __init__(self, source: Path, *, limits: Limits | None = None) -> None:
        self._source = source
        self._limits = limits or Limits()

    @property
    def abilities(self) -> frozenset[Ability]:
        return frozenset({Ability.FIND})

    def objects(self) -> Iterator[Listed | PassedOver]:
        """Raises NotFound where there is no such source, SourceGone where it cannot be listed."""
        for each in folders.objects(self._source):
            yield each if isinstance(each, PassedOver) else self._listed(each)

    def _listed(self, file: folders.File) -> Listed | PassedOver:
        try:
            status = os.stat(file.path, follow_symlinks=False)
        except OSError:
            return PassedOver(object=file.object, reason=Reason.VANISHED)
        if status.st_size > self._limits.largest:
            return PassedOver(object=file.object, reason=Reason.TOO_LARGE)
        return Listed(
            name=file.object,
            fingerprint=fingerprint(status),
            size=status.st_size,
            changed_at=datetime.fromtimestamp(status.st_mtime, UTC),
        )

    def read(self, object: Listed, *, sample: float = 1.0) -> Iterator[Part | PassedOver]:
        with opened(os.fspath(self._source), object.name) as file:
            if file.size > self._limits.largest:
                raise NotRead(Reason.TOO_LARGE)
            yield from parts(object.name, io.BufferedReader(file, PIECE), size=file.size, limits=self._limits, sample=sample)
            if file.has_changed():
                yield PassedOver(object=object.name, reason=Reason.CHANGED)

    def safety(self) -> Iterator[Seen]:
        root = os.fspath(self._source)
        for path, folders_in, files in os.walk(root):
            folders_in.sort()
            shown = os.path.relpath(path, root)
            yield from rights.of_folder(None if shown == "." else folders.shown(shown), os.stat(path))
            for name in sorted(files):
                yield from self._rights_of(os.path.join(path, name), folders.shown(os.path.normpath(os.path.join(shown, name))))
        if self._source.is_file():
            yield from rights.of_file(folders.shown(self._source.name), self._source.stat())

    def _rights_of(self, path: str, name: str) -> Iterator[Seen]:
        try:
            status = os.stat(path, follow_symlinks=False)
        except OSError:
            return
        if stat.S_ISREG(status.st_mode):
            yield from rights.of_file(name, status)

    def export(self, spot: Spot) -> bytes:
        del spot
        raise NotAllowed(_NOT_ABLE)

    def erase(self, spots: Sequence[Spot]) -> None:
        del spots
        raise NotAllowed(_NOT_ABLE)

    def confirm(self, spots: Sequence[Spot]) -> Mapping[Spot, Gone]:
        del spots
        raise NotAllowed(_NOT_ABLE)

    def close(self) -> None:
        """Nothing is kept open."""
