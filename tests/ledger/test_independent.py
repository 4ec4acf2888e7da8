"""Our proofs, checked by code that is not ours: sigstore's verifier of signed checkpoints and inclusion in a log."""

import base64
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import verify_checkpoint
from sigstore._internal.trust import Keyring, RekorKeyring
from sigstore.errors import VerificationError
from sigstore.models import TransparencyLogEntry
from sigstore_models.common import v1 as common
from sigstore_models.rekor import v1 as rekor

from rightcall.ledger.checkpoint import VerifierKey, key_of, open_note, parse_checkpoint
from rightcall.ledger.proof import Proof, parse_proof, proof_text
from tests.ledger.fakes import OTHER_SIGNER, SIGNER, proof_of

LEAVES = [f"leaf {number}".encode() for number in range(1, 70)]
SIZES = (1, 2, 3, 7, 8, 33, 69)


def foreign_check(proof: Proof, leaf: bytes, key: VerifierKey) -> None:
    """The whole proof in sigstore's hands: signature on the checkpoint, its root, and the way from the leaf to it."""
    head = parse_checkpoint(open_note(proof.checkpoint, key_of(SIGNER))).head
    entry = TransparencyLogEntry(
        rekor.TransparencyLogEntry.from_dict(
            {
                "logIndex": str(proof.index),
                "logId": {"keyId": base64.b64encode(key.id).decode()},
                "kindVersion": {"kind": "statement", "version": "1"},
                "canonicalizedBody": base64.b64encode(leaf).decode(),
                "inclusionProof": {
                    "logIndex": str(proof.index),
                    "rootHash": base64.b64encode(head.root).decode(),
                    "treeSize": str(head.size),
                    "hashes": [base64.b64encode(each).decode() for each in proof.hashes],
                    "checkpoint": {"envelope": proof.checkpoint},
                },
            }
        )
    )
    verify_merkle_inclusion(entry)
    verify_checkpoint(RekorKeyring(Keyring([foreign_key(key)])), entry)


def foreign_key(key: VerifierKey) -> common.PublicKey:
    der = Ed25519PublicKey.from_public_bytes(key.public_key).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return common.PublicKey(
        raw_bytes=base64.b64encode(der),
        key_details=common.PublicKeyDetails.PKIX_ED25519,
        valid_for=None,
    )


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
