"""A system calls gone what it had moved to another table. As long as it is known by what the person left, a later scan rings;
once everything is settled nobody is remembered by it, and nothing rings."""

from pathlib import Path

import pytest

from rightcall.erasure import actions as erasures
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.elsewhere.model import PlaceState
from rightcall.ids import ErasureId
from tests.adapters.systems.estate import Estate
from tests.erasure.elsewhere.scene import NUMBER, Away
from tests.erasure.elsewhere.test_letting_go import of_database

MOVED = (
    "CREATE TABLE archive (id int PRIMARY KEY, number varchar(20), phone varchar(40))",
    "INSERT INTO archive VALUES (7, 'KD-204711', '+45 32 12 34 65')",
    "INSERT INTO archive VALUES (8, 'KD-555555', '+45 32 12 34 65')",
)


@pytest.mark.parametrize("is_settled", [False, True])
def test_a_row_that_was_moved_rings_while_it_is_known_by_what_the_person_left(
    away: Away, sqlite: Estate, tmp_path: Path, is_settled: bool
) -> None:
    of_database(sqlite)
    ada = away.customer()
    crm = away.register("crm", opens=lambda **how: sqlite.open(**how))
    away.scan(crm)
    if not is_settled:
        (tmp_path / "letters").mkdir()
        (tmp_path / "letters" / "sent.csv").write_text(f"number\n{NUMBER}\n")
        away.scan(away.register("letters", str(tmp_path / "letters"), erases=None))
    request = away.world.ask_for_erasure(ada)
    away.world.answer(request)
    away.round()
    assert away.places(request, "crm") == {PlaceState.CONFIRMED: 3}
    sqlite.ask(*MOVED)
    away.wait(days=1)
    away.scan(crm)
    errand = away.errands(request)["crm"]
    if is_settled:
        assert (errand.elsewhere, away.world.said()["erasure.seen_elsewhere"]) == (0, 0)
        return
    assert errand.elsewhere == 1, "one who shares a number is not taken for the person"
    with away.world.deed() as tx:
        assert elsewhere.waiting(tx).escalated == 1
        assert elsewhere.open_books(tx, 10) == [ErasureId(request.id)]
        assert erasures.get(tx, ErasureId(request.id)).confirmed_at is not None
    away.wait(days=1)
    away.scan(crm)
    assert away.world.said()["erasure.seen_elsewhere"] == 1, "said once"
    with away.world.deed() as tx:
        elsewhere.see_to(tx, away.world.clock, erasure=ErasureId(request.id), system=crm.id)
        assert elsewhere.waiting(tx).escalated == 0
    away.wait(days=1)
    away.scan(crm)
    assert away.errands(request)["crm"].elsewhere == 0, "somebody looked"
    sqlite.ask("INSERT INTO archive VALUES (9, 'KD-204711', NULL)")
    away.wait(days=1)
    away.scan(crm)
    assert away.errands(request)["crm"].elsewhere == 1, "and it is another one"
    sqlite.ask("DELETE FROM archive")
    away.wait(days=1)
    away.scan(crm)
    assert away.errands(request)["crm"].elsewhere == 0
