"""The media process's watch: lives as long as the process, reads once a second what has changed, and closes every gate when the
database has not been heard for two seconds. Intervals are monotonic; a stepped clock moves none of them."""

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from rightcall.adapters.rtp.receiver import Receiver
from rightcall.adapters.rtp.spool import Spool
from rightcall.errors import RightcallError
from rightcall.recorder.media_desk import Desk
from rightcall.recorder.media_figures import MediaFigures
from rightcall.recorder.media_ports import Decisions
from rightcall.recorder.media_takes import Finisher
from rightcall.recordings.model import Changed, Unfinished

_log = logging.getLogger(__name__)
DATABASE_SILENT_SECONDS = 2.0
_STEP_SECONDS = 0.25
_EVERY_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    changed: list[Changed]
    unfinished: list[Unfinished] | None


class Watch:
    def __init__(
        self,
        desk: Desk,
        decisions: Decisions,
        receiver: Receiver,
        finisher: Finisher,
        spool: Spool,
        figures: MediaFigures,
        address: str,
    ) -> None:
        self._desk, self._decisions, self._receiver = desk, decisions, receiver
        self._finisher, self._spool, self._figures, self._address = finisher, spool, figures, address
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="watch")
        self._recovered = False
        self._heard_at = time.monotonic()
        self._counted: dict[str, int] = {}

    async def run(self) -> None:
        """Until it is cancelled."""
        asking: asyncio.Future[_Heard] | None = None
        ask_at = tick_at = 0.0
        while True:
            now = time.monotonic()
            if asking is not None and asking.done():
                self._harvest(asking)
                asking = None
            if asking is None and now >= ask_at:
                ask_at = now + _EVERY_SECONDS
                asking = asyncio.get_running_loop().run_in_executor(self._thread, self._ask)
            if now - self._heard_at > DATABASE_SILENT_SECONDS and self._desk.database_answers:
                _log.error("the database does not answer: every gate is closed until it does")
                self._desk.database_is_silent()
            if now >= tick_at:
                tick_at = now + _EVERY_SECONDS
                self._tick()
            await asyncio.sleep(_STEP_SECONDS)

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _ask(self) -> _Heard:
        """In the thread. What a dead process left is read before this one says that it lives."""
        unfinished = None if self._recovered else self._decisions.unfinished()
        return _Heard(changed=self._decisions.beat(self._address), unfinished=unfinished)

    def _harvest(self, asking: "asyncio.Future[_Heard]") -> None:
        error = asking.exception()
        if error is not None:
            level = logging.WARNING if isinstance(error, RightcallError) else logging.CRITICAL
            _log.log(level, "the database could not be asked what has changed", exc_info=error)
            return
        self._heard_at = time.monotonic()
        if not self._desk.database_answers:
            _log.warning("the database answers again: every call is decided anew")
            self._desk.database_is_heard()
        heard = asking.result()
        if heard.unfinished is not None:
            self._recovered = True
            self._recover(heard.unfinished)
        self._desk.catch_up(heard.changed)

    def _recover(self, unfinished: list[Unfinished]) -> None:
        """A file without an unfinished take is stored already: a take's row is always there before its file."""
        here = set(self._spool.holdings())
        ours = [left for left in unfinished if left.take in here]
        lost = [left for left in unfinished if left.take not in here and left.recorder == self._desk.recorder]
        for left in ours:
            self._finisher.recover(left)
        for left in lost:
            self._finisher.lose(left)
        for take in here - {left.take for left in unfinished}:
            self._spool.drop(take)
        if ours or lost:
            _log.warning("takes of a killed process", extra={"found": len(ours), "lost": len(lost)})

    def _tick(self) -> None:
        for stream in self._receiver.tick():
            _log.info("a stream has become silent", extra={"stream": stream})
        self._desk.expire_questions()
        lines = self._receiver.streams.values()
        opened = sum(line.take is not None for line in lines)
        self._figures.streams.labels("open").set(opened)
        self._figures.streams.labels("closed").set(len(lines) - opened)
        self._figures.waiting.set(self._finisher.waiting)
        self._figures.silent.set(len(self._desk.silent(self._receiver.silent_after_seconds)))
        for line in lines:
            for reason, count in line.refused_anew():
                self._figures.refused.labels(reason.value).inc(count)
