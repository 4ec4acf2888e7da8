"""What signing in by OpenID Connect needs from outside: the provider."""

from typing import Protocol

from rightcall.staff.openid.model import Identity


class Provider(Protocol):
    """IdentityGone where it is away, NotSignedIn where what it says does not hold."""

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where the browser goes to sign in, and what it takes along."""
        ...

    def sign_out_address(self, *, back: str) -> str | None:
        """Where the browser goes to sign out there too, and comes `back` from; None where the provider offers no such thing."""
        ...

    def identity(self, *, code: str, nonce: str, verifier: str) -> Identity:
        """Who came back with this code. It can be asked once."""
        ...
