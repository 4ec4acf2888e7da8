"""What every kind of database has to do as a source: the same tests on each, real ones."""

import json
import tracemalloc

import pytest

from rightcall.adapters.systems.pace import Pace
from rightcall.adapters.systems.tables.model import LONGEST_CELL
from rightcall.adapters.systems.tables.system import MOST_BYTES
from rightcall.discovery.model import NotRead, PassedOver, Reason
from rightcall.discovery.parts import Rows
from rightcall.discovery.ports import Ability, Gone, Listed, Spot
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound
from tests.adapters.systems.estate import Estate, cells_of, rows_of, sorted_out

KINDS = ("postgresql", "mariadb", "sqlite")


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


def test_a_cell_beyond_the_limit_is_cut_and_told_once_and_memory_stays_bounded(estate: Estate) -> None:
    estate.ask(f"CREATE TABLE large (id int PRIMARY KEY, v {estate.long_text})")
    longest = LONGEST_CELL + 5
    for i in range(12):
        estate.ask(f"INSERT INTO large VALUES ({i}, '{'x' * longest}')")
    system = estate.open()
    tracemalloc.start()
    sizes: list[int] = []
    passed: list[PassedOver] = []
    for part in system.read(Listed(name=estate.name("large"), fingerprint=None, size=None)):
        if isinstance(part, PassedOver):
            passed.append(part)
        else:
            assert isinstance(part, Rows)
            assert part.bytes <= MOST_BYTES + LONGEST_CELL + 100
            sizes.extend(len(row.cells[1] or "") for row in part.rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    system.close()
    assert sizes == [LONGEST_CELL] * 12
    assert passed == [PassedOver(object=estate.name("large"), reason=Reason.TOO_LARGE, field="v")]
    assert peak < 40 << 20


def test_a_sample_is_drawn_evenly_by_key_and_the_same_again(estate: Estate) -> None:
    filled(estate)
    first = [row.key for row in rows_of(estate.read("people", sample=0.2)[0])]
    again = [row.key for row in rows_of(estate.read("people", sample=0.2)[0])]
    assert first == again
    assert 400 < len(first) < 600
    halves = sum(int(key) <= 1250 for key in first)
    assert 0.4 < halves / len(first) < 0.6


def test_a_source_is_not_worked_harder_than_its_pace(estate: Estate) -> None:
    filled(estate)
    slept: list[float] = []
    estate.read("people", pace=Pace(rows_per_second=1, sleep=slept.append))
    assert len(slept) == 3
    assert 2400 < sum(slept) <= 2500


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
