"""A witness's word on a checkpoint: signed here by hand, byte for byte as C2SP tlog-cosignature has it."""

import base64
import hashlib
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rightcall.errors import Malformed, Tampered
from rightcall.ledger.checkpoint import key_of
from rightcall.ledger.witness import Cosigned, open_trusted, parse_witness
from tests.ledger.fakes import ORIGIN, OTHER_SIGNER, SIGNER, log_of

KEY = key_of(SIGNER)
NOTE = log_of([b"a", b"b", b"c"])
SEEN_AT = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


class Witness:
    def __init__(self, name: str, seed: int) -> None:
        self.name, self._secret = name, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        public = b"\x04" + self._secret.public_key().public_bytes_raw()
        self.id = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
        self.key = f"{name}+{self.id.hex()}+{base64.b64encode(public).decode()}"

    def cosign(self, note: str, at: datetime = SEEN_AT) -> str:
        seconds = int(at.timestamp())
        text = note[: note.rindex("\n\n") + 1]
        signature = self._secret.sign(f"cosignature/v1\ntime {seconds}\n{text}".encode())
        line = base64.b64encode(self.id + seconds.to_bytes(8, "big") + signature).decode()
        return f"{note}\u2014 {self.name} {line}\n"


ONE, TWO = Witness("witness.example/one", 1), Witness("witness.example/two", 2)
TRUSTED = [parse_witness(ONE.key), parse_witness(TWO.key)]


def test_what_a_witness_cosigned_is_trusted_without_the_ledgers_own_key() -> None:
    note = TWO.cosign(ONE.cosign(NOTE))
    seen = (Cosigned(by=ONE.name, at=SEEN_AT), Cosigned(by=TWO.name, at=SEEN_AT))
    for key in (KEY, None, key_of(OTHER_SIGNER)):
        found = open_trusted(note, key, ORIGIN, TRUSTED)
        assert (found.checkpoint.head.size, found.cosigned) == (3, seen)


def test_without_a_witness_that_is_trusted_the_ledgers_own_key_decides() -> None:
    note = ONE.cosign(NOTE)
    assert open_trusted(note, KEY, ORIGIN, TRUSTED[1:]).cosigned == ()
    with pytest.raises(Tampered, match="No witness whose key was given"):
        open_trusted(note, None, ORIGIN, TRUSTED[1:])
    with pytest.raises(Tampered, match="not signed by the key"):
        open_trusted(note, key_of(OTHER_SIGNER), ORIGIN, TRUSTED[1:])
    with pytest.raises(Tampered, match="another ledger"):
        open_trusted(note, None, "other.example", TRUSTED)


def test_a_wrong_line_by_a_key_that_was_given_refuses_it_whoever_else_signed() -> None:
    """Another text, another time, another's signature under its name."""
    own, cosigned = NOTE.rpartition("\n")[0] + "\n", ONE.cosign(NOTE)
    line = cosigned.removeprefix(own)
    other = log_of([b"a", b"b"])
    moved = bytearray(base64.b64decode(line.split()[-1]))
    moved[11] ^= 1
    later = f"\u2014 {ONE.name} {base64.b64encode(moved).decode()}\n"
    for wrong in (other + line, own + later):
        with pytest.raises(Tampered, match=f"{ONE.name} did not sign"):
            open_trusted(wrong, KEY, ORIGIN, TRUSTED)
    text, _, lines = cosigned.rpartition("\n\n")
    broken = bytearray(base64.b64decode(lines.split("\n")[0].split()[-1]))
    broken[-1] ^= 1
    forged = f"{text}\n\n\u2014 {ORIGIN} {base64.b64encode(broken).decode()}\n{line}"
    with pytest.raises(Tampered, match="signature on this checkpoint is wrong"):
        open_trusted(forged, KEY, ORIGIN, TRUSTED)


def test_only_the_key_of_a_witness_is_taken_for_one() -> None:
    with pytest.raises(Malformed, match="tlog-cosignature"):
        parse_witness(KEY.text)
    assert parse_witness(ONE.key).text == ONE.key
