"""What happened in a call, as one person in it is told: purpose by purpose, since the recorder begins a new take whenever what is
recorded is kept for other purposes, and of those that go on nothing stopped and nothing began. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from rightcall.ids import HoldingId, PurposeId, StatementId
from rightcall.recordings.model import Cut, Happening, TimelineEntry

_DONE = (Happening.KEPT, Happening.WENT_DARK)
_ANSWERS = (Happening.ASKED, Happening.CHOSE, *_DONE)


def told(entries: Sequence[TimelineEntry]) -> tuple[TimelineEntry, ...]:
    """`entries` in the order of `recordings.timeline`, which has one of each purpose where a take began."""
    kept_for = _kept_for(entries)
    found, before = list[TimelineEntry](), dict[HoldingId, HoldingId]()
    for at, entry in enumerate(entries):
        after = _goes_on_as(entry, entries[at + 1 :])
        if entry.take is not None and after is not None:
            before[after] = entry.take
            ended = [each for each in kept_for.get(entry.take, ()) if each not in kept_for[after]]
            found += [replace(entry, purpose=each) for each in ended]
        elif not _went_on(entry, kept_for, before) and not _is_told(entry, found):
            found.append(entry)
    return tuple(found)


def parted(
    entries: Sequence[TimelineEntry], ended_at: datetime | None, own: Collection[StatementId]
) -> tuple[tuple[TimelineEntry, ...], tuple[TimelineEntry, ...]]:
    """What happened in the call, and what was answered, and done by that, when it was over. `own`: answers that are of this call;
    others that were given later are written down with it, and are of none."""
    later = [each for each in entries if ended_at is not None and each.at > ended_at and each.kind in _ANSWERS]
    of_it = [each for each in later if each.kind in _DONE or (each.kind is Happening.CHOSE and each.statement in own)]
    return tuple(each for each in entries if each not in later), tuple(of_it)


def _is_told(entry: TimelineEntry, found: Iterable[TimelineEntry]) -> bool:
    """What a no did is told once for a purpose, however many stretches it did it to."""
    if entry.kind not in _DONE:
        return False
    return any((each.at, each.kind, each.purpose) == (entry.at, entry.kind, entry.purpose) for each in found)


def _kept_for(entries: Iterable[TimelineEntry]) -> dict[HoldingId, tuple[PurposeId, ...]]:
    found: dict[HoldingId, tuple[PurposeId, ...]] = {}
    for each in entries:
        if each.kind is Happening.OPENED and each.take is not None and each.purpose is not None:
            found[each.take] = (*found.get(each.take, ()), each.purpose)
    return found


def _goes_on_as(entry: TimelineEntry, later: Iterable[TimelineEntry]) -> HoldingId | None:
    """The take that went on at once where this one was cut; None where none did."""
    if entry.kind is not Happening.CUT or entry.reason != Cut.CHANGED:
        return None
    return next((each.take for each in later if each.kind is Happening.OPENED and each.stream == entry.stream), None)


def _went_on(entry: TimelineEntry, kept_for: dict[HoldingId, tuple[PurposeId, ...]], before: dict[HoldingId, HoldingId]) -> bool:
    """Whether it says that a take began for a purpose that the take before it was kept for too."""
    if entry.kind is not Happening.OPENED or entry.take not in before:
        return False
    return entry.purpose in kept_for.get(before[entry.take], ())
