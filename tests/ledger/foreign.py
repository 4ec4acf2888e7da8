"""sigstore's verifier of signed checkpoints and of inclusion in a log, fed with our proofs: code that is not ours."""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import SignedCheckpoint, verify_checkpoint
from sigstore._internal.trust import Keyring, RekorKeyring
from sigstore.models import TransparencyLogEntry
from sigstore_models.common import v1 as common
from sigstore_models.rekor import v1 as rekor

from rightcall.ledger.checkpoint import VerifierKey
from rightcall.ledger.proof import Proof


def foreign_check(proof: Proof, leaf: bytes, key: VerifierKey) -> None:
    """The whole proof in sigstore's hands: signature on the checkpoint, its root, and the way from the leaf to it."""
    said = SignedCheckpoint.from_text(proof.checkpoint).checkpoint
    entry = TransparencyLogEntry(
        rekor.TransparencyLogEntry.from_dict(
            {
                "logIndex": str(proof.index),
                "logId": {"keyId": base64.b64encode(key.id).decode()},
                "kindVersion": {"kind": "statement", "version": "1"},
                "canonicalizedBody": base64.b64encode(leaf).decode(),
                "inclusionProof": {
                    "logIndex": str(proof.index),
                    "rootHash": base64.b64encode(bytes.fromhex(said.log_hash)).decode(),
                    "treeSize": str(said.log_size),
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
