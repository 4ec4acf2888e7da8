"""Putting together what slices of the map and of the log of uses hold: counts that are added up, and nothing of anybody."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from typing import TypeVar
from uuid import UUID

from rightcall.ethics.minimisation.model import Cohort, Counted, FieldRead, Kept, UsesAtAge
from rightcall.holdings.uses.model import Ground
from rightcall.ids import HoldingId

FIRST = datetime(1970, 1, 1, tzinfo=UTC)
"""Before anything was kept."""
LOWEST, HIGHEST = HoldingId(UUID(int=0)), HoldingId(UUID(int=(1 << 128) - 1))
At = TypeVar("At", datetime, HoldingId)
_NEEDS = (Ground.PURPOSE, Ground.CASE)


def slices(end: Callable[[At], At | None], since: At, until: At) -> Iterator[tuple[At, At]]:
    """Each is after its beginning, up to its end."""
    while (ends := end(since)) is not None and ends < until:
        yield since, ends
        since = ends
    yield since, until


def cohorts(parts: Iterable[list[Cohort]]) -> list[Cohort]:
    found: Counter[tuple[int, int, int | None]] = Counter()
    for each in chain.from_iterable(parts):
        found[each.since, each.until, each.last] += each.holdings
    return [Cohort(since=since, until=until, last=last, holdings=count) for (since, until, last), count in found.items()]


def kept(parts: Iterable[list[Kept]]) -> list[Kept]:
    found: dict[tuple[str, str, str], Kept] = {}
    for each in chain.from_iterable(parts):
        place = (each.category, str(each.system or ""), each.field or "")
        so_far = found.get(place)
        found[place] = each if so_far is None else _together(so_far, each)
    return [found[place] for place in sorted(found)]


def _together(one: Kept, other: Kept) -> Kept:
    return replace(
        one,
        holdings=one.holdings + other.holdings,
        old_enough=one.old_enough + other.old_enough,
        read=one.read + other.read,
        told=one.told and other.told,
    )


def ages(counted: Iterable[Counted]) -> list[UsesAtAge]:
    """For the purpose: neither to answer a person's own request nor under a hold. Also of what is not on the map, where whoever
    told of the use told since when the data is there."""
    uses: Counter[int] = Counter()
    cases: Counter[int] = Counter()
    for each in counted:
        if not each.refused and each.age_days is not None and each.ground in _NEEDS:
            uses[each.age_days] += each.uses
            cases[each.age_days] += each.uses if each.ground is Ground.CASE else 0
    return [UsesAtAge(age_days=age, uses=uses[age], cases=cases[age]) for age in sorted(uses)]


def fields(counted: Iterable[Counted]) -> list[FieldRead]:
    """The most read first."""
    uses: Counter[str] = Counter()
    last: dict[str, datetime] = {}
    for each in counted:
        for field in () if each.refused else each.fields:
            uses[field] += each.uses
            last[field] = max(each.last_at, last.get(field, each.last_at))
    return [FieldRead(field=field, uses=count, last_at=last[field]) for field, count in sorted(uses.items(), key=_most_first)]


def _most_first(counted: tuple[str, int]) -> tuple[int, str]:
    field, uses = counted
    return -uses, field
