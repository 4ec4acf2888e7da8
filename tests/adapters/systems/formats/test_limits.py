"""Memory stays bounded however large an object is, and no content stops a reader."""

import bz2
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.adapters.systems.folder.system import Folder
from rightcall.adapters.systems.formats.limits import Limits
from rightcall.adapters.systems.formats.table import parts
from rightcall.discovery.model import NotRead, PassedOver, Reason
from rightcall.discovery.parts import Prose
from rightcall.discovery.ports import Listed
from tests.adapters.systems.formats.reading import read


class Endless(io.RawIOBase):
    """So many bytes of the same line, made as they are read."""

    def __init__(self, head: bytes, line: bytes, size: int) -> None:
        super().__init__()
        self._head, self._block, self._size, self._at = head, line * (1 + (1 << 16) // len(line)), size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = {0: 0, 1: self._at, 2: self._size}[whence] + offset
        return self._at

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]  # a writable buffer
        source = self._head if self._at < len(self._head) else self._block
        got = source[self._at if source is self._head else 0 :][: min(len(buffer), max(0, self._size - self._at))]
        buffer[: len(got)] = got
        self._at += len(got)
        return len(got)


@pytest.mark.parametrize(
    ("name", "head", "line", "size"),
    [
        ("a.txt", b"", b"Nothing is said here about anyone.\n", 200 << 20),
        ("a.csv", b"name;note\n", b"x" * 60_000 + b";y\n", 60 << 20),
        ("a.csv", b"name;note\n", b"x", 40 << 20),
        ("a.csv", b'name;note\n"never closed;', b"xx;yyyy\n", 1 << 18),
        ("a.jsonl", b"", b'{"a": "' + b"x" * 50_000 + b'"}\n', 60 << 20),
        ("a.json", b'[{"a": "x"}', b',{"a": "' + b"x" * 50_000 + b'"}', 60 << 20),
        ("a.xml", b"<a b='", b"x", 60 << 20),
        ("a.json", b'{"b": 1, "', b"x", 40 << 20),
        ("a.vtt", b"WEBVTT\n\n00:00.000 --> 00:05.000\n", b"x" * 500 + b"\n", 40 << 20),
        ("a.vtt", b"WEBVTT\n\nNOTE\n", b"x" * 500 + b"\n", 40 << 20),
        ("a.xml", b"<a>", b"<b>" + b"x" * 5000 + b"</b>\n", 40 << 20),
        ("a.html", b"<html><body>", b"<p>" + b"x" * 5000 + b"</p>\n", 20 << 20),
        ("a.mbox", b"From a@x Thu Jan  1 00:00:00 2026\nFrom: a@x.example\n\n", b"x" * 76 + b"\n", 8 << 20),
    ],
)
def test_memory_is_bounded(name: str, head: bytes, line: bytes, size: int) -> None:
    raw = io.BufferedReader(Endless(head, line, size), 1 << 18)
    tracemalloc.start()
    try:
        for part in parts(name, raw, size=size, limits=Limits(held=4 << 20)):
            if isinstance(part, Prose):
                for _ in part.pieces:
                    pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 48 << 20


def test_an_object_of_endlessly_many_keys_is_given_out_in_pieces() -> None:
    content = b"{" + b",".join(b'"key %s": 1' % bytes([97 + number % 26] * (number % 40 + 1)) for number in range(50_000)) + b"}"
    shown = read("a.json", content, Limits(cell=5000, columns=50))
    assert len(shown.rows["a.json"]) > 10
    assert max(len(row) for row in shown.rows["a.json"]) <= 50


def test_a_sparse_file_larger_than_what_is_read_is_told(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("wb") as file:
        file.truncate(5 << 30)
    assert list(Folder(tmp_path).objects()) == [PassedOver(object="a.csv", reason=Reason.TOO_LARGE)]
    with pytest.raises(NotRead, match="too large"):
        list(Folder(tmp_path).read(Listed(name="a.csv", fingerprint=None, size=None)))


def test_what_lies_in_an_archive_and_must_be_held_is_held_within_the_limit() -> None:
    packed = bz2.compress(b"%PDF-1.4\n" + bytes(range(256)) * 2000)
    assert read("a.bz2", packed, Limits(held=100_000, ratio=10_000)).passed == [("a.bz2!/a", Reason.TOO_LARGE)]


BEGINNINGS = [b"", b"%PDF-1.4\n", b"PAR1", b"PK\x03\x04", b"\x1f\x8b\x08\x00", b"BZh9", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd"]
BEGINNINGS += [b"RIFF\x00\x00\x00\x00WAVE", b"ID3\x04", b"From: a@x\nTo: b\nDate: x\n", b"From a@x Thu Jan  1 2026\nA: b\n"]
BEGINNINGS += [b"WEBVTT\n", b"<!doctype html><a ", b"<?xml version='1.0'?><a>", b'{"a":', b'{"a":1}\n{"b":', b"[{", b"a;b\n1;2\n"]


@given(
    st.sampled_from(BEGINNINGS), st.binary(min_size=1, max_size=400), st.sampled_from(["a.csv", "a.json", "a.html", "a.eml", "a"])
)
@settings(max_examples=250, deadline=None)
def test_no_bytes_stop_a_reader(beginning: bytes, rest: bytes, name: str) -> None:
    shown = read(name, beginning + rest)
    assert shown.texts or shown.rows or shown.turns or shown.passed
