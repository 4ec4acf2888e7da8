"""What the sources of files share on spots: which object holds one, what lies there, whether it still does.

A row of a table of text is known by a digest of its content (the part of its key behind `#`), so it can be told whether it is
gone. Of other spots within an object that is there that cannot be told.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from rightcall.adapters.systems.formats.model import WITHIN
from rightcall.discovery.model import REPAIRED, NotRead, PassedOver, Reason
from rightcall.discovery.parts import Part, Prose, Rows
from rightcall.discovery.picking import one_by_one, picked, picked_rows
from rightcall.discovery.ports import Gone, Refusal, Spot
from rightcall.errors import NotFound

_NONE = "There is nothing at this place (any more). Scan again to see what is there now."
_READ_ALL_THE_SAME = REPAIRED | {Reason.BROKEN, Reason.TOO_DEEP, Reason.TOO_LONG}
"""In a table of text by itself: its rows have come all the same, these as the text that they are."""
Reads = Callable[[str], Iterator[Part | PassedOver]]
"""The parts of the object of that name. Raises NotRead."""


def holder(name: str, is_there: Callable[[str], bool]) -> str | None:
    """The object of the source that this is, or lies in. A name may have in it what parts inner from outer: the longest
    counts."""
    while not is_there(name):
        name, within, _ = name.rpartition(WITHIN)
        if not within:
            return None
    return name


def mark_of(key: str) -> str | None:
    """The digest in the key of a row, which equal rows have in common; None where it has none."""
    return key.rpartition("#")[2].partition("/")[0] if "#" in key else None


def exported(spot: Spot, within: str, read: Reads) -> bytes:
    """What lies at a spot in the object `within`, in UTF-8. Raises NotFound."""
    try:
        found = picked(spot, read(within))
    except NotRead as why:
        raise NotFound(_NONE) from why
    if found is None:
        raise NotFound(_NONE)
    return found


def handed_out(
    spots: Sequence[Spot], holder_of: Callable[[str], str | None], read: Reads, export: Callable[[Spot], bytes]
) -> Iterator[tuple[Spot, bytes | Refusal]]:
    """Rows of tables of text by reading each object once, whatever else there is one by one."""
    rows = dict[str, list[Spot]]()
    for spot in spots:
        within = holder_of(spot.object) if spot.row is not None and mark_of(spot.row) is not None else None
        if within is None:
            yield from one_by_one(export, [spot])
        else:
            rows.setdefault(within, []).append(spot)
    for within, asked in rows.items():
        try:
            found = picked_rows(asked, read(within))
        except NotRead:
            found = {}
        for spot in asked:
            yield spot, found[spot] if spot in found else NotFound(_NONE)


def still_there(spots: Sequence[Spot], within: str, read: Reads) -> Mapping[Spot, Gone]:
    """For rows of an object that is there."""
    wanted = {mark for spot in spots if spot.row is not None and (mark := mark_of(spot.row)) is not None}
    seen, is_whole_read = set[str](), True
    try:
        for part in read(within) if wanted else ():
            if isinstance(part, Rows):
                seen |= {mark for row in part.rows if (mark := mark_of(row.key)) in wanted and mark is not None}
            elif isinstance(part, PassedOver):
                is_whole_read = is_whole_read and within == part.object and part.reason in _READ_ALL_THE_SAME
            elif isinstance(part, Prose):
                _through(part)
    except NotRead:
        is_whole_read = False
    return {spot: _gone(spot, seen, is_whole_read) for spot in spots}


def _through(part: Prose) -> None:
    for _ in part.pieces:
        pass


def _gone(spot: Spot, seen: set[str], is_whole_read: bool) -> Gone:
    mark = mark_of(spot.row) if spot.row is not None else None
    if mark is None:
        return Gone.UNKNOWN
    if mark in seen:
        return Gone.THERE
    return Gone.GONE if is_whole_read else Gone.UNKNOWN
