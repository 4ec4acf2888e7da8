"""What is wrong is put right in the systems that let us, read back, and told to a person where we could not."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.discovery.systems import actions as systems
from rightcall.errors import Conflict, Malformed
from rightcall.holdings.categories import Category
from rightcall.ids import CorrectionId, RequestId, new_id
from rightcall.personal import Personal
from rightcall.requests import actions as requests
from rightcall.requests import correcting, telling
from rightcall.requests.correcting_elsewhere import PAUSES, CorrectingElsewhere
from rightcall.requests.corrections.model import ToKeepers, Undone
from rightcall.requests.informing.model import Reply
from rightcall.requests.model import RequestKind
from tests.adapters.systems.estate import Estate
from tests.cast import ADA_TEL
from tests.erasure.elsewhere.scene import NUMBER, Away
from tests.procedures.fakes import InlineSteps

DPO = Actor(id=new_id(), role=Role.DPO)
RIGHT = "+45 32 00 11 22"
OTHER = "+45 32 99 88 77"


class Desk:
    """A customer whose telephone number is wrong in one system, and stands in others too."""

    def __init__(self, away: Away, folder: Path) -> None:
        self.away, self.folder = away, folder
        self.ada = away.customer()
        self.request: RequestId | None = None

    def keeps(self, name: str, phone: str, *, corrects: bool = True) -> None:
        with sqlite3.connect(self.folder / f"{name}.db") as connection:
            connection.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, customer_id TEXT, phone TEXT)")
            connection.execute("INSERT INTO customers VALUES (1, ?, ?)", (NUMBER, phone))
        erases = None
        self.away.scan(self.away.register(name, f"sqlite:///{self.folder}/{name}.db", erases=erases, corrects=corrects))

    def keeps_in(self, name: str, estate: Estate) -> Callable[[], list[tuple[str | None, ...]]]:
        """In a real server. What stands there."""
        estate.ask(
            "CREATE TABLE customers"
            " (id int PRIMARY KEY, customer_id varchar(20), phone varchar(40), note varchar(80), born date)",
            f"INSERT INTO customers VALUES (1, '{NUMBER}', '{ADA_TEL}', 'rings at {ADA_TEL}', '1980-02-03')",  # noqa: S608 - ours
        )
        self.away.scan(self.away.register(name, opens=lambda **how: estate.open(**how), erases=None, corrects=True))

        def stands() -> list[tuple[str | None, ...]]:
            batches, _ = estate.read("customers")
            return [row.cells for batch in batches for row in batch.rows]

        return stands

    def phone_in(self, name: str) -> str:
        with sqlite3.connect(self.folder / f"{name}.db") as connection:
            return str(connection.execute("SELECT phone FROM customers").fetchone()[0])

    def write(self, name: str, phone: str) -> None:
        """As those who look after it do."""
        with sqlite3.connect(self.folder / f"{name}.db") as connection:
            connection.execute("UPDATE customers SET phone = ?", (phone,))

    def correct(self, name: str) -> CorrectionId:
        world = self.away.world
        with world.deed() as tx:
            made = requests.receive(tx, world.vault, world.clock, subject=self.ada, kind=RequestKind.RECTIFICATION, by=DPO)
        self.request = made.id
        systems = {system: given for given, system in self.away.names.items()}
        assert name in systems
        [wrong] = [
            each
            for each in self.away.held(self.ada)
            if each.category == Category.TELEPHONE_NUMBER
            and each.place.field == "phone"
            and self.name_of(each.place.system) == name
        ]
        with world.deed() as tx:
            return correcting.correct(tx, world.vault, world.clock, made.id, wrong.id, Personal(RIGHT), by=DPO)

    def name_of(self, system: object) -> str:
        with self.away.world.deed() as tx:
            row = tx.connection.execute("SELECT name FROM systems WHERE system = %s", (system,)).fetchone()
        assert row is not None
        return str(row["name"])

    def follow(self, correction: CorrectionId, steps: InlineSteps | None = None) -> object:
        world = self.away.world
        work = CorrectingElsewhere(database=world.database, vault=world.vault, clock=world.clock, opens=self.away.open)
        return work(steps or InlineSteps(), str(world.controller), str(correction))

    def came(self) -> dict[str, Undone | None]:
        """By system, why it is not right there; None where it is."""
        assert self.request is not None
        with self.away.world.deed() as tx:
            [found] = correcting.of_request(tx, self.away.world.vault, self.request)
        tasks = {self.name_of(each.system): each for each in found.tasks}
        assert all((each.done_at is None) == (each.why is not None) for each in tasks.values())
        assert all(each.done_by == SYSTEM for each in tasks.values() if each.done_at)
        return {name: each.why if each.done_at is None else None for name, each in tasks.items()}

    def was(self) -> str:
        assert self.request is not None
        with self.away.world.deed() as tx:
            [found] = correcting.of_request(tx, self.away.world.vault, self.request)
        assert isinstance(found.was, Personal)
        return found.was.reveal("look in a test")


@pytest.fixture
def desk(away: Away, tmp_path: Path) -> Desk:
    return Desk(away, tmp_path)


@pytest.mark.parametrize("fault", ["none", "before", "after"])
def test_it_is_put_right_where_the_same_mistake_stands_and_a_person_is_told_of_the_rest(desk: Desk, fault: str) -> None:
    desk.keeps("billing", ADA_TEL)
    desk.keeps("crm", ADA_TEL)
    desk.keeps("archive", ADA_TEL, corrects=False)
    desk.keeps("surveys", OTHER)
    made = desk.correct("crm")
    failing = {fault: frozenset(["put right"])}
    steps = InlineSteps(fail_before=failing.get("before", frozenset()), fail_after=failing.get("after", frozenset()))
    desk.follow(made, steps)
    assert {name: desk.phone_in(name) for name in ("billing", "crm")} == {"billing": RIGHT, "crm": RIGHT}
    assert (desk.phone_in("archive"), desk.phone_in("surveys")) == (ADA_TEL, OTHER)
    assert desk.came() == {"billing": None, "crm": None, "archive": Undone.READ_ONLY, "surveys": Undone.OTHER_VALUE}
    assert desk.was() == ADA_TEL
    said = desk.away.world.leaves("requests.corrected_elsewhere")
    assert [each["role"] for each in said] == ["system", "system"]
    world = desk.away.world
    with pytest.raises(Conflict, match="2 open"), world.deed() as tx:
        correcting.check_put_right(tx, requests.get(tx, desk.request))  # type: ignore[arg-type]  # asked above


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_in_a_real_server_one_field_is_written_and_nothing_else(desk: Desk, kind: str, request: pytest.FixtureRequest) -> None:
    """The note holds more than the number, so a person is asked of the system: the field itself is right by then."""
    estate: Estate = request.getfixturevalue(kind)
    stands = desk.keeps_in("crm", estate)
    [before] = stands()
    made = desk.correct("crm")
    desk.follow(made)
    assert desk.was() == ADA_TEL
    assert stands() == [(*before[:2], RIGHT, *before[3:])]
    assert desk.came() == {"crm": Undone.UNKNOWN_PLACE}
    newer = f"{ADA_TEL[:-2]}99"
    estate.ask(f"UPDATE customers SET note = '{RIGHT}', phone = '{newer}'")  # noqa: S608 - ours
    desk.follow(made)
    assert desk.came() == {"crm": Undone.OTHER_VALUE}, "what somebody wrote meanwhile was written over"
    assert stands() == [(*before[:2], newer, RIGHT, before[4])]
    estate.ask(f"UPDATE customers SET phone = '{ADA_TEL}'")  # noqa: S608 - ours
    desk.follow(made)
    assert desk.came() == {"crm": None}
    assert stands() == [(*before[:2], RIGHT, RIGHT, before[4])]


def test_what_a_system_does_not_do_though_it_says_so_is_found_by_reading(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.keeps("crm", ADA_TEL)
    made = desk.correct("crm")
    monkeypatch.setattr("rightcall.adapters.systems.tables.system.TableSystem.correct", lambda *_, **__: None)
    desk.follow(made)
    assert desk.came() == {"crm": Undone.STANDS_STILL}


def test_a_system_that_is_away_is_tried_again_and_then_a_person_is_told(desk: Desk) -> None:
    desk.keeps("crm", ADA_TEL)
    made = desk.correct("crm")
    desk.away.before["crm"] = lambda source: setattr(source, "is_away", True)
    steps = InlineSteps()
    desk.follow(made, steps)
    assert len([each for each in steps.ended if each.startswith("sleep")]) == len(PAUSES)
    assert desk.came() == {"crm": Undone.AWAY}
    del desk.away.before["crm"]
    assert desk.follow(made) == 1
    assert desk.came() == {"crm": None}


def test_the_keepers_of_a_system_we_only_read_are_told_and_their_word_counts_once_it_was_read_there(desk: Desk) -> None:
    desk.keeps("archive", ADA_TEL, corrects=False)
    made = desk.correct("archive")
    world, request = desk.away.world, desk.request
    assert request is not None
    with world.deed() as tx:
        archive = systems.get(tx, "archive")
        systems.put_words(tx, world.clock, archive, {}, keepers_language="fi", by=DPO)
    to = ToKeepers(request=request, correction=made, system=archive.id)

    def done_by_hand() -> None:
        with world.deed() as tx:
            correcting.put_right_in(tx, world.clock, request, made, archive.id, by=DPO)

    def say(answer: Reply) -> None:
        world.clock.at += timedelta(minutes=1)
        with world.deed() as tx:
            telling.answer(tx, world.clock, to, answer, by=DPO)

    with pytest.raises(Conflict, match="worker looks first"), world.deed() as tx:
        telling.letter(tx, world.vault, world.clock, to)
    desk.follow(made)
    assert desk.came() == {"archive": Undone.READ_ONLY}
    with pytest.raises(Conflict, match="send them the letter"):
        done_by_hand()
    with world.deed() as tx:
        letter = telling.letter(tx, world.vault, world.clock, to)
    assert letter.language == "fi"
    said = ("archive", f"Väärin on: {ADA_TEL}", f"Oikein on: {RIGHT}", "customers, rivi 1, kenttä phone", str(made))
    assert [each for each in said if each not in letter.text] == []
    assert NUMBER not in letter.text, "whoever has the row is told whose it is"
    with pytest.raises(Conflict, match="not told yet"):
        say(Reply.CORRECTED)
    with world.deed() as tx:
        telling.tell(tx, world.clock, to, by=DPO)
    for answer, refused in ((None, "what they say"), (Reply.DISAGREES, "hold something else"), (Reply.CORRECTED, "first")):
        if answer is not None:
            say(answer)
        with pytest.raises(Conflict, match=refused):
            done_by_hand()
    desk.follow(made)
    assert desk.came() == {"archive": Undone.WRONG_STILL}, "their word was taken for what stands there"
    with pytest.raises(Conflict, match="read there again"):
        done_by_hand()
    desk.write("archive", RIGHT)
    say(Reply.CORRECTED)
    with pytest.raises(Conflict, match="1 open"), world.deed() as tx:
        requests.fulfil(tx, world.clock, request, by=DPO)
    desk.follow(made)
    assert desk.came() == {"archive": None}
    with world.deed() as tx:
        requests.fulfil(tx, world.clock, request, by=DPO)
    kinds = ("requests.keeper_told", "requests.keeper_replied", "requests.corrected_elsewhere")
    assert [len(world.leaves(kind)) for kind in kinds] == [1, 3, 1]


def test_where_another_number_stands_or_nobody_can_read_a_person_looks_once_the_keepers_said_so(desk: Desk) -> None:
    """What stands there may be right: that needs nobody's word. What nobody can read needs that of those who look after it."""
    desk.keeps("crm", ADA_TEL)
    desk.keeps("surveys", OTHER, corrects=False)
    desk.keeps("archive", f"ring {ADA_TEL}", corrects=False)
    made, world = desk.correct("crm"), desk.away.world
    desk.follow(made)
    assert desk.came() == {"crm": None, "surveys": Undone.OTHER_VALUE, "archive": Undone.UNKNOWN_PLACE}
    request = desk.request
    assert request is not None
    with world.deed() as tx:
        surveys, archive = (systems.get(tx, name).id for name in ("surveys", "archive"))
        correcting.put_right_in(tx, world.clock, request, made, surveys, by=DPO)
    with pytest.raises(Conflict, match="send them the letter"), world.deed() as tx:
        correcting.put_right_in(tx, world.clock, request, made, archive, by=DPO)
    with world.deed() as tx:
        to = ToKeepers(request=request, correction=made, system=archive)
        telling.tell(tx, world.clock, to, by=DPO)
        telling.answer(tx, world.clock, to, Reply.CORRECTED, by=DPO)
    world.clock.at += timedelta(minutes=1)
    desk.follow(made)
    with world.deed() as tx:
        correcting.put_right_in(tx, world.clock, request, made, archive, by=DPO)
        correcting.check_put_right(tx, requests.get(tx, request))


def test_a_correction_in_the_place_of_another_is_the_one_that_counts(desk: Desk) -> None:
    desk.keeps("archive", ADA_TEL, corrects=False)
    first = desk.correct("archive")
    desk.follow(first)
    world, request = desk.away.world, desk.request
    assert request is not None
    with world.deed() as tx:
        [entered] = correcting.of_request(tx, world.vault, request)
        second = correcting.correct(tx, world.vault, world.clock, request, entered.holding, Personal(OTHER), by=DPO)
    desk.write("archive", OTHER)
    assert [desk.follow(each) for each in (first, second)] == [0, 1]
    with world.deed() as tx:
        correcting.check_put_right(tx, requests.get(tx, request))


def test_a_source_that_cannot_be_registered_so_is_refused(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    with pytest.raises(Malformed, match="cannot correct"):
        desk.away.register("share", str(tmp_path / "share"), erases=None, corrects=True)
