"""Keeping a slice longer: weighed by the law and by what is right, the stretch that is wanted cut out of its take, and the hold
placed on that and on nothing else."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rightcall.actors import Actor
from rightcall.clock import day_of
from rightcall.database.connection import Transaction
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Hold, HoldName, HoldReason, Law, Slice, Untold
from rightcall.holdings.holds.rules import check_until
from rightcall.holdings.holds.weighing import Asked, duty_of, weigh
from rightcall.holdings.ports import Objects
from rightcall.ids import HoldId, new_id
from rightcall.recordings.cutting import cut_all
from rightcall.recordings.tools import Tools


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHold:
    """`untold`: why the person must not be told; None where they are to be told."""

    name: HoldName
    reason: HoldReason
    law: Law | None
    untold: Untold | None
    until: date
    slices: Sequence[Slice]


def place(tx: Transaction, tools: Tools, objects: Objects, new: NewHold, *, by: Actor) -> tuple[Asked, Hold | None]:
    """Kept for a week, until somebody in another role agrees; None where the law or the house says no. Raises as `holds.place`
    does."""
    asked = weigh(
        tx,
        tools.rules,
        tools.clock,
        reason=new.reason,
        law_named=new.law is not None,
        duty=duty_of(tx, new.slices),
        against_wish=False,
        by=by,
    )
    if not asked.verdict.proceeds:
        return asked, None
    check_until(new.until, day_of(tools.clock.now()))
    hold = HoldId(new_id())
    with tempfile.TemporaryDirectory(prefix="rightcall-hold-") as scratch:
        cut = cut_all(tx, tools, objects, hold=hold, wanted=new.slices, by=by, scratch=Path(scratch))
    placed = holds.place(
        tx,
        tools.vault,
        tools.clock,
        name=new.name,
        reason=new.reason,
        law=new.law,
        untold=new.untold,
        owner=by,
        until=new.until,
        slices=cut,
        verdict=asked.id,
        id=hold,
    )
    return asked, placed
