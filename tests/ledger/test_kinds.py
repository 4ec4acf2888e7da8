"""Statements of one kind are found along an index, also where they are few among many."""

from uuid import uuid4

import psycopg
import pytest

from rightcall.ledger import store

_MANY = """
INSERT INTO statements (controller, statement, kind, leaf, leaf_index)
SELECT %(controller)s, gen_random_uuid(), CASE WHEN n < 3 THEN 'made_up.rare' ELSE 'made_up.common' END, '\\x00', 4000000000 + n
  FROM generate_series(0, 4999) AS n
"""


@pytest.mark.parametrize("oldest_first", [False, True])
def test_a_rare_kind_is_not_looked_for_among_all(database_url: str, oldest_first: bool) -> None:
    given = {"controller": uuid4(), "kind": "made_up.rare", "place": 2**62, "limit": 50}
    with psycopg.connect(database_url) as connection:
        connection.execute(_MANY, given)
        connection.execute("ANALYZE statements")
        plan = "\n".join(str(row[0]) for row in connection.execute("EXPLAIN " + store._PLACED_OF_KIND[oldest_first], given))
        connection.rollback()
    assert "statements_of_kind" in plan, plan
    assert "Sort" not in plan, plan
