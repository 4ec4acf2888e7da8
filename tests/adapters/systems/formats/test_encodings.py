"""A text that changes its encoding on its way is read stretch by stretch; what is a guess, and how much, is told."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.adapters.systems.folder.erasing import erase_rows
from rightcall.adapters.systems.folder.system import Folder
from rightcall.adapters.systems.formats.decoding import text_of
from rightcall.adapters.systems.formats.limits import Limits
from rightcall.adapters.systems.formats.stretches import may_change
from rightcall.discovery.model import Reason
from rightcall.discovery.ports import Gone, Spot
from rightcall.errors import Conflict
from tests.adapters.systems.formats.reading import read

LINES = [f"2026-11-27 08:{each:02} Mette Sørensen KD-3001{each:02} tlf 28 14 55 {each:02}\n" for each in range(45)]
FIRST, REST = "".join(LINES[:5]), "".join(LINES[5:])
LATER = "“Zoë” skyldte 5 € – ok\n"
"""With letters that are more than one byte in UTF-16, and none in Latin-1."""


def seen(content: bytes) -> str:
    return read("a.log", content).texts["a.log", None]


def unsure(content: bytes, name: str = "a.log") -> dict[Reason, int]:
    return read(name, content).unsure


@pytest.mark.parametrize("rest", ["utf-8", "cp1252"])
@pytest.mark.parametrize("first", ["utf-16", "utf-16-le", "utf-16-be"])
def test_what_others_append_to_utf_16_is_read(first: str, rest: str) -> None:
    content = (FIRST + LATER).encode(first) + REST.encode(rest)
    assert seen(content) == FIRST + LATER + REST
    guessed = {Reason.GUESSED: 40} if rest == "cp1252" else {}
    assert unsure(content) == {Reason.MIXED: len(REST.encode(rest)), **guessed}


@pytest.mark.parametrize("then", ["utf-16", "utf-16-le"])
def test_utf_16_behind_other_text_is_read(then: str) -> None:
    content = FIRST.encode() + (LINES[5] + LATER + REST).encode(then) + LATER.encode()
    assert seen(content) == FIRST + LINES[5] + LATER + REST + LATER
    many = len((LINES[5] + LATER + REST).encode("utf-16-le"))
    assert unsure(content) == {Reason.MIXED: many}


def test_a_short_line_between_is_read() -> None:
    content = FIRST.encode("utf-16") + b"KD-300101 ok\n" + REST.encode("utf-16-le") + b"Bo 7\n" + FIRST.encode("utf-16-le")
    assert seen(content) == FIRST + "KD-300101 ok\n" + REST + "Bo 7\n" + FIRST


def test_a_few_letters_with_zeros_between_are_read() -> None:
    content = b"m\0e\0t\0t\0e\0 KD-300101 tlf 28\0 14 55 90"
    assert seen(content).replace("\0", "") == "mette KD-300101 tlf 28 14 55 90"
    assert unsure(content)[Reason.MIXED] > 0


@pytest.mark.parametrize("text", ["Клиент Ада, номер KD-300101\n" * 40, "客户田中先生，电话号码是这样的\n" * 400, LATER * 40])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-32"])
def test_what_is_all_in_one_encoding_is_no_mixture(text: str, encoding: str) -> None:
    assert seen(text.encode(encoding)) == text
    assert read("a.log", text.encode(encoding)).passed == []


def test_letters_of_eight_bits_are_a_guess_and_counted() -> None:
    assert unsure("Łódź, Dvořák".encode("cp1250")) == {Reason.GUESSED: 5}
    mainframe = "Customer 4711, Ada Lovelace, has diabetes.\n".encode("cp037")
    assert unsure(mainframe) == {Reason.GUESSED: len(mainframe)}
    assert unsure("Zoë".encode()) == {}


def test_what_no_letter_is_in_its_encoding_is_counted() -> None:
    content = "Zoë Sørensen ringede".encode("utf-16") + b"\x00\xd8" + " igen".encode("utf-16-le")
    assert unsure(content) == {Reason.LOST: 2}


def test_a_table_and_a_mail_tell_it_too() -> None:
    assert unsure("navn\nZoë\n".encode("cp1252"), "a.csv") == {Reason.GUESSED: 1}
    assert unsure(b"From: a@b.example\nTo: c@d.example\nSubject: x\n\nHej Zo\xeb\n", "a.eml") == {Reason.GUESSED: 1}


def test_a_run_of_zeros_makes_no_log_unreadable() -> None:
    content = FIRST.encode() + bytes(4096) + REST.encode()
    assert seen(content).replace("\0", "") == FIRST + REST
    assert read("a.log", bytes(5000)).passed == [("a.log", Reason.BINARY)]


def test_a_stretch_that_begins_between_two_pieces_is_read() -> None:
    for shift in range(-3, 3):
        before = "x" * ((1 << 18) - 64 + shift) + "\n"
        assert seen(before.encode() + (LATER * 9).encode("utf-16")) == before + LATER * 9


ENCODINGS = st.sampled_from(["utf-8", "utf-16-le", "cp1252"])


@given(st.lists(st.tuples(st.integers(1, 4), ENCODINGS), min_size=1, max_size=6))
@settings(max_examples=60)
def test_any_order_of_encodings_is_read(order: list[tuple[int, str]]) -> None:
    pieces = ["".join(LINES[:many]) for many, _ in order]
    content = b"".join(piece.encode(encoding) for piece, (_, encoding) in zip(pieces, order, strict=True))
    assert text_of(content) == "".join(pieces)


def test_rows_are_not_taken_out_of_a_mixture_whose_bytes_would_change(tmp_path: Path) -> None:
    content = "id,navn\n1,Zoë\n".encode() + "2,Mette\n".encode("utf-16-le")
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(Conflict, match="several encodings"):
        erase_rows(str(tmp_path), "a.csv", frozenset(), Limits())
    assert (tmp_path / "a.csv").read_bytes() == content


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_that_letters_are_a_guess_leaves_no_doubt_whether_a_row_is_gone(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes("id,navn\n1,Zoë\n2,Søren\n".encode(encoding))
    key = read("a.csv", (tmp_path / "a.csv").read_bytes()).keys[0]
    there, gone = Spot(object="a.csv", row=key), Spot(object="a.csv", row=f"9#{'0' * 32}")
    assert dict(Folder(tmp_path).confirm([there, gone])) == {there: Gone.THERE, gone: Gone.GONE}


def test_ordinary_text_is_not_looked_at_twice() -> None:
    assert not may_change(REST.encode(), "utf-8")
    assert not may_change(REST.encode("utf-16-le"), "utf-16-le")
