"""A bucket as a source: its objects are found, read and handed out; let go of, with all their versions, only where it was opened
for that."""

import io
from collections.abc import Iterator, Mapping, Sequence

from rightcall.adapters.systems.formats.limits import Limits
from rightcall.adapters.systems.formats.model import WITHIN
from rightcall.adapters.systems.formats.table import parts
from rightcall.adapters.systems.pace import Pace
from rightcall.adapters.systems.s3 import safety
from rightcall.adapters.systems.s3.address import address_of
from rightcall.adapters.systems.s3.asking import Answer, Entry, Line
from rightcall.adapters.systems.s3.reading import BLOCK, Blocks
from rightcall.adapters.systems.spots import exported, handed_out, holder, still_there
from rightcall.clock import Clock, SystemClock
from rightcall.discovery.model import NotRead, PassedOver, Reason, SourceGone
from rightcall.discovery.parts import Part
from rightcall.discovery.picking import is_whole
from rightcall.discovery.ports import Ability, Gone, Listed, Refusal, Seen, Spot
from rightcall.errors import Conflict, NotAllowed, NotFound


class Bucket:
    """Implements `discovery.ports.System`. `url` as in `address`."""

    def __init__(self, url: str, clock: Clock, *, limits: Limits | None = None, writable: bool = False) -> None:
        self._address = address_of(url)
        self._line = Line(self._address, clock)
        self._limits, self._writable = limits or Limits(), writable

    @property
    def abilities(self) -> frozenset[Ability]:
        reading = {Ability.FIND, Ability.EXPORT, Ability.CONFIRM}
        return frozenset(reading | {Ability.ERASE} if self._writable else reading)

    def objects(self) -> Iterator[Listed | PassedOver]:
        for entry in self._line.objects():
            name = self._name(entry.key)
            if entry.key.endswith("/") and not entry.size:
                continue
            if entry.size > self._limits.largest:
                yield PassedOver(object=name, reason=Reason.TOO_LARGE)
            else:
                yield Listed(name=name, fingerprint=f"{entry.etag}-{entry.size}", size=entry.size, changed_at=entry.changed_at)

    def read(self, object: Listed, *, sample: float = 1.0) -> Iterator[Part | PassedOver]:
        entry = self._known(object) or self._entry(object.name)
        if entry.size > self._limits.largest:
            raise NotRead(Reason.TOO_LARGE)
        file = io.BufferedReader(Blocks(self._line, entry.key, entry.etag, entry.size), BLOCK)
        yield from parts(object.name, file, size=entry.size, limits=self._limits, sample=sample)

    def sign(self, object: Listed) -> str | None:
        """What the list says is all there is."""
        del object
        return None

    def safety(self) -> Iterator[Seen]:
        yield from safety.seen(self._line, self._address)

    def export(self, spot: Spot) -> bytes:
        """Raises NotFound, and Conflict for a whole object larger than may be held."""
        within = holder(spot.object, self._is_there)
        if within is None:
            raise NotFound("There is no such object in the bucket (any more).")
        if not (is_whole(spot) and within == spot.object):
            return exported(spot, within, self._parts)
        try:
            entry = self._entry(within)
            if entry.size > self._limits.held:
                raise Conflict("This object is too large to be handed out at once. Take it from the bucket itself.")
            return io.BufferedReader(Blocks(self._line, entry.key, entry.etag, entry.size), BLOCK).read()
        except NotRead as why:
            raise NotFound("This object cannot be read (any more).") from why

    def exports(self, spots: Sequence[Spot]) -> Iterator[tuple[Spot, bytes | Refusal]]:
        return handed_out(spots, lambda name: holder(name, self._is_there), self._parts, self.export)

    def erase(self, spots: Sequence[Spot]) -> None:
        """With all versions. Raises Conflict, after the whole objects are gone, where a spot is only a part of one."""
        if not self._writable:
            raise NotAllowed("This bucket was opened for reading alone. Open it as writable to let go of what is in it.")
        parts_of = [
            spot for spot in spots if not is_whole(spot) or holder(spot.object, self._is_there) not in {None, spot.object}
        ]
        for spot in spots:
            if spot not in parts_of:
                self._let_go(self._key(spot.object))
        if parts_of:
            raise Conflict(
                f"{len(parts_of)} of {len(spots)} places are parts of objects, and a bucket lets go of whole ones alone."
            )

    def _let_go(self, key: str) -> None:
        self._deleted(self._line.ask("DELETE", key))
        for version in list(self._versions(key) or ()):
            self._deleted(self._line.ask("DELETE", key, {"versionId": version.version or "null"}))

    def _deleted(self, answer: Answer) -> None:
        if answer.status not in {200, 204, 404}:
            raise SourceGone("The bucket does not let go of an object. See to our rights there and to its locks, then try again.")

    def confirm(self, spots: Sequence[Spot]) -> Mapping[Spot, Gone]:
        """Gone only where no version is left. Of a row: gone from the present version, and no other is kept."""
        found: dict[Spot, Gone] = {}
        inside: dict[str, list[Spot]] = {}
        for spot in spots:
            within = holder(spot.object, self._is_there)
            if within is None or is_whole(spot):
                found[spot] = self._look(self._key(within or spot.object.partition(WITHIN)[0]))
            else:
                inside.setdefault(within, []).append(spot)
        for within, asked in inside.items():
            is_alone = self._is_alone(self._key(within))
            for spot, gone in still_there(asked, within, self._parts).items():
                found[spot] = Gone.UNKNOWN if gone is Gone.GONE and not is_alone else gone
        return found

    def _look(self, key: str) -> Gone:
        versions = self._versions(key)
        if self._line.ask("HEAD", key).status == 200 or any(version.etag for version in versions or ()):
            return Gone.THERE
        return Gone.UNKNOWN if versions is None else Gone.GONE

    def _is_alone(self, key: str) -> bool:
        """Whether no older version is kept beside the present one."""
        versions = self._versions(key)
        return versions is not None and len(versions) <= 1

    def _versions(self, key: str) -> list[Entry] | None:
        """None where it does not let them be asked."""
        try:
            return list(self._line.versions(key))
        except SourceGone:
            return None

    def _known(self, object: Listed) -> Entry | None:
        """As it was listed: what has changed since is told when it is read."""
        etag, _, size = (object.fingerprint or "").rpartition("-")
        if not etag or not size.isdecimal():
            return None
        return Entry(key=self._key(object.name), etag=etag, size=int(size), changed_at=None)

    def _is_there(self, name: str) -> bool:
        return self._line.ask("HEAD", self._key(name)).status != 404

    def _parts(self, name: str) -> Iterator[Part | PassedOver]:
        return self.read(Listed(name=name, fingerprint=None, size=None))

    def _entry(self, name: str) -> Entry:
        """As it is now. Raises NotRead."""
        answer = self._line.head(self._key(name))
        if answer is None:
            raise NotRead(Reason.VANISHED)
        return answer

    def _key(self, name: str) -> str:
        return f"{self._address.prefix}{name}"

    def _name(self, key: str) -> str:
        return key.removeprefix(self._address.prefix)

    def close(self) -> None:
        self._line.close()


def open_s3(url: str, *, writable: bool = False, pace: Pace | None = None) -> Bucket:
    """`url` as in `address`. Requests come one at a time, each for a block; a service that is too busy says so, and is asked
    again."""
    del pace
    return Bucket(url, SystemClock(), writable=writable)
