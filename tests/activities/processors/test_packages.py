"""The package of a person whose data a processor has: it waits for the processor's word, and not for ever, and says what came."""

from datetime import timedelta
from pathlib import Path

import pytest

from rightcall.activities.processors.model import OrderState
from rightcall.ids import RequestId
from rightcall.requests.model import Request
from rightcall.requests.packages import actions as packages
from rightcall.requests.packages.model import Phase, State
from tests.activities.processors.test_asking import Scene, scene
from tests.erasure.elsewhere.scene import Away
from tests.requests.packages.scene import Desk, Got

__all__ = ["scene"]


@pytest.fixture
def desk(scene: Scene, tmp_path: Path) -> Desk:
    scene.register()
    return Desk(world=scene.world, away=Away(world=scene.world), spool=tmp_path / "packages")


def goes_on(desk: Desk) -> list[RequestId]:
    """As the worker's housekeeping asks."""
    with desk.world.deed() as tx:
        return [each.request for each in packages.to_go_on(tx, desk.world.clock)]


def until(desk: Desk, request: Request) -> bool:
    with desk.world.deed() as tx:
        return packages.waits_for_processors(tx, desk.world.clock, packages.get(tx, request.id)) is not None


def answer_in(got: Got) -> dict[str, str | None]:
    [told] = got.json("processors-0001.json")
    assert isinstance(told, dict)
    return told


def test_a_package_waits_for_a_processors_word_and_has_where_its_copy_lies(scene: Scene, desk: Desk) -> None:
    asked = desk.asked()
    waits = desk.make(asked)
    assert (waits.state, waits.phase) == (State.MAKING, Phase.PROCESSORS)
    assert until(desk, asked)
    assert goes_on(desk) == []
    [order] = scene.orders(asked.id)
    scene.round(order)
    assert desk.make(asked).state is State.MAKING, "it has taken it, and is not done"
    assert scene.round(order).state is OrderState.COMPLETED
    assert goes_on(desk) == [asked.id]
    got = desk.got(asked)
    assert goes_on(desk) == []
    told, link = answer_in(got), f"https://processor.example/secure/{order.id}"
    assert (told["processor"], told["answer"], told["link"]) == ("Print House", "linked", link)
    assert link in got.text("processors-0001.html")
    assert "processors-0001.html" in got.text("index.html")
    assert "no copy came" not in got.text("index.html")


@pytest.mark.parametrize(("behaviour", "answer"), [("slow", "not_yet"), ("cancels", "refused")])
def test_what_does_not_come_is_told_and_holds_nothing_up(scene: Scene, desk: Desk, behaviour: str, answer: str) -> None:
    scene.peer.behaves(behaviour)
    asked = desk.asked()
    desk.make(asked)
    [order] = scene.orders(asked.id)
    for _ in range(3):
        scene.round(order)
    if behaviour == "slow":
        assert goes_on(desk) == []
        desk.world.clock.at += timedelta(days=14)
        assert not until(desk, asked)
    assert goes_on(desk) == [asked.id]
    got = desk.got(asked)
    assert (answer_in(got)["answer"], answer_in(got)["link"]) == (answer, None)
    assert "Of 1 who work for us and have data about you no copy came." in got.text("index.html")
