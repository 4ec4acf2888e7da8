"""Going to one other system: letting go of what lies there, and looking again. Nothing here is written down; each may be done
again, in part too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rightcall.discovery.ports import REFUSALS, Gone, Spot, System
from rightcall.erasure.elsewhere.model import PlaceState
from rightcall.erasure.elsewhere.reading_back import looked_at
from rightcall.ids import HoldingId

_FOUND = {Gone.GONE: PlaceState.CONFIRMED, Gone.THERE: PlaceState.THERE_STILL, Gone.UNKNOWN: PlaceState.ERASED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToGo:
    """`ways`: each the spots that go together, the smallest first; a wider one is let go of only where the system refuses the one
    before. None where nothing may be touched."""

    holding: HoldingId
    ways: tuple[tuple[Spot, ...], ...]


def let_go(source: System, places: Sequence[ToGo]) -> dict[HoldingId, PlaceState]:
    """All at once where the system takes that; else what it refuses is tried more widely, and then one by one, so that one
    obstacle keeps nothing else. Raises SourceGone, with some of it done."""
    done: dict[HoldingId, PlaceState] = {}
    rest = [each for each in places if each.ways]
    done.update({each.holding: PlaceState.REFUSED for each in places if not each.ways})
    for nth in range(max((len(each.ways) for each in rest), default=0)):
        rest = _round(source, rest, nth, done)
    for each in rest:
        done[each.holding] = PlaceState.ERASED if _is_gone(source, each.ways[0]) else PlaceState.REFUSED
    return done


def _round(source: System, places: Sequence[ToGo], nth: int, done: dict[HoldingId, PlaceState]) -> list[ToGo]:
    """Those that are left."""
    tried = [each for each in places if nth < len(each.ways)]
    left = [each for each in places if nth >= len(each.ways)]
    if _erase(source, list(dict.fromkeys(spot for each in tried for spot in each.ways[nth]))):
        done.update({each.holding: PlaceState.ERASED for each in tried})
        return left
    if all(nth + 1 < len(each.ways) for each in tried):
        return list(places)
    for each in tried:
        if _erase(source, each.ways[nth]):
            done[each.holding] = PlaceState.ERASED
        else:
            left.append(each)
    return left


def _erase(source: System, spots: Sequence[Spot]) -> bool:
    """False where it refuses some of them. Of which it did nothing or a part, looking again tells."""
    try:
        source.erase(spots)
    except REFUSALS:
        return False
    return True


def _is_gone(source: System, spots: Sequence[Spot]) -> bool:
    """Somebody may have let go of it by hand."""
    return all(found is Gone.GONE for found in source.confirm(spots).values())


def look_again(source: System, places: Mapping[HoldingId, Spot]) -> dict[HoldingId, PlaceState]:
    """What is confirmed gone, what is there still, and what cannot be told and stays as it is. Raises SourceGone."""
    found = looked_at(source, list(dict.fromkeys(places.values())))
    return {holding: _FOUND[found[spot]] for holding, spot in places.items()}
