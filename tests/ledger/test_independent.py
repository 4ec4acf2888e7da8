"""Our proofs, checked by code that is not ours: sigstore's verifier of signed checkpoints and inclusion in a log."""

from collections.abc import Callable

import pytest
from sigstore.errors import VerificationError

from rightcall.ledger.checkpoint import key_of
from rightcall.ledger.proof import Proof, parse_proof, proof_text
from tests.ledger.fakes import OTHER_SIGNER, SIGNER, proof_of
from tests.ledger.foreign import foreign_check

LEAVES = [f"leaf {number}".encode() for number in range(1, 70)]
SIZES = (1, 2, 3, 7, 8, 33, 69)


@pytest.mark.parametrize("size", SIZES)
def test_a_stranger_accepts_every_proof_of_ours(size: int) -> None:
    for index in range(size):
        proof = parse_proof(proof_text(proof_of(LEAVES[:size], index)))
        foreign_check(proof, LEAVES[index], key_of(SIGNER))


@pytest.mark.parametrize(
    "bend",
    [
        lambda proof: Proof(index=proof.index ^ 1, hashes=proof.hashes, checkpoint=proof.checkpoint),
        lambda proof: Proof(index=proof.index, hashes=proof.hashes[::-1], checkpoint=proof.checkpoint),
        lambda proof: Proof(index=proof.index, hashes=proof.hashes[1:], checkpoint=proof.checkpoint),
    ],
)
def test_a_stranger_refuses_what_is_bent(bend: Callable[[Proof], Proof]) -> None:
    with pytest.raises(VerificationError):
        foreign_check(bend(proof_of(LEAVES[:33], 12)), LEAVES[12], key_of(SIGNER))


def test_a_stranger_refuses_another_leaf_and_another_key() -> None:
    proof = proof_of(LEAVES[:33], 12)
    with pytest.raises(VerificationError):
        foreign_check(proof, LEAVES[13], key_of(SIGNER))
    with pytest.raises(VerificationError):
        foreign_check(proof, LEAVES[12], key_of(OTHER_SIGNER))
