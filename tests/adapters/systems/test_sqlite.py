"""SQLite as a source: what is particular to it. What every database has to do is in `test_databases`."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from rightcall.adapters.systems.pace import Pace
from rightcall.adapters.systems.sqlite.source import open_sqlite
from rightcall.discovery.model import NotRead, PassedOver, Reason, SourceGone
from rightcall.discovery.ports import Gone, Listed, SafetyFact, Spot
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound
from tests.adapters.systems.estate import PLANTED, Estate, cells_of, rows_of, sorted_out


def made(path: Path, *statements: str, wal: bool = False) -> Path:
    connection = sqlite3.connect(path, isolation_level=None)
    if wal:
        connection.execute("PRAGMA journal_mode = WAL")
    for statement in statements:
        connection.execute(statement)
    connection.close()
    return path


def read(path: Path, name: str = "t") -> tuple[list[tuple[str | None, ...]], list[PassedOver]]:
    system = open_sqlite(f"sqlite:///{path}")
    try:
        batches, passed = sorted_out(system, name)
        return cells_of(batches), passed
    finally:
        system.close()


def test_any_column_may_hold_anything(sqlite: Estate) -> None:
    sqlite.ask(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v text, n int)",
        "INSERT INTO t VALUES (1, 'words', 7), (2, 12.5, 'words'), (3, x'00ff', NULL), (4, 'a' || char(0) || 'b', '')",
    )
    batches, passed = sqlite.read("t")
    assert cells_of(batches) == [("1", "words", "7"), ("2", "12.5", "words"), ("3", None, None), ("4", "a\0b", "")]
    assert passed == [PassedOver(object="t", reason=Reason.BINARY, field="v")]


def test_every_kind_of_table_is_read_or_told(sqlite: Estate) -> None:
    sqlite.ask(
        "CREATE TABLE plain (id INTEGER PRIMARY KEY, v text)",
        "CREATE TABLE keyless (v text, rowid text)",
        "CREATE TABLE without (a text, b int, v text, PRIMARY KEY (a, b)) WITHOUT ROWID",
        "CREATE TABLE named (code text PRIMARY KEY, v text)",
        "CREATE VIEW seen AS SELECT * FROM plain",
        "CREATE VIRTUAL TABLE words USING fts5 (body)",
        "INSERT INTO keyless VALUES ('x', 'own')",
        "INSERT INTO without VALUES ('a', 1, 'x'), ('a', 2, 'y')",
        "INSERT INTO named VALUES (NULL, 'x'), (NULL, 'y'), ('c', 'z')",
        "INSERT INTO words VALUES ('said on the phone')",
    )
    system = sqlite.open(writable=True)
    found = list(system.objects())
    assert {each.object for each in found if isinstance(each, PassedOver)} == {"seen", "words"}
    assert {each.name for each in found if isinstance(each, Listed) and each.warning} == {"keyless"}
    assert cells_of(sorted_out(system, "keyless")[0]) == [("x", "own")]
    assert [row.key for row in rows_of(sorted_out(system, "without")[0])] == ['["a","1"]', '["a","2"]']
    assert [row.key for row in rows_of(sorted_out(system, "named")[0])] == ['[null,"1"]', '[null,"2"]', "c"]
    assert ("1", "said on the phone") in cells_of(sorted_out(system, "words_content")[0])
    with pytest.raises(Conflict, match="share this key"):
        system.erase([Spot(object="named", row="[null]")])
    with pytest.raises(Malformed):
        system.erase([Spot(object="named", row='[null,"1"]')])
    assert len(rows_of(sorted_out(system, "named")[0])) == 3
    system.close()


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le", "UTF-16be"])
def test_the_file_s_own_encoding_is_read_and_what_is_wrong_in_it_shown(tmp_path: Path, encoding: str) -> None:
    path = made(
        tmp_path / "a.db",
        f"PRAGMA encoding = '{encoding}'",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v text)",
        "INSERT INTO t VALUES (1, 'Søren ☎'), (2, CAST(x'c3' AS TEXT))",
    )
    cells, passed = read(path)
    assert cells[0] == ("1", "Søren ☎")
    assert cells[1][1] is not None
    assert passed == []


def test_a_reader_leaves_nothing_beside_the_file_and_does_not_touch_it(tmp_path: Path) -> None:
    path = made(tmp_path / "a.db", "CREATE TABLE t (v text)", "INSERT INTO t VALUES ('x')", wal=True)
    before = path.read_bytes(), path.stat().st_mtime_ns
    assert read(path)[0] == [("x",)]
    assert [each.name for each in tmp_path.iterdir()] == ["a.db"]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_what_others_have_committed_but_not_yet_moved_into_the_file_is_read(tmp_path: Path) -> None:
    path = made(tmp_path / "a.db", "CREATE TABLE t (v text)", wal=True)
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("INSERT INTO t VALUES ('new')")
    first = signs(path)
    assert read(path)[0] == [("new",)]
    writer.execute("INSERT INTO t VALUES ('newer')")
    second = signs(path)
    assert None not in first
    assert first != second
    writer.close()


def signs(path: Path, pace: Pace | None = None) -> list[str | None]:
    """Of its tables: what each is known by, as it was listed or by a digest of its own."""
    system = open_sqlite(f"sqlite:///{path}", pace=pace)
    try:
        return [each.fingerprint or system.sign(each) for each in system.objects() if isinstance(each, Listed)]
    finally:
        system.close()


def test_a_file_that_is_changed_while_it_is_taken_as_unchanging_is_told(tmp_path: Path) -> None:
    path = made(tmp_path / "a.db", "CREATE TABLE t (v text)", "INSERT INTO t VALUES ('x')", wal=True)
    system = open_sqlite(f"sqlite:///{path}")
    parts = system.read(Listed(name="t", fingerprint=None, size=None))
    next(parts)
    made(path, "INSERT INTO t VALUES ('y')")
    with pytest.raises(NotRead) as why:
        list(parts)
    assert why.value.reason is Reason.CHANGED
    system.close()


def test_a_change_of_one_table_is_no_change_of_another_and_under_a_limit_the_file_tells(tmp_path: Path) -> None:
    path = made(tmp_path / "a.db", "CREATE TABLE a (v text)", "CREATE TABLE b (v text)", "INSERT INTO b VALUES ('x')")
    limited = Pace(rows_per_second=100, is_limited=True)
    first, at_once = signs(path), signs(path, limited)
    assert (signs(path), signs(path, limited)) == (first, at_once)
    made(path, "UPDATE b SET v = 'y'")
    second = signs(path)
    assert None not in first
    assert second[0] == first[0]
    assert second[1] != first[1]
    assert signs(path, limited)[0] not in (at_once[0], None)


def test_of_rows_without_a_key_where_each_lies_is_a_part_of_it(tmp_path: Path) -> None:
    path = made(tmp_path / "a.db", "CREATE TABLE t (v text)", "INSERT INTO t VALUES ('x'), ('y')")
    before = signs(path)
    made(path, "UPDATE t SET rowid = 9 WHERE v = 'x'")
    assert signs(path) != before


def test_a_file_left_in_the_middle_of_a_change_is_told(tmp_path: Path) -> None:
    path = made(tmp_path / "a.db", "CREATE TABLE t (v text)", "INSERT INTO t VALUES ('x')")
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA cache_spill = ON")
    writer.execute("PRAGMA cache_size = 1")
    writer.execute("BEGIN")
    writer.execute("INSERT INTO t SELECT hex(randomblob(5000)) FROM (SELECT 1 FROM sqlite_schema, (VALUES (1), (2), (3), (4)))")
    for ending in ("", "-journal"):
        shutil.copy(f"{path}{ending}", f"{tmp_path}/left.db{ending}")
    writer.close()
    with pytest.raises(SourceGone, match="middle of a change"):
        read(tmp_path / "left.db")


def test_what_is_no_such_file_is_told_for_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text(f"{PLANTED} and so on")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotFound):
        open_sqlite(f"sqlite:///{tmp_path}/nothing.db")
    for url in (
        f"sqlite:///{tmp_path}/text.db",
        f"sqlite:///{tmp_path}",
        f"sqlite:///{tmp_path}/pipe",
        "sqlite://x/y",
        "sqlite:///",
    ):
        with pytest.raises(Malformed):
            open_sqlite(url)
    damaged = made(tmp_path / "damaged.db", "CREATE TABLE t (v text)", "INSERT INTO t VALUES (hex(randomblob(20000)))")
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(NotRead) as why:
        read(damaged)
    assert why.value.reason is Reason.UNREADABLE


def test_how_the_file_lies_is_seen(tmp_path: Path) -> None:
    path = made(tmp_path / "a.db", "CREATE TABLE t (v text)")

    def facts() -> set[SafetyFact]:
        system = open_sqlite(f"sqlite:///{path}")
        try:
            return {each.fact for each in system.safety()}
        finally:
            system.close()

    path.chmod(0o644)
    assert facts() == {SafetyFact.UNENCRYPTED_AT_REST, SafetyFact.WORLD_READABLE}
    path.chmod(0o600)
    assert facts() == {SafetyFact.UNENCRYPTED_AT_REST}


def test_columns_that_come_and_go_are_told_and_the_rest_is_read(sqlite: Estate) -> None:
    sqlite.ask("CREATE TABLE t (id INTEGER PRIMARY KEY, a text, b text)")
    sqlite.ask(
        "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n LIMIT 1500) INSERT INTO t SELECT i, 'a', 'b' FROM n"
    )
    system = sqlite.open()
    parts = system.read(Listed(name="t", fingerprint=None, size=None))
    next(parts)
    sqlite.ask("ALTER TABLE t DROP COLUMN b", "ALTER TABLE t ADD COLUMN c text DEFAULT 'c'")
    rest = list(parts)
    assert rest[-1] == PassedOver(object="t", reason=Reason.CHANGED)
    assert [row.cells for part in rest[:-1] for row in part.rows][-1] == ("1500", "a", "c")  # type: ignore[union-attr]
    system.close()


def test_errors_tell_what_to_do_and_never_what_lies_there(sqlite: Estate) -> None:
    sqlite.ask(
        "CREATE TABLE parents (id text PRIMARY KEY NOT NULL, v int NOT NULL CHECK (v > 0))",
        "CREATE TABLE children (id int PRIMARY KEY, parent text REFERENCES parents)",
        f"INSERT INTO parents VALUES ('{PLANTED}', 1)",
        f"INSERT INTO children VALUES (1, '{PLANTED}')",
        f"CREATE TRIGGER stays BEFORE DELETE ON children BEGIN SELECT raise(ABORT, '{PLANTED}'); END",
    )
    system = sqlite.open(writable=True)
    spots = [
        Spot(object="parents", row=PLANTED),
        Spot(object="parents", row=PLANTED, field="v"),
        Spot(object="parents", row=PLANTED, field="id"),
        Spot(object="children", row="1"),
    ]
    for spot in spots:
        with pytest.raises(Conflict) as caught:
            system.erase([spot])
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None
        assert PLANTED not in str(caught.value)
    assert set(system.confirm(spots).values()) == {Gone.THERE}
    system.close()


@pytest.mark.parametrize("wal", [False, True])
def test_of_what_went_nothing_is_left_in_the_file_or_beside_it(tmp_path: Path, wal: bool) -> None:
    rows = [f"INSERT INTO t VALUES ({number}, '{PLANTED} {number}')" for number in (1, 2)]
    path = made(tmp_path / "a.db", "CREATE TABLE t (id INTEGER PRIMARY KEY, v text)", *rows, wal=wal)
    system = open_sqlite(f"sqlite:///{path}", writable=True)
    system.erase([Spot(object="t", row="1"), Spot(object="t", row="2", field="v")])
    assert PLANTED.encode() not in b"".join(each.read_bytes() for each in tmp_path.iterdir())
    system.close()


def test_where_others_hold_on_to_what_went_it_is_told_and_asked_again(tmp_path: Path) -> None:
    path = made(tmp_path / "a.db", "CREATE TABLE t (id INTEGER PRIMARY KEY)", "INSERT INTO t VALUES (1)", wal=True)
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM t").fetchall()
    system = open_sqlite(f"sqlite:///{path}", writable=True, pace=Pace(patience_seconds=0.05))
    with pytest.raises(SourceGone, match="others have the file open"):
        system.erase([Spot(object="t", row="1")])
    reader.close()
    system.erase([Spot(object="t", row="1")])
    system.close()


def test_a_file_that_may_not_be_written_is_told(sqlite: Estate) -> None:
    sqlite.ask("CREATE TABLE t (id INTEGER PRIMARY KEY)", "INSERT INTO t VALUES (1)")
    system = sqlite.open(writable=True)
    system._source._connection.execute("PRAGMA query_only = ON")  # type: ignore[attr-defined]  # root may write any file
    with pytest.raises(NotAllowed):
        system.erase([Spot(object="t", row="1")])
    system.close()
