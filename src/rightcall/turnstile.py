"""So many at once and no more, for what is asked without a token: one for each way in, in each process.

Each asker has a share, so that one who asks without end shuts out nobody else; four from different networks do, and that is for
what stands in front to see. Who asks is known by a keyed hash of their address
alone, under a key that dies with the process.
"""

import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network

_SHARE = 0.25
_ASKERS = 10_000


@dataclass(slots=True)
class _Bucket:
    """So many a second, with bursts of twice that."""

    rate: float
    level: float
    before: float

    def fill(self, now: float) -> bool:
        """Whether one is to be had."""
        self.level = min(2 * self.rate, self.level + max(0.0, now - self.before) * self.rate)
        self.before = now
        return self.level >= 1.0


class Turnstile:
    """So many a second, with bursts of twice that, of all askers together; of each a quarter."""

    def __init__(self, per_second: float) -> None:
        self._share = per_second * _SHARE
        self._all = _Bucket(per_second, 2 * per_second, time.monotonic())
        self._each: OrderedDict[bytes, _Bucket] = OrderedDict()
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()

    def admits(self, asker: str, now: float) -> bool:
        """Whoever has had their share is refused before anything is taken of everybody's."""
        who = blake2b(asker.encode(), key=self._key, digest_size=16).digest()
        with self._lock:
            own = self._own(who, now)
            if not own.fill(now) or not self._all.fill(now):
                return False
            own.level -= 1.0
            self._all.level -= 1.0
            return True

    def _own(self, who: bytes, now: float) -> _Bucket:
        """Of as many askers as are kept, who came last; whoever was not heard of for longest is new again."""
        own = self._each.setdefault(who, _Bucket(self._share, 2 * self._share, now))
        self._each.move_to_end(who)
        if len(self._each) > _ASKERS:
            self._each.popitem(last=False)
        return own


def asker_of(address: str | None) -> str:
    """What tells askers apart, to limit them: their network address, of IPv6 the network that one line is given. All who come
    through a proxy that does not say for whom it asks, or is not named in `http_proxies`, count as one: else nobody would be
    limited there."""
    try:
        host = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(host, IPv6Address):
        host = host.ipv4_mapped or host
    return str(ip_network((host, 64 if host.version == 6 else 32), strict=False))
