"""How a row of the map is proved: a batch's statement carries the root of the Merkle tree (RFC 9162) over its rows, in the
order of their ids. A row's bytes say what never changes of it, and nothing of whose it is.
"""

from collections.abc import Sequence
from uuid import UUID

from rightcall.errors import Malformed
from rightcall.holdings.categories import Category, Sensitivity
from rightcall.holdings.model import NewForeign
from rightcall.holdings.places import Place
from rightcall.ids import HoldingId

MOST = 100_000
"""Rows in one batch: a batch is one transaction and is kept in memory."""
_NOWHERE = UUID(int=0)


def check_batch(batch: Sequence[NewForeign]) -> None:
    """Raises what is wrong with a batch as a whole."""
    if len(batch) > MOST:
        raise Malformed(f"A batch has at most {MOST} holdings. Register more in several.")
    if len({new.id for new in batch}) != len(batch):
        raise Malformed("A batch names each holding once.")
    if any(new.provenance.actor != batch[0].provenance.actor for new in batch):
        raise Malformed("A batch is the word of one actor. Register what others said in batches of their own.")


def row_bytes(holding: HoldingId, category: Category, sensitivity: Sensitivity, place: Place) -> bytes:
    """The leaf of a row."""
    system, object = place.system or _NOWHERE, place.object or _NOWHERE
    words = f"{category}|{sensitivity}|{place.field}|{place.start}|{place.end}".encode()
    return b"rightcall.holding.v1|" + holding.bytes + system.bytes + object.bytes + words
