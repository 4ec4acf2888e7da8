"""What passkeys need from outside: somebody who speaks WebAuthn, for the one address that this deployment is reached at."""

from collections.abc import Sequence
from typing import Protocol

from rightcall.personal import Personal
from rightcall.staff.passkeys.model import Credential


class Authenticators(Protocol):
    """Options and answers are JSON, as browsers read and write it. Whatever does not hold is NotSignedIn, and says what to do."""

    def options_to_add(self, *, handle: bytes, name: Personal[str], challenge: bytes, known: Sequence[bytes]) -> str:
        """`handle`: what the device keeps the member by. `known`: credentials that they have already."""
        ...

    def added(self, answer: str, challenge: bytes) -> Credential:
        """A credential whose device verified its user, for this challenge at our own address."""
        ...

    def options_to_sign_in(self, challenge: bytes) -> str:
        """For whatever passkey the browser has: no name is asked for, so none can be tried."""
        ...

    def credential_of(self, answer: str) -> bytes:
        """Which credential claims to answer. Nothing is proved by it."""
        ...

    def signed(self, answer: str, challenge: bytes, credential: Credential) -> int:
        """The new sign count, once the signature holds and the device verified its user."""
        ...
