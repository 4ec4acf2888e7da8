"""Checkpoints and signed notes (C2SP signed-note, tlog-checkpoint): the ledger's word on how far it goes, and who said it.

Only Ed25519 (signature type 0x01). Signatures by unknown keys are ignored, as the specification asks; a wrong signature by a
known key refuses the note.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from rightcall.errors import Malformed, Tampered
from rightcall.ledger.model import TreeHead
from rightcall.ledger.ports import Signer

_NAME = re.compile(r"[^\s+\x00-\x1f]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_MOST_SIGNATURES = 64
_MARK = "\u2014 "


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedKey:
    """A public key of Ed25519 under its name; `text` is the form that is published. `SIGNS`: what a signature by it is."""

    SIGNS: ClassVar[bytes]
    NOT_ONE: ClassVar[str]

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise Malformed("A ledger key's name has no spaces and no plus, and is not empty.")
        if len(self.public_key) != 32:
            raise Malformed("A ledger's public key is 32 bytes.")

    @property
    def id(self) -> bytes:
        """The four bytes that a signature line begins with."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.SIGNS + self.public_key).digest()[:4]

    @property
    def text(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self.SIGNS + self.public_key).decode()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey(NamedKey):
    """A ledger's own, as it is passed to `rightcall verify`."""

    SIGNS: ClassVar[bytes] = b"\x01"
    NOT_ONE: ClassVar[str] = "This ledger key is not an Ed25519 key."


Key = TypeVar("Key", bound=NamedKey)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What a checkpoint says: which ledger, how many leaves, which root."""

    origin: str
    head: TreeHead
    extensions: tuple[str, ...] = ()


class Ed25519Signer:
    """A `Signer` whose secret is in memory. `seed` is 32 random bytes."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._secret = Ed25519PrivateKey.from_private_bytes(seed)
        self.name = name
        self.public_key = self._secret.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._secret.sign(message)


def key_of(signer: Signer) -> VerifierKey:
    return VerifierKey(name=signer.name, public_key=signer.public_key)


def parse_key(text: str) -> VerifierKey:
    """A verifier key from `name+id+key`."""
    return read_key(text, VerifierKey)


def read_key(text: str, kind: type[Key]) -> Key:
    """Of this kind, from `name+id+key`."""
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise Malformed("A ledger key reads name+id+key. Copy the whole line.")
    encoded = unbase64(parts[2])
    if encoded[:1] != kind.SIGNS:
        raise Malformed(kind.NOT_ONE)
    key = kind(name=parts[0], public_key=encoded[1:])
    if parts[1] != key.id.hex():
        raise Malformed("This ledger key does not match its own id. Copy the whole line.")
    return key


def sign_note(text: str, signer: Signer) -> str:
    """`text`, which ends in a newline, with the signer's line under it."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise Malformed("A note's text ends in a newline and has no control characters.")
    line = base64.b64encode(key_of(signer).id + signer.sign(text.encode())).decode()
    return f"{text}\n{_MARK}{signer.name} {line}\n"


def open_note(note: str, key: VerifierKey) -> str:
    """The text of a note signed by `key`. Malformed if it is no note, Tampered if it is not signed, or wrongly."""
    text, signatures = split_note(note)
    ours = [signature for name, signature in signatures if name == key.name and signature[:4] == key.id]
    if not ours:
        raise Tampered(f"This checkpoint is not signed by the key {key.name}+{key.id.hex()}.")
    public = Ed25519PublicKey.from_public_bytes(key.public_key)
    for signature in ours:
        try:
            public.verify(signature[4:], text.encode())
        except InvalidSignature as error:
            raise Tampered("The signature on this checkpoint is wrong.") from error
    return text


def checkpoint_text(checkpoint: Checkpoint) -> str:
    lines = [checkpoint.origin, str(checkpoint.head.size), base64.b64encode(checkpoint.head.root).decode()]
    if not checkpoint.origin or any(not line or "\n" in line for line in (*lines, *checkpoint.extensions)):
        raise Malformed("A checkpoint needs an origin, and none of its lines is empty.")
    return "".join(f"{line}\n" for line in (*lines, *checkpoint.extensions))


def parse_checkpoint(text: str) -> Checkpoint:
    """What a note's text says, read strictly: the same checkpoint has one form only."""
    if not text.endswith("\n"):
        raise Malformed("A checkpoint ends in a newline.")
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise Malformed("A checkpoint has an origin, a size and a root, each on a line.")
    root = unbase64(lines[2])
    if len(root) != 32:
        raise Malformed("A checkpoint's root is 32 bytes.")
    head = TreeHead(size=number(lines[1]), root=root)
    return Checkpoint(origin=lines[0], head=head, extensions=tuple(lines[3:]))


def open_checkpoint(note: str, key: VerifierKey, origin: str) -> Checkpoint:
    """A checkpoint of the ledger `origin`, signed by `key`. Malformed or Tampered otherwise."""
    checkpoint = parse_checkpoint(open_note(note, key))
    if checkpoint.origin != origin:
        raise Tampered("This checkpoint is of another ledger.")
    return checkpoint


def open_by_any(note: str, keys: Sequence[VerifierKey]) -> Checkpoint:
    """A checkpoint signed by one of `keys`, as after a change of keys. Malformed or Tampered otherwise."""
    for key in keys[:-1]:
        if is_signed_by(note, key):
            return parse_checkpoint(open_note(note, key))
    return parse_checkpoint(open_note(note, keys[-1]))


def is_signed_by(note: str, key: VerifierKey) -> bool:
    """Whether a line claims to be by `key`; whether rightly is for `open_note`."""
    return any(name == key.name and signature[:4] == key.id for name, signature in split_note(note)[1])


def number(text: str) -> int:
    """A decimal number below 2^63 without leading zeroes or signs."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", text, re.ASCII) or int(text) >= 1 << 63:
        raise Malformed("This is not a plain decimal number.")
    return int(text)


def unbase64(text: str) -> bytes:
    """Standard base64 (RFC 4648, section 4) in its one canonical form."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("This is not base64.") from error
    if base64.b64encode(data).decode() != text:
        raise Malformed("This base64 is not in canonical form.")
    return data


def split_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text, and each signature's key name and bytes."""
    if _CONTROL.search(note) or not note.endswith("\n"):
        raise Malformed("This is not a signed note.")
    text, blank, below = note.rpartition("\n\n")
    lines = below[:-1].split("\n")
    if not blank or not 0 < len(lines) <= _MOST_SIGNATURES:
        raise Malformed("This is not a signed note.")
    signatures = []
    for line in lines:
        name, space, encoded = line.removeprefix(_MARK).partition(" ")
        signature = unbase64(encoded)
        if not line.startswith(_MARK) or not space or not _NAME.fullmatch(name) or len(signature) < 5:
            raise Malformed("A signature line of this note cannot be read.")
        signatures.append((name, signature))
    return text + "\n", signatures
