"""A table as the address asks for it, and as a file: whatever the rows are."""

import asyncio
import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.design.exports import file_of, lines_of
from rightcall.design.tables import Column, Shown, Table, View, spaced, spelt
from rightcall.errors import Malformed


@dataclass(frozen=True, slots=True)
class Line:
    nth: int
    word: str
    on: date | None


COLUMNS: tuple[Column[Line], ...] = (
    Column("nth", "Number", lambda each: each.nth, is_number=True),
    Column("word", "Word", lambda each: each.word, is_picked=True),
    Column("on", "Day", lambda each: each.on, is_period=True),
    Column("do", "What to do"),
)
TABLE: Table[Line] = Table(name="lines", file="lines", columns=COLUMNS, page=3)
DAY = date(2026, 11, 1)
rows = st.lists(
    st.builds(
        Line,
        st.integers(0, 30),
        st.sampled_from(["yes", "No", "=1+1", "-", "ærlig, helt"]),
        st.none() | st.integers(0, 20).map(lambda days: DAY + timedelta(days=days)),
    ),
    max_size=12,
)


def read(shown: Shown[Line], kind: str) -> str:
    return "".join(lines_of(shown, kind, lambda words: words))


def follow(place: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(place).query).items()}


def pages(table: Table[Line], rows: Sequence[Line], address: dict[str, str]) -> list[Line]:
    """Page after page, each by the link of the one before."""
    seen: list[Line] = []
    shown = table.of(rows, address)
    while True:
        seen += shown.rows
        if not shown.following:
            return seen
        shown = table.of(rows, follow(shown.onward()))


class Far(StrEnum):
    POST_CALL = "post_call"


def test_a_filter_tells_values_as_cells_do_and_the_address_has_the_value() -> None:
    columns: tuple[Column[Line], ...] = (
        Column("far", "How far", lambda each: Far.POST_CALL, is_picked=True),
        Column("word", "Word", lambda each: each.word, is_picked=True, words={"dpo": "the DPO"}),
        Column("set", "Set", lambda each: None, is_picked=True, options=("hold_on",), words=spaced(["hold_on"])),
    )
    shown = Table(file="lines", columns=columns).of([Line(1, "crm_main", None), Line(2, "dpo", None)], {"word": "dpo"})
    assert shown.options["far"] == {"post_call": "post call"}
    assert shown.options["word"] == {"crm_main": "crm_main", "dpo": "the DPO"}
    assert shown.options["set"] == {"hold_on": "hold on"}
    assert [each.nth for each in shown] == [2]
    assert [each.nth for each in Table(file="lines", columns=columns).of([Line(1, "no", None)], {"find": "post call"})] == [1]


@given(rows, st.sampled_from(["nth", "-nth", "word", "-word", "on", "-on", "nothing", ""]))
def test_pages_go_on_without_repeats_and_a_file_has_the_same_rows_in_the_same_order(lines: list[Line], sort: str) -> None:
    address = {"lines.sort": sort, "other.sort": "-x"}
    seen = pages(TABLE, lines, address)
    assert sorted(map(repr, seen)) == sorted(map(repr, lines))
    keys = [getattr(each, sort.removeprefix("-"), 0) for each in seen]
    ranks = [str(key).casefold() if isinstance(key, str) else key for key in keys if key is not None]
    assert ranks == sorted(ranks, reverse=sort.startswith("-"))
    assert all(key is None for key in keys[len(ranks) :])
    told = json.loads(read(TABLE.of(lines, address), "json"))
    assert [(each["nth"], each["word"]) for each in told] == [(each.nth, each.word) for each in seen]
    heads, *cells = csv.reader(io.StringIO(read(TABLE.of(lines, address), "csv")))
    assert heads == ["Number", "Word", "Day"]
    assert [cell[0] for cell in cells] == [str(each.nth) for each in seen]
    assert not any(cell[1].startswith(("=", "-")) for cell in cells), "a spreadsheet would reckon with it"


@given(rows, st.sampled_from(["yes", "No", "=1+1"]), st.integers(0, 20), st.integers(0, 20))
def test_what_is_asked_for_narrows_it_to_exactly_that(lines: list[Line], word: str, since: int, days: int) -> None:
    first, last = DAY + timedelta(days=since), DAY + timedelta(days=since + days)
    address = {"lines.word": word, "lines.since": first.isoformat(), "lines.until": last.isoformat()}
    shown = TABLE.of(lines, address)
    alike = [each for each in lines if each.word == word and each.on is not None and first <= each.on <= last]
    assert (shown.many, list(shown.every())) == (len(alike), alike)
    assert follow(shown.whole()) == {}
    assert list(TABLE.of(lines, {"lines.find": word.upper()}).every()) == [each for each in lines if each.word == word]


@given(st.integers(0, 3000))
def test_a_file_of_many_rows_is_fetched_in_parts(many: int) -> None:
    asked_for: list[int] = []

    def fetch(asked: View, limit: int) -> list[Line]:
        asked_for.append(limit)
        first = int(asked.after or -1) + 1
        return [Line(nth, "", None) for nth in range(first, min(many, first + limit))]

    shown = TABLE.behind(fetch, lambda each: each.nth, {})
    assert [each.nth for each in shown.every()] == list(range(many))
    assert (len(shown.rows), max(asked_for)) == (min(many, 3), 1000)
    if many > 3:
        assert follow(shown.onward()) == {"lines.after": "2"}


def test_a_file_goes_out_in_few_pieces_and_what_fails_at_once_is_told() -> None:
    """Each piece takes a way of its own through the server."""

    async def sent(many: int) -> list[str]:
        lines = [Line(nth, "yes", None) for nth in range(many)]
        return [str(piece) async for piece in file_of(TABLE.of(lines, {}), "csv", str).body_iterator]

    pieces = asyncio.run(sent(1400))
    assert len(pieces) == 3
    assert "".join(pieces).count("\r\n") == 1401

    def gone(asked: View, limit: int) -> list[Line]:
        if limit == 1000:
            raise Malformed("This cannot be.")
        return []

    with pytest.raises(Malformed):
        file_of(TABLE.behind(gone, lambda each: each.nth, {}), "csv", str)


def test_only_columns_of_ours_are_sorted_by_and_what_is_no_day_is_told() -> None:
    shown = TABLE.of([], {"lines.sort": "do", "lines.find": "x"})
    assert (shown.asked.sort, bool(shown), bool(TABLE.of([], {}))) == ("", True, False)
    for address in ({"lines.since": "yesterday"}, {"lines.after": "-1"}, {"lines.after": "x"}):
        with pytest.raises(Malformed):
            TABLE.of([], address)
    sure = TABLE.of([Line(1, "yes", DAY)], {"lines.sort": "-nth"})
    assert [sure.stands(each) for each in COLUMNS] == ["descending", "", "", ""]
    assert follow(sure.sorting(COLUMNS[0])) == {"lines.sort": "nth"}
    assert follow(sure.sorting(COLUMNS[2])) == {"lines.sort": "-on"}


def test_where_not_all_were_looked_through_it_is_told() -> None:
    lines = [Line(nth, "yes", DAY) for nth in range(4)]
    assert TABLE.of(lines, {}, 4).most == 4
    assert TABLE.of(lines[:3], {}, 4).most is None
    assert TABLE.of(lines, {}).most is None


def test_names_of_ours_are_spelt_as_people_write_them() -> None:
    assert (spelt("waits_for_dpo"), spelt("in_force")) == ("waits for DPO", "in force")
