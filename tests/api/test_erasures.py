"""Erasures through the API: what is open elsewhere, where it lies, who was told; for those with the right."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rightcall.activities.telling.procedure import Telling
from rightcall.actors import SYSTEM
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.scans.procedure import Scanning
from rightcall.discovery.systems import actions as systems
from rightcall.erasure.disposal import Disposer
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.letting_go import LettingGo
from rightcall.erasure.procedure import Eraser
from rightcall.evidence import actions as evidence
from rightcall.evidence import store as evidence_store
from rightcall.evidence.model import Grade
from rightcall.personal import Personal
from rightcall.requests import actions as requests
from rightcall.requests.model import RequestKind
from rightcall.requests.procedure import ErasureAnswer
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Identifier, IdentifierKind
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import PURPOSE, done
from tests.procedures.fakes import InlineSteps

NUMBER = "KD-204711"


@pytest.fixture
def share(tmp_path: Path) -> Path:
    share = tmp_path / "planted-share"
    share.mkdir()
    (share / "customers.csv").write_text(f"number,email\n{NUMBER},ada@caller.example\nKD-300000,ben@caller.example\n")
    (share / "note.txt").write_text(f"Customer {NUMBER} called.\n")
    return share


def eraser_of(house: RealHouse) -> Eraser:
    disposer = Disposer(database=house.database, vault=house.vault, objects=house.objects, clock=house.clock)
    tools = house.tools
    return Eraser(disposer=disposer, tools=tools, gates=house.gates, epoch_days=7)


def go_on(house: RealHouse, clients: Clients) -> None:
    """As the worker does."""
    with house.database.transaction(clients.controller) as tx:
        due = elsewhere.due(tx, house.clock.now(), 10)
    work = LettingGo(eraser=eraser_of(house), open_system=house.open_system, after=timedelta(days=3))
    for erasure, round in due:
        work(InlineSteps(), str(clients.controller), str(erasure), str(round))


def erased(house: RealHouse, clients: Clients, share: Path, **more: Any) -> str:
    """Ada is a customer whose rows lie in the share; she asked, and what we keep is gone."""
    done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)
    number = {"name": "customer_id", "expression": "KD-[0-9]{6}"}
    uses = [{"purpose": "training", "objects": "cust*"}]
    form = {"name": "share", "address": str(share), "numbers": [number], "uses": uses} | more
    done(clients.engineer.post("/api/v1/systems", json=form), 201)
    recipient = {"name": "Training House", "kind": "processor", "country": "DK", "purposes": ["training"]}
    done(clients.dpo.post("/api/v1/recipients", json=recipient), 201)
    with house.database.transaction(clients.controller) as tx:
        given = Identifier(kind=IdentifierKind.CUSTOMER_ID, value=Personal(NUMBER))
        ada = subjects.identify(tx, house.vault, house.clock, [given])
    started = done(clients.dpo.post("/api/v1/systems/share/scans", json={}), 201)
    scanning = Scanning(database=house.database, vault=house.vault, clock=house.clock, open_system=house.open_system)
    scanning(InlineSteps(), str(clients.controller), started["id"])
    with house.database.transaction(clients.controller) as tx:
        asked = requests.receive(tx, house.vault, house.clock, subject=ada, kind=RequestKind.ERASURE, by=SYSTEM)
    eraser = eraser_of(house)
    ErasureAnswer(eraser=eraser, open_system=house.open_system)(InlineSteps(), str(clients.controller), str(asked.id))
    Telling(eraser=eraser).plan(InlineSteps(), str(clients.controller), str(asked.id))
    return str(asked.id)


def test_what_is_open_is_seen_and_where_it_lies_is_shown_to_the_dpo_alone(
    house: RealHouse, clients: Clients, share: Path
) -> None:
    erasure = erased(house, clients, share, erases="parts")
    path = f"/api/v1/erasures/{erasure}"
    [errand] = done(clients.auditor.get(path))["elsewhere"]
    assert (errand["name"], errand["erasable"], errand["open"], errand["places"]) == ("share", True, 3, {"to_erase": 3})
    assert [each["id"] for each in done(clients.supervisor.get("/api/v1/erasures"))["items"]] == [erasure]
    go_on(house, clients)
    [errand] = done(clients.auditor.get(path))["elsewhere"]
    assert (errand["places"], errand["trouble"]) == ({"confirmed": 2, "refused": 1}, "refused")
    assert errand["escalated_at"] is not None
    assert NUMBER not in (share / "customers.csv").read_text()
    places = f"{path}/systems/share/places"
    assert clients.auditor.get(places).status_code == 403
    [place] = done(clients.dpo.get(places))["items"]
    assert (place["object"], place["state"]) == ("note.txt", "refused")
    (share / "note.txt").unlink()
    assert done(clients.dpo.post(f"{path}/systems/share/retry"))["open"] == 1
    go_on(house, clients)
    seen = done(clients.auditor.get(path))
    assert (seen["settled"], seen["elsewhere"][0]["places"]) == (True, {"confirmed": 3})
    assert clients.dpo.get(places).status_code == 409
    assert clients.dpo.post(f"{path}/systems/share/told").status_code == 409
    assert clients.dpo.get("/api/v1/erasures/01920000-0000-7000-8000-000000000000").status_code == 404


def is_held(clients: Clients, kind: str, value: str) -> bool:
    form = {"identifier": {"kind": kind, "value": value}, "shown_by": "vouched"}
    return bool(done(clients.dpo.post("/api/v1/attestations", json=form), 201)["is_held"])


def test_that_nothing_is_held_is_signed_only_once_the_erasure_is_settled(house: RealHouse, clients: Clients, share: Path) -> None:
    erasure = erased(house, clients, share, erases="parts")
    of = f"/api/v1/erasures/{erasure}"
    go_on(house, clients)
    for identifier in (("customer_id", NUMBER), ("email", "ada@caller.example")):
        assert is_held(clients, *identifier), "the note is not gone"
    assert not is_held(clients, "email", "nobody@caller.example")
    (share / "note.txt").unlink()
    done(clients.dpo.post(f"{of}/systems/share/retry"))
    go_on(house, clients)
    assert is_held(clients, "email", "ada@caller.example"), "a recipient is not told"
    [notice] = done(clients.auditor.get(of))["recipients"]
    done(clients.dpo.post(f"{of}/recipients/{notice['recipient']}/told"))
    Telling(eraser=eraser_of(house)).certify(InlineSteps(), str(clients.controller), erasure)
    assert done(clients.auditor.get(of))["certificate"] is not None
    for identifier in (("customer_id", NUMBER), ("email", "ada@caller.example")):
        assert not is_held(clients, *identifier)
    with house.database.transaction(clients.controller) as tx:
        tx.connection.execute(
            "INSERT INTO leaving_identifiers (controller, erasure, blind) VALUES (%s, %s, '')", (clients.controller, erasure)
        )
    form = {"identifier": {"kind": "email", "value": "nobody@caller.example"}, "shown_by": "vouched"}
    assert clients.dpo.post("/api/v1/attestations", json=form).status_code == 409, "an earlier version kept no blinds"


def test_records_of_which_nobody_knows_whose_they_are_are_told_in_letter_and_certificate(
    house: RealHouse, clients: Clients, tmp_path: Path
) -> None:
    """Only her number is known, and a number is a household's."""
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "buyers.csv").write_text("phone,email,iban\n+4532123456,ada@caller.example,DK5000400440116243\n")
    done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)
    uses = [{"purpose": "training", "objects": "*"}]
    done(clients.engineer.post("/api/v1/systems", json={"name": "shop", "address": str(shop), "uses": uses}), 201)
    with house.database.transaction(clients.controller) as tx:
        given = Identifier(kind=IdentifierKind.TEL, value=Personal("+4532123456"))
        ada = subjects.identify(tx, house.vault, house.clock, [given])
    started = done(clients.dpo.post("/api/v1/systems/shop/scans", json={}), 201)
    scanning = Scanning(database=house.database, vault=house.vault, clock=house.clock, open_system=house.open_system)
    scanning(InlineSteps(), str(clients.controller), started["id"])
    with house.database.transaction(clients.controller) as tx:
        asked = requests.receive(tx, house.vault, house.clock, subject=ada, kind=RequestKind.ERASURE, by=SYSTEM)
    erase = ErasureAnswer(eraser=eraser_of(house), open_system=house.open_system)
    erase(InlineSteps(), str(clients.controller), str(asked.id))
    assert done(clients.dpo.get(f"/api/v1/requests/{asked.id}"))["waits_for"] == ["doubtful_records"]
    gone_on = clients.dpo.post(f"/api/v1/requests/{asked.id}/go-on-without", json={"reason": "cannot_be_told"})
    assert (done(gone_on)["waits_for"], done(gone_on)["doubtful"], done(gone_on)["without"]) == ([], 1, 1)
    erase(InlineSteps(), str(clients.controller), str(asked.id))
    with house.database.transaction(clients.controller) as tx:
        [certificate] = evidence.certificates_of(tx, ada)
        issued = evidence_store.certificate(tx, certificate)
    assert issued is not None
    assert issued.grade is Grade.PARTIAL
    assert b'"rightcall:count":1,"rightcall:ground":"doubtful"' in issued.document
    letter = clients.dpo.get(f"/api/v1/requests/{asked.id}/letters/answer")
    assert "we do not know whose they are, so they are not part of this: 1." in letter.text
    assert is_held(clients, "tel", "+4532123456")


