"""Where browsers reach us, as a passkey is bound to it: known, and refused, before anybody signs in."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from rightcall.errors import NotConfigured


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    host: str
    url: str


def origin_of(url: str) -> Origin:
    """A passkey is bound to the host, so it cannot be a bare address."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not host or (parts.scheme != "https" and host != "localhost"):
        raise NotConfigured("RIGHTCALL_PUBLIC_URL has to be https://HOST, or http://localhost:PORT on this machine alone.")
    return Origin(host=host, url=f"{parts.scheme}://{parts.netloc}")
