"""What other systems keep about a person is let go of there, looked for again, and only then called gone."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg.sql import SQL
from psycopg.sql import Identifier as SqlName

from rightcall.actors import SYSTEM
from rightcall.adapters.systems.folder import erasing
from rightcall.adapters.systems.folder.system import Folder
from rightcall.adapters.systems.mariadb.source import MariaDB
from rightcall.adapters.systems.postgresql.source import PostgreSQL
from rightcall.adapters.systems.sqlite.source import SQLite
from rightcall.database.connection import Transaction
from rightcall.discovery.systems.model import Erases
from rightcall.erasure import actions as erasures
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.elsewhere.model import PlaceState, Trouble
from rightcall.evidence.graded import CopyKind
from rightcall.evidence.model import Grade
from rightcall.evidence.vocabulary import COPY_GRADE_IN_WORDS, COPY_IN_WORDS
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Slice
from rightcall.holdings.model import NewForeign, Provenance, Source
from rightcall.holdings.places import Place
from rightcall.ids import ErasureId, HoldingId, new_id
from rightcall.personal import Personal
from rightcall.requests import staying
from rightcall.requests.model import Answered, Request, Stage
from rightcall.vault.model import Dark
from tests.adapters.systems.estate import Estate
from tests.erasure.elsewhere.scene import AFTER, ANOTHERS, NUMBER, Away, Before, Died
from tests.holdings.holding import held
from tests.procedures.fakes import InlineSteps
from tests.purposes.examples import DPO

AFTER_AND_A_PAUSE = AFTER + timedelta(hours=7)
TABLE = "id,number,phone,email\n"
ADA = f"1,{NUMBER},+45 32 12 34 65,ada@caller.example\n"
BEN = f"2,{ANOTHERS},+44 20 7946 0958,ben@caller.example\n"


def erased(away: Away, subject: Any) -> Request:
    """The person asked, what we keep is gone, and what others keep is planned."""
    request = away.world.ask_for_erasure(subject)
    away.world.answer(request)
    return request


def of_database(estate: Estate) -> Callable[[], str]:
    estate.ask(
        "CREATE TABLE customers (id int PRIMARY KEY, number varchar(20) NOT NULL, phone varchar(40), email varchar(80))",
        "INSERT INTO customers VALUES (1, 'KD-204711', '+45 32 12 34 65', 'ada@caller.example')",
        "INSERT INTO customers VALUES (2, 'KD-300000', '+44 20 7946 0958', 'ben@caller.example')",
    )

    def content() -> str:
        batches, _ = estate.read("customers")
        return repr([row.cells for batch in batches for row in batch.rows])

    return content


@pytest.mark.parametrize("kind", ["postgresql", "mariadb", "sqlite"])
def test_what_lies_in_a_database_goes_field_by_field_and_the_rest_of_the_row_stays(
    away: Away, kind: str, request: pytest.FixtureRequest
) -> None:
    estate: Estate = request.getfixturevalue(kind)
    content = of_database(estate)
    ada, ben = away.customer(), away.customer(ANOTHERS)
    away.scan(away.register("crm", opens=lambda **how: estate.open(**how)))
    assert len(away.held(ada)) == len(away.held(ben)) == 3
    asked = erased(away, ada)
    assert away.places(asked, "crm") == {PlaceState.TO_ERASE: 3}
    assert away.world.request(asked).stage is Stage.IN_PROGRESS
    assert NUMBER in content()
    [(grade, shown)] = away.world.certificates(ada)
    assert grade is Grade.UNCONFIRMED
    assert "Remains: in a system that has not confirmed yet (3)." in shown.says
    assert away.round() == 1
    assert "('1', '*********', '***************', '******************')" in content()
    assert "ben@caller.example" in content()
    assert ANOTHERS in content()
    is_gone(away, asked, fields=3)
    assert all(each.disposed_at is None for each in away.held(ben))
    assert away.round() == 0


@pytest.mark.parametrize("kind", ["postgresql", "mariadb", "sqlite"])
def test_many_rows_of_one_person_take_few_questions(
    away: Away, kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    estate: Estate = request.getfixturevalue(kind)
    rows = ", ".join(f"({number}, 'KD-204711', 'ada@caller.example')" for number in range(60))
    estate.ask(
        "CREATE TABLE letters (id int PRIMARY KEY, number varchar(20) NOT NULL, email varchar(80))",
        f"INSERT INTO letters VALUES {rows}",  # noqa: S608 - ours
    )
    ada = away.customer()
    away.scan(away.register("crm", opens=lambda **how: estate.open(**how)))
    asked, questions = erased(away, ada), list[str]()
    for source in (PostgreSQL, MariaDB, SQLite):
        counted(monkeypatch, source, "_ask", questions)
    away.round()
    assert away.places(asked, "crm") == {PlaceState.CONFIRMED: 120}
    assert 0 < len(questions) < 60, "each row, or each field, was asked for by itself"


def test_many_rows_of_one_person_in_a_file_go_by_writing_it_once(
    away: Away, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "shelf" / "letters.csv"
    file.parent.mkdir()
    file.write_text("id,number,email\n" + "".join(f"{number},{NUMBER},ada@caller.example\n" for number in range(60)))
    ada = away.customer()
    away.scan(away.register("shelf", str(file.parent)))
    asked, writings, readings = erased(away, ada), list[str](), list[str]()
    counted(monkeypatch, erasing, "_rewrite", writings)
    counted(monkeypatch, Folder, "read", readings)
    away.round()
    assert away.places(asked, "shelf") == {PlaceState.CONFIRMED: 120}
    assert file.read_text() == "id,number,email\n"
    assert len(writings) < 3
    assert len(readings) < 10


def counted(monkeypatch: pytest.MonkeyPatch, of: Any, name: str, into: list[str]) -> None:
    deed = getattr(of, name)

    def count(*given: Any, **named: Any) -> Any:
        into.append(name)
        return deed(*given, **named)

    monkeypatch.setattr(of, name, count)


def test_the_act_that_makes_dark_writes_nothing_that_grows_with_what_is_held(away: Away, tmp_path: Path) -> None:
    ada = away.customer()
    away.world.recorded()
    shelf(tmp_path / "shelf")
    away.scan(away.register("shelf", f"file://{tmp_path}/shelf"))
    erasure = ErasureId(new_id())
    grows = {"findings", "links", "parties", "holdings", "erasure_signs", "join_proposals"}
    with away.world.deed() as tx:
        before = written(tx)
        erasures.begin(tx, away.world.clock, erasure=erasure, subject=ada)
        erasures.destroy(tx, away.world.vault, away.world.clock, erasure=erasure)
        destroyed = written(tx)
        erasures.forget(tx, away.world.vault, away.world.clock, erasure=erasure)
        forgotten = written(tx)
    assert not {table for table in grows if destroyed[table] != before[table]}
    assert {"findings", "links", "erasure_signs"} <= {table for table in grows if forgotten[table] != destroyed[table]}


def written(tx: Transaction) -> Counter[str]:
    """Rows that this connection has written and not told the statistics of yet."""
    rows = tx.connection.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del AS written FROM pg_stat_xact_user_tables")
    return Counter({row["relname"]: row["written"] for row in rows.fetchall()})


def is_gone(away: Away, asked: Request, *, fields: int = 0, texts: int = 0) -> None:
    assert away.world.request(asked).outcome is Answered.FULFILLED
    subject = away.world.request(asked).subject
    assert all(each.disposed_at is not None for each in away.held(subject))
    with away.world.deed() as tx:
        book = elsewhere.book(tx, ErasureId(asked.id))
        assert book is not None
        assert (book.key, book.due_at) == (None, None)
        assert book.settled_at is not None
    said = away.world.said()
    assert said["erasure.elsewhere_planned"] == said["erasure.elsewhere_confirmed"] == said["erasure.places_forgotten"] == 1
    assert sum(int(str(leaf["count"])) for leaf in away.world.leaves("holdings.batch_disposed")) == fields + texts
    grades = [grade for grade, _ in away.world.certificates(subject)]
    assert grades == [Grade.UNCONFIRMED, Grade.COMPLETE_AFTER_BACKUPS]
    last = away.world.certificates(subject)[-1][1]
    assert "Destroyed: what was to go in other systems was let go of there, and looked for again." in last.says
    kinds = [f"Can no longer be read: {n} {kind}{'s' * (n > 1)}." for n, kind in ((fields, "field"), (texts, "text")) if n]
    assert [each for each in last.says if "no longer be read" in each] == kinds


def shelf(folder: Path) -> Path:
    folder.mkdir()
    (folder / "customers.csv").write_text(TABLE + ADA + BEN)
    rows = [{"number": NUMBER, "email": "ada@caller.example"}, {"number": ANOTHERS, "email": "ben@caller.example"}]
    (folder / "customers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def test_rows_of_files_go_whole_where_they_tell_of_nobody_else(away: Away, tmp_path: Path) -> None:
    folder = shelf(tmp_path / "share")
    ada = away.customer()
    away.scan(away.register("share", str(folder)))
    asked = erased(away, ada)
    assert away.round() == 1
    assert (folder / "customers.csv").read_text() == TABLE + BEN
    assert NUMBER not in (folder / "customers.jsonl").read_text()
    assert ANOTHERS in (folder / "customers.jsonl").read_text()
    is_gone(away, asked, fields=5)


def test_a_text_goes_only_where_whole_objects_may_and_it_tells_of_her_alone(away: Away, tmp_path: Path) -> None:
    folder = tmp_path / "share"
    folder.mkdir()
    (folder / "hers.txt").write_text(f"Customer {NUMBER} asked for a new meter.\n")
    (folder / "theirs.txt").write_text(f"Customer {NUMBER} moved in.\n" + "x\n" * 1200 + f"Customer {ANOTHERS} moved out.\n")
    ada, _ = away.customer(), away.customer(ANOTHERS)
    away.scan(away.register("share", str(folder), erases=Erases.WHOLE))
    asked = erased(away, ada)
    away.round()
    assert sorted(each.name for each in folder.iterdir()) == ["theirs.txt"]
    assert away.places(asked, "share") == {PlaceState.CONFIRMED: 1, PlaceState.REFUSED: 1}
    errand = away.errands(asked)["share"]
    assert (errand.trouble, errand.escalated_at) == (Trouble.REFUSED, away.world.clock.at)
    assert away.world.request(asked).outcome is None
    with away.world.deed() as tx:
        [place] = elsewhere.places(tx, away.world.vault, erasure=ErasureId(asked.id), system=errand.system, after=None, limit=10)
    assert place.spot is not None
    assert place.spot.object == "theirs.txt"

    (folder / "theirs.txt").unlink()
    assert away.round() == 0, "daily, now that a person was told"
    with away.world.deed() as tx:
        elsewhere.try_now(tx, away.world.clock, erasure=ErasureId(asked.id), system=errand.system)
    assert away.round() == 1
    is_gone(away, asked, texts=2)


def test_an_object_of_a_bucket_goes_with_all_its_versions(away: Away, client: Any, bucket: str, address: str) -> None:
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for text in (f"Customer {NUMBER} called.", f"Customer {NUMBER} called again."):
        client.put_object(Bucket=bucket, Key="notes/1.txt", Body=text.encode())
    client.put_object(Bucket=bucket, Key="notes/2.txt", Body=f"Customer {ANOTHERS} called.".encode())
    ada = away.customer()
    away.scan(away.register("archive", address, erases=Erases.WHOLE))
    asked = erased(away, ada)
    away.round()
    left = client.list_object_versions(Bucket=bucket)
    assert [each["Key"] for each in left["Versions"]] == ["notes/2.txt"]
    is_gone(away, asked, texts=1)


STEPS = ("look for systems", "erase elsewhere", "look again", "end the errand", "end the round", "certify anew")


@pytest.mark.parametrize("failure", [(where, step) for where in ("before", "after") for step in STEPS])
def test_a_step_that_fails_done_or_not_is_done_again_and_it_ends_the_same(
    away: Away, sqlite: Estate, failure: tuple[str, str]
) -> None:
    content = of_database(sqlite)
    ada = away.customer()
    away.scan(away.register("crm", opens=lambda **how: sqlite.open(**how)))
    asked = erased(away, ada)
    steps = InlineSteps(**{f"fail_{failure[0]}": frozenset([failure[1]])})  # type: ignore[arg-type]  # one of its two
    away.round(steps)
    assert steps.failed == [failure[1]]
    assert NUMBER not in content()
    is_gone(away, asked, fields=3)


def test_killed_between_the_system_and_writing_it_down_it_is_done_again(away: Away, sqlite: Estate) -> None:
    content = of_database(sqlite)
    ada = away.customer()
    away.scan(away.register("crm", opens=lambda **how: sqlite.open(**how)))
    asked = erased(away, ada)
    away.before["crm"] = lambda source: setattr(source, "dies_after", 0)
    with pytest.raises(Died):
        away.round()
    assert NUMBER not in content()
    assert away.places(asked, "crm") == {PlaceState.TO_ERASE: 3}
    away.before.clear()
    away.round()
    is_gone(away, asked, fields=3)


def test_what_a_row_is_known_by_is_left_to_a_person_and_the_rest_of_the_row_is_found_and_goes(away: Away, sqlite: Estate) -> None:
    sqlite.ask(
        "CREATE TABLE customers (number varchar(20) PRIMARY KEY, phone varchar(40), email varchar(80), note varchar(80))",
        "INSERT INTO customers VALUES ('KD-204711', '+45 32 12 34 65', 'ada@caller.example', 'of KD-204711')",
    )
    ada = away.customer()
    away.scan(away.register("crm", opens=lambda **how: sqlite.open(**how)))
    asked = erased(away, ada)
    away.round()
    batches, _ = sqlite.read("customers")
    [cells] = [row.cells for batch in batches for row in batch.rows]
    assert "32 12" not in repr(cells)
    assert "ada@" not in repr(cells)
    assert cells[3] == "of *********"
    assert away.places(asked, "crm") == {PlaceState.CONFIRMED: 3, PlaceState.REFUSED: 1}, "the key tells of itself alone"
    assert away.errands(asked)["crm"].escalated_at is not None


def lie(source: Before) -> None:
    source.lies = True


def test_a_system_that_lies_and_hands_nothing_out_is_read_as_a_scan_reads_it(away: Away, sqlite: Estate) -> None:
    def lie_and_be_mute(source: Before) -> None:
        source.lies = source.is_mute = True

    content = of_database(sqlite)
    ada, away.before["crm"] = away.customer(), lie_and_be_mute
    away.scan(away.register("crm", opens=lambda **how: sqlite.open(**how)))
    asked = erased(away, ada)
    away.round()
    assert NUMBER in content()
    assert away.places(asked, "crm") == {PlaceState.THERE_STILL: 3}
    assert away.world.request(asked).stage is Stage.IN_PROGRESS


def test_what_was_called_gone_and_is_seen_by_a_later_scan_opens_the_erasure_again(away: Away, sqlite: Estate) -> None:
    content = of_database(sqlite)
    ada = away.customer()
    crm = away.register("crm", opens=lambda **how: sqlite.open(**how))
    away.scan(crm)
    away.before["crm"] = lie_and_hide
    asked = erased(away, ada)
    away.round()
    assert NUMBER in content()
    assert away.world.request(asked).outcome is Answered.FULFILLED, "nobody could know better"
    assert [grade for grade, _ in away.world.certificates(ada)][-1] is Grade.COMPLETE_AFTER_BACKUPS
    away.before.clear()
    away.wait(days=1)
    away.scan(crm)
    errand = away.errands(asked)["crm"]
    assert (errand.places, errand.trouble) == ({PlaceState.THERE_STILL: 3}, Trouble.SEEN_AGAIN)
    assert errand.escalated_at == errand.failing_since == away.world.clock.at
    with away.world.deed() as tx:
        assert elsewhere.open_books(tx, 10) == [ErasureId(asked.id)]
        assert elsewhere.waiting(tx).escalated == 1
        assert erasures.is_under_way(tx, ada)
    assert away.round() == 1
    assert [grade for grade, _ in away.world.certificates(ada)][-1] is Grade.UNCONFIRMED
    assert away.round() == 0, "nobody knows where it lay, so nothing is tried"
    away.wait(days=1)
    away.scan(crm)
    assert away.world.said()["erasure.seen_again"] == 1
    sqlite.ask("DELETE FROM customers WHERE id = 1")
    away.wait(days=1)
    away.scan(crm)
    assert away.places(asked, "crm") == {PlaceState.CONFIRMED: 3}
    assert away.errands(asked)["crm"].trouble is None
    away.round()
    assert [grade for grade, _ in away.world.certificates(ada)][-1] is Grade.COMPLETE_AFTER_BACKUPS
    with away.world.deed() as tx:
        assert erasures.is_erased(tx, ada)


def lie_and_hide(source: Before) -> None:
    source.lies = source.hides = True


def test_what_a_scan_saw_again_ends_by_a_scan_alone_also_while_another_is_open(
    away: Away, sqlite: Estate, tmp_path: Path
) -> None:
    content = of_database(sqlite)
    ada = away.customer()
    crm = away.register("crm", opens=lambda **how: sqlite.open(**how))
    away.scan(crm)
    away.scan(away.register("share", str(shelf(tmp_path / "share"))))
    away.before |= {"crm": lie_and_hide, "share": vanish}
    asked = erased(away, ada)
    away.round()
    assert away.places(asked, "crm") == {PlaceState.CONFIRMED: 3}
    away.wait(days=1)
    away.scan(crm)
    for _ in range(2):
        assert away.round() == 1
        errand = away.errands(asked)["crm"]
        assert (errand.places, errand.trouble) == ({PlaceState.THERE_STILL: 3}, Trouble.SEEN_AGAIN), "by the system's word"
        assert errand.escalated_at is not None
        assert copies_elsewhere(away, ada) == ["unconfirmed", "unconfirmed"], "one for each system"
        away.wait(days=2)
    away.before["crm"] = lambda _: None
    away.round()
    assert NUMBER not in content(), "it is asked again, since it is known where it lies"
    assert away.errands(asked)["crm"].trouble is Trouble.SEEN_AGAIN
    away.scan(crm)
    assert away.places(asked, "crm") == {PlaceState.CONFIRMED: 3}
    assert away.errands(asked)["crm"].trouble is None
    away.before.clear()
    away.wait(days=1)
    away.round()
    assert away.world.request(asked).outcome is Answered.FULFILLED
    assert copies_elsewhere(away, ada) == ["bytes_gone", "bytes_gone"]


def copies_elsewhere(away: Away, subject: Any) -> list[str]:
    """The grades of what other systems kept, by the newest certificate."""
    _, shown = away.world.certificates(subject)[-1]
    name = COPY_IN_WORDS[CopyKind.SYSTEM]
    grades = [line for line in shown.says if line.lower().startswith(name)]
    return [grade.value for line in grades for grade, says in COPY_GRADE_IN_WORDS.items() if says in line]


def lie_of_rows(source: Before) -> None:
    source.lies = source.hides_rows = True


@pytest.mark.parametrize("how", [lie, lie_of_rows])
def test_a_system_that_lies_is_found_out_and_a_person_is_told_at_once(
    away: Away, sqlite: Estate, how: Callable[[Before], None]
) -> None:
    """By the detectors, and where these see nothing, by what it hands out at the very place."""
    content = of_database(sqlite)
    ada = away.customer()
    away.scan(away.register("crm", opens=lambda **how: sqlite.open(**how)))
    away.before["crm"] = how
    asked = erased(away, ada)
    away.round()
    assert NUMBER in content()
    assert len(away.erased["crm"]) == 3
    errand = away.errands(asked)["crm"]
    assert (errand.places, errand.trouble) == ({PlaceState.THERE_STILL: 3}, Trouble.THERE_STILL)
    assert errand.escalated_at == away.world.clock.at
    assert away.world.said()["erasure.escalated"] == 1
    assert away.world.request(asked).stage is Stage.IN_PROGRESS
    assert all(each.disposed_at is None for each in away.held(ada))
    assert [grade for grade, _ in away.world.certificates(ada)] == [Grade.UNCONFIRMED]
    away.wait(days=1)
    away.round()
    assert away.world.said()["erasure.escalated"] == 1
    away.before.clear()
    away.wait(days=1)
    away.round()
    assert NUMBER not in content()
    is_gone(away, asked, fields=3)


def vanish(source: Before) -> None:
    source.is_away = True


def test_a_system_that_is_down_is_tried_for_days_and_holds_up_no_other(away: Away, sqlite: Estate, tmp_path: Path) -> None:
    of_database(sqlite)
    folder = shelf(tmp_path / "share")
    ada = away.customer()
    away.scan(away.register("crm", opens=lambda **how: sqlite.open(**how)))
    away.scan(away.register("share", str(folder)))
    away.before["crm"] = vanish
    asked = erased(away, ada)
    away.round()
    assert away.places(asked, "share") == {PlaceState.CONFIRMED: 5}
    errand = away.errands(asked)["crm"]
    assert (errand.trouble, errand.failures, errand.escalated_at) == (Trouble.UNREACHABLE, 1, None)
    assert errand.failing_since == away.world.clock.at
    tries, began = 1, away.world.clock.at
    while away.errands(asked)["crm"].escalated_at is None:
        away.wait(minutes=30)
        tries += away.round()
        assert away.world.clock.at - began <= AFTER_AND_A_PAUSE
    assert away.world.clock.at - began >= AFTER
    assert 10 < tries < 40, "in growing pauses"
    assert away.world.request(asked).outcome is None
    away.wait(hours=23)
    assert away.round() == 0
    away.wait(hours=2)
    assert away.round() == 1, "it goes on, daily"
    away.before.clear()
    away.wait(days=1, hours=1)
    away.round()
    assert away.errands(asked)["crm"].escalated_at is None
    is_gone(away, asked, fields=8)


def test_what_was_half_done_when_it_went_away_is_ended_when_it_is_back(away: Away, sqlite: Estate) -> None:
    content = of_database(sqlite)
    ada = away.customer()
    away.scan(away.register("crm", opens=lambda **how: sqlite.open(**how)))
    away.before["crm"] = lambda source: setattr(source, "gone_after", 1)
    asked = erased(away, ada)
    away.round()
    assert content().count("****") == 2 or "'*" in content()
    assert away.errands(asked)["crm"].trouble is Trouble.UNREACHABLE
    away.before.clear()
    away.wait(minutes=2)
    away.round()
    assert "ada@caller.example" not in content()
    is_gone(away, asked, fields=3)


def test_a_disk_that_is_not_there_is_no_empty_folder(away: Away, tmp_path: Path) -> None:
    folder = shelf(tmp_path / "share")
    ada = away.customer()
    away.scan(away.register("share", str(folder)))
    asked = erased(away, ada)
    folder.rename(tmp_path / "elsewhere")
    away.round()
    assert away.errands(asked)["share"].trouble is Trouble.UNREACHABLE
    (tmp_path / "elsewhere").rename(folder)
    away.wait(minutes=2)
    away.round()
    is_gone(away, asked, fields=5)


def test_the_turn_of_an_epoch_carries_the_places_along_and_their_end_is_dark(away: Away, sqlite: Estate) -> None:
    of_database(sqlite)
    ada = away.customer()
    away.scan(away.register("crm", opens=lambda **how: sqlite.open(**how)))
    asked = erased(away, ada)
    with away.world.deed() as tx:
        book = elsewhere.book(tx, ErasureId(asked.id))
        assert book is not None
        assert book.key is not None
        sealed = away.world.vault.seal_value(tx, book.key, b"anything", "test")
    away.world.vault.rotate(away.world.database)
    away.round()
    is_gone(away, asked, fields=3)
    with away.world.deed() as tx:
        assert isinstance(away.world.vault.open_value(tx, book.key, sealed, "test"), Dark)


def test_what_moved_within_its_text_since_the_scan_is_let_go_of_where_it_stands_now(away: Away, sqlite: Estate) -> None:
    sqlite.ask(
        "CREATE TABLE tickets (id int PRIMARY KEY, note text)",
        "INSERT INTO tickets VALUES (1, 'KD-204711 wants a new meter, said her neighbour')",
    )
    ada = away.customer()
    away.scan(away.register("crm", opens=lambda **how: sqlite.open(**how)))
    asked = erased(away, ada)
    sqlite.ask("UPDATE tickets SET note = 'URGENT since Monday: KD-204711 wants a new meter' WHERE id = 1")
    away.round()
    batches, _ = sqlite.read("tickets")
    assert batches[0].rows[0].cells[1] == "URGENT since Monday: ********* wants a new meter"
    is_gone(away, asked, fields=1)


def test_what_has_another_value_since_the_scan_goes_with_it_where_the_row_is_hers_alone(away: Away, sqlite: Estate) -> None:
    content = of_database(sqlite)
    ada = away.customer()
    away.scan(away.register("crm", opens=lambda **how: sqlite.open(**how)))
    asked = erased(away, ada)
    sqlite.ask("UPDATE customers SET email = 'ada.of.the.north@caller.example' WHERE id = 1")
    away.round()
    assert "north" not in content()
    is_gone(away, asked, fields=3)


def test_other_words_that_stand_there_now_are_not_touched_and_a_person_looks(away: Away, sqlite: Estate) -> None:
    sqlite.ask(
        "CREATE TABLE tickets (id int PRIMARY KEY, note text)",
        "INSERT INTO tickets VALUES (1, 'KD-204711 wants a new meter')",
    )
    ada = away.customer()
    away.scan(away.register("crm", opens=lambda **how: sqlite.open(**how)))
    asked = erased(away, ada)
    sqlite.ask("UPDATE tickets SET note = 'This ticket was given to the night shift' WHERE id = 1")
    away.round()
    batches, _ = sqlite.read("tickets")
    assert batches[0].rows[0].cells[1] == "This ticket was given to the night shift"
    assert away.places(asked, "crm") == {PlaceState.REFUSED: 1}
    with away.world.deed() as tx:
        [stays] = staying.of_erasure(tx, ErasureId(asked.id)).systems
    assert (stays.open, stays.refused) == (1, 1)


@pytest.mark.parametrize(
    ("elsewhere", "then"),
    [
        ("UPDATE tickets SET more = 'as before' WHERE id = 1", {PlaceState.CONFIRMED: 1}),
        ("UPDATE tickets SET more = 'of KD-204711' WHERE id = 1", {PlaceState.THERE_STILL: 1}),
    ],
)
def test_a_scan_that_sees_it_there_no_more_ends_that_unless_its_row_tells_of_it_elsewhere(
    away: Away, sqlite: Estate, elsewhere: str, then: dict[PlaceState, int]
) -> None:
    sqlite.ask(
        "CREATE TABLE tickets (id int PRIMARY KEY, note text, more text)",
        "INSERT INTO tickets VALUES (1, 'KD-204711 wants a new meter', 'nothing')",
    )
    ada, crm = away.customer(), away.register("crm", opens=lambda **how: sqlite.open(**how))
    away.scan(crm)
    asked = erased(away, ada)
    sqlite.ask("UPDATE tickets SET note = 'This ticket was given to the night shift' WHERE id = 1", elsewhere)
    away.round()
    assert away.places(asked, "crm") == {PlaceState.REFUSED: 1}
    away.wait(days=1)
    away.scan(crm)
    away.round()
    assert away.places(asked, "crm") == then
    batches, _ = sqlite.read("tickets")
    assert batches[0].rows[0].cells[1] == "This ticket was given to the night shift"


def test_a_row_of_a_file_that_was_written_anew_since_the_scan_is_not_called_gone(away: Away, tmp_path: Path) -> None:
    folder = shelf(tmp_path / "share")
    (folder / "customers.jsonl").unlink()
    ada = away.customer()
    away.scan(away.register("share", str(folder)))
    asked = erased(away, ada)
    (folder / "customers.csv").write_text(TABLE + ADA.replace("32 12 34 65", "32 12 34 57") + BEN)
    away.round()
    assert NUMBER in (folder / "customers.csv").read_text()
    assert away.errands(asked)["share"].trouble is Trouble.THERE_STILL
    (folder / "customers.csv").write_text(TABLE + BEN)
    away.wait(days=1)
    away.round()
    is_gone(away, asked, fields=3)


def test_what_a_hold_keeps_elsewhere_stays_and_goes_when_that_is_lifted(away: Away, sqlite: Estate) -> None:
    content = of_database(sqlite)
    world, training = away.world, away.world.scene.training.id
    ada = away.customer()
    away.scan(away.register("crm", opens=lambda **how: sqlite.open(**how), purpose=training))
    number = next(each for each in away.held(ada) if each.place.field == "number")
    with world.deed() as tx:
        until = world.clock.at.date() + timedelta(days=30)
        hold = held(tx, world.vault, world.clock, Slice(holding=number.id, purpose=training), until=until)
    asked = erased(away, ada)
    away.round()
    assert NUMBER in content()
    assert "ada@caller.example" not in content()
    assert away.places(asked, "crm") == {PlaceState.CONFIRMED: 2, PlaceState.HELD: 1}
    assert world.request(asked).outcome is Answered.FULFILLED
    [(_, _), (grade, shown)] = world.certificates(ada)
    assert grade is Grade.PARTIAL
    kept = "Remains: kept under a named hold (GDPR Art. 17(3)) (1), because of legal claims"
    assert any(line.startswith(kept) for line in shown.says)
    with world.deed() as tx:
        holds.lift(tx, world.vault, world.clock, hold.id, by=DPO)
    away.wait(days=1)
    away.round()
    assert NUMBER not in content()
    assert away.places(asked, "crm") == {PlaceState.CONFIRMED: 3}
    assert [grade for grade, _ in world.certificates(ada)][-1] is Grade.COMPLETE_AFTER_BACKUPS


def test_nothing_wider_goes_where_a_hold_keeps_a_part_of_it(away: Away, tmp_path: Path) -> None:
    folder = tmp_path / "share"
    folder.mkdir()
    (folder / "customers.csv").write_text(TABLE + ADA + BEN)
    (folder / "hers.txt").write_text(f"Customer {NUMBER} writes as ada@caller.example\n")
    world, training = away.world, away.world.scene.training.id
    ada = away.customer()
    away.scan(away.register("share", str(folder), erases=Erases.WHOLE, purpose=training))
    emails = [each for each in away.held(ada) if each.category.value == "pd:EmailAddress"]
    assert len(emails) == 2
    with world.deed() as tx:
        until = world.clock.at.date() + timedelta(days=30)
        slices = [Slice(holding=each.id, purpose=training) for each in emails]
        held(tx, world.vault, world.clock, *slices, until=until)
    asked = erased(away, ada)
    away.round()
    assert (folder / "customers.csv").read_text() == TABLE + ADA + BEN
    assert "ada@caller.example" in (folder / "hers.txt").read_text()
    assert away.places(asked, "share") == {PlaceState.HELD: 2, PlaceState.REFUSED: 3}


def test_what_was_made_from_hers_and_is_about_somebody_else_is_told_and_left_to_a_person(away: Away, sqlite: Estate) -> None:
    of_database(sqlite)
    ada, ben = away.customer(), away.customer(ANOTHERS)
    crm = away.register("crm", opens=lambda **how: sqlite.open(**how))
    away.scan(crm)
    made = NewForeign(
        id=HoldingId(new_id()),
        subject=ben,
        category=Category.TELEPHONE_NUMBER,
        place=Place(system=crm.id, field="phone", object_name=Personal("customers"), row=Personal("2")),
        provenance=Provenance(
            source=Source.DERIVED, actor=SYSTEM, at=away.world.clock.at, basis=None, derived_from=(away.held(ada)[0].id,)
        ),
    )
    with away.world.deed() as tx:
        holdings.register(tx, away.world.vault, away.world.clock, [made])
    asked = erased(away, ada)
    away.round()
    assert away.places(asked, "crm") == {PlaceState.CONFIRMED: 3, PlaceState.OF_ANOTHER: 1}
    assert away.world.request(asked).outcome is Answered.FULFILLED
    grade, shown = away.world.certificates(ada)[-1]
    assert grade is Grade.PARTIAL
    assert "Remains: about another person, and kept for that person's own choice (1)." in shown.says
    with away.world.deed() as tx:
        assert holdings.get(tx, made.id).disposed_at is None


def test_nothing_of_the_person_stands_in_what_is_written_down(away: Away, sqlite: Estate, tmp_path: Path) -> None:
    sqlite.ask("CREATE TABLE logins (email varchar(80) PRIMARY KEY)", "INSERT INTO logins VALUES ('KD-204711')")
    folder = tmp_path / "share"
    folder.mkdir()
    (folder / f"letter-to-{NUMBER}.txt").write_text(f"Customer {NUMBER} asked.")
    ada = away.customer()
    away.scan(away.register("crm", opens=lambda **how: sqlite.open(**how)))
    away.scan(away.register("share", str(folder), erases=Erases.WHOLE))
    erased(away, ada)
    away.before["crm"] = vanish
    away.round()
    with away.world.deed() as tx:
        for table in ("erasure_books", "errands", "erasure_places", "statements"):
            rows = tx.connection.execute(SQL("SELECT * FROM {}").format(SqlName(table))).fetchall()
            assert rows
            assert NUMBER not in repr(rows)
            assert NUMBER.encode() not in b"".join(v for row in rows for v in row.values() if isinstance(v, bytes))


def test_a_rare_name_goes_with_its_row_and_the_certificate_says_that_what_no_scan_found_stays(away: Away, sqlite: Estate) -> None:
    sqlite.ask(
        "CREATE TABLE customers (id int PRIMARY KEY, name text, number text, phone text, email text)",
        "INSERT INTO customers VALUES (1, 'Hal Merriweld', 'KD-204711', '+45 32 12 34 65', 'hal@caller.example')",
        "INSERT INTO customers VALUES (2, 'Cyd Wibblewood', 'KD-300000', '+44 20 7946 0958', 'cyd@caller.example')",
    )
    hal = away.customer()
    away.scan(away.register("crm", opens=lambda **how: sqlite.open(**how)))
    assert len(away.held(hal)) == 4
    erased(away, hal)
    assert away.round() == 1
    batches, _ = sqlite.read("customers")
    [his, hers] = [row.cells for batch in batches for row in batch.rows]
    assert not any(each in str(his) for each in ("Hal", "Merriweld", "KD-204711"))
    assert hers[1] == "Cyd Wibblewood"
    *_, (grade, shown) = away.world.certificates(hal)
    assert (grade, any("What no scan found" in each for each in shown.says)) == (Grade.COMPLETE_AFTER_BACKUPS, True)


@pytest.mark.parametrize("is_edited", [False, True], ids=["as it was", "edited since"])
def test_a_namesake_who_stays_in_the_text_is_neither_touched_nor_taken_for_whoever_went(
    away: Away, sqlite: Estate, is_edited: bool
) -> None:
    """Both are called Holm: what tells the one's whole name is not told by the other's."""
    sqlite.ask(
        "CREATE TABLE customers (id int PRIMARY KEY, customer_id text, name text, email text)",
        "INSERT INTO customers VALUES (1, 'KD-204711', 'Mads Holm', 'mads@caller.example')",
        "INSERT INTO customers VALUES (2, 'KD-300000', 'Lone Holm', 'lone@caller.example')",
        "CREATE TABLE tickets (id int PRIMARY KEY, customer_id text, body text)",
        "INSERT INTO tickets VALUES (1, 'KD-300000', 'Her neighbour Mads Holm, KD-204711, rang for Lone Holm')",
    )
    mads = away.customer()
    away.scan(away.register("crm", opens=lambda **how: sqlite.open(**how), purpose=away.world.scene.training.id))
    asked = erased(away, mads)
    if is_edited:
        sqlite.ask("UPDATE tickets SET body = 'Monday: ' || body")
    while away.round():
        pass
    batches, _ = sqlite.read("tickets")
    [body] = [row.cells[2] for batch in batches for row in batch.rows]
    assert (body or "").removeprefix("Monday: ") == "Her neighbour *********, *********, rang for Lone Holm"
    assert set(away.places(asked, "crm")) == {PlaceState.CONFIRMED}
