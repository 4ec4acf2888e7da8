"""Waiting on a machine that has other things to do, and saying so. The house's own times stay as short as ever: what is not
confirmed within them is closed, and is asked again from here."""

import os
import time
from collections.abc import Callable

from rightcall.demo.show import Show
from rightcall.errors import Outage

PATIENCE_SECONDS = 90.0
_SAID_AFTER_SECONDS = 3.0
_STEP_SECONDS = 0.1
_AGAIN_SECONDS = 0.5
_MOST_WAITING = 1.5
"""For each processor, of what runs or waits to, over the last minute. A machine that has no more keeps up with a call."""


class TooBusy(Outage):
    """What was to be shown did not come in time, and this machine is why. Nothing is claimed of it, neither that it is so nor
    that it is not."""


class Patience:
    def __init__(self, show: Show) -> None:
        self._show = show
        self._said = ""

    def until(self, is_so: Callable[[], bool], what: str) -> bool:
        """Whether it became so. `what` is waited for, as it is said."""
        began = time.monotonic()
        while not is_so():
            waited = time.monotonic() - began
            if waited > PATIENCE_SECONDS:
                return False
            self._say(f"waiting for {what}", waited)
            time.sleep(_STEP_SECONDS)
        return True

    def stop_if_busy(self) -> None:
        """TooBusy where this machine has more to do than it can; what did not come on one that is not busy is not so."""
        waiting = os.getloadavg()[0] / len(os.sched_getaffinity(0))
        if waiting > _MOST_WAITING:
            raise TooBusy(
                f"This machine is too busy to hold a call in real time: over the last minute {waiting:.1f} programs wanted each"
                " of its processors. Run it again when less runs."
            )

    def again(self, matter: str, waited: float) -> bool:
        """Whether to ask once more, after a moment. Something has been away for `waited` seconds."""
        if waited > PATIENCE_SECONDS:
            return False
        self._say(f"{matter.rstrip('.')}. It is asked again", waited)
        time.sleep(_AGAIN_SECONDS)
        return True

    def _say(self, sentence: str, waited: float) -> None:
        """Once, and not of what takes a moment on any machine."""
        if waited < _SAID_AFTER_SECONDS:
            self._said = ""
        elif sentence != self._said:
            self._said = sentence
            self._show.wait(f"This machine is busy: {sentence}.")
