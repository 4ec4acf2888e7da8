"""Sealed content: what we read is what the library wrote, in any stretch; what was cut or changed says so.

The vectors are the shorter ones that Project Wycheproof publishes for the format (c2sp_chunked_encryption_aes_256_gcm_test.json,
https://github.com/C2SP/wycheproof); those without a length must fail.
"""

import hashlib
import json
import zlib
from pathlib import Path

import pytest
from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.errors import Malformed, Tampered
from rightcall.ids import ControllerId, HoldingId, new_id
from rightcall.vault.sealing import (
    CHUNK_BYTES,
    HEADER_BYTES,
    SEALED_CHUNK_BYTES,
    SealedReader,
    Sealer,
    content_context,
    sealed_length,
)

KEY, CONTEXT = bytes(range(32)), b"context"
VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "cobblestone256.json").read_text())
LENGTHS = st.one_of(st.integers(0, 200), st.integers(CHUNK_BYTES - 2, CHUNK_BYTES + 2), st.integers(0, 5 * CHUNK_BYTES))


def content(length: int) -> bytes:
    return hashlib.shake_128(length.to_bytes(8, "big")).digest(length)


def sealed(length: int) -> bytes:
    sealer = Sealer(KEY, CONTEXT)
    return sealer.header() + sealer.seal(content(length)) + sealer.finish()


def reader(data: bytes, *, complete: bool = True, key: bytes = KEY, context: bytes = CONTEXT) -> SealedReader:
    return SealedReader(key, context, lambda start, length: data[start : start + length], len(data), complete)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["comment"]))
def test_published_vectors(vector: dict[str, str | int | None]) -> None:
    data = zlib.decompress(bytes.fromhex(str(vector["ct"])))
    key, context, length = bytes.fromhex(str(vector["key"])), bytes.fromhex(str(vector["ctx"])), vector["msgLength"]
    if length is None:
        with pytest.raises(Tampered):
            reader(data, key=key, context=context).read(0, len(data))
    else:
        opened = reader(data, key=key, context=context)
        assert opened.plain_length == length
        assert hashlib.sha512(opened.read(0, opened.plain_length)).hexdigest() == vector["msgSha512"]


@given(length=LENGTHS, start=st.integers(0, 6 * CHUNK_BYTES), size=st.integers(0, 3 * CHUNK_BYTES))
@settings(max_examples=60, deadline=None)
def test_any_stretch_is_the_same_stretch_of_the_content(length: int, start: int, size: int) -> None:
    opened = reader(sealed(length))
    assert opened.plain_length == length
    assert not opened.cut_short
    assert opened.read(start, size) == content(length)[start : start + size]


@given(length=LENGTHS, pieces=st.lists(st.integers(1, 2 * CHUNK_BYTES), max_size=8))
@settings(max_examples=40, deadline=None)
def test_the_library_opens_what_we_seal_and_we_open_what_it_seals(length: int, pieces: list[int]) -> None:
    plain, sealer, ours, at = content(length), Sealer(KEY, CONTEXT), b"", 0
    for piece in [*pieces, length]:
        ours += sealer.seal(plain[at : at + piece])
        at += piece
    ours += sealer.finish()
    decryptor = Cobblestone256Decryptor(KEY, CONTEXT)
    assert decryptor.update(ours) + decryptor.finalize() == plain
    assert len(ours) == sealed_length(length)
    encryptor = Cobblestone256Encryptor(KEY, CONTEXT)
    theirs = encryptor.update(plain) + encryptor.finalize()
    assert reader(theirs).read(0, length) == plain


@given(steps=st.lists(st.integers(0, CHUNK_BYTES + 5), max_size=12))
@settings(max_examples=40, deadline=None)
def test_a_chunk_is_out_as_soon_as_it_is_full(steps: list[int]) -> None:
    sealer, given_, out = Sealer(KEY, CONTEXT), 0, 0
    assert len(sealer.header()) == HEADER_BYTES
    assert sealer.header() == b""
    for step in steps:
        given_ += step
        out += len(sealer.seal(bytes(step)))
        assert out == given_ // CHUNK_BYTES * SEALED_CHUNK_BYTES