def test_a_record_that_waits_to_be_told_whose_it_is_is_held(house: RealHouse, clients: Clients, share: Path) -> None:
    """Nobody is known by what it tells."""
    erased(house, clients, share)
    with house.database.transaction(clients.controller) as tx:
        tx.connection.execute("DELETE FROM known_clues")
        found = subjects.find(tx, house.vault, Identifier(kind=IdentifierKind.EMAIL, value=Personal("ben@caller.example")))
    assert found == []
    assert is_held(clients, "email", "ben@caller.example")


def test_keepers_out_of_reach_are_told_and_the_certificate_says_when(house: RealHouse, clients: Clients, share: Path) -> None:
    erasure = erased(house, clients, share)
    path = f"/api/v1/erasures/{erasure}"
    seen = done(clients.auditor.get(path))
    assert (seen["settled"], seen["elsewhere"][0]["places"], seen["elsewhere"][0]["erasable"]) == (True, {"outside": 3}, False)
    assert {each["object"] for each in done(clients.dpo.get(f"{path}/systems/share/places"))["items"]} == {
        "customers.csv",
        "note.txt",
    }
    assert clients.supervisor.post(f"{path}/systems/share/told").status_code == 403
    told = done(clients.dpo.post(f"{path}/systems/share/told"))
    assert (told["told_at"], told["told_by"]["role"]) != (None, None)
    assert done(clients.auditor.get(path))["certificate"] is None
    go_on(house, clients)
    assert done(clients.auditor.get(path))["certificate"] is not None
    assert done(clients.dpo.post(f"{path}/systems/share/told"))["told_at"] == told["told_at"]
    assert clients.dpo.get(f"{path}/systems/share/places").status_code == 409
    assert NUMBER in (share / "customers.csv").read_text()
    assert is_held(clients, "customer_id", NUMBER), "it lies out of reach"


