"""A checkpoint that somebody kept, against a ledger that goes on from it, was put back, or tells another story."""

import pytest

from rightcall.errors import Malformed, Tampered
from rightcall.ledger.checkpoint import Checkpoint
from rightcall.ledger.consistency import Consistency, consistency_text, parse_consistency
from rightcall.ledger.kept import Held, Kept, hold, newest
from rightcall.ledger.model import TreeHead
from rightcall.ledger.tree import consistency_path, leaf_hash, root_of
from tests.ledger.whole import node_of


def root_at(leaves: list[bytes], size: int) -> bytes:
    return root_of([leaf_hash(each) for each in leaves[:size]])


def kept(leaves: list[bytes], *, begins: int | None = None) -> Kept:
    """`begins`: with the proof that it goes on from so many."""
    size = len(leaves)
    checkpoint = Checkpoint(origin="ledger.example", head=TreeHead(size=size, root=root_at(leaves, size)))
    if begins is None:
        return Kept(checkpoint=checkpoint)
    path = consistency_path(begins, size, node_of([leaf_hash(each) for each in leaves]))
    return Kept(checkpoint=checkpoint, proof=Consistency(old=begins, hashes=path, checkpoint="note\n"))


LEAVES = [b"a", b"b", b"c", b"d", b"e"]


@pytest.mark.parametrize(("size", "lost"), [(0, 5), (3, 2), (5, 0)])
def test_so_many_are_lost_of_a_ledger_that_is_shorter(size: int, lost: int) -> None:
    found = kept(LEAVES)
    held = hold(found, size, lambda n: root_at(LEAVES[:size], n))
    assert held == Held(kept=found.checkpoint.head, size=size, lost=lost, begins=0 if lost else 5)


@pytest.mark.parametrize("size", range(6))
def test_a_ledger_goes_on_from_every_checkpoint_of_its_own(size: int) -> None:
    assert hold(kept(LEAVES[:size]), 5, lambda n: root_at(LEAVES, n)).lost == 0


@pytest.mark.parametrize("changed", range(3))
def test_one_entry_that_is_another_is_another_history(changed: int) -> None:
    other = [b"other" if n == changed else each for n, each in enumerate(LEAVES)]
    with pytest.raises(Tampered, match="two histories"):
        hold(kept(LEAVES[:3]), 5, lambda n: root_at(other, n))


@pytest.mark.parametrize("begins", range(1, 6))
def test_a_proof_shows_how_much_of_a_shorter_ledger_is_the_beginning(begins: int) -> None:
    held = hold(kept(LEAVES, begins=begins), 3, lambda n: root_at(LEAVES[:3], n))
    assert held.begins == (begins if begins <= 3 else 0), "from more entries than it has, nothing is told of it"
    other = [b"other", *LEAVES[1:3]]
    if begins <= 3:
        with pytest.raises(Tampered, match="does not lead to it"):
            hold(kept(LEAVES, begins=begins), 3, lambda n: root_at(other, n))


def test_of_several_the_longest_counts_and_two_that_differ_are_refused() -> None:
    holds = [hold(each, 3, lambda n: root_at(LEAVES[:3], n)) for each in (kept(LEAVES[:2]), kept(LEAVES), kept(LEAVES, begins=2))]
    assert (newest(holds).kept.size, newest(holds).lost, newest(holds).begins) == (5, 2, 2)
    forked = hold(kept([*LEAVES[:4], b"other"]), 3, lambda n: root_at(LEAVES[:3], n))
    with pytest.raises(Tampered, match="Two checkpoints of 5 entries"):
        newest([*holds, forked])


def test_a_proof_is_read_as_a_witness_is_sent_it_and_in_no_other_form() -> None:
    proof = Consistency(old=3, hashes=(bytes(32), bytes([1]) * 32), checkpoint="ledger.example\n5\nroot\n\n\u2014 name sig\n")
    text = consistency_text(proof)
    assert text.splitlines()[0] == "old 3"
    assert parse_consistency(text) == proof
    for wrong in (
        text.replace("old 3", "old 03"),
        text.replace("A=\n", "A\n", 1),
        text.replace("old", "new"),
        "old 3\n",
        text[6:],
    ):
        with pytest.raises(Malformed):
            parse_consistency(wrong)
