"""Erasing one person, in steps that may be repeated: destroy the keys, close live calls, delete the bytes, confirm, certify."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from rightcall.calls import actions as calls
from rightcall.clock import day_of
from rightcall.erasure import actions
from rightcall.erasure.certifying import Backups, certify
from rightcall.erasure.disposal import Disposer
from rightcall.errors import Conflict
from rightcall.holdings import actions as holdings
from rightcall.ids import CallId, ControllerId, ErasureId, HoldingId, SubjectId
from rightcall.procedures.ports import Steps
from rightcall.recordings import actions as recordings
from rightcall.recordings.model import EndReason
from rightcall.recordings.ports import Gates
from rightcall.recordings.tools import Tools

_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Eraser:
    """What erasing works with. `epoch_days`: how long an epoch lasts."""

    disposer: Disposer
    tools: Tools
    gates: Gates
    epoch_days: int

    def erase(self, steps: Steps, controller: ControllerId, erasure: ErasureId, subject: SubjectId) -> None:
        """Returns when everything is confirmed and certified. An Outage is retried by each step, and raised in the end."""
        live, others = steps.run("destroy", partial(self._destroy, controller, erasure, subject))
        for call in live:
            steps.run("close", partial(self._close, controller, CallId(UUID(call))))
        page = steps.run("dispose", partial(self._dispose, controller, subject, None))
        while page:
            page = steps.run("dispose", partial(self._dispose, controller, subject, page))
        for call in others:
            steps.run("dispose of the other side", partial(self._dispose_call, controller, CallId(UUID(call))))
        steps.run("confirm", partial(self._confirm, controller, erasure))
        steps.run("certify", partial(self._certify, controller, erasure))

    def _destroy(self, controller: ControllerId, erasure: ErasureId, subject: SubjectId) -> list[list[str]]:
        """The keys, and the capture of calls that are on. Answers with those calls, and with all calls of the person."""
        epoch = self.tools.vault.epoch(self.disposer.database).number
        with self.disposer.database.transaction(controller) as tx:
            actions.begin(tx, self.tools.clock, erasure=erasure, subject=subject)
            parties = calls.of_subject(tx, subject)
            every = sorted({party.call for party in parties})
            live = [call for call in every if calls.get(tx, call).ended_at is None]
            for call in live:
                recordings.end(tx, self.tools, call, EndReason.REFUSED)
            actions.destroy(tx, self.tools.vault, self.tools.clock, erasure=erasure, epoch=epoch)
        return [[str(call) for call in live], [str(call) for call in every]]

    def _close(self, controller: ControllerId, call: CallId) -> bool:
        self.gates.settle(controller, call)
        return True

    def _dispose(self, controller: ControllerId, subject: SubjectId, after: str | None) -> str | None:
        """One page of the person's holdings; answers with the last one of it, None after the last page."""
        with self.disposer.database.transaction(controller) as tx:
            found = holdings.of_subject(tx, subject, after=HoldingId(UUID(after)) if after else None, limit=_PAGE)
        self.disposer.dispose(controller, found)
        return str(found[-1].id) if len(found) == _PAGE else None

    def _dispose_call(self, controller: ControllerId, call: CallId) -> int:
        """What others said to the person needed the person's yes as well, and is dark now."""
        with self.disposer.database.transaction(controller) as tx:
            found = holdings.of_call(tx, call)
        return self.disposer.dispose(controller, found)

    def _confirm(self, controller: ControllerId, erasure: ErasureId) -> int:
        """Looks again at everything that is held about the person. Conflict where something is neither gone nor held."""
        with self.disposer.database.transaction(controller) as tx:
            subject = actions.get(tx, erasure).subject
            left = [holding for holding in holdings.of_subject(tx, subject) if holding.disposed_at is None]
            held = [holding for holding in left if holdings.holds(tx, holding.id)]
            if len(held) != len(left):
                raise Conflict("Not everything of this person is gone. The erasure is not confirmed; look at its holdings.")
            disposed = sum(holdings.count_of_subject(tx, subject).values()) - len(held)
            actions.confirm(tx, self.tools.clock, erasure=erasure, disposed=disposed, held=len(held))
        return disposed

    def _certify(self, controller: ControllerId, erasure: ErasureId) -> str:
        begun_at = self.tools.vault.epoch(self.disposer.database).begun_at
        until = day_of(begun_at + timedelta(days=self.epoch_days))
        with self.disposer.database.transaction(controller) as tx:
            found = actions.get(tx, erasure)
            return str(certify(tx, self.tools.clock, found, Backups(until=until, turned=None)))
