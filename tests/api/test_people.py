"""Holds, identifiers, splitting, evidence and uses through the API: who may, what is answered, and what is refused."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from rightcall.clock import day_of
from rightcall.controllers.actions import create
from rightcall.controllers.model import NewController
from rightcall.database.connection import Transaction
from rightcall.design.tongues import Tongue
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import Tally
from rightcall.discovery.revisiting import actions as revisiting
from rightcall.erasure import actions as erasures
from rightcall.evidence.model import Refuted, Verified
from rightcall.evidence.verify import verify
from rightcall.ids import ErasureId, SubjectId
from rightcall.ledger.checkpoint import key_of
from rightcall.ledger.codec import read_leaf
from tests.api.conftest import Client, Clients
from tests.api.fakes import RealHouse
from tests.api.scene import Scene, done, ring, signing
from tests.cast import ADA_NAME, ADA_TEL, BEN_TEL
from tests.discovery.linking.scene import estate
from tests.standing import SetClock

FORGED = b'{"detail":"2","kind":"key_pressed"}'


@pytest.fixture
def scene(house: RealHouse, clients: Clients) -> Scene:
    return ring(house, clients)


@pytest.fixture
def others(house: RealHouse) -> Clients:
    """Another controller's people."""
    with house.database.system() as tx:
        made = create(tx, house.clock, NewController(name="Other", address="a", contact="c", jurisdictions=("EU",)))
    return Clients(house, made)


def said(scene: Scene, kind: str) -> list[dict[str, Any]]:
    with scene.house.database.transaction(scene.controller) as tx:
        rows = tx.connection.execute("SELECT leaf FROM statements WHERE kind = %s ORDER BY appended", (kind,)).fetchall()
    return [dict(read_leaf(row["leaf"])) for row in rows]


def ada(scene: Scene) -> str:
    return str(next(party["subject"] for party in scene.detail()["parties"] if party["id"] == scene.ada))


def kept(scene: Scene) -> str:
    """The take of Ada's words, kept for training."""
    done(scene.choose("granted"), 201)
    scene.hear()
    scene.hang_up()
    return str(next(take["id"] for take in scene.detail()["takes"] if take["party"] == scene.ada and take["packets"]))


def hold_of(scene: Scene, holding: str, **other: Any) -> dict[str, Any]:
    until = day_of(scene.house.clock.now()) + timedelta(days=365)
    slices = [{"holding": holding, "purpose": "training"}]
    return {"name": "dispute-2026-114", "reason": "legal_claims", "until": until.isoformat(), "slices": slices} | other


# Holds


def agreed(scene: Scene, hold: str) -> dict[str, Any]:
    told: dict[str, Any] = done(scene.clients.supervisor.post(f"/api/v1/holds/{hold}/agree"))
    return told


def test_a_hold_keeps_its_slice_until_it_is_lifted(scene: Scene) -> None:
    dpo, take = scene.clients.dpo, kept(scene)
    form = hold_of(scene, take, reason="legal_obligation", law="MiFID II Art. 16(7)")
    placed = done(dpo.post("/api/v1/holds", json=form), 201)
    whole = {"take": None, "from_ms": None, "until_ms": None}
    assert placed["slices"] == [{"holding": take, "purpose": scene.purpose, "purpose_key": "training"} | whole]
    assert (placed["owner"]["role"], placed["law"], placed["lifted_at"]) == ("dpo", "MiFID II Art. 16(7)", None)
    assert placed["people"] == [{"subject": ada(scene), "told_at": None}]
    assert done(scene.clients.auditor.get("/api/v1/holds"))["items"] == [placed]
    assert done(dpo.get(f"/api/v1/holds?holding={take}"))["items"] == [placed]
    assert done(dpo.get(f"/api/v1/holdings/{take}"))["holds"] == [placed["id"]]
    lifted = done(dpo.post(f"/api/v1/holds/{placed['id']}/lift"))
    assert lifted["lifted_at"]
    assert done(dpo.post(f"/api/v1/holds/{placed['id']}/lift")) == lifted
    assert done(dpo.get(f"/api/v1/holds/{placed['id']}")) == lifted
    assert done(dpo.get("/api/v1/holds"))["items"] == []
    assert done(dpo.get(f"/api/v1/holdings/{take}"))["holds"] == []
    assert [statement["hold"] for statement in said(scene, "holdings.hold_placed")] == [placed["id"]]
    assert [statement["hold"] for statement in said(scene, "holdings.hold_lifted")] == [placed["id"]]