def test_whoever_was_erased_is_found_by_what_they_were_known_by_as_long_as_it_lies_elsewhere(
    house: RealHouse, clients: Clients, share: Path
) -> None:
    erasure = erased(house, clients, share)
    done(clients.dpo.post(f"/api/v1/erasures/{erasure}/systems/share/told"))
    started = done(clients.dpo.post("/api/v1/systems/share/scans", json={}), 201)
    scanning = Scanning(database=house.database, vault=house.vault, clock=house.clock, open_system=house.open_system)
    scanning(InlineSteps(), str(clients.controller), started["id"])
    for asked in ({"id": NUMBER}, {"email": "ada@caller.example"}):
        [found] = done(clients.supervisor.get("/api/v1/subjects", params=asked))["items"]
        assert found["erasure"] == erasure
    left = done(clients.dpo.get(f"/api/v1/subjects/{found['id']}/holdings"))["left"]
    assert (left["erasure"], [(each["system_name"], each["places"]) for each in left["there"]]) == (erasure, [("share", 3)])
    [ben] = done(clients.supervisor.get("/api/v1/subjects", params={"email": "ben@caller.example"}))["items"]
    assert ben["erasure"] is None
    with house.database.transaction(clients.controller) as tx:
        whose = findings.whose(tx, systems.get(tx, "share").id)
    assert (whose.findings, whose.mapped, whose.erased) == (5, 2, 3)
    (share / "note.txt").unlink()
    started = done(clients.dpo.post("/api/v1/systems/share/scans", json={}), 201)
    scanning(InlineSteps(), str(clients.controller), started["id"])
    again = done(clients.dpo.get(f"/api/v1/subjects/{found['id']}/holdings"))["left"]
    assert [each["places"] for each in again["there"]] == [2], "the keepers let go of the note"


def test_a_recipient_is_written_to_told_and_answers(house: RealHouse, clients: Clients, share: Path) -> None:
    erasure = erased(house, clients, share)
    path = f"/api/v1/erasures/{erasure}"
    [notice] = done(clients.auditor.get(path))["recipients"]
    assert (notice["name"], notice["told_at"], notice["answer"]) == ("Training House", None, None)
    of = f"{path}/recipients/{notice['recipient']}"
    assert clients.auditor.get(f"{of}/letter").status_code == 403
    letter = clients.dpo.get(f"{of}/letter")
    assert letter.headers["content-type"].startswith("text/plain")
    assert NUMBER in letter.text
    assert clients.dpo.post(f"{of}/answer", json={"answer": "let_go"}).status_code == 409
    assert done(clients.dpo.post(f"{of}/told"))["told_at"] is not None
    answered = done(clients.dpo.post(f"{of}/answer", json={"answer": "let_go"}))
    assert (answered["answer"], answered["answered_by"]["role"]) == ("let_go", "dpo")
    assert clients.dpo.get(f"{of}/letter").status_code == 409
    assert clients.dpo.post(f"{path}/recipients/01920000-0000-7000-8000-000000000000/told").status_code == 404
