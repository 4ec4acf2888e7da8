"""What Ada gets: all that is held, with what it is for; her own words and nobody else's; and whatever is held, no more in memory
than a page of it."""

import sqlite3
import zipfile
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from rightcall.consent.model import Answer
from rightcall.design.tongues import Tongue
from rightcall.discovery.systems import actions as systems
from rightcall.ids import SubjectId
from rightcall.policy.loading import read_house
from rightcall.policy.reading import rule_set
from rightcall.policy.texts import Text
from rightcall.purposes import actions as purposes
from rightcall.purposes.translations import actions as translations
from rightcall.purposes.translations.model import NewTranslation
from rightcall.requests import going_without
from rightcall.requests.model import RequestKind, WithoutReason
from rightcall.requests.packages.model import State
from tests import vcon_schema
from tests.cast import ADA_NAME, ADA_TEL, AGENT_SIP
from tests.erasure.elsewhere.scene import NUMBER
from tests.purposes.finnish import TITLE, WHY
from tests.requests.packages.scene import DPO, Desk, Got

STAYS = """
@id("house.stays")
@value("a value")
@owner("dpo")
@in_force_from("2020-01-01")
@last_checked("2020-01-02")
@jurisdiction("*")
@says("It is kept in the house.")
@instead("Instead.")
forbid (principal, action == Action::"export", resource);
"""

CUSTOMERS_TEL = "+4532123465"
"""No caller's: else they might be one person, and a request waits for a word on that."""


@pytest.fixture
def customer(desk: Desk, tmp_path: Path) -> SubjectId:
    """Whoever has Ada's customer number, and a customer file with her in it."""
    customer = desk.away.customer()
    path = tmp_path / "crm.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, customer_id TEXT, phone TEXT, note TEXT)")
        connection.execute("INSERT INTO customers VALUES (1, ?, ?, 'likes tea')", (NUMBER, CUSTOMERS_TEL))
    desk.away.scan(desk.away.register("crm", f"sqlite:///{path}", erases=None, purpose=desk.world.scene.training.id))
    return customer


def test_a_call_goes_along_as_sound_and_as_a_vcon(desk: Desk) -> None:
    desk.world.recorded()
    got = desk.got(desk.asked())
    [sound] = got.ending(".wav")
    assert got.file.read(sound)[:4] == b"RIFF"
    [vcon] = got.ending(".vcon.json")
    document = got.json(vcon)
    vcon_schema.check(document)
    assert ADA_TEL in str(document["parties"])
    [recording] = [each for each in document["dialog"] if each["type"] == "recording"]
    assert recording["body"]
    assert recording["content_hash"].startswith("sha512-")


def test_a_purpose_is_said_in_the_language_of_the_copy_and_marked_where_it_is_not(desk: Desk) -> None:
    desk.world.recorded()
    training = desk.world.scene.training
    before = desk.got(desk.asked(language="fi")).text("things-0001.html")
    assert f'<span lang="en">{training.title}</span>' in before
    new = NewTranslation(purpose=training.id, language="fi", title=TITLE, justification=WHY)
    with desk.world.deed() as tx:
        translations.translate(tx, desk.world.clock, new, by=DPO)
    after = desk.got(desk.asked(language="fi"))
    for page in ("things-0001.html", "calls-0001.html"):
        assert TITLE in after.text(page)
        assert training.title not in after.text(page)
    [thing] = after.things()
    assert (thing["why"][0]["purpose"], thing["why"][0]["justification"]) == (TITLE, WHY)


@pytest.mark.parametrize("is_there", [True, False], ids=["cut off", "missing"])
def test_a_recording_that_is_damaged_is_told_and_holds_up_nothing_else(
    desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture, is_there: bool
) -> None:
    desk.world.recorded()
    objects = desk.world.objects
    for key in desk.world.stored():
        (tmp_path / "cut").write_bytes(objects.get_range(key, 0, 100))
        objects.delete(key)
        if is_there:
            objects.put_file(key, tmp_path / "cut")
    got = desk.got(desk.asked())
    states = [(each["in_package"]["state"], each["in_package"]["reason"]) for each in got.things()]
    assert ("withheld", "damaged") in states
    assert got.ending(".vcon.json")
    assert "damaged or missing" in caplog.text


def test_who_asks_during_a_call_is_told_that_it_is_recorded_still_and_has_it_afterwards(desk: Desk) -> None:
    desk.world.choose(Answer.GRANTED)
    assert desk.world.talk() == 10
    during = desk.got(desk.asked())
    [thing] = during.things()
    assert (thing["in_package"]["state"], thing["in_package"]["reason"]) == ("away", "still_recorded")
    assert during.json("calls-0001.json")[0]["ended_at"] is None
    assert during.ending(".wav") == []
    assert "still being recorded" in during.all_text()
    desk.world.hang_up()
    [sound] = desk.got(desk.asked(RequestKind.PORTABILITY)).ending(".wav")
    assert sound


