"""An agent says that a card was read out and the pause came late: nobody hears that take any more."""

import pytest

from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import Scene, done, ring

WHY = "purpose=training&reason=coaching+an+agent&case=T-1"


@pytest.fixture
def scene(house: RealHouse, clients: Clients) -> Scene:
    return ring(house, clients)


def test_a_late_word_about_card_data_shuts_the_take(scene: Scene) -> None:
    done(scene.choose("granted"), 201)
    scene.hear()
    scene.hang_up()
    take = next(each["id"] for each in scene.detail()["takes"] if each["party"] == scene.ada and each["packets"])
    address, supervisor = f"/api/v1/takes/{take}/audio?{WHY}", scene.clients.supervisor
    assert supervisor.get(address).status_code == 200
    marked = done(scene.clients.agent.post(f"/api/v1/calls/{scene.call}/card-data", json={}), 201)
    assert (marked["card_data"], marked["authentication_data"], marked["until"]) == (True, True, None)
    assert marked["by"]["role"] == "agent"
    for who in (supervisor, scene.clients.dpo):
        verdict = done(who.get(address), 403)["verdict"]
        assert verdict["outcome"] == "unlawful"
        assert {reason["rule"] for reason in verdict["reasons"]} == {"pci.pan", "pci.sad"}
    question = {"act": "play", "purpose": "training", "holding": take, "reason": "coaching an agent", "case": "T-1"}
    assert done(supervisor.post("/api/v1/verdicts", json=question))["outcome"] == "unlawful"


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"since": "2026-11-23T10:00:00"}, 422),
        ({"since": "2026-11-23T10:00:00Z", "until": "2026-11-23T09:00:00Z"}, 400),
        ({"card_data": False, "authentication_data": False}, 400),
        ({"number": "4111"}, 422),
    ],
)
def test_a_mark_that_does_not_fit_is_refused(scene: Scene, form: dict[str, object], status: int) -> None:
    done(scene.clients.agent.post(f"/api/v1/calls/{scene.call}/card-data", json=form), status)


def test_a_mark_is_on_a_call_that_there_is(scene: Scene) -> None:
    done(scene.clients.agent.post(f"/api/v1/calls/{scene.purpose}/card-data", json={}), 404)
