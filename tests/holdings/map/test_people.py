"""About how many people what is on the map is: little is counted as one looks, much as the worker counted it last, with when."""

from datetime import timedelta

import psycopg.errors
import pytest

from rightcall.database.connection import Transaction
from rightcall.holdings import actions
from rightcall.holdings.categories import Category
from rightcall.holdings.map import actions as data_map
from rightcall.holdings.map.model import Cell, People
from rightcall.holdings.map.page import counted_when, page
from rightcall.ids import SubjectId, new_id
from rightcall.subjects import actions as subjects
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.holdings.test_counting import new

NEVER = People(of_sort={}, at=None, is_now=False)


class Scene:
    def __init__(self, tx: Transaction, vault: Vault, clock: FixedClock) -> None:
        self.tx, self.vault, self.clock = tx, vault, clock

    def hold(self, *people: SubjectId) -> None:
        actions.register(self.tx, self.vault, self.clock, [new(each, self.clock) for each in people])

    def somebody(self) -> SubjectId:
        return subjects.identify(self.tx, self.vault, self.clock, [])

    @property
    def people(self) -> People:
        return data_map.people(self.tx, self.clock)

    def cell(self) -> Cell:
        [found] = data_map.look(self.tx, self.clock)
        return found


@pytest.fixture
def scene(tx: Transaction, vault: Vault, clock: FixedClock) -> Scene:
    return Scene(tx, vault, clock)


def test_little_is_counted_as_one_looks(scene: Scene) -> None:
    ada, bo = scene.somebody(), scene.somebody()
    scene.hold(ada, ada, bo)
    assert scene.people.about(scene.cell()) == 2
    assert (scene.people.at, scene.people.is_now, counted_when(scene.people)) == (scene.clock.at, True, "")
    scene.tx.connection.execute("UPDATE holdings SET gone_at = made_at WHERE subject = %s", (bo,))
    assert scene.people.about(scene.cell()) == 1


def test_much_is_told_as_it_was_counted_last(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [scene.somebody() for _ in range(20)]
    scene.hold(*people)
    assert not data_map.people_are_due(scene.tx, scene.clock)

    monkeypatch.setattr(data_map, "AT_ONCE", 19)
    assert (scene.people, scene.people.about(scene.cell())) == (NEVER, None)
    assert "is about is not counted yet" in page([scene.cell()], scene.people, {})
    assert data_map.people_are_due(scene.tx, scene.clock)

    at = scene.clock.at
    data_map.count_people(scene.tx, scene.clock, people=3)
    assert (scene.people.about(scene.cell()), scene.people.at) == (20, at)
    assert f"was counted at {at:%Y-%m-%d %H:%M} UTC" in page([scene.cell()], scene.people, {})
    scene.clock.at += timedelta(hours=1)
    scene.hold(scene.somebody(), people[0])
    assert (scene.people.about(scene.cell()), scene.people.at, scene.cell().items) == (20, at, 22)


def test_they_are_counted_again_once_a_day_and_when_a_tenth_came_or_went(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_map, "AT_ONCE", 1)
    people = [scene.somebody() for _ in range(20)]
    scene.hold(*people)
    data_map.count_people(scene.tx, scene.clock)
    assert not data_map.people_are_due(scene.tx, scene.clock)
    scene.hold(*people[:2])
    assert not data_map.people_are_due(scene.tx, scene.clock), "a tenth, and no more"
    scene.hold(people[0])
    assert data_map.people_are_due(scene.tx, scene.clock)
    scene.tx.connection.execute("UPDATE holdings SET gone_at = made_at WHERE subject = ANY (%s)", (people[:5],))
    assert data_map.people_are_due(scene.tx, scene.clock)
    data_map.count_people(scene.tx, scene.clock)
    assert scene.people.about(scene.cell()) == 15
    scene.clock.at += timedelta(days=1)
    assert data_map.people_are_due(scene.tx, scene.clock)


def test_a_sort_that_came_since_is_not_counted_yet_and_one_that_is_nobodys_is_about_nobody(scene: Scene) -> None:
    scene.hold(scene.somebody())
    cell = scene.cell()
    counted = People(of_sort={cell.sort: 1}, at=scene.clock.at, is_now=False)
    came = Cell(
        system=None, category=Category.HEALTH, sensitivity=Category.HEALTH.sensitivity, items=1, without_purpose=0, past_term=0
    )
    found = Cell(
        system=None,
        category=Category.HEALTH,
        sensitivity=Category.HEALTH.sensitivity,
        items=0,
        without_purpose=0,
        past_term=0,
        nobodys=3,
    )
    assert [counted.about(each) for each in (cell, came, found)] == [1, None, 0]
    went = People(of_sort={cell.sort: 20, found.sort: 20}, at=scene.clock.at, is_now=False)
    assert [went.about(each) for each in (cell, found)] == [1, 0], "not more people than things"


def test_nothing_on_the_map_is_of_nobody(scene: Scene) -> None:
    ada = scene.somebody()
    scene.hold(ada)
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="known here"), scene.tx.connection.transaction():
        scene.hold(ada, SubjectId(new_id()))
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="known here"), scene.tx.connection.transaction():
        scene.tx.connection.execute("UPDATE holdings SET subject = %s", (new_id(),))
    assert scene.cell().items == 1
