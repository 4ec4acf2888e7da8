"""What is about others is covered, or waits for somebody's word, and is told as withheld with its ground (GDPR Art. 15(4))."""

import json
import sqlite3
from pathlib import Path

import pytest

from rightcall.consent.model import Answer
from rightcall.discovery.decisions import actions as decisions
from rightcall.discovery.joins import actions as joins
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import LinkReason, LinkState
from rightcall.discovery.looking.model import Rules
from rightcall.erasure.elsewhere.model import PlaceState
from rightcall.errors import Conflict
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.holdings.model import HoldingKind, NewForeign, Provenance, Source
from rightcall.holdings.places import Place
from rightcall.ids import HoldingId, ObjectId, SubjectId, SystemId, new_id
from rightcall.personal import MASK, Personal
from rightcall.requests import actions as requests
from rightcall.requests.model import Answered, Request
from rightcall.requests.packages import actions
from rightcall.requests.packages.masking import known_by, masked
from rightcall.requests.packages.model import State
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Identifier, IdentifierKind
from tests.cast import ADA_TEL, BEN_TEL
from tests.erasure.elsewhere.scene import ANOTHERS, NUMBER
from tests.erasure.fakes import PACKET
from tests.recordings.scene import stream
from tests.requests.packages.scene import DPO, Desk

RULES = Rules(regions=("DK",))
BEN_EMAIL = "ben.other@caller.example"


@pytest.mark.parametrize(
    ("text", "left", "gone"),
    [
        (f"Ring {ADA_TEL}, or her neighbour on {BEN_TEL}.", [ADA_TEL, "Ring", "neighbour"], [BEN_TEL]),
        (f"Write to {BEN_EMAIL} about tea.", ["Write to", "about tea"], [BEN_EMAIL]),
        ("Nothing about anybody.", ["Nothing about anybody."], [MASK]),
        (f'{{"phone": "{ADA_TEL}", "partner": "{BEN_TEL}", "note": "tea"}}', [ADA_TEL, "tea", "partner"], [BEN_TEL]),
    ],
    ids=["two numbers", "an address", "nothing", "a row"],
)
def test_what_is_about_others_is_covered_and_her_own_stays(text: str, left: list[str], gone: list[str]) -> None:
    done = masked(text, {known_by(ADA_TEL)}, RULES)
    assert all(each in done.text for each in left)
    assert not any(each in done.text for each in gone)


def test_her_number_is_hers_however_it_is_written() -> None:
    assert masked("Ring 32 12 34 56 today.", {known_by("+4532123456")}, RULES).covered == 0


@pytest.fixture
def customer(desk: Desk, tmp_path: Path) -> SubjectId:
    """A row and a file of the customer's that somebody wrote down as a whole: nobody knows where in them she is."""
    customer = desk.away.customer()
    path = tmp_path / "crm.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, note TEXT, scan BLOB)")
        connection.execute("INSERT INTO notes VALUES (1, ?, ?)", (f"{NUMBER} is on {ADA_TEL}; ex-husband {BEN_EMAIL}", None))
    system = desk.away.register("crm", f"sqlite:///{path}", erases=None)
    _write_down(desk, customer, system.id, row="1", field="note")
    return customer


def test_a_text_that_tells_of_others_too_is_covered_where_it_does(desk: Desk, customer: SubjectId) -> None:
    got = desk.got(desk.asked(of=customer))
    [thing] = got.things()
    assert thing["in_package"]["state"] == "masked"
    assert NUMBER in thing["in_package"]["value"]
    assert MASK in thing["in_package"]["value"]
    assert BEN_EMAIL not in got.all_text()
    assert "covered" in got.text("things-0001.html")


@pytest.fixture
def unreadable(desk: Desk, tmp_path: Path) -> Request:
    customer = desk.away.customer()
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "long.txt").write_text(f"{NUMBER} and {BEN_EMAIL} " + "tea " * 300_000)
    system = desk.away.register("files", str(folder), erases=None)
    _write_down(desk, customer, system.id, object="long.txt", kind=HoldingKind.FILE)
    return desk.asked(of=customer)


def test_what_cannot_be_covered_safely_waits_for_somebodys_word(desk: Desk, unreadable: Request) -> None:
    package = desk.make(unreadable)
    assert package.state is State.WAITING
    with pytest.raises(Conflict, match="waits for your word"):
        desk.hand_over(unreadable)
    [waiting] = _waiting(desk, unreadable)
    _decide(desk, unreadable, waiting, give=False)
    got = desk.got(unreadable)
    [thing] = got.things()
    assert (thing["in_package"]["state"], thing["in_package"]["reason"]) == ("withheld", "rights_of_others")
    assert "Art. 15(4)" in got.text("things-0001.html")
    assert BEN_EMAIL not in got.all_text()


