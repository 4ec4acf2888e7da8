"""What follows when a lock is gone or a hold has ended: the bytes that went dark are deleted."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from rightcall.canonical import Json
from rightcall.database.connection import Transaction
from rightcall.erasure.procedure import Eraser
from rightcall.holdings import actions as holdings
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.model import Holding, Remnants
from rightcall.ids import CallId, ControllerId, HoldId, SubjectId
from rightcall.procedures.ports import Steps
from rightcall.retention.model import Behind, Told
from rightcall.retention.rules import last_of, many, parts_of, read_behind, tell_behind, whole

_IN_A_STEP = 100_000
"""What is looked at again after a kill; some more where more lie together."""
_IN_A_PAGE = 20_000
_AT_ONCE = 5000
"""In one transaction; more where more lie together."""
_LANES = 2
"""While one part waits for the database, the files of another are deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposals:
    """The procedures `dispose_of_call`, `dispose_of_term`, `dispose_of_hold` and `certify_of_hold`."""

    eraser: Eraser

    def of_call(self, steps: Steps, *arguments: str) -> Json:
        """After a withdrawal: what of this call no purpose opens any more, and what was made from that."""
        controller, call = ControllerId(UUID(arguments[0])), CallId(UUID(arguments[1]))
        return self._dispose(steps, controller, lambda tx: _of_call(tx, call))

    def of_term(self, steps: Steps, *arguments: str) -> Json:
        """After the end of a day: what was kept until then at the latest, page by page. What a hold keeps is passed over."""
        controller, day = ControllerId(UUID(arguments[0])), date.fromisoformat(arguments[1]) + timedelta(days=1)
        gone = 0
        after: Told | None = ()
        while after is not None:
            page, after = steps.run("dispose", partial(self._reclaim, controller, day, after))
            gone += page
        return gone

    def _reclaim(self, controller: ControllerId, day: date, after: Told) -> tuple[int, Told | None]:
        """One step; how many went, and what the next one lies behind: None after the last. What comes next is read while others
        are let go of."""
        read: list[tuple[date, Remnants]] = []
        parts = self._parts(controller, day, read_behind(after), read)
        with ThreadPoolExecutor(_LANES) as lanes:
            gone = sum(lanes.map(partial(self.eraser.disposer.reclaim, controller), parts))
        return gone, tell_behind(last_of(read) if many(each for _, each in read) >= _IN_A_STEP else None)

    def _parts(
        self, controller: ControllerId, day: date, behind: Behind | None, read: list[tuple[date, Remnants]]
    ) -> Iterator[Sequence[Remnants]]:
        """Of what is past its term, until that is enough for a step. What was told of stands in `read`."""
        left: Sequence[tuple[date, Remnants]] = ()
        is_last = False
        while not is_last and many(each for _, each in read) < _IN_A_STEP:
            with self.eraser.disposer.database.transaction(controller) as tx:
                page = holdings.past_term(tx, day, after=behind, limit=_IN_A_PAGE)
            is_last = many(each for _, each in page) < _IN_A_PAGE
            behind = behind if is_last else last_of(page)
            found = [*left, *page]
            told = found if is_last else whole(found)
            left = found[len(told) :]
            read += told
            yield from parts_of([each for _, each in told], _AT_ONCE)

    def of_hold(self, steps: Steps, *arguments: str) -> Json:
        """After a hold was lifted, or ended by itself: the slices that nothing else opens. An erasure that it had kept from being
        whole is whole."""
        controller, hold = ControllerId(UUID(arguments[0])), HoldId(UUID(arguments[1]))
        gone = self._dispose(steps, controller, lambda tx: _slices(tx, hold))
        subjects = steps.run("look whose they were", partial(self._subjects, controller, hold))
        self.eraser.certify_released(steps, controller, [SubjectId(UUID(subject)) for subject in subjects])
        return gone

    def prolonged(self, steps: Steps, *arguments: str) -> Json:
        """After a hold was agreed to or given a later day: whoever was told the earlier one is told so."""
        controller, hold = ControllerId(UUID(arguments[0])), HoldId(UUID(arguments[1]))
        subjects = steps.run("look whose they were", partial(self._subjects, controller, hold))
        self.eraser.certify_prolonged(steps, controller, [SubjectId(UUID(subject)) for subject in subjects])
        return len(subjects)

    def _subjects(self, controller: ControllerId, hold: HoldId) -> list[str]:
        with self.eraser.disposer.database.transaction(controller) as tx:
            return sorted({str(holding.subject) for holding in _slices(tx, hold)})

    def _dispose(self, steps: Steps, controller: ControllerId, found: Callable[[Transaction], list[Holding]]) -> int:
        return steps.run("dispose", partial(self._round, controller, found))

    def _round(self, controller: ControllerId, found: Callable[[Transaction], list[Holding]]) -> int:
        with self.eraser.disposer.database.transaction(controller) as tx:
            page = found(tx)
        return self.eraser.disposer.dispose(controller, page)


def _of_call(tx: Transaction, call: CallId) -> list[Holding]:
    """With what was made from it and is of no call, or of another. What is in another system is not ours to delete."""
    found = {holding.id: holding for holding in holdings.of_call(tx, call)}
    made = {id for holding in found for id in holdings.made_from(tx, holding)} - found.keys()
    return [*found.values(), *(each for id in sorted(made) if (each := holdings.get(tx, id)).object_key)]


def _slices(tx: Transaction, hold: HoldId) -> list[Holding]:
    return [holdings.get(tx, each.holding) for each in holds.get(tx, hold).slices]
