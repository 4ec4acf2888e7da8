"""A small tree and a bundle, read whole: what tiles and paths are held against."""

from collections.abc import Sequence

from rightcall.ledger.tree import Node, node_hash


def node_of(entry_hashes: Sequence[bytes]) -> Node:
    """`node` over leaf hashes in memory."""

    def node(height: int, index: int) -> bytes:
        if height == 0:
            return entry_hashes[index]
        return node_hash(node(height - 1, 2 * index), node(height - 1, 2 * index + 1))

    return node


def entries_of(bundle: bytes) -> list[bytes]:
    entries, rest = [], bundle
    while rest:
        length = int.from_bytes(rest[:2], "big")
        assert len(rest) >= 2 + length, "it is cut off"
        entries.append(rest[2 : 2 + length])
        rest = rest[2 + length :]
    return entries