def test_what_somebody_looked_at_and_gives_is_given_as_it_is(desk: Desk, unreadable: Request) -> None:
    assert desk.make(unreadable).state is State.WAITING
    [waiting] = _waiting(desk, unreadable)
    _decide(desk, unreadable, waiting, give=True)
    got = desk.got(unreadable)
    [thing] = got.things()
    [file] = thing["in_package"]["files"]
    assert got.text(file).startswith(NUMBER)
    with pytest.raises(Conflict, match="does not wait"):
        _decide(desk, unreadable, waiting, give=False)


@pytest.fixture
def mixed(desk: Desk) -> Request:
    """A call on one stream: nobody can part who speaks on it."""
    world = desk.world
    with world.deed() as tx:
        world.scene.amend(streams=(stream("both", None),))
        world.scene.recorder.settle(tx, world.scene.call)
    world.choose(Answer.GRANTED)
    world.scene.later()
    assert world.scene.recorder.hear(world.scene.stream("both"), 0, PACKET)
    world.hang_up()
    return desk.asked()


@pytest.mark.parametrize("give", [True, False])
def test_a_recording_on_which_several_speak_waits_for_somebody_who_listens(desk: Desk, mixed: Request, give: bool) -> None:
    assert desk.make(mixed).state is State.WAITING
    [waiting] = _waiting(desk, mixed)
    _decide(desk, mixed, waiting, give=give)
    got = desk.got(mixed)
    assert bool(got.ending(".wav")) is give
    [call] = got.json("calls-0001.json")
    assert call["not_handed_out"]["several_speak"] == (0 if give else 1)


def _write_down(
    desk: Desk,
    subject: SubjectId,
    system: SystemId,
    *,
    object: str = "notes",
    row: str | None = None,
    field: str | None = None,
    kind: HoldingKind = HoldingKind.FIELD,
) -> None:
    place = Place(
        system=system,
        object=ObjectId(new_id()),
        object_name=Personal(object),
        row=None if row is None else Personal(row),
        field=field,
    )
    came = Provenance(source=Source.ENTRY, actor=DPO, at=desk.world.clock.at, basis=None)
    new = NewForeign(id=HoldingId(new_id()), subject=subject, category=Category.NAME, place=place, provenance=came, kind=kind)
    with desk.world.deed() as tx:
        holdings.register(tx, desk.world.vault, desk.world.clock, [new])


def _waiting(desk: Desk, request: Request) -> list[HoldingId]:
    package = desk.package(request.id)
    with desk.world.deed() as tx:
        return [each.holding for each in actions.waiting(tx, package.id)]


def _decide(desk: Desk, request: Request, holding: HoldingId, *, give: bool) -> None:
    with desk.world.deed() as tx:
        assert actions.decide(tx, desk.world.clock, request.id, holding, give=give, by=DPO) == 0


def test_what_her_record_tells_of_her_kin_is_told_as_there_and_covered(desk: Desk, tmp_path: Path) -> None:
    customer = desk.away.customer()
    path = tmp_path / "crm.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, customer_id TEXT, note TEXT)")
        connection.execute("INSERT INTO customers VALUES (1, ?, 'her husband Lars rang about the bill')", (NUMBER,))
    desk.away.scan(desk.away.register("crm", f"sqlite:///{path}", erases=None))
    got = desk.got(desk.asked(of=customer))
    told = {each["in_package"]["value"]: each["in_package"]["state"] for each in got.things()}
    assert told == {NUMBER: "given", MASK: "masked"}
    assert [each["in_package"]["reason"] for each in got.things() if each["in_package"]["value"] == MASK] == ["of_another"]
    front = json.loads(got.text("index.json"))
    assert (front["counts"], front["of_another"]) == ({"given": 1, "masked": 1}, 1)
    assert "somebody else whom your records tell of, and are covered: 1." in got.text("index.html")
    assert "Lars" not in got.all_text()