def test_somebody_in_another_role_agrees_and_then_the_person_is_told(scene: Scene) -> None:
    dpo, reviewer = scene.clients.dpo, scene.clients.reviewer
    placed = done(dpo.post("/api/v1/holds", json=hold_of(scene, kept(scene))), 201)
    address = f"/api/v1/holds/{placed['id']}"
    assert (placed["agreed_at"], placed["ends_on"]) == (None, placed["agree_by"])
    assert "second person" in done(dpo.post(f"{address}/agree"), 403)["detail"]
    done(scene.clients.agent.post(f"{address}/agree"), 403)
    done(dpo.get(f"{address}/letters/{ada(scene)}"), 409)
    told = done(reviewer.post(f"{address}/agree"))
    assert (told["agreed_by"]["role"], told["ends_on"]) == ("reviewer", placed["until"])
    assert done(reviewer.post(f"{address}/agree")) == told

    letter = done(dpo.get(f"{address}/letters/{ada(scene)}?language=da-DK"))
    assert letter["language"] == "da"
    until = Tongue("da").day(date.fromisoformat(placed["until"]))
    assert any(until in each for each in letter["paragraphs"])
    done(dpo.get(f"{address}/letters/{uuid4()}"), 404)
    done(reviewer.get(f"{address}/letters/{ada(scene)}"), 403)
    for _ in range(2):
        [person] = done(dpo.post(f"{address}/told", json={"subject": ada(scene)}))["people"]
        assert (person["subject"], person["told_at"] is None) == (ada(scene), False)
    assert len(said(scene, "holdings.hold_told")) == 1


def test_of_a_take_a_stretch_alone_is_held(scene: Scene) -> None:
    take, dpo = kept(scene), scene.clients.dpo
    stretch = {"holding": take, "purpose": "training", "from_ms": 0, "until_ms": 40}
    placed = done(dpo.post("/api/v1/holds", json=hold_of(scene, take, slices=[stretch])), 201)
    [held] = placed["slices"]
    assert (held["take"], held["from_ms"]) == (take, 0)
    assert 0 < held["until_ms"] <= 40, "it ends where the take does, if that is sooner: how long it is, the clock says"
    assert held["holding"] != take
    agreed(scene, placed["id"])
    erase(scene)
    sound = heard(scene, dpo, placed["id"], take)
    assert (sound.status_code, sound.content[:4]) == (200, b"RIFF"), sound.text
    done(heard(scene, dpo, placed["id"], take, f"{WHY}&start_ms=40"), 404)
    done(dpo.post("/api/v1/holds", json=hold_of(scene, take, name="dispute-2", slices=[stretch])), 409)
    half = {name: value for name, value in stretch.items() if name != "until_ms"}
    done(dpo.post("/api/v1/holds", json=hold_of(scene, take, name="dispute-3", slices=[half])), 400)


def test_whoever_must_not_be_told_gets_no_letter(scene: Scene) -> None:
    dpo = scene.clients.dpo
    hold = done(dpo.post("/api/v1/holds", json=hold_of(scene, kept(scene), untold="law_forbids")), 201)["id"]
    agreed(scene, hold)
    assert "must not be told" in done(dpo.get(f"/api/v1/holds/{hold}/letters/{ada(scene)}"), 409)["detail"]
    done(dpo.post(f"/api/v1/holds/{hold}/told", json={"subject": ada(scene)}), 409)
    assert said(scene, "holdings.hold_told") == []


