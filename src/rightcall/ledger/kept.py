"""A checkpoint that somebody keeps elsewhere, a witness, an auditor or the operator, held against a ledger: whether the ledger
goes on from it, was put back to before it, or tells another story (RFC 9162, 2.1.4: a tree of which both sizes are at hand has
one root for each; of one that is shorter, a proof that was kept with the checkpoint tells that it begins alike). Pure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rightcall.errors import Tampered
from rightcall.ledger.checkpoint import Checkpoint, VerifierKey
from rightcall.ledger.consistency import Consistency, is_consistency, parse_consistency
from rightcall.ledger.model import TreeHead
from rightcall.ledger.tree import is_consistent
from rightcall.ledger.witness import Cosigned, WitnessKey, open_trusted


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """`proof`: that it goes on from a shorter ledger, where that was kept with it."""

    checkpoint: Checkpoint
    cosigned: tuple[Cosigned, ...] = ()
    proof: Consistency | None = None

    @property
    def sizes(self) -> set[int]:
        """Of which the ledger's roots are needed."""
        return {self.checkpoint.head.size} | ({self.proof.old} if self.proof else set())


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """`lost`: so many entries were signed after the last one that the ledger has; 0 where it goes on from the checkpoint, which
    is then proved. `begins`: where some are lost, so many first entries of the ledger are shown to be the beginning of what was
    signed."""

    kept: TreeHead
    size: int
    lost: int
    begins: int = 0
    cosigned: tuple[Cosigned, ...] = ()


def read_kept(text: str, key: VerifierKey | None, origin: str, witnesses: Sequence[WitnessKey]) -> Kept:
    """A checkpoint, or one with its proof. Tampered and Malformed as `open_trusted`."""
    proof = parse_consistency(text) if is_consistency(text) else None
    trusted = open_trusted(text if proof is None else proof.checkpoint, key, origin, witnesses)
    return Kept(checkpoint=trusted.checkpoint, cosigned=trusted.cosigned, proof=proof)


def hold(kept: Kept, size: int, root_at: Callable[[int], bytes]) -> Held:
    """Against a ledger of so many entries, whose first n have the root `root_at(n)`. Tampered where both cannot be one ledger,
    and where the proof does not show what it is kept for."""
    head, cosigned = kept.checkpoint.head, kept.cosigned
    begins = _begins(kept, size, root_at)
    if head.size > size:
        return Held(kept=head, size=size, lost=head.size - size, begins=begins, cosigned=cosigned)
    if root_at(head.size) != head.root:
        raise Tampered(
            f"The checkpoint of {head.size:,} entries and this ledger are two histories: its first {head.size:,} entries are not"
            " what was signed then. Stop, keep both as they are, and tell the DPO."
        )
    return Held(kept=head, size=size, lost=0, begins=head.size, cosigned=cosigned)


def newest(held: Sequence[Held]) -> Held:
    """What tells most: the longest checkpoint, with whatever was shown of it and whoever cosigned it. Tampered where two
    checkpoints of the same length are not the same."""
    most = max(held, key=lambda each: (each.kept.size, each.begins))
    alike = [each for each in held if each.kept.size == most.kept.size]
    if any(each.kept.root != most.kept.root for each in alike):
        raise Tampered(
            f"Two checkpoints of {most.kept.size:,} entries were kept, and they are two histories: whoever signed both lied to"
            " one of those who keep them. Stop, keep both as they are, and tell the DPO."
        )
    cosigned = dict.fromkeys(one for each in alike for one in each.cosigned)
    return Held(kept=most.kept, size=most.size, lost=most.lost, begins=most.begins, cosigned=tuple(cosigned))


def _begins(kept: Kept, size: int, root_at: Callable[[int], bytes]) -> int:
    """0 where there is no proof, or one from more entries than the ledger has, which tells nothing of it."""
    proof, head = kept.proof, kept.checkpoint.head
    if proof is None or proof.old > size:
        return 0
    if not is_consistent(proof.old, head.size, root_at(proof.old), head.root, proof.hashes):
        raise Tampered(
            f"The proof that was kept with the checkpoint of {head.size:,} entries does not lead to it from the first"
            f" {proof.old:,} entries of this ledger: its file is damaged, or they are two histories. Stop, keep all of it as it"
            " is, and tell the DPO."
        )
    return proof.old
