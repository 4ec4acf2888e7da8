"""The media process's watch: lives as long as the process, reads once a second what has changed, and closes every gate when the
database has not been heard for two seconds. Intervals are monotonic; a stepped clock moves none of them."""

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor

from rightcall.adapters.rtp.receiver import Receiver
from rightcall.errors import RightcallError
from rightcall.recorder.media_desk import Desk
from rightcall.recorder.media_figures import MediaFigures
from rightcall.recorder.media_ports import Decisions
from rightcall.recorder.media_takes import Finisher
from rightcall.recordings.model import Changed

_log = logging.getLogger(__name__)
DATABASE_SILENT_SECONDS = 2.0
_STEP_SECONDS = 0.25
_EVERY_SECONDS = 1.0


class Watch:
    def __init__(
        self,
        desk: Desk,
        decisions: Decisions,
        receiver: Receiver,
        finisher: Finisher,
        figures: MediaFigures,
        address: str,
    ) -> None:
        self._desk, self._decisions, self._receiver = desk, decisions, receiver
        self._finisher, self._figures, self._address = finisher, figures, address
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="watch")
        self._heard_at = time.monotonic()

    async def run(self) -> None:
        """Until it is cancelled."""
        asking: asyncio.Future[list[Changed]] | None = None
        ask_at = tick_at = 0.0
        while True:
            now = time.monotonic()
            if asking is not None and asking.done():
                self._harvest(asking)
                asking = None
            if asking is None and now >= ask_at:
                ask_at = now + _EVERY_SECONDS
                asking = asyncio.get_running_loop().run_in_executor(self._thread, self._decisions.beat, self._address)
            if now - self._heard_at > DATABASE_SILENT_SECONDS and self._desk.database_answers:
                _log.error("the database does not answer: every gate is closed until it does")
                self._desk.database_is_silent()
            if now >= tick_at:
                tick_at = now + _EVERY_SECONDS
                self._tick()
            await asyncio.sleep(_STEP_SECONDS)

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _harvest(self, asking: "asyncio.Future[list[Changed]]") -> None:
        error = asking.exception()
        if isinstance(error, RightcallError):
            _log.warning("the database could not be asked what has changed", extra={"reason": str(error)})
            return
        if error is not None:
            _log.critical("asking what has changed failed in a way that nobody expected", exc_info=error)
            return
        self._heard_at = time.monotonic()
        if not self._desk.database_answers:
            _log.warning("the database answers again: every call is decided anew")
            self._desk.database_is_heard()
        self._desk.catch_up(asking.result())

    def _tick(self) -> None:
        for stream in self._receiver.tick():
            _log.info("a stream has become silent", extra={"stream": stream})
        self._desk.expire_questions()
        self._desk.tell_again()
        lines = self._receiver.streams.values()
        opened = sum(line.take is not None for line in lines)
        self._figures.streams.labels("open").set(opened)
        self._figures.streams.labels("closed").set(len(lines) - opened)
        self._figures.waiting.set(self._finisher.waiting)
        self._figures.silent.set(len(self._desk.silent(self._receiver.silent_after_seconds)))
        for line in lines:
            for reason, count in line.refused_anew():
                self._figures.refused.labels(reason.value).inc(count)
