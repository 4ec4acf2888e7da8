"""Keys on their way from a party to the consent room: heard, noted on this disk, reported in order, and only then forgotten.

A key that cannot be reported may be a no. It is obeyed at once: the gates of its call close, and nothing opens before the house
has written down what the key means. So neither a killed process nor a database that is away loses a no, and a yes opens nothing
before it is written down.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from functools import partial
from typing import Any

from rightcall.clock import Clock
from rightcall.errors import Mistake, NotConfigured
from rightcall.ids import CallId, new_id
from rightcall.recorder.media_calls import Gatekeeper, MediaCall, MediaStream
from rightcall.recorder.media_journal import KeyJournal, NotedKey
from rightcall.recorder.media_ports import Decisions, Pressed

_log = logging.getLogger(__name__)


class Keypad:
    """Lives on the loop. `run` does a deed in a thread, `spawn` work beside others; `told` is called once a call's keys are
    known.

    `waiting`: the calls with keys that are not reported, of this process and of a killed one before it."""

    def __init__(
        self,
        decisions: Decisions,
        gates: Gatekeeper,
        journal: KeyJournal,
        clock: Clock,
        *,
        patience_seconds: float,
        run: Callable[[Callable[[], None]], Awaitable[None]],
        spawn: Callable[[Coroutine[Any, Any, None]], "asyncio.Task[None]"],
        told: Callable[[MediaCall], Awaitable[None]],
    ) -> None:
        self.waiting: dict[CallId, MediaCall] = {}
        self._decisions, self._gates, self._journal, self._clock = decisions, gates, journal, clock
        self._patience, self._run, self._spawn, self._told = patience_seconds, run, spawn, told
        self._shut_at: dict[CallId, datetime] = {}
        for noted in journal.left():
            media = MediaCall(controller=noted.controller, call=noted.call, key_waits=True)
            self.waiting.setdefault(noted.call, media).keys.append(noted.key)
        if self.waiting:
            _log.warning("keys of a killed process are reported", extra={"calls": len(self.waiting)})

    def heard(self, media: MediaCall, stream: MediaStream, digit: str) -> None:
        """A key of a party who was asked. One that means nothing is noted nowhere; one that answers a question does so once."""
        at, pending = self._clock.now(), stream.pending
        left = None if pending is None else pending.after(digit, at)
        if pending is None or left is None:
            return
        stream.pending = left
        key = Pressed(id=new_id(), party=pending.party, digit=digit, at=at)
        media.keys.append(key)
        self.waiting[media.call] = media
        try:
            self._journal.note(NotedKey(controller=media.controller, call=media.call, key=key))
        except OSError:
            _log.exception("a key cannot be noted on this disk", extra={"call": media.call})
            self._shut(media)
        self._spawn(self._press(media))

    def tell_again(self) -> None:
        """Keys that could not be reported, of calls that go on and of calls that are over: a no counts after the call too."""
        for media in list(self.waiting.values()):
            if not media.telling:
                self._spawn(self._press(media))

    async def _press(self, media: MediaCall) -> None:
        if media.telling:
            return
        media.telling = True
        done, _ = await asyncio.wait({self._spawn(self._tell(media))}, timeout=self._patience)
        if not done:
            self._shut(media)

    async def _tell(self, media: MediaCall) -> None:
        """Whatever keeps a key from being reported, the gates close with it."""
        try:
            while media.keys:
                await self._run(partial(self._report, media, media.keys[0]))
                media.keys.pop(0)
            media.key_waits = False
            self.waiting.pop(media.call, None)
            self._shut_at.pop(media.call, None)
        finally:
            media.telling = False
            if media.keys:
                self._shut(media)
        await self._told(media)

    def _shut(self, media: MediaCall) -> None:
        self._shut_at.setdefault(media.call, self._clock.now())
        self._gates.key_waits(media)

    def _report(self, media: MediaCall, key: Pressed) -> None:
        """In a thread. A key that the house refuses has no meaning; one that it cannot weigh for want of a setting waits."""
        try:
            self._journal.safe(key)
        except OSError as error:
            _log.warning("the note of a key may not outlive a power loss", extra={"call": media.call, "reason": str(error)})
        try:
            self._decisions.press(media.controller, media.call, key, shut_at=partial(self._shut_at.get, media.call))
        except NotConfigured:
            raise
        except Mistake as error:
            _log.warning("a key has no meaning any more", extra={"call": media.call, "reason": str(error)})
        self._forget(media, key)

    def _forget(self, media: MediaCall, key: Pressed) -> None:
        """Where the disk fails, the next start tells of the key again, and it has no meaning any more."""
        try:
            self._journal.forget(key)
        except OSError as error:
            _log.warning("the note of a key cannot be deleted", extra={"call": media.call, "reason": str(error)})
