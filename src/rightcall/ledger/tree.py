"""The Merkle tree of RFC 9162, section 2.1: roots, proofs, and the checking of proofs.

Pure. Where the hashes are kept is not known here: a function `node(height, index)` answers the root of the complete subtree
over leaves `index * 2**height` up to `(index + 1) * 2**height`.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeAlias

from rightcall.errors import Malformed

Node: TypeAlias = Callable[[int, int], bytes]
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(size: int, node: Node) -> bytes:
    """The tree head over the first `size` leaves (2.1.1)."""
    return EMPTY_ROOT if size == 0 else _subtree(0, size, node)


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The tree head over leaf hashes that are all in memory: level by level, and whoever has no neighbour goes up as it is."""
    level = hashes
    while len(level) > 1:
        alone = level[len(level) & ~1 :]
        level = [*(node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=False)), *alone]
    return level[0] if level else EMPTY_ROOT


def inclusion_path(index: int, size: int, node: Node) -> tuple[bytes, ...]:
    """PATH(index, D[size]), from the leaf's sibling up (2.1.3.1)."""
    if not 0 <= index < size:
        raise Malformed(f"There is no leaf {index} in a tree of {size}.")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_subtree(middle, end, node))
            end = middle
        else:
            path.append(_subtree(start, middle, node))
            start = middle
    return tuple(reversed(path))


def consistency_path(old: int, new: int, node: Node) -> tuple[bytes, ...]:
    """PROOF(old, D[new]) (2.1.4.1). Empty where the trees are the same."""
    if not 0 < old <= new:
        raise Malformed(f"There is no consistency proof from a tree of {old} to one of {new}.")
    path: list[bytes] = []
    start, end, is_whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_subtree(middle, end, node))
            end = middle
        else:
            path.append(_subtree(start, middle, node))
            start, is_whole = middle, False
    if not is_whole:
        path.append(_subtree(start, end, node))
    return tuple(reversed(path))


def is_included(entry_hash: bytes, index: int, size: int, path: Sequence[bytes], tree_root: bytes) -> bool:
    """Whether `path` leads from the leaf to the root: the algorithm of 2.1.3.2, step by step."""
    if not 0 <= index < size:
        return False
    fn, sn, r = index, size - 1, entry_hash
    for p in path:
        if sn == 0 or len(p) != 32:
            return False
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == tree_root


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of `new` leaves begins with the tree of `old`: the algorithm of 2.1.4.2, step by step."""
    if not 0 <= old <= new or any(len(p) != 32 for p in path):
        return False
    if old == new or old == 0:
        return not path and (old_root == new_root if old == new else old_root == EMPTY_ROOT)
    hashes = list(path) if old & (old - 1) else [old_root, *path]
    if not hashes:
        return False
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = hashes[0]
    for c in hashes[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == new_root


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1


def _subtree(start: int, end: int, node: Node) -> bytes:
    """MTH(D[start:end]); `start` is a multiple of the power of two that `end - start` rounds up to."""
    size = end - start
    if size & (size - 1) == 0:
        return node(size.bit_length() - 1, start // size)
    middle = start + _split(size)
    return node_hash(_subtree(start, middle, node), _subtree(middle, end, node))
