"""What a hold may name: a handful of slices, each once, each of something that is there, until a day to come. Who may agree.

A token is one role and stands for nobody by name, so that two people spoke is known by their roles alone.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from rightcall.actors import Actor
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound
from rightcall.holdings.holds.model import Hold, HoldReason, Law, Slice
from rightcall.holdings.model import Holding
from rightcall.ids import HoldingId
from rightcall.purposes.rules import LONGEST_TERM_DAYS

MOST_SLICES = 500
"""A statement names every slice, and a ledger entry has room for about so many."""
AGREE_WITHIN = timedelta(days=7)
DUTY_WITHIN = timedelta(days=30)
"""For what the system placed since a law demands it: nobody waits for the second word."""
SOON = timedelta(days=30)


def check_ground(reason: HoldReason, law: Law | None) -> None:
    if reason is HoldReason.LEGAL_OBLIGATION and law is None:
        raise Malformed("A duty to keep is some law's: name which, with its article or section.")


def check_same_law(now: Law | None, given: Law | None) -> None:
    if given is not None and now not in (None, given):
        raise Conflict(f"This is kept by {now}. Agree to that and name no other, or leave it.")


def check_hold(slices: Sequence[Slice], holdings: Mapping[HoldingId, Holding], until: date, today: date) -> None:
    """The smallest slice, and not for ever. Raises what is wrong with it."""
    if not slices:
        raise Malformed("A hold names what it keeps: give at least one holding and purpose.")
    if len(slices) > MOST_SLICES:
        raise Malformed(f"A hold keeps the smallest slice, at most {MOST_SLICES} of them. Place several holds, or name fewer.")
    if len({each.holding for each in slices}) != len(slices):
        raise Malformed("A hold names each holding once, for the one purpose that needs it.")
    check_until(until, today)
    for each in slices:
        _check_slice(each, holdings.get(each.holding))


def check_until(until: date, today: date) -> None:
    """A day to come, and not for ever."""
    if until < today:
        raise Malformed("The last day of a hold lies in the past. Give one to come.")
    _check_ends(until, today)


def check_prolonging(hold: Hold, until: date, today: date) -> None:
    """Only what is still kept can be kept longer, and only longer."""
    check_stands(hold, today)
    if hold.agreed is None:
        raise Conflict("Nobody has agreed to this hold yet. Have it agreed to first, or lift it and place one until a later day.")
    if until <= hold.until:
        raise Malformed("A hold is given a later last day than it has. To end it sooner, lift it.")
    _check_ends(until, today)


def _check_ends(until: date, today: date) -> None:
    if until > today + timedelta(days=LONGEST_TERM_DAYS):
        raise Malformed(
            f"A hold is not for ever: its last day lies at most {LONGEST_TERM_DAYS:,} days ahead, as that of a term. Give the day"
            " by which the reason is over, and prolong it if it is not."
        )


def check_stands(hold: Hold, today: date) -> None:
    if not hold.keeps(today):
        raise Conflict("This hold has ended, and what it kept is dark. Nothing brings it back.")


def check_second(by: Actor, first: Actor) -> None:
    """Two agree: whoever asked is not whoever says yes to it."""
    if by.role is first.role:
        raise NotAllowed(
            f"Whoever placed this has the role {first.role.value} too, and a hold needs a second person's word. Have somebody in"
            " another role agree: a supervisor, a reviewer or the DPO."
        )


def waits_for(hold: Hold, by: Actor) -> bool:
    """Whether the word of somebody in this role would count: on the hold, or on the later day that was asked for."""
    if hold.agreed is None:
        return hold.owner.role is not by.role
    return hold.longer is not None and hold.longer.by.role is not by.role


def _check_slice(slice: Slice, holding: Holding | None) -> None:
    if holding is None:
        raise NotFound("There is no such holding here. List the person's holdings to find its id.")
    if not holding.purposes:
        raise Conflict(
            "Nobody has said what this is kept for. Say it of its system (`rightcall system check NAME --use`), then hold it."
        )
    if slice.purpose not in holding.purposes:
        raise Conflict("This holding is not kept for that purpose. Hold it for one that it is kept for.")
    if not holding.is_there and holding.disposed_at is None:
        raise Conflict("This is not any more where another system kept it. Scan the system again; what is gone cannot be held.")
    if holding.disposed_at is not None:
        raise Conflict("This holding is gone: its bytes were deleted. It can no longer be held.")
