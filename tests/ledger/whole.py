"""A small tree, read whole: what tiles and paths are held against."""

from collections.abc import Sequence

from rightcall.ledger.tree import Node, node_hash


def node_of(entry_hashes: Sequence[bytes]) -> Node:
    """`node` over leaf hashes in memory."""

    def node(height: int, index: int) -> bytes:
        if height == 0:
            return entry_hashes[index]
        return node_hash(node(height - 1, 2 * index), node(height - 1, 2 * index + 1))

    return node
