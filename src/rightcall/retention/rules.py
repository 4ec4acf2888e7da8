"""When an epoch is over, what outlived its term, and how a step tells where the next page begins."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from rightcall.holdings.map.model import Ending
from rightcall.holdings.model import Remnants
from rightcall.ids import HoldingId
from rightcall.retention.model import Behind, Told

_GOING = timedelta(days=2)
"""So long after its last day what is ours may still be on its way out."""


def epoch_is_due(begun_at: datetime, now: datetime, days: int) -> bool:
    """Whether a new epoch key should replace the present one."""
    return now - begun_at >= timedelta(days=days)


def read_behind(told: Told) -> Behind | None:
    """None before the first page."""
    return (date.fromisoformat(told[0]), HoldingId(UUID(told[1]))) if told else None


def tell_behind(behind: Behind | None) -> Told | None:
    """None after the last."""
    return None if behind is None else (behind[0].isoformat(), str(behind[1]))


def many(found: Iterable[Remnants]) -> int:
    """Holdings."""
    return sum(len(each.holdings) for each in found)


def last_of(page: Sequence[tuple[date, Remnants]]) -> Behind:
    """The next page begins behind it."""
    return max((day, each.holdings[-1]) for day, each in page)


def whole(page: Sequence[tuple[date, Remnants]]) -> Sequence[tuple[date, Remnants]]:
    """Without its last ones, of which others that lie together with them may be on the next page, and without what stands among
    those; all of it where all does."""
    if not page:
        return page
    end, (cut, last) = len(page) - 1, page[-1]
    first = (cut, last.holdings[0])
    while end and (page[end - 1][1].lies_with(last) or last_of(page[end - 1 : end]) > first):
        end -= 1
        first = min(first, (page[end][0], page[end][1].holdings[0]))
    return page[:end] or page


def parts_of(found: Sequence[Remnants], at_least: int) -> list[Sequence[Remnants]]:
    """In their order, with what lies together in one part."""
    starts, counted = [0], 0
    for nth, each in enumerate(found):
        if counted >= at_least and not each.lies_with(found[nth - 1]):
            starts.append(nth)
            counted = 0
        counted += len(each.holdings)
    return [found[start:end] for start, end in zip(starts, [*starts[1:], len(found)], strict=True) if found]


def outlived(late: Iterable[Ending], *, held: int, today: date, ended: bool = False) -> int:
    """How many of these are there without reason: not as a hold keeps them, and not because they are being deleted just now.
    `ended`: terms ended this very moment, maybe long after their day, since nobody was there to end them: what is ours is being
    deleted whatever its day."""
    ours = elsewhere = 0
    for each in late:
        if each.system is not None:
            elsewhere += each.items
        elif not ended and each.last_day < today - _GOING:
            ours += each.items
    return elsewhere + max(0, ours - held)
