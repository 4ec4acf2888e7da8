"""What somebody wrote into a form, before it is read: kept as it was sent, so that it stands there again where something has
to be mended. What is amiss is said at the field that it is in."""

from collections.abc import Callable
from typing import TypeVar

from rightcall.errors import Mistake

T = TypeVar("T")


class Wrongs(dict[str, str]):
    """By the name of a field what is amiss there, and what to do."""

    def reading(self, field: str, read: Callable[[], T]) -> T | None:
        """What `read` gives; where it says no, None, and why stands at `field`. What was said there before stays."""
        try:
            return read()
        except Mistake as error:
            self.setdefault(field, str(error))
            return None


def lines(text: str) -> str:
    """As everything but a form writes its lines (a form ends each by two signs, HTML 4.10.21)."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
