"""A folder or a bucket of vCon files as a source: plain, signed by whomever, or packed with gzip. An encrypted one is passed
over: it is for others. A vCon goes as a whole: it cannot be changed without making its signature worthless."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from rightcall.adapters.systems.folder.system import Folder
from rightcall.adapters.systems.formats.limits import Limits
from rightcall.adapters.systems.pace import Pace
from rightcall.adapters.systems.s3.system import Bucket
from rightcall.canonical import Json
from rightcall.clock import SystemClock
from rightcall.discovery.model import NotRead, PassedOver, Reason
from rightcall.discovery.parts import Part
from rightcall.discovery.picking import is_whole, one_by_one, picked
from rightcall.discovery.ports import Ability, Gone, Listed, Refusal, Seen, Spot, System
from rightcall.discovery.vcons.rules import parts_of
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.recordings.envelope import MOST_BYTES, payload_of, unpacked
from rightcall.recordings.unsealing import is_encrypted

_LIMITS = Limits(held=MOST_BYTES)
_WHOLE = "A vCon is let go of as a whole, since its signature covers all of it. Name it without a row or a field."


def open_vcons(url: str, *, writable: bool = False, pace: Pace | None = None) -> System:
    """`url`: vcons:PATH of a folder or a file, or vcons:s3://… of a bucket. NotFound, Malformed or SourceGone as these say."""
    del pace  # each is read in one go
    where = url.partition(":")[2]
    if where.startswith("s3:"):
        return Vcons(Bucket(where, SystemClock(), limits=_LIMITS, writable=writable))
    path = Path(where.removeprefix("//"))
    if not where.strip("/"):
        raise Malformed("An address of vCons is vcons:PATH of a folder that they lie in, or vcons:s3://BUCKET/PREFIX.")
    if not path.exists():
        raise NotFound("There is no such folder of vCons. Give one that is there.")
    return Vcons(Folder(path, limits=_LIMITS, writable=writable))


class Vcons:
    """Implements `discovery.ports.System`. `files`: where they lie, each an object."""

    def __init__(self, files: System) -> None:
        self._files = files

    @property
    def abilities(self) -> frozenset[Ability]:
        return self._files.abilities

    def objects(self) -> Iterator[Listed | PassedOver]:
        return self._files.objects()

    def read(self, object: Listed, *, sample: float = 1.0) -> Iterator[Part | PassedOver]:
        del sample
        return parts_of(object.name, vcon_in(self._content(object.name)))

    def sign(self, object: Listed) -> str | None:
        """What the list says is all there is."""
        del object
        return None

    def safety(self) -> Iterator[Seen]:
        return self._files.safety()

    def export(self, spot: Spot) -> bytes:
        """The whole vCon as it lies there; of a part of it, what was said or written there."""
        whole = self._files.export(Spot(object=spot.object))
        if is_whole(spot):
            return whole
        with suppress(NotRead):
            if (found := picked(spot, parts_of(spot.object, vcon_in(whole)))) is not None:
                return found
        raise NotFound("There is no such part in this vCon (any more).")

    def exports(self, spots: Sequence[Spot]) -> Iterator[tuple[Spot, bytes | Refusal]]:
        return one_by_one(self.export, spots)

    def erase(self, spots: Sequence[Spot]) -> None:
        if any(spot != Spot(object=spot.object) for spot in spots):
            raise Conflict(_WHOLE)
        self._files.erase(spots)

    def confirm(self, spots: Sequence[Spot]) -> Mapping[Spot, Gone]:
        """A part is there as long as its vCon is."""
        found = self._files.confirm([Spot(object=name) for name in {spot.object for spot in spots}])
        return {spot: found[Spot(object=spot.object)] for spot in spots}

    def close(self) -> None:
        self._files.close()

    def _content(self, name: str) -> bytes:
        try:
            return self._files.export(Spot(object=name))
        except NotFound:
            reason = Reason.VANISHED
        except Conflict:
            reason = Reason.TOO_LARGE
        raise NotRead(reason)


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
