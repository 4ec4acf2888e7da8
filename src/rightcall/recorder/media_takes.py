"""From a take that is cut to bytes that are stored: durable on this disk, then in the object store, then said in the database.

Each step may be repeated. Until the last one is done the spool file stays, so whatever fails, a later try or the next start
finishes it. The order is fixed: the database never says "stored" of bytes that the object store has not confirmed.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from rightcall.adapters.rtp.spool import SealedFile, SealedTake, Spool, measure, moment
from rightcall.errors import Mistake, Outage, RightcallError
from rightcall.holdings.ports import Objects
from rightcall.ids import ControllerId, HoldingId
from rightcall.recorder.media_ports import Decisions, Written
from rightcall.recordings.model import Unfinished

_log = logging.getLogger(__name__)
_LONGEST_WAIT_SECONDS = 30.0


@dataclass(slots=True, kw_only=True)
class _Finishing:
    controller: ControllerId
    take: HoldingId
    object_key: str
    opened_at: datetime
    written: Written
    sealed: Callable[[], SealedFile]
    file: SealedFile | None = field(default=None)


class Finisher:
    """Takes two at a time, in threads of its own, so that a slow store never delays a decision."""

    def __init__(self, decisions: Decisions, objects: Objects, spool: Spool) -> None:
        self._decisions, self._objects, self._spool = decisions, objects, spool
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="take")
        self._under_way: dict[HoldingId, asyncio.Task[None]] = {}

    @property
    def waiting(self) -> int:
        return len(self._under_way)

    def has(self, take: HoldingId) -> bool:
        return take in self._under_way

    def take_over(self, controller: ControllerId, take: SealedTake, object_key: str, *, abandoned: bool) -> None:
        """A take that was just closed."""
        written = Written(
            packets=take.packets,
            first_at=take.moment(take.first),
            last_at=take.moment(take.last),
            abandoned=abandoned,
        )
        self._start(
            _Finishing(
                controller=controller,
                take=take.holding,
                object_key=object_key,
                opened_at=take.opened_at,
                written=written,
                sealed=take.store,
            )
        )

    def recover(self, left: Unfinished) -> None:
        """What a killed process left. Its file ends at a whole chunk, and its tally says what is in it."""
        path = self._spool.path_of(left.take)
        written = Written(packets=0, first_at=None, last_at=None, abandoned=True)
        self._start(
            _Finishing(
                controller=left.controller,
                take=left.take,
                object_key=left.object_key,
                opened_at=left.opened_at,
                written=written,
                sealed=partial(measure, path, complete=False),
            )
        )

    def lose(self, left: Unfinished) -> None:
        """A killed process left a take without a file."""
        self._go(left.take, partial(self._decisions.abandon, left.controller, left.take, found=False))

    async def settle_down(self, patience_seconds: float) -> int:
        """Waits for what is under way. Answers how many takes are left to the next start."""
        if self._under_way:
            await asyncio.wait(list(self._under_way.values()), timeout=patience_seconds)
        left = len(self._under_way)
        for task in list(self._under_way.values()):
            task.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)
        return left

    def _start(self, finishing: _Finishing) -> None:
        self._go(finishing.take, partial(self._once, finishing))

    def _go(self, take: HoldingId, deed: Callable[[], None]) -> None:
        task = asyncio.get_running_loop().create_task(self._until_done(take, deed))
        self._under_way[take] = task
        task.add_done_callback(lambda _: self._under_way.pop(take, None))

    async def _until_done(self, take: HoldingId, deed: Callable[[], None]) -> None:
        wait = 0.5
        while True:
            try:
                await asyncio.get_running_loop().run_in_executor(self._threads, deed)
            except Outage as error:
                _log.warning("a finished take waits", extra={"take": take, "reason": str(error)})
            except (RightcallError, OSError):
                _log.exception("a finished take could not be stored; its spool file stays", extra={"take": take})
                return
            else:
                return
            await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT_SECONDS)

    def _once(self, finishing: _Finishing) -> None:
        if finishing.file is None:
            finishing.file = finishing.sealed()
        self._objects.put_file(finishing.object_key, finishing.file.path)
        try:
            written = _in(finishing.file, finishing)
            self._decisions.finish(finishing.controller, finishing.take, finishing.file, written)
        except Mistake:
            self._objects.delete(finishing.object_key)
            raise
        self._spool.drop(finishing.take)


def _in(file: SealedFile, finishing: _Finishing) -> Written:
    """What is known of a take that ended short is what its tally says of the chunks that are there."""
    counted = file.counted
    if counted is None:
        return finishing.written
    if counted.packets == 0:
        return replace(finishing.written, packets=0, first_at=None, last_at=None)
    return replace(
        finishing.written,
        packets=counted.packets,
        first_at=moment(finishing.opened_at, counted.first_ms),
        last_at=moment(finishing.opened_at, counted.last_ms),
    )