@pytest.mark.parametrize("is_known", [True, False])
def test_an_address_in_a_note_about_her_is_anothers_and_stays_when_she_is_erased(
    desk: Desk, tmp_path: Path, is_known: bool
) -> None:
    """Of somebody who is known by it, or of nobody: hers is another, in a field of its own. What stands in a note and nowhere
    else is hers where she has none."""
    ada, path, purpose = desk.away.customer(), tmp_path / "crm.db", desk.world.scene.training.id
    note = f"ring {BEN_EMAIL} instead; her account is DK5000400440116243"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, customer_id TEXT, email TEXT, note TEXT)")
        connection.execute("INSERT INTO customers VALUES (1, ?, 'ada@caller.example', ?)", (NUMBER, note))
        if is_known:
            connection.execute("INSERT INTO customers VALUES (2, 'KD-300000', ?, NULL)", (BEN_EMAIL,))
    desk.away.scan(desk.away.register("crm", f"sqlite:///{path}", purpose=purpose))
    got = desk.got(desk.asked(of=ada))
    assert BEN_EMAIL not in got.all_text()
    assert "ada@caller.example" in got.all_text()
    assert "DK5000400440116243" in got.all_text()
    masked_ones = [each for each in got.things() if each["in_package"]["state"] == "masked"]
    assert [each["in_package"]["value"] for each in masked_ones] == [MASK]
    with desk.world.deed() as tx:
        actions.let_go(tx, desk.world.clock, actions.get(tx, requests.of_person(tx, [ada])[0].id).id)
    erasure = desk.world.ask_for_erasure(ada)
    desk.world.answer(erasure)
    while desk.away.round():
        pass
    with sqlite3.connect(path) as connection:
        [left] = connection.execute("SELECT * FROM customers WHERE id = 1").fetchall()
    assert BEN_EMAIL in left[3]
    assert "DK5000400440116243" not in left[3]
    assert "ada@caller.example" not in str(left)
    assert desk.world.request(erasure).outcome is Answered.FULFILLED


EVE_TEL = "+45 32 12 34 77"
EVES_NOTE = (
    f"Eve Marlowe asks that Fay Tumblewick ({BEN_EMAIL}) be called on {BEN_TEL}."
    f" Mr Adam Marlowe agrees. Eve rings again. Customer {NUMBER}."
)


def test_a_name_beside_hers_in_a_note_is_anothers_and_stays_when_she_is_erased(desk: Desk, tmp_path: Path) -> None:
    """Somebody nobody knows, and her husband: covered in her copy, and left where they stand. Her own go along, and go."""
    eve, path, purpose = desk.away.customer(), tmp_path / "crm.db", desk.world.scene.training.id
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, customer_id TEXT, name TEXT, phone TEXT, email TEXT)")
        connection.execute("INSERT INTO customers VALUES (1, ?, 'Eve Marlowe', ?, 'eve@caller.example')", (NUMBER, EVE_TEL))
        connection.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, customer_id TEXT, note TEXT)")
        connection.execute("INSERT INTO notes VALUES (1, ?, ?)", (NUMBER, EVES_NOTE))
    desk.away.scan(desk.away.register("crm", f"sqlite:///{path}", purpose=purpose))
    _accept(desk, eve)
    got = desk.got(desk.asked(of=eve))
    given = sorted(each["in_package"]["value"] for each in got.things() if each["in_package"]["state"] == "given")
    assert {"Eve Marlowe", "Eve"} <= set(given)
    assert not any(each in got.all_text() for each in ("Fay", "Tumblewick", "Adam", BEN_EMAIL, BEN_TEL))
    _erase(desk, eve)
    with sqlite3.connect(path) as connection:
        [left] = connection.execute("SELECT note FROM notes").fetchone()
    assert all(each in left for each in ("Fay Tumblewick", BEN_EMAIL, BEN_TEL, "Adam Marlowe"))
    assert "Eve" not in left


def test_what_anothers_note_tells_of_her_is_handed_to_her_and_goes_with_her(desk: Desk, tmp_path: Path) -> None:
    """By her address and her number, and her name beside them. The rest of the note stays the other's."""
    eve, fay, path = desk.away.customer(), desk.away.customer(ANOTHERS), tmp_path / "crm.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, customer_id TEXT, name TEXT, phone TEXT, email TEXT)")
        connection.execute("INSERT INTO customers VALUES (1, ?, 'Eve Marlowe', ?, 'eve@caller.example')", (NUMBER, EVE_TEL))
        connection.execute("INSERT INTO customers VALUES (2, ?, 'Fay Tumblewick', ?, ?)", (ANOTHERS, BEN_TEL, BEN_EMAIL))
        connection.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, customer_id TEXT, note TEXT)")
        connection.execute("INSERT INTO notes VALUES (1, ?, ?)", (NUMBER, EVES_NOTE))
    desk.away.scan(desk.away.register("crm", f"sqlite:///{path}", purpose=desk.world.scene.training.id))
    _accept(desk, eve)
    with desk.world.deed() as tx:
        for each in linking.page_of_links(tx, state=LinkState.DOUBTFUL, subject=fay):
            decisions.refuse(tx, desk.world.vault, desk.world.clock, each.id, reason=LinkReason.OTHER, by=DPO)
    assert len(desk.away.held(fay)) == 4
    asked = desk.asked(of=fay)
    assert len(desk.away.held(fay)) == 7
    got = desk.got(asked)
    given = [each["in_package"]["value"] for each in got.things() if each["in_package"]["state"] == "given"]
    assert [given.count(each) for each in ("Fay Tumblewick", BEN_EMAIL, BEN_TEL)] == [2, 2, 2]
    assert not any("Eve" in each or "Adam" in each for each in given)
    erasure = _erase(desk, fay)
    assert erasure.outcome is Answered.FULFILLED
    assert desk.away.places(erasure, "crm") == {PlaceState.CONFIRMED: 7}
    with sqlite3.connect(path) as connection:
        [left] = connection.execute("SELECT note FROM notes").fetchone()
    assert not any(each in left for each in ("Fay", "Tumblewick", BEN_EMAIL, BEN_TEL))
    assert all(each in left for each in ("Eve Marlowe asks that", "Adam Marlowe", NUMBER))


