"""What each kind of database gives; `system` makes a `discovery.ports.System` of it.

No method raises the database's own errors: their texts quote values. They raise SourceGone, NotRead, TooSlow or Altered where
reading, and Conflict or NotAllowed where changing, and keep no chain to the error that they stand for.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from rightcall.adapters.systems.tables.model import Batch, Change, Column, Place, Table
from rightcall.discovery.model import PassedOver
from rightcall.discovery.ports import Seen


class Source(Protocol):
    def tables(self) -> Iterator[Table | PassedOver]:
        """All but the database's own, in the order of their names."""
        ...

    def table(self, name: str) -> Table | None:
        """As it is now; None where there is none by that name, or none that may be seen."""
        ...

    def batch(self, table: Table, columns: Sequence[Column], *, after: Place | None, most: int, most_bytes: int) -> Batch:
        """Rows that come after a place, in the order of their keys: `most` of them or a few more than `most_bytes` together."""
        ...

    def these(self, table: Table, columns: Sequence[Column], places: Sequence[Place]) -> Batch:
        """The rows at these places that are still there."""
        ...

    def pieces(self, table: Table, column: Column, place: Place) -> Iterator[tuple[str, int]]:
        """A cell from its beginning, piece by piece, each with how many bytes come after it there. What changes meanwhile is told
        as it is then."""
        ...

    def whole(self, table: Table, key: str) -> Mapping[str, str | bytes | None] | None:
        """One row with all its columns, nothing cut; None where it is not there."""
        ...

    def wholes(self, table: Table, keys: Sequence[str]) -> Mapping[str, Mapping[str, str | bytes | None]]:
        """The same of many, by their keys, with one question. A row may be missing here that `whole` finds, where the database
        writes its key otherwise than it was asked."""
        ...

    def digest(self, table: Table) -> str | None:
        """Of all its rows and keys as they are read, made by the database itself; None where it can make none."""
        ...

    def change(self, changes: Sequence[Change]) -> None:
        """All of them or none, in one transaction; done when it returns. A row that is not there needs no change."""
        ...

    def safety(self) -> Iterator[Seen]: ...

    def close(self) -> None: ...
