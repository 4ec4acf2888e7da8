"""Erasing one person, in steps that may be repeated: destroy the keys, forget, plan what to do elsewhere, close live calls,
delete the bytes, confirm, certify.

What is not gone yet is tried again, round by round, until it is or is held: an erasure never ends by giving up.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from rightcall.calls import actions as calls
from rightcall.database.connection import Transaction
from rightcall.erasure import actions, store
from rightcall.erasure.certifying import backups_until, certify
from rightcall.erasure.disposal import Disposer
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.errors import NotFound, RecorderGone, StillWorking
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Holding
from rightcall.ids import CallId, ControllerId, ErasureId, HoldingId, SubjectId
from rightcall.procedures.ports import Steps
from rightcall.recordings import actions as recordings
from rightcall.recordings.model import EndReason
from rightcall.recordings.ports import Gates
from rightcall.recordings.tools import Tools

_PAGE = 2000
_AGAIN_SECONDS = 30.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Eraser:
    """What erasing works with. `epoch_days`: how long an epoch lasts."""

    disposer: Disposer
    tools: Tools
    gates: Gates
    epoch_days: int

    def erase(
        self, steps: Steps, controller: ControllerId, erasure: ErasureId, subject: SubjectId, *, part_of: ErasureId | None = None
    ) -> None:
        """Returns when everything is confirmed, and certified with what it is a part of. An outage is waited for by each step."""
        live = steps.run("destroy", partial(self.destroy, controller, erasure, subject, part_of=part_of))
        steps.run("forget", partial(self._forget, controller, erasure))
        while steps.run("plan elsewhere", partial(self._plan, controller, erasure)):
            pass
        every = steps.run("look for calls", partial(self._calls, controller, subject))
        while not self._round(steps, controller, erasure, subject, (live, every)):
            _log.warning("an erasure is not confirmed yet and goes on", extra={"erasure": erasure})
            steps.sleep(_AGAIN_SECONDS)
        steps.run("certify", partial(self.certify, controller, erasure))

    def certify_released(self, steps: Steps, controller: ControllerId, subjects: Iterable[SubjectId]) -> None:
        """After a hold was lifted and its slices went: the erasures that it had kept from being whole are certified anew."""
        for subject in subjects:
            for erasure in steps.run("look for erasures", partial(self._with_held, controller, subject)):
                if steps.run("confirm anew", partial(self._confirm_released, controller, ErasureId(UUID(erasure)))):
                    steps.run("certify anew", partial(self.certify, controller, ErasureId(UUID(erasure))))

    def certify_prolonged(self, steps: Steps, controller: ControllerId, subjects: Iterable[SubjectId]) -> None:
        """After a hold was given a later day: certificates that name the earlier one are followed by one that names it."""
        for subject in subjects:
            for erasure in steps.run("look for erasures", partial(self._with_held, controller, subject)):
                if steps.run("take note", partial(self._prolonged, controller, ErasureId(UUID(erasure)))):
                    steps.run("certify anew", partial(self.certify, controller, ErasureId(UUID(erasure))))

    def destroy(
        self, controller: ControllerId, erasure: ErasureId, subject: SubjectId, *, part_of: ErasureId | None = None
    ) -> list[str]:
        """The keys, and the capture of calls that are on: those whose recorder is to be told. In the same time however many calls
        the person was in. Again answers the same."""
        with self.disposer.database.transaction(controller) as tx:
            begun = actions.begin(tx, self.tools.clock, erasure=erasure, subject=subject, part_of=part_of)
            attended = calls.attended_since(tx, subject, begun.begun_at)
            live = [call for call in attended if self._end(tx, call, begun.begun_at)]
            actions.destroy(tx, self.tools.vault, self.tools.clock, erasure=erasure)
        return [str(call) for call in live]

    def _forget(self, controller: ControllerId, erasure: ErasureId) -> bool:
        with self.disposer.database.transaction(controller) as tx:
            actions.forget(tx, self.tools.vault, self.tools.clock, erasure=erasure)
        return True

    def _calls(self, controller: ControllerId, subject: SubjectId) -> list[str]:
        with self.disposer.database.transaction(controller) as tx:
            return sorted({str(party.call) for party in calls.of_subject(tx, subject)})

    def _end(self, tx: Transaction, call: CallId, begun_at: datetime) -> bool:
        """Whether a recorder had this call when the erasure began. It is over now; asked again, the answer is the same."""
        try:
            session = recordings.call_state(tx, call).session
        except NotFound:
            return False
        if not session.state.is_over:
            session = recordings.end(tx, self.tools, call, EndReason.REFUSED)
        return session.ended_at is None or session.ended_at >= begun_at

    def _round(
        self,
        steps: Steps,
        controller: ControllerId,
        erasure: ErasureId,
        subject: SubjectId,
        calls: tuple[Sequence[str], Sequence[str]],
    ) -> bool:
        """Closes, deletes and confirms what can be by now; True once nothing is left to do."""
        live, every = calls
        closed = [steps.run("close", partial(self._close, controller, CallId(UUID(call)))) for call in live]
        done: list[bool] = []
        page = None
        while page is not None or not done:
            page, is_done = steps.run("dispose", partial(self._dispose, controller, subject, page))
            done.append(is_done)
        for call in every:
            done.append(steps.run("dispose of the other side", partial(self._dispose_call, controller, CallId(UUID(call)))))
        return all(closed) and all(done) and steps.run("confirm", partial(self._confirm, controller, erasure))

    def _close(self, controller: ControllerId, call: CallId) -> bool:
        """The recorder says that it holds. One that cannot be reached does not matter once nothing of the call is unfinished."""
        try:
            self.gates.settle(controller, call)
        except RecorderGone as error:
            _log.warning("a recorder has not confirmed the end of a call: %s", error, extra={"call": call})
            with self.disposer.database.transaction(controller) as tx:
                return all(take.finished_at is not None for take in recordings.call_state(tx, call).takes)
        return True

    def _dispose(self, controller: ControllerId, subject: SubjectId, after: str | None) -> tuple[str | None, bool]:
        """One page of the person's holdings; answers with the last one of it, None after the last page, and with whether all that
        was to go is gone."""
        with self.disposer.database.transaction(controller) as tx:
            found = holdings.of_subject(tx, subject, after=HoldingId(UUID(after)) if after else None, limit=_PAGE)
        return (str(found[-1].id) if len(found) == _PAGE else None), self._is_gone(controller, found)

    def _dispose_call(self, controller: ControllerId, call: CallId) -> bool:
        """What others said to the person needed the person's yes as well, and is dark now."""
        with self.disposer.database.transaction(controller) as tx:
            found = holdings.of_call(tx, call)
        return self._is_gone(controller, found)

    def _is_gone(self, controller: ControllerId, found: Sequence[Holding]) -> bool:
        """False while a recorder still writes something of it: then the next round looks again."""
        try:
            self.disposer.dispose(controller, found)
        except StillWorking:
            return False
        return True

    def _confirm(self, controller: ControllerId, erasure: ErasureId) -> bool:
        """Looks again at everything that is held about the person. False where something is neither gone nor held."""
        with self.disposer.database.transaction(controller) as tx:
            return actions.confirm(tx, self.tools.clock, erasure=erasure) is not None

    def _plan(self, controller: ControllerId, erasure: ErasureId) -> bool:
        """The next part of what is to be let go of in other systems: `letting_go` does it, and nothing here waits for it."""
        with self.disposer.database.transaction(controller) as tx:
            return elsewhere.plan(tx, self.tools.vault, self.tools.clock, erasure=erasure)

    def certify(self, controller: ControllerId, erasure: ErasureId) -> str | None:
        """The id of the certificate of a confirmed erasure, which is made where there is none as things stand. None while another
        subject of the person is not confirmed gone."""
        until = backups_until(self.tools.vault.epoch(self.disposer.database), self.epoch_days)
        with self.disposer.database.transaction(controller) as tx:
            made = certify(tx, self.tools.clock, erasure, backups_until=until)
        return None if made is None else str(made)

    def _with_held(self, controller: ControllerId, subject: SubjectId) -> list[str]:
        with self.disposer.database.transaction(controller) as tx:
            return [str(erasure) for erasure in store.with_held(tx, subject)]

    def _confirm_released(self, controller: ControllerId, erasure: ErasureId) -> bool:
        with self.disposer.database.transaction(controller) as tx:
            elsewhere.try_now(tx, self.tools.clock, erasure=erasure)
            actions.confirm_released(tx, self.tools.vault, self.tools.clock, erasure=erasure)
            return actions.whole(tx, erasure)[0].certificate is None

    def _prolonged(self, controller: ControllerId, erasure: ErasureId) -> bool:
        with self.disposer.database.transaction(controller) as tx:
            return actions.hold_prolonged(tx, erasure=erasure)
