"""What follows when a lock is gone or a hold has ended: the bytes that went dark are deleted."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
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

_IN_A_STEP = 500_000
"""What is looked at again after a kill, but for what went; some more where more lie together."""
_IN_A_PAGE = 20_000
_AT_ONCE = 2000
"""In one transaction; more where more lie together. Calls wait for the disk behind what each writes."""
_LANES = 2
"""While one part waits for the database, the files of another are deleted."""
_UNDER_WAY = 2 * _LANES
"""Parts that are let go of or wait for that; and that fail one after the other before no more are read."""


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
        are let go of, and not much more than that. What does not go holds up no others, unless nothing goes."""
        read, gone, in_a_row = _Read(), 0, 0
        failed: BaseException | None = None
        parts = self._parts(controller, day, read_behind(after), read)
        with closing(_done(partial(self.eraser.disposer.reclaim, controller), parts)) as done:
            for each in done:
                if error := each.exception():
                    failed = failed or error
                    in_a_row += 1
                else:
                    gone += each.result()
                    in_a_row = 0
                if in_a_row > _UNDER_WAY:
                    break
        if failed:
            raise failed
        return gone, tell_behind(read.last if read.many >= _IN_A_STEP else None)

    def _parts(self, controller: ControllerId, day: date, behind: Behind | None, read: "_Read") -> Iterator[Sequence[Remnants]]:
        """Of what is past its term, until that is enough for a step."""
        left: Sequence[tuple[date, Remnants]] = ()
        is_last = False
        while not is_last and read.many < _IN_A_STEP:
            with self.eraser.disposer.database.transaction(controller) as tx:
                page = holdings.past_term(tx, day, after=behind, limit=_IN_A_PAGE)
            is_last = many(each for _, each in page) < _IN_A_PAGE
            behind = behind if is_last else last_of(page)
            found = [*left, *page]
            told = found if is_last else whole(found)
            left = found[len(told) :]
            read.tell(told)
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


def _done(reclaim: Callable[[Sequence[Remnants]], int], parts: Iterable[Sequence[Remnants]]) -> Generator[Future[int]]:
    """Each part once it is let go of or failed, in their order."""
    going: deque[Future[int]] = deque()
    with ThreadPoolExecutor(_LANES) as lanes:
        for part in parts:
            going.append(lanes.submit(reclaim, part))
            if len(going) > _UNDER_WAY:
                yield going.popleft()
        yield from going


@dataclass(slots=True)
class _Read:
    """How many a step was told of, and the last of them in the order of last days."""

    many: int = 0
    last: Behind | None = None

    def tell(self, found: Sequence[tuple[date, Remnants]]) -> None:
        self.many += many(each for _, each in found)
        if found:
            last = last_of(found)
            self.last = last if self.last is None else max(self.last, last)


def _of_call(tx: Transaction, call: CallId) -> list[Holding]:
    """With what was made from it and is of no call, or of another. What is in another system is not ours to delete."""
    found = {holding.id: holding for holding in holdings.of_call(tx, call)}
    made = {id for holding in found for id in holdings.made_from(tx, holding)} - found.keys()
    return [*found.values(), *(each for id in sorted(made) if (each := holdings.get(tx, id)).object_key)]


def _slices(tx: Transaction, hold: HoldId) -> list[Holding]:
    return [holdings.get(tx, each.holding) for each in holds.get(tx, hold).slices]
