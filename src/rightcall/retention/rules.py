"""When an epoch is over, and what outlived its term."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from rightcall.holdings.map.model import Ending

_GOING = timedelta(days=2)
"""So long after its last day what is ours may still be on its way out."""


def epoch_is_due(begun_at: datetime, now: datetime, days: int) -> bool:
    """Whether a new epoch key should replace the present one."""
    return now - begun_at >= timedelta(days=days)


def outlived(late: Iterable[Ending], *, held: int, today: date) -> int:
    """How many of these are there without reason: not as a hold keeps them, and not because they are being deleted just now."""
    ours = elsewhere = 0
    for each in late:
        if each.system is not None:
            elsewhere += each.items
        elif each.last_day < today - _GOING:
            ours += each.items
    return elsewhere + max(0, ours - held)
