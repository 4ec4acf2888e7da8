"""Whether a backup may be opened: only with a list of what was destroyed that is known to be complete (docs/adr/0052)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rightcall.adapters import backup as backups
from rightcall.adapters.destroyed import Complete, DestroyedList
from rightcall.errors import Conflict

_LATE = timedelta(minutes=2)


def complete_until(lists: Sequence[DestroyedList], folder: Path) -> datetime | None:
    """Up to when the best of these lists is complete, where it reaches as far as anybody worked on the data; None where it does
    not, and where another list knows of something after it: then it was put back from an earlier time."""
    best = _best(lists)
    if best is None or best.is_copy or best.until + _LATE < _made_at(folder) or _knows_more(lists, best) is not None:
        return None
    return best.until


def behind(lists: Sequence[DestroyedList], folder: Path) -> str:
    """What may open, in plain words, where no list is complete."""
    best = _best(lists)
    if best is None:
        return f"There is no list of what was destroyed that says up to when it is complete. {_may_open('this backup')}"
    until = f"{best.until:%Y-%m-%d %H:%M:%S} UTC"
    if best.is_moved:
        return f"The list of what was destroyed was copied by hand, and is complete until {until} alone. {_may_open(until)}"
    if best.is_copy:
        return f"The list of what was destroyed is a copy, and complete until {until} alone. {_may_open(until)}"
    if (later := _knows_more(lists, best)) is not None:
        known = f"{later.until:%Y-%m-%d %H:%M:%S} UTC"
        return (
            f"The list of what was destroyed was last kept at {until}, and a copy of it, made at {known}, knows of more: it was"
            f" put back from an earlier time. {_may_open(max(until, known))}"
        )
    made = f"{_made_at(folder):%Y-%m-%d %H:%M:%S} UTC"
    return (
        f"The list of what was destroyed was last kept at {until}, and the backup was made later, at {made}. {_may_open(until)}"
    )


def must_be_complete(lists: Sequence[DestroyedList], folder: Path) -> None:
    """Conflict where the list may be behind what the running system destroyed."""
    if complete_until(lists, folder) is None:
        raise Conflict(
            f"{behind(lists, folder)} Nothing was restored. Give the list of each machine that served, DATA/destroyed, with"
            " --destroyed, where it lies or on its own disk, mounted here, and not copied. If it is lost, say --open-anyway and"
            " why; then enter those withdrawals and requests again before anybody works with this data."
        )


def _may_open(since: str) -> str:
    return (
        f"What was let go after {since} may open: what was withdrawn, people who were erased, holds that were lifted, ways into"
        " systems."
    )


def _best(lists: Sequence[DestroyedList]) -> Complete | None:
    found = [known for each in lists if (known := each.complete()) is not None]
    return max(found, key=lambda each: (not each.is_copy, each.until), default=None)


def _knows_more(lists: Sequence[DestroyedList], best: Complete) -> Complete | None:
    """A copy that was made after the list was last kept, or has a line that no list that was worked on has."""
    kept = [each for each in lists if (known := each.complete()) is not None and not known.is_copy]
    for each in lists:
        known = each.complete()
        if known is None or not known.is_copy:
            continue
        if known.until > best.until + _LATE or (kept and all(one.lacks(each) for one in kept)):
            return known
    return None


def _made_at(folder: Path) -> datetime:
    return datetime.fromtimestamp(backups.made_at(folder), UTC)
