"""PostgreSQL as a source: what is particular to it. What every database has to do is in `test_databases`."""

import contextlib
import logging
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from rightcall.adapters.systems.pace import Pace
from rightcall.adapters.systems.postgresql import errors
from rightcall.adapters.systems.postgresql.source import open_postgresql
from rightcall.discovery.model import NotRead, PassedOver, Reason, SourceGone
from rightcall.discovery.parts import Rows
from rightcall.discovery.ports import Listed, SafetyFact, Spot
from rightcall.errors import Conflict, Malformed, Mistake, NotAllowed, NotFound
from tests.adapters.systems.estate import PLANTED, Estate, cells_of, rows_of, sorted_out
from tests.database import servers


def names(estate: Estate) -> dict[str, Reason | None]:
    system = estate.open()
    found = {each.object if isinstance(each, PassedOver) else each.name: each for each in system.objects()}
    system.close()
    return {name: each.reason if isinstance(each, PassedOver) else None for name, each in found.items()}


def test_every_kind_of_table_is_listed_once_and_its_rows_are_read_once(postgresql: Estate) -> None:
    postgresql.ask(
        "CREATE SCHEMA crm",
        "CREATE TABLE crm.plain (id int PRIMARY KEY, v text)",
        "CREATE TABLE crm.child () INHERITS (crm.plain)",
        "INSERT INTO crm.plain VALUES (1, 'of the parent')",
        "INSERT INTO crm.child VALUES (2, 'of the child')",
        "CREATE TABLE crm.keyed (day date, v text, PRIMARY KEY (day)) PARTITION BY RANGE (day)",
        "CREATE TABLE crm.keyed_1 PARTITION OF crm.keyed FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
        "CREATE TABLE crm.keyless (day date, v text) PARTITION BY RANGE (day)",
        "CREATE TABLE crm.keyless_1 PARTITION OF crm.keyless FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
        "CREATE TABLE crm.deep (v text, n int) PARTITION BY LIST (v)",
        "CREATE TABLE crm.deep_1 PARTITION OF crm.deep (PRIMARY KEY (n)) FOR VALUES IN ('x') PARTITION BY RANGE (n)",
        "CREATE TABLE crm.deep_1_1 PARTITION OF crm.deep_1 FOR VALUES FROM (0) TO (9)",
        "INSERT INTO crm.deep VALUES ('x', 1)",
        "INSERT INTO crm.keyed VALUES ('2026-03-01', 'x')",
        "INSERT INTO crm.keyless VALUES ('2026-03-01', 'x')",
        "CREATE VIEW crm.seen AS SELECT * FROM crm.plain",
        "CREATE MATERIALIZED VIEW crm.kept AS SELECT * FROM ONLY crm.plain",
        "CREATE FOREIGN DATA WRAPPER elsewhere",
        "CREATE SERVER there FOREIGN DATA WRAPPER elsewhere",
        "CREATE FOREIGN TABLE crm.far (v text) SERVER there",
        'CREATE TABLE "Odd . ""name" (id int PRIMARY KEY, v text)',
        """INSERT INTO "Odd . ""name" VALUES (1, 'odd')""",
    )
    assert names(postgresql) == {
        "crm.child": None,
        "crm.deep_1_1": None,
        "crm.far": Reason.FOREIGN,
        "crm.kept": None,
        "crm.keyed": None,
        "crm.keyless_1": None,
        "crm.plain": None,
        "crm.seen": Reason.VIEW,
        'public."Odd . ""name"': None,
    }
    system = postgresql.open()
    read = {name: cells_of(sorted_out(system, name)[0]) for name, why in names(postgresql).items() if why is None}
    system.close()
    assert read == {
        "crm.child": [("2", "of the child")],
        "crm.deep_1_1": [("x", "1")],
        "crm.kept": [("1", "of the parent")],
        "crm.keyed": [("2026-03-01", "x")],
        "crm.keyless_1": [("2026-03-01", "x")],
        "crm.plain": [("1", "of the parent")],
        'public."Odd . ""name"': [("1", "odd")],
    }


