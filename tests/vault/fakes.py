"""A key service that fails when told to: before it did what it was asked, or after."""

from rightcall.errors import KeysGone
from rightcall.vault.model import Dark
from rightcall.vault.ports import KeyService


class Killed(Exception):
    """The process ended here."""


class Brittle:
    """Passes everything on to `real`. The call numbered `fails_at` (from 1) fails; `persisted` says whether it was done first."""

    def __init__(self, real: KeyService) -> None:
        self.real = real
        self.calls = 0
        self.fails_at: int | None = None
        self.persisted = False
        self.error: type[Exception] = Killed
        self.confirms = True

    def _before(self) -> None:
        self.calls += 1
        if self.calls == self.fails_at and not self.persisted:
            raise self.error

    def _after(self) -> None:
        if self.calls == self.fails_at and self.persisted:
            raise self.error

    def create(self, family: str) -> str:
        self._before()
        name = self.real.create(family)
        self._after()
        return name

    def names(self, family: str) -> list[str]:
        return self.real.names(family)

    def wrap(self, key: str, secret: bytes, context: bytes) -> bytes:
        self._before()
        blob = self.real.wrap(key, secret, context)
        self._after()
        return blob

    def unwrap(self, key: str, blob: bytes, context: bytes) -> bytes | Dark:
        self._before()
        secret = self.real.unwrap(key, blob, context)
        self._after()
        return secret

    def destroy(self, key: str) -> None:
        self._before()
        if not self.confirms:
            raise KeysGone("The key is still there.")
        self.real.destroy(key)
        self._after()
