"""Two people who share a number, told apart through the API: calls, choices, evidence and keys go with the person."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
import pytest

from rightcall.actors import PartyRole
from rightcall.calls import actions as calls
from rightcall.consent import actions as consent
from rightcall.erasure import actions as erasures
from rightcall.evidence.model import Verified
from rightcall.evidence.verify import verify
from rightcall.ids import ErasureId, RecorderId, SubjectId, new_id
from rightcall.ledger.checkpoint import key_of
from rightcall.ledger.codec import read_leaf
from rightcall.personal import Personal
from rightcall.recordings import actions as recordings
from rightcall.recordings.model import Arrival, ArrivingParty, ArrivingStream
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import PCMU, Scene, done, ring, signing
from tests.cast import ADA_TEL
from tests.standing import SetClock

NUMBER = {"kind": "tel", "value": ADA_TEL}


@pytest.fixture
def scene(house: RealHouse, clients: Clients) -> Scene:
    return ring(house, clients)


def calls_again(scene: Scene) -> Scene:
    """Another call from the number, by whoever holds the handset."""
    house = scene.house
    tools = house.tools
    with house.database.transaction(scene.controller) as tx:
        [trunk] = calls.trunks(tx)
        caller = ArrivingParty(ref="ada", aor=Personal(f"sip:{ADA_TEL[1:]}@carrier.example"), name=None, role=PartyRole.CUSTOMER)
        arrival = Arrival(
            trunk=trunk,
            group=None,
            session=new_id().hex,
            parties=(caller,),
            streams=(ArrivingStream(label="1", party_ref="ada", codecs=(PCMU,)),),
        )
        arrived = recordings.arrive(tx, tools, arrival, recorder=RecorderId(new_id()))
        house.gates.recorder.settle(tx, arrived.session.call)
    return replace(scene, call=str(arrived.session.call), ada=str(arrived.by_ref["ada"]), stream=arrived.by_label["1"])


def keep(scene: Scene) -> tuple[str, str]:
    """Say yes, speak, hang up: the choice and the take."""
    choice = done(scene.choose("granted"), 201)["id"]
    assert scene.hear()
    scene.hang_up()
    [take] = [take["id"] for take in scene.detail()["takes"] if take["party"] == scene.ada]
    return choice, take


def who(scene: Scene) -> str:
    return str(next(party["subject"] for party in scene.detail()["parties"] if party["id"] == scene.ada))


def split(scene: Scene, subject: str, *calls: str, status: int = 201) -> dict[str, Any]:
    form = {"shared": [NUMBER], "calls": list(calls)}
    return done(scene.clients.dpo.post(f"/api/v1/subjects/{subject}/split", json=form), status)


def erase(scene: Scene, subject: str) -> None:
    house, erasure = scene.house, ErasureId(new_id())
    with house.database.transaction(scene.controller) as tx:
        erasures.begin(tx, house.clock, erasure=erasure, subject=SubjectId(UUID(subject)))
        erasures.destroy(tx, house.vault, house.clock, erasure=erasure)


def held_of(scene: Scene, subject: str) -> list[str]:
    found = done(scene.clients.dpo.get(f"/api/v1/subjects/{subject}/holdings"))
    return [each["id"] for each in found["items"]]


def calls_of(scene: Scene, subject: str) -> list[str]:
    return [each["id"] for each in done(scene.clients.dpo.get(f"/api/v1/calls?subject={subject}"))["items"]]


def played(scene: Scene, take: str) -> int:
    address = f"/api/v1/takes/{take}/audio?purpose=training&reason=coaching+an+agent&case=T-1"
    return int(scene.clients.supervisor.get(address).status_code)


def evidence(scene: Scene, choice: str) -> int:
    return int(scene.clients.dpo.get(f"/api/v1/choices/{choice}/evidence").status_code)


def said(scene: Scene, kind: str) -> list[dict[str, Any]]:
    with scene.house.database.transaction(scene.controller) as tx:
        rows = tx.connection.execute("SELECT leaf FROM statements WHERE kind = %s", (kind,)).fetchall()
    return [dict(read_leaf(row["leaf"])) for row in rows]


@pytest.fixture
def couple(scene: Scene) -> tuple[Scene, Scene, dict[str, tuple[str, str]]]:
    """Ada's call, then Ben's from the same number: one person, as far as anyone knows."""
    kept = {"ada": keep(scene)}
    ben = calls_again(scene)
    kept["ben"] = keep(ben)
    assert who(scene) == who(ben)
    return scene, ben, kept


def test_after_a_split_each_has_their_own_and_either_can_be_erased(
    couple: tuple[Scene, Scene, dict[str, tuple[str, str]]],
) -> None:
    scene, bens, kept = couple
    ada = who(scene)
    ben = split(scene, ada, bens.call)["id"]
    assert (who(scene), who(bens)) == (ada, ben)
    assert (calls_of(scene, ada), calls_of(scene, ben)) == ([scene.call], [bens.call])
    assert kept["ben"][1] in held_of(scene, ben)
    assert kept["ben"][1] not in held_of(scene, ada)
    assert kept["ada"][1] in held_of(scene, ada)
    with scene.house.database.transaction(scene.controller) as tx:
        made = [str(each.id) for each in consent.choices_of_subject(tx, SubjectId(UUID(ben)))]
    assert made == [kept["ben"][0]]
    erase(scene, ada)
    assert (played(scene, kept["ada"][1]), played(scene, kept["ben"][1])) == (410, 200)
    assert (evidence(scene, kept["ada"][0]), evidence(scene, kept["ben"][0])) == (410, 200)
    erase(scene, ben)
    assert played(scene, kept["ben"][1]) == 410
    assert evidence(scene, kept["ben"][0]) == 410


def test_erasing_the_second_leaves_the_first(couple: tuple[Scene, Scene, dict[str, tuple[str, str]]]) -> None:
    scene, bens, kept = couple
    ben = split(scene, who(scene), bens.call)["id"]
    scene.house.vault.rotate(scene.house.database)
    assert (played(scene, kept["ada"][1]), played(scene, kept["ben"][1])) == (200, 200)
    erase(scene, ben)
    assert (played(scene, kept["ada"][1]), played(scene, kept["ben"][1])) == (200, 410)
    assert (evidence(scene, kept["ada"][0]), evidence(scene, kept["ben"][0])) == (200, 410)


def test_the_second_still_proves_and_withdraws_their_yes(
    couple: tuple[Scene, Scene, dict[str, tuple[str, str]]], set_clock: SetClock
) -> None:
    scene, bens, kept = couple
    ada = who(scene)
    split(scene, ada, bens.call)
    erase(scene, ada)
    choice = kept["ben"][0]
    with signing(scene.house, set_clock):
        receipt = scene.clients.dpo.get(f"/api/v1/receipts/{choice}")
    assert receipt.status_code == 200
    shown = scene.clients.dpo.get(f"/api/v1/choices/{choice}/evidence").content
    key = key_of(scene.house.signer).text
    assert isinstance(verify(receipt.content, key=key, evidence=shown), Verified)
    done(bens.choose("withdrawn", evidence=None), 201)
    assert played(scene, kept["ben"][1]) == 403
    with scene.house.database.transaction(scene.controller) as tx:
        [grant] = tx.connection.execute("SELECT wrapped FROM grant_keys WHERE party = %s", (bens.ada,)).fetchall()
    assert grant["wrapped"] is None


def test_the_past_stays_as_it_was_written(couple: tuple[Scene, Scene, dict[str, tuple[str, str]]]) -> None:
    scene, bens, _ = couple
    ada = who(scene)
    ben = split(scene, ada, bens.call)["id"]
    with scene.house.database.transaction(scene.controller) as tx:
        rows = tx.connection.execute("SELECT subject FROM choices WHERE call = %s", (bens.call,)).fetchall()
        changes = tx.connection.execute("SELECT was, subject, party FROM attributions").fetchall()
    assert {str(row["subject"]) for row in rows} == {ada}
    assert [(str(row["was"]), str(row["subject"]), str(row["party"])) for row in changes] == [(ada, ben, bens.ada)]
    [statement] = said(scene, "recordings.party_attributed")
    assert (statement["party"], statement["grants"], statement["choices"]) == (bens.ada, 1, 1)
    assert ada not in str(statement)
    assert ben not in str(statement)


def test_nothing_changes_hands_but_by_an_attribution(couple: tuple[Scene, Scene, dict[str, tuple[str, str]]]) -> None:
    scene, bens, _ = couple
    ada = who(scene)
    ben = split(scene, ada, bens.call)["id"]
    for change in (
        "UPDATE parties SET subject = %s WHERE call = %s AND subject = %s",
        "UPDATE holdings SET subject = %s WHERE call = %s AND subject = %s",
    ):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="no attribution"),
            scene.house.database.transaction(scene.controller) as tx,
        ):
            tx.connection.execute(change, (ben, scene.call, ada))


def test_a_split_that_fails_on_its_last_call_changes_nothing(
    couple: tuple[Scene, Scene, dict[str, tuple[str, str]]],
) -> None:
    scene, bens, kept = couple
    ada = who(scene)
    stranger = str(new_id())
    split(scene, ada, bens.call, stranger, status=404)
    assert who(bens) == ada
    assert said(scene, "subjects.split") == said(scene, "recordings.party_attributed") == []
    erase(scene, ada)
    assert played(scene, kept["ben"][1]) == 410


def test_calls_from_a_shared_number_wait_for_one_answer(couple: tuple[Scene, Scene, dict[str, tuple[str, str]]]) -> None:
    scene, bens, _ = couple
    agent, ada = scene.clients.agent, who(scene)
    ben = split(scene, ada, bens.call)["id"]
    third, fourth = calls_again(scene), calls_again(scene)
    pending = who(third)
    assert pending == who(fourth)
    assert pending not in (ada, ben)
    _, take = keep(third)
    path = f"/api/v1/calls/{third.call}/parties/{third.ada}/subject"
    assert done(agent.post(path, json={"subject": ben}))["subject"] == ben
    assert done(agent.post(path, json={"subject": ben}), 403)["detail"]
    assert (who(third), who(fourth)) == (ben, pending)
    erase(scene, ben)
    assert played(scene, take) == 410
    done(agent.post(f"/api/v1/calls/{fourth.call}/parties/{third.ada}/subject", json={"subject": ada}), 404)
    done(agent.post(f"/api/v1/calls/{fourth.call}/parties/{fourth.ada}/subject", json={"subject": ben}), 409)
    done(agent.post(f"/api/v1/calls/{fourth.call}/parties/{fourth.ada}/subject", json={"subject": ada}))
    assert who(fourth) == ada


def test_a_call_given_to_the_wrong_one_is_given_back(couple: tuple[Scene, Scene, dict[str, tuple[str, str]]]) -> None:
    scene, bens, kept = couple
    ada, dpo = who(scene), scene.clients.dpo
    ben = split(scene, ada, bens.call)["id"]
    path = f"/api/v1/calls/{bens.call}/parties/{bens.ada}/subject"
    done(scene.clients.agent.post(path, json={"subject": ada}), 403)
    done(dpo.post(path, json={"subject": ada}))
    assert who(bens) == ada
    erase(scene, ben)
    assert (played(scene, kept["ben"][1]), evidence(scene, kept["ben"][0])) == (200, 200)


def test_a_customer_id_is_one_persons(couple: tuple[Scene, Scene, dict[str, tuple[str, str]]]) -> None:
    scene, bens, _ = couple
    ada, dpo = who(scene), scene.clients.dpo
    ben = split(scene, ada, bens.call)["id"]
    pending = who(calls_again(scene))
    form = {"kind": "customer_id", "value": "ADA-1"}
    done(dpo.post(f"/api/v1/subjects/{ada}/identifiers", json=form))
    done(dpo.post(f"/api/v1/subjects/{ada}/identifiers", json=form))
    for other in (ben, pending):
        assert "/parties/" in done(dpo.post(f"/api/v1/subjects/{other}/identifiers", json=form), 409)["detail"]
    done(dpo.post(f"/api/v1/subjects/{ada}/split", json={"shared": [form], "calls": [scene.call]}), 409)
    assert [each["id"] for each in done(dpo.get("/api/v1/subjects?id=ADA-1"))["items"]] == [ada]
