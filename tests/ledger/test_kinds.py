"""Lines of one sort, of one role and of a stretch of days are found along an index, also where they are few among many; and they
are all there are."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest

from rightcall.actors import Role
from rightcall.database.connection import Database
from rightcall.database.walk import Walk
from rightcall.ids import ControllerId, new_id
from rightcall.ledger import actions, store
from rightcall.ledger.actions import Sequencer
from rightcall.ledger.model import Entry
from tests.conftest import FixedClock
from tests.ledger.fakes import ORIGIN, SIGNER, Done, Observed, observed

_MANY = """
INSERT INTO statements (controller, statement, kind, leaf, leaf_index)
SELECT %(controller)s, gen_random_uuid(), CASE WHEN n < 3 THEN 'made_up.rare' ELSE 'made_up.common' END,
       convert_to(format('{"at":1,"role":"%%s"}', CASE WHEN n %% 100 = 7 THEN 'auditor' ELSE 'agent' END), 'UTF8'), 4000000000 + n
  FROM generate_series(0, 4999) AS n
"""
_FROM = {"place": 2**62, "first": 0, "last": 2**62, "since": None, "before": None, "limit": 50}


@pytest.mark.parametrize("oldest_first", [False, True])
@pytest.mark.parametrize(
    "asked",
    [{"kind": "made_up.rare", "role": None}, {"kind": None, "role": "auditor"}, {"kind": "made_up.common", "role": "auditor"}],
)
def test_few_lines_are_not_looked_for_among_all(database_url: str, asked: dict[str, str | None], oldest_first: bool) -> None:
    given = _FROM | asked | {"controller": uuid4(), "place": -1 if oldest_first else 2**62}
    with psycopg.connect(database_url) as connection:
        connection.execute(_MANY, given)
        connection.execute("ANALYZE statements")
        told = connection.execute("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " + store._PLACED_ALIKE[oldest_first], given)
        plan = "\n".join(str(row[0]) for row in told)
        connection.rollback()
    assert "statements_by" in plan, plan
    assert "Seq Scan" not in plan, plan
    assert not re.search(r"Rows Removed by Filter: \d\d", plan), plan


def test_what_is_asked_for_is_all_there_is_page_by_page(database: Database, clock: FixedClock) -> None:
    """Around midnight, in two zones, with what was said later numbered earlier, and some of it not numbered yet."""
    controller, midnight = ControllerId(new_id()), datetime(2026, 3, 2, tzinfo=ZoneInfo("Europe/Copenhagen"))
    roles = (Role.ADMINISTRATOR, Role.AUDITOR, None)
    for number in range(24):
        at = midnight + timedelta(minutes=(-90, 0, 30, 60, 89, 24 * 60, 2, -1)[number % 8])
        done = Done(at=at, controller=controller, party_role=Role.AGENT, role=roles[number % 3])
        with database.transaction(controller) as tx:
            actions.append(tx, done if number % 5 else observed(controller, at=at))
        if number == 17:
            Sequencer(database, SIGNER, ORIGIN, clock).run_once()
    days = (None, date(2026, 3, 1), date(2026, 3, 2), date.max, date.min)
    with database.transaction(controller) as tx:
        everything = actions.page(tx, Walk(oldest_first=True), limit=100)
        assert [each.index is None for each in everything] == [False] * 18 + [True] * 6
        for kind, role, since, until, zone, oldest_first in product(
            (None, Done.KIND, Observed.KIND, "tests.never"),
            (None, *roles[:2], Role.AGENT),
            days,
            days,
            ("UTC", "Europe/Copenhagen"),
            (0, 1),
        ):
            asked = Walk(since=since, until=until, zone=zone, oldest_first=bool(oldest_first))
            like = [
                each.statement
                for each in everything
                if kind in (None, each.says["kind"])
                and role in (None, each.says.get("role"))
                and (since or date.min) <= _day(each, zone) <= (until or date.max)
            ]
            found, last = [], None
            while page := actions.page(tx, replace(asked, id=last), kind=kind, role=role, limit=7):
                found += [each.statement for each in page]
                last = found[-1]
            assert found == (like if oldest_first else like[::-1]), (kind, role, asked)


def _day(each: Entry, zone: str) -> date:
    at = each.says["at"]
    assert isinstance(at, int)
    return datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).date()
