"""After a purpose was given a longer term: what is kept for it already lasts as long, page by page, the next to go first.

Everything is looked at again after a pause, until nothing more is found to move: a call that had read the shorter term has
written by then. What went dark meanwhile stays dark. The keys from before go on their days, and with them older copies of the
locks in backups and logs.
"""

import logging
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from rightcall.canonical import Json
from rightcall.erasure.disposal import Disposer
from rightcall.ids import ControllerId, HoldingId, PurposeId
from rightcall.procedures.ports import Steps
from rightcall.retention import actions
from rightcall.retention.model import Behind

_AT_ONCE = 2000
_PAUSE_SECONDS = 60.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengthener:
    """The procedure `lengthen_terms`."""

    disposer: Disposer

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        """How many last longer."""
        controller, purpose = ControllerId(UUID(arguments[0])), PurposeId(UUID(arguments[1]))
        longer, stuck = self._walk(steps, controller, purpose)
        is_sure = False
        while not is_sure:
            steps.sleep(_PAUSE_SECONDS)
            late, stuck = self._walk(steps, controller, purpose)
            longer, is_sure = longer + late, late == 0
        if stuck:
            _log.error("the key service lacks keys, so what a purpose keeps ends as it would have", extra={"purpose": purpose})
        return longer

    def _walk(self, steps: Steps, controller: ControllerId, purpose: PurposeId) -> tuple[int, int]:
        """How many last longer, and how many could not be opened."""
        longer = stuck = 0
        after: tuple[str, str] | tuple[()] | None = ()
        while after is not None:
            some, left, after = steps.run("lengthen", partial(self._page, controller, purpose, after))
            longer, stuck = longer + some, stuck + left
        return longer, stuck

    def _page(
        self, controller: ControllerId, purpose: PurposeId, after: tuple[str, str] | tuple[()]
    ) -> tuple[int, int, tuple[str, str] | None]:
        behind: Behind | None = (date.fromisoformat(after[0]), HoldingId(UUID(after[1]))) if after else None
        disposer = self.disposer
        with disposer.database.transaction(controller) as tx:
            page = actions.lengthen(tx, disposer.vault, disposer.clock, purpose=purpose, after=behind, looked_at=_AT_ONCE)
        after_this = None if page.behind is None else (page.behind[0].isoformat(), str(page.behind[1]))
        return page.longer, page.stuck, after_this
