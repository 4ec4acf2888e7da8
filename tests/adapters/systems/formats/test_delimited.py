"""Tables of delimited text: every row comes, whatever its writer did."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.adapters.systems.formats.limits import Limits
from rightcall.discovery.model import Reason
from tests.adapters.systems.formats.reading import read


def rows(text: str, name: str = "a.csv", limits: Limits | None = None) -> list[dict[str, str | None]]:
    return read(name, text.encode(), limits).rows.get(name, [])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "\x1f"])
def test_delimiters(delimiter: str) -> None:
    table = "\r\n".join(delimiter.join(row) for row in (("name", "phone"), ("Ada", "32 12"), ("Bo", "")))
    assert rows(table) == [{"name": "Ada", "phone": "32 12"}, {"name": "Bo", "phone": ""}]


def test_quotes_hold_delimiters_quotes_and_line_ends() -> None:
    table = 'name;note\n"Lovelace; Ada";"said ""hello""\r\nand went"\nBo;x\n'
    assert rows(table) == [
        {"name": "Lovelace; Ada", "note": 'said "hello"\r\nand went'},
        {"name": "Bo", "note": "x"},
    ]


def test_quotes_that_are_escaped() -> None:
    assert rows('name,note\n"Ada","said \\"hi\\", and went"\n') == [{"name": "Ada", "note": 'said "hi", and went'}]


def test_a_quote_within_a_cell_is_a_character() -> None:
    assert rows('size,note\n5" pipe,x\n6" pipe,y\n')[1] == {"size": '6" pipe', "note": "y"}


def test_a_quote_that_is_never_closed_takes_nothing_with_it() -> None:
    table = "name,note\n" + 'Ada,"never closed\n' + "".join(f"Bo {number},x\n" for number in range(3000))
    read_rows = rows(table)
    assert len(read_rows) == 3001
    assert read_rows[0]["note"] == '"never closed'
    assert read_rows[-1] == {"name": "Bo 2999", "note": "x"}


def test_rows_of_any_width_and_no_heads() -> None:
    assert rows("ada@x.example;3212\nbo@x.example;4711;more\n") == [
        {"column 1": "ada@x.example", "column 2": "3212", "column 3": None},
        {"column 1": "bo@x.example", "column 2": "4711", "column 3": "more"},
    ]


def test_one_column_is_a_table_too() -> None:
    assert rows("email\nada@x.example\n") == [{"email": "ada@x.example"}]


def test_an_endless_row_and_a_huge_cell_are_read_in_pieces_and_told() -> None:
    limits = Limits(cell=1000, columns=10)
    long = read("a.csv", ("a,b\n" + "x" * 5000 + ",4111\n" + ",".join("y" * 50) + "\nAda,z\n").encode(), limits)
    assert long.passed == [("a.csv", Reason.TOO_LONG)]
    texts = [cell for row in long.rows["a.csv"] for cell in row.values() if cell]
    assert sum(text.count("x") for text in texts) == 5000
    assert sum(text.count("y") for text in texts) == 50
    assert max(map(len, texts)) <= 1000
    assert long.rows["a.csv"][-1]["b"] == "z"


def test_a_row_is_known_by_its_content_when_others_before_it_are_gone() -> None:
    whole, less = read("a.csv", b"n,m\nAda,1\nBo,2\n"), read("a.csv", b"n,m\nBo,2\n")
    assert [key.split("#")[0] for key in whole.keys] == ["2", "3"]
    assert whole.keys[1].split("#")[1] == less.keys[0].split("#")[1]
    assert "Bo" not in whole.keys[1]


def test_a_sample_is_a_part_of_the_rows_and_the_same_part_again() -> None:
    table = ("n,m\n" + "".join(f"{number},x\n" for number in range(2000))).encode()
    some = read("a.csv", table, sample=0.2)
    assert 300 < len(some.keys) < 500
    assert read("a.csv", table, sample=0.2).keys == some.keys
    assert some.bytes == len(table)


@given(
    st.lists(st.lists(st.text(alphabet='ab,;"\n\r é', max_size=8), min_size=3, max_size=3), min_size=1, max_size=12),
    st.sampled_from([",", ";"]),
)
def test_what_a_writer_of_csv_writes_comes_back(table: list[list[str]], delimiter: str) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["first", "second", "third"])
    writer.writerows(table)
    assert [list(row.values()) for row in rows(written.getvalue())] == table


def test_a_table_in_another_content_is_not_misled_by_its_name() -> None:
    assert ("a.csv", None) not in read("a.csv", b'{"a": 1}\n{"a": 2}\n').texts
    assert read("a.csv", b'{"a": 1}\n{"a": 2}\n').rows["a.csv"] == [{"a": "1"}, {"a": "2"}]


@pytest.mark.parametrize("above", ["Kunden\n\n", "Kunden;;\n;;\n", "\n", "Kunden\nStand heute\n\n"])
def test_heads_are_found_below_a_title_and_empty_rows(above: str) -> None:
    rows = "0;Cy;2.3.1970\n" * 5
    found = read("a.csv", f"{above}Nr;Name;Geburtstag\n{rows}1;Ada;10.12.1990\n2;Bo;1.2.1980\n".encode()).rows["a.csv"]
    assert found[-2:] == [
        {"Nr": "1", "Name": "Ada", "Geburtstag": "10.12.1990"},
        {"Nr": "2", "Name": "Bo", "Geburtstag": "1.2.1980"},
    ]
    assert all("Name" not in row.values() for row in found)
    assert "Kunden" not in above or any("Kunden" in row.values() for row in found), "the title is read too"


def test_rows_of_one_cell_above_one_of_words_make_it_no_heads() -> None:
    assert rows("Ada;;\nBo;;\nSmith;Jones;x\n") == [
        {"column 1": "Ada", "column 2": "", "column 3": ""},
        {"column 1": "Bo", "column 2": "", "column 3": ""},
        {"column 1": "Smith", "column 2": "Jones", "column 3": "x"},
    ]
    assert rows("name\nAda\nBo\n") == [{"name": "Ada"}, {"name": "Bo"}]