def test_values_of_every_type_are_told_as_text(postgresql: Estate) -> None:
    postgresql.ask(
        "CREATE TYPE mood AS ENUM ('glad', 'cross')",
        "CREATE TABLE t (id uuid PRIMARY KEY, n numeric, d date, at timestamptz, b boolean, j jsonb, a text[], e mood,"
        " c char(5), i inet, f float8, raw bytea, nothing text)",
        "INSERT INTO t VALUES ('6f1c1ba0-0000-4000-8000-000000000001', 12.50, '2026-02-03', '2026-02-03 04:05+02', true,"
        """ '{"tel": "+45 20 12 34 56"}', '{one,two}', 'cross', 'ab', '10.0.0.1', 0.1, '\\x00ff', NULL)""",
    )
    batches, passed = postgresql.read("t")
    assert passed == [PassedOver(object="public.t", reason=Reason.BINARY, field="raw")]
    assert dict(zip(batches[0].heads, cells_of(batches)[0], strict=True)) == {
        "id": "6f1c1ba0-0000-4000-8000-000000000001",
        "n": "12.50",
        "d": "2026-02-03",
        "at": "2026-02-03 02:05:00+00",
        "b": "true",
        "j": '{"tel": "+45 20 12 34 56"}',
        "a": "{one,two}",
        "e": "cross",
        "c": "ab",
        "i": "10.0.0.1/32",
        "f": "0.1",
        "nothing": None,
    }
    assert {batches[0].heads[number] for number in batches[0].measured} == {"d", "at", "b"}


@pytest.mark.parametrize(
    ("type", "values"),
    [
        ("bigint", "SELECT i * 4611686018427387 FROM generate_series(1, 2000) AS i"),
        ("timestamptz", "SELECT '2026-01-01'::timestamptz + i * interval '1 second' FROM generate_series(1, 2000) AS i"),
        ("bytea", "SELECT decode(md5(i::text), 'hex') FROM generate_series(1, 2000) AS i"),
        ("varchar(20)", "SELECT chr(60 + i % 60) || i FROM generate_series(1, 2000) AS i"),
        ("numeric", "SELECT i / 7.0 FROM generate_series(1, 2000) AS i"),
    ],
    ids=lambda value: str(value)[:10],
)
def test_a_key_of_any_type_leads_through_the_whole_table(postgresql: Estate, type: str, values: str) -> None:
    postgresql.ask(f"CREATE TABLE t (k {type} PRIMARY KEY)", f"INSERT INTO t {values}")
    rows = rows_of(postgresql.read("t")[0])
    assert len(rows) == len({row.key for row in rows}) == 2000


def test_a_table_without_key_is_read_as_it_lies(postgresql: Estate) -> None:
    postgresql.ask("CREATE TABLE t (v text)", "INSERT INTO t SELECT i::text FROM generate_series(1, 2500) AS i")
    postgresql.ask("DELETE FROM t WHERE v::int BETWEEN 100 AND 1900")
    system = postgresql.open(writable=True)
    (listed,) = system.objects()
    assert isinstance(listed, Listed)
    assert listed.warning is not None
    rows = rows_of(sorted_out(system, "public.t")[0])
    assert sorted(int(row.cells[0] or "") for row in rows) == [*range(1, 100), *range(1901, 2501)]
    with pytest.raises(Conflict, match="no key"):
        system.erase([Spot(object="public.t", row=rows[0].key)])
    system.close()


def test_only_an_index_that_tells_each_row_apart_is_a_key(postgresql: Estate) -> None:
    postgresql.ask(
        "CREATE TABLE may_be_empty (a int UNIQUE, v text)",
        "CREATE TABLE partial (a int NOT NULL, v text)",
        "CREATE UNIQUE INDEX ON partial (a) WHERE v IS NULL",
        "CREATE TABLE good (a int NOT NULL, b int NOT NULL, v text)",
        "CREATE UNIQUE INDEX ON good (a, b) INCLUDE (v)",
        "INSERT INTO good VALUES (1, 2, 'v')",
    )
    system = postgresql.open()
    warned = {each.name: each.warning is not None for each in system.objects() if isinstance(each, Listed)}
    assert warned == {"public.good": False, "public.may_be_empty": True, "public.partial": True}
    assert rows_of(sorted_out(system, "public.good")[0])[0].key == '["1","2"]'
    system.close()


