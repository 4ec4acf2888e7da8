"""A folder or a file as a source: its files are found, read and handed out; let go of only where it was opened for that."""

import io
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from rightcall.adapters.systems.folder import listing, rights
from rightcall.adapters.systems.folder.erasing import erase_file, erase_rows
from rightcall.adapters.systems.folder.opening import fingerprint, is_there, opened
from rightcall.adapters.systems.formats.limits import Limits
from rightcall.adapters.systems.formats.stream import PIECE
from rightcall.adapters.systems.formats.table import parts
from rightcall.adapters.systems.pace import Pace
from rightcall.adapters.systems.spots import exported, handed_out, holder, mark_of, still_there
from rightcall.discovery.model import NotRead, PassedOver, Reason
from rightcall.discovery.parts import Part
from rightcall.discovery.picking import is_whole
from rightcall.discovery.ports import Ability, Gone, Listed, Refusal, Seen, Spot
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound

_WHAT_CAN_GO = "Whole files can go, and whole rows of CSV and JSON lines. Change the others where they are kept."


class Folder:
    """Implements `discovery.ports.System`. `source` is a folder or a single file; links in it are not followed."""

    def __init__(self, source: Path, *, limits: Limits | None = None, writable: bool = False) -> None:
        self._source, self._writable = source, writable
        self._limits = limits or Limits()

    @property
    def abilities(self) -> frozenset[Ability]:
        reading = {Ability.FIND, Ability.EXPORT, Ability.CONFIRM}
        return frozenset(reading | {Ability.ERASE} if self._writable else reading)

    def objects(self) -> Iterator[Listed | PassedOver]:
        """Raises NotFound where there is no such source, SourceGone where it cannot be listed."""
        for each in listing.objects(self._source):
            yield each if isinstance(each, PassedOver) else self._listed(each)

    def _listed(self, file: listing.File) -> Listed | PassedOver:
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

    def sign(self, object: Listed) -> str | None:
        """What the list says is all there is."""
        del object
        return None

    def safety(self) -> Iterator[Seen]:
        """Folders that cannot be read are left out here; `objects` tells them."""
        root = os.fspath(self._source)
        for path, folders_in, files in os.walk(root):
            folders_in.sort()
            shown = os.path.relpath(path, root)
            with suppress(OSError):
                yield from rights.of_folder(None if shown == "." else listing.shown(shown), os.stat(path))
            for name in sorted(files):
                yield from self._rights_of(os.path.join(path, name), listing.shown(os.path.normpath(os.path.join(shown, name))))
        if self._source.is_file():
            yield from rights.of_file(listing.shown(self._source.name), self._source.stat())

    def _rights_of(self, path: str, name: str) -> Iterator[Seen]:
        try:
            status = os.stat(path, follow_symlinks=False)
        except OSError:
            return
        if stat.S_ISREG(status.st_mode):
            yield from rights.of_file(name, status)

    def export(self, spot: Spot) -> bytes:
        """Raises NotFound, and Conflict for a whole object larger than may be held."""
        within = self._holder(spot.object)
        if within is None:
            raise NotFound("There is no such object in the folder (any more).")
        if not (is_whole(spot) and within == spot.object):
            return exported(spot, within, self._parts)
        try:
            with opened(os.fspath(self._source), within) as file:
                if file.size > self._limits.held:
                    raise Conflict("This object is too large to be handed out at once. Take it from the folder itself.")
                return io.BufferedReader(file, PIECE).read()
        except NotRead as why:
            raise NotFound("This object cannot be read (any more).") from why

    def exports(self, spots: Sequence[Spot]) -> Iterator[tuple[Spot, bytes | Refusal]]:
        return handed_out(spots, self._holder, self._parts, self.export)

    def erase(self, spots: Sequence[Spot]) -> None:
        """Whole files, and whole rows of CSV and JSON lines. Raises Conflict once these are gone where there were others."""
        if not self._writable:
            raise NotAllowed("This folder was opened for reading alone. Open it as writable to let go of what is in it.")
        source, others, rows = os.fspath(self._source), 0, dict[str, set[str]]()
        for spot in spots:
            mark = mark_of(spot.row) if spot.row is not None and spot.field is None and spot.start is None else None
            within = self._holder(spot.object)
            if within not in {None, spot.object} or not (is_whole(spot) or mark is not None):
                others += 1
            elif mark is None:
                erase_file(source, spot.object)
            elif within is not None:
                rows.setdefault(within, set()).add(mark)
        for name, marks in rows.items():
            erase_rows(source, name, frozenset(marks), self._limits)
        if others:
            raise Conflict(
                f"{others} of {len(spots)} places are parts that a folder cannot let go of by themselves. {_WHAT_CAN_GO}"
            )

    def confirm(self, spots: Sequence[Spot]) -> Mapping[Spot, Gone]:
        found: dict[Spot, Gone] = {}
        inside: dict[str, list[Spot]] = {}
        for spot in spots:
            within = self._holder(spot.object)
            if within is None:
                found[spot] = Gone.GONE
            elif within == spot.object and is_whole(spot):
                found[spot] = Gone.THERE
            else:
                inside.setdefault(within, []).append(spot)
        for within, asked in inside.items():
            found.update(still_there(asked, within, self._parts))
        return found

    def _parts(self, name: str) -> Iterator[Part | PassedOver]:
        return self.read(Listed(name=name, fingerprint=None, size=None))

    def _holder(self, name: str) -> str | None:
        return holder(name, lambda each: is_there(os.fspath(self._source), each))

    def close(self) -> None:
        """Nothing is kept open."""


def open_folder(url: str, *, writable: bool = False, pace: Pace | None = None) -> Folder:
    """`url`: a path, or file:///folder with what is special encoded. It is asked for at once, so that a mistyped one is never
    registered. A folder is read at its own pace."""
    del pace
    parts_of = urlsplit(url) if "://" in url else None
    if parts_of is not None and (parts_of.netloc not in {"", "localhost"} or not parts_of.path.startswith("/")):
        raise Malformed("The address of a folder is a path, or file:///the/folder with what is special in it encoded.")
    source = Path(url if parts_of is None else unquote(parts_of.path))
    if not source.exists():
        raise NotFound("There is no such folder or file. Give a path that is there, or a URL.")
    return Folder(source, writable=writable)
