"""A checkpoint that somebody keeps elsewhere, a witness, an auditor or the operator, held against a ledger: whether the ledger
goes on from it, was put back to before it, or tells another story (RFC 9162, 2.1.4: a tree of which both sizes are at hand has
one root for each). Pure.
"""

from collections.abc import Callable
from dataclasses import dataclass

from rightcall.errors import Tampered
from rightcall.ledger.checkpoint import Checkpoint
from rightcall.ledger.model import TreeHead


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """`lost`: so many entries were signed after the last one that the ledger has; 0 where it goes on from the checkpoint, which
    is then proved. Where some are lost, only a checkpoint that is no longer than the ledger tells that it begins as it did."""

    kept: TreeHead
    size: int
    lost: int


def hold(kept: Checkpoint, size: int, root_at: Callable[[int], bytes]) -> Held:
    """Against a ledger of so many entries, whose first n have the root `root_at(n)`. Tampered where both cannot be one ledger."""
    head = kept.head
    if head.size > size:
        return Held(kept=head, size=size, lost=head.size - size)
    if root_at(head.size) != head.root:
        raise Tampered(
            f"The checkpoint of {head.size:,} entries and this ledger are two histories: its first {head.size:,} entries are not"
            " what was signed then. Stop, keep both as they are, and tell the DPO."
        )
    return Held(kept=head, size=size, lost=0)
