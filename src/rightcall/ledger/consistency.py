"""That a checkpoint goes on from a shorter ledger, as a file: what a witness is sent (C2SP tlog-witness, add-checkpoint): how
many entries the shorter one has, the proof (RFC 9162, 2.1.4), and the checkpoint as it is signed."""

import base64
from dataclasses import dataclass

from rightcall.errors import Malformed
from rightcall.ledger.checkpoint import number, unbase64

_OLD = "old "
_MOST_HASHES = 63


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency:
    """`checkpoint`: the whole signed note."""

    old: int
    hashes: tuple[bytes, ...]
    checkpoint: str


def consistency_text(proof: Consistency) -> str:
    lines = [f"{_OLD}{proof.old}", *(base64.b64encode(each).decode() for each in proof.hashes)]
    return "".join(f"{line}\n" for line in lines) + "\n" + proof.checkpoint


def is_consistency(text: str) -> bool:
    """Whether it is one, and no bare checkpoint."""
    return text.startswith(_OLD)


def parse_consistency(text: str) -> Consistency:
    """Read strictly: whatever `consistency_text` would not write again is Malformed."""
    head, blank, checkpoint = text.partition("\n\n")
    first, *lines = head.split("\n")
    hashes = tuple(unbase64(line) for line in lines)
    if not first.startswith(_OLD) or not blank or len(hashes) > _MOST_HASHES or any(len(each) != 32 for each in hashes):
        raise Malformed("This is no proof that a ledger goes on from a shorter one, as a witness is sent it.")
    return Consistency(old=number(first.removeprefix(_OLD)), hashes=hashes, checkpoint=checkpoint)
