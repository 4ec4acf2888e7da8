"""What the data map needs from the outside world: a place for sealed bytes. Nothing in the clear ever goes there."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from rightcall.ids import HoldingId


class Objects(Protocol):
    """A store of whole objects under keys such as `<controller>/<holding>`. Every method raises ObjectsGone on an outage."""

    def put_file(self, key: str, path: Path) -> None:
        """Durable when it returns. Idempotent: the same key takes the newer file."""
        ...

    def get_range(self, key: str, start: int, length: int) -> bytes:
        """Exactly `length` bytes, fewer only where the object ends. NotFound where there is no such object."""
        ...

    def size(self, key: str) -> int:
        """Bytes. NotFound where there is no such object."""
        ...

    def delete(self, key: str) -> None:
        """Returns only when the store has confirmed that the object is gone. Deleting what is not there is confirmed too."""
        ...

    def delete_all(self, keys: Sequence[str]) -> Sequence[str]:
        """The same for many: those that the store has confirmed as gone. The rest may be there still."""
        ...

    def delete_together(self, places: Mapping[str, Collection[HoldingId]]) -> Sequence[HoldingId]:
        """The same for what lies together, under keys that begin with its place and end with its id: a day has a million."""
        ...

    def list(self, prefix: str) -> Iterator[str]:
        """The keys that begin with `prefix`, in no particular order."""
        ...
