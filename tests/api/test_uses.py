"""Other systems ask before they read; what they read is one line for its purpose, and what was refused is a line too."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from rightcall.actors import SYSTEM
from rightcall.clock import day_of
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.holdings.model import NewForeign, Provenance, Source, Term
from rightcall.holdings.places import Place
from rightcall.ids import HoldingId, ObjectId, PurposeId, SubjectId, SystemId, new_id
from rightcall.purposes.model import LawfulBasis
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import Scene, done, ring
from tests.cast import ADA_NAME, ADA_TEL

WHY = {"reason": "preparing a coaching hour", "case": "T-1"}
PLANTED = "ada.planted@example.com"


@pytest.fixture
def scene(house: RealHouse, clients: Clients) -> Scene:
    made = ring(house, clients)
    done(made.choose("granted"), 201)
    return made


def ada(scene: Scene) -> str:
    [person] = done(scene.clients.agent.get("/api/v1/subjects?tel=%2B4532123456"))["items"]
    return str(person["id"])


def in_the_crm(scene: Scene, *, days_ago: int = 0, category: Category = Category.TELEPHONE_NUMBER) -> str:
    """A field of Ada's in another system, kept for training."""
    house, now = scene.house, scene.house.clock.now()
    new = NewForeign(
        id=HoldingId(new_id()),
        subject=SubjectId(UUID(ada(scene))),
        category=category,
        place=Place(system=SystemId(new_id()), object=ObjectId(new_id()), field="phone"),
        terms=(Term(purpose=PurposeId(UUID(scene.purpose)), last_day=day_of(now) + timedelta(days=30)),),
        provenance=Provenance(source=Source.SCAN, actor=SYSTEM, at=now - timedelta(days=days_ago), basis=LawfulBasis.CONSENT),
    )
    with house.database.transaction(scene.controller) as tx:
        holdings.register(tx, house.vault, house.clock, [new])
    return str(new.id)


def uses(scene: Scene) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = done(scene.clients.dpo.get(f"/api/v1/subjects/{ada(scene)}/uses"))["items"]
    return items


def test_a_go_is_a_use_with_its_fields_and_the_age_of_the_data(scene: Scene) -> None:
    holding = in_the_crm(scene, days_ago=21)
    form = {"purpose": "training", "holding": holding, "fields": ["phone", "phone"], **WHY}
    answer = done(scene.clients.supervisor.post("/api/v1/uses", json=form))
    assert answer["refused"] is False
    [use] = uses(scene)
    assert (use["id"], use["holding"], use["act"], use["purpose_key"]) == (answer["use"], holding, "read", "training")
    assert (use["fields"], use["age_days"], use["ground"], use["verdict"]) == (["phone"], 21, "case", answer["verdict"]["id"])
    assert use["by"]["role"] == "supervisor"
    assert {"reason": use["reason"], "case": use["case"]} == WHY
    [shown] = done(scene.clients.dpo.get(f"/api/v1/holdings/{holding}"))["uses"]
    assert use == shown | WHY


def test_a_no_is_logged_as_refused_and_nothing_may_be_read(scene: Scene) -> None:
    holding = in_the_crm(scene)
    answer = done(scene.clients.engineer.post("/api/v1/uses", json={"purpose": "training", "holding": holding, **WHY}))
    assert answer["refused"] is True
    assert answer["verdict"]["outcome"] not in ("proceed", "proceed_with_duties")
    [use] = uses(scene)
    assert (use["refused"], use["by"]["role"], use["id"]) == (True, "engineer", answer["use"])
    assert use["reason"] == WHY["reason"], "what somebody wanted it for is asked for too"


def test_a_withdrawal_ends_it(scene: Scene) -> None:
    holding = in_the_crm(scene)
    done(scene.choose("withdrawn"), 201)
    answer = done(scene.clients.supervisor.post("/api/v1/uses", json={"purpose": "training", "holding": holding, **WHY}))
    assert answer["refused"] is True


def test_card_data_is_read_by_nobody(scene: Scene) -> None:
    holding = in_the_crm(scene, category=Category.PAYMENT_CARD_NUMBER)
    answer = done(scene.clients.supervisor.post("/api/v1/uses", json={"purpose": "training", "holding": holding, **WHY}))
    assert answer["refused"] is True
    assert any("card" in each["says"].lower() for each in answer["verdict"]["reasons"])


