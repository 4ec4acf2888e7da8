"""C2SP tlog-proof: one form, and every flipped byte of a small log refused."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.errors import Malformed, RightcallError
from rightcall.ledger.checkpoint import key_of
from rightcall.ledger.proof import Proof, check_proof, parse_proof, proof_text
from tests.ledger.fakes import OTHER_SIGNER, SIGNER, proof_of

LEAVES = [f"leaf {number}".encode() for number in range(7)]
KEY = key_of(SIGNER)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.data())
def test_every_proof_reads_back_and_holds(size: int, data: st.DataObject) -> None:
    leaves = [str(number).encode() for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    proof = parse_proof(proof_text(proof_of(leaves, index)))
    assert proof == proof_of(leaves, index)
    assert check_proof(proof, leaves[index], KEY).head.size == size


def test_the_text_is_as_the_specification_writes_it() -> None:
    proof = proof_of(LEAVES[:2], 1)
    lines = proof_text(proof).split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1] == "extra " + base64.b64encode(LEAVES[1]).decode()
    assert lines[2] == "index 1"
    assert lines[3] == base64.b64encode(proof.hashes[0]).decode()
    assert lines[4] == ""
    assert "\n".join(lines[5:]) == proof.checkpoint


def check_text(text: bytes) -> None:
    proof = parse_proof(text.decode())
    check_proof(proof, proof.extra or b"", KEY)


@pytest.mark.parametrize("index", range(7))
def test_every_flipped_bit_of_a_proof_is_refused(index: int) -> None:
    text = proof_text(proof_of(LEAVES, index)).encode()
    for place in range(len(text)):
        for bit in range(8):
            changed = text[:place] + bytes([text[place] ^ 1 << bit]) + text[place + 1 :]
            with pytest.raises((RightcallError, UnicodeDecodeError)):
                check_text(changed)


@pytest.mark.parametrize("index", range(7))
def test_every_flipped_bit_of_a_leaf_is_refused(index: int) -> None:
    proof = proof_of(LEAVES, index)
    for place in range(len(LEAVES[index])):
        for bit in range(8):
            leaf = bytearray(LEAVES[index])
            leaf[place] ^= 1 << bit
            with pytest.raises(RightcallError):
                check_proof(proof, bytes(leaf), KEY)


def test_a_proof_for_another_leaf_or_by_another_key_is_refused() -> None:
    with pytest.raises(RightcallError):
        check_proof(proof_of(LEAVES, 3), LEAVES[2], KEY)
    with pytest.raises(RightcallError):
        check_proof(proof_of(LEAVES, 3), LEAVES[3], key_of(OTHER_SIGNER))


def test_a_proof_without_extra_reads_back() -> None:
    proof = proof_of(LEAVES, 2)
    bare = Proof(index=proof.index, hashes=proof.hashes, checkpoint=proof.checkpoint)
    assert parse_proof(proof_text(bare)) == bare


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v1",
        "c2sp.org/tlog-proof@v2\nindex 0\n\nx",
        "c2sp.org/tlog-proof@v1\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 00\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nx",
        "c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 0\nextra AAAA\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + ("A" * 43 + "=\n") * 64 + "\nx",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        parse_proof(text)
