"""What a killed media process left: read before this one takes its first order, so that nothing of its own is taken for a dead
process's. A file becomes a finished take that was cut off; a take without a file is said to be lost."""

import asyncio
import contextlib
import logging

from rightcall.adapters.rtp.spool import Spool
from rightcall.errors import RightcallError
from rightcall.ids import RecorderId
from rightcall.recorder.media_ports import Decisions
from rightcall.recorder.media_takes import Finisher

_log = logging.getLogger(__name__)
_AGAIN_SECONDS = 1.0


async def recover(decisions: Decisions, finisher: Finisher, spool: Spool, recorder: RecorderId, stop: asyncio.Event) -> None:
    """Returns when the database has told what is unfinished, or `stop` is set. The finishing goes on by itself."""
    while not stop.is_set():
        try:
            await _recover(decisions, finisher, spool, recorder)
        except RightcallError as error:
            _log.warning("the media recorder waits before it takes orders", extra={"reason": str(error)})
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _AGAIN_SECONDS)
        else:
            return


async def _recover(decisions: Decisions, finisher: Finisher, spool: Spool, recorder: RecorderId) -> None:
    unfinished = await asyncio.get_running_loop().run_in_executor(None, decisions.unfinished)
    here = set(spool.holdings())
    found = [left for left in unfinished if left.take in here]
    lost = [left for left in unfinished if left.take not in here and left.recorder == recorder]
    for left in found:
        finisher.recover(left)
    for left in lost:
        finisher.lose(left)
    # A take's row is always there before its file: a file without an unfinished take has reached the store.
    for take in here - {left.take for left in unfinished}:
        spool.drop(take)
    if found or lost:
        _log.warning("takes of a killed process", extra={"found": len(found), "lost": len(lost)})
