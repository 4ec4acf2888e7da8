"""A key service that fails when it is told to, before it has done what was asked or after."""

from collections.abc import Callable
from typing import TypeVar

from rightcall.errors import KeysGone
from rightcall.vault.model import Dark
from rightcall.vault.ports import KeyService

T = TypeVar("T")


class FailingKeys:
    """Implements `vault.ports.KeyService` over a real one."""

    def __init__(self, real: KeyService) -> None:
        self._real = real
        self.fails_before = False
        self.fails_after = False

    def create(self, family: str) -> str:
        return self._attempt(lambda: self._real.create(family))

    def names(self, family: str) -> list[str]:
        return self._attempt(lambda: self._real.names(family))

    def wrap(self, key: str, secret: bytes, context: bytes) -> bytes:
        return self._attempt(lambda: self._real.wrap(key, secret, context))

    def unwrap(self, key: str, blob: bytes, context: bytes) -> bytes | Dark:
        return self._attempt(lambda: self._real.unwrap(key, blob, context))

    def destroy(self, key: str) -> None:
        self._attempt(lambda: self._real.destroy(key))

    def _attempt(self, deed: Callable[[], T]) -> T:
        if self.fails_before:
            raise KeysGone("The key service cannot be reached. Try again.")
        result = deed()
        if self.fails_after:
            raise KeysGone("The key service did not answer. Try again.")
        return result
