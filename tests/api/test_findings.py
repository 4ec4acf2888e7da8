"""What a scan found of somebody is shown like what is held of them: where it lies for a purpose alone, and after their erasure to
nobody."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from rightcall.actors import Role
from rightcall.api.holdings import HeldShape
from rightcall.cli.telling import came, looked_at, summed_up, used
from rightcall.clock import day_of
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.systems import actions as systems
from rightcall.erasure import actions as erasures
from rightcall.holdings.uses.rules import one_by_one
from rightcall.ids import ErasureId, ObjectId, SubjectId, new_id
from rightcall.safety import store as weaknesses
from rightcall.safety.model import Observed, Spot, WeaknessKind
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import done
from tests.api.test_comparing import Estate
from tests.cast import ADA_EMAIL, ADA_NAME

WHY = "purpose=care&reason=answering+their+request&case=R-1"
FILE = "complaint of ada.txt"
TELLING = ("name", "row", "start", "end", "subject")


@pytest.fixture
def estate(house: RealHouse, clients: Clients, tmp_path: Path) -> Estate:
    estate = Estate(house, clients, tmp_path)
    (tmp_path / "crm" / FILE).write_text(f"{ADA_NAME}, {ADA_EMAIL}, KD-204711: she is diabetic.\n")
    (tmp_path / "crm" / "office.txt").write_text("The IP address of the printer is 203.0.113.7.\n")
    estate.scan("crm")
    return estate


def found(estate: Estate, query: str = "") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = done(estate.clients.auditor.get(f"/api/v1/systems/crm/findings?{query}"))["items"]
    return items


def of_somebody(estate: Estate) -> list[dict[str, Any]]:
    return [each for each in found(estate) if each["whose"] == "somebody"]


def ada(estate: Estate) -> str:
    return str(estate.link["subject"])


def erase(estate: Estate, subject: str) -> None:
    house, id = estate.house, ErasureId(new_id())
    with house.database.transaction(estate.clients.controller) as tx:
        erasures.begin(tx, house.clock, erasure=id, subject=SubjectId(UUID(subject)))
        erasures.destroy(tx, house.vault, house.clock, erasure=id)
        erasures.forget(tx, house.vault, house.clock, erasure=id)


def test_where_things_of_somebody_lie_and_whose_they_are_is_not_shown_without_a_purpose(estate: Estate) -> None:
    theirs = of_somebody(estate)
    assert {each["type"] for each in theirs} >= {"email", "customer_id"}
    assert {each[name] for each in theirs for name in TELLING} == {None}
    assert not any(each["shown"] for each in theirs)
    assert FILE not in str(found(estate))
    nobodys = [each for each in found(estate) if each["whose"] == "nobody"]
    assert [(each["name"], each["type"], each["shown"]) for each in nobodys] == [("office.txt", "ip_address", True)]


def test_prov_names_the_scan_that_the_list_names(estate: Estate) -> None:
    auditor = estate.clients.auditor
    held = done(auditor.get(f"/api/v1/subjects/{ada(estate)}/holdings"))["items"]
    told = done(auditor.get(f"/api/v1/subjects/{ada(estate)}/provenance"))
    by = {each["prov:entity"]: each["prov:activity"] for each in told["wasGeneratedBy"].values()}
    found = [each for each in held if each["scan"] is not None]
    assert found
    assert {by[f"id:holding-{each['id']}"] for each in found} == {f"id:scan-{each['scan']}" for each in found}


def test_a_file_is_called_by_its_name_where_many_are_in_it_and_never_where_nobody_is_known_to_be(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def names() -> set[str]:
        with estate.house.database.transaction(estate.clients.controller) as tx:
            most = findings.most_found(tx, estate.house.vault, systems.get(tx, "crm"), 10)
        assert len(most) > 1
        return {name for _, name, _ in most if name is not None}

    assert names() == set(), "one is about Ada; of the other it is not known whose it is"
    monkeypatch.setattr(findings, "_MANY", 1)
    assert FILE in names()
    assert "office.txt" not in names()


LONG = "She tells at length what went wrong with the bill.\n" * 60


def test_what_is_nobodys_in_a_file_about_somebody_does_not_name_it_either(estate: Estate) -> None:
    (estate.folder / "crm" / FILE).write_text(f"{ADA_NAME}, {ADA_EMAIL}, KD-204711\n{LONG}The IP address was 203.0.113.7.\n")
    estate.scan("crm")
    subject = ada(estate)
    beside = [each for each in found(estate) if each["whose"] == "nobody"]
    assert sorted((each["name"] or "", each["shown"]) for each in beside) == [("", False), ("office.txt", True)]
    assert FILE not in str(found(estate))
    shown = done(estate.clients.dpo.get(f"/api/v1/systems/crm/findings?{WHY}"))["items"]
    assert {each["name"] for each in shown if each["whose"] == "nobody"} == {FILE, "office.txt"}
    erase(estate, subject)
    assert FILE not in str(done(estate.clients.dpo.get(f"/api/v1/systems/crm/findings?{WHY}")))


def test_asked_for_one_person_it_wants_a_purpose_and_a_yes_and_is_logged(estate: Estate) -> None:
    subject, address = ada(estate), "/api/v1/systems/crm/findings"
    assert estate.clients.dpo.get(f"{address}?subject={subject}").status_code == 400
    refused = estate.clients.auditor.get(f"{address}?subject={subject}&{WHY}")
    assert (refused.status_code, subject in refused.text) == (403, False)
    assert refused.json()["verdict"]["reasons"]
    shown = done(estate.clients.dpo.get(f"{address}?subject={subject}&{WHY}"))["items"]
    assert {each["name"] for each in shown} == {"crm.csv", FILE}
    assert {each["subject"] for each in shown} == {subject}
    assert all(each["shown"] and each["end"] for each in shown)
    uses = done(estate.clients.dpo.get(f"/api/v1/subjects/{subject}/uses"))["items"]
    assert {(each["act"], each["refused"]) for each in uses} == {("read", True), ("read", False)}


def test_a_whole_system_is_read_for_a_purpose_with_a_verdict_on_each_person(estate: Estate) -> None:
    shown = done(estate.clients.dpo.get(f"/api/v1/systems/crm/findings?{WHY}"))["items"]
    assert {each["name"] for each in shown} == {"crm.csv", FILE, "office.txt"}
    assert len(estate.uses()) == 1
    assert {each["name"] for each in found(estate, WHY)} == {None, "office.txt"}, "an auditor may not"


def test_after_an_erasure_nobody_knows_whose_it_was_or_where_it_lies(estate: Estate) -> None:
    subject, before = ada(estate), of_somebody(estate)
    file = next(each["object"] for each in done(estate.clients.dpo.get(f"/api/v1/systems/crm/findings?{WHY}"))["items"])
    erase(estate, subject)
    for query in ("", "gone=true", WHY):
        after = [each for each in found(estate, query) if each["whose"] == "erased"]
        assert {each["id"] for each in after} == {each["id"] for each in before}, "that it lies there still is known"
        assert {each[name] for each in after for name in (*TELLING, "object", "record")} == {None}
        assert subject not in str(after)
        assert FILE not in str(found(estate, query))
    assert found(estate, f"object={file}") == []
    assert '"id"' not in estate.clients.dpo.get(f"/api/v1/systems/crm/findings?subject={subject}&{WHY}").text
    held = done(estate.clients.dpo.get(f"/api/v1/subjects/{subject}/holdings"))["items"]
    assert {each["place"]["object"] for each in held} == {None}
    with estate.house.database.transaction(estate.clients.controller) as tx:
        left = tx.connection.execute(
            "SELECT count(*) AS n FROM findings WHERE subject = %s OR (erased AND (sealed_spot IS NOT NULL OR clues <> '{}'))",
            (subject,),
        ).fetchone()
    assert left == {"n": 0}


def test_what_is_still_there_stays_dark_when_it_is_scanned_again_and_is_gone_when_it_is_gone(estate: Estate) -> None:
    subject = ada(estate)
    erase(estate, subject)
    for name in (FILE, "crm.csv"):
        path = estate.folder / "crm" / name
        path.write_text(path.read_text() + "\n")
    estate.scan("crm")
    again = found(estate)
    assert {each["whose"] for each in again} == {"erased", "nobody"}
    assert FILE not in str(again)
    assert {each["name"] for each in again if each["whose"] == "nobody"} == {"office.txt"}
    (estate.folder / "crm" / FILE).write_bytes(b"7z\xbc\xaf\x27\x1c and no more")
    scan = estate.scan("crm")
    [skipped] = done(estate.clients.dpo.get(f"/api/v1/scans/{scan}/skipped"))["items"]
    assert skipped["name"] is None
    (estate.folder / "crm" / FILE).unlink()
    (estate.folder / "crm" / "crm.csv").unlink()
    estate.scan("crm")
    assert {each["whose"] for each in found(estate)} == {"nobody"}
    held = done(estate.clients.dpo.get(f"/api/v1/subjects/{subject}/holdings"))["items"]
    assert {bool(each["gone_at"]) for each in held} == {True}


def test_who_looked_where_things_lie_is_told_of_the_person_and_with_each_thing(estate: Estate) -> None:
    subject = ada(estate)
    address = f"/api/v1/subjects/{subject}/holdings"
    before = HeldShape.model_validate(done(estate.clients.dpo.get(address)))
    assert (before.looks, {used(each, []) for each in before.items}) == ([], {"never used"})
    assert estate.clients.auditor.get(f"{address}?{WHY}").status_code == 403
    done(estate.clients.dpo.get(f"{address}?{WHY}"))
    held = HeldShape.model_validate(done(estate.clients.dpo.get(address)))
    assert [(each.purpose_key, each.by.role, each.refused) for each in held.looks] == [
        ("care", Role.DPO, False),
        ("care", Role.AUDITOR, True),
    ]
    assert {tuple(each.looks) for each in held.items} == {(held.looks[0].id,)}, "what was refused read nothing"
    assert {used(each, one_by_one(held.looks)) for each in held.items} == {"looked at once"}
    told = looked_at(held.looks)
    assert told[1].endswith("for care: where things lie")
    assert told[2].endswith("for care: where things lie, refused")
    twice = [held.looks[0].model_copy(update={"fields": ["tel"]}), *held.looks]
    assert [line.rpartition(": ")[2] for line in looked_at(twice)[1:]] == ["where things lie", "where things lie, refused"]
    assert {used(each, one_by_one(twice)) for each in held.items} == {"looked at once"}, "what was read at once is one look"


def test_of_what_lies_again_without_anybody_having_said_so_it_is_told_where(estate: Estate) -> None:
    view, house, office = f"/api/v1/subjects/{ada(estate)}/holdings", estate.house, ObjectId(new_id())
    place = HeldShape.model_validate(done(estate.clients.dpo.get(view))).items[0].place
    with house.database.transaction(estate.clients.controller) as tx:
        crm, at = systems.get(tx, "crm").id, house.clock.now()
        spot = Spot(object=ObjectId(UUID(str(place.object))), findings=3, again=office, again_in=crm)
        seen = Observed(kind=WeaknessKind.UNREGISTERED_COPIES, objects=1, evidence="Seen.", spots=(spot,))
        weaknesses.see(tx, crm, seen, at, day_of(at))
    held = HeldShape.model_validate(done(estate.clients.dpo.get(view)))
    told = {each.place.object == place.object: came(each).partition("; nearly all ")[2] for each in held.items}
    assert told == {True: f"that lies with it is in object {office} in crm too, which nobody registered as a copy", False: ""}
    with house.database.transaction(estate.clients.controller) as tx:
        weaknesses.mend(tx, crm, [])
    held = HeldShape.model_validate(done(estate.clients.dpo.get(view)))
    assert [each.again for each in held.items] == [[]] * len(held.items)


def test_of_each_thing_is_told_which_scan_saw_it_first_and_of_what_it_is_a_copy(estate: Estate) -> None:
    subject = ada(estate)
    done(
        estate.clients.dpo.post(
            "/api/v1/systems", json={"name": "store", "address": str(estate.folder / "crm"), "copy_of": ["crm"]}
        ),
        201,
    )
    done(estate.clients.dpo.post("/api/v1/systems/crm/check", json={"copy_of": ["store"]}))
    held = HeldShape.model_validate(done(estate.clients.dpo.get(f"/api/v1/subjects/{subject}/holdings")))
    scans = {UUID(each["id"]) for each in done(estate.clients.dpo.get("/api/v1/systems/crm/scans"))["items"]}
    assert held.items
    for each in held.items:
        assert each.scan in scans
        assert each.copy_of == ["store"]
        told = came(each)
        assert told.startswith("found by a scan of crm, first seen on ")
        assert told.endswith(f" by the scan {each.scan}; a copy of what is in store")
    first = summed_up(held.items, is_all_known=True)
    assert first[0] == f"{len(held.items)} things are held about this person:"
    assert first[1].startswith(f"  crm: {len(held.items)} (")
    assert " customer or case number" in first[1]