def test_what_a_rule_forbids_is_told_in_its_words_and_never_by_its_id(desk: Desk) -> None:
    desk.world.recorded()
    tools = desk.world.scene.tools
    stays, findings = read_house([Text(file="stays.cedar", text=STAYS)])
    assert findings == []
    desk.world.scene.recorder.tools = replace(tools, rules=rule_set([*tools.rules.rules, *stays]))
    got = desk.got(desk.asked())
    [thing] = got.things()
    assert (thing["in_package"]["state"], got.ending(".wav")) == ("withheld", [])
    assert "A rule forbids it: It is kept in the house." in got.text("things-0001.html")
    assert "house.stays" not in got.text("things-0001.html")


def test_what_another_system_keeps_for_too_long_is_held_so_she_gets_it_and_is_told_so(desk: Desk, tmp_path: Path) -> None:
    """Its term is over and it lies there still: no key of ours is on it."""
    customer, path = desk.away.customer(), tmp_path / "crm.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, customer_id TEXT, email TEXT)")
        connection.execute("INSERT INTO customers VALUES (1, ?, 'ada@caller.example')", (NUMBER,))
    desk.away.scan(desk.away.register("crm", f"sqlite:///{path}", purpose=desk.world.scene.training.id))
    desk.world.clock.at += timedelta(days=400)
    got = desk.got(desk.asked(of=customer))
    assert [(each["in_package"]["state"], each["in_package"]["value"]) for each in got.things()] == [
        ("given", "ada@caller.example"),
        ("given", NUMBER),
    ]
    assert {each["why"][0]["ended"]["why"] for each in got.things()} == {"overdue"}
    page = unescape(got.text("things-0001.html"))
    assert "kept for longer than it should be: its time ended on" in page
    assert "key" not in page


def let_go(desk: Desk) -> None:
    world = desk.world
    with world.deed() as tx:
        for day in world.vault.terms_due(tx):
            world.vault.end_term(tx, *day)
    assert world.eraser.disposer.dispose(world.controller, world.holdings()) == 2


def told(got: Got) -> tuple[tuple[str, str | None], str, str]:
    [thing] = got.things()
    became = thing["in_package"]
    return (became["state"], became["reason"]), unescape(got.text("things-0001.html")), unescape(got.text("index.html"))


def test_what_ended_with_its_term_is_told_as_gone_and_not_as_held_and_forbidden(desk: Desk) -> None:
    desk.world.recorded()
    desk.world.clock.at += timedelta(days=400)
    dark, page, front = told(desk.got(desk.asked(language="da")))
    assert dark == ("dark", "term_over")
    assert "ligger endnu hos" in page
    let_go(desk)
    gone, page, front = told(desk.got(desk.asked(language="da")))
    assert gone == ("gone", "term_over")
    assert "Ingen steder mere: de forseglede bytes blev slettet den" in page
    assert "ophørt den " in page
    assert "En regel forbyder det" not in page
    assert "Der er 0 ting om dig. 0 af dem" in front
    assert "1 flere har vi haft om dig" in front


def test_what_ended_with_a_yes_says_so_and_when(desk: Desk) -> None:
    desk.world.recorded()
    desk.world.clock.at += timedelta(days=1)
    desk.world.choose(Answer.WITHDRAWN)
    desk.world.clock.at += timedelta(days=400)
    let_go(desk)
    gone, page, _ = told(desk.got(desk.asked(language="da")))
    assert gone == ("gone", "grant_destroyed")
    assert f"ophørt den {Tongue('da').day(desk.world.clock.at - timedelta(days=400))} " in page
    assert "da du tog dit ja tilbage" in page
    assert "tiden var gået" not in page


def test_others_are_told_by_their_role_alone(desk: Desk) -> None:
    desk.world.recorded()
    got = desk.got(desk.asked())
    [record] = got.json("calls-0001.json")
    assert record["not_handed_out"] == {"of_others_alone": 1, "several_speak": 0}
    assert AGENT_SIP not in got.all_text()
    assert str(desk.world.subject_of("p-seven")) not in got.all_text()


