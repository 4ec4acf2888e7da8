"""A row of a file is the same row when others come before it, and where something in it says so when it changes itself."""

from rightcall.adapters.systems.formats.keys import Equals, Known, identifying
from rightcall.adapters.systems.formats.rows import digest
from rightcall.discovery.parts import steady

_A, _B = digest(["a"]), digest(["b"])


def test_of_equal_rows_each_is_told_by_which_it_is() -> None:
    equals = Equals()
    assert [equals.told(each) for each in (_A, _B, _A, _A)] == [_A, _B, f"{_A}/2", f"{_A}/3"]


def test_the_memory_of_equal_rows_is_bounded() -> None:
    equals = Equals()
    for number in range(60_000):
        equals.told(digest([str(number)]))
    assert len(equals._times) <= 50_000
    assert equals.told(digest(["59999"])).endswith("/2")


def test_what_a_row_is_known_by_is_said_by_the_first_that_says_it() -> None:
    known = Known()
    first = known.by("C-1")
    assert first is not None
    assert (known.by("C-1 "), known.by(""), known.by(None)) == (None, None, None)
    assert known.by("C-2") not in {None, first}
    assert Known().by("C-1") == first


def test_of_many_values_nearly_all_are_told_from_each_other() -> None:
    known = Known()
    assert sum(known.by(str(number)) is None for number in range(100_000)) < 100


def test_which_column_tells_rows_apart() -> None:
    wanted = {
        ("id", "name"): 0,
        ("call_id", "caller", "agent", "customer_no"): 0,
        ("Kundennummer", "Name"): 0,
        ("date", "kundenr", "text"): 1,
        ("name", "email", "tel"): 1,
        ("agent_id", "customer_id"): 1,
        ("phone_number", "name"): None,
        ("email", "email_2", "name"): None,
        ("date", "text"): None,
        (): None,
    }
    assert {heads: identifying(heads) for heads in wanted} == wanted


def test_a_key_of_a_file_stays_without_its_number_and_any_other_as_it_is() -> None:
    assert steady(f"17#{_A}") == _A
    assert steady(f"17#{_A}/2") == f"{_A}/2"
    assert [steady(each) for each in ("A#1", "17", "1#2", f"x#{_A}")] == ["A#1", "17", "1#2", f"x#{_A}"]
