"""Looking again ourselves at a place that a system says it let go of. A system that says what is not so is found out by what it
hands out."""

from collections.abc import Mapping, Sequence

from rightcall.discovery.ports import Ability, Gone, Refusal, Spot, System
from rightcall.errors import Conflict, NotFound

_CUT = b"*"


def looked_at(source: System, spots: Sequence[Spot]) -> Mapping[Spot, Gone]:
    """By the system's own word and by what it hands out: gone only where both say so, there where either does. Raises
    SourceGone."""
    told = source.confirm(spots)
    found = {spot: told.get(spot, Gone.UNKNOWN) for spot in spots}
    if Ability.EXPORT in source.abilities:
        gone = [spot for spot, each in found.items() if each is Gone.GONE]
        found |= dict.fromkeys(gone, Gone.UNKNOWN)
        found |= {spot: _handed_out(left) for spot, left in source.exports(gone)}
    return found


def _handed_out(left: bytes | Refusal) -> Gone:
    """A stretch that was overwritten is asterisks, and a field that may not be empty holds an empty text."""
    if isinstance(left, bytes):
        return Gone.THERE if left.strip(_CUT + b" \r\n") else Gone.GONE
    if isinstance(left, NotFound):
        return Gone.GONE
    return Gone.THERE if isinstance(left, Conflict) else Gone.UNKNOWN
