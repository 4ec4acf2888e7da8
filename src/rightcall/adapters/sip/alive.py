"""Is the other side still there? Session timers (RFC 4028) and OPTIONS within the dialog (RFC 5057) say so.

A client that answers no request of ours may simply take none; that alone ends no call. Nor does one answer that a proxy between
may have given in its stead. Together with silence where there should be sound, each does.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Protocol

from rightcall.adapters.sip.message import Response
from rightcall.adapters.sip.ports import Why
from rightcall.adapters.sip.stack import Headers
from rightcall.adapters.sip.timer import SessionTimer, read

_LOST = (408, 481)
_FROM_THE_WAY = (404, 410, 430, 477, 478, 480, 500, 502, 503, 504, 604)
_TAKES_NO_UPDATE = (405, 501)
_MOST_MISSED = 3
_AGAIN_SECONDS = 5.0
Answered = Callable[[int, Response | None], None]


class Talk(Protocol):
    """What is needed of the session."""

    @property
    def confirmed(self) -> bool: ...
    def send(self, method: str, headers: Headers, body: bytes | None, then: Answered) -> None: ...
    def restate(self, then: Answered) -> None:
        """A re-INVITE that says what was agreed last."""
        ...

    def alarm(self, name: str, seconds: float, deed: Callable[[], None]) -> None: ...
    def disarm(self, name: str) -> None: ...
    def end(self, why: Why, *, bye: bool) -> None: ...


class Alive:
    """`heard`: it has answered a request of ours. `deaf`: it takes none, so it is offered nothing."""

    def __init__(self, talk: Talk, *, contact: str, every_seconds: float, takes_updates: bool) -> None:
        self._talk = talk
        self._contact = contact
        self._every = every_seconds
        self._takes_updates = takes_updates
        self._missed = 0
        self._suspected = self._answers_when_asked = False
        self._worth_asking = True
        self.timer: SessionTimer | None = None
        self.heard = self.deaf = False

    # -- the session timer

    def refreshed(self, timer: SessionTimer | None) -> None:
        """A request of theirs was answered with 2xx, and `timer` agreed to in it where there is one."""
        self.timer = timer or self.timer
        self._wait_for_refresh()

    def agreed(self, answer: Response) -> None:
        """A 2xx to a request of ours that carried `headers`. Who says nothing of the timer keeps none (section 7.2)."""
        self._sign_of_life()
        if self.timer is None:
            return
        seconds, refresher = read(answer.first("session-expires"))
        if seconds is not None:
            self.timer = replace(self.timer, seconds=seconds, ours=self.timer.ours if refresher is None else refresher == "uac")
        elif not self.timer.ours:
            self.timer = None
            self._talk.disarm("expiry")
        self._wait_for_refresh()

    def headers(self) -> Headers:
        """Of an INVITE or UPDATE of ours: without them the timer would be off (section 7.4)."""
        if self.timer is None:
            return [("Contact", self._contact)]
        said = f"{self.timer.seconds};refresher={'uac' if self.timer.ours else 'uas'}"
        return [("Contact", self._contact), ("Supported", "timer"), ("Session-Expires", said)]

    def _wait_for_refresh(self) -> None:
        if self.timer is None:
            return
        if self.timer.ours:
            self._talk.alarm("refresh", self.timer.refresh_after, self._refresh)
        else:
            self._talk.disarm("refresh")
        self._talk.alarm("expiry", self.timer.expires_after, partial(self._talk.end, Why.TIMER, bye=True))

    def _refresh(self) -> None:
        if not self._talk.confirmed:
            self._talk.alarm("refresh", _AGAIN_SECONDS, self._refresh)
        elif self._takes_updates:
            self._talk.send("UPDATE", self.headers(), None, self._refresh_answered)
        else:
            self._talk.restate(self._refresh_answered)

    def _refresh_answered(self, code: int, answer: Response | None) -> None:
        if not self._talk.confirmed:
            return
        if 200 <= code < 300 and answer is not None:
            self.agreed(answer)
        elif code in _TAKES_NO_UPDATE and self._takes_updates:
            self._takes_updates = False
            self._refresh()
        elif code in _LOST and self.heard:
            self._talk.end(Why.UNREACHABLE, bye=True)
        else:
            self._talk.alarm("refresh", _AGAIN_SECONDS, self._refresh)

    # -- asking

    def ask(self) -> None:
        """From now on, every so often."""
        self._talk.alarm("probe", self._every, self._probe)

    def suspect(self) -> None:
        """No sound comes where some should. It is asked at once; who never answers when asked is gone."""
        if not self._worth_asking:
            self._talk.end(Why.UNREACHABLE, bye=True)
        else:
            self._suspected = True
            self._talk.alarm("probe", 0.0, self._probe)

    def refused(self) -> None:
        """An offer of ours got no yes."""
        if not self.heard:
            self.deaf, self._worth_asking = True, False

    def _probe(self) -> None:
        if self._talk.confirmed and self._worth_asking:
            self._talk.send("OPTIONS", [("Accept", "application/sdp")], None, self._probed)

    def _probed(self, code: int, _: Response | None) -> None:
        if not self._talk.confirmed:
            return
        if code not in _LOST and code not in _FROM_THE_WAY:
            self._answers_when_asked = True
            self._sign_of_life()
        else:
            self._missed += 1
            enough = code in _LOST or self._missed >= _MOST_MISSED
            if self._suspected or (enough and self._answers_when_asked):
                self._talk.end(Why.UNREACHABLE, bye=code != 481)
                return
            self._worth_asking = not enough
            self.deaf = enough and not self.heard
        self.ask()

    def _sign_of_life(self) -> None:
        self.heard, self._missed, self._suspected = True, 0, False
