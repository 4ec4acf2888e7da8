"""What counts as outlived: health says no more than the page of terms does."""

from datetime import date, timedelta

from rightcall.holdings.categories import Category
from rightcall.holdings.map.model import Ending
from rightcall.ids import SystemId, new_id
from rightcall.retention.rules import outlived

TODAY = date(2026, 11, 27)


def test_what_is_being_deleted_just_now_is_not_outlived_however_long_its_day_is_over() -> None:
    """Nobody was there to end it for months: the first round does, and its bytes go."""
    day = TODAY - timedelta(days=130)
    ours = Ending(last_day=day, system=None, category=Category.TELEPHONE_NUMBER, items=8)
    theirs = Ending(last_day=day, system=SystemId(new_id()), category=Category.TELEPHONE_NUMBER, items=3)
    assert outlived([ours, theirs], held=0, today=TODAY, ended=True) == 3
    assert outlived([ours, theirs], held=0, today=TODAY) == 11
    assert outlived([ours], held=8, today=TODAY) == 0
