"""Signed notes and checkpoints: the known example, one form each, and every flipped byte refused."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.errors import Malformed, RightcallError, Tampered
from rightcall.ledger.checkpoint import (
    Checkpoint,
    Ed25519Signer,
    checkpoint_text,
    key_of,
    number,
    open_checkpoint,
    open_note,
    parse_checkpoint,
    parse_key,
    sign_note,
    unbase64,
)
from rightcall.ledger.model import TreeHead
from tests.ledger.fakes import ORIGIN, OTHER_SIGNER, SIGNER, log_of

KNOWN = json.loads((Path(__file__).parents[1] / "vectors/ledger/note.json").read_text(encoding="utf-8"))
KEY = key_of(SIGNER)
NOTE = log_of([b"a", b"b", b"c"])


def test_the_known_note_opens_and_is_what_we_would_sign() -> None:
    key = parse_key(KNOWN["key"])
    assert open_note(KNOWN["note"], key) == KNOWN["text"]
    signer = Ed25519Signer(KNOWN["seed_name"], bytes.fromhex(KNOWN["seed"]))
    assert key_of(signer).text == KNOWN["key"]
    assert sign_note(KNOWN["text"], signer) == KNOWN["note"]


def test_a_checkpoint_says_what_was_signed() -> None:
    head = open_checkpoint(NOTE, KEY, ORIGIN).head
    assert head.size == 3
    assert len(head.root) == 32


def test_every_flipped_bit_of_a_checkpoint_is_refused() -> None:
    data = NOTE.encode()
    for place in range(len(data)):
        for bit in range(8):
            changed = data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]
            try:
                text = changed.decode()
            except UnicodeDecodeError:
                continue
            with pytest.raises(RightcallError):
                open_checkpoint(text, KEY, ORIGIN)


@pytest.mark.parametrize("cut", range(1, len(NOTE)))
def test_every_cut_is_refused(cut: int) -> None:
    with pytest.raises(RightcallError):
        open_checkpoint(NOTE[:cut], KEY, ORIGIN)
    with pytest.raises(RightcallError):
        open_checkpoint(NOTE[cut:], KEY, ORIGIN)


def test_unknown_signatures_are_ignored_and_known_ones_must_hold() -> None:
    text, _, ours = NOTE.partition("\n\n")
    theirs = log_of([b"a", b"b", b"c"], OTHER_SIGNER).partition("\n\n")[2]
    both = f"{text}\n\n{theirs}{ours}"
    assert open_checkpoint(both, KEY, ORIGIN) == open_checkpoint(NOTE, KEY, ORIGIN)
    with pytest.raises(Tampered):
        open_checkpoint(f"{text}\n\n{theirs}", KEY, ORIGIN)
    another = log_of([b"x"]).partition("\n\n")[2]
    with pytest.raises(Tampered):
        open_checkpoint(f"{text}\n\n{ours}{another}", KEY, ORIGIN)


def test_a_checkpoint_of_another_ledger_is_refused() -> None:
    with pytest.raises(Tampered):
        open_checkpoint(NOTE, KEY, "ledger.example/other")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "origin\n",
        "origin\n1\n",
        f"\n1\n{'A' * 43}=\n",
        f"origin\n01\n{'A' * 43}=\n",
        f"origin\n-1\n{'A' * 43}=\n",
        f"origin\n1\n{'A' * 43}\n",
        f"origin\n1\n{'A' * 42}B=\n",
        f"origin\n1\n{'A' * 43}=",
        f"origin\n1\n{'A' * 43}=\n\n",
        f"origin\n9223372036854775808\n{'A' * 43}=\n",
        "origin\n1\nAAAA\n",
    ],
)
def test_anything_but_the_one_form_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        parse_checkpoint(text)


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32), st.lists(st.sampled_from(["x", "more words"])))
def test_a_checkpoint_reads_back(size: int, root: bytes, extensions: list[str]) -> None:
    checkpoint = Checkpoint(origin="o", head=TreeHead(size=size, root=root), extensions=tuple(extensions))
    assert parse_checkpoint(checkpoint_text(checkpoint)) == checkpoint


@given(st.text())
def test_a_checkpoint_that_is_read_is_the_one_that_is_written(text: str) -> None:
    try:
        checkpoint = parse_checkpoint(text)
    except Malformed:
        return
    assert checkpoint_text(checkpoint) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000+AAAA",
        KEY.text.replace("ledger", "Ledger"),
        KEY.text[:-1],
        KEY.text + "=",
        KEY.text.upper(),
        "with space" + KEY.text,
        KEY.text.replace("+", "++", 1),
    ],
)
def test_a_key_that_does_not_match_itself_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        parse_key(text)


def test_a_key_reads_back() -> None:
    assert parse_key(KEY.text) == KEY


@pytest.mark.parametrize("text", ["no newline", "tab\there\n", "bell\x07\n"])
def test_only_plain_text_is_signed(text: str) -> None:
    with pytest.raises(Malformed):
        sign_note(text, SIGNER)


@pytest.mark.parametrize("text", ["", "00", "+1", " 1", "1 ", "1_0", "１", "99999999999999999999"])
def test_a_number_has_one_form(text: str) -> None:
    with pytest.raises(Malformed):
        number(text)


@pytest.mark.parametrize("text", ["A", "AB==", "AA=", "A A=", "AA\n==", "é"])
def test_base64_has_one_form(text: str) -> None:
    with pytest.raises(Malformed):
        unbase64(text)


def test_a_signature_by_the_right_name_and_the_wrong_key_does_not_count() -> None:
    with pytest.raises(Tampered):
        open_checkpoint(log_of([b"a"], OTHER_SIGNER), KEY, ORIGIN)
