"""A CRM says what it keeps and where it took it down from; then the person's view, its provenance and the data map through the
API."""

import json
import logging
import re
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from prov.model import ProvDocument

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.discovery.ports import Ability
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import NewSystem, SystemName
from rightcall.holdings.map import actions as data_map
from rightcall.holdings.provenance import actions as provenance
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import FieldName, NewUse, UseAct
from rightcall.ids import SubjectId
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.subjects import actions as subjects
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import Scene, done, ring

ROW = "customer 4470112233"


class Crm:
    """Ada's call, of which a take is kept, and a CRM beside."""

    def __init__(self, house: RealHouse, clients: Clients) -> None:
        self.scene: Scene = ring(house, clients)
        self.clients = clients
        done(self.scene.choose("granted"), 201)
        self.scene.hear()
        self.scene.hang_up()
        parties, takes = self.scene.detail()["parties"], self.scene.detail()["takes"]
        self.ada = str(next(party["subject"] for party in parties if party["id"] == self.scene.ada))
        self.take = str(next(take["id"] for take in takes if take["party"] == self.scene.ada and take["packets"]))
        with house.database.transaction(self.scene.controller) as tx:
            new = NewSystem(name=SystemName(text="crm"), address=Personal("fake://crm"))
            systems.register(tx, house.vault, house.clock, new, abilities=frozenset({Ability.FIND}), by=SYSTEM)

    def entry(self, **more: Any) -> dict[str, Any]:
        told = {
            "subject": self.ada,
            "system": "crm",
            "category": "pd:TelephoneNumber",
            "came": "entry",
            "field": "phone",
            "row": ROW,
        }
        return told | {"call": self.scene.call, "heard": {"turn": 14, "from_ms": 192_000}} | more

    def write(self, **more: Any) -> str:
        return str(done(self.clients.agent.post("/api/v1/holdings", json=self.entry(**more)), 201)["id"])

    def view(self) -> dict[str, Any]:
        found = done(self.clients.dpo.get(f"/api/v1/subjects/{self.ada}/holdings"))
        return {each["id"]: each for each in found["items"]}


@pytest.fixture
def crm(house: RealHouse, clients: Clients) -> Crm:
    return Crm(house, clients)


