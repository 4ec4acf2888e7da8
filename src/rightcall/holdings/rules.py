"""What a hold may name: a handful of slices, each once, each of something that is there, until a day still to come. How many
holdings are proved by one statement: by the root of the Merkle tree (RFC 9162) over them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.holdings.model import Hold, Holding, Slice
from rightcall.ids import HoldingId
from rightcall.ledger import tree
from rightcall.ledger.model import Digest

MOST_SLICES = 500
"""A statement names every slice, and a ledger entry has room for about so many."""


def check_hold(slices: Sequence[Slice], holdings: Mapping[HoldingId, Holding], until: date, today: date) -> None:
    """The smallest slice, and not for ever. Raises what is wrong with it."""
    if not slices:
        raise Malformed("A hold names what it keeps: give at least one holding and purpose.")
    if len(slices) > MOST_SLICES:
        raise Malformed(f"A hold keeps the smallest slice, at most {MOST_SLICES} of them. Place several holds, or name fewer.")
    if len({each.holding for each in slices}) != len(slices):
        raise Malformed("A hold names each holding once, for the one purpose that needs it.")
    if until < today:
        raise Malformed("The last day of a hold lies in the past. Give one to come.")
    for each in slices:
        _check_slice(each, holdings.get(each.holding))


def check_prolonging(hold: Hold, until: date, today: date) -> None:
    """Only what is still kept can be kept longer, and only longer."""
    if not hold.keeps(today):
        raise Conflict("This hold has ended, and what it kept is dark. Nothing brings it back.")
    if until <= hold.until:
        raise Malformed("A hold is given a later last day than it has. To end it sooner, lift it.")


def root_of(leaves: Iterable[bytes]) -> Digest:
    """Of at least one leaf."""
    return Digest(tree.root_of([tree.leaf_hash(leaf) for leaf in leaves]))


def ids_root(holdings: Sequence[HoldingId]) -> Digest:
    """Of the ids, in their order."""
    return root_of(holding.bytes for holding in sorted(holdings))


def _check_slice(slice: Slice, holding: Holding | None) -> None:
    if holding is None:
        raise NotFound("There is no such holding here. List the person's holdings to find its id.")
    if slice.purpose not in holding.purposes:
        raise Conflict("This holding is not kept for that purpose. Hold it for one that it is kept for.")
    if holding.disposed_at is not None:
        raise Conflict("This holding is gone: its bytes were deleted. It can no longer be held.")
