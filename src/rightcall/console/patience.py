"""How often one address, of IPv6 one network, may try to sign in. What is counted is a keyed hash of it, under a key that dies
with the process: nothing of it is written anywhere. A machine in front of us that sends everybody's requests is one address, so
the limit is wide."""

import secrets
import threading
import time
from collections import OrderedDict, deque

from fastapi import Request

from rightcall.design.tongues import marked
from rightcall.design.wrong import TooMany
from rightcall.turnstile import asker_of
from rightcall.vault.wrapping import keyed_hash

MOST = 60
_SECONDS = 600.0
_ADDRESSES = 10_000
TOO_OFTEN = marked("From where you are, signing in was tried too often. Wait ten minutes, then try again.")


class Patience:
    """One for each process."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._tries: OrderedDict[bytes, deque[float]] = OrderedDict()

    def has_for(self, asker: str, now: float) -> bool:
        """Whether this asker tries for less than the `MOST + 1`st time in ten minutes. Each time counts."""
        who = keyed_hash(self._key, asker.encode())
        with self._lock:
            tries = self._tries.setdefault(who, deque(maxlen=MOST))
            self._tries.move_to_end(who)
            if len(self._tries) > _ADDRESSES:
                self._tries.popitem(last=False)
            is_too_many = len(tries) == MOST and now - tries[0] < _SECONDS
            if not is_too_many:
                tries.append(now)
            return not is_too_many


def patient(request: Request) -> None:
    """The dependency of every route that lets somebody in."""
    patience: Patience = request.state.patience
    asker = asker_of(request.client.host if request.client else None)
    if not patience.has_for(asker, time.monotonic()):
        raise TooMany(TOO_OFTEN)
