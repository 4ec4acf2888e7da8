"""What the ledger needs from the outside world: somebody who signs."""

from typing import Protocol


class Signer(Protocol):
    """An Ed25519 key under a name (C2SP signed-note). The secret may live in a device; `sign` raises KeysGone if it is away."""

    @property
    def name(self) -> str:
        """The key's name, as a rule the ledger's origin; no spaces, no plus."""
        ...

    @property
    def public_key(self) -> bytes:
        """32 bytes (RFC 8032)."""
        ...

    def sign(self, message: bytes) -> bytes:
        """64 bytes (RFC 8032). Deterministic: the same message gives the same signature."""
        ...