def test_said_again_under_its_key_it_counts_once(scene: Scene) -> None:
    form = {"uses": [{"purpose": "training", "holding": in_the_crm(scene), **WHY} for _ in range(3)]}
    key = {"Idempotency-Key": str(new_id())}
    first = done(scene.clients.supervisor.post("/api/v1/uses/batch", json=form, headers=key))
    again = done(scene.clients.supervisor.post("/api/v1/uses/batch", json=form, headers=key))
    assert first == again
    assert [each["use"] for each in first["items"]] == [each["id"] for each in reversed(uses(scene))]
    other = {"uses": form["uses"][:1]}
    assert scene.clients.supervisor.post("/api/v1/uses/batch", json=other, headers=key).status_code == 409
    assert len(uses(scene)) == 3


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"fields": [PLANTED]}, 400),
        ({"fields": ["phone", "email"]}, 400),
        ({"act": "play"}, 400),
        ({"subject": str(new_id())}, 400),
        ({"holding": str(new_id())}, 404),
        ({"purpose": "nothing-like-it"}, 404),
        ({"stretches": [{"from_ms": 5, "until_ms": 5}]}, 400),
        ({"fields": ["name"] * 101}, 422),
    ],
)
def test_what_cannot_be_a_use_says_what_to_do_and_writes_nothing(
    scene: Scene, change: dict[str, Any], status: int, caplog: pytest.LogCaptureFixture
) -> None:
    form = {"purpose": "training", "holding": in_the_crm(scene), **WHY} | change
    answer = scene.clients.supervisor.post("/api/v1/uses", json=form)
    assert answer.status_code == status, answer.text
    assert PLANTED not in answer.text + caplog.text
    assert uses(scene) == []


def test_who_it_is_is_read_for_a_purpose_and_logged_with_its_fields(scene: Scene) -> None:
    path = f"/api/v1/subjects/{ada(scene)}"
    refused = scene.clients.agent.get(f"{path}?purpose=training&reason=preparing+an+hour")
    assert refused.status_code == 403
    assert ADA_TEL not in refused.text
    shown = done(scene.clients.dpo.get(f"{path}?purpose=training&reason=preparing+an+hour&case=T-1"))
    assert (shown["shown"], shown["name"]) == (True, ADA_NAME)
    read, asked = uses(scene)
    assert (asked["refused"], read["refused"]) == (True, False)
    assert read["holding"] is None
    assert set(read["fields"]) == {"name", *(each["kind"] for each in shown["identifiers"])}
    assert ADA_TEL not in str(read)


def test_a_players_many_questions_are_one_listening(scene: Scene) -> None:
    scene.hear()
    scene.hang_up()
    [take] = [each["id"] for each in scene.detail()["takes"] if each["packets"]]
    path = f"/api/v1/takes/{take}/audio?purpose=training&reason=coaching+an+agent&case=T-1"
    for range in ("bytes=0-", "bytes=100-199", "bytes=200-299"):
        assert scene.clients.supervisor.get(path, headers={"Range": range}).status_code == 206
    assert scene.clients.supervisor.get(f"{path}&start_ms=200&length_ms=100").status_code == 200
    [use] = uses(scene)
    assert (use["fields"], use["stretches"]) == (["sound"], [{"from_ms": 0, "until_ms": None}])
    assert scene.clients.dpo.get(f"{path}&start_ms=200&length_ms=100").status_code == 200
    assert uses(scene)[0]["stretches"] == [{"from_ms": 200, "until_ms": 300}]
    for _ in "again", "and again":
        assert scene.clients.supervisor.get(path.replace("coaching+an+agent", "a+complaint+came")).status_code == 200
    assert [each["reason"] for each in uses(scene)] == ["a complaint came", "coaching an agent", "coaching an agent"]


def test_uses_come_page_by_page(scene: Scene) -> None:
    holding = in_the_crm(scene)
    for _ in range(3):
        done(scene.clients.supervisor.post("/api/v1/uses", json={"purpose": "training", "holding": holding, **WHY}))
    path = f"/api/v1/subjects/{ada(scene)}/uses?limit=2"
    first = done(scene.clients.auditor.get(path))
    rest = done(scene.clients.auditor.get(f"{path}&after={first['next']}"))
    assert [*first["items"], *rest["items"]] == uses(scene)
    assert rest["next"] is None
