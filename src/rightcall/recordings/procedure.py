"""What follows when something becomes known about a purpose: every yes to it is weighed anew, and gates that rested on one which
is void are closed at once. And when what counts for people has changed: their gates are settled anew."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from rightcall.actors import SYSTEM
from rightcall.calls import actions as calls
from rightcall.canonical import Json
from rightcall.consent.quality import actions as quality
from rightcall.consent.quality.model import Cause
from rightcall.database.connection import Database, Transaction
from rightcall.ids import CallId, ChoiceId, ControllerId, PurposeId
from rightcall.procedures.ports import Steps
from rightcall.recordings import actions
from rightcall.recordings.tools import Tools

_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """The procedure `settle_calls`, of one controller: whose data is kept alone, or not used, is another than before, so that
    gates of calls that are on may have to close, or may open."""

    database: Database

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        return steps.run("look again", partial(self._look, ControllerId(UUID(arguments[0]))))

    def _look(self, controller: ControllerId) -> bool:
        with self.database.transaction(controller) as tx:
            actions.look_again(tx, [controller])
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reweighing:
    """The procedures `weigh_purpose` and `weigh_purpose_anew`: the second where the DPO asked for it."""

    database: Database
    tools: Tools

    def after_finding(self, steps: Steps, *arguments: str) -> Json:
        return self._weigh(steps, Cause.TOLD, *arguments)

    def as_asked(self, steps: Steps, *arguments: str) -> Json:
        return self._weigh(steps, Cause.ASKED, *arguments)

    def _weigh(self, steps: Steps, cause: Cause, controller: str, purpose: str) -> Json:
        """Page by page, each yes in a transaction of its own. How many were looked at."""
        whose, which = ControllerId(UUID(controller)), PurposeId(UUID(purpose))
        count, last = 0, ""
        while page := steps.run("weigh a page", partial(self._page, whose, which, cause, last)):
            count, last = count + len(page), page[-1]
        return count

    def _page(self, controller: ControllerId, purpose: PurposeId, cause: Cause, after: str) -> list[str]:
        start = ChoiceId(UUID(after)) if after else None
        with self.database.transaction(controller) as tx:
            page = quality.yeses(tx, purpose, after=start, limit=_PAGE)
        for choice, call in page:
            self.database.run(controller, partial(self._one, choice=choice, call=call, cause=cause))
        return [str(choice) for choice, _ in page]

    def _one(self, tx: Transaction, *, choice: ChoiceId, call: CallId, cause: Cause) -> None:
        if calls.get(tx, call).ended_at is None:
            actions.touch(tx, call)
        quality.reweigh(tx, self.tools.vault, self.tools.clock, choice, cause=cause, by=SYSTEM)