WHY = "reason=answer the court&case=court-2026-17"


def heard(scene: Scene, who: Client, hold: str, take: str, why: str = WHY) -> Any:
    return who.get(f"/api/v1/holds/{hold}/takes/{take}/audio?{why}")


def erase(scene: Scene) -> None:
    """What erasing does first, and at once."""
    house, id = scene.house, ErasureId(uuid4())
    person = SubjectId(UUID(ada(scene)))
    with house.database.transaction(scene.controller) as tx:
        erasures.begin(tx, house.clock, erasure=id, subject=person)
        erasures.destroy(tx, house.vault, house.clock, erasure=id)


def test_a_held_slice_of_an_erased_person_is_open_to_the_dpo_under_the_hold_alone(scene: Scene, set_clock: SetClock) -> None:
    take, dpo, supervisor = kept(scene), scene.clients.dpo, scene.clients.supervisor
    until = day_of(scene.house.clock.now()) + timedelta(days=1)
    hold = done(dpo.post("/api/v1/holds", json=hold_of(scene, take, until=until.isoformat())), 201)["id"]
    erase(scene)
    assert "second person" in done(heard(scene, dpo, hold, take), 409)["detail"]
    agreed(scene, hold)

    sound = heard(scene, dpo, hold, take)
    assert (sound.status_code, sound.content[:4]) == (200, b"RIFF"), sound.text
    (use,) = done(dpo.get(f"/api/v1/holdings/{take}"))["uses"]
    assert (use["act"], use["by"]["role"]) == ("play_held", "dpo")
    assert done(dpo.get(f"/api/v1/verdicts/{use['verdict']}"))["reasons"][0]["rule"] == "hold.use"
    for who, why, rule in (
        (supervisor, WHY, "hold.keeper"),
        (scene.clients.agent, WHY, "hold.keeper"),
        (dpo, "reason=answer the court", "hold.necessity"),
        (dpo, "case=court-2026-17", "hold.necessity"),
    ):
        problem = done(heard(scene, who, hold, take, why), 403)
        assert [reason["rule"] for reason in problem["verdict"]["reasons"]] == [rule]
    other = next(each["id"] for each in scene.detail()["takes"] if each["id"] != take)
    done(heard(scene, dpo, hold, other), 404)
    done(heard(scene, dpo, str(uuid4()), take), 404)

    for who in (dpo, supervisor):
        told = done(who.get(f"/api/v1/takes/{take}/audio?purpose=training&{WHY}"), 410)
        assert (told["type"], told["reason"]) == ("urn:rightcall:problem:held", "subject_erased")
        assert "hold" in told["detail"]
        assert "Nobody" not in told["detail"]

    set_clock.at = scene.house.clock.now() + timedelta(days=2)
    assert done(heard(scene, dpo, hold, take), 410)["type"] == "urn:rightcall:problem:dark"
    told = done(dpo.get(f"/api/v1/takes/{take}/audio?purpose=training&{WHY}"), 410)
    assert (told["type"], "Nobody can read it" in told["detail"]) == ("urn:rightcall:problem:dark", True)


def test_a_hold_can_be_given_a_later_day_while_it_stands(scene: Scene) -> None:
    dpo, take = scene.clients.dpo, kept(scene)
    placed = done(dpo.post("/api/v1/holds", json=hold_of(scene, take)), 201)
    address, later = f"/api/v1/holds/{placed['id']}/prolong", "2099-12-31"
    done(dpo.post(address, json={"until": later}), 409)
    placed = agreed(scene, placed["id"])
    assert done(dpo.post(address, json={"until": later})) == placed | {"longer_until": later}
    assert agreed(scene, placed["id"]) == placed | {"until": later, "ends_on": later}
    done(dpo.post(address, json={"until": placed["until"]}), 400)
    done(scene.clients.supervisor.post(address, json={"until": "2100-01-01"}), 403)
    done(dpo.post(f"/api/v1/holds/{placed['id']}/lift"))
    done(dpo.post(address, json={"until": "2100-01-01"}), 409)


