"""Deeds that go to the database together: as if one after the other, but for the waiting."""

from collections.abc import Callable

import psycopg
import pytest

from rightcall.database.connection import Database, Transaction
from rightcall.database.sql import execute, one_row
from rightcall.database.together import at_once, beside
from rightcall.errors import Breach


def reading(happened: list[str], name: str, then: int = 0) -> Callable[[Transaction], int]:
    """Asks, goes on with what was answered, and asks once more for each of `then`."""

    def deed(tx: Transaction) -> int:
        total = 0
        for nth in range(1 + then):
            happened.append(f"{name} asks")
            total += one_row(tx, "SELECT %(nth)s::int + 1 AS n", nth=nth)["n"]
            happened.append(f"{name} is answered")
        return total

    return deed


def test_all_have_asked_before_the_first_is_answered(database: Database) -> None:
    happened: list[str] = []
    with database.system() as tx, at_once(tx) as ask:
        short = ask(reading(happened, "one"))
        long = ask(reading(happened, "two", then=1))
    assert (short.value, long.value) == (1, 3)
    assert happened == ["one asks", "two asks", "one is answered", "two is answered", "two asks", "two is answered"]


def test_those_inside_a_deed_join_those_beside_it(database: Database) -> None:
    happened: list[str] = []

    def outer(tx: Transaction) -> int:
        with beside(tx) as ask:
            found = [ask(reading(happened, name)) for name in ("one", "two")]
        return sum(each.value for each in found)

    with database.system() as tx, at_once(tx) as ask:
        both, third = ask(outer), ask(reading(happened, "three"))
    assert (both.value, third.value) == (2, 1)
    assert happened[:3] == ["one asks", "two asks", "three asks"]


def test_a_deed_that_is_alone_does_one_after_the_other(database: Database) -> None:
    happened: list[str] = []
    with database.system() as tx, beside(tx) as ask:
        found = [ask(reading(happened, name)) for name in ("one", "two")]
        assert [each.value for each in found] == [1, 1]
    assert happened == ["one asks", "one is answered", "two asks", "two is answered"]


def test_what_an_earlier_one_writes_a_later_one_reads(database: Database) -> None:
    with database.system() as tx:
        execute(tx, "CREATE TEMPORARY TABLE written (n int) ON COMMIT DROP")
        with at_once(tx) as ask:
            touched = ask(lambda tx: execute(tx, "INSERT INTO written VALUES (7), (8)"))
            found = ask(lambda tx: one_row(tx, "SELECT sum(n)::int AS n FROM written")["n"])
    assert (touched.value, found.value) == (2, 15)


def test_what_one_raises_is_raised_and_the_others_come_to_nothing(database: Database) -> None:
    ended: list[str] = []

    def lasting(tx: Transaction) -> None:
        try:
            one_row(tx, "SELECT 1 AS n")
            one_row(tx, "SELECT 2 AS n")
            ended.append("was answered")
        finally:
            ended.append("ended")

    def failing(tx: Transaction) -> None:
        one_row(tx, "SELECT 1 / %(by)s::int AS n", by=0)

    def both(tx: Transaction) -> None:
        with at_once(tx) as ask:
            ask(lasting)
            ask(failing)

    with pytest.raises(psycopg.errors.DivisionByZero), database.system() as tx:
        both(tx)
    assert ended == ["ended"]
    with database.system() as tx:
        assert one_row(tx, "SELECT 3 AS n")["n"] == 3


def test_an_answer_is_not_there_before_the_block_has_ended(database: Database) -> None:
    with database.system() as tx, at_once(tx) as ask:
        found = ask(lambda tx: one_row(tx, "SELECT 1 AS n")["n"])
        with pytest.raises(Breach, match="before it was there"):
            _ = found.value
    assert found.value == 1
