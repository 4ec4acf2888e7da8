"""A proof that a leaf stands in the ledger, as a text that anyone can check offline: C2SP tlog-proof.

The leaf itself travels as the proof's extra data, so that the text is all that is needed beside the ledger's key.
"""

import base64
from dataclasses import dataclass

from rightcall.errors import Malformed, Tampered
from rightcall.ledger.checkpoint import Checkpoint, VerifierKey, number, open_note, parse_checkpoint, unbase64
from rightcall.ledger.tree import is_included, leaf_hash

_FIRST = "c2sp.org/tlog-proof@v1"
_MOST_HASHES = 63


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """`checkpoint` is the whole signed note; `extra` is not authenticated by the format."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None


def proof_text(proof: Proof) -> str:
    lines = [_FIRST]
    if proof.extra is not None:
        lines.append(f"extra {base64.b64encode(proof.extra).decode()}")
    lines.append(f"index {proof.index}")
    lines += [base64.b64encode(each).decode() for each in proof.hashes]
    return "".join(f"{line}\n" for line in lines) + "\n" + proof.checkpoint


def parse_proof(text: str) -> Proof:
    """Read strictly: whatever `proof_text` would not write again is Malformed."""
    head, blank, checkpoint = text.partition("\n\n")
    first, *lines = head.split("\n")
    if first != _FIRST or not blank:
        raise Malformed("This is not a tlog-proof.")
    extra = unbase64(lines.pop(0)[len("extra ") :]) if lines and lines[0].startswith("extra ") else None
    if not lines or not lines[0].startswith("index "):
        raise Malformed("This tlog-proof does not say which entry it is about.")
    index = number(lines[0][len("index ") :])
    hashes = tuple(unbase64(line) for line in lines[1:])
    if len(hashes) > _MOST_HASHES or any(len(each) != 32 for each in hashes):
        raise Malformed("The hashes of this tlog-proof cannot be read.")
    return Proof(index=index, hashes=hashes, checkpoint=checkpoint, extra=extra)


def check_proof(proof: Proof, leaf: bytes, key: VerifierKey) -> Checkpoint:
    """The checkpoint, signed by `key`, whose tree holds `leaf` at the proof's index. Malformed or Tampered otherwise."""
    checkpoint = parse_checkpoint(open_note(proof.checkpoint, key))
    head = checkpoint.head
    if not is_included(leaf_hash(leaf), proof.index, head.size, proof.hashes, head.root):
        raise Tampered("This entry is not in the signed tree at that place.")
    return checkpoint