def test_a_hold_of_what_is_dark_or_of_a_taken_name_is_a_conflict(scene: Scene) -> None:
    dpo, take = scene.clients.dpo, kept(scene)
    first = done(dpo.post("/api/v1/holds", json=hold_of(scene, take)), 201)
    assert "name" in done(dpo.post("/api/v1/holds", json=hold_of(scene, take)), 409)["detail"]
    done(dpo.post(f"/api/v1/holds/{first['id']}/lift"))
    done(dpo.post("/api/v1/holds", json=hold_of(scene, take)), 409)
    done(scene.choose("withdrawn", evidence=None), 201)
    assert "withdrawn" in done(dpo.post("/api/v1/holds", json=hold_of(scene, take, name="dispute-2")), 409)["detail"]
    assert len(said(scene, "holdings.hold_placed")) == 1


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"name": "Ada Lovelace"}, 400),
        ({"name": "call-4532123456"}, 400),
        ({"reason": "because"}, 422),
        ({"reason": "legal_obligation"}, 403),
        ({"law": "a law"}, 400),
        ({"law": "Ada's number 4520123456"}, 400),
        ({"untold": "better not"}, 422),
        ({"until": "2020-01-01"}, 400),
        ({"until": "soon"}, 422),
        ({"slices": []}, 422),
        ({"slices": [{"holding": str(uuid4()), "purpose": "training"}]}, 404),
        ({"slices": [{"holding": str(uuid4()), "purpose": "no-such-purpose"}]}, 404),
        ({"owner": "me"}, 422),
    ],
)
def test_a_hold_that_is_not_whole_is_refused(scene: Scene, wrong: dict[str, Any], status: int) -> None:
    problem = done(scene.clients.dpo.post("/api/v1/holds", json=hold_of(scene, kept(scene), **wrong)), status)
    assert ADA_TEL not in str(problem)
    assert "Lovelace" not in str(problem)
    assert said(scene, "holdings.hold_placed") == []


def test_a_hold_is_of_one_controller(scene: Scene, others: Clients) -> None:
    take = kept(scene)
    assert others.dpo.post("/api/v1/holds", json=hold_of(scene, take)).status_code == 404
    placed = done(scene.clients.dpo.post("/api/v1/holds", json=hold_of(scene, take)), 201)["id"]
    assert done(others.dpo.get("/api/v1/holds"))["items"] == []
    for answer in (
        others.dpo.get(f"/api/v1/holds/{placed}"),
        others.dpo.post(f"/api/v1/holds/{placed}/lift"),
        others.supervisor.post(f"/api/v1/holds/{placed}/agree"),
        others.dpo.get(f"/api/v1/holds/{placed}/letters/{ada(scene)}"),
        others.dpo.post(f"/api/v1/holds/{placed}/told", json={"subject": ada(scene)}),
        others.dpo.get(f"/api/v1/holds?holding={take}"),
        others.dpo.get(f"/api/v1/holdings/{take}"),
    ):
        assert answer.status_code == 404
    assert done(scene.clients.dpo.get(f"/api/v1/holds/{placed}"))["lifted_at"] is None


# Who used it


def test_a_holding_shows_who_used_it_for_what(scene: Scene) -> None:
    take = kept(scene)
    scene.clients.supervisor.get(f"/api/v1/takes/{take}/audio?purpose=training&reason=coaching+an+agent&case=T-1")
    found = done(scene.clients.auditor.get(f"/api/v1/holdings/{take}"))
    [use] = found["uses"]
    assert (use["act"], use["by"]["role"], use["purpose_key"]) == ("play", "supervisor", "training")
    assert use["at"]
    assert done(scene.clients.dpo.get(f"/api/v1/verdicts/{use['verdict']}"))["purpose_key"] == "training"
    assert [each["purpose_key"] for each in found["purposes"]] == ["training"]
    assert found in done(scene.clients.dpo.get(f"/api/v1/subjects/{found['subject']}/holdings"))["items"]


