"""Somebody who speaks WebAuthn, without a device: an answer is the challenge that it was made for, and who answers."""

from collections.abc import Sequence

from rightcall.errors import NotSignedIn
from rightcall.personal import Personal
from rightcall.staff.passkeys.model import Credential


class FakeAuthenticators:
    """Implements `staff.passkeys.ports.Authenticators`. An answer: `CREDENTIAL CHALLENGE COUNT`, in hexadecimal."""

    def options_to_add(self, *, handle: bytes, name: Personal[str], challenge: bytes, known: Sequence[bytes]) -> str:
        return f"{handle.hex()} {challenge.hex()} {[each.hex() for each in known]}"

    def added(self, answer: str, challenge: bytes) -> Credential:
        return Credential(id=self.credential_of(answer), public_key=b"key", sign_count=self._count(answer, challenge))

    def options_to_sign_in(self, challenge: bytes) -> str:
        return challenge.hex()

    def credential_of(self, answer: str) -> bytes:
        return bytes.fromhex(answer.split()[0])

    def signed(self, answer: str, challenge: bytes, credential: Credential) -> int:
        count = self._count(answer, challenge)
        if count <= credential.sign_count:
            raise NotSignedIn("The device counted backwards.")
        return count

    def _count(self, answer: str, challenge: bytes) -> int:
        _, answered, count = answer.split()
        if answered != challenge.hex():
            raise NotSignedIn("This answers something else.")
        return int(count, 16)
