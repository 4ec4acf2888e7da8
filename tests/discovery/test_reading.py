"""Bytes become text with true offsets, whatever their encoding and however long they are; what is no text is passed over."""

import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.discovery.model import NotRead, Reason
from rightcall.discovery.reading import decoded, encoding_of, opened, windows

TEXT = "Zoë's card: 4111 1111 1111 1111 – done"
SMILE = "\N{SLIGHTLY SMILING FACE}"


def text_of(path: Path) -> str:
    with opened(str(path), 1 << 30) as file:
        return "".join(piece for _, piece in decoded(file, encoding_of(file)))


def reason_of(path: Path) -> Reason:
    with pytest.raises(NotRead) as told, opened(str(path), 1 << 30) as file:
        encoding_of(file)
    return told.value.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(TEXT.encode(encoding))
    assert text_of(path) == TEXT


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_both_orders_of_utf_16(tmp_path: Path, mark: bytes, encoding: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(mark + (TEXT + SMILE).encode(encoding))
    assert text_of(path) == TEXT + SMILE


def test_bytes_that_windows_1252_has_not_are_latin_1(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"caf\xe9 \x81 4111")
    assert text_of(path) == "café \x81 4111"


def test_one_bad_byte_at_the_end_of_a_long_file_is_seen_in_time(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 700_000 + b"\xe9")
    text = text_of(path)
    assert len(text) == 700_001
    assert text[-1] == "é"


def test_a_character_cut_by_a_piece_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("x" * ((1 << 18) - 1) + SMILE + "y", encoding="utf-8")
    assert text_of(path)[-2:] == SMILE + "y"


def test_line_ends_stay(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"a\r\nb\rc\n")
    assert text_of(path) == "a\r\nb\rc\n"


def test_broken_utf_16_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes("ab".encode("utf-16") + b"\x00\xd8\x41")
    assert text_of(path).startswith("ab")


@pytest.mark.parametrize(
    "head", [b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\x00", b"7z\xbc\xaf\x27\x1c", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"]
)
def test_packed_files_are_told_by_their_first_bytes(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(head + b"text all the same")
    assert reason_of(path) is Reason.PACKED


def test_archives_and_binaries(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a", "b")
    (tmp_path / "report.docx").write_bytes(packed.getvalue())
    (tmp_path / "nul").write_bytes(b"text\x00text")
    (tmp_path / "pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    (tmp_path / "controls").write_bytes(bytes(range(1, 32)) * 20)
    (tmp_path / "empty").write_bytes(b"")
    assert reason_of(tmp_path / "report.docx") is Reason.PACKED
    assert [reason_of(tmp_path / name) for name in ("nul", "pdf", "controls")] == [Reason.BINARY] * 3
    assert text_of(tmp_path / "empty") == ""


def test_only_regular_files_of_a_size_are_opened(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    with pytest.raises(NotRead, match="too large"):
        opened(str(path), 4)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotRead, match="pipe"):
        opened(str(tmp_path / "pipe"), 4)
    (tmp_path / "link").symlink_to(path)
    with pytest.raises(OSError, match="symbolic links"):
        opened(str(tmp_path / "link"), 9)


@given(st.lists(st.text(max_size=50), max_size=30), st.integers(1, 60), st.integers(0, 40))
def test_windows_share_the_text_out_whole(parts: list[str], size: int, reach: int) -> None:
    text = "".join(parts)
    seen = list(windows([(len(part), part) for part in parts], reach=reach, size=size))
    assert "".join(each.text[each.first : each.last] for each in seen) == text
    assert sum(each.bytes for each in seen) == len(text)
    for each in seen:
        assert text[each.offset : each.offset + len(each.text)] == each.text
        before, behind = each.first, len(each.text) - each.last
        assert before == min(reach, each.offset + each.first)
        assert behind == reach or each.offset + len(each.text) == len(text)
        assert len(each.text) <= size + 2 * reach + 50
