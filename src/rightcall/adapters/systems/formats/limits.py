"""How far reading may go: what one object may cost, in bytes out of archives and bytes in memory."""

from dataclasses import dataclass

from rightcall.discovery.model import NotRead, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`largest`: bytes of an object. `held`: bytes of content in memory at once, for formats that are not read forward.
    `unpacked`: bytes that come out of one object, and `ratio` so many times
    what went in, of the object and of each thing packed in it (once more than `swollen` came out). `depth`:
    objects in objects. `members`: of an archive or a message. `cell`: characters of a cell or record. `pages`: of a document,
    and `seconds` that it may take. `nesting`: levels of what is nested."""

    largest: int = 4 << 30
    held: int = 64 << 20
    unpacked: int = 8 << 30
    ratio: int = 250
    swollen: int = 8 << 20
    depth: int = 6
    members: int = 100_000
    cell: int = 1 << 20
    columns: int = 2048
    pages: int = 20_000
    nesting: int = 200
    seconds: int = 300

    def is_bomb(self, unpacked: int, packed: int) -> bool:
        return unpacked > self.swollen and unpacked > self.ratio * packed


@dataclass(slots=True, kw_only=True)
class Spent:
    """What one object of a source has cost so far, whatever lies in it."""

    limits: Limits
    packed: int
    unpacked: int = 0
    held: int = 0

    def unpack(self, amount: int) -> None:
        """Raises NotRead."""
        self.unpacked += amount
        if self.limits.is_bomb(self.unpacked, self.packed) or self.unpacked > self.limits.unpacked:
            raise NotRead(Reason.BOMB)

    def hold(self, amount: int) -> None:
        """Raises NotRead."""
        self.held += amount
        if self.held > self.limits.held:
            raise NotRead(Reason.TOO_LARGE)
