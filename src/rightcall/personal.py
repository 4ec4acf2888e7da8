"""A value about a person, masked wherever it could leak: `str`, `repr`, formatting, logging, pickling."""

import logging
from typing import Generic, NoReturn, TypeVar

T = TypeVar("T")
MASK = "▒▒▒"
_log = logging.getLogger(__name__)


class Personal(Generic[T]):
    """Wraps a value about a person. `reveal` is the only way out, and says why in the log."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self, purpose: str) -> T:
        """The bare value. `purpose` is a short constant phrase from the code, e.g. "seal identifier"."""
        _log.debug("personal value revealed", extra={"purpose": purpose})
        return self._value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Personal) and bool(self._value == other._value)

    def __hash__(self) -> int:
        return hash((Personal, self._value))

    def __repr__(self) -> str:
        return f"Personal({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return MASK

    def __reduce__(self) -> NoReturn:
        raise TypeError("A personal value is never pickled: pass its id.")
