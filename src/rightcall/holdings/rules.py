"""How many holdings are proved by one statement: by the root of the Merkle tree (RFC 9162) over them."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from rightcall.ledger import tree
from rightcall.ledger.model import Digest


def root_of(leaves: Iterable[bytes]) -> Digest:
    """Of at least one leaf."""
    return Digest(tree.root_of([tree.leaf_hash(leaf) for leaf in leaves]))


def ids_root(ids: Sequence[UUID]) -> Digest:
    """Of the ids, in their order."""
    return root_of(sorted(id.bytes for id in ids))
