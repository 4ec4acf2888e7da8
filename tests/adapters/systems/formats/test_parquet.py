"""Parquet: rows in batches, nested values under their paths."""

import io
from datetime import UTC, date, datetime

import pyarrow
import pyarrow.parquet

from rightcall.discovery.model import Reason
from tests.adapters.systems.formats.reading import read


def parquet(table: dict[str, list[object]], **options: object) -> bytes:
    written = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(table), written, **options)
    return written.getvalue()


def test_rows_with_nested_values() -> None:
    content = parquet(
        {
            "name": ["Ada", None],
            "born": [date(1980, 3, 12), None],
            "at": [datetime(2026, 1, 2, 3, 4, tzinfo=UTC), None],
            "phones": [[{"n": "1"}, {"n": "2"}], []],
            "raw": [b"a@x.example", None],
        }
    )
    shown = read("a.parquet", content)
    [ada, bo] = shown.rows["a.parquet"]
    assert ada["name"] == "Ada"
    assert ada["born"] == "1980-03-12"
    assert (ada["at"] or "").startswith("2026-01-02 03:04:00")
    assert ada["phones[].n"] == "1\n2"
    assert ada["raw"] == "a@x.example"
    assert set(bo.values()) == {None}
    assert shown.bytes == len(content)


def test_many_rows_come_in_batches_and_a_sample_is_a_part_of_them() -> None:
    content = parquet({"n": [*range(5000)]}, row_group_size=1200)
    assert [row["n"] for row in read("a", content).rows["a"]] == [str(number) for number in range(5000)]
    assert 300 < len(read("a", content, sample=0.1).keys) < 700


def test_broken_or_encrypted_files_are_told() -> None:
    content = parquet({"name": ["Ada"] * 1000})
    assert read("a.parquet", content[:50]).passed == [("a.parquet", Reason.BROKEN)]
    assert read("a.parquet", b"PARE" + content[4:]).passed == [("a.parquet", Reason.ENCRYPTED)]
    for at in range(4, len(content), 61):
        read("a.parquet", content[:at] + b"\xff" * 8 + content[at + 8 :])
