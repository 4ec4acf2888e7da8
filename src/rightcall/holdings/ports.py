"""What the data map needs from the outside world: a place for sealed bytes. Nothing in the clear ever goes there."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol


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

    def list(self, prefix: str) -> Iterator[str]:
        """The keys that begin with `prefix`, in no particular order."""
        ...