@given(length=LENGTHS, where=st.integers(min_value=0), bit=st.integers(0, 7))
@settings(max_examples=60, deadline=None)
def test_any_flipped_bit_is_tampered_when_its_chunk_is_read(length: int, where: int, bit: int) -> None:
    data = bytearray(sealed(length))
    data[where % len(data)] ^= 1 << bit
    with pytest.raises(Tampered):
        reader(bytes(data)).read(0, length + 1)


@given(length=LENGTHS, kept=st.integers(min_value=0))
@settings(max_examples=60, deadline=None)
def test_a_file_that_was_cut_off_is_tampered_unless_that_was_recorded(length: int, kept: int) -> None:
    whole = sealed(length)
    cut = whole[: kept % len(whole)]
    with pytest.raises(Tampered):
        reader(cut)
    opened = reader(cut, complete=False)
    chunks = max(len(cut) - HEADER_BYTES, 0) // SEALED_CHUNK_BYTES
    assert opened.cut_short
    assert opened.plain_length == chunks * CHUNK_BYTES
    assert opened.read(0, length + 1) == content(length)[: chunks * CHUNK_BYTES]


def test_a_file_that_is_whole_after_all_says_so() -> None:
    opened = reader(sealed(20_000), complete=False)
    assert not opened.cut_short
    assert opened.read(0, 30_000) == content(20_000)


def test_changed_chunks_of_a_cut_file_are_tampered_too() -> None:
    data = bytearray(sealed(3 * CHUNK_BYTES)[: HEADER_BYTES + 2 * SEALED_CHUNK_BYTES])
    data[HEADER_BYTES + 5] ^= 1
    opened = reader(bytes(data), complete=False)
    assert opened.read(CHUNK_BYTES, 10) == content(3 * CHUNK_BYTES)[CHUNK_BYTES : CHUNK_BYTES + 10]
    with pytest.raises(Tampered):
        opened.read(0, 10)


def test_chunks_cannot_change_places_and_the_end_cannot_move() -> None:
    data = sealed(3 * CHUNK_BYTES)
    first, second = (data[HEADER_BYTES + n * SEALED_CHUNK_BYTES :][:SEALED_CHUNK_BYTES] for n in (0, 1))
    swapped = data[:HEADER_BYTES] + second + first + data[HEADER_BYTES + 2 * SEALED_CHUNK_BYTES :]
    with pytest.raises(Tampered):
        reader(swapped).read(0, 1)
    for longer in (data + b"x", data + bytes(16)):
        with pytest.raises(Tampered):
            reader(longer)


def test_content_belongs_to_its_controller_holding_and_key() -> None:
    controller, holding = ControllerId(new_id()), HoldingId(new_id())
    right = content_context(controller, holding)
    sealer = Sealer(KEY, right)
    data = sealer.seal(b"words") + sealer.finish()
    assert reader(data, context=right).read(0, 5) == b"words"
    for wrong in (content_context(ControllerId(new_id()), holding), content_context(controller, HoldingId(new_id()))):
        with pytest.raises(Tampered):
            reader(data, context=wrong)
    with pytest.raises(Tampered):
        reader(data, context=right, key=bytes(32))
    with pytest.raises(Malformed):
        reader(data, context=right, key=b"short")


def test_a_store_that_gives_fewer_bytes_than_it_has_is_tampered() -> None:
    data = sealed(CHUNK_BYTES)
    opened = SealedReader(KEY, CONTEXT, lambda start, length: data[start : start + length], len(data), True)
    data = data[:-16]
    assert opened.read(0, 1) == content(CHUNK_BYTES)[:1]
    with pytest.raises(Tampered):
        SealedReader(KEY, CONTEXT, lambda start, length: data[start : start + length], len(data) + 16, True)


def test_a_stretch_before_the_start_is_a_mistake() -> None:
    for start, length in ((-1, 1), (0, -1)):
        with pytest.raises(Malformed):
            reader(sealed(10)).read(start, length)
