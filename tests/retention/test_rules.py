"""What counts as outlived: health says no more than the page of terms does."""

from datetime import date, timedelta

from rightcall.holdings.categories import Category
from rightcall.holdings.map.model import Ending
from rightcall.holdings.model import Remnant
from rightcall.ids import HoldingId, SystemId, new_id
from rightcall.retention.rules import outlived, parts_of, whole

TODAY = date(2026, 11, 27)


def test_what_is_being_deleted_just_now_is_not_outlived_however_long_its_day_is_over() -> None:
    """Nobody was there to end it for months: the first round does, and its bytes go."""
    day = TODAY - timedelta(days=130)
    ours = Ending(last_day=day, system=None, category=Category.TELEPHONE_NUMBER, items=8)
    theirs = Ending(last_day=day, system=SystemId(new_id()), category=Category.TELEPHONE_NUMBER, items=3)
    assert outlived([ours, theirs], held=0, today=TODAY, ended=True) == 3
    assert outlived([ours, theirs], held=0, today=TODAY) == 11
    assert outlived([ours], held=8, today=TODAY) == 0


def remnants(*minutes: str) -> list[Remnant]:
    """`minutes`: in which each was begun; an empty one lies alone."""
    ids = [HoldingId(new_id()) for _ in minutes]
    keys = [f"c/2026-11-26/{minute}/{id}" if minute else f"c/{id}" for minute, id in zip(minutes, ids, strict=True)]
    return [Remnant(holding=id, object_key=key, is_finished=True) for id, key in zip(ids, keys, strict=True)]


def test_what_lies_together_is_let_go_of_in_one_part() -> None:
    found = remnants(*["20260101T0001"] * 3, *["20260101T0002"] * 2, "", "", "20260101T0003")
    assert parts_of(found, 2) == [found[:3], found[3:5], found[5:7], found[7:]]
    assert parts_of(found, 4) == [found[:5], found[5:]]
    assert parts_of(found, 100) == [found]
    assert parts_of([], 2) == []


def test_what_the_next_page_may_have_more_of_waits_for_it() -> None:
    minutes = ["20260101T0001", "20260101T0002", "20260101T0002"]
    page = [(TODAY, each) for each in remnants(*minutes)]
    assert whole(page) == page[:1]
    assert whole(page[1:]) == page[1:]
    alone = [(TODAY, each) for each in remnants("", "", "")]
    assert whole(alone) == alone[:2]
