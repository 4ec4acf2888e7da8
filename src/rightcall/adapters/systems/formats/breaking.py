"""What was read before something broke is given out all the same; then it is told."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rightcall.discovery.model import NotRead, Reason

_T = TypeVar("_T")


class Break:
    """Where one series of rows, records or pieces breaks off."""

    def __init__(self) -> None:
        self.why: NotRead | None = None

    def before(self, items: Iterable[_T]) -> Iterator[_T]:
        """As far as they go, whatever then keeps them from going on."""
        try:
            yield from items
        except NotRead as why:
            self.why = why

    def tell(self) -> None:
        """Raises NotRead where it broke off."""
        if self.why is not None:
            raise self.why

    @property
    def is_of_all(self) -> bool:
        """Whether nothing more of the object may be read."""
        return self.why is not None and self.why.reason is Reason.BOMB
