"""What every kind of database has to do as a source: the same tests on each, real ones."""

import json
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from rightcall.adapters.systems.pace import Pace
from rightcall.adapters.systems.tables import system as system_of_tables
from rightcall.adapters.systems.tables.model import LONGEST_CELL, Change
from rightcall.adapters.systems.tables.system import TableSystem
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.looking.model import Rules
from rightcall.discovery.model import Found, NotRead, PassedOver, Reason
from rightcall.discovery.parts import Cell, Rows
from rightcall.discovery.ports import Ability, Correctable, Gone, Listed, Spot
from rightcall.discovery.scanning import read_object
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound
from tests.adapters.systems.estate import Estate, cells_of, rows_of, sorted_out
from tests.adapters.systems.mariadb_server import MariaDBServer

KINDS = ("postgresql", "mariadb", "sqlite")


@dataclass(slots=True)
class FakeTime:
    """Passes only while somebody sleeps."""

    seconds: float = 0.0

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture(params=KINDS)
def estate(request: pytest.FixtureRequest) -> Estate:
    found: Estate = request.getfixturevalue(request.param)
    return found


def filled(estate: Estate, rows: int = 2500) -> None:
    estate.ask("CREATE TABLE people (id bigint PRIMARY KEY, name varchar(50) NOT NULL, note text, born date)")
    for first in range(1, rows + 1, 500):
        values = ", ".join(f"({i}, 'name {i}', 'note {i}', '1980-02-03')" for i in range(first, min(first + 500, rows + 1)))
        estate.ask(f"INSERT INTO people VALUES {values}")


def test_all_rows_come_in_order_under_their_heads(estate: Estate) -> None:
    filled(estate)
    batches, passed = estate.read("people")
    assert passed == []
    assert {batch.heads for batch in batches} == {("id", "name", "note", "born")}
    assert [row.key for row in rows_of(batches)] == [str(i) for i in range(1, 2501)]
    assert rows_of(batches)[7].cells == ("8", "name 8", "note 8", "1980-02-03")
    assert sum(batch.bytes for batch in batches) == sum(len(cell or "") for cells in cells_of(batches) for cell in cells)


def test_a_reader_finds_exports_and_confirms_and_changes_nothing(estate: Estate) -> None:
    filled(estate, 1)
    system = estate.open()
    assert system.abilities == {Ability.FIND, Ability.EXPORT, Ability.CONFIRM}
    with pytest.raises(NotAllowed):
        system.erase([Spot(object=estate.name("people"), row="1")])
    (listed,) = system.objects()
    assert isinstance(listed, Listed)
    assert (listed.name, listed.warning) == (estate.name("people"), None)
    system.close()
    system = estate.open(writable=True)
    assert Ability.ERASE in system.abilities
    system.close()


def test_an_empty_table_was_read(estate: Estate) -> None:
    estate.ask("CREATE TABLE nobody (id int PRIMARY KEY, v text)")
    batches, passed = estate.read("nobody")
    assert ([batch.rows for batch in batches], passed) == ([()], [])


def test_a_table_that_is_not_there_is_not_read(estate: Estate) -> None:
    with pytest.raises(NotRead):
        estate.read("nowhere")


def test_a_key_of_several_columns_leads_through_the_table_and_back_to_a_row(estate: Estate) -> None:
    estate.ask("CREATE TABLE pairs (a int, b varchar(20), v text, PRIMARY KEY (a, b))")
    pairs = [(a, f"b,{b}]\"'") for a in range(60) for b in range(50)]
    quoted = [f"""({a}, '{b.replace("'", "''")}', 'v')""" for a, b in pairs]
    estate.ask(f"INSERT INTO pairs VALUES {', '.join(quoted)}")
    rows = rows_of(estate.read("pairs")[0])
    assert {tuple(json.loads(row.key)) for row in rows} == {(str(a), b) for a, b in pairs}
    assert len(rows) == len(pairs)
    system = estate.open(writable=True)
    spot = Spot(object=estate.name("pairs"), row=rows[5].key)
    system.erase([spot])
    assert system.confirm([spot]) == {spot: Gone.GONE}
    assert len(rows_of(sorted_out(system, estate.name("pairs"))[0])) == len(pairs) - 1
    system.close()


def long_ones(estate: Estate, texts: Sequence[str]) -> Listed:
    estate.ask(f"CREATE TABLE large (id int PRIMARY KEY, v {estate.long_text})")
    for i, text in enumerate(texts):
        estate.ask(f"INSERT INTO large VALUES ({i}, '{text}')")
    return Listed(name=estate.name("large"), fingerprint=None, size=None)


