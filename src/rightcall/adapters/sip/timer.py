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


def negotiate(request: Request) -> SessionTimer | None:
    """What we answer to `Session-Expires`; None where it was not offered. Raises `TooShort`, `Malformed`."""
    offered = request.first("session-expires")
    if offered is None:
        return None
    seconds = re.fullmatch(r"[0-9]{1,9}", offered.partition(";")[0].strip(), re.ASCII)
    if seconds is None:
        raise Malformed("Session-Expires is not a number of seconds.")
    if int(seconds[0]) < LEAST_SECONDS:
        raise TooShort(f"Session-Expires must be {LEAST_SECONDS} seconds or more.")
    supported = "timer" in request.tokens("supported") or "timer" in request.tokens("require")
    ours = (parameter(offered, "refresher") or "").lower() == "uas" or not supported
    return SessionTimer(seconds=int(seconds[0]), ours=ours, required=supported and not ours)
