"""What the house is known to hold of one call.

A change whose answer was lost may have been done all the same, so after it nobody knows, and the next word of the other side's is
put to the house again, even where it says nothing new.
"""

from rightcall.adapters.sip.incoming import Known


class Submitted:
    """Changes are asked for in order and answered in order; only the answer to the last one says what is held."""

    __slots__ = ("_answered", "_asked", "_held")

    def __init__(self) -> None:
        self._asked = self._answered = 0
        self._held: Known | None = None

    def begun(self, known: Known) -> None:
        """The call was taken, with that."""
        self._held = known

    def asked(self) -> int:
        """A change is put to the house: until it has agreed, it may hold the old or the new. Returns the change's number."""
        self._asked += 1
        self._held = None
        return self._asked

    def answered(self, number: int, known: Known | None) -> None:
        """`known` is what the house agreed to; None where it refused, failed, or its answer was lost."""
        self._answered = number
        if number == self._asked:
            self._held = known

    @property
    def under_way(self) -> bool:
        return self._answered < self._asked

    def holds(self, known: Known) -> bool:
        return self._held is not None and self._held == known
