"""What counts as outlived: health says no more than the page of terms does."""

from datetime import date, timedelta

from rightcall.holdings.categories import Category
from rightcall.holdings.map.model import Ending
from rightcall.holdings.model import Remnants
from rightcall.ids import HoldingId, SystemId, new_id
from rightcall.retention.rules import last_of, many, outlived, parts_of, whole

TODAY = date(2026, 11, 27)


def test_what_is_being_deleted_just_now_is_not_outlived_however_long_its_day_is_over() -> None:
    """Nobody was there to end it for months: the first round does, and its bytes go."""
    day = TODAY - timedelta(days=130)
    ours = Ending(last_day=day, system=None, category=Category.TELEPHONE_NUMBER, items=8)
    theirs = Ending(last_day=day, system=SystemId(new_id()), category=Category.TELEPHONE_NUMBER, items=3)
    assert outlived([ours, theirs], held=0, today=TODAY, ended=True) == 3
    assert outlived([ours, theirs], held=0, today=TODAY) == 11
    assert outlived([ours], held=8, today=TODAY) == 0


def remnants(*minutes: tuple[str, int] | None) -> list[Remnants]:
    """`minutes`: in which so many were begun; None is one that lies alone."""
    found = []
    for minute, number in (each or ("", 1) for each in minutes):
        ids = [HoldingId(new_id()) for _ in range(number)]
        place = f"c/2026-11-26/{minute}" if minute else f"c/{ids[0]}"
        found.append(Remnants(place, ids, is_finished=True, lie_together=bool(minute)))
    return found


def test_what_lies_together_is_let_go_of_in_one_part() -> None:
    found = remnants(("20260101T0001", 3), ("20260101T0002", 2), None, None, ("20260101T0003", 1))
    assert parts_of(found, 2) == [found[:1], found[1:2], found[2:4], found[4:]]
    assert parts_of(found, 4) == [found[:2], found[2:]]
    assert parts_of(found, 100) == [found]
    assert parts_of([], 2) == []
    # Where nothing was written, nothing lies together.
    empty = [each._replace(place="") for each in remnants(None, None, None)]
    assert parts_of(empty, 1) == [empty[:1], empty[1:2], empty[2:]]
    assert whole([(TODAY, each) for each in empty]) == [(TODAY, each) for each in empty[:2]]
    # Of one minute, some are finished and one is not.
    unfinished = found[0]._replace(is_finished=False)
    assert parts_of([found[0], unfinished, found[1]], 2) == [[found[0], unfinished], [found[1]]]


def test_what_the_next_page_may_have_more_of_waits_for_it() -> None:
    page = [(TODAY, each) for each in remnants(("20260101T0001", 1), ("20260101T0002", 2))]
    assert whole(page) == page[:1]
    assert whole(page[1:]) == page[1:]
    alone = [(TODAY, each) for each in remnants(None, None, None)]
    assert whole(alone) == alone[:2]
    assert whole([]) == []


def test_the_next_page_begins_behind_all_that_was_told_and_passes_none_over() -> None:
    """What began in one minute lies in two files where it was to be kept until two days, and has now the same last day: ids of
    the one stand between those of the other."""
    ids = [HoldingId(new_id()) for _ in range(7)]
    places = [
        Remnants("c/2026-11-26/20260101T0001", ids[:1], is_finished=True, lie_together=True),
        Remnants("c/2026-11-26/20260101T0002", [ids[1], ids[3], ids[5]], is_finished=True, lie_together=True),
        Remnants("c/2026-12-26/20260101T0002", [ids[2], ids[4], ids[6]], is_finished=True, lie_together=True),
    ]
    page = [(TODAY, each) for each in places]
    told = whole(page)
    assert told == page[:1]
    assert last_of(told) == (TODAY, ids[0])
    assert last_of(page) == (TODAY, ids[6])
    assert many(places) == 7
    # A later day is behind, whatever the ids.
    tomorrow = (TODAY + timedelta(days=1), places[0])
    assert last_of([tomorrow, *page]) == (tomorrow[0], ids[0])
    assert whole([*page, tomorrow]) == page
