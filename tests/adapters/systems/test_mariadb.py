"""MariaDB as a source: what is particular to it. What every database has to do is in `test_databases`."""

import logging
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from rightcall.adapters.systems.mariadb.source import open_mariadb
from rightcall.adapters.systems.pace import Pace
from rightcall.adapters.systems.tables.model import LONGEST_CELL
from rightcall.discovery.model import NotRead, PassedOver, Reason, SourceGone
from rightcall.discovery.ports import Listed, SafetyFact, Spot
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound
from tests.adapters.systems.estate import PLANTED, Estate, cells_of, rows_of, sorted_out
from tests.adapters.systems.mariadb_server import PASSWORD, MariaDBServer


def test_tables_of_every_kind_are_listed(mariadb: Estate) -> None:
    mariadb.ask(
        "CREATE TABLE plain (id int PRIMARY KEY, v text)",
        "CREATE VIEW seen AS SELECT * FROM plain",
        "CREATE SEQUENCE numbers",
        "CREATE TABLE dated (id int PRIMARY KEY, v text) WITH SYSTEM VERSIONING",
        "CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 3",
        "INSERT INTO parts VALUES (1), (2), (3), (4)",
        "CREATE TABLE keyless (v text)",
        "CREATE TABLE `odd ``. %s name` (id int PRIMARY KEY, `a %s b` text)",
        "INSERT INTO `odd ``. %s name` VALUES (1, 'x')",
    )
    system = mariadb.open()
    found = list(system.objects())
    odd = mariadb.schema + '"odd `. %s name"'
    assert {each.name for each in found if isinstance(each, Listed)} == {
        *(mariadb.name(name) for name in ("dated", "keyless", "parts", "plain")),
        odd,
    }
    assert [each for each in found if isinstance(each, PassedOver)] == [
        PassedOver(object=mariadb.name("dated"), reason=Reason.UNREADABLE, field="rows of the past"),
        PassedOver(object=mariadb.name("seen"), reason=Reason.VIEW),
    ]
    assert [each.name for each in found if isinstance(each, Listed) and each.warning] == [mariadb.name("keyless")]
    assert cells_of(sorted_out(system, odd)[0]) == [("1", "x")]
    assert sorted(cells_of(sorted_out(system, mariadb.name("parts"))[0])) == [("1",), ("2",), ("3",), ("4",)]
    system.close()


def test_untidy_values_are_told_as_text(mariadb: Estate) -> None:
    mariadb.ask(
        "SET sql_mode = ''",
        "CREATE TABLE t (id bigint unsigned PRIMARY KEY, d date, at timestamp NULL, name varchar(40) CHARACTER SET latin1,"
        " n decimal(8, 2), y year, e enum('glad', 'cross'), j json, u uuid, hidden text INVISIBLE, raw blob, bits bit(3),"
        " made varchar(50) AS (concat(name, '!')) VIRTUAL, nul text)",
        "SET time_zone = '+02:00'",
        "INSERT INTO t (id, d, at, name, n, y, e, j, u, hidden, raw, bits, nul) VALUES (18446744073709551615, '0000-00-00',"
        " '2026-02-03 04:05:00', 'Søren', 12.5, 1999, 'cross', '{\"a\": 1}', '6f1c1ba0-0000-4000-8000-000000000001', 'seen',"
        " 'x', 5, concat('before', char(0), 'after'))",
    )
    batches, passed = mariadb.read("t")
    assert {each.field for each in passed} == {"raw", "bits"}
    assert dict(zip(batches[0].heads, cells_of(batches)[0], strict=True)) == {
        "id": "18446744073709551615",
        "d": "0000-00-00",
        "at": "2026-02-03 02:05:00",
        "name": "Søren",
        "n": "12.50",
        "y": "1999",
        "e": "cross",
        "j": '{"a": 1}',
        "u": "6f1c1ba0-0000-4000-8000-000000000001",
        "hidden": "seen",
        "made": "Søren!",
        "nul": "before\0after",
    }
    assert rows_of(batches)[0].key == "18446744073709551615"