def test_a_long_cell_comes_in_pieces_and_memory_stays_bounded(estate: Estate) -> None:
    longest = LONGEST_CELL + 5
    large = long_ones(estate, [f"{i:02}" + "x" * (longest - 3) + "ö" for i in range(9)])
    system = estate.open()
    tracemalloc.start()
    told: list[tuple[str, str, str, int, int]] = []
    for part in system.read(large):
        if isinstance(part, Cell):
            pieces = list(part.pieces)
            text = "".join(piece for _, piece in pieces)
            told.append((part.row.key, part.heads[part.column], text[:2] + text[-1], len(text), sum(took for took, _ in pieces)))
        else:
            assert isinstance(part, Rows)
            assert [row.cells[1] for row in part.rows] == [None] * len(part.rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    system.close()
    assert told == [(str(i), "v", f"{i:02}ö", longest, longest + 1) for i in range(9)]
    assert peak < 40 << 20


def test_what_is_found_in_a_long_cell_has_its_place_in_its_row(estate: Estate) -> None:
    """Also where it begins in one piece and ends in the next; and at its place it is let go of."""
    number = "+45 28 14 77 93"
    before = "x" * (LONGEST_CELL - 9) + " "
    large = long_ones(estate, ["short", f"{before}{number}, ada@mail.example " + "y" * LONGEST_CELL])
    system = estate.open(writable=True)
    found = [each for each in read_object(system, large, Rules(regions=("DK",))) if isinstance(each, Found)]
    places = {
        each.finding.type: Spot(
            object=each.object, row=each.row, field=each.field, start=each.finding.start, end=each.finding.end
        )
        for each in found
    }
    assert {type: system.export(spot).decode() for type, spot in places.items()} == {
        Kind.PHONE: number,
        Kind.EMAIL: "ada@mail.example",
    }
    assert {each.row for each in found} == {"1"}
    system.erase(list(places.values()))
    assert [each for each in read_object(system, large, Rules(regions=("DK",))) if isinstance(each, Found)] == []
    system.close()


def test_what_of_a_long_cell_is_not_read_is_told_with_how_much_it_is(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_of_tables, "MOST_OF_CELL", LONGEST_CELL)
    large = long_ones(estate, ["x" * LONGEST_CELL + "ö" * 4, "x" * (LONGEST_CELL + 3), "x" * LONGEST_CELL])
    system = estate.open()
    passed = [each for each in read_object(system, large, Rules()) if isinstance(each, PassedOver)]
    system.close()
    assert passed == [PassedOver(object=estate.name("large"), reason=Reason.TOO_LARGE, field="v", bytes=8 + 3)]


def test_a_sample_is_drawn_evenly_by_key_and_the_same_again(estate: Estate) -> None:
    filled(estate)
    first = [row.key for row in rows_of(estate.read("people", sample=0.2)[0])]
    again = [row.key for row in rows_of(estate.read("people", sample=0.2)[0])]
    assert first == again
    assert 400 < len(first) < 600
    halves = sum(int(key) <= 1250 for key in first)
    assert 0.4 < halves / len(first) < 0.6


def test_a_source_is_not_worked_harder_than_its_pace(estate: Estate) -> None:
    """At no moment were more rows asked for than its seconds allow, and one question's worth: no more than a second's."""
    filled(estate, 150)
    time = FakeTime()
    system = estate.open(pace=Pace(rows_per_second=20, sleep=time.sleep, now=time.now))
    rows = 0
    for part in system.read(Listed(name=estate.name("people"), fingerprint=None, size=None)):
        assert isinstance(part, Rows)
        rows += len(part.rows)
        assert len(part.rows) <= 20
        assert rows <= 20 * time.seconds + 20
    assert (rows, time.seconds) == (150, 7.5)
    system.close()


def test_a_sample_under_a_limit_counts_every_row_that_was_asked_for(estate: Estate) -> None:
    filled(estate, 300)
    time = FakeTime()
    limited = Pace(rows_per_second=100, is_limited=True, sleep=time.sleep, now=time.now)
    batches, _ = estate.read("people", sample=0.1, pace=limited)
    assert 10 < len(rows_of(batches)) < 60
    assert time.seconds == 3.0


def test_whoever_opened_a_source_for_reading_cannot_write_there_whatever_is_asked(estate: Estate) -> None:
    """Past the first lock, which is ours: it is the database that refuses."""
    filled(estate, 1)
    system = estate.open()
    assert isinstance(system, TableSystem)
    table = system._source.table(estate.name("people"))
    assert table is not None
    for change in (Change(table=table, key="1"), Change(table=table, key="1", column=table.column("note"), value="x")):
        with pytest.raises(NotAllowed):
            system._source.change([change])
    assert cells_of(sorted_out(system, estate.name("people"))[0]) == [("1", "name 1", "note 1", "1980-02-03")]
    system.close()


def signed(estate: Estate, table: str = "people", pace: Pace | None = None) -> str | None:
    system = estate.open(pace=pace)
    try:
        return system.sign(Listed(name=estate.name(table), fingerprint=None, size=None))
    finally:
        system.close()


EACH = pytest.mark.parametrize("estate", ["postgresql", "mariadb", "sqlite"], indirect=True)
CHANGES = {
    "a row more": "INSERT INTO people VALUES (9000, 'name 1', 'note 1', '1980-02-03')",
    "a row less": "DELETE FROM people WHERE id = 7",
    "another value": "UPDATE people SET note = 'note 07' WHERE id = 7",
    "another key": "UPDATE people SET id = 9001 WHERE id = 7",
    "nothing for a word": "UPDATE people SET note = NULL WHERE id = 7",
    "an empty word": "UPDATE people SET note = '' WHERE id = 7",
    "two values that change places": "UPDATE people SET note = CASE id WHEN 7 THEN 'note 8' ELSE 'note 7' END WHERE id IN (7, 8)",
    "a word that moves to the next column": "UPDATE people SET name = 'name 7note', note = ' 7' WHERE id = 7",
    "another column": "ALTER TABLE people ADD COLUMN more int",
    "a column by another name": "ALTER TABLE people RENAME COLUMN note TO remark",
}


@EACH
@pytest.mark.parametrize("change", list(CHANGES))
def test_a_database_says_whether_a_table_changed_without_handing_it_out(estate: Estate, change: str) -> None:
    filled(estate, 20)
    before = signed(estate)
    assert before is not None
    assert "note" not in before.rpartition(")")[2]
    assert signed(estate) == before
    estate.ask(CHANGES[change])
    assert signed(estate) not in (before, None)


@EACH
def test_what_does_not_change_what_is_read_is_no_change(estate: Estate) -> None:
    filled(estate, 20)
    before = signed(estate)
    estate.ask("UPDATE people SET note = 'other' WHERE id = 7", "UPDATE people SET note = 'note 7' WHERE id = 7")
    estate.ask("CREATE INDEX by_note ON people (name)")
    assert signed(estate) == before


@EACH
def test_a_server_that_may_not_be_asked_for_a_whole_table_is_not(estate: Estate) -> None:
    filled(estate, 20)
    assert signed(estate, pace=Pace(is_limited=True)) is None
    assert signed(estate, "nowhere") is None


def test_two_rows_that_are_the_same_are_two(postgresql: Estate) -> None:
    """Where a table has no key, a row's place counts too, since findings name it."""
    postgresql.ask("CREATE TABLE loose (v text)", "INSERT INTO loose VALUES ('x')")
    once = signed(postgresql, "loose")
    postgresql.ask("INSERT INTO loose VALUES ('x')")
    twice = signed(postgresql, "loose")
    postgresql.ask("DELETE FROM loose WHERE ctid = '(0,1)'", "VACUUM FULL loose")
    assert None not in (once, twice)
    assert len({once, twice}) == 2
    assert signed(postgresql, "loose") == once


def test_counters_that_start_anew_hide_no_change(postgresql: Estate) -> None:
    filled(postgresql, 20)
    before = signed(postgresql)
    postgresql.ask("SET track_counts = off", "UPDATE people SET note = 'other' WHERE id = 7", "SELECT pg_stat_reset()")
    assert signed(postgresql) not in (before, None)
    postgresql.ask("RESET track_counts")


def test_a_row_that_has_no_digest_is_no_sign_that_nothing_changed(mariadb: Estate, mariadb_server: MariaDBServer) -> None:
    """Its text is larger than the server lets a value be."""
    mariadb.ask("CREATE TABLE wide (id int PRIMARY KEY, a longtext, b longtext)")
    with mariadb_server.connection() as root, root.cursor() as cursor:
        cursor.execute("SELECT @@global.max_allowed_packet")
        [(usual,)] = cursor.fetchall()
        cursor.execute("SET GLOBAL max_allowed_packet = 1048576")
        try:
            mariadb.ask("INSERT INTO wide VALUES (1, repeat('x', 700000), repeat('y', 700000))")
            assert signed(mariadb, "wide") is None
        finally:
            cursor.execute(f"SET GLOBAL max_allowed_packet = {usual}")


def test_a_row_goes_and_is_confirmed_gone_and_going_again_is_fine(estate: Estate) -> None:
    filled(estate, 3)
    system = estate.open(writable=True)
    spot = Spot(object=estate.name("people"), row="2")
    assert system.confirm([spot]) == {spot: Gone.THERE}
    assert json.loads(system.export(spot)) == {"id": "2", "name": "name 2", "note": "note 2", "born": "1980-02-03"}
    system.erase([spot])
    system.erase([spot])
    assert system.confirm([spot]) == {spot: Gone.GONE}
    with pytest.raises(NotFound):
        system.export(spot)
    assert [row.key for row in rows_of(sorted_out(system, estate.name("people"))[0])] == ["1", "3"]
    system.close()


def test_a_field_is_emptied_as_its_column_allows(estate: Estate) -> None:
    filled(estate, 3)
    system = estate.open(writable=True)
    spots = [Spot(object=estate.name("people"), row="2", field=field) for field in ("name", "note", "born")]
    assert [system.export(spot) for spot in spots] == [b"name 2", b"note 2", b"1980-02-03"]
    system.erase(spots)
    assert set(system.confirm(spots).values()) == {Gone.GONE}
    assert cells_of(sorted_out(system, estate.name("people"))[0])[1] == ("2", "", None, None)
    system.close()


def test_a_stretch_is_overwritten_and_the_rest_of_the_text_stays(estate: Estate) -> None:
    filled(estate, 1)
    estate.ask("UPDATE people SET note = 'call 20 12 34 56 or 20 65 43 21 ok'")
    system = estate.open(writable=True)
    spots = [Spot(object=estate.name("people"), row="1", field="note", start=a, end=a + 11) for a in (5, 20)]
    assert [system.export(spot) for spot in spots] == [b"20 12 34 56", b"20 65 43 21"]
    assert set(system.confirm(spots).values()) == {Gone.THERE}
    system.erase(spots)
    system.erase(spots)
    assert set(system.confirm(spots).values()) == {Gone.GONE}
    assert cells_of(sorted_out(system, estate.name("people"))[0])[0][2] == f"call {'*' * 11} or {'*' * 11} ok"
    system.close()


def test_a_whole_text_is_put_right_where_what_was_read_stands_still_and_nowhere_else(estate: Estate) -> None:
    filled(estate, 2)
    people = estate.name("people")
    note, right = Spot(object=people, row="1", field="note"), "Ørsted's \\ 'note' %s ✓"
    system = estate.open(writable=True)
    assert isinstance(system, Correctable)
    with pytest.raises(Conflict, match="changed since"):
        system.correct(note, right, was="what stood there once")
    assert system.export(note) == b"note 1"
    for _ in range(2):
        system.correct(note, right, was="note 1")
    assert system.export(note).decode() == right
    refused = (
        (Spot(object=people, row="2", field="id"), Conflict),
        (Spot(object=people, row="2", field="born"), Conflict),
        (Spot(object=people, row="2", field="note", start=0, end=4), Conflict),
        (Spot(object=people, row="2", field="nothing"), NotFound),
        (Spot(object=people, row="3", field="note"), NotFound),
    )
    for spot, why in refused:
        with pytest.raises(why):
            system.correct(spot, "x", was="note 2")
    system.close()
    reader = estate.open()
    assert isinstance(reader, Correctable)
    with pytest.raises(NotAllowed):
        reader.correct(note, "note 1", was=right)
    assert cells_of(sorted_out(reader, people)[0]) == [
        ("1", "name 1", right, "1980-02-03"),
        ("2", "name 2", "note 2", "1980-02-03"),
    ]
    reader.close()


def test_a_row_that_others_point_at_stays_and_nothing_else_goes_either(estate: Estate) -> None:
    filled(estate, 3)
    estate.ask(
        "CREATE TABLE cases (id int PRIMARY KEY, person bigint NOT NULL, FOREIGN KEY (person) REFERENCES people (id))",
        "INSERT INTO cases VALUES (1, 2)",
    )
    system = estate.open(writable=True)
    with pytest.raises(Conflict, match="point at"):
        system.erase([Spot(object=estate.name("people"), row=key) for key in ("1", "2", "3")])
    assert len(rows_of(sorted_out(system, estate.name("people"))[0])) == 3
    system.close()


def test_a_whole_table_is_neither_handed_out_nor_let_go_of(estate: Estate) -> None:
    filled(estate, 1)
    system = estate.open(writable=True)
    for deed in (system.export, lambda spot: system.erase([spot])):
        with pytest.raises(Malformed, match="Name a row"):
            deed(Spot(object=estate.name("people")))
    system.close()


def test_what_cannot_be_told_is_not_told_to_be_gone(estate: Estate) -> None:
    filled(estate, 1)
    system = estate.open()
    people = estate.name("people")
    spots = [
        Spot(object=estate.name("nowhere"), row="1"),
        Spot(object=people, row="1", field="nothing"),
        Spot(object=people),
        Spot(object='"', row="1"),
    ]
    assert set(system.confirm(spots).values()) == {Gone.UNKNOWN}
    system.close()