def test_a_table_that_somebody_holds_is_passed_over_and_the_next_is_read(postgresql: Estate, postgresql_url: str) -> None:
    postgresql.ask("CREATE TABLE held (id int PRIMARY KEY)", "CREATE TABLE free (id int PRIMARY KEY)")
    system = postgresql.open(pace=Pace(patience_seconds=0.05))
    with psycopg.connect(postgresql_url) as holder:
        holder.execute("LOCK TABLE held IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(NotRead) as why:
            sorted_out(system, "public.held")
        assert why.value.reason is Reason.TOO_SLOW
        assert [batch.rows for batch in sorted_out(system, "public.free")[0]] == [()]
    system.close()


def test_columns_that_come_and_go_are_told_and_the_rest_is_read(postgresql: Estate) -> None:
    postgresql.ask("CREATE TABLE t (id int PRIMARY KEY, a text, b text)")
    postgresql.ask("INSERT INTO t SELECT i, 'a', 'b' FROM generate_series(1, 2500) AS i")
    system = postgresql.open()
    parts = system.read(Listed(name="public.t", fingerprint=None, size=None))
    first = next(parts)
    postgresql.ask("ALTER TABLE t DROP COLUMN b", "ALTER TABLE t ADD COLUMN c text DEFAULT 'c'")
    rest = list(parts)
    batches = [first, *(part for part in rest if isinstance(part, Rows))]
    assert [batch.heads for batch in batches if isinstance(batch, Rows)] == [("id", "a", "b"), ("id", "a", "c"), ("id", "a", "c")]
    assert sum(len(batch.rows) for batch in batches if isinstance(batch, Rows)) == 2500
    assert [part for part in rest if isinstance(part, PassedOver)] == [PassedOver(object="public.t", reason=Reason.CHANGED)]
    system.close()


@pytest.mark.parametrize("change", ["DROP TABLE t", "ALTER TABLE t DROP COLUMN id", "ALTER TABLE t ALTER COLUMN id TYPE text"])
def test_a_table_whose_key_goes_away_meanwhile_ends_as_changed(postgresql: Estate, change: str) -> None:
    postgresql.ask("CREATE TABLE t (id int PRIMARY KEY, a text)")
    postgresql.ask("INSERT INTO t SELECT i, 'a' FROM generate_series(1, 2500) AS i")
    system = postgresql.open()
    parts = system.read(Listed(name="public.t", fingerprint=None, size=None))
    next(parts)
    postgresql.ask(change)
    with pytest.raises(NotRead) as why:
        list(parts)
    assert why.value.reason is Reason.CHANGED
    system.close()


@pytest.fixture
def clerk(postgresql: Estate, postgresql_url: str) -> str:
    """An account that may read the table `open` and half of `half`, and sees some rows of `hidden`."""
    name = f"clerk_{postgresql_url[-8:]}".replace("=", "_")
    password = "only-for-this-test"
    postgresql.ask(
        "CREATE TABLE open (id int PRIMARY KEY, v text)",
        "CREATE TABLE half (id int PRIMARY KEY, v text, secret text)",
        "CREATE TABLE hidden (id int PRIMARY KEY, v text)",
        "CREATE TABLE closed (id int PRIMARY KEY, v text)",
        "INSERT INTO open VALUES (1, 'x')",
        "INSERT INTO half VALUES (1, 'x', 'y')",
        "ALTER TABLE hidden ENABLE ROW LEVEL SECURITY",
        f"CREATE ROLE {name} LOGIN PASSWORD '{password}'",
        f"GRANT SELECT ON open, hidden TO {name}",
        f"GRANT SELECT (id, v) ON half TO {name}",
    )
    return make_conninfo(postgresql_url, user=name, password=password)


def test_what_an_account_may_not_read_is_told(clerk: str) -> None:
    system = open_postgresql(clerk)
    assert cells_of(sorted_out(system, "public.open")[0]) == [("1", "x")]
    batches, passed = sorted_out(system, "public.half")
    assert cells_of(batches) == [("1", "x")]
    assert passed == [PassedOver(object="public.half", reason=Reason.NO_RIGHT, field="secret")]
    for name, reason in (("public.hidden", Reason.HIDDEN), ("public.closed", Reason.NO_RIGHT)):
        with pytest.raises(NotRead) as why:
            sorted_out(system, name)
        assert why.value.reason is reason
    assert list(system.safety()) == []
    system.close()
    system = open_postgresql(clerk, writable=True)
    with pytest.raises(NotAllowed):
        system.erase([Spot(object="public.open", row="1")])
    system.close()


def test_rights_that_a_reader_does_not_need_are_told(postgresql: Estate) -> None:
    postgresql.ask("CREATE TABLE t (id int PRIMARY KEY)", "GRANT SELECT ON t TO PUBLIC")
    system = postgresql.open()
    seen = [(each.fact, each.object) for each in system.safety()]
    assert seen == [(SafetyFact.RIGHTS_BEYOND_READING, None), (SafetyFact.PUBLIC_ACCESS, "public.t")]
    system.close()


def test_the_server_itself_refuses_a_reader_every_change(postgresql_url: str) -> None:
    system = open_postgresql(postgresql_url)
    with pytest.raises(NotAllowed):
        system._source._ask(  # type: ignore[attr-defined]  # as if our own code went wrong
            lambda cursor: cursor.execute("CREATE TABLE t (id int)"),
            about=errors.about_changing,
        )
    system.close()


def test_errors_tell_what_to_do_and_never_what_lies_there(postgresql: Estate, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    postgresql.ask(
        "CREATE TABLE parents (id text PRIMARY KEY, v int, j jsonb NOT NULL DEFAULT '[]', CHECK (v IS NOT NULL))",
        "CREATE TABLE children (id int PRIMARY KEY, parent text REFERENCES parents)",
        f"INSERT INTO parents VALUES ('{PLANTED}', 1)",
        f"INSERT INTO children VALUES (1, '{PLANTED}')",
    )
    system = postgresql.open(writable=True)
    row = Spot(object="public.parents", row=PLANTED)
    fields = [Spot(object="public.parents", row=PLANTED, field=field) for field in ("v", "j", "id")]
    stretch = Spot(object="public.parents", row=PLANTED, field="j", start=0, end=1)
    for spots in ([row], *([field] for field in fields), [stretch], [Spot(object="public.children", row=PLANTED)]):
        with pytest.raises(Exception, match=r"\w") as caught:
            system.erase(spots)
        assert isinstance(caught.value, Conflict)
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None
        assert PLANTED not in str(caught.value)
    assert PLANTED not in caplog.text
    system.close()


@pytest.mark.parametrize(
    "url", ["postgresql://nobody@127.0.0.1:1/x", "postgresql://user:hunter2@127.0.0.1:1/x?connect_timeout=1"]
)
def test_a_database_that_does_not_answer_is_told_without_its_password(url: str) -> None:
    with pytest.raises(SourceGone) as caught:
        open_postgresql(url)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_wrong_password_and_an_unknown_database_are_mistakes_and_no_outage(postgresql_url: str) -> None:
    with pytest.raises(Mistake) as caught:
        open_postgresql(make_conninfo(postgresql_url, user="nobody", password="hunter2"))
    assert "hunter2" not in str(caught.value)
    with pytest.raises(NotFound, match="no such database"):
        open_postgresql(make_conninfo(postgresql_url, dbname="nowhere"))


def test_a_table_that_is_emptied_while_it_is_read_is_told(postgresql: Estate) -> None:
    postgresql.ask("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t SELECT generate_series(1, 2500)")
    system = postgresql.open()
    parts = system.read(Listed(name="public.t", fingerprint=None, size=None))
    next(parts)
    postgresql.ask("TRUNCATE t")
    assert PassedOver(object="public.t", reason=Reason.CHANGED) in list(parts)
    system.close()


def test_what_is_no_address_is_a_mistake() -> None:
    with pytest.raises(Malformed):
        open_postgresql("postgresql://host/x?nonsense=1")


@pytest.mark.parametrize(("encoding", "shown"), [("SQL_ASCII", "S\ufffdren"), ("LATIN1", "S\u00f8ren")])
def test_words_in_another_encoding_are_read_and_what_is_wrong_in_them_shown(
    postgresql_url: str, encoding: str, shown: str
) -> None:
    name = f"other_{encoding.lower()}"
    with psycopg.connect(postgresql_url, autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
        url = make_conninfo(postgresql_url, dbname=name)
        with psycopg.connect(url, autocommit=True, client_encoding=encoding) as other:
            other.execute("CREATE TABLE t (id text PRIMARY KEY)")
            other.execute(b"INSERT INTO t VALUES ('S\xf8ren')")
        system = open_postgresql(url)
        assert cells_of(sorted_out(system, "public.t")[0]) == [(shown,)]
        system.close()
        owner.execute(f"DROP DATABASE {name}")


def test_a_connection_that_is_cut_while_reading_ends_the_reading_of_the_source(postgresql: Estate) -> None:
    postgresql.ask("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t SELECT generate_series(1, 2500)")
    system = postgresql.open()
    parts = system.read(Listed(name="public.t", fingerprint=None, size=None))
    next(parts)
    mine = "application_name = 'rightcall' AND datname = current_database()"
    postgresql.ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}")
    with pytest.raises(SourceGone):
        list(parts)
    system.close()


def test_tls_is_seen_where_it_is_and_where_it_is_not(tmp_path: Path) -> None:
    version, programs = next((version, at) for version, at in servers.installations().items() if servers.speaks_tls(at))
    with servers.running(programs, version, tmp_path, tls=servers.make_certificate(tmp_path)) as server:
        url = server.url("dba", "postgres")
        plain = make_conninfo(url, sslmode="disable")
        with pytest.raises(Malformed, match="refuses"):
            open_postgresql(plain)
        system = open_postgresql(url)
        assert SafetyFact.NO_TLS not in {each.fact for each in system.safety()}
        system.close()
        (tmp_path / "files" / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
        server.ask("SELECT pg_reload_conf()")
        while not answers(plain):
            pass
        system = open_postgresql(plain)
        assert SafetyFact.NO_TLS in {each.fact for each in system.safety()}
        system.close()


def answers(url: str) -> bool:
    with contextlib.suppress(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2).close()
        return True
    return False
