"""What goes by itself and when, and what is there though its day is over: by the map's counters, and truly.

The counters know a thing's own terms alone. What a hold keeps goes when the last hold does, where that is later or nothing else
opens it any more; what an erasure made dark is being deleted already, whatever its day.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from rightcall.clock import Clock, day_of
from rightcall.database.connection import Transaction
from rightcall.erasure import actions as erasures
from rightcall.holdings.categories import Category
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.map import actions as data_map
from rightcall.holdings.map.model import Ending
from rightcall.holdings.terms import store as terms
from rightcall.ids import SystemId
from rightcall.vault.actions import Vault

_Sort: TypeAlias = tuple[date, SystemId | None, Category]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """`ending`: what has its last day; ours goes by itself then. `by_hold`: what of ours goes by itself with the last hold that
    keeps it."""

    ending: tuple[Ending, ...]
    by_hold: tuple[Ending, ...]

    @property
    def going(self) -> Mapping[date, int]:
        """How much of ours goes by itself on each day."""
        days = Counter[date]()
        for each in (*self.ending, *self.by_hold):
            if each.system is None:
                days[each.last_day] += each.items
        return days


def coming(tx: Transaction, vault: Vault, clock: Clock, *, days: int) -> Coming:
    """From today on, within so many days."""
    today = day_of(clock.now())
    last = today + timedelta(days=days - 1)
    found = _otherwise(tx, vault, today, last)
    return Coming(
        ending=_less(data_map.ending(tx, clock, days=days), [(each.counted, each.category) for each in found]),
        by_hold=_summed(
            Counter((each.goes, None, each.category) for each in found if each.goes is not None and today <= each.goes <= last)
        ),
    )


def late(tx: Transaction, vault: Vault, clock: Clock) -> tuple[Ending, ...]:
    """What is there still though its last day is over, the longest over first: of ours what is being deleted, and of other
    systems what nobody let go of. What a hold keeps is there rightly."""
    yesterday = day_of(clock.now()) - timedelta(days=1)
    found = _otherwise(tx, vault, None, yesterday)
    return _less(
        data_map.late(tx, clock),
        [(each.counted, each.category) for each in found if each.goes is not None and each.goes > yesterday],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Otherwise:
    """Something that the counters have on one day, and that goes on another; None: it is dark and goes now."""

    counted: date
    goes: date | None
    category: Category


def _otherwise(tx: Transaction, vault: Vault, first: date | None, last: date) -> list[_Otherwise]:
    """What has either day from `first` (None: from ever) to `last`."""
    held = {each.holding: each for each in holds.held_between(tx, first, last)}
    own = {each.holding: (each.kept_until, each.category) for each in held.values()}
    erased = [erasures.get(tx, each).subject for each in erasures.unfinished(tx)]
    own |= {holding: (day, category) for holding, category, day in terms.ending_of(tx, erased, first, last)}
    opens = vault.may_open_yet(tx, list(own))
    found = list[_Otherwise]()
    for holding, (day, category) in own.items():
        ends = [*([day] if holding in opens else []), *([held[holding].ends_on] if holding in held else [])]
        if (goes := max(ends, default=None)) != day:
            found.append(_Otherwise(counted=day, goes=goes, category=category))
    return found


def _less(counted: Iterable[Ending], otherwise: Iterable[tuple[date, Category]]) -> tuple[Ending, ...]:
    not_then = Counter[_Sort]((day, None, category) for day, category in otherwise)
    sorts = Counter[_Sort]({(each.last_day, each.system, each.category): each.items for each in counted})
    return _summed(sorts - not_then)


def _summed(sorts: Counter[_Sort]) -> tuple[Ending, ...]:
    """In the order of their days, ours first."""
    return tuple(
        Ending(last_day=day, system=system, category=category, items=items)
        for (day, system, category), items in sorted(
            sorts.items(), key=lambda each: (each[0][0], str(each[0][1] or ""), each[0][2])
        )
    )
