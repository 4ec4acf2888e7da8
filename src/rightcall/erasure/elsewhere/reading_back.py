"""Looking again ourselves at a place that a system says it let go of. A system that says what is not so is found out by what it
hands out."""

from collections.abc import Mapping, Sequence

from rightcall.discovery.model import NotRead
from rightcall.discovery.ports import Ability, Gone, Spot, System
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound

_CUT = b"*"


def looked_at(source: System, spots: Sequence[Spot]) -> Mapping[Spot, Gone]:
    """By the system's own word and by what it hands out: gone only where both say so, there where either does. Raises
    SourceGone."""
    told = source.confirm(spots)
    return {spot: _both(source, spot, told.get(spot, Gone.UNKNOWN)) for spot in spots}


def _both(source: System, spot: Spot, told: Gone) -> Gone:
    if told is not Gone.GONE or Ability.EXPORT not in source.abilities:
        return told
    return _handed_out(source, spot)


def _handed_out(source: System, spot: Spot) -> Gone:
    """A stretch that was overwritten is asterisks, and a field that may not be empty holds an empty text."""
    try:
        left = source.export(spot)
    except NotFound:
        return Gone.GONE
    except Conflict:
        return Gone.THERE
    except (Malformed, NotAllowed, NotRead):
        return Gone.UNKNOWN
    return Gone.THERE if left.strip(_CUT + b" \r\n") else Gone.GONE
