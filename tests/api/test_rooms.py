"""People, purposes, trunks, the ledger and health through the API."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from rightcall.adapters.control.model import RecorderRole
from rightcall.adapters.control.registry import beat, leave
from rightcall.adapters.keys.file import KeyFile
from rightcall.adapters.restarts import Restart, write_restarts
from rightcall.controllers.actions import create
from rightcall.controllers.model import NewController
from rightcall.copies import actions as copies
from rightcall.copies.model import DrillId
from rightcall.errors import KeysGone
from rightcall.ids import RecorderId, SubjectId, new_id
from rightcall.ledger import actions as ledger
from rightcall.ledger.actions import Sequencer
from rightcall.ledger.checkpoint import key_of, open_checkpoint
from rightcall.ledger.tiles import tile_path
from rightcall.ledger.tree import leaf_hash
from rightcall.procedures import actions as procedures
from rightcall.procedures import store
from rightcall.procedures.model import Reason, Started, State
from rightcall.subjects import actions as subjects
from tests.api.conftest import ON_THIS_MACHINE, Clients
from tests.api.fakes import RealHouse
from tests.api.scene import NOTICE, PURPOSE, done, ring
from tests.cast import ADA_NAME, ADA_TEL, BEN_TEL


def test_a_number_written_five_ways_finds_one_person(house: RealHouse, clients: Clients) -> None:
    scene = ring(house, clients)
    done(scene.choose("granted"), 201)
    found = set()
    for query in (
        "tel=%2B45%2032%2012%2034%2056",
        "tel=+4532123456",
        "tel=0045-32123456&region=DK",
        "tel=32123456&region=DK",
        "tel=tel:%2B45-32-12-34-56",
    ):
        [person] = done(clients.agent.get(f"/api/v1/subjects?{query}"))["items"]
        found.add(person["id"])
    assert len(found) == 1
    path = f"/api/v1/subjects/{found.pop()}"
    unseen = done(clients.dpo.get(path))
    assert (unseen["shown"], unseen["name"], unseen["identifiers"]) == (False, None, [])
    person = done(clients.dpo.get(f"{path}?purpose=training&reason=choosing+an+example&case=T-1"))
    assert person["name"] == ADA_NAME
    assert {"kind": "tel", "value": ADA_TEL} in person["identifiers"]
    assert person["dark"] is None


def test_an_erased_person_is_dark_and_it_is_said_why(house: RealHouse, clients: Clients) -> None:
    ring(house, clients)
    [person] = done(clients.agent.get("/api/v1/subjects?tel=%2B4532123456"))["items"]
    subject = SubjectId(UUID(person["id"]))
    with house.database.transaction(clients.controller) as tx:
        subjects.forget_identifiers(tx, subject)
        house.vault.destroy_subject(tx, subject)
    erased = done(clients.dpo.get(f"/api/v1/subjects/{subject}"))
    assert (erased["name"], erased["identifiers"], erased["dark"]) == (None, [], "subject_erased")


def test_who_is_not_known_is_not_found_and_a_vague_query_is_a_mistake(house: RealHouse, clients: Clients) -> None:
    ring(house, clients)
    assert done(clients.agent.get(f"/api/v1/subjects?tel=%2B{BEN_TEL[1:]}"))["items"] == []
    for query in ("", "tel=1&email=a@b.example", "tel=32123456", "email=nobody", "tel="):
        problem = done(clients.agent.get(f"/api/v1/subjects?{query}"), 400)
        assert problem["type"] == "urn:rightcall:problem:malformed"


def test_a_controller_never_finds_the_people_of_another(house: RealHouse, clients: Clients, company: Any) -> None:
    ring(house, clients)
    other = _another(house)
    assert done(other.agent.get("/api/v1/subjects?tel=%2B4532123456"))["items"] == []
    assert done(other.agent.get("/api/v1/calls"))["items"] == []
    call = done(clients.agent.get("/api/v1/calls"))["items"][0]["id"]
    for place in ("", "/choices", "/verdicts"):
        assert other.agent.get(f"/api/v1/calls/{call}{place}").status_code == 404, place
    assert done(clients.agent.get("/api/v1/controllers"))["items"][0]["name"] == company.name


def _another(house: RealHouse) -> Clients:
    with house.database.system() as tx:
        made = create(tx, house.clock, NewController(name="Other", address="a", contact="c", jurisdictions=("EU",)))
    return Clients(house, made)


def test_the_register_is_kept_through_the_api(clients: Clients) -> None:
    purpose = done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)
    assert purpose["staff_basis"] == "legitimate_interests"
    assert clients.dpo.post("/api/v1/purposes", json=PURPOSE).status_code == 409
    first = done(clients.dpo.post(f"/api/v1/purposes/{purpose['id']}/notices", json=NOTICE), 201)
    second = done(clients.dpo.post(f"/api/v1/purposes/{purpose['id']}/notices", json=NOTICE | {"text": "Other words."}), 201)
    assert (first["version"], second["version"]) == (1, 2)
    listed = done(clients.agent.get(f"/api/v1/purposes/{purpose['id']}/notices"))["items"]
    assert [notice["version"] for notice in listed] == [2, 1]
    assert done(clients.agent.get(f"/api/v1/notices/{first['id']}"))["digest"] == first["digest"]
    ended = done(clients.dpo.post(f"/api/v1/purposes/{purpose['id']}/end"))
    assert ended["ended_at"]
    assert done(clients.agent.get("/api/v1/purposes?active=true"))["items"] == []
    assert [each["id"] for each in done(clients.agent.get("/api/v1/purposes"))["items"]] == [purpose["id"]]


@pytest.mark.parametrize(
    "wrong",
    [{"term_days": 0}, {"key": "Not A Key"}, {"lawful_basis": "because"}, {"data_categories": []}, {"justification": "\x00"}],
)
def test_a_purpose_that_is_not_whole_is_refused(clients: Clients, wrong: dict[str, Any]) -> None:
    answer = clients.dpo.post("/api/v1/purposes", json=PURPOSE | wrong)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ({"dpv_purpose": "dpv:Bananas"}, "dpv:PersonnelManagement"),
        ({"dpv_purpose": "dpv:ServiceMonitor"}, "dpv:ServiceMonitoring"),
        ({"data_categories": ["pd:VoiceMails"]}, "pd:VoiceMail"),
    ],
)
def test_a_term_that_dpv_does_not_have_is_refused_with_what_comes_near(
    clients: Clients, wrong: dict[str, Any], near: str
) -> None:
    answer = clients.dpo.post("/api/v1/purposes", json=PURPOSE | {"key": "of-no-sort"} | wrong)
    assert answer.status_code == 422
    assert near in answer.text


def test_a_trunk_comes_and_goes(clients: Clients) -> None:
    body = {"name": "SBC", "sources": ["198.51.100.7/32"], "called": uuid4().hex, "default_region": "DK", "language": "da"}
    trunk = done(clients.engineer.post("/api/v1/trunks", json=body), 201)
    assert done(clients.engineer.get(f"/api/v1/trunks/{trunk['id']}"))["sources"] == ["198.51.100.7/32"]
    assert clients.engineer.post("/api/v1/trunks", json=body).status_code == 409
    assert clients.engineer.request("DELETE", f"/api/v1/trunks/{trunk['id']}").status_code == 204
    assert done(clients.engineer.get("/api/v1/trunks"))["items"] == []


def test_anyone_can_read_the_ledger(house: RealHouse, clients: Clients) -> None:
    done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)
    Sequencer(house.database, house.signer, house.signer.name, house.clock).run_once()
    note = clients.stranger.get("/ledger/checkpoint").text
    size = open_checkpoint(note, key_of(house.signer), house.signer.name).head.size
    width = min(size, 256)
    hashes = clients.stranger.get(f"/ledger/{tile_path(0, 0, width)}")
    assert hashes.headers["content-type"] == "application/octet-stream"
    with house.database.system() as tx:
        assert b"".join(leaf_hash(each.leaf) for each in ledger.sequenced_after(tx, 0, width)) == hashes.content
    at = tile_path(0, 0, width).removeprefix("tile/0/")
    for whoever in (clients.stranger, clients.auditor):
        answer = whoever.get(f"/ledger/tile/entries/{at}")
        assert answer.status_code == 400, "what statements say, and when, is not for everyone"
    assert clients.stranger.get("/ledger/tile/0/x999/999").status_code == 404
    assert clients.stranger.get("/ledger/tile/0/../../etc").status_code in (400, 404)
    assert clients.stranger.get("/ledger/tile/nonsense").status_code == 400


def test_health_says_why_when_the_keys_or_the_objects_are_away(
    house: RealHouse, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = Started(id=f"packages:{new_id()}", controller=clients.controller, name="packages", about=str(new_id()))
    with house.database.system() as tx:
        store.begun(tx, started, "worker-of-a-test")
        store.stands(tx, started.id, State.WAITING, step="pack", trouble="ObjectsGone", seconds=60)

    def away(*_: object) -> bytes:
        raise KeysGone("The key file was there and is gone. Put it back.")

    try:
        assert any("object store" in each for each in done(clients.stranger.get("/health"), 503)["why"])
        monkeypatch.setattr(KeyFile, "unwrap", away)
        said = done(clients.stranger.get("/health"), 503)
        assert (said["keys"], said["why"][0]) == ("away", "The key file was there and is gone. Put it back.")
    finally:
        with house.database.system() as tx:
            store.stands(tx, started.id, State.DONE, step=None, trouble=None, seconds=None)
    assert not any("object store" in each for each in done(clients.stranger.get("/health"), 503)["why"])


def test_health_says_which_part_is_not_well(house: RealHouse, clients: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    away = done(clients.stranger.get("/health"), 503)
    assert (away["database"], away["keys"]) == ("well", "well")
    assert (away["recorder"], away["signalling"], away["worker"]) == ("away", "away", "away")
    recorder, signalling = RecorderId(new_id()), RecorderId(new_id())
    with house.database.system() as tx:
        beat(tx, recorder, RecorderRole.MEDIA, "127.0.0.1:1")
    try:
        deaf = done(clients.stranger.get("/health"), 503)
        assert (deaf["status"], deaf["recorder"], deaf["signalling"]) == ("away", "well", "away")
        assert 'rightcall_healthy{part="signalling"} 0.0' in clients.stranger.get("/metrics", headers=ON_THIS_MACHINE).text
        with house.database.system() as tx:
            beat(tx, signalling, RecorderRole.SIGNALLING, "127.0.0.1:2")
        idle = done(clients.stranger.get("/health"), 503)
        assert (idle["status"], idle["signalling"], idle["worker"], idle["workers"]) == ("away", "well", "away", 0)
        assert 'rightcall_healthy{part="worker"} 0.0' in clients.stranger.get("/metrics", headers=ON_THIS_MACHINE).text
        with house.database.system() as tx:
            procedures.beat(tx, "worker-of-a-test")
        well = done(clients.stranger.get("/health"))
        assert (well["status"], well["worker"], well["workers"]) == ("well", "well", 1)
        with house.database.system() as tx:
            procedures.escalate(tx, clients.controller, Reason.REQUEST_DUE, 2)
        degraded = done(clients.stranger.get("/health"))
        assert degraded["status"] == "degraded"
        assert [(each["reason"], each["number"]) for each in degraded["work"]["escalations"]] == [("request_due", 2)]
        assert done(clients.dpo.get("/api/v1/escalations"))["items"] == degraded["work"]["escalations"]
        assert any(each.startswith("2: Requests are near the end of their time") for each in degraded["why"])
        with house.database.system() as tx:
            procedures.escalate(tx, clients.controller, Reason.REQUEST_DUE, 0)
            copies.not_drilled(tx, house.clock)
        undrilled = done(clients.stranger.get("/health"))
        assert (undrilled["status"], undrilled["drill"]) == ("degraded", "unwell")
        assert undrilled["why"] == ["The drill could not be done, so nobody knows. The log says why."]
        with house.database.system() as tx:
            now, failed = house.clock.now(), copies.drills(tx)[0]
            copies.drilled(tx, house.clock, replace(failed, id=DrillId(new_id()), faults=()), of=now)
            copies.drilled(tx, house.clock, replace(failed, id=DrillId(new_id())), of=now - timedelta(days=30))
        assert done(clients.stranger.get("/health"))["status"] == "well", "an older one was drilled by hand"
        with house.database.system() as tx:
            for each in Reason:
                procedures.escalate(tx, clients.controller, each, 1)
        assert len(done(clients.stranger.get("/health"))["why"]) == len(Reason)
        with house.database.system() as tx:
            for each in Reason:
                procedures.escalate(tx, clients.controller, each, 0)

        def gone(*_: object) -> bytes:
            raise KeysGone("The key service is away.")

        monkeypatch.setattr(type(house.keys), "wrap", gone)
        assert done(clients.stranger.get("/health"), 503)["keys"] == "away"
    finally:
        with house.database.system() as tx:
            leave(tx, recorder)
            leave(tx, signalling)
            procedures.sign_off(tx, "worker-of-a-test")


def test_health_says_which_process_keeps_ending(house: RealHouse, clients: Clients) -> None:
    worker = Restart(process="worker", deaths=3, how="exit code 7", again_at=house.clock.now())
    write_restarts(house.settings.data, [worker])
    try:
        assert worker.says in clients.stranger.get("/health").json()["why"]
    finally:
        write_restarts(house.settings.data, [])
    assert worker.says not in clients.stranger.get("/health").json()["why"]


def test_health_answers_without_a_database(house: RealHouse, clients: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise psycopg.OperationalError("no server")

    monkeypatch.setattr(type(house.database._pool), "getconn", gone)
    said = done(clients.stranger.get("/health"), 503)
    assert (said["status"], said["database"]) == ("away", "away")


def test_the_figures_are_prometheus_text_without_ids(house: RealHouse, clients: Clients) -> None:
    scene = ring(house, clients)
    done(scene.choose("granted"), 201)
    text = clients.stranger.get("/metrics", headers=ON_THIS_MACHINE).text
    assert 'rightcall_choices_total{answer="granted"}' in text
    assert 'route="/api/v1/calls/{call}/choices"' in text
    assert scene.call not in text
    assert scene.ada not in text