# What a person is known by


def test_an_identifier_is_added_once_and_said_once(scene: Scene) -> None:
    path, form = f"/api/v1/subjects/{ada(scene)}/identifiers", {"kind": "customer_id", "value": "C-1"}
    for _ in range(2):
        known = done(scene.clients.supervisor.post(path, json=form))
        assert (known["shown"], known["identifiers"]) == (False, [])
    assert [each["id"] for each in done(scene.clients.agent.get("/api/v1/subjects?id=C-1"))["items"]] == [ada(scene)]
    [statement] = said(scene, "subjects.identifier_added")
    assert statement["identifier"] == "customer_id"
    assert ada(scene) not in str(statement)


def test_the_name_that_an_agent_was_told_says_whom_of_those_in_the_records_the_caller_may_be(scene: Scene) -> None:
    def deed(tx: Transaction) -> None:
        crm = estate(tx, scene.house.vault, scene.house.clock)
        for nth, name in enumerate((ADA_NAME, "Ben Planted-Lovelace")):
            row = crm.record(("customer_id", f"K-{nth}"), ("person_name", name))
            linking.link_next(tx, scene.house.vault, scene.house.clock, Tally())
            crm.add(row, ("phone", ADA_TEL))
        revisiting.link_next(tx, scene.house.vault, scene.house.clock, Tally())

    scene.house.database.run(scene.controller, deed)
    done(scene.clients.agent.post(f"/api/v1/subjects/{ada(scene)}/name", json={"name": ADA_NAME}))
    [proposal] = done(scene.clients.dpo.get("/api/v1/join-proposals?state=waiting"))["items"]
    assert ada(scene) in (proposal["subject"], proposal["other"])
    assert (proposal["score"] > 0.9, proposal["keeps_out"]) == (True, True)
    [statement] = said(scene, "subjects.name_given")
    assert ada(scene) not in str(statement)
    assert "ovelace" not in str(statement)


def test_two_people_who_share_a_number_are_split(scene: Scene) -> None:
    dpo, first = scene.clients.dpo, ada(scene)
    done(dpo.post(f"/api/v1/subjects/{first}/identifiers", json={"kind": "customer_id", "value": "C-2"}))
    form = {"moved": [{"kind": "customer_id", "value": "C-2"}], "shared": [{"kind": "tel", "value": "32123456", "region": "DK"}]}
    made = done(dpo.post(f"/api/v1/subjects/{first}/split", json=form), 201)
    assert made["split_from"] == first
    assert len(done(dpo.get("/api/v1/subjects?tel=%2B4532123456"))["items"]) == 2
    assert [each["id"] for each in done(dpo.get("/api/v1/subjects?id=C-2"))["items"]] == [made["id"]]
    assert "C-2" not in str(done(dpo.get(f"/api/v1/subjects/{first}")))
    assert len(said(scene, "subjects.split")) == 1
    assert dpo.post(f"/api/v1/subjects/{first}/split", json=form).status_code == 404


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"moved": []}, 409),
        ({"moved": [{"kind": "tel", "value": BEN_TEL}]}, 404),
        ({"moved": [{"kind": "tel", "value": "call me"}]}, 400),
        ({"moved": [{"kind": "number", "value": ADA_TEL}]}, 422),
        ({"moved": [{"kind": "tel", "value": ADA_TEL}], "shared": [{"kind": "tel", "value": BEN_TEL}]}, 404),
    ],
)
def test_a_split_that_does_not_fit_changes_nothing(scene: Scene, form: dict[str, Any], status: int) -> None:
    problem = done(scene.clients.dpo.post(f"/api/v1/subjects/{ada(scene)}/split", json=form), status)
    assert BEN_TEL not in str(problem)
    [only] = done(scene.clients.dpo.get("/api/v1/subjects?tel=%2B4532123456"))["items"]
    assert only["id"] == ada(scene)


