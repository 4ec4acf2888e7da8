"""Few enough boxes to be read: holdings of one sort that came the same way are one box, and the more there are the coarser the
sorts.

Each sort includes the generation, and what came from what goes from a lower to a higher, so boxes never stand in a circle either.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rightcall.holdings.model import Holding, Source
from rightcall.holdings.provenance.model import Derivation, FallReason, Trace
from rightcall.ids import CallId, HoldingId

LEGIBLE = 28
"""Boxes of holdings in one picture."""
Key: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Holdings that are shown as one, oldest first; what fell of any of them. `fell_itself`: none of it is only what they rest
    on."""

    nth: int
    holdings: tuple[Holding, ...]
    taints: tuple[FallReason, ...]
    fell_itself: bool

    @property
    def first(self) -> Holding:
        return self.holdings[0]

    @property
    def calls(self) -> tuple[CallId, ...]:
        return tuple(dict.fromkeys(each.call for each in self.holdings if each.call is not None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """From one group to one that was made from it, with those derivations."""

    origin: Group
    made: Group
    derivations: tuple[Derivation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    groups: tuple[Group, ...]
    arrows: tuple[Arrow, ...]


def grouped(trace: Trace, *, most: int = LEGIBLE) -> Picture:
    """The finest grouping that has no more than `most` groups, or the coarsest."""
    ranks = _ranks(trace)
    linked = {id for each in trace.derivations for id in (each.made, each.origin)}
    for sort in (_each, _by_place, _fine, _by_system, _by_source):
        by_key: dict[Key, list[Holding]] = defaultdict(list)
        for holding in sorted(trace.items.values(), key=lambda each: (each.made_at, each.id)):
            itself = holding.id if sort is _each and holding.id in linked else None
            by_key[ranks[holding.id], itself, *sort(trace, holding)].append(holding)
        if len(by_key) <= most:
            break
    return _picture(trace, list(by_key.values()))


def _picture(trace: Trace, sorts: Sequence[Sequence[Holding]]) -> Picture:
    groups = tuple(
        Group(
            nth=nth,
            holdings=tuple(each),
            taints=tuple(sorted({taint.reason for one in each for taint in trace.taints.get(one.id, ())})),
            fell_itself=all(taint.origin == one.id for one in each for taint in trace.taints.get(one.id, ())),
        )
        for nth, each in enumerate(sorts)
    )
    of = {holding.id: group for group in groups for holding in group.holdings}
    arrows: dict[tuple[int, int], list[Derivation]] = defaultdict(list)
    for derivation in trace.derivations:
        arrows[of[derivation.origin].nth, of[derivation.made].nth].append(derivation)
    return Picture(
        groups=groups,
        arrows=tuple(
            Arrow(origin=groups[origin], made=groups[made], derivations=tuple(each))
            for (origin, made), each in sorted(arrows.items())
        ),
    )


def _ranks(trace: Trace) -> Mapping[HoldingId, int]:
    """How many steps each is from its furthest origin in this trace."""
    origins: dict[HoldingId, list[HoldingId]] = defaultdict(list)
    for each in trace.derivations:
        origins[each.made].append(each.origin)
    ranks: dict[HoldingId, int] = {}

    def rank(holding: HoldingId) -> int:
        if holding not in ranks:
            ranks[holding] = 1 + max(map(rank, origins[holding])) if origins[holding] else 0
        return ranks[holding]

    for holding in trace.items:
        rank(holding)
    return ranks


def _each(trace: Trace, holding: Holding) -> Key:
    """What was found in one field of one file or table says the same of itself, and is one."""
    is_ours = holding.place.system is None
    return (*_by_place(trace, holding), holding.heard, holding.id if is_ours else None)


def _by_place(trace: Trace, holding: Holding) -> Key:
    return (*_fine(trace, holding), holding.place.object, holding.place.field)


def _fine(trace: Trace, holding: Holding) -> Key:
    """What, where, how, by which sort of people, from which call, what fell."""
    return (
        holding.place.system,
        holding.category,
        holding.provenance.source,
        holding.provenance.actor.role,
        holding.call if holding.provenance.source is not Source.SIPREC else None,
        _fell(trace, holding),
        holding.is_there,
    )


def _by_system(trace: Trace, holding: Holding) -> Key:
    return (holding.place.system, holding.category, holding.provenance.source, bool(_fell(trace, holding)), holding.is_there)


def _by_source(trace: Trace, holding: Holding) -> Key:
    return (holding.place.system, holding.provenance.source, bool(_fell(trace, holding)))


def _fell(trace: Trace, holding: Holding) -> frozenset[FallReason]:
    return frozenset(taint.reason for taint in trace.taints.get(holding.id, ()))
