"""What the vault needs from the outside world: a key service that can wrap, and can truly destroy."""

from typing import Protocol

from rightcall.vault.model import Dark


class KeyService(Protocol):
    """Holds the epoch keys. Callers see names, never the keys.

    `context` is authenticated with the secret: a blob opens only with the context it was wrapped with.
    Every method raises `KeysGone` while the service cannot be reached; nothing has changed then, and the call may be repeated.
    """

    def create(self, family: str) -> str:
        """Make a new 256-bit key and give its name, which starts with `family` and a dot. Durable on return."""
        ...

    def names(self, family: str) -> list[str]:
        """All keys of a family that exist."""
        ...

    def wrap(self, key: str, secret: bytes, context: bytes) -> bytes:
        """`secret` under `key`. `KeysGone` where the key does not exist."""
        ...

    def unwrap(self, key: str, blob: bytes, context: bytes) -> bytes | Dark:
        """The secret; `Dark(EPOCH_GONE)` where the key does not exist; `Tampered` where blob or context is not the right one."""
        ...

    def destroy(self, key: str) -> None:
        """Returns when the key is confirmed gone, also where it never was. Raises `KeysGone` otherwise: never silent."""
        ...