def test_an_erased_person_and_another_controllers_get_no_identifier(scene: Scene, others: Clients) -> None:
    form = {"kind": "customer_id", "value": "C-3"}
    path = f"/api/v1/subjects/{ada(scene)}/identifiers"
    assert others.dpo.post(path, json=form).status_code == 404
    assert others.dpo.post(f"/api/v1/subjects/{ada(scene)}/split", json={"moved": [form]}).status_code == 404
    with scene.house.database.transaction(scene.controller) as tx:
        scene.house.vault.destroy_subject(tx, SubjectId(UUID(ada(scene))))
    assert "erased" in done(scene.clients.dpo.post(path, json=form), 409)["detail"]


# Evidence


def test_the_evidence_of_a_choice_proves_its_receipt(scene: Scene, set_clock: SetClock) -> None:
    choice, key = done(scene.choose("granted"), 201), key_of(scene.house.signer).text
    with signing(scene.house, set_clock):
        receipt = scene.clients.dpo.get(choice["receipt"]).content
    answer = scene.clients.dpo.get(f"/api/v1/choices/{choice['id']}/evidence")
    assert (answer.status_code, answer.content) == (200, b'{"detail":"1","kind":"key_pressed"}')
    assert isinstance(verify(receipt, key=key, evidence=answer.content), Verified)
    assert isinstance(verify(receipt, key=key, evidence=FORGED), Refuted)
    [statement] = said(scene, "evidence.shown")
    assert (statement["choice"], statement["role"]) == (choice["id"], "dpo")


def test_evidence_is_shown_only_where_it_is(scene: Scene, others: Clients) -> None:
    choice = done(scene.choose("granted"), 201)["id"]
    assert others.dpo.get(f"/api/v1/choices/{choice}/evidence").status_code == 404
    assert scene.clients.dpo.get(f"/api/v1/choices/{uuid4()}/evidence").status_code == 404
    with scene.house.database.transaction(scene.controller) as tx:
        scene.house.vault.destroy_subject(tx, SubjectId(UUID(ada(scene))))
    problem = done(scene.clients.dpo.get(f"/api/v1/choices/{choice}/evidence"), 410)
    assert problem["reason"] == "subject_erased"
    assert said(scene, "evidence.shown") == []


# Purposes by name


def test_every_answer_names_its_purposes(scene: Scene) -> None:
    asked = {"party": scene.ada, "notice": scene.notice}
    assert done(scene.clients.agent.post(f"/api/v1/calls/{scene.call}/asks", json=asked), 201)["purpose_key"] == "training"
    kept(scene)
    detail = scene.detail()
    assert {each["purpose_key"] for each in detail["standing"]} == {"training"}
    assert {tuple(take["purpose_keys"]) for take in detail["takes"]} == {("training",)}
    named = {entry["purpose"]: entry["purpose_key"] for entry in detail["timeline"]}
    assert named == {None: None, scene.purpose: "training"}
    for path in ("choices", "verdicts"):
        items = done(scene.clients.agent.get(f"/api/v1/calls/{scene.call}/{path}"))["items"]
        assert {each["purpose_key"] for each in items if each["purpose"]} == {"training"}


def test_a_purpose_is_asked_for_by_id_or_key(scene: Scene) -> None:
    agent = scene.clients.agent
    for path in ("", "/notices", "/notice?language=en-GB"):
        by_key = done(agent.get(f"/api/v1/purposes/training{path}"))
        assert by_key == done(agent.get(f"/api/v1/purposes/{scene.purpose}{path}"))
    assert done(agent.get("/api/v1/purposes/training/notice?language=en"))["id"] == scene.notice
    for path in ("no-such-purpose", "training/notice?language=fi", "no-such-purpose/notice?language=en"):
        assert agent.get(f"/api/v1/purposes/{path}").status_code == 404
    assert agent.get("/api/v1/purposes/training/notice").status_code == 422
