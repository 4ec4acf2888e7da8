"""What rests on what, and which generation each is of: an origin's is always lower, so nothing is ever made from itself."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from rightcall.errors import Conflict
from rightcall.holdings.provenance.model import Derivation, FallReason, Taint
from rightcall.ids import HoldingId

Links = Sequence[tuple[HoldingId, HoldingId]]
"""(made, origin) each."""


def ancestors(derivations: Sequence[Derivation], start: HoldingId) -> set[HoldingId]:
    """All that it came from, over any number of steps; not itself."""
    origins: dict[HoldingId, set[HoldingId]] = defaultdict(set)
    for derivation in derivations:
        origins[derivation.made].add(derivation.origin)
    found: set[HoldingId] = set()
    waiting = list(origins[start])
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += origins[each]
    return found


def taints(
    holdings: Sequence[HoldingId], derivations: Sequence[Derivation], falls: Mapping[HoldingId, frozenset[FallReason]]
) -> dict[HoldingId, tuple[Taint, ...]]:
    """For each, what fell of itself and of all that it came from: the nearest to the eye is its own."""
    found: dict[HoldingId, tuple[Taint, ...]] = {}
    for holding in holdings:
        origins = [holding, *sorted(ancestors(derivations, holding))] if derivations else [holding]
        found[holding] = tuple(
            Taint(origin=origin, reason=reason) for origin in origins for reason in sorted(falls.get(origin, frozenset()))
        )
    return found


def raised(
    holding: HoldingId, origins: Mapping[HoldingId, int], present: Mapping[HoldingId, int], below: Links
) -> list[tuple[HoldingId, int]]:
    """The generations that change when `holding` turns out to come from `origins` (each with its generation), the furthest from
    the origins first. `present`: of the holding and all that was made from it; `below`: how these came from one another. Conflict
    where an origin was itself made from it."""
    if not origins.keys().isdisjoint(present):
        raise Conflict("That was itself made from this holding, directly or over others. Nothing is made from itself.")
    made: dict[HoldingId, list[HoldingId]] = defaultdict(list)
    for each, origin in below:
        made[origin].append(each)
    new = {holding: max(present[holding], 1 + max(origins.values()))}
    waiting = [holding]
    while waiting:
        origin = waiting.pop()
        for each in made[origin]:
            if max(new.get(each, 0), present[each]) <= new[origin]:
                new[each] = new[origin] + 1
                waiting.append(each)
    changed = [(each, generation) for each, generation in new.items() if generation != present[each]]
    return sorted(changed, key=lambda each: each[1], reverse=True)