def _erase(desk: Desk, person: SubjectId) -> Request:
    """After her copy was let go of."""
    with desk.world.deed() as tx:
        actions.let_go(tx, desk.world.clock, actions.get(tx, requests.of_person(tx, [person])[0].id).id)
    erasure = desk.world.ask_for_erasure(person)
    desk.world.answer(erasure)
    while desk.away.round():
        pass
    return desk.world.request(erasure)


def _accept(desk: Desk, person: SubjectId) -> None:
    with desk.world.deed() as tx:
        for each in linking.page_of_links(tx, state=LinkState.DOUBTFUL, subject=person):
            joins.accept_link(tx, desk.world.vault, desk.world.clock, each.id, reason=LinkReason.SEEN_IN_SOURCE, by=DPO)


EVES_TICKET = (
    "Eve Marlowe rang about the storm damage at Deichweg 1, 25813 Husum. Call back under +45 32 12 34 77."
    f" Neighbour Fay Tumblewick ({BEN_EMAIL}) saw it."
)


def test_a_neighbour_whom_a_ticket_names_is_alone_known_by_their_address_and_gets_the_mention(desk: Desk, tmp_path: Path) -> None:
    """After somebody said whose the ticket is."""
    eve, fay, path = desk.away.customer(), desk.away.customer(ANOTHERS), tmp_path / "crm.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, customer_id TEXT, name TEXT, phone TEXT, email TEXT)")
        connection.execute("INSERT INTO customers VALUES (1, ?, 'Eve Marlowe', ?, 'eve@caller.example')", (NUMBER, EVE_TEL))
        connection.execute("INSERT INTO customers VALUES (2, ?, 'Fay Tumblewick', ?, ?)", (ANOTHERS, BEN_TEL, BEN_EMAIL))
        connection.execute("CREATE TABLE tickets (id INTEGER PRIMARY KEY, customer_id TEXT, body TEXT)")
        connection.execute("INSERT INTO tickets VALUES (1, ?, ?)", (NUMBER, EVES_TICKET))
    desk.away.scan(desk.away.register("crm", f"sqlite:///{path}", purpose=desk.world.scene.training.id))
    _accept(desk, eve)
    _alone_known_by(desk, fay, BEN_EMAIL)
    got = desk.got(desk.asked(of=fay))
    values = [each["in_package"]["value"] for each in got.things() if each["in_package"]["state"] == "given"]
    assert [values.count(each) for each in ("Fay Tumblewick", BEN_EMAIL)] == [2, 2]


@pytest.mark.parametrize("is_first", [True, False], ids=["the note is read first", "the other's row is read first"])
def test_an_address_in_a_note_stays_known_of_whose_it_is_alone(desk: Desk, tmp_path: Path, is_first: bool) -> None:
    """Nobody is asked about the note: its row says whose it is."""
    ada, ben, purpose = desk.away.customer(), desk.away.customer(ANOTHERS), desk.world.scene.training.id
    rows = {"ada": (NUMBER, None, f"ring {BEN_EMAIL} instead"), "ben": (ANOTHERS, BEN_EMAIL, None)}
    systems = []
    for name, row in rows.items():
        with sqlite3.connect(tmp_path / f"{name}.db") as connection:
            connection.execute("CREATE TABLE customers (customer_id TEXT PRIMARY KEY, email TEXT, note TEXT)")
            connection.execute("INSERT INTO customers VALUES (?, ?, ?)", row)
        systems.append(desk.away.register(name, f"sqlite:///{tmp_path / name}.db", purpose=purpose))
    for each in systems if is_first else reversed(systems):
        desk.away.scan(each)
    assert len(desk.away.held(ada)) == 2
    _alone_known_by(desk, ben, BEN_EMAIL)


def _alone_known_by(desk: Desk, person: SubjectId, address: str) -> None:
    """So that a code can go there."""
    given = Identifier(kind=IdentifierKind.EMAIL, value=Personal(address))
    with desk.world.deed() as tx:
        assert subjects.only_person(tx, desk.world.vault, given) == person
