"""A customer at the telephone: rings when somebody at the demo's page says so, talks, presses keys, and hangs up. A real call, as
those of the story are, so that there is one to look at from the desk."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from rightcall.errors import Outage
from rightcall.testcall.call import OutgoingCall
from rightcall.testcall.model import Leg, Person

_LONGEST_SECONDS = 600.0
_SPELL_SECONDS = 5.0


@dataclass(slots=True, kw_only=True)
class Ringing:
    """One call at a time. `told`: what became of the last attempt, for the page."""

    sip: tuple[str, int]
    caller: Person
    agent: Person
    sound: Sequence[bytes]
    told: str = ""
    _call: OutgoingCall | None = None
    _over: threading.Event = field(default_factory=threading.Event)
    _talking: threading.Thread | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_on(self) -> bool:
        return self._call is not None

    def ring(self) -> None:
        with self._lock:
            if self._call is not None:
                return
            call = OutgoingCall(self.sip, (Leg(label="1", person=self.caller), Leg(label="2", person=self.agent)))
            try:
                call.place()
            except Outage as error:
                self.told = str(error)
                return
            self._call, self.told = call, ""
            self._over.clear()
            self._talking = threading.Thread(target=self._talk, args=(call,))
            self._talking.start()

    def press(self, digit: str) -> None:
        with self._lock:
            if self._call is not None:
                self._call.key("caller", digit)

    def hang_up(self) -> None:
        """Nothing where nobody is on the line."""
        self._over.set()
        if self._talking is not None:
            self._talking.join()

    def _talk(self, call: OutgoingCall) -> None:
        """The same words again, with a rest between, until somebody hangs up."""
        for _ in range(int(_LONGEST_SECONDS / _SPELL_SECONDS)):
            if self._over.wait(_SPELL_SECONDS):
                break
            call.let_them_finish()
            call.say("caller", self.sound)
        with self._lock:
            self._call = None
            try:
                call.hang_up()
            except Outage as error:
                self.told = str(error)
