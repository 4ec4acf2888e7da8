"""Lists as parameters of statements: ids are told by themselves, and a list that holds anything else as the driver does it."""

from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import Format

from rightcall.database.connection import Database, Transaction
from rightcall.database.sql import one_row

ID, OTHER = uuid4(), uuid4()
SAME = "SELECT %(ids)s::uuid[] AS ids"


@pytest.mark.parametrize("ids", [[ID], [ID, OTHER, ID], [ID, None, OTHER], [None], [], [[ID], [OTHER]], [UUID(int=0)] * 3000])
def test_ids_come_back_as_they_went(tx: Transaction, ids: list[UUID]) -> None:
    assert one_row(tx, SAME, ids=ids)["ids"] == ids


def test_ids_go_as_the_database_sends_them(tx: Transaction) -> None:
    told = Transformer(tx.connection)
    assert [told.get_dumper(values, PyFormat.AUTO).format for values in ([ID], [ID, None])] == [Format.BINARY, Format.TEXT]


def test_one_statement_takes_lists_of_any_sort_in_turn(database: Database) -> None:
    """The driver remembers how it told the last list."""
    with database.system() as tx:
        for values in ([1, 2], [ID], [True], [OTHER, None], [2**40], [ID, OTHER]):
            told = one_row(tx, "SELECT to_jsonb(%(values)s) AS told", values=values)["told"]
            assert told == [str(each) if isinstance(each, UUID) else each for each in values]


def test_ids_are_written_out_where_a_row_is_copied(tx: Transaction) -> None:
    with tx.connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE copied (ids uuid[])")
        with cursor.copy("COPY copied FROM STDIN") as copy:
            copy.write_row([[ID, OTHER]])
    assert one_row(tx, "SELECT ids FROM copied")["ids"] == [ID, OTHER]


def test_a_list_of_ids_and_others_is_refused_as_before(tx: Transaction) -> None:
    with pytest.raises(psycopg.DataError, match="mixed types"):
        one_row(tx, SAME, ids=[ID, "not an id"])
