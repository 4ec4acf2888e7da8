"""A checkpoint that somebody kept, against a ledger that goes on from it, was put back, or tells another story."""

import pytest

from rightcall.errors import Tampered
from rightcall.ledger.checkpoint import Checkpoint
from rightcall.ledger.kept import Held, hold
from rightcall.ledger.model import TreeHead
from rightcall.ledger.tree import leaf_hash, root_of


def root_at(leaves: list[bytes], size: int) -> bytes:
    return root_of([leaf_hash(each) for each in leaves[:size]])


def kept(leaves: list[bytes]) -> Checkpoint:
    return Checkpoint(origin="ledger.example", head=TreeHead(size=len(leaves), root=root_at(leaves, len(leaves))))


LEAVES = [b"a", b"b", b"c", b"d", b"e"]


@pytest.mark.parametrize(("size", "lost"), [(0, 5), (3, 2), (5, 0)])
def test_so_many_are_lost_of_a_ledger_that_is_shorter(size: int, lost: int) -> None:
    found = kept(LEAVES)
    assert hold(found, size, lambda n: root_at(LEAVES[:size], n)) == Held(kept=found.head, size=size, lost=lost)


@pytest.mark.parametrize("size", range(6))
def test_a_ledger_goes_on_from_every_checkpoint_of_its_own(size: int) -> None:
    assert hold(kept(LEAVES[:size]), 5, lambda n: root_at(LEAVES, n)).lost == 0


@pytest.mark.parametrize("changed", range(3))
def test_one_entry_that_is_another_is_another_history(changed: int) -> None:
    other = [b"other" if n == changed else each for n, each in enumerate(LEAVES)]
    with pytest.raises(Tampered, match="two histories"):
        hold(kept(LEAVES[:3]), 5, lambda n: root_at(other, n))
