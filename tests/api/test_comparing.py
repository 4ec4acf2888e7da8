"""Whoever decides whose a record is sees its values beside those of the person: read where they lie, for a purpose, logged, and
kept nowhere."""

import logging
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from rightcall.adapters.systems.opening import open_system
from rightcall.discovery.model import SourceGone
from rightcall.discovery.ports import Ability, System
from rightcall.discovery.scans.procedure import Scanning
from rightcall.personal import Personal
from rightcall.recordings.beside import hinted
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import PURPOSE, done, review
from tests.cast import ADA_EMAIL, ADA_NAME, BEN_TEL, PLANTED_CARD
from tests.procedures.fakes import InlineSteps

CARE = PURPOSE | {"key": "care", "lawful_basis": "legitimate_interests", "dpv_purpose": "dpv:CustomerCare"}
WHY = "purpose=care&reason=whose+ticket+is+this&case=T-1"
CUSTOMERS = f"customer_no,full_name,phone,email\nKD-204711,{ADA_NAME},{BEN_TEL},{ADA_EMAIL}\n"
TICKETS = f"Full Name,phone,card\n{ADA_NAME},{BEN_TEL},{PLANTED_CARD}\n"


class Estate:
    """Two systems: one that serves care, and one that nobody has said a purpose of, where somebody's ticket waits."""

    def __init__(self, house: RealHouse, clients: Clients, folder: Path) -> None:
        self.house, self.clients, self.folder = house, clients, folder
        purpose = done(clients.dpo.post("/api/v1/purposes", json=CARE), 201)["id"]
        review(clients, "care")
        for name, text, uses in (("crm", CUSTOMERS, [{"purpose": purpose}]), ("tickets", TICKETS, [])):
            (folder / name).mkdir()
            (folder / name / f"{name}.csv").write_text(text)
            form = {
                "name": name,
                "address": str(folder / name),
                "regions": ["DK"],
                "uses": uses,
                "numbers": [{"name": "customer_id", "expression": "KD-[0-9]{6}"}],
            }
            done(clients.engineer.post("/api/v1/systems", json=form), 201)
            self.scan(name)

    def scan(self, name: str) -> str:
        house = self.house
        started = done(self.clients.dpo.post(f"/api/v1/systems/{name}/scans", json={}), 201)
        scanning = Scanning(database=house.database, vault=house.vault, clock=house.clock, open_system=open_system)
        scanning(InlineSteps(), str(self.clients.controller), started["id"])
        return str(started["id"])

    @property
    def link(self) -> dict[str, Any]:
        [link] = done(self.clients.dpo.get("/api/v1/links?state=doubtful"))["items"]
        return dict(link)

    def values(self, **more: str) -> dict[str, Any]:
        return done(self.compare(**more))

    def compare(self, **more: str) -> Any:
        query = "".join(f"&{name}={value}" for name, value in more.items())
        return self.clients.dpo.get(f"/api/v1/links/{self.link['id']}/values?{WHY}{query}")

    def uses(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = done(self.clients.dpo.get(f"/api/v1/subjects/{self.link['subject']}/uses"))["items"]
        return items


@pytest.fixture
def estate(house: RealHouse, clients: Clients, tmp_path: Path) -> Estate:
    return Estate(house, clients, tmp_path)


def told(shown: dict[str, Any]) -> dict[str, str | None]:
    return {each["type"]: each["value"] or each["not_shown"] for each in shown["values"]}


def test_both_are_shown_whole_to_whoever_asks_for_it(estate: Estate) -> None:
    found = estate.values(reveal="true")
    assert told(found["in_doubt"]) == {"person_name": ADA_NAME, "phone": BEN_TEL, "payment_card": "card_data"}
    [theirs] = found["theirs"]
    assert theirs["system_name"] == "crm"
    assert told(theirs) == {"customer_id": "KD-204711", "person_name": ADA_NAME, "phone": BEN_TEL, "email": ADA_EMAIL}
    assert PLANTED_CARD not in str(found)


def test_most_of_each_is_covered_unless_it_is_asked_for(estate: Estate) -> None:
    found = estate.values()
    assert found["revealed"] is False
    for value in (ADA_NAME, BEN_TEL, ADA_EMAIL, "KD-204711"):
        assert value not in str(found)
    assert told(found["in_doubt"])["person_name"] == "A▒▒ P▒▒▒▒▒▒-L▒▒▒▒▒▒▒"
    assert told(found["in_doubt"])["person_name"] == told(found["theirs"][0])["person_name"]


def test_each_look_is_a_use_with_its_fields(estate: Estate) -> None:
    before = len(estate.uses())
    estate.values()
    made = estate.uses()[: len(estate.uses()) - before]
    assert {(each["act"], each["purpose_key"], each["ground"], each["refused"]) for each in made} == {
        ("read", "care", "case", False)
    }
    in_doubt = [each for each in made if each["holding"] is None]
    assert [set(each["fields"]) for each in in_doubt] == [{"person_name", "phone"}], "a head is no name of a schema"
    assert all(each["system"] for each in made)
    assert {field for each in made for field in each["fields"]} == {"full_name", "person_name", "phone", "email", "customer_no"}


def test_where_the_verdict_is_no_nothing_is_read(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    object.__setattr__(estate.house, "open_system", refuse_to_open)
    answer = estate.clients.dpo.get(f"/api/v1/links/{estate.link['id']}/values?purpose=care")
    assert answer.status_code == 403
    assert answer.json()["verdict"]["reasons"]
    assert [each["refused"] for each in estate.uses()] == [True]
    assert estate.clients.auditor.get(f"/api/v1/links/{estate.link['id']}/values?{WHY}").status_code == 403


def refuse_to_open(_: object) -> System:
    raise AssertionError("nothing may be opened")


def test_a_system_that_is_away_is_said_and_the_others_are_shown(estate: Estate) -> None:
    (estate.folder / "crm").rename(estate.folder / "elsewhere")
    found = estate.values(reveal="true")
    assert told(found["in_doubt"])["person_name"] == ADA_NAME
    assert set(told(found["theirs"][0]).values()) == {"source_away"}


def test_one_that_goes_away_while_it_is_read_is_said_too(estate: Estate) -> None:
    class Goes:
        abilities = frozenset({Ability.EXPORT})
        asked = 0

        def export(self, _: object) -> bytes:
            self.asked += 1
            if self.asked > 1:
                raise SourceGone("It went.")
            return b"once"

        def close(self) -> None:
            pass

    object.__setattr__(estate.house, "open_system", lambda _, **__: Goes())
    assert list(told(estate.values(reveal="true")["in_doubt"]).values()).count("source_away") == 1


def test_one_that_cannot_hand_out_is_said(estate: Estate) -> None:
    class Closed:
        abilities = frozenset({Ability.FIND})

        def close(self) -> None:
            pass

    object.__setattr__(estate.house, "open_system", lambda _, **__: Closed())
    assert set(told(estate.values()["in_doubt"]).values()) == {"cannot_export", "card_data"}


def test_a_row_that_changed_and_a_system_that_was_retired_are_said(estate: Estate) -> None:
    (estate.folder / "tickets" / "tickets.csv").write_text("Full Name,phone,card\nSomebody Else,+4532999999,\n")
    assert set(told(estate.values()["in_doubt"]).values()) == {"not_there", "card_data"}
    link, subject = estate.link["id"], estate.link["subject"]
    done(estate.clients.engineer.post("/api/v1/systems/tickets/retire"))
    shown = done(estate.clients.dpo.get(f"/api/v1/links/{link}/values?{WHY}"))["in_doubt"]
    assert set(told(shown).values()) == {"retired", "card_data"}
    assert done(estate.clients.dpo.get(f"/api/v1/subjects/{subject}/uses"))["items"]


def test_what_is_held_says_in_which_record_it_was_found_and_what_says_whose_that_is(estate: Estate) -> None:
    dpo, link = estate.clients.dpo, estate.link
    [stands] = [each for each in done(dpo.get(f"/api/v1/links?subject={link['subject']}"))["items"] if each["state"] == "certain"]
    held = done(dpo.get(f"/api/v1/subjects/{link['subject']}/holdings"))["items"]
    assert {(each["record"], each["link"]) for each in held} == {(stands["record"], stands["id"])}


def test_what_is_decided_is_shown_no_more(estate: Estate) -> None:
    link = estate.link["id"]
    done(estate.clients.dpo.post(f"/api/v1/links/{link}/refuse", json={"reason": "same_name"}))
    assert estate.clients.dpo.get(f"/api/v1/links/{link}/values?{WHY}").status_code == 409
    assert estate.clients.dpo.get(f"/api/v1/links/{UUID(int=1)}/values?{WHY}").status_code == 404


def test_what_is_kept_for_another_purpose_is_not_shown_for_this_one(estate: Estate) -> None:
    done(estate.clients.dpo.post("/api/v1/purposes", json=CARE | {"key": "debts"}), 201)
    review(estate.clients, "debts")
    link = estate.link["id"]
    answer = estate.clients.dpo.get(f"/api/v1/links/{link}/values?{WHY.replace('care', 'debts')}")
    assert answer.status_code == 403, "nothing is known of until when it may be read for that"


def test_nothing_of_it_is_kept_or_logged(estate: Estate, caplog: pytest.LogCaptureFixture, api_database: Any) -> None:
    caplog.set_level(logging.DEBUG)
    assert ADA_NAME in str(estate.values(reveal="true"))
    for planted in (ADA_NAME, BEN_TEL, ADA_EMAIL, "KD-204711"):
        assert planted not in caplog.text
    with psycopg.connect(api_database.url) as connection:
        for table in ("holding_uses", "statements", "verdicts", "links", "findings", "known_clues"):
            rows = connection.execute(f"SELECT t::text FROM {table} t WHERE t::text ~ 'lovelace|Lovelace|32999999'").fetchall()  # noqa: S608
            assert rows == [], table


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Ada Lovelace", "A▒▒ L▒▒▒▒▒▒▒"),
        (BEN_TEL, "+▒▒▒▒▒▒▒▒▒▒" + BEN_TEL[-2:]),
        ("1985-12-10", "▒▒▒▒-▒▒-10"),
        ("747", "▒▒▒"),
        ("", ""),
    ],
)
def test_a_hint_tells_little(value: str, shown: str) -> None:
    assert hinted(Personal(value)) == shown


def test_those_are_shown_that_may_be_and_have_something_to_compare_by(estate: Estate) -> None:
    """Three newer records that are kept for another purpose do not hide the one that tells."""
    other = done(estate.clients.dpo.post("/api/v1/purposes", json=CARE | {"key": "billing"}), 201)["id"]
    rows = f"customer_no,full_name\nKD-204711,{ADA_NAME}\n"
    for nth in range(3):
        (estate.folder / f"bills{nth}").mkdir()
        (estate.folder / f"bills{nth}" / "bills.csv").write_text(rows)
        form = {
            "name": f"bills-{nth}",
            "address": str(estate.folder / f"bills{nth}"),
            "regions": ["DK"],
            "uses": [{"purpose": other}],
            "numbers": [{"name": "customer_id", "expression": "KD-[0-9]{6}"}],
        }
        done(estate.clients.engineer.post("/api/v1/systems", json=form), 201)
        estate.scan(f"bills-{nth}")
    found = estate.values(reveal="true")
    assert (len(found["theirs"]), found["left_out"]) == (3, 1)
    first = found["theirs"][0]
    assert first["system_name"] == "crm"
    assert told(first)["phone"] == BEN_TEL
