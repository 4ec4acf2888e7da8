"""What a witness says of a checkpoint (C2SP tlog-cosignature): that it saw it at that time, and that it goes on from all that
it saw of this ledger before. Whoever trusts the witness needs no word of the ledger's own key.

Only Ed25519 (signature type 0x04). Lines by keys that nobody gave are passed over; a wrong one by a key that was given refuses
the checkpoint.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from rightcall.errors import Malformed, Tampered
from rightcall.ledger.checkpoint import (
    Checkpoint,
    NamedKey,
    VerifierKey,
    is_signed_by,
    open_note,
    parse_checkpoint,
    read_key,
    split_note,
)

_TIME = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessKey(NamedKey):
    """A witness's public key under its name."""

    SIGNS: ClassVar[bytes] = b"\x04"
    NOT_ONE: ClassVar[str] = (
        "This is not the key of a witness that signs with Ed25519 (C2SP tlog-cosignature, type 0x04). Ask the witness for that"
        " one."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """By which witness, and when it says that it saw it."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """A checkpoint that is signed by the ledger's key, or `cosigned` by a witness that somebody trusts."""

    checkpoint: Checkpoint
    cosigned: tuple[Cosigned, ...]


def parse_witness(text: str) -> WitnessKey:
    return read_key(text, WitnessKey)


def open_trusted(note: str, key: VerifierKey | None, origin: str, witnesses: Sequence[WitnessKey]) -> Trusted:
    """A checkpoint of the ledger `origin`. `key`: the ledger's own, None where it is lost. Malformed where it is none; Tampered
    where neither signed it, where one of them did so wrongly, and where it is of another ledger."""
    text, _ = split_note(note)
    cosigned = tuple(each for witness in witnesses for each in _by(note, witness))
    if key is not None and (is_signed_by(note, key) or not cosigned):
        open_note(note, key)
    elif not cosigned:
        raise Tampered("No witness whose key was given has cosigned this checkpoint, and the ledger's own key is not at hand.")
    checkpoint = parse_checkpoint(text)
    if checkpoint.origin != origin:
        raise Tampered("This checkpoint is of another ledger.")
    return Trusted(checkpoint=checkpoint, cosigned=cosigned)


def _by(note: str, witness: WitnessKey) -> list[Cosigned]:
    text, signatures = split_note(note)
    theirs = [signature[4:] for name, signature in signatures if name == witness.name and signature[:4] == witness.id]
    return [Cosigned(by=witness.name, at=_seen_at(text, each, witness)) for each in theirs]


def _seen_at(text: str, signature: bytes, witness: WitnessKey) -> datetime:
    """The time is signed with the text: eight bytes before the signature."""
    seconds = int.from_bytes(signature[:_TIME])
    message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
    try:
        Ed25519PublicKey.from_public_bytes(witness.public_key).verify(signature[_TIME:], message)
        at = datetime.fromtimestamp(seconds, UTC)
    except InvalidSignature as error:
        raise Tampered(f"The witness {witness.name} did not sign this checkpoint: its line under it is wrong.") from error
    except (OverflowError, ValueError, OSError) as error:
        raise Malformed(f"The time in the line of the witness {witness.name} is none.") from error
    return at
