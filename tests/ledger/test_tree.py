"""RFC 9162: known vectors, agreement with a peer's tree, and every way of bending a proof."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree, InvalidProof, MerkleProof, verify_consistency

from rightcall.errors import Malformed
from rightcall.ledger.tree import (
    EMPTY_ROOT,
    Node,
    consistency_path,
    inclusion_path,
    is_consistent,
    is_included,
    leaf_hash,
    root,
    root_of,
)
from tests.ledger.whole import node_of

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/ledger/merkle.json").read_text())
LEAVES = [bytes.fromhex(leaf) for leaf in VECTORS["leaves"]]
ROOTS = [bytes.fromhex(each) for each in VECTORS["roots"]]
entries = st.lists(st.binary(max_size=4), min_size=1, max_size=70)


def nodes(leaves: list[bytes]) -> Node:
    return node_of([leaf_hash(leaf) for leaf in leaves])


def peer_accepts(before: bytes, after: bytes, proof: MerkleProof) -> bool:
    try:
        verify_consistency(before, after, proof)
    except InvalidProof:
        return False
    return True


def unhex(path: list[str]) -> list[bytes]:
    return [bytes.fromhex(each) for each in path]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_known_ones(size: int) -> None:
    assert root(size, nodes(LEAVES)) == ROOTS[size]


@pytest.mark.parametrize("size", range(9))
def test_roots_over_what_is_in_memory_are_the_same(size: int) -> None:
    assert root_of([leaf_hash(leaf) for leaf in LEAVES[:size]]) == ROOTS[size]


@given(entries)
def test_a_root_is_the_same_level_by_level(leaves: list[bytes]) -> None:
    assert root_of([leaf_hash(leaf) for leaf in leaves]) == root(len(leaves), nodes(leaves))


@pytest.mark.parametrize("vector", VECTORS["inclusion"])
def test_inclusion_proofs_are_the_known_ones(vector: dict[str, int | list[str]]) -> None:
    index, size, path = vector["index"], vector["size"], vector["path"]
    assert isinstance(index, int)
    assert isinstance(size, int)
    assert isinstance(path, list)
    assert list(inclusion_path(index, size, nodes(LEAVES))) == unhex(path)
    assert is_included(leaf_hash(LEAVES[index]), index, size, unhex(path), ROOTS[size])


@pytest.mark.parametrize("vector", VECTORS["consistency"])
def test_consistency_proofs_are_the_known_ones(vector: dict[str, int | list[str]]) -> None:
    old, new, path = vector["old"], vector["new"], vector["path"]
    assert isinstance(old, int)
    assert isinstance(new, int)
    assert isinstance(path, list)
    assert list(consistency_path(old, new, nodes(LEAVES))) == unhex(path)
    assert is_consistent(old, new, ROOTS[old], ROOTS[new], unhex(path))


@settings(max_examples=60, deadline=None)
@given(entries, st.data())
def test_a_peer_agrees_on_roots_and_proofs(leaves: list[bytes], data: st.DataObject) -> None:
    peer = InmemoryTree(algorithm="sha256")
    peer.append_entries(leaves)
    new = data.draw(st.integers(1, len(leaves)))
    old = data.draw(st.integers(1, new))
    index = data.draw(st.integers(0, new - 1))
    node = nodes(leaves)
    assert root(new, node) == peer.get_root(new)
    theirs = unhex(peer.prove_inclusion(index + 1, new).serialize()["path"])
    # The peer begins with the leaf itself.
    assert [leaf_hash(leaves[index]), *inclusion_path(index, new, node)] == theirs
    # The peer's consistency proofs are of another shape than RFC 9162's: the two must agree on what they prove.
    proof, path = peer.prove_consistency(old, new), consistency_path(old, new, node)
    for before in (root(old, node), root(data.draw(st.integers(1, new)), node)):
        assert is_consistent(old, new, before, root(new, node), path) == peer_accepts(before, root(new, node), proof)


@settings(max_examples=60, deadline=None)
@given(entries, st.data())
def test_what_is_proved_is_accepted_and_nothing_near_it(leaves: list[bytes], data: st.DataObject) -> None:
    size = len(leaves)
    index = data.draw(st.integers(0, size - 1))
    node = nodes(leaves)
    head, entry, path = root(size, node), leaf_hash(leaves[index]), list(inclusion_path(index, size, node))
    assert is_included(entry, index, size, path, head)
    assert not is_included(leaf_hash(leaves[index] + b"x"), index, size, path, head)
    assert not is_included(entry, index, size, [*path, entry], head)
    assert not is_included(entry, index, size, [entry, *path], head)
    assert not is_included(entry, size, size, path, head)
    assert not is_included(entry, -1, size, path, head)
    assert not is_included(entry, index, size, path, bytes(32))
    for place in range(len(path)):
        assert not is_included(entry, index, size, path[:place] + path[place + 1 :], head)
        flipped = bytes([path[place][0] ^ 1]) + path[place][1:]
        assert not is_included(entry, index, size, [*path[:place], flipped, *path[place + 1 :]], head)


@settings(max_examples=60, deadline=None)
@given(entries, st.data())
def test_a_tree_is_consistent_with_its_past_and_with_no_other(leaves: list[bytes], data: st.DataObject) -> None:
    new = len(leaves)
    old = data.draw(st.integers(1, new))
    node = nodes(leaves)
    before, after, path = root(old, node), root(new, node), list(consistency_path(old, new, node))
    assert is_consistent(old, new, before, after, path)
    assert not is_consistent(old, new, bytes(32), after, path)
    assert not is_consistent(old, new, before, bytes(32), path)
    assert not is_consistent(old, new, before, after, [*path, bytes(32)])
    assert not is_consistent(new + 1, new, before, after, path)
    for place in range(len(path)):
        assert not is_consistent(old, new, before, after, path[:place] + path[place + 1 :])
        flipped = bytes([path[place][0] ^ 1]) + path[place][1:]
        assert not is_consistent(old, new, before, after, [*path[:place], flipped, *path[place + 1 :]])


def test_every_tree_begins_with_the_empty_one() -> None:
    assert is_consistent(0, 8, EMPTY_ROOT, ROOTS[8], [])
    assert not is_consistent(0, 8, ROOTS[1], ROOTS[8], [])
    assert not is_consistent(0, 8, EMPTY_ROOT, ROOTS[8], [ROOTS[8]])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (8, 8), (-1, 8)])
def test_there_is_no_proof_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(Malformed):
        inclusion_path(index, size, nodes(LEAVES))


@pytest.mark.parametrize(("old", "new"), [(0, 8), (8, 7)])
def test_there_is_no_consistency_proof_backwards_or_from_nothing(old: int, new: int) -> None:
    with pytest.raises(Malformed):
        consistency_path(old, new, nodes(LEAVES))
