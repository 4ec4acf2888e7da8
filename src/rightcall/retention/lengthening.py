"""After a purpose was given a longer term: what is kept for it already lasts as long, page by page, the next to go first.

Everything is looked at again after a pause, until nothing more is found to move: a call that had read the shorter term has
written by then. What went dark meanwhile stays dark. The keys from before go on their days, and with them older copies of the
locks in backups and logs.
"""

import logging
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from rightcall.canonical import Json
from rightcall.erasure.disposal import Disposer
from rightcall.ids import ControllerId, PurposeId
from rightcall.procedures.ports import Steps
from rightcall.retention import actions
from rightcall.retention.model import Told
from rightcall.retention.rules import read_behind, tell_behind

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
        after: Told | None = ()
        while after is not None:
            some, left, after = steps.run("lengthen", partial(self._page, controller, purpose, after))
            longer, stuck = longer + some, stuck + left
        return longer, stuck

    def _page(self, controller: ControllerId, purpose: PurposeId, after: Told) -> tuple[int, int, Told | None]:
        disposer = self.disposer
        with disposer.database.transaction(controller) as tx:
            page = actions.lengthen(
                tx, disposer.vault, disposer.clock, purpose=purpose, after=read_behind(after), looked_at=_AT_ONCE
            )
        return page.longer, page.stuck, tell_behind(page.behind)
