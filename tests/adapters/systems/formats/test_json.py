"""JSON and JSON lines: values under their paths, conversations as turns, broken places told."""

import io
import json

import pytest

from rightcall.adapters.systems.formats.limits import Limits
from rightcall.adapters.systems.formats.not_numbers import as_nulls
from rightcall.adapters.systems.formats.table import parts
from rightcall.discovery.model import Reason
from rightcall.discovery.parts import Turn, Turns
from tests.adapters.systems.formats.reading import read


def test_the_objects_of_lists_are_rows_with_nested_values_under_their_paths() -> None:
    content = {
        "owner": "Eva",
        "customers": [
            {"name": "Ada", "phones": [{"number": "1"}, {"number": "2"}], "vip": True, "note": None},
            {"name": "Bo", "balance": 1.50, "id": 4571000000000000001},
        ],
    }
    shown = read("a.json", json.dumps(content).encode())
    assert shown.rows["a.json"] == [
        {
            "customers[].name": "Ada",
            "customers[].phones[].number": "1\n2",
            "customers[].vip": "true",
            "customers[].balance": None,
            "customers[].id": None,
            "owner": None,
        },
        {
            "customers[].name": "Bo",
            "customers[].phones[].number": None,
            "customers[].vip": None,
            "customers[].balance": "1.5",
            "customers[].id": "4571000000000000001",
            "owner": None,
        },
        {**dict.fromkeys(["customers[].name", "customers[].phones[].number", "customers[].vip"]), "owner": "Eva"}
        | dict.fromkeys(["customers[].balance", "customers[].id"]),
    ]
    assert shown.bytes == len(json.dumps(content))


def test_a_key_that_is_data_is_read_and_names_nothing() -> None:
    shown = read("a.json", b'{"by": {"ada@x.example": {"age": 3}, "+45 32123456": {"age": 4}}}')
    assert shown.rows["a.json"] == [{"by.*": "ada@x.example\n+45 32123456", "by.*.age": "3\n4"}]


def test_a_key_that_an_object_has_twice_is_read_twice() -> None:
    for name, content in (("a.json", b'{"a": "x", "a": "y"}'), ("a.jsonl", b'{"a": "x", "a": "y"}\n')):
        assert read(name, content).rows[name] == [{"a": "x\ny"}]


def test_lines_that_are_broken_or_too_deep_are_read_as_text_and_told() -> None:
    deep = '{"a":' * 300 + "1" + "}" * 300
    shown = read("a.jsonl", f'{{"a": 1}}\n{{"a": broken\n{deep}\n'.encode())
    assert [row.get("line") for row in shown.rows["a.jsonl"]] == [None, '{"a": broken', deep]
    assert shown.passed == [("a.jsonl", Reason.BROKEN), ("a.jsonl", Reason.TOO_DEEP)]


def test_a_document_is_read_up_to_where_it_breaks() -> None:
    shown = read("a.json", b'[{"name": "Ada"}, {"name": "Bo"}, {"name": ')
    assert [row["[].name"] for row in shown.rows["a.json"]] == ["Ada", "Bo"]
    assert shown.passed == [("a.json", Reason.BROKEN)]


def test_what_is_no_number_is_none_and_a_string_stays_as_it_is() -> None:
    """As pandas and others write it."""
    shown = read(
        "a.json", b'[{"x": NaN, "mail": "a@x.example"}, {"x":-Infinity,"y":Infinity,"note":"x: NaN, \\"NaN\\" Infinity"}]'
    )
    assert shown.rows["a.json"] == [
        {"[].mail": "a@x.example", "[].note": None},
        {"[].mail": None, "[].note": 'x: NaN, "NaN" Infinity'},
    ]
    assert shown.passed == []
    text = r'[{"a":NaN,"b":"NaN \\","c":-Infinity,"d":"\"NaN"},Infinity,"Infinity"]'
    told = text.replace('"a":NaN', '"a":null').replace('"c":-Infinity', '"c":null').replace("},Infinity", "},null")
    for size in range(1, 9):
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        assert "".join(piece for _, piece in as_nulls(iter([(size, each) for each in pieces]))) == told