@pytest.mark.parametrize(
    ("type", "value"),
    [
        ("bigint unsigned", "18446744073709549000 + seq"),
        ("decimal(30, 4)", "123456789012345678901234 + seq / 7"),
        ("datetime(6)", "timestampadd(microsecond, seq * 7, '2026-01-01')"),
        ("binary(16)", "unhex(md5(seq))"),
        ("varchar(40)", "concat(char(60 + seq % 60), seq)"),
        ("varchar(40) CHARACTER SET latin1", "concat(char(160 + seq % 60 USING latin1), seq)"),
        ("uuid", "uuid()"),
    ],
)
def test_a_key_of_any_type_leads_through_the_whole_table_and_back(mariadb: Estate, type: str, value: str) -> None:
    mariadb.ask(f"CREATE TABLE t (k {type} PRIMARY KEY, v int)", f"INSERT INTO t SELECT {value}, seq FROM seq_1_to_2000")
    rows = rows_of(mariadb.read("t")[0])
    assert len(rows) == len({row.key for row in rows}) == 2000
    sampled = rows_of(mariadb.read("t", sample=0.1)[0])
    assert {row.key for row in sampled} <= {row.key for row in rows}
    assert 120 < len(sampled) < 280
    system = mariadb.open(writable=True)
    assert system.export(Spot(object=mariadb.name("t"), row=rows[77].key, field="v")) == (rows[77].cells[-1] or "").encode()
    system.erase([Spot(object=mariadb.name("t"), row=rows[77].key)])
    system.close()
    assert len(rows_of(mariadb.read("t")[0])) == 1999


def test_of_a_long_cell_without_key_the_beginning_is_read_and_that_is_told(mariadb: Estate) -> None:
    mariadb.ask("CREATE TABLE keyless (v longtext)", f"INSERT INTO keyless VALUES (repeat('x', {LONGEST_CELL + 5})), ('y')")
    batches, passed = mariadb.read("keyless")
    assert sorted(len(cell or "") for cells in cells_of(batches) for cell in cells) == [1, LONGEST_CELL]
    assert passed == [PassedOver(object=mariadb.name("keyless"), reason=Reason.TOO_LARGE, field="v")]


def test_a_table_without_key_is_read_in_one_go_and_may_be_left_in_the_middle(mariadb: Estate) -> None:
    mariadb.ask("CREATE TABLE t (v varchar(20))", "INSERT INTO t SELECT seq FROM seq_1_to_2500")
    mariadb.ask("CREATE TABLE by_enum (k enum('b', 'a') PRIMARY KEY)", "INSERT INTO by_enum VALUES ('a'), ('b')")
    assert [int(cells[0] or "") for cells in cells_of(mariadb.read("t")[0])] == list(range(1, 2501))
    assert sorted(cells_of(mariadb.read("by_enum")[0])) == [("a",), ("b",)]
    system = mariadb.open(writable=True)
    parts = system.read(Listed(name=mariadb.name("t"), fingerprint=None, size=None))
    next(parts)
    parts.close()  # type: ignore[attr-defined]  # a generator
    assert len(list(system.objects())) == 2
    with pytest.raises(Conflict, match="no key"):
        system.erase([Spot(object=mariadb.name("t"), row="1")])
    system.close()


def test_columns_that_come_and_go_are_told_and_the_rest_is_read(mariadb: Estate) -> None:
    mariadb.ask("CREATE TABLE t (id int PRIMARY KEY, a text, b text)", "INSERT INTO t SELECT seq, 'a', 'b' FROM seq_1_to_1500")
    system = mariadb.open()
    parts = system.read(Listed(name=mariadb.name("t"), fingerprint=None, size=None))
    next(parts)
    mariadb.ask("ALTER TABLE t DROP COLUMN b, ADD COLUMN c text DEFAULT 'c'")
    rest = list(parts)
    assert rest[-1] == PassedOver(object=mariadb.name("t"), reason=Reason.CHANGED)
    assert [row.cells for part in rest[:-1] for row in part.rows][-1] == ("1500", "a", "c")  # type: ignore[union-attr]
    mariadb.ask("DROP TABLE t")
    with pytest.raises(NotRead):
        list(system.read(Listed(name=mariadb.name("t"), fingerprint=None, size=None)))
    system.close()


def test_a_slow_table_is_passed_over_and_the_next_is_read(mariadb: Estate) -> None:
    mariadb.ask(
        "CREATE TABLE slow (id int PRIMARY KEY, v text AS (concat('x', sha2(repeat('x', 60000000), 512))) VIRTUAL)",
        "CREATE TABLE quick (id int PRIMARY KEY)",
        "INSERT INTO slow (id) SELECT seq FROM seq_1_to_12",
    )
    system = mariadb.open(pace=Pace(patience_seconds=0.05))
    with pytest.raises(NotRead) as why:
        sorted_out(system, mariadb.name("slow"))
    assert why.value.reason is Reason.TOO_SLOW
    assert [batch.rows for batch in sorted_out(system, mariadb.name("quick"))[0]] == [()]
    system.close()


def test_the_server_refuses_a_reader_every_change(mariadb: Estate) -> None:
    mariadb.ask("CREATE TABLE t (id int PRIMARY KEY)")
    system = mariadb.open()
    source = system._source  # type: ignore[attr-defined]  # as if our own code went wrong
    with pytest.raises(NotRead):
        source._rows("INSERT INTO t VALUES (1)", ())
    system.close()
    assert cells_of(mariadb.read("t")[0]) == []


