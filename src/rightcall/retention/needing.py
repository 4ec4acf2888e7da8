"""Who needs what would be forgotten: those it is about, and rooms that this one does not know, by a `Need` of theirs."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from rightcall.database.connection import Transaction
from rightcall.erasure.store import erased_among
from rightcall.holdings.gone.model import Gone
from rightcall.ids import HoldingId
from rightcall.subjects.store import own_limits

Need: TypeAlias = Callable[[Transaction, Sequence[Gone]], AbstractSet[HoldingId]]
"""Those of these that are needed still."""


def needed_of_people(tx: Transaction, page: Sequence[Gone], needs: Sequence[Need]) -> set[HoldingId]:
    """Of those who were erased, what their certificate counts; of those who want theirs kept (Art. 18), all of it; and what any
    of `needs` says."""
    subjects = list({each.subject for each in page if each.subject is not None})
    erased = erased_among(tx, subjects)
    kept = {subject for subject, wish in own_limits(tx, subjects).items() if wish.restricted_at is not None}
    theirs = {each.id for each in page if each.subject in erased or each.subject in kept}
    return theirs.union(*(need(tx, page) for need in needs))
