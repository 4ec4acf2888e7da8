"""What becomes of a linked record: in a real database that is scanned, changed, and scanned again."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from rightcall.adapters.systems.opening import open_system
from rightcall.breaches.weighing import actions as weighing
from rightcall.discovery.scans.procedure import Scanning
from rightcall.ids import BreachId
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import PURPOSE, done
from tests.cast import ADA_EMAIL, ADA_NAME, ADA_TEL
from tests.procedures.fakes import InlineSteps

CARE = PURPOSE | {"key": "care", "lawful_basis": "legitimate_interests", "dpv_purpose": "dpv:CustomerCare"}


class Crm:
    """One table of customers, whose first row is Ada's."""

    def __init__(self, house: RealHouse, clients: Clients, folder: Path) -> None:
        self.house, self.clients = house, clients
        self.source = sqlite3.connect(folder / "crm.db", isolation_level=None)
        self.source.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, email TEXT, phone TEXT, note TEXT)")
        self.put(1, ADA_NAME, ADA_EMAIL, ADA_TEL, "has asthma")
        purpose = done(clients.dpo.post("/api/v1/purposes", json=CARE), 201)["id"]
        form = {"name": "crm", "address": f"sqlite:///{folder}/crm.db", "regions": ["DK"], "uses": [{"purpose": purpose}]}
        self.system = done(clients.engineer.post("/api/v1/systems", json=form), 201)["id"]

    def put(self, *row: object) -> None:
        self.source.execute("INSERT OR REPLACE INTO customers (id, name, email, phone, note) VALUES (?, ?, ?, ?, ?)", row)

    def scan(self) -> None:
        house = self.house
        started = done(self.clients.dpo.post("/api/v1/systems/crm/scans", json={}), 201)
        scanning = Scanning(database=house.database, vault=house.vault, clock=house.clock, open_system=open_system)
        assert scanning(InlineSteps(), str(self.clients.controller), started["id"]) == "done"

    @property
    def links(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = done(self.clients.dpo.get("/api/v1/links"))["items"]
        return items

    def say(self, deed: str, link: str, reason: str = "seen_in_source") -> dict[str, Any]:
        return done(self.clients.dpo.post(f"/api/v1/links/{link}/{deed}", json={"reason": reason}))

    def held(self, subject: str) -> dict[str, Any]:
        return done(self.clients.dpo.get(f"/api/v1/subjects/{subject}/holdings"))

    def there(self, subject: str) -> set[str]:
        return {each["category"].partition(":")[2] for each in self.held(subject)["items"] if each["readable"]}

    def people_on_map(self) -> int:
        cells = done(self.clients.dpo.get("/api/v1/map"))["cells"]
        return max((cell["people"] for cell in cells if cell["system"] == self.system), default=0)


@pytest.fixture
def crm(house: RealHouse, clients: Clients, tmp_path: Path) -> Iterator[Crm]:
    made = Crm(house, clients, tmp_path)
    made.scan()
    yield made
    made.source.close()


def breach(crm: Crm) -> str:
    now = crm.house.clock.now()
    leak = {
        "system": "crm",
        "began_at": (now - timedelta(days=1)).isoformat(),
        "until": now.isoformat(),
        "known_at": now.isoformat(),
        "circumstances": {"nature": ["confidentiality"]},
    }
    id = done(crm.clients.dpo.post("/api/v1/breaches", json=leak), 201)["id"]
    with crm.house.database.transaction(crm.clients.controller) as tx:
        assert weighing.weigh_anew(tx, crm.house.vault, crm.house.clock, BreachId(UUID(id)))
    return f"/api/v1/breaches/{id}"


def test_what_is_undone_leaves_the_person_everywhere_at_once_and_comes_back_whole(crm: Crm) -> None:
    [link] = crm.links
    ada, leak = link["subject"], breach(crm)
    before = crm.there(ada)
    assert before >= {"Name", "EmailAddress", "TelephoneNumber", "Health"}
    assert "health" in crm.clients.dpo.get(f"{leak}/drafts/people/{ada}").text
    assert crm.people_on_map() == 1
    crm.say("undo", link["id"], "wrong_in_source")
    assert crm.held(ada)["items"] == []
    assert crm.held(ada)["doubtful_records"] == 1
    assert crm.people_on_map() == 0
    assert done(crm.clients.dpo.get(f"{leak}/people"))["items"] == []
    assert crm.clients.dpo.get(f"{leak}/drafts/people/{ada}").status_code == 404
    assert done(crm.clients.dpo.get(f"/api/v1/subjects/{ada}/provenance")).get("entity", {}) == {}
    crm.scan()
    assert [each["state"] for each in crm.links] == ["undone"], "nothing is linked by itself"
    crm.say("accept", link["id"])
    assert crm.there(ada) == before
    assert crm.people_on_map() == 1
    assert "health" in crm.clients.dpo.get(f"{leak}/drafts/people/{ada}").text
    [shown] = [done(crm.clients.dpo.get(f"/api/v1/links/{link['id']}"))]
    assert [(each["was"], each["now"], each["reason"]) for each in shown["history"]] == [
        ("certain", "undone", "wrong_in_source"),
        ("undone", "certain", "seen_in_source"),
    ]


def test_by_its_id_it_says_that_it_was_not_about_them(crm: Crm) -> None:
    [link] = crm.links
    held = crm.held(link["subject"])["items"][0]["id"]
    crm.say("undo", link["id"], "wrong_in_source")
    shown = done(crm.clients.dpo.get(f"/api/v1/holdings/{held}"))
    assert (shown["gone_at"], shown["readable"]) == (None, False)
    assert shown["unlinked_at"] is not None


CPR = "050985-1232"


def test_what_comes_later_in_a_linked_row_is_its_persons(crm: Crm) -> None:
    [link] = crm.links
    ada = link["subject"]
    crm.source.execute("UPDATE customers SET email = 'ada.new@caller.example'")
    crm.source.execute("ALTER TABLE customers ADD COLUMN cpr TEXT")
    crm.source.execute("UPDATE customers SET cpr = ?", (CPR,))
    crm.source.execute("ALTER TABLE customers RENAME COLUMN phone TO phone_number")
    crm.scan()
    assert [(each["id"], each["state"]) for each in crm.links] == [(link["id"], "certain")]
    assert crm.there(ada) >= {"Name", "EmailAddress", "TelephoneNumber", "Health", "OfficialID"}
    assert {each["nobodys"] for each in done(crm.clients.dpo.get("/api/v1/map"))["cells"]} == {0}
    found = {each["field"]: each for each in done(crm.clients.dpo.get(f"/api/v1/links/{link['id']}"))["findings"]}
    assert {field for field, each in found.items() if each["came_later"]} == {"email", "cpr", "phone_number"}
    assert all(each["is_theirs"] for each in found.values())
    assert {each["link"] for each in crm.held(ada)["items"] if each["readable"]} == {link["id"]}


def test_a_note_that_comes_later_is_its_persons_with_the_number_in_it(crm: Crm) -> None:
    [link] = crm.links
    crm.source.execute("UPDATE customers SET note = 'has diabetes, call +45 28 99 88 77'")
    crm.scan()
    of_note = [each for each in crm.held(link["subject"])["items"] if each["place"]["field"] == "note" and each["readable"]]
    assert {each["category"] for each in of_note} == {"pd:Health", "pd:TelephoneNumber"}


def test_a_key_that_somebody_else_is_entered_under_is_another_record(crm: Crm) -> None:
    [link] = crm.links
    ada = link["subject"]
    crm.put(1, "Greta Holm", "greta@caller.example", "+45 28 99 88 77", "has asthma")
    crm.scan()
    was, now = crm.links
    assert (was["id"], was["state"], was["reason"], was["decided_by"]["role"]) == (link["id"], "over", "says_otherwise", "system")
    assert (now["state"], now["record"]) == ("certain", was["record"])
    assert now["subject"] != ada
    assert crm.there(ada) == set(), "nor the asthma, which stands where hers did"
    assert crm.there(now["subject"]) >= {"Name", "EmailAddress", "TelephoneNumber", "Health"}
    crm.put(1, ADA_NAME, ADA_EMAIL, ADA_TEL, "has asthma")
    crm.scan()
    assert crm.there(now["subject"]) == set()
    assert crm.there(ada) >= {"Name", "EmailAddress", "TelephoneNumber", "Health"}


def test_where_a_person_had_made_the_link_a_person_is_asked(crm: Crm) -> None:
    [link] = crm.links
    crm.say("undo", link["id"])
    crm.say("accept", link["id"])
    crm.put(1, "Greta Holm", "greta@caller.example", "+45 28 99 88 77", "has asthma")
    crm.scan()
    assert [each["state"] for each in crm.links] == ["over", "doubtful"]
    assert crm.links[1]["subject"] == link["subject"]
    assert crm.there(link["subject"]) == set()