def test_the_view_answers_what_and_where_from_for_each_thing(crm: Crm, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    number = crm.write(purposes=[{"purpose": "training"}], basis="contract")
    found = crm.view()
    ours, theirs = found[crm.take], found[number]
    assert (ours["category"], ours["place"]["system"]) == ("pd:VoiceCommunicationRecording", None)
    assert (theirs["category"], theirs["sensitivity"], theirs["readable"]) == ("pd:TelephoneNumber", "ordinary", True)
    assert (theirs["place"]["system_name"], theirs["place"]["field"]) == ("crm", "phone")
    assert (theirs["provenance"]["source"], theirs["provenance"]["actor"]["role"]) == ("entry", "agent")
    assert (theirs["call"], theirs["heard"]) == (crm.scene.call, {"turn": 14, "from_ms": 192_000, "until_ms": None})
    assert [(each["purpose_key"], each["last_day"]) for each in theirs["purposes"]] == [("training", None)]
    assert ROW not in caplog.text


WHY = {"purpose": "training", "reason": "preparing a coaching hour", "case": "T-1"}


def test_rows_and_names_of_objects_are_shown_for_a_purpose_and_each_look_is_in_the_log(crm: Crm) -> None:
    number = crm.write(purposes=[{"purpose": "training"}], basis="contract")
    of_ada, of_number = f"/api/v1/subjects/{crm.ada}/holdings", f"/api/v1/holdings/{number}"
    for place in (crm.view()[number]["place"], done(crm.clients.dpo.get(of_number))["place"]):
        assert (place["row"], place["shown"], place["dark"]) == (None, False, None)
    assert crm.view()[crm.take]["place"]["shown"], "of what is ours nothing is sealed"
    assert done(crm.clients.dpo.get(f"/api/v1/subjects/{crm.ada}/uses"))["items"] == []
    listed = done(crm.clients.dpo.get(of_ada, params=WHY))["items"]
    one = done(crm.clients.dpo.get(of_number, params=WHY))
    for place in (next(each["place"] for each in listed if each["id"] == number), one["place"]):
        assert (place["row"], place["shown"]) == (ROW, True)
    logged = done(crm.clients.dpo.get(f"/api/v1/subjects/{crm.ada}/uses"))["items"]
    assert [(each["act"], each["purpose_key"], each["fields"]) for each in logged] == [("read", "training", ["place"])] * 2
    refused = crm.clients.auditor.get(of_ada, params=WHY)
    assert refused.status_code == 403
    assert ROW not in refused.text
    unknown = crm.clients.dpo.get(of_ada, params={"purpose": "nothing-of-that-name"})
    assert unknown.status_code == 404


def test_of_a_joined_person_each_subject_is_asked_about_by_itself(crm: Crm) -> None:
    ours = crm.write(purposes=[{"purpose": "training"}], basis="contract")
    with crm.scene.house.database.transaction(crm.scene.controller) as tx:
        other = str(subjects.identify(tx, crm.scene.house.vault, crm.scene.house.clock, []))
    theirs = crm.write(subject=other, call=None, heard=None)
    join = {"into": crm.ada, "reason": "person_said_so"}
    done(crm.clients.dpo.post(f"/api/v1/subjects/{other}/join", json=join), 201)
    for asked in (crm.ada, other):
        listed = done(crm.clients.dpo.get(f"/api/v1/subjects/{asked}/holdings", params=WHY))["items"]
        rows = {each["id"]: (each["place"]["row"], each["place"]["shown"]) for each in listed}
        assert (rows[ours], rows[theirs]) == ((ROW, True), (None, False)), "nobody knows of a yes of the other"


def test_saying_it_again_with_its_own_id_changes_nothing(crm: Crm) -> None:
    id = str(uuid4())
    assert crm.write(id=id) == crm.write(id=id) == id
    assert len(crm.view()) == 2
    other = crm.clients.agent.post("/api/v1/holdings", json=crm.entry(id=id, category="pd:Name"))
    assert done(other, 409)["detail"].startswith("There is another holding")


def test_what_is_made_from_a_recording_asks_for_a_verdict(crm: Crm) -> None:
    part = {"holding": crm.take, "turn": 14, "from_ms": 192_000}
    refused = crm.clients.agent.post(
        "/api/v1/holdings", json=crm.entry(came="derived", derived_from=[part], purposes=[{"purpose": "training"}])
    )
    verdict = re.findall(r"Verdict (\S+) says", done(refused, 403)["detail"])[0]
    stored = done(crm.clients.dpo.get(f"/api/v1/verdicts/{verdict}"))
    assert (stored["holding"], stored["act"], stored["outcome"] in ("proceed", "proceed_with_duties")) == (
        crm.take,
        "transcribe",
        False,
    )
    assert len(crm.view()) == 1


def test_an_origin_that_fell_shows_on_all_that_came_from_it_until_it_holds_again(crm: Crm) -> None:
    dpo, number = crm.clients.dpo, crm.write()
    copy = crm.write(came="derived", derived_from=[{"holding": number}], field="export")
    assert done(dpo.post(f"/api/v1/holdings/{number}/falls", json={"reason": "wrong"}), 201)["items"][0]["reason"] == "wrong"
    assert crm.view()[copy]["tainted"] == [{"origin": number, "reason": "wrong"}]
    traced = done(dpo.get(f"/api/v1/holdings/{copy}/provenance?way=back"))
    assert {each["id"] for each in traced["items"]} == {number, copy}
    assert traced["derivations"] == [{"made": copy, "origin": number, "part": None}]
    assert "found wrong" in dpo.get(f"/api/v1/holdings/{copy}/provenance.svg").text
    assert done(dpo.post(f"/api/v1/holdings/{number}/falls/lift", json={"reason": "wrong"}))["items"] == []
    assert crm.view()[copy]["tainted"] == []
    done(dpo.post(f"/api/v1/holdings/{number}/falls/lift", json={"reason": "wrong"}), 404)


def test_where_something_came_from_can_be_told_later_and_never_in_a_circle(crm: Crm) -> None:
    form, number = crm.write(came="form"), crm.write()
    said = {"origins": [{"holding": form, "field": "phone"}]}
    told = crm.clients.agent.post(f"/api/v1/holdings/{number}/origins", json=said)
    assert (told.status_code, told.json()) == (201, [form])
    done(crm.clients.agent.post(f"/api/v1/holdings/{form}/origins", json={"origins": [{"holding": number}]}), 409)


def test_a_persons_and_a_systems_provenance_are_prov(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    number = crm.write()
    crm.write(came="derived", derived_from=[{"holding": number}], field="export")
    dpo = crm.clients.dpo
    for path in (f"subjects/{crm.ada}", "systems/crm"):
        told = done(dpo.get(f"/api/v1/{path}/provenance"))
        assert ROW not in json.dumps(told)
        assert ProvDocument.deserialize(content=json.dumps(told), format="json").get_records()
    assert f"id:holding-{number}" in done(dpo.get("/api/v1/systems/crm/provenance"))["entity"]
    assert done(dpo.get("/api/v1/systems/rightcall/provenance"))
    own = len(done(dpo.get(f"/api/v1/subjects/{crm.ada}/holdings"))["items"])
    monkeypatch.setattr(provenance, "page_of_person", partial(provenance.page_of_person, own=own - 1))
    cut = dpo.get(f"/api/v1/subjects/{crm.ada}/provenance")
    last = cut.json()["entity"]["id:excerpt"]["rc:next"]["$"].removeprefix("id:holding-")
    assert cut.headers["link"] == f'<?after={last}>; rel="next"'
    rest = dpo.get(f"/api/v1/subjects/{crm.ada}/provenance?after={last}")
    assert ("link" in rest.headers, "id:excerpt" in rest.json()["entity"]) == (False, False)
    assert dpo.get(f"/api/v1/subjects/{uuid4()}/provenance").status_code == 404
    page = dpo.get(f"/api/v1/subjects/{crm.ada}/provenance.html").text
    assert "turn 14, at 03:12" in page
    assert "typed in by an agent" in dpo.get(f"/api/v1/subjects/{crm.ada}/provenance.svg").text
    assert ROW not in page


def test_the_page_of_a_person_tells_who_looked_at_them(crm: Crm, house: RealHouse) -> None:
    crm.write()
    path = f"/api/v1/subjects/{crm.ada}/provenance.html"
    assert "Looked at" not in crm.clients.dpo.get(path).text
    with house.database.transaction(crm.scene.controller) as tx:
        care, ada = purposes.by_key(tx, "training").id, SubjectId(UUID(crm.ada))
        agents = [Actor(id=uuid4(), role=Role.AGENT) for _ in range(12)]
        place = (FieldName(text="place"),)
        looks = [
            NewUse(subject=ada, holding=None, purpose=care, by=each, act=UseAct.READ, verdict=None, fields=place)
            for each in agents
        ]
        uses.record(tx, house.clock, looks)
    page = crm.clients.dpo.get(path).text
    told = [page.count(f"by an agent {each.id} for training: where things lie") for each in agents]
    assert sorted(told) == [0, 0, *[1] * 10]
    assert "and 2 times before" in page


def test_the_data_map_tells_how_much_lies_where(crm: Crm) -> None:
    crm.write()
    cells = {(each["system_name"], each["category"]): each for each in done(crm.clients.engineer.get("/api/v1/map"))["cells"]}
    assert (cells["crm", "pd:TelephoneNumber"]["items"], cells["crm", "pd:TelephoneNumber"]["without_purpose"]) == (1, 1)
    assert cells[None, "pd:VoiceCommunicationRecording"]["items"] >= 1
    assert "telephone number" in crm.clients.engineer.get("/api/v1/map/page.html").text


def test_about_how_many_people_much_is_was_counted_and_the_map_says_when(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    crm.write()

    def told() -> tuple[str | None, set[int | None]]:
        shown = done(crm.clients.engineer.get("/api/v1/map"))
        return shown["people_counted_at"], {each["people"] for each in shown["cells"]}

    house = crm.scene.house
    at, people = told()
    assert at is not None
    assert people == {1, 2}
    monkeypatch.setattr(data_map, "AT_ONCE", 0)
    assert told() == (None, {None})
    assert "is about is not counted yet" in crm.clients.engineer.get("/api/v1/map/page.html").text
    with house.database.transaction(crm.scene.controller) as tx:
        data_map.count_people(tx, house.clock)
    assert told()[1] == people
    assert "was counted at" in crm.clients.engineer.get("/api/v1/map/page.html").text


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"category": "phone"}, "pd:TelephoneNumber"),
    ({"system": "nowhere"}, "no such system"),
    ({"at": "2999-01-01T00:00:00Z"}, "still to come"),
    ({"start": 4}, "both"),
    ({"came": "derived", "derived_from": []}, "made from"),
    ({"call": None}, "Name the call"),
]


def test_what_cannot_be_is_refused_with_what_to_do(crm: Crm) -> None:
    for wrong, says in WRONG:
        answer = crm.clients.agent.post("/api/v1/holdings", json=crm.entry(**wrong))
        assert answer.status_code in (400, 404)
        assert says in answer.json()["detail"]
