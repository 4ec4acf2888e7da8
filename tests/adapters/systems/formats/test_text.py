"""Bytes become text, whatever they were written in; what is no text is told."""

import pytest

from rightcall.discovery.model import Reason
from tests.adapters.systems.formats.reading import read

TEXT = "Zoë's card: 4111 1111 1111 1111 – done"


def text_of(content: bytes, name: str = "a.txt") -> str:
    return read(name, content).texts[name, None]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings(encoding: str) -> None:
    assert text_of(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_by_its_zeros(encoding: str) -> None:
    assert text_of(TEXT.encode(encoding)) == TEXT


def test_a_file_that_two_programs_wrote_comes_out_right() -> None:
    assert text_of("Zoë\n".encode() + "Zoë\n".encode("cp1252") + "Zoë – \n".encode()) == "Zoë\nZoë\nZoë – \n"


def test_bytes_that_windows_1252_has_not_are_latin_1() -> None:
    assert text_of(b"caf\xe9 \x81 4111") == "café \x81 4111"


def test_a_character_cut_by_a_piece_is_whole() -> None:
    text = "x" * ((1 << 18) - 1) + "\N{SLIGHTLY SMILING FACE}" + "y"
    assert text_of(text.encode()) == text


def test_line_ends_stay_and_a_few_zeros_are_no_reason_to_leave_it() -> None:
    assert text_of(b"a\r\nb\rc\n") == "a\r\nb\rc\n"
    assert text_of(b"a field\0 and one more, of a record that is long enough") == (
        "a field\0 and one more, of a record that is long enough"
    )


def test_a_short_text_with_a_few_zeros_is_read() -> None:
    assert text_of(b"tel \x00\x00+45 28 14 77 93\x00, ada@mail.example\x00\n").startswith("tel \0\0+45")


def test_text_of_a_mainframe_is_read_and_other_scripts_are_not_taken_for_it() -> None:
    text = "Customer 4711, Ada Lovelace, has diabetes.\nCall +45 28 14 77 93.\n"
    assert text_of(text.encode("cp037").replace(b"\x25", b"\x15")) == text
    assert text_of(text.encode("cp037")) == text
    for other in ("Клиент Ада, номер 4711 и ещё слова", "Πελάτης Άντα, αριθμός 4711", "お客様は田中さんです", "@ @ @ @ @ @ @ @"):
        assert text_of(other.encode()) == other


def test_an_empty_file_is_read() -> None:
    assert text_of(b"") == ""
    for name in ("a", "a.txt", "a.csv", "a.jsonl", "a.json", "a.xml", "a.html", "a.eml"):
        assert read(name, b"").passed == []


def test_a_document_an_archive_and_a_recording_of_no_bytes_are_broken() -> None:
    for name in ("a.pdf", "a.docx", "a.xlsx", "a.odt", "a.parquet", "a.zip", "a.tar", "a.csv.gz", "A.WAV"):
        assert read(name, b"").passed == [(name, Reason.BROKEN)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"te\x00\x00xt\x00\x00", Reason.BINARY),
        (bytes(range(1, 32)) * 20, Reason.BINARY),
        (b"\x7fELF\x02\x01", Reason.BINARY),
        (b"\x89PNG\r\n", Reason.PICTURES),
        (b"\xff\xd8\xff\xe0", Reason.PICTURES),
        (b"SQLite format 3\x00", Reason.DATABASE),
        (b"7z\xbc\xaf\x27\x1c", Reason.PACKED),
        (b"Rar!\x1a\x07\x01", Reason.PACKED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Reason.PACKED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le"), Reason.ENCRYPTED),
    ],
)
def test_what_is_no_text_is_told(content: bytes, reason: Reason) -> None:
    assert read("a.txt", content).passed == [("a.txt", reason)]
