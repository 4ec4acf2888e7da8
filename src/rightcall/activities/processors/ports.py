"""What asking a processor needs from outside: a way to it, and whom to trust about its domain."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from rightcall.activities.processors.model import Address, Download, OrderId, Reply


class Line(Protocol):
    """A way to one processor. Each raises ProcessorGone where it does not answer; what it answers is not read."""

    @property
    def host(self) -> str: ...

    def discovery(self) -> bytes: ...

    def certificate(self, url: str) -> bytes: ...

    def ask(self, body: bytes) -> Reply:
        """Asked twice with the same id, a processor has one request."""
        ...

    def status(self, order: OrderId) -> Reply: ...

    def download(self, url: str) -> AbstractContextManager[Download]:
        """The copy that lies there. CopyRefused where that is not where the processor is, or it is not handed out."""
        ...

    def close(self) -> None: ...


class Dial(Protocol):
    def __call__(self, address: Address, /) -> Line:
        """Malformed where such an address is not taken."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """`roots`: PEM. `public_url`: where processors reach our API; None: they are asked, and call nobody back."""

    dial: Dial
    roots: bytes = field(repr=False)
    public_url: str | None

    def callback_url(self, controller: object) -> str | None:
        return None if self.public_url is None else f"{self.public_url.rstrip('/')}/api/v1/opendsr/callbacks/{controller}"
