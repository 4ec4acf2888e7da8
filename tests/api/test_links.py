"""Whose records are, through the API: shown in words, decided with a reason, undone; two subjects that are one person."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from rightcall.actors import SYSTEM
from rightcall.database.connection import Transaction
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.joins import actions as proposals
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import Tally
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.holdings.model import NewForeign, Provenance, Source
from rightcall.holdings.places import Place
from rightcall.ids import HoldingId, ObjectId, RequestId, SubjectId, SystemId, new_id
from rightcall.personal import Personal
from rightcall.requests import actions as requests
from rightcall.requests.going_without import Decided
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import done
from tests.cast import ADA_NAME, ADA_TEL, BEN_TEL
from tests.discovery.linking.scene import NAME, estate
from tests.procedures.fakes import InlineSteps


@pytest.fixture
def waiting(house: RealHouse, clients: Clients) -> dict[str, Any]:
    """A record that may be about a customer, or about their namesake."""

    def deed(tx: Transaction) -> None:
        crm = estate(tx, house.vault, house.clock)
        crm.record(("customer_id", "C-1"), (NAME, ADA_NAME), (Kind.PHONE, BEN_TEL))
        linking.link_next(tx, house.vault, house.clock, Tally())
        crm.record((NAME, ADA_NAME), (Kind.PHONE, BEN_TEL))
        linking.link_next(tx, house.vault, house.clock, Tally())

    house.database.run(clients.controller, deed)
    [link] = done(clients.dpo.get("/api/v1/links?state=doubtful"))["items"]
    return dict(link)


def test_a_link_says_what_speaks_for_it_and_shows_no_value(clients: Clients, waiting: dict[str, Any]) -> None:
    detail = done(clients.auditor.get(f"/api/v1/links/{waiting['id']}"))
    says = "the same telephone number: speaks for it, much, but people of one household share it, and nobody else here has it"
    assert says in detail["says"]
    assert {each["type"] for each in detail["findings"]} == {"person_name", "phone"}
    assert BEN_TEL not in str(detail)
    assert "ovelace" not in str(detail)


def test_the_person_that_it_may_be_about_is_shown_with_what_waits_and_what_was_never_scanned(
    clients: Clients, waiting: dict[str, Any]
) -> None:
    held = f"/api/v1/subjects/{waiting['subject']}/holdings"
    told = done(clients.dpo.get(held))
    assert told["doubtful_records"] == 1
    [unknown] = told["not_known"]
    assert (unknown["state"], unknown["on_no_map"], unknown["nobodys"]) == ("never_scanned", 5, 2)
    done(clients.dpo.post(f"/api/v1/links/{waiting['id']}/refuse", json={"reason": "same_name"}))
    assert done(clients.dpo.get(held))["doubtful_records"] == 0


@pytest.mark.parametrize(("deed", "kind"), [("refuse", "erasure"), ("accept", "access"), ("go-on-without", "portability")])
def test_a_request_waits_for_a_word_on_records_that_may_be_the_persons(
    house: RealHouse, clients: Clients, waiting: dict[str, Any], deed: str, kind: str
) -> None:
    """Nobody who has not shown who they are is told of them. The clock runs on."""
    unproved = done(clients.agent.post("/api/v1/requests", json={"subject": waiting["subject"], "kind": kind}), 201)
    assert unproved["waits_for"] == ["identity"]
    done(clients.dpo.post(f"/api/v1/requests/{unproved['id']}/deny", json={"ground": "identity_in_doubt"}))
    asked = done(clients.dpo.post("/api/v1/requests", json={"subject": waiting["subject"], "kind": kind}), 201)
    assert (asked["waits_for"], asked["doubtful"], asked["ready_at"]) == (["doubtful_records"], 1, None)
    assert asked["due_on"] == unproved["due_on"]
    path, reason = f"/api/v1/requests/{asked['id']}", {"reason": "time_is_short"}
    if deed == "go-on-without":
        assert clients.agent.post(f"{path}/{deed}", json=reason).status_code == 403
        done(clients.dpo.post(f"{path}/{deed}", json=reason))
        assert clients.dpo.post(f"{path}/{deed}", json=reason).status_code == 409
    else:
        done(clients.dpo.post(f"/api/v1/links/{waiting['id']}/{deed}", json={"reason": "person_said_so"}))
        Decided(database=house.database, vault=house.vault, clock=house.clock)(
            InlineSteps(), str(clients.controller), waiting["id"]
        )
    after = done(clients.dpo.get(path))
    assert (after["waits_for"], after["ready_at"] is not None) == ([], True)
    assert {"received", "proved", "ready"} <= {each["step"] for each in after["steps"]}
    assert (after["doubtful"], after["without"]) == ((1, 1) if deed == "go-on-without" else (0, 0))


def test_a_record_of_nobodys_that_names_the_person_waits_for_a_word_once_they_ask(house: RealHouse, clients: Clients) -> None:
    """Too little to link it by itself, and too much to pass over: it is asked of them, and of nobody whom it does not name."""

    def deed(tx: Transaction) -> tuple[SubjectId, SubjectId]:
        crm = estate(tx, house.vault, house.clock)
        crm.record((NAME, ADA_NAME))
        crm.record((NAME, "Somebody Else"))
        linking.link_next(tx, house.vault, house.clock, Tally())
        people = [(ADA_NAME, ADA_TEL), ("Ben Other", BEN_TEL)]
        ada, ben = (
            subjects.identify(
                tx, house.vault, house.clock, [normalise(IdentifierKind.TEL, Personal(tel), "DK")], name=Personal(name)
            )
            for name, tel in people
        )
        return ada, ben

    ada, ben = house.database.run(clients.controller, deed)
    assert done(clients.dpo.get("/api/v1/links?state=doubtful"))["items"] == []
    form = {"kind": "erasure"}
    assert done(clients.dpo.post("/api/v1/requests", json=form | {"subject": str(ben)}), 201)["doubtful"] == 0
    asked = done(clients.dpo.post("/api/v1/requests", json=form | {"subject": str(ada)}), 201)
    assert (asked["waits_for"], asked["doubtful"]) == (["doubtful_records"], 1)
    [link] = done(clients.dpo.get("/api/v1/links?state=doubtful"))["items"]
    assert link["subject"] == str(ada)
    done(clients.dpo.post(f"/api/v1/links/{link['id']}/refuse", json={"reason": "same_name"}))
    with house.database.transaction(clients.controller) as tx:
        requests.look_again(tx, house.vault, house.clock, RequestId(UUID(asked["id"])))
    assert done(clients.dpo.get(f"/api/v1/requests/{asked['id']}"))["ready_at"] is not None, "it is asked once"


def test_it_is_accepted_and_undone_with_a_reason(clients: Clients, waiting: dict[str, Any]) -> None:
    link = f"/api/v1/links/{waiting['id']}"
    assert clients.auditor.post(f"{link}/accept", json={"reason": "other"}).status_code == 403
    accepted = done(clients.supervisor.post(f"{link}/accept", json={"reason": "seen_in_source"}))
    assert (accepted["state"], accepted["reason"], accepted["decided_by"]["role"]) == ("certain", "seen_in_source", "supervisor")
    assert clients.dpo.post(f"{link}/refuse", json={"reason": "other"}).status_code == 409
    undone = done(clients.dpo.post(f"{link}/undo", json={"reason": "same_name"}))
    assert undone["state"] == "undone"
    of_subject = done(clients.dpo.get(f"/api/v1/links?subject={waiting['subject']}&limit=1"))
    assert of_subject["next"] == of_subject["items"][0]["id"]


def test_what_waits_is_told_by_person_and_decided_at_once(clients: Clients, waiting: dict[str, Any]) -> None:
    [person] = done(clients.auditor.get("/api/v1/links/waiting"))["items"]
    assert (person["subject"], person["records"]) == (waiting["subject"], 1)
    [sort] = person["sorts"]
    assert (sort["link"], sort["records"], sort["says"]) == (waiting["id"], 1, waiting["says"])
    path = f"/api/v1/links/{waiting['id']}"
    assert clients.auditor.post(f"{path}/accept-alike", json={"reason": "other"}).status_code == 403
    decided = done(clients.supervisor.post(f"{path}/accept-alike", json={"reason": "seen_in_source"}))
    assert decided == {"state": "certain", "links": [waiting["id"]]}
    assert done(clients.auditor.get("/api/v1/links/waiting"))["items"] == []
    assert clients.dpo.post(f"{path}/refuse-alike", json={"reason": "other"}).status_code == 409


def test_all_that_say_the_same_are_refused_at_once(clients: Clients, waiting: dict[str, Any]) -> None:
    refused = done(clients.dpo.post(f"/api/v1/links/{waiting['id']}/refuse-alike", json={"reason": "same_name"}))
    assert refused == {"state": "refused", "links": [waiting["id"]]}


def test_a_refused_link_waits_no_more(clients: Clients, waiting: dict[str, Any]) -> None:
    done(clients.dpo.post(f"/api/v1/links/{waiting['id']}/refuse", json={"reason": "same_name"}))
    assert done(clients.dpo.get("/api/v1/links?state=doubtful"))["items"] == []


def test_a_joined_person_is_shown_whole_whichever_subject_is_asked_for(house: RealHouse, clients: Clients) -> None:
    vault, clock = house.vault, house.clock

    def deed(tx: Transaction) -> tuple[SubjectId, SubjectId]:
        made = [subjects.identify(tx, vault, clock, []) for _ in range(2)]
        for nth in range(7):
            new = NewForeign(
                id=HoldingId(new_id()),
                subject=made[nth % 2],
                category=Category.TELEPHONE_NUMBER,
                place=Place(system=SystemId(new_id()), object=ObjectId(new_id()), field="phone", row=Personal("row 7")),
                provenance=Provenance(source=Source.SCAN, actor=SYSTEM, at=clock.now(), basis=None),
            )
            holdings.register(tx, vault, clock, [new])
        return made[0], made[1]

    one, two = house.database.run(clients.controller, deed)
    alone = held(clients, one)
    assert {each["subject"] for each in alone["items"]} == {str(one)}
    assert alone["subjects"] == [str(one)]
    join = {"into": str(one), "reason": "person_said_so"}
    made = done(clients.dpo.post(f"/api/v1/subjects/{two}/join", json=join), 201)
    whole = held(clients, two)
    assert whole["subjects"] == [str(one), str(two)]
    assert held(clients, one) == whole
    assert [each["subject"] for each in whole["items"]] == [str((one, two)[nth % 2]) for nth in reversed(range(7))]
    assert not any(each["place"]["shown"] for each in whole["items"])
    first = held(clients, two, "?limit=4")
    assert first["items"] + held(clients, two, f"?limit=4&after={first['next']}")["items"] == whole["items"]
    prov = done(clients.dpo.get(f"/api/v1/subjects/{two}/provenance"))
    assert {each["id"] for each in whole["items"]} <= ids(prov)
    done(clients.dpo.post(f"/api/v1/joins/{made['id']}/undo"))
    assert held(clients, one) == alone


def ids(prov: dict[str, Any]) -> set[str]:
    return {name[-36:] for name in prov["entity"]}


def held(clients: Clients, subject: SubjectId, query: str = "") -> dict[str, Any]:
    return done(clients.dpo.get(f"/api/v1/subjects/{subject}/holdings{query}"))


def test_two_subjects_are_joined_and_two_again(house: RealHouse, clients: Clients, waiting: dict[str, Any]) -> None:
    def deed(tx: Transaction) -> None:
        estate(tx, house.vault, house.clock).record(("customer_id", "C-2"), (NAME, "Ada Jensen"))
        linking.link_next(tx, house.vault, house.clock, Tally())

    house.database.run(clients.controller, deed)
    one = waiting["subject"]
    [other] = [each["id"] for each in done(clients.dpo.get("/api/v1/subjects?id=C-2"))["items"]]
    join = {"into": one, "reason": "person_said_so"}
    assert clients.supervisor.post(f"/api/v1/subjects/{other}/join", json=join).status_code == 403
    made = done(clients.dpo.post(f"/api/v1/subjects/{other}/join", json=join), 201)
    assert clients.dpo.get(f"/api/v1/subjects/{uuid4()}/person").status_code == 404
    person = done(clients.dpo.get(f"/api/v1/subjects/{other}/person"))
    assert (person["subjects"], [each["id"] for each in person["joins"]]) == ([one, other], [made["id"]])
    assert clients.dpo.post(f"/api/v1/subjects/{other}/join", json=join).status_code == 409
    wish = done(clients.dpo.post("/api/v1/requests", json={"subject": other, "kind": "restriction", "proof": "vouched"}), 201)
    assert done(clients.dpo.post(f"/api/v1/joins/{made['id']}/undo"))["undone_at"] is not None
    assert done(clients.dpo.get(f"/api/v1/subjects/{other}/person"))["subjects"] == [other]
    [own], [left] = (done(clients.auditor.get(f"/api/v1/subjects/{each}/wishes"))["items"] for each in (other, one))
    assert (own["carried"], own["requests"]) == (False, [wish["id"]])
    assert (left["carried"], left["came_by"], left["asked_there"]) == (True, [made["id"]], [wish["id"]])
    lift, reason = "wishes/restricted/lift", {"reason": "other_asked"}
    assert clients.dpo.post(f"/api/v1/subjects/{other}/{lift}", json=reason).status_code == 409
    assert done(clients.dpo.post(f"/api/v1/subjects/{one}/{lift}", json=reason))["items"] == []
    assert len(done(clients.auditor.get(f"/api/v1/subjects/{other}/wishes"))["items"]) == 1


def test_who_may_be_one_person_waits_for_the_dpo(house: RealHouse, clients: Clients) -> None:
    def deed(tx: Transaction) -> None:
        crm = estate(tx, house.vault, house.clock)
        for number in ("C-1", "C-2"):
            crm.record(("customer_id", number), (NAME, ADA_NAME), (Kind.DATE_OF_BIRTH, "1985-12-10"), (Kind.PHONE, BEN_TEL))
        linking.link_next(tx, house.vault, house.clock, Tally())
        proposals.propose_next(tx, house.vault, house.clock)

    house.database.run(clients.controller, deed)
    [found] = done(clients.auditor.get("/api/v1/join-proposals?state=waiting"))["items"]
    assert any("the same day of birth" in each for each in found["says"])
    assert BEN_TEL not in str(found)
    path = f"/api/v1/join-proposals/{found['id']}"
    assert clients.supervisor.post(f"{path}/accept", json={}).status_code == 403
    accepted = done(clients.dpo.post(f"{path}/accept", json={}))
    assert (accepted["state"], accepted["reason"]) == ("accepted", "links_agree")
    assert done(clients.dpo.get(f"/api/v1/subjects/{found['other']}/person"))["subjects"] == [found["subject"], found["other"]]
    assert clients.dpo.post(f"{path}/refuse", json={"reason": "same_name"}).status_code == 409
    done(clients.dpo.post(f"/api/v1/joins/{accepted['join']}/undo"))
    assert done(clients.dpo.get(path))["join"] == accepted["join"]
