"""Saying how far a backup or a drill is, for whoever looks on meanwhile. All deeds take a system transaction."""

from datetime import timedelta

from rightcall.clock import Clock
from rightcall.copies.under_way import store
from rightcall.copies.under_way.model import Doing, UnderWay, UnderWayId, Work
from rightcall.database.connection import Transaction
from rightcall.ids import new_id

_CUT_OFF_AFTER = timedelta(days=1)


def begin(tx: Transaction, clock: Clock, work: Work) -> UnderWayId:
    """What was not heard of for a day was cut off, and is forgotten."""
    now, id = clock.now(), UnderWayId(new_id())
    store.remove_unheard(tx, now - _CUT_OFF_AFTER)
    store.insert(tx, UnderWay(id=id, work=work, doing=Doing.BEGINNING, done=0, of=0, begun_at=now, heard_at=now))
    return id


def tell(tx: Transaction, clock: Clock, id: UnderWayId, doing: Doing, done: int, of: int) -> None:
    store.update(tx, id, doing, done, of, clock.now())


def end(tx: Transaction, id: UnderWayId) -> None:
    """However it ended."""
    store.remove(tx, id)


def every(tx: Transaction) -> list[UnderWay]:
    """All that is under way, the oldest first."""
    return store.every(tx)
