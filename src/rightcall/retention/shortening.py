"""After a purpose was given a shorter term: what is kept for it already ends as soon, page by page; what is over by then goes at
once.

Then the purpose's earlier term keys are destroyed, so that copies of its locks in backups and logs open no longer than what is
here. Before that everything is looked at again after a pause, until nothing more is found to move: a call that had read the
longer term has written by then.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from rightcall.canonical import Json
from rightcall.clock import day_of
from rightcall.ids import ControllerId, PurposeId
from rightcall.procedures.ports import Steps
from rightcall.retention import actions
from rightcall.retention.model import Told
from rightcall.retention.procedure import Disposals
from rightcall.retention.rules import read_behind, tell_behind

_AT_ONCE = 2000
_PAUSE_SECONDS = 60.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortener:
    """The procedure `shorten_terms`."""

    disposals: Disposals

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        """How many end sooner."""
        controller, purpose = ControllerId(UUID(arguments[0])), PurposeId(UUID(arguments[1]))
        since = datetime.fromisoformat(steps.run("begin", lambda: self._now().isoformat()))
        steps.run("renew the keys", partial(self._renew, controller, purpose, since))
        sooner, _, stuck = self._walk(steps, controller, purpose, since)
        is_sure = False
        while not is_sure:
            steps.sleep(_PAUSE_SECONDS)
            late, moved, stuck = self._walk(steps, controller, purpose, since)
            sooner, is_sure = sooner + late, moved == 0
        if stuck:
            _log.error("the key service lacks keys, so the longer term keys of a purpose stay", extra={"purpose": purpose})
        else:
            steps.run("replace the keys", partial(self._replace, controller, purpose, since))
        yesterday = day_of(since) - timedelta(days=1)
        self.disposals.of_term(steps, str(controller), yesterday.isoformat())
        return sooner

    def _walk(self, steps: Steps, controller: ControllerId, purpose: PurposeId, since: datetime) -> tuple[int, int, int]:
        """How many end sooner, how many locks were moved, and how many could not be opened."""
        sooner = moved = stuck = 0
        after: Told | None = ()
        while after is not None:
            some, went, left, after = steps.run("shorten", partial(self._page, controller, purpose, since, after))
            sooner, moved, stuck = sooner + some, moved + went, stuck + left
        return sooner, moved, stuck

    def _page(
        self, controller: ControllerId, purpose: PurposeId, since: datetime, after: Told
    ) -> tuple[int, int, int, Told | None]:
        disposer = self.disposals.eraser.disposer
        with disposer.database.transaction(controller) as tx:
            page = actions.shorten(
                tx,
                disposer.vault,
                disposer.clock,
                purpose=purpose,
                made_before=since,
                after=read_behind(after),
                looked_at=_AT_ONCE,
            )
        return page.sooner, page.moved, page.stuck, tell_behind(page.behind)

    def _renew(self, controller: ControllerId, purpose: PurposeId, since: datetime) -> bool:
        disposer = self.disposals.eraser.disposer
        with disposer.database.transaction(controller) as tx:
            actions.renew_keys(tx, disposer.vault, purpose=purpose, made_before=since)
        return True

    def _replace(self, controller: ControllerId, purpose: PurposeId, since: datetime) -> int:
        disposer = self.disposals.eraser.disposer
        with disposer.database.transaction(controller) as tx:
            return actions.replace_keys(tx, disposer.vault, disposer.clock, purpose=purpose, made_before=since)

    def _now(self) -> datetime:
        return self.disposals.eraser.disposer.clock.now()
