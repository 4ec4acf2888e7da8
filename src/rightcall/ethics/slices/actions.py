"""Reading calls slice by slice: no statement waits long, however many calls there were."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from rightcall.database.connection import Transaction
from rightcall.ethics.model import Columns, Measure
from rightcall.ethics.slices import store
from rightcall.ids import PurposeId

_SLICE = 20_000


def columns(
    tx: Transaction,
    purpose: PurposeId,
    *,
    since: datetime,
    until: datetime,
    by_end: bool = False,
    after: datetime | None = None,
    calls: int = _SLICE,
) -> Columns:
    """What became known in this time of calls that somebody was asked in about one purpose; with `by_end` all of calls that ended
    in it. `after`: only of calls that ended after this."""
    ends = store.end_of_slice_by_end if by_end else store.end_of_slice
    read = store.columns_by_end if by_end else store.columns

    def slices() -> Iterator[Columns]:
        begins, first = since, since if after is None else after
        while (end := ends(tx, since=begins, until=until, calls=calls)) is not None:
            yield read(tx, purpose, since=begins, until=end, after=first)
            begins = end
        yield read(tx, purpose, since=begins, until=until, after=first)

    return _joined(list(slices()))


def _joined(parts: list[Columns]) -> Columns:
    return Columns(
        group=list(chain.from_iterable(part.group for part in parts)),
        notice=list(chain.from_iterable(part.notice for part in parts)),
        queue=list(chain.from_iterable(part.queue for part in parts)),
        language=list(chain.from_iterable(part.language for part in parts)),
        hour=list(chain.from_iterable(part.hour for part in parts)),
        agent=list(chain.from_iterable(part.agent for part in parts)),
        again=list(chain.from_iterable(part.again for part in parts)),
        values={measure: list(chain.from_iterable(part.values[measure] for part in parts)) for measure in Measure},
        from_wire={measure: list(chain.from_iterable(part.from_wire[measure] for part in parts)) for measure in Measure},
    )