def test_a_document_that_is_nested_too_deep_is_told() -> None:
    for content in (b"[" * 100_000, b'{"a":' * 100_000):
        assert read("a.json", content).passed == [("a.json", Reason.TOO_DEEP)]


def test_documents_one_after_the_other() -> None:
    shown = read("a.json", b'{\n "a": "x"\n}\n{\n "b": ["y"]\n}\n')
    assert shown.rows["a.json"] == [{"a": "x", "b[]": "y"}]
    assert shown.passed == []


def test_other_encodings_and_numbers_out_of_bounds() -> None:
    assert read("a.json", '{"name": "Zoë"}'.encode("utf-16")).rows["a.json"] == [{"name": "Zoë"}]
    assert read("a.json", b'{"n": 1e999999}').rows["a.json"] == [{"n": "1E+999999"}]
    assert len(read("a.jsonl", b'{"n": ' + b"9" * 5000 + b"}\n").rows["a.jsonl"]) == 1


def test_a_record_without_end_is_given_out_in_pieces() -> None:
    shown = read("a.json", b'[{"a": [' + b'"4111 1111 1111 1111",' * 5000 + b'"x"]}]', Limits(cell=2000))
    assert len(shown.rows["a.json"]) > 20
    assert sum((row["[].a[]"] or "").count("4111 1") for row in shown.rows["a.json"]) == 5000


def test_more_columns_than_there_may_be_are_put_to_the_last() -> None:
    content = json.dumps([{f"k{chr(97 + number)}": str(number) for number in range(20)}]).encode()
    [row] = read("a.json", content, Limits(columns=5)).rows["a.json"]
    assert len(row) == 5
    assert (row["[].ke"] or "").split("\n") == [str(number) for number in range(4, 20)]


def test_a_transcript_is_turns_and_its_speakers_are_told() -> None:
    segments = [
        {"speaker": "Ada", "text": "My number is four one", "start": 0.5, "end": 2, "words": [{"word": "My", "start": 0.5}]},
        {"speaker": "Agent", "text": "And then", "start": 3.0},
        {"speaker": "Ada", "text": "double two", "start": 4.0},
    ]
    for name, content in (
        ("a.json", json.dumps({"segments": segments}).encode()),
        ("a.jsonl", "".join(json.dumps(each) + "\n" for each in segments).encode()),
    ):
        shown = read(name, content)
        assert shown.turns == [
            Turn(0, "My number is four one", 0.5, is_of_staff=False),
            Turn(1, "And then", 3.0, is_of_staff=True),
            Turn(0, "double two", 4.0, is_of_staff=False),
        ]
        assert shown.texts == {(name, "speakers"): "Ada", (name, "agents"): "Agent"}


def test_a_record_that_is_more_than_a_turn_stays_a_row() -> None:
    assert read("a.json", b'[{"from": "ada@x.example", "text": "hi", "iban": "DE1"}]').turns == []


def test_json_is_known_by_its_content() -> None:
    assert "a.txt" in read("a.txt", b'{"a": 1}').rows
    assert ("a.log", None) in read("a.log", b"[2026-01-01 12:00] caller 3212\n").texts


@pytest.mark.parametrize("ending", [".jsonl", ".json"])
def test_a_turn_is_told_with_the_field_that_it_stands_in(ending: str) -> None:
    said = (("agent", "body", "Your number?"), ("customer", "body", "One."), ("agent", "text", "Thanks."))
    lines = [json.dumps({"from": who, field: words}) for who, field, words in said]
    content = ("\n".join(lines) if ending == ".jsonl" else f'{{"turns": [{", ".join(lines)}]}}').encode()
    told = parts(f"talk{ending}", io.BytesIO(content), size=len(content), limits=Limits(), sample=1.0)
    turns = [each for each in told if isinstance(each, Turns)]
    path = "" if ending == ".jsonl" else "turns[]."
    assert [(each.field, each.first, len(each.turns)) for each in turns] == [(f"{path}body", 0, 2), (f"{path}text", 2, 1)]
