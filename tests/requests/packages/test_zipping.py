"""The file opens everywhere: a reader that is not ours reads what was written, whatever the sizes, and in however many pieces."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.requests.packages.zipping import Directory, Piece

Files = list[tuple[str, bytes, bool]]


def written(pieces: list[Files]) -> bytes:
    whole, found = io.BytesIO(), []
    for files in pieces:
        piece = Piece(whole.write)
        for name, body, is_streamed in files:
            if is_streamed:
                piece.stream(name, (body[at : at + 7] for at in range(0, len(body), 7)))
            else:
                piece.add(name, body, pack=True)
        found.append(piece)
    directory, at = Directory(whole.write, whole.tell()), 0
    for piece in found:
        directory.add(piece.entries, at)
        at += piece.length
    directory.end()
    return whole.getvalue()


@given(st.lists(st.lists(st.tuples(st.binary(max_size=2000), st.booleans()), max_size=4), max_size=4))
def test_what_goes_in_comes_out(pieces: list[list[tuple[bytes, bool]]]) -> None:
    named = [
        [(f"p{number}/{nth}.bin", body, is_streamed) for nth, (body, is_streamed) in enumerate(files)]
        for number, files in enumerate(pieces)
    ]
    file = zipfile.ZipFile(io.BytesIO(written(named)))
    assert file.testzip() is None
    assert {name: file.read(name) for name in file.namelist()} == {name: body for files in named for name, body, _ in files}


def test_another_program_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "it.zip"
    path.write_bytes(written([[("a.txt", b"tea " * 500, False), ("b.wav", bytes(5000), True)], [("ø/ü.txt", b"x", False)]]))
    told = subprocess.run([sys.executable, "-m", "zipfile", "-t", str(path)], check=True, capture_output=True, text=True)
    assert "Done testing" in told.stdout


def test_a_directory_far_behind_four_gibibytes_is_found() -> None:
    """The sizes are told in 64 bits: read as the format says, without writing so much."""
    told = io.BytesIO()
    piece = Piece(io.BytesIO().write)
    piece.add("a.txt", b"tea", pack=False)
    directory = Directory(told.write, 5 << 30)
    directory.add(piece.entries, (5 << 30) - piece.length)
    directory.end()
    reader = zipfile.ZipFile(_Far(told.getvalue(), 5 << 30))
    [entry] = reader.infolist()
    assert entry.header_offset == (5 << 30) - piece.length
    assert entry.file_size == 3


class _Far(io.RawIOBase):
    """A file that is nothing but zeros up to its end."""

    def __init__(self, end: bytes, at: int) -> None:
        self._end, self._at, self._place = end, at, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._at + len(self._end)}[whence]
        self._place = base + place
        return self._place

    def tell(self) -> int:
        return self._place

    def read(self, size: int = -1, /) -> bytes:
        until = self._at + len(self._end) if size < 0 else min(self._place + size, self._at + len(self._end))
        zeros = bytes(max(0, min(until, self._at) - self._place))
        rest = self._end[max(0, self._place - self._at) : max(0, until - self._at)]
        self._place = max(until, self._place)
        return zeros + rest


def test_a_piece_says_nothing_of_when_it_was_written() -> None:
    times = {each.date_time for each in zipfile.ZipFile(io.BytesIO(written([[("a", b"", False), ("b", b"x", True)]]))).infolist()}
    assert times == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("pack", [True, False])
def test_what_is_short_is_not_packed(pack: bool) -> None:
    piece = Piece(io.BytesIO().write)
    piece.add("a.txt", b"tea", pack=pack)
    assert not piece.entries[0].is_packed
