"""Reading calls slice by slice: no statement waits long, however many calls there were."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from rightcall.database.connection import Transaction
from rightcall.ethics import store
from rightcall.ethics.model import Columns, Measure
from rightcall.ids import PurposeId

_SLICE = 20_000


def columns(
    tx: Transaction, purpose: PurposeId, *, since: datetime, until: datetime, by_end: bool = False, calls: int = _SLICE
) -> Columns:
    """Calls of one purpose that were taken down in this time; with `by_end` those that ended in it."""
    ends = store.end_of_slice_by_end if by_end else store.end_of_slice
    read = store.columns_by_end if by_end else store.columns

    def slices() -> Iterator[Columns]:
        begins = since
        while (end := ends(tx, since=begins, until=until, calls=calls)) is not None:
            yield read(tx, purpose, since=begins, until=end)
            begins = end
        yield read(tx, purpose, since=begins, until=until)

    return _joined(list(slices()))


def _joined(parts: list[Columns]) -> Columns:
    return Columns(
        group=list(chain.from_iterable(part.group for part in parts)),
        notice=list(chain.from_iterable(part.notice for part in parts)),
        queue=list(chain.from_iterable(part.queue for part in parts)),
        language=list(chain.from_iterable(part.language for part in parts)),
        hour=list(chain.from_iterable(part.hour for part in parts)),
        values={measure: list(chain.from_iterable(part.values[measure] for part in parts)) for measure in Measure},
        from_wire={measure: list(chain.from_iterable(part.from_wire[measure] for part in parts)) for measure in Measure},
    )
