"""Session timers (RFC 4028): noticing that the other side is gone although no BYE came.

Pure. The client refreshes wherever it lets us choose. Where it asks us to refresh, we do.
"""

import re
from dataclasses import dataclass

from rightcall.adapters.sip.message import Request, parameter
from rightcall.errors import Malformed

LEAST_SECONDS = 90


class TooShort(Malformed):
    """422: the interval is below Min-SE."""

    def __init__(self, least_seconds: int) -> None:
        super().__init__(f"Session-Expires must be {least_seconds} seconds or more.")
        self.least_seconds = least_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTimer:
    seconds: int
    ours: bool
    required: bool

    @property
    def header(self) -> str:
        return f"{self.seconds};refresher={'uas' if self.ours else 'uac'}"

    @property
    def expires_after(self) -> float:
        """Seconds after which a session that was not refreshed is over (section 10)."""
        return self.seconds - min(32.0, self.seconds / 3)

    @property
    def refresh_after(self) -> float:
        return self.seconds / 2


def read(said: str | None) -> tuple[int | None, str | None]:
    """Seconds and refresher of a `Session-Expires`; None for what it does not say."""
    if said is None:
        return None, None
    seconds = re.fullmatch(r"[0-9]{1,9}", said.partition(";")[0].strip(), re.ASCII)
    refresher = (parameter(said, "refresher") or "").lower()
    return (int(seconds[0]) if seconds else None), refresher or None


def negotiate(request: Request, least_seconds: int = LEAST_SECONDS) -> SessionTimer | None:
    """What we answer to `Session-Expires`; None where it was not offered. Raises `TooShort`, `Malformed`."""
    offered = request.first("session-expires")
    if offered is None:
        return None
    seconds, refresher = read(offered)
    if seconds is None:
        raise Malformed("Session-Expires is not a number of seconds.")
    if seconds < least_seconds:
        raise TooShort(least_seconds)
    supported = "timer" in request.tokens("supported") or "timer" in request.tokens("require")
    ours = refresher == "uas" or not supported
    return SessionTimer(seconds=seconds, ours=ours, required=supported and not ours)