def test_errors_tell_what_to_do_and_never_what_lies_there(mariadb: Estate, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    mariadb.ask(
        "CREATE TABLE parents (id varchar(40) PRIMARY KEY, v int NOT NULL, j json NOT NULL)",
        "CREATE TABLE children (id int PRIMARY KEY, parent varchar(40), FOREIGN KEY (parent) REFERENCES parents (id))",
        f"""INSERT INTO parents VALUES ('{PLANTED}', 1, '"{PLANTED}"')""",
        f"INSERT INTO children VALUES (1, '{PLANTED}')",
    )
    system = mariadb.open(writable=True)
    name = mariadb.name("parents")
    fields = [Spot(object=name, row=PLANTED, field=field) for field in ("v", "j", "id")]
    for spots in ([Spot(object=name, row=PLANTED)], *([field] for field in fields)):
        with pytest.raises(Conflict) as caught:
            system.erase(spots)
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None
        assert PLANTED not in str(caught.value)
    assert PLANTED not in caplog.text
    system.close()


def test_a_connection_that_is_cut_while_reading_ends_the_reading_of_the_source(mariadb: Estate) -> None:
    mariadb.ask("CREATE TABLE t (v int)", "INSERT INTO t SELECT seq FROM seq_1_to_200000")
    system = mariadb.open()
    parts = system.read(Listed(name=mariadb.name("t"), fingerprint=None, size=None))
    next(parts)
    mariadb.ask(f"KILL {system._source._connection.thread_id()}")  # type: ignore[attr-defined]  # its own connection
    with pytest.raises(SourceGone):
        list(parts)
    system.close()


def test_tls_is_spoken_where_it_can_be_and_seen_where_it_is_not(
    mariadb_server: MariaDBServer, mariadb_url: str, tmp_path: Path
) -> None:
    name = urlsplit(mariadb_url).path.strip("/")
    certificate = mariadb_server.socket.parent / "certificate"
    with mariadb_server.connection() as root, root.cursor() as cursor:
        cursor.execute(f"CREATE USER {name}@'127.0.0.1' IDENTIFIED BY 'only-here'")
        cursor.execute(f"GRANT SELECT ON {name}.* TO {name}@'127.0.0.1'")
        cursor.execute(f"CREATE TABLE {name}.t (id int PRIMARY KEY)")
        cursor.execute(f"INSERT INTO {name}.t VALUES (1)")

    def facts(options: str) -> set[SafetyFact]:
        system = open_mariadb(mariadb_server.url(name, options=options, login=f"{name}:only-here"))
        try:
            return {each.fact for each in system.safety()}
        finally:
            system.close()

    at_rest = {SafetyFact.UNENCRYPTED_AT_REST}
    assert facts("ssl=off") == at_rest | {SafetyFact.NO_TLS}
    assert facts("ssl=required") == at_rest
    assert facts(f"ssl-ca={certificate}") == at_rest
    with pytest.raises(SourceGone, match="encrypted"):
        facts("ssl-ca=/etc/ssl/certs/ca-certificates.crt")
    writing = open_mariadb(mariadb_server.url(name, options="ssl=", login=f"{name}:only-here"), writable=True)
    with pytest.raises(NotAllowed):
        writing.erase([Spot(object=f"{name}.t", row="1")])
    writing.close()
    root_system = open_mariadb(mariadb_url)
    assert SafetyFact.RIGHTS_BEYOND_READING in {each.fact for each in root_system.safety()}
    root_system.close()


@pytest.mark.parametrize(
    "url",
    [
        "mariadb://127.0.0.1/x",
        "mariadb://u@127.0.0.1:port/x",
        "mariadb://u@127.0.0.1/x?nonsense=1",
        "mariadb://u@127.0.0.1/x?ssl=maybe",
    ],
)
def test_what_is_no_address_is_a_mistake(url: str) -> None:
    with pytest.raises(Malformed):
        open_mariadb(url)


def test_a_database_that_does_not_answer_is_told_without_its_password(mariadb_server: MariaDBServer) -> None:
    for url, kind in (
        ("mariadb://u:hunter2@127.0.0.1:1/x", SourceGone),
        (mariadb_server.url("nowhere"), NotFound),
        (mariadb_server.url("x", login="u:hunter2"), Malformed),
    ):
        with pytest.raises(kind) as caught:
            open_mariadb(url)
        assert "hunter2" not in str(caught.value)
        assert PASSWORD not in str(caught.value)
        assert caught.value.__context__ is None