def test_each_thing_says_what_why_from_where_until_when_and_who_used_it(desk: Desk) -> None:
    desk.world.recorded()
    got = desk.got(desk.asked())
    [thing] = got.things()
    assert thing["kind"] == "stream"
    assert [each["purpose"] for each in thing["why"]] == ["We use calls for training"]
    assert thing["why"][0]["until"]
    assert thing["from"]["how"] == "siprec"
    assert thing["in_package"]["files"] == got.ending(".wav")
    assert [each["for"] for each in thing["used_by"]] == ["own_request"]
    assert thing["used_by"][0]["verdict"]["outcome"] == "proceed"
    page = got.text("things-0001.html")
    assert "<audio" in page
    assert "We use calls for training" in page
    assert "for your own request" in page, "and for no purpose of the company's"
    for reason in thing["used_by"][0]["verdict"]["reasons"]:
        assert f"Decided by: {reason['says']} ({reason['ground']})" in unescape(page)
    told = got.text("calls-0001.html")
    with desk.world.deed() as tx:
        [notice] = [each for each in purposes.notices(tx, desk.world.scene.training.id) if each.language == "en"][-1:]
    assert notice.text in unescape(told)
    assert "Decided by: " in told


def test_what_another_system_keeps_is_fetched_from_there(desk: Desk, customer: SubjectId) -> None:
    with desk.world.deed() as tx:
        systems.put_words(tx, desk.world.clock, systems.get(tx, "crm"), {"fr": "fichier clients"}, by=DPO)
    french = desk.got(desk.asked(of=customer, language="fr"))
    assert {each["where"]["system"] for each in french.things()} == {"fichier clients"}
    assert "dans le système «\u00a0fichier clients\u00a0»" in french.text("things-0001.html")
    got = desk.got(desk.asked(of=customer))
    assert {each["where"]["system"] for each in got.things()} == {"crm"}
    assert {each["in_package"]["value"] for each in got.things()} == {NUMBER, CUSTOMERS_TEL}
    assert all(each["in_package"]["state"] == "given" for each in got.things())


def test_what_its_system_does_not_hand_out_now_is_told(desk: Desk, customer: SubjectId) -> None:
    desk.away.before["crm"] = lambda source: setattr(source, "is_away", True)
    got = desk.got(desk.asked(of=customer))
    assert {(each["in_package"]["state"], each["in_package"]["reason"]) for each in got.things()} == {("away", "system_away")}


def test_a_copy_to_take_elsewhere_has_what_she_gave_and_not_who_read_it(desk: Desk) -> None:
    desk.world.recorded()
    got = desk.got(desk.asked(RequestKind.PORTABILITY))
    [thing] = got.things()
    assert "used_by" not in thing
    assert got.ending(".wav")
    assert "take with you" in got.text("index.html")


@pytest.mark.parametrize("language", ["da", "de", "en", "fr", "sv"])
def test_it_is_in_her_language(desk: Desk, language: str) -> None:
    desk.world.recorded()
    got = desk.got(desk.asked(language=language))
    assert all(f'<html lang="{language}">' in got.text(name) for name in got.ending(".html"))
    assert ADA_NAME in got.text("index.html")


def test_a_page_holds_so_much_and_no_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rightcall.requests.packages.procedure.THINGS", 1)
    desk.world.recorded()
    desk.join(desk.world.ada, desk.world.subject_of("p-seven"))
    got = desk.got(desk.asked())
    assert [each for each in got.names if each.startswith("things-") and each.endswith(".html")] == [
        "things-0001.html",
        "things-0002.html",
    ]
    assert [each["number"] for each in got.json("index.json")["pages"] if each["of"] == "things"] == [1, 2]


def test_a_person_of_whom_nothing_is_held_gets_a_package_all_the_same(desk: Desk) -> None:
    got = desk.got(desk.asked())
    assert got.json("index.json")["counts"] == {}
    assert {each["kind"] for each in got.json("index.json")["known_by"]} >= {"name", "tel"}


def test_records_of_which_nobody_knows_whose_they_are_are_told(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE buyers (id INTEGER PRIMARY KEY, phone TEXT, email TEXT, iban TEXT)")
        connection.execute("INSERT INTO buyers VALUES (1, ?, 'ada@caller.example', 'DK5000400440116243')", (ADA_TEL,))
    desk.away.scan(desk.away.register("shop", f"sqlite:///{path}", erases=None, purpose=desk.world.scene.training.id))
    request = desk.asked()
    with desk.world.database.transaction(desk.world.controller) as tx:
        going_without.go_on_without(tx, desk.world.clock, request.id, reason=WithoutReason.CANNOT_BE_TOLD, by=DPO)
    got = desk.got(request)
    assert got.json("index.json")["doubtful_records"] == 1
    assert "it is not known whose they are" in got.all_text()


def test_nothing_in_the_clear_lies_anywhere(desk: Desk, tmp_path: Path) -> None:
    desk.world.recorded()
    package = desk.make(desk.asked())
    assert package.state is State.READY
    assert not list(desk.spool.iterdir())
    stored = [path for path in (tmp_path / "objects").rglob("*") if path.is_file() and "packages" in path.parts]
    assert stored
    for path in stored:
        assert ADA_TEL.encode() not in path.read_bytes()
        assert not zipfile.is_zipfile(path)
