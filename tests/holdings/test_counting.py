"""The map is counted by many at once, and nobody waits for anybody: each takes a counter that is free, and their sum is right."""

from rightcall.actors import SYSTEM
from rightcall.database.connection import Database, Transaction
from rightcall.holdings import actions
from rightcall.holdings.categories import Category
from rightcall.holdings.map import actions as data_map
from rightcall.holdings.model import NewForeign, Provenance, Source
from rightcall.holdings.places import Place
from rightcall.ids import ControllerId, HoldingId, SubjectId, SystemId, new_id
from rightcall.subjects import actions as subjects
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock

CRM = SystemId(new_id())


def new(subject: SubjectId, clock: FixedClock) -> NewForeign:
    came = Provenance(source=Source.SCAN, actor=SYSTEM, at=clock.at, basis=None)
    id = HoldingId(new_id())
    return NewForeign(id=id, subject=subject, category=Category.NAME, place=Place(system=CRM), provenance=came)


def counters(tx: Transaction) -> int:
    row = tx.connection.execute("SELECT count(*) AS n FROM holding_counts WHERE system = %s", (CRM,)).fetchone()
    assert row is not None
    number: int = row["n"]
    return number


def test_two_at_once_count_the_same_sort_without_waiting(
    database: Database, controller: ControllerId, vault: Vault, clock: FixedClock
) -> None:
    with database.transaction(controller) as tx:
        people = [subjects.identify(tx, vault, clock, []) for _ in range(3)]
        actions.register(tx, vault, clock, [new(people[0], clock)])
    with database.transaction(controller) as one, database.transaction(controller) as other:
        for tx, person in ((one, people[1]), (other, people[2])):
            tx.connection.execute("SET LOCAL lock_timeout = '2s'")
            actions.register(tx, vault, clock, [new(person, clock), new(person, clock)])
    with database.transaction(controller) as tx:
        actions.register(tx, vault, clock, [new(people[0], clock)])
        [cell] = data_map.look(tx, clock)
        assert (cell.items, data_map.people(tx, clock).about(cell)) == (6, 3)
        assert data_map.check(tx, clock) == []
        assert counters(tx) == 2
