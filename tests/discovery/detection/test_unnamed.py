"""Bare telephone numbers under a head that says nothing."""

from collections.abc import Callable

import pytest

from rightcall.discovery.looking.model import Rules
from rightcall.discovery.looking.rules import look
from rightcall.discovery.model import Found
from rightcall.discovery.parts import Row, Rows

BEGINNINGS = ("20", "22", "26", "28", "31", "33", "40", "42", "51", "53", "60", "61", "71", "86", "98")
NUMBERS = [f"{BEGINNINGS[each * 7 % 15]}{each * 104_729 % 10**6:06}" for each in range(1, 41)]


def found(cells: list[str], head: str = "x2", regions: tuple[str, ...] = ("DK",)) -> list[str | None]:
    rows = tuple(Row(f"k{number}", (f"r{number}", cell)) for number, cell in enumerate(cells))
    part = Rows(object="contacts_old", heads=("x1", head), rows=rows, bytes=1)
    return [each.row for each in look(part, Rules(regions=regions)) if isinstance(each, Found) and each.finding.type == "phone"]


@pytest.mark.parametrize("write", [str, lambda each: f"{each[:4]} {each[4:]}", lambda each: f" {each} "])
def test_a_column_of_numbers_in_use_is_told(write: Callable[[str], str]) -> None:
    told = found([write(each) for each in NUMBERS])
    assert len(told) >= 36
    assert len(set(told)) == len(told)


@pytest.mark.parametrize(
    ("cells", "head", "regions"),
    [
        (NUMBERS, "order_no", ("DK",)),
        (NUMBERS, "x2", ()),
        (NUMBERS, "x2", ("GB",)),
        (NUMBERS[:7], "x2", ("DK",)),
        (sorted(NUMBERS), "x2", ("DK",)),
        ([f"3000{number * 7919 % 10_000:04}" for number in range(40)], "x2", ("DK",)),
        ([f"19{number % 90 + 10}0{number % 9 + 1}1{number % 10}" for number in range(40)], "x2", ("DK",)),
        ([*NUMBERS[:20], *(f"note {number}" for number in range(20))], "x2", ("DK",)),
    ],
)
def test_what_is_counted_dated_named_or_mixed_is_not(cells: list[str], head: str, regions: tuple[str, ...]) -> None:
    assert found(cells, head, regions) == []
