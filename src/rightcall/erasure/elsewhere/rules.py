"""When an errand is tried again, and when a person has to look. Facts in, decisions out."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from rightcall.discovery.ports import Spot
from rightcall.erasure.elsewhere.model import OPEN, PlaceState, Trouble
from rightcall.holdings.places import Place

_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=6)
_DAILY = timedelta(days=1)
_AT_ONCE = frozenset({Trouble.THERE_STILL, Trouble.REFUSED, Trouble.SEEN_AGAIN})
"""Waiting mends none of them: a system that says what is not so, and one that keeps a thing for a reason of its own."""


def pause(failures: int, *, is_escalated: bool) -> timedelta:
    """Growing, up to six hours; daily once a person was told."""
    if is_escalated:
        return _DAILY
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * float(2 ** min(failures - 1, 20)))


def needs_a_person(trouble: Trouble, *, failing_since: datetime, now: datetime, after: timedelta) -> bool:
    return trouble in _AT_ONCE or now - failing_since >= after


def trouble_of(places: Mapping[PlaceState, int], *, is_unreachable: bool, is_seen_again: bool) -> Trouble | None:
    """What a round left behind. None where nothing is open."""
    if is_seen_again:
        return Trouble.SEEN_AGAIN
    if is_unreachable:
        return Trouble.UNREACHABLE
    if places.get(PlaceState.THERE_STILL):
        return Trouble.THERE_STILL
    if places.get(PlaceState.REFUSED):
        return Trouble.REFUSED
    return Trouble.UNSURE if any(places.get(state) for state in OPEN) else None


def spot_of(place: Place, *, why: str = "let go of what lies there") -> Spot | None:
    """None where the map does not say which object it is in. `why` it is looked up."""
    if place.object_name is None:
        return None
    path = None if place.path is None else place.path.reveal(why)
    return Spot(
        object=place.object_name.reveal(why),
        row=None if place.row is None else place.row.reveal(why),
        field=place.field if path is None else path,
        start=place.start,
        end=place.end,
    )


def row_of(spot: Spot) -> Spot | None:
    """The whole row, where a source of files lets go of nothing smaller. Rows of databases have parts that can go by themselves:
    a row that is needed for other reasons stays. Such a row's key tells its content (`adapters.systems.spots`)."""
    if spot.row is None or "#" not in spot.row or spot.field is None:
        return None
    return Spot(object=spot.object, row=spot.row)
